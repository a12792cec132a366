/// A piece of a tree, or of its entries, under the path that C2SP's `tlog-tiles` gives it: up to 256 hashes of one level, or entries, side
/// by side.
///
/// Level 0 holds the hashes of leaves; a hash of level n + 1 is the root of a full tile of level n. A tile of fewer than 256 is partial:
/// it belongs to one size of the tree, and no level above it knows of it.
package struct Tile: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// Hashes; levels are 0 to 63, of which a tree of up to 2^63 leaves has 0 to 7.
        case hashes(level: Int)
        /// See `EntryBundle`.
        case entries
    }

    /// How many a full one has.
    package static let span = 256
    static let height = 8

    package let content: Content
    /// Its place on its level, from 0.
    package let index: Int64
    /// How many hashes or entries it has: 1 to 256.
    package let width: Int

    package init(_ content: Content, index: Int64, width: Int = Tile.span) {
        if case .hashes(let level) = content { precondition((0...63).contains(level), "level \(level) is none of a tile") }
        precondition(index >= 0 && (1...Tile.span).contains(width), "there is no tile \(index) of width \(width)")
        (self.content, self.index, self.width) = (content, index, width)
    }

    package var isFull: Bool {
        width == Tile.span
    }
}

extension Tile {
    /// Such as `tile/0/x001/x234/067`, `tile/1/000.p/17`, `tile/entries/273.p/112`.
    package var path: String {
        let folder =
            switch content {
            case .hashes(let level): String(level)
            case .entries: "entries"
            }
        var parts: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1000)
            parts.append((parts.isEmpty ? "" : "x") + String(repeating: "0", count: 3 - digits.count) + digits)
            rest /= 1000
        } while rest > 0
        return "tile/\(folder)/\(parts.reversed().joined(separator: "/"))" + (isFull ? "" : ".p/\(width)")
    }

    /// Nil for a text that is the path of no tile.
    package init?(path: String) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].elementsEqual("tile".utf8) else { return nil }
        let content: Content
        if parts[1].elementsEqual("entries".utf8) {
            content = .entries
        } else {
            guard let level = Decimal.number(parts[1]), level <= 63 else { return nil }
            content = .hashes(level: Int(level))
        }
        var names = Array(parts.dropFirst(2))
        var width = Tile.span
        if names.count >= 2, names[names.count - 2].suffix(2).elementsEqual(".p".utf8) {
            guard let partial = Decimal.number(names.removeLast()), (1..<Int64(Tile.span)).contains(partial) else { return nil }
            width = Int(partial)
            names[names.count - 1] = names[names.count - 1].dropLast(2)
        }
        // Seven groups of three digits hold each `Int64`.
        guard names.count <= 7 else { return nil }
        var digits: [UInt8] = []
        for (place, name) in names.enumerated() {
            let isLast = place == names.count - 1
            let group = isLast ? name : name.dropFirst()
            guard group.count == 3, isLast || name.first == UInt8(ascii: "x") else { return nil }
            digits += group
        }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        guard let index = significant.isEmpty ? 0 : Decimal.number(significant) else { return nil }
        self.init(content, index: index, width: width)
        guard self.path.utf8.elementsEqual(path.utf8) else { return nil }
    }
}

extension Tile {
    /// What somebody who has a tree of one size has to be given for a larger one: tiles of hashes and bundles of entries, in the order of
    /// their paths' levels, entries last.
    ///
    /// - Parameter oldSize: 0 where they have nothing.
    package static func added(from oldSize: Int64 = 0, to newSize: Int64) -> [Tile] {
        precondition(0 <= oldSize && oldSize <= newSize, "a tree of \(oldSize) leaves does not grow to \(newSize)")
        var tiles: [Tile] = []
        var level = 0
        while level * height < 63, newSize >> (level * height) > 0 {
            tiles += added(.hashes(level: level), from: oldSize >> (level * height), to: newSize >> (level * height))
            level += 1
        }
        return tiles + added(.entries, from: oldSize, to: newSize)
    }

    private static func added(_ content: Content, from old: Int64, to new: Int64) -> [Tile] {
        guard old < new else { return [] }
        return (old / Int64(span)...(new - 1) / Int64(span)).map { index in
            Tile(content, index: index, width: Int(min(new - index * Int64(span), Int64(span))))
        }
    }

    /// Hashes as a tile holds them: 32 bytes each, one after the other.
    package static func bytes(_ hashes: [MerkleHash]) -> [UInt8] {
        hashes.flatMap(\.bytes)
    }

    /// Nil unless they are the bytes of a tile with 1 to 256 hashes.
    package static func hashes(_ bytes: [UInt8]) -> [MerkleHash]? {
        guard let hashes = MerkleHash.hashes(bytes), (1...span).contains(hashes.count) else { return nil }
        return hashes
    }
}
