import CaseTesting
import Foundation
import Testing

@testable import Evidence

/// A log as an auditor gets it: files by their paths.
struct ExportedTree: TreeFiles {
    static let origin = "log.example/cases"
    static let signer = NoteSigner(name: origin, seed: Array(repeating: 1, count: 32))!
    static let trust = TreeTrust(origin: origin, keys: [signer.verifier])

    var files: [String: [UInt8]] = [:]

    /// - Parameter events: what was recorded, in its order.
    init(_ events: [[UInt8]], signedBy signer: NoteSigner = signer, origin: String = origin) {
        let entries = events.map { TreeEntry(of: $0) }
        let rows = TreeRows(entries.map(\.leaf))
        for tile in Tile.added(to: rows.size) {
            switch tile.content {
            case .hashes(let level):
                files[tile.path] = Tile.bytes(rows.hashes(level: level, index: tile.index, width: tile.width))
            case .entries:
                let first = Int(tile.index) * Tile.span
                files[tile.path] = EntryBundle.bytes(Array(entries[first..<first + tile.width]))
            }
        }
        for (event, entry) in zip(events, entries) {
            if let path = entry.longEvent?.path { files[path] = event }
        }
        files["checkpoint"] = ExportedTree.checkpoint(events.count, rows, signedBy: signer, origin: origin).bytes
    }

    static func checkpoint(_ size: Int, _ rows: TreeRows, signedBy signer: NoteSigner = signer, origin: String = origin) -> SignedNote {
        try! Checkpoint(origin: origin, size: Int64(size), root: rows.root(ofSize: Int64(size))).signed(by: signer)
    }

    /// The checkpoint that the log had when it had so many of these events.
    static func checkpoint(_ size: Int, of events: [[UInt8]]) -> SignedNote {
        checkpoint(size, TreeRows(events.map { TreeEntry(of: $0).leaf }))
    }

    /// Events, one of them too long for a bundle.
    static func events(_ count: Int, seed: UInt64 = 1) -> [[UInt8]] {
        (0..<count).map { $0 == 3 ? [UInt8](repeating: 0x7A, count: 70_000) : NaiveTree.entry($0, seed: seed) }
    }

    func bytes(at path: String) -> [UInt8]? {
        files[path]
    }

    /// Writes the files into a folder.
    func write(to folder: String) throws {
        for (path, bytes) in files {
            let url = URL(fileURLWithPath: "\(folder)/\(path)")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        }
    }
}

/// What somebody does to a log after it was signed.
struct Tampering: CustomTestStringConvertible {
    let testDescription: String
    /// What our audit says of it.
    let findings: [TreeAudit.Finding]
    /// Checkpoints that were kept from before.
    let earlier: [SignedNote]
    let log: ExportedTree

    private static let size = 600
    private static let events = ExportedTree.events(size)
    private static let bundle = Tile(.entries, index: 1).path
    private static let lastBundle = Tile(.entries, index: 2, width: 88).path

    private init(
        _ name: String, _ findings: [TreeAudit.Finding], earlier: [SignedNote] = [], log: ExportedTree = ExportedTree(Tampering.events),
        _ change: (inout [String: [UInt8]]) -> Void = { _ in }
    ) {
        var log = log
        change(&log.files)
        (testDescription, self.findings, self.earlier, self.log) = (name, findings, earlier, log)
    }

    /// The bundle anew, from other entries.
    private static func rewrite(_ path: String, _ change: @escaping (inout [TreeEntry]) -> Void) -> (inout [String: [UInt8]]) -> Void {
        { files in
            var entries = EntryBundle.entries(files[path]!)!
            change(&entries)
            files[path] = EntryBundle.bytes(entries)
        }
    }

    private static func without(_ place: Int) -> [[UInt8]] {
        var events = events
        events.remove(at: place)
        return events
    }

    private static func other(_ place: Int) -> [[UInt8]] {
        var events = events
        events[place] = Array("another event".utf8)
        return events
    }

    static let untouched = Tampering("nothing", [], earlier: [0, 1, 256, 511, 600].map { ExportedTree.checkpoint($0, of: events) })

