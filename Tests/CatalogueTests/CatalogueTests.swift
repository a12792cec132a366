import CaseCore
import CaseTesting
import Catalogue
import Foundation
import Testing
import WorkingTime

@Suite("Checking a catalogue")
struct CatalogueTests {
    /// A change to the small office that breaks a rule, and the finding that names it: a file of the folder `Wrong`.
    struct Wrong: Sendable, CustomStringConvertible {
        let description: String
        let file: String
        let from: String
        let to: String
        let finding: String

        init(_ name: String) throws {
            description = name
            let text = try String(contentsOfFile: "\(Wrong.folder)/\(name).txt", encoding: .utf8)
            let parts = try #require(
                text.wholeMatch(of: #/--- in (\S+)\n([\s\S]*)\n--- write\n([\s\S]*)\n--- finds\n([\s\S]*)\n/#), "\(name)")
            (file, from, to, finding) = (String(parts.1), String(parts.2), String(parts.3), String(parts.4))
        }

        static let folder = "\(SharedData.project)/Tests/CatalogueTests/Wrong"
        static let names = try! FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".txt") }.map {
            String($0.dropLast(4))
        }.sorted()
    }

    @Test("Each wrong catalogue is refused with a finding that names file, line, rule and mend", arguments: Wrong.names)
    func findings(name: String) throws {
        let wrong = try Wrong(name)
        var files = SmallOffice.files(user: 4711)
        let text = try #require(files[wrong.file])
        #expect(text.contains(wrong.from), "the small office has changed")
        files[wrong.file] = text.replacing(wrong.from, with: wrong.to, maxReplacements: name == "an-approval-office-without-staff" ? 2 : 1)
        do throws(Catalogue.Refused) {
            _ = try Catalogue(files: files)
            Issue.record("nothing was found")
        } catch {
            #expect(error.findings.contains { $0.description.contains(wrong.finding) }, "\(error)")
        }
    }

    @Test("There are at least 40 of them, and some for every rule of the catalogue")
    func enough() throws {
        let wrong = try Wrong.names.map { try Wrong($0) }
        #expect(wrong.count >= 40)
        for rule in Violation.Rule.allCases {
            #expect(wrong.contains { $0.finding.contains("\(rule.rawValue): ") }, "\(rule.rawValue)")
        }
    }

    @Test("docs/rules.md lists every rule by its number, with a finding that a wrong catalogue has")
    func page() throws {
        let page = try String(contentsOfFile: "\(SharedData.project)/docs/rules.md", encoding: .utf8)
        let wrong = try Wrong.names.map { try Wrong($0) }
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| C") }
        #expect(rows.count == Violation.Rule.allCases.count)
        for (rule, row) in zip(Violation.Rule.allCases, rows) {
            #expect(row.hasPrefix("| \(rule.number) | `\(rule.rawValue)` |"), "\(rule)")
            let shown = row.split(separator: "`").last { $0 != " |" }!
            let parts = shown.split(separator: "…").map(String.init)
            #expect(wrong.contains { one in parts.allSatisfy { one.finding.contains($0) } }, "no wrong catalogue finds \(shown)")
        }
    }

    @Test(
        "R20: a warning that is not within its budget, or in another unit, is refused with the catalogue",
        arguments: ["a-warning-longer-than-its-budget", "a-rung-in-another-unit"])
    func warnings(name: String) throws {
        try findings(name: name)
    }

    @Test("The catalogue of the permits example and that of the tests have no findings")
    func clean() throws {
        let files = try Catalogue.files(in: "\(SharedData.project)/examples/permits/catalog")
        let register = try Catalogue(files: files).register
        #expect(register.matters.count >= 5 && register.offices.count == 1)
        _ = try Catalogue(files: SmallOffice.files())
    }

    @Test("One unix user is one person or service")
    func users() {
        var files = SmallOffice.files(user: 4711)
        files["users.toml"] = "[user.4711]\nperson = \"otto\"\n"
        #expect(throws: Catalogue.Refused.self) { try Catalogue(files: files) }
    }

    @Test("Names that the journal uses itself cannot be taken", arguments: ["clock", "catalog", "uid:0", "A", ""])
    func names(name: String) {
        var files = SmallOffice.files(user: 4711)
        files["users.toml"] = "[person.\"\(name)\"]\nname = \"X\"\n"
        #expect(throws: Catalogue.Refused.self) { try Catalogue(files: files) }
    }

    @Test(
        "A zone of the system's database says what the C library says",
        arguments: ["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
    func zones(name: String) throws {
        let zone = try ZoneFile.zone(named: name)
        let other = try #require(TimeZone(identifier: name))
        var instant = Instant("1990-01-01T00:00:00Z")!
        while instant < Instant("2037-01-01T00:00:00Z")! {
            let expected = other.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000))
            #expect(zone.offset(at: instant) == expected, "\(name) at \(instant)")
            instant = instant.advanced(byMilliseconds: 9 * 86_400_000 + 3_700_000)
        }
    }

    @Test("Rules without an end are followed beyond the listed changes")
    func farFuture() throws {
        let zone = try ZoneFile.zone(named: "Europe/Berlin")
        #expect(zone.offset(at: Instant("2080-07-01T00:00:00Z")!) == 7200)
        #expect(zone.offset(at: Instant("2080-12-01T00:00:00Z")!) == 3600)
    }
}
