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
            let warnings = try Catalogue(files: files).warnings
            #expect(warnings.contains { $0.description.contains(wrong.finding) && $0.rule.isWarning }, "\(warnings)")
        } catch {
            #expect(error.findings.contains { $0.description.contains(wrong.finding) && !$0.rule.isWarning }, "\(error)")
        }
    }

    @Test("There are at least 40 of them, and some for every rule of the catalogue")
    func enough() throws {
        let wrong = try Wrong.names.map { try Wrong($0) }
        #expect(wrong.count >= 40)
        // Which unix users there are depends on the machine: see `unknown`.
        for rule in Violation.Rule.allCases where rule != .unknownUser {
            #expect(wrong.contains { $0.finding.contains("\(rule.rawValue): ") }, "\(rule.rawValue)")
        }
    }

    @Test("docs/rules.md lists every rule by its number, with a finding that a wrong catalogue has")
    func page() throws {
        let page = try String(contentsOfFile: "\(SharedData.project)/docs/rules.md", encoding: .utf8)
        let wrong = try Wrong.names.map { try Wrong($0) }
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| C") || $0.hasPrefix("| W") }
        #expect(rows.count == Violation.Rule.allCases.count)
        for (rule, row) in zip(Violation.Rule.allCases, rows) {
            #expect(row.hasPrefix("| \(rule.number) | `\(rule.rawValue)` |"), "\(rule)")
            let shown = row.split(separator: "`").last { $0 != " |" }!
            let parts = shown.split(separator: "…").map(String.init)
            if rule == .unknownUser { continue }
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
        let files = try CatalogueFolder("\(SharedData.project)/examples/permits/catalog").files
        let register = try Catalogue(files: files).register
        #expect(register.matters.count >= 5 && register.offices.values.count { $0.kind == .approval } == 1)
        _ = try Catalogue(files: SmallOffice.files())
    }

    @Test("A unix user can be one of a single node, by its name or its number; no other entry has a node")
    func usersOfNodes() throws {
        var files = SmallOffice.files(user: 4711)
        files["users.toml"] = "[user.\"otto@n1\"]\nperson = \"otto\"\n\n[user.\"1000@DB-1\"]\nperson = \"hana\"\n"
        _ = try Catalogue(files: files)
        for name in ["@n1", "otto@", "otto@n 1", "Otto@n1", "a@b@c"] {
            files["users.toml"] = "[user.\"\(name)\"]\nperson = \"otto\"\n"
            #expect(throws: Catalogue.Refused.self, "\(name)") { try Catalogue(files: files) }
        }
        files["users.toml"] = "[person.\"otto@n1\"]\nname = \"X\"\n"
        #expect(throws: Catalogue.Refused.self) { try Catalogue(files: files) }
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

    @Test(
        "R39: The rule at the end of a zone's file holds for all years to 9999",
        arguments: [
            ("2080-07-01", 2), ("2080-12-01", 1), ("2399-07-01", 2), ("2400-07-01", 2), ("2400-12-01", 1), ("2437-07-01", 2),
            ("2838-07-01", 2), ("9999-07-01", 2), ("9999-12-31", 1),
        ])
    func farFuture(day: String, hours: Int) throws {
        let zone = try ZoneFile.zone(named: "Europe/Berlin")
        #expect(zone.offset(at: Instant("\(day)T00:00:00Z")!) == hours * 3600)
        let noon = zone.instant(on: Day(day)!, timeOfDay: 12 * 3_600_000)
        #expect(noon == Instant("\(day)T12:00:00+0\(hours):00"))
    }
}