    static let all: [Tampering] = [
        Tampering("one byte of an entry", [.entry(300)], rewrite(bundle) { $0[44] = TreeEntry(of: $0[44].bytes.dropLast() + [0x21]) }),
        Tampering("two entries swapped", [.entry(300), .entry(400)], rewrite(bundle) { $0.swapAt(44, 144) }),
        Tampering("an entry left out", [.malformed(path: bundle)], rewrite(bundle) { $0.remove(at: 44) }),
        Tampering(
            "an entry left out and the rest moved up", (300...511).map { .entry($0) }, rewrite(bundle) { $0.append($0.remove(at: 44)) }),
        Tampering("the last entries cut", [.malformed(path: lastBundle)], rewrite(lastBundle) { $0.removeLast(10) }),
        Tampering("the last bundle gone", [.missing(path: lastBundle)]) { $0[lastBundle] = nil },
        Tampering("a tile of hashes", [.tile(path: "tile/0/001")]) { $0["tile/0/001"]![32 * 7] ^= 1 },
        Tampering("a tile of hashes that is gone", [.missing(path: "tile/1/000.p/2")]) { $0["tile/1/000.p/2"] = nil },
        Tampering("an entry and its tile", [.tile(path: "tile/0/001"), .bundle(path: bundle)]) { files in
            rewrite(bundle) { $0[44] = TreeEntry(of: [1]) }(&files)
            files["tile/0/001"]!.replaceSubrange(44 * 32..<45 * 32, with: MerkleHash.leaf([1]).bytes)
        },
        Tampering("an entry, and its tile gone", [.missing(path: "tile/0/001"), .bundle(path: bundle)]) { files in
            rewrite(bundle) { $0[44] = TreeEntry(of: [1]) }(&files)
            files["tile/0/001"] = nil
        },
        Tampering("an entry with all tiles made anew", [.root]) { files in
            for (path, bytes) in ExportedTree(other(300)).files where path != "checkpoint" { files[path] = bytes }
        },
        Tampering("the long event", [.longEvent(3, path: TreeEntry(of: events[3]).longEvent!.path)]) {
            $0[TreeEntry(of: events[3]).longEvent!.path]![9] = 0x79
        },
        Tampering(
            "a checkpoint by another key", [.checkpoint(.unsigned)],
            log: ExportedTree(events, signedBy: NoteSigner(name: "log.example/cases", seed: Array(repeating: 2, count: 32))!)),
        Tampering(
            "a checkpoint of another log by the same key", [.checkpoint(.foreign(origin: "log.example/other"))],
            log: ExportedTree(events, origin: "log.example/other")),
        Tampering("the checkpoint of another tree", [.root]) { $0["checkpoint"] = ExportedTree(other(300)).files["checkpoint"] },
        Tampering("one digit of the checkpoint", [.checkpoint(.forged(key: ExportedTree.origin))]) { files in
            let text = String(decoding: files["checkpoint"]!, as: UTF8.self)
            files["checkpoint"] = Array(text.replacing("\n600\n", with: "\n599\n").utf8)
        },
        Tampering("no checkpoint", [.checkpoint(.malformed("no file checkpoint"))]) { $0["checkpoint"] = nil },
        // Signed anew by whoever has the key: only who kept an older checkpoint sees it.
        Tampering(
            "a history cut and signed anew", [.shortened(0)], earlier: [ExportedTree.checkpoint(600, of: events)],
            log: ExportedTree(Array(events.prefix(500)))),
        Tampering(
            "a fork of two histories", [.rewritten(0)], earlier: [ExportedTree.checkpoint(400, of: events)], log: ExportedTree(other(300))),
        Tampering(
            "another tree of the same size", [.rewritten(0)], earlier: [ExportedTree.checkpoint(600, of: events)],
            log: ExportedTree(other(300))),
        Tampering(
            "an event left out and signed anew", [.rewritten(0)], earlier: [ExportedTree.checkpoint(400, of: events)],
            log: ExportedTree(without(300))),
        Tampering(
            "an earlier checkpoint by another key", [.earlier(0, .unsigned)],
            earlier: [
                ExportedTree.checkpoint(
                    5, TreeRows(events.map { TreeEntry(of: $0).leaf }),
                    signedBy: NoteSigner(name: "x", seed: Array(repeating: 2, count: 32))!)
            ]),
    ]
}
