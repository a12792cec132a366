/// An exported log, wherever its files lie: `checkpoint`, those of `Tile.path`, and those of `TreeEntry.LongEvent.path`.
package protocol TreeFiles {
    /// Nil where there is no such file.
    ///
    /// - Throws: whatever keeps it from reading one that is there.
    func bytes(at path: String) throws -> [UInt8]?
}

/// Goes through all of an exported log, and says what in it is not what was signed, and where.
package struct TreeAudit: Sendable {
    package enum Finding: Error, Hashable {
        /// The checkpoint is not believed; nothing else was looked at then.
        case checkpoint(NoteFault)
        /// A file is not there.
        case missing(path: String)
        /// A file has not the form, or not the number of entries or hashes, that it has to have.
        case malformed(path: String)
        /// The entry at this place is not the one that was logged there.
        case entry(Int64)
        /// The event that lies beside this entry is not the one that was logged.
        case longEvent(Int64, path: String)
        /// A tile holds other hashes than the log.
        case tile(path: String)
        /// Some of these entries are not those that were logged; which ones cannot be told, as the tile is wrong as well.
        case bundle(path: String)
        /// Neither the entries nor the tiles make the tree that was signed.
        case root
        /// An earlier checkpoint, by its place among those that were given, is not believed.
        case earlier(Int, NoteFault)
        /// The log had more entries at an earlier checkpoint.
        case shortened(Int)
        /// The log had other entries at an earlier checkpoint: its tree is no beginning of the one that is there now. It is looked at where
        /// the entries make the tree that was signed.
        case rewritten(Int)
    }

    /// The checkpoint of the log; nil where it is not believed.
    package let checkpoint: TrustedCheckpoint?
    /// None where all is right; those of tiles first, then those of entries in their order, then those of earlier checkpoints.
    package private(set) var findings: [Finding]

    private static let checkpointPath = "checkpoint"
    /// Where so many bundles are gone or in disorder, the rest is not looked for: a checkpoint may name any size.
    package static let bundleLimit = 1000

    /// - Parameters:
    ///   - trust: the log's name and keys. They do not come from the files.
    ///   - earlier: checkpoints that somebody has kept.
    /// - Throws: whatever reading files throws.
    package init(of files: some TreeFiles, trusting trust: TreeTrust, since earlier: [SignedNote] = []) throws {
        findings = []
        do {
            guard let bytes = try files.bytes(at: TreeAudit.checkpointPath) else {
                throw NoteFault.malformed("no file \(TreeAudit.checkpointPath)")
            }
            checkpoint = try trust.checkpoint(in: SignedNote(bytes))
        } catch let fault as NoteFault {
            checkpoint = nil
            findings = [.checkpoint(fault)]
            return
        }
        guard let tree = checkpoint?.checkpoint else { return }
        guard let leaves = try readLeaves(files, tree.size) else { return }
        let rows = TreeRows(leaves.compactMap { $0 })
        let isRight = try rows.size == tree.size && rows.root(ofSize: tree.size) == tree.root
        if isRight {
            try compareTiles(files, rows)
        } else {
            try compareLeaves(files, tree, leaves)
        }
        for (place, note) in earlier.enumerated() {
            do {
                let old = try trust.checkpoint(in: note).checkpoint
                if old.size > tree.size {
                    findings.append(.shortened(place))
                } else if isRight, try rows.root(ofSize: old.size) != old.root {
                    findings.append(.rewritten(place))
                }
            } catch let fault as NoteFault {
                findings.append(.earlier(place, fault))
            }
        }
    }

    /// The hash of each entry; nil for those whose bundle cannot be read, and nil for all where those are too many.
    private mutating func readLeaves(_ files: some TreeFiles, _ size: Int64) throws -> [MerkleHash?]? {
        var leaves: [MerkleHash?] = []
        var lost = 0
        for first in stride(from: 0, to: size, by: Tile.span) {
            let tile = Tile(.entries, index: first / Int64(Tile.span), width: Int(min(size - first, Int64(Tile.span))))
            let bytes = try files.bytes(at: tile.path)
            guard let entries = bytes.flatMap(EntryBundle.entries), entries.count == tile.width else {
                findings.append(bytes == nil ? .missing(path: tile.path) : .malformed(path: tile.path))
                lost += 1
                guard lost < TreeAudit.bundleLimit else { return nil }
                leaves += Array(repeating: nil, count: tile.width)
                continue
            }
            for (place, entry) in entries.enumerated() {
                leaves.append(entry.leaf)
                if let path = entry.longEvent?.path, try files.bytes(at: path).map(entry.stands) != true {
                    findings.append(.longEvent(first + Int64(place), path: path))
                }
            }
        }
        return leaves
    }

    /// The entries are right: each tile has to be what they make.
    private mutating func compareTiles(_ files: some TreeFiles, _ rows: TreeRows) throws {
        for tile in Tile.added(to: rows.size) {
            guard case .hashes(let level) = tile.content else { continue }
            let bytes = try files.bytes(at: tile.path)
            if bytes == nil {
                findings.append(.missing(path: tile.path))
            } else if bytes != Tile.bytes(rows.hashes(level: level, index: tile.index, width: tile.width)) {
                findings.append(.tile(path: tile.path))
            }
        }
    }

    /// The entries are wrong: the tiles, as far as they are right themselves, say which ones.
    private mutating func compareLeaves(_ files: some TreeFiles, _ tree: Checkpoint, _ leaves: [MerkleHash?]) throws {
        let source = FileTiles(files: files)
        guard (try? source.root(ofSize: tree.size)) == tree.root else { return findings.append(.root) }
        let tiles = Tile.added(to: tree.size)
        // From the top down: a partial tile is a part of the root's own reckoning, a full one stands in the level above it.
        var above: [MerkleHash?] = []
        for level in (0..<8).reversed() {
            var row: [MerkleHash?] = []
            for tile in tiles where tile.content == .hashes(level: level) {
                let hashes = try? source.hashes(level: level, index: tile.index, width: tile.width)
                let root = tile.isFull ? above[Int(tile.index)] : nil
                let isRight = tile.isFull ? root != nil && hashes.map { .root($0) } == root : true
                // Under a wrong tile nothing can be said of this one.
                if tile.isFull, root != nil, !isRight {
                    findings.append(try files.bytes(at: tile.path) == nil ? .missing(path: tile.path) : .tile(path: tile.path))
                }
                row += (isRight ? hashes : nil)?.map { $0 } ?? Array(repeating: nil, count: tile.width)
            }
            if level == 0 { compare(leaves, row, above) }
            above = row
        }
    }

    private mutating func compare(_ leaves: [MerkleHash?], _ right: [MerkleHash?], _ roots: [MerkleHash?]) {
        for start in stride(from: 0, to: leaves.count, by: Tile.span) {
            let places = start..<min(start + Tile.span, leaves.count)
            // A bundle that could not be read is a finding already.
            let there = leaves[places].compactMap { $0 }
            guard there.count == places.count else { continue }
            if right[start] != nil {
                findings += places.filter { leaves[$0] != right[$0] }.map { .entry(Int64($0)) }
            } else if let root = roots[start / Tile.span], root != .root(there) {
                findings.append(.bundle(path: Tile(.entries, index: Int64(start / Tile.span)).path))
            }
        }
    }
}

/// The tiles of an exported log.
package struct FileTiles<Files: TreeFiles>: TileSource {
    package let files: Files

    package init(files: Files) {
        self.files = files
    }

    /// - Throws: `TreeAudit.Finding` where the file is not there, or no tile of that width.
    package func hashes(level: Int, index: Int64, width: Int) throws -> [MerkleHash] {
        let path = Tile(.hashes(level: level), index: index, width: width).path
        guard let bytes = try files.bytes(at: path) else { throw TreeAudit.Finding.missing(path: path) }
        guard let hashes = Tile.hashes(bytes), hashes.count == width else { throw TreeAudit.Finding.malformed(path: path) }
        return hashes
    }
}
