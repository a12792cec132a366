import CaseTesting
import Testing

@testable import Evidence

@Suite("Tiles")
struct TileTests {
    @Test(
        "A tile has the path of tlog-tiles, and is read from it",
        arguments: [
            (Tile(.hashes(level: 0), index: 1_234_067), "tile/0/x001/x234/067"),
            (Tile(.hashes(level: 1), index: 0, width: 17), "tile/1/000.p/17"),
            (Tile(.entries, index: 273, width: 112), "tile/entries/273.p/112"), (Tile(.entries, index: 1000), "tile/entries/x001/000"),
            (Tile(.hashes(level: 63), index: 999, width: 255), "tile/63/999.p/255"),
            (Tile(.hashes(level: 0), index: .max, width: 1), "tile/0/x009/x223/x372/x036/x854/x775/807.p/1"),
        ])
    func paths(tile: Tile, path: String) {
        #expect(tile.path == path)
        #expect(Tile(path: path) == tile)
    }

    @Test(
        "What is no path of a tile is read as none",
        arguments: [
            "", "tile", "tile/0", "tile/0/", "tile/64/000", "tile/00/000", "tile/-1/000", "tile/0/00", "tile/0/0000", "tile/0/x000/000",
            "tile/0/x000",
            "tile/0/001/002", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/017", "tile/0/000.p/", "tile/0/000.p", "tile/data/000",
            "/tile/0/000",
            "tile/0/000/", "tile/0/x009/x223/x372/x036/x854/x775/808", "tile/0/x001/x000/x000/x000/x000/x000/x000/000", "tile/0/٠٠٠",
            "tile/0/00٠",
        ])
    func wrongPaths(path: String) {
        #expect(Tile(path: path) == nil)
    }

    /// The example of the page, and its note on 256.
    @Test("A tree of 70,000 has the tiles that the page says, one of 256 a full tile and one above it")
    func tilesOfTree() {
        func widths(_ size: Int64, _ content: Tile.Content) -> [Int] {
            Tile.added(to: size).filter { $0.content == content }.map(\.width)
        }
        #expect(widths(70_000, .hashes(level: 0)) == Array(repeating: 256, count: 273) + [112])
        #expect(widths(70_000, .hashes(level: 1)) == [256, 17])
        #expect(widths(70_000, .hashes(level: 2)) == [1])
        #expect(widths(70_000, .hashes(level: 3)) == [])
        #expect(widths(70_000, .entries) == Array(repeating: 256, count: 273) + [112])
        #expect(Tile.added(to: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"])
        #expect(Tile.added(to: 0) == [])
    }

    @Test("Who has a tree of one size is given for a larger one each tile that is new or has grown, and no other")
    func addedTiles() {
        #expect(Tile.added(from: 256, to: 257).map(\.path) == ["tile/0/001.p/1", "tile/entries/001.p/1"])
        #expect(
            Tile.added(from: 500, to: 513).map(\.path)
                == ["tile/0/001", "tile/0/002.p/1", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/1"])
        #expect(Tile.added(from: 513, to: 513) == [])
        for (old, new) in [(0, 70_000), (300, 512), (65_535, 65_536), (65_536, 131_072)] as [(Int64, Int64)] {
            let (before, after) = (Set(Tile.added(to: old)), Set(Tile.added(to: new)))
            #expect(Set(Tile.added(from: old, to: new)) == after.subtracting(before))
        }
    }

    @Test("Growing says each full tile once, with the root that the level above has of it, and goes on the same after a start")
    func growth() throws {
        let naive = NaiveTree(size: 66_100)
        let tiles = StoredTiles()
        var full: [Tile: TileGrowth.FullTile] = [:]
        for (index, leaf) in naive.leaves.enumerated() {
            for tile in tiles.append(leaf) {
                let known = full.updateValue(tile, forKey: Tile(.hashes(level: tile.level), index: tile.index))
                #expect(known == nil)
                let span = 1 << (8 * (tile.level + 1))
                #expect(tile.root == naive.root(Int(tile.index) * span..<(Int(tile.index) + 1) * span))
                #expect(tile.hashes.count == 256)
            }
            if index % 997 == 0 || [254, 255, 256, 65_534, 65_535, 65_536].contains(index) {
                #expect(try TileGrowth(size: Int64(index + 1), from: tiles) == tiles.growth)
            }
        }
        #expect(Set(full.keys) == Set(Tile.added(to: 66_100).filter { $0.isFull && $0.content != .entries }))
        #expect(try TileGrowth(size: 0, from: tiles) == TileGrowth())
    }

    @Test("A root reads the last tile of each level, a proof no tile twice and no more than those on its way")
    func reads() throws {
        let tiles = StoredTiles(NaiveTree(size: 66_100).leaves)
        func read(_ body: () throws -> Void) rethrows -> [String] {
            tiles.forgetReads()
            try body()
            return tiles.reads.map(\.path).sorted()
        }
        #expect(try read { _ = try tiles.root(ofSize: 66_100) } == ["tile/0/258.p/52", "tile/1/001.p/2", "tile/2/000.p/1"])
        #expect(try read { _ = try tiles.root(ofSize: 65_536) } == ["tile/2/000.p/1"])
        #expect(
            try read { _ = try tiles.inclusionProof(ofLeaf: 700, inSize: 66_100) }
                == ["tile/0/002", "tile/0/258.p/52", "tile/1/000", "tile/1/001.p/2"])
        #expect(
            try read { _ = try tiles.inclusionProof(ofLeaf: 66_099, inSize: 66_100) } == [
                "tile/0/258.p/52", "tile/1/001.p/2", "tile/2/000.p/1",
            ])
        #expect(try read { _ = try tiles.consistencyProof(from: 65_536, to: 66_100) } == ["tile/0/258.p/52", "tile/1/001.p/2"])
        #expect(try read { _ = try tiles.consistencyProof(from: 66_100, to: 66_100) } == [])
    }

    @Test("Hashes are read from a tile's bytes as they were, and from no part of one")
    func bytes() {
        let hashes = NaiveTree(size: 256).leaves
        #expect(Tile.hashes(Tile.bytes(hashes)) == hashes)
        #expect(Tile.bytes(hashes).count == 8192)
        #expect(Tile.hashes([]) == nil && Tile.hashes(Array(Tile.bytes(hashes).dropLast())) == nil)
        #expect(Tile.hashes(Tile.bytes(hashes + hashes.prefix(1))) == nil)
    }
}

