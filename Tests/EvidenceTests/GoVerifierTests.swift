import CaseTesting
import Foundation
import Testing

@testable import Evidence

/// The packages of Go's checksum database, by a small program of this project's own (`Tests/GoVerifier`).
@Suite("Go's packages for logs")
struct GoVerifierTests {
    private static let whereFrom = Comment(rawValue: GoVerifier.whereFrom)

    private func check(_ log: ExportedTree, since earlier: [SignedNote] = []) throws -> Program {
        let directory = TemporaryDirectory()
        try log.write(to: directory.path)
        let paths = try earlier.enumerated().map { place, note in
            let path = "\(directory.path)/earlier-\(place)"
            try Data(note.bytes).write(to: URL(fileURLWithPath: path))
            return path
        }
        return try Program(
            GoVerifier.program, ["log", directory.path, ExportedTree.origin, ExportedTree.signer.verifier.description] + paths)
    }

    @Test(
        "They make the same root of the entries, find each tile and each place right, and older trees beginnings",
        .enabled(if: GoVerifier.isThere, whereFrom), arguments: [0, 1, 255, 256, 257, 600, 1000])
    func same(size: Int) throws {
        let events = ExportedTree.events(size)
        let earlier = [0, 1, 2, 255, 256, 511, size].filter { $0 <= size }.map { ExportedTree.checkpoint($0, of: events) }
        let said = try check(ExportedTree(events), since: earlier)
        let root = try TreeRows(events.map { TreeEntry(of: $0).leaf }).root(ofSize: Int64(size))
        #expect(said.status == 0)
        #expect(said.output == "OK: \(size) entries, root \(root), \(earlier.count) older checkpoints\n")
    }

    @Test("Around 2^16 entries as well", .enabled(if: GoVerifier.isThere, whereFrom))
    func secondLevel() throws {
        let events = ExportedTree.events(65_700)
        let said = try check(ExportedTree(events), since: [65_535, 65_536, 65_537].map { ExportedTree.checkpoint($0, of: events) })
        #expect(said.status == 0, "\(said.output)")
    }

    @Test("They refuse each log that our audit refuses", .enabled(if: GoVerifier.isThere, whereFrom), arguments: Tampering.all)
    func tampered(_ tampering: Tampering) throws {
        let said = try check(tampering.log, since: tampering.earlier)
        #expect(said.status == 1, "\(said.output)")
        #expect(said.output.hasPrefix("WRONG: "))
    }

    @Test(
        "They take a proof in a file for its entry, and for no other; nor one of another log, nor one that was changed",
        .enabled(if: GoVerifier.isThere, whereFrom))
    func proofs() throws {
        let events = ExportedTree.events(600)
        let rows = TreeRows(events.map { TreeEntry(of: $0).leaf })
        func isTaken(_ proof: [UInt8], _ entry: [UInt8], origin: String = ExportedTree.origin) throws -> Bool {
            let directory = TemporaryDirectory()
            try Data(proof).write(to: URL(fileURLWithPath: "\(directory.path)/a.tlog-proof"))
            try Data(entry).write(to: URL(fileURLWithPath: "\(directory.path)/entry"))
            let said = try Program(
                GoVerifier.program,
                ["proof", "\(directory.path)/a.tlog-proof", origin, ExportedTree.signer.verifier.description, "\(directory.path)/entry"])
            #expect(said.status == 0 || said.output.hasPrefix("WRONG: "), "\(said.output)\(said.errors)")
            return said.status == 0
        }
        for index in [0, 3, 255, 256, 599] as [Int64] {
            let proof = TlogProof(
                extra: index == 3 ? [1, 2] : nil, index: index, hashes: try rows.inclusionProof(ofLeaf: index, inSize: 600),
                checkpoint: ExportedTree.checkpoint(600, rows))
            let entry = TreeEntry(of: events[Int(index)]).bytes
            #expect(try isTaken(proof.bytes, entry))
            #expect(try !isTaken(proof.bytes, entry + [0]))
            #expect(try !isTaken(proof.bytes, entry, origin: "log.example/other"))
            let moved = TlogProof(index: index ^ 1, hashes: proof.hashes, checkpoint: proof.checkpoint)
            #expect(try !isTaken(moved.bytes, entry))
        }
    }
}
