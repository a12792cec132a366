/// Up to 256 entries, each after its length in two bytes, the greater first (`tlog-tiles`, log entries).
package enum EntryBundle {
    /// - Parameter entries: see `TreeEntry`; none longer than `TreeEntry.byteLimit`.
    package static func bytes(_ entries: [TreeEntry]) -> [UInt8] {
        precondition((1...Tile.span).contains(entries.count), "a bundle has no \(entries.count) entries")
        return entries.flatMap { [UInt8($0.bytes.count >> 8), UInt8($0.bytes.count & 255)] + $0.bytes }
    }

    /// Nil unless they are the bytes of a bundle with 1 to 256 entries, to the last one.
    package static func entries(_ bytes: [UInt8]) -> [TreeEntry]? {
        var entries: [TreeEntry] = []
        var rest = bytes[...]
        while let high = rest.popFirst() {
            guard entries.count < Tile.span, let low = rest.popFirst() else { return nil }
            let count = Int(high) << 8 | Int(low)
            guard rest.count >= count else { return nil }
            entries.append(TreeEntry(bytes: Array(rest.prefix(count)))!)
            rest = rest.dropFirst(count)
        }
        return entries.isEmpty ? nil : entries
    }
}
