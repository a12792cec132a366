/// A whole tree in memory: the hashes of each level that tiles show. For whoever has all the entries, such as an auditor: 32 bytes each.
package struct TreeRows: TileSource, Equatable, Sendable {
    /// By level: the hashes of leaves, then the roots of each full 256 of them, and so on; the last row has fewer than 256, or is the
    /// first.
    package let rows: [[MerkleHash]]

    /// - Parameter leaves: the hashes of all entries, in their order.
    package init(_ leaves: [MerkleHash]) {
        var rows = [leaves]
        while let last = rows.last, last.count >= Tile.span {
            rows.append((0..<last.count / Tile.span).map { .root(last[$0 * Tile.span..<($0 + 1) * Tile.span]) })
        }
        self.rows = rows
    }

    package var size: Int64 {
        Int64(rows[0].count)
    }

    package func hashes(level: Int, index: Int64, width: Int) -> [MerkleHash] {
        guard level < rows.count, index <= Int64(rows[level].count / Tile.span) else { return [] }
        return Array(rows[level].dropFirst(Int(index) * Tile.span).prefix(width))
    }
}