@Suite("Entries of the log")
struct TreeEntryTests {
    @Test("A bundle gives back its entries, empty and longest ones too, and a cut or lengthened one none")
    func bundles() throws {
        let entries = [[], [7], Array(repeating: 1, count: 255), Array(repeating: 2, count: 65_535)].map { TreeEntry(of: $0) }
        let bytes = EntryBundle.bytes(entries)
        #expect(bytes.prefix(5) == [0, 0, 0, 1, 7])
        #expect(EntryBundle.entries(bytes) == entries)
        for count in [0, 1, 3, 4, 6, bytes.count - 1] { #expect(EntryBundle.entries(Array(bytes.prefix(count))) == nil) }
        #expect(EntryBundle.entries(bytes + [0]) == nil)
        #expect(EntryBundle.entries([UInt8](repeating: 0, count: 512))?.count == 256)
        #expect(EntryBundle.entries([UInt8](repeating: 0, count: 514)) == nil)
    }

    @Test("An event up to 65,535 bytes is its own entry; a longer one has an entry of three lines, bound by its SHA-256")
    func longEvents() throws {
        let longest = [UInt8](repeating: 0x61, count: 65_535)
        #expect(TreeEntry(of: longest).bytes == longest)
        #expect(TreeEntry(of: longest).longEvent == nil)
        let long = longest + [0x61]
        let entry = TreeEntry(of: long)
        #expect(
            String(decoding: entry.bytes, as: UTF8.self) == "cased/long-event@v1\n65536\nv3GLb2U768GE4UefGTW42pdNcBuJOvz0nnAfPi+fnFo=\n")
        let beside = try #require(entry.longEvent)
        #expect(beside.count == 65_536)
        #expect(beside.path == "long/" + Hexadecimal.text(beside.digest))
        #expect(entry.stands(for: long) && !entry.stands(for: longest))
        #expect(entry.leaf == .leaf(entry.bytes) && entry.leaf != .leaf(long))
    }

    @Test("An event that looks like such lines has lines of its own, so that no two events share an entry")
    func events() throws {
        let long = [UInt8](repeating: 0x61, count: 70_000)
        let lines = TreeEntry(of: long).bytes
        let entry = TreeEntry(of: lines)
        #expect(entry.bytes != lines)
        #expect(entry.longEvent?.count == Int64(lines.count))
        #expect(!entry.stands(for: long) && !TreeEntry(of: long).stands(for: lines))
        #expect(TreeEntry(of: Array("cased/long-event@v2\n".utf8)).longEvent?.count == 20)
    }

    @Test(
        "Lines that are not exactly the form stand for no event",
        arguments: ["65536\n", "065536\n", "x\n", "65536\nAAAA\n", "65536", "65536\nLPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=\n\n"])
    func otherLines(rest: String) {
        #expect(TreeEntry(bytes: Array("cased/long-event@v1\n\(rest)".utf8))!.longEvent == nil)
    }
}
