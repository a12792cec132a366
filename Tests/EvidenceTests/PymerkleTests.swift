import CaseTesting
import Foundation
import Testing

@testable import Evidence

/// A second opinion on roots, by a library of nobody who had a part in this one or in Go's.
@Suite("pymerkle")
struct PymerkleTests {
    private static let packages = "\(SharedData.project)/.build/pymerkle"
    private static let isThere = FileManager.default.fileExists(atPath: "\(packages)/pymerkle")

    private func root(_ log: ExportedTree) throws -> String {
        let directory = TemporaryDirectory()
        try log.write(to: directory.path)
        let bundles = log.files.keys.filter { $0.hasPrefix("tile/entries/") }.sorted().map { "\(directory.path)/\($0)" }
        let said = try Program(
            "/usr/bin/env", ["python3", "\(SharedData.project)/Tests/Pymerkle/root.py"] + bundles,
            environment: ["PYTHONPATH": Self.packages, "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"])
        #expect(said.status == 0, "\(said.errors)")
        return said.output
    }

    @Test(
        "It makes the same root of the entries, and another one of other entries",
        .enabled(if: isThere, "pymerkle is not there: make dependencies puts it into .build/pymerkle"),
        arguments: [0, 1, 2, 7, 255, 256, 257, 600])
    func roots(size: Int) throws {
        var events = ExportedTree.events(size)
        let root = try TreeRows(events.map { TreeEntry(of: $0).leaf }).root(ofSize: Int64(size))
        #expect(try self.root(ExportedTree(events)) == "\(size) \(root.hexadecimal)\n")
        guard size > 1 else { return }
        events.swapAt(0, size - 1)
        #expect(try self.root(ExportedTree(events)) != "\(size) \(root.hexadecimal)\n")
    }
}
