import CaseTesting
import Catalogue
import Foundation
import Testing

/// One description of the keys: the reader takes what it says, and pages say what it takes.
@Suite("The keys of a catalogue")
struct CatalogueKeyTests {
    /// Each key of each table, by itself, in an entry.
    private static let snippets: [(key: String, text: String)] = CatalogueTable.all.flatMap { table in
        table.keys.flatMap { key in
            [("\(table.name).\(key.name)", "[\(table.name).x]\n\(key.name) = \(key.example)\n")] + inner(key, table.name)
        }
    }

    private static func inner(_ key: CatalogueKey, _ kind: String) -> [(String, String)] {
        switch key.form {
        case .table(let table):
            table.keys.map { ("\(kind).\(key.name).\($0.name)", "[\(kind).x.\(key.name)]\n\($0.name) = \($0.example)\n") }
        case .tables(let table):
            table.keys.map { ("\(kind).\(key.name).\($0.name)", "[[\(kind).x.\(key.name)]]\n\($0.name) = \($0.example)\n") }
        default: []
        }
    }

    @Test("The reader takes every key that is described, in the form of its example", arguments: snippets.indices)
    func everyKey(place: Int) {
        let (key, text) = Self.snippets[place]
        let findings: [Finding]
        do {
            _ = try Catalogue(files: ["x.toml": text])
            findings = []
        } catch {
            findings = error.findings
        }
        let name = key.split(separator: ".").last!
        for finding in findings {
            #expect(!finding.message.contains("unknown key"), "\(key): \(finding.message)")
            #expect(!finding.message.contains(" has a \(name) that"), "\(key): \(finding.message)")
        }
    }

    @Test("What is required is missed where it is missing", arguments: CatalogueTable.all.map(\.name))
    func required(kind: String) throws {
        let table = try #require(CatalogueTable.kind(kind))
        guard table.keys.contains(where: \.isRequired) else { return }
        #expect(throws: Catalogue.Refused.self) { try Catalogue(files: ["x.toml": "[\(kind).x]\n"]) }
    }

    @Test("The catalogue to begin with passes its check and shows every table and key; its remarks are such that can be uncommented")
    func beginning() throws {
        _ = try Catalogue(files: CatalogueBeginning.files)
        let summaries = CatalogueTable.all.map(\.summary)
        for (name, text) in CatalogueBeginning.files {
            for line in text.split(separator: "\n") where line.hasPrefix("# ") {
                let remark = line.dropFirst(2)
                #expect(remark.contains(" = ") || remark.hasPrefix("[") || summaries.contains(String(remark)), "\(name): \(line)")
            }
        }
        let whole = CatalogueBeginning.files.values.joined()
        for table in CatalogueTable.all { #expect(whole.contains("[\(table.name)."), "\(table.name)") }
    }

    @Test("Each remark of the catalogue to begin with is read once it is none, in the entry or table in which it stands")
    func remarks() throws {
        var count = 0
        for (name, text) in CatalogueBeginning.files {
            let lines = text.components(separatedBy: "\n")
            var heading: Int?
            for (place, line) in lines.enumerated() {
                if line.hasPrefix("[") || line.hasPrefix("# [") { heading = place }
                guard line.hasPrefix("# "), let key = line.dropFirst(2).firstMatch(of: #/^([a-z-]+) = /#)?.output.1 else { continue }
                var changed = lines
                for place in [heading, place].compactMap({ $0 }) where changed[place].hasPrefix("# ") {
                    changed[place] = String(changed[place].dropFirst(2).replacing("NAME", with: "name"))
                }
                var files = CatalogueBeginning.files
                files[name] = changed.joined(separator: "\n")
                let findings: [Finding]
                do {
                    _ = try Catalogue(files: files)
                    findings = []
                } catch {
                    findings = error.findings
                }
                // Names that are not declared, and keys that are needed beside it, are no fault of the remark.
                for finding in findings where finding.rule == .form && !finding.mend.hasPrefix("add ") {
                    #expect(!finding.message.contains(key) && !finding.message.contains("unknown"), "\(line): \(finding)")
                    #expect(!finding.message.contains("twice") && !finding.message.contains("is no value"), "\(line): \(finding)")
                }
                count += 1
            }
        }
        #expect(count > 100, "\(count)")
    }

    @Test("Each table is listed once, and none that another one holds is left out")
    func every() {
        let names = CatalogueTable.every.map(\.name)
        #expect(Set(names).count == names.count)
        for table in CatalogueTable.every {
            for key in table.keys {
                switch key.form {
                case .table(let inner), .tables(let inner): #expect(names.contains(inner.name), "\(key.name) of \(table.name)")
                default: break
                }
            }
        }
    }

    private func fresh(_ path: String, _ text: String) throws {
        if ProcessInfo.processInfo.environment["UPDATE"] != nil { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test("docs/catalog.md and docs/catalog.schema.json show the keys; write them anew with UPDATE=1")
    func pages() throws {
        let path = "\(SharedData.project)/docs/catalog.md"
        let page = try String(contentsOfFile: path, encoding: .utf8)
        let begin = try #require(page.range(of: "<!-- keys -->\n"))
        let end = try #require(page.range(of: "<!-- end of the keys -->"))
        try fresh(path, page[..<begin.upperBound] + "\n" + CatalogueTable.page + page[end.lowerBound...])
        _ = try JSONSerialization.jsonObject(with: Data(CatalogueTable.schema.utf8))
        try fresh("\(SharedData.project)/docs/catalog.schema.json", CatalogueTable.schema)
    }
}
