import CaseTesting
import Foundation
import Testing

@Suite("What the module rests on")
struct ImportTests {
    @Test(
        "Evidence imports cryptography, instants, forms of bytes and the core's values, and nothing by which it could read a file or a clock"
    )
    func imports() throws {
        let folder = "\(SharedData.project)/Sources/Evidence"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
        #expect(names.contains("TreeEdge.swift"))
        var imported: Set<String> = []
        for name in names {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            imported.formUnion(text.matches(of: /(?m)^\s*(?:@\w+ )*(?:\w+ )?import ([\w.]+)/).map { String($0.1) })
            // The one part of Foundation that is used is base 64.
            if text.contains("import FoundationEssentials") { #expect(name == "TextForms.swift") }
        }
        #expect(imported == ["CaseCore", "Crypto", "FoundationEssentials", "WorkingTime"])
    }
}
