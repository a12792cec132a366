import Testing

@testable import Evidence

@Suite("Audits of an exported log")
struct TreeAuditTests {
    @Test("A log as it was exported has no findings, at any size", arguments: [0, 1, 2, 255, 256, 257, 600])
    func whole(size: Int) throws {
        let audit = try TreeAudit(of: ExportedTree(ExportedTree.events(size)), trusting: ExportedTree.trust)
        #expect(audit.findings == [])
        #expect(audit.checkpoint?.checkpoint.size == Int64(size))
    }

    @Test("Checkpoints from before are beginnings of it")
    func earlier() throws {
        let audit = try TreeAudit(of: Tampering.untouched.log, trusting: ExportedTree.trust, since: Tampering.untouched.earlier)
        #expect(audit.findings == [])
    }

    @Test("What somebody did to a log is said, and where", arguments: Tampering.all)
    func tampered(_ tampering: Tampering) throws {
        let audit = try TreeAudit(of: tampering.log, trusting: ExportedTree.trust, since: tampering.earlier)
        #expect(audit.findings == tampering.findings)
    }

    @Test("Each single byte of each file of a log is watched over")
    func everyByte() throws {
        let log = ExportedTree(ExportedTree.events(259))
        for (path, bytes) in log.files.sorted(by: { $0.key < $1.key }) {
            for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
                var changed = log
                changed.files[path]![place] ^= 0x10
                let audit = try TreeAudit(of: changed, trusting: ExportedTree.trust)
                #expect(!audit.findings.isEmpty, "\(path), byte \(place)")
            }
            var gone = log
            gone.files[path] = nil
            #expect(try !TreeAudit(of: gone, trusting: ExportedTree.trust).findings.isEmpty, "\(path)")
        }
    }

    @Test("Under a wrong tile of the second level, entries are not suspected that nothing speaks against")
    func secondLevel() throws {
        let events = (0..<65_600).map { NaiveTree.entry($0) }
        var log = ExportedTree(events)
        log.files["tile/1/000"]![0] ^= 1
        var entries = EntryBundle.entries(log.files["tile/entries/256.p/64"]!)!
        entries[5] = TreeEntry(of: [1])
        log.files["tile/entries/256.p/64"] = EntryBundle.bytes(entries)
        #expect(try TreeAudit(of: log, trusting: ExportedTree.trust).findings == [.tile(path: "tile/1/000"), .entry(65_541)])
    }

    @Test("A checkpoint of the greatest size does not keep an auditor for ever")
    func greatestSize() throws {
        var log = ExportedTree([[1]])
        log.files["checkpoint"] = try Checkpoint(origin: ExportedTree.origin, size: .max, root: .leaf([1])).signed(by: ExportedTree.signer)
            .bytes
        let audit = try TreeAudit(of: log, trusting: ExportedTree.trust)
        #expect(audit.findings == (0..<1000).map { .missing(path: Tile(.entries, index: $0).path) })
    }
}
