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

    @Test("R35: Over every change of every zone, working time that is counted forward is measured back")
    func everyZone() throws {
        let root = "/usr/share/zoneinfo"
        // Many names are of one zone.
        var known: Set<Data> = []
        let names = (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).sorted().filter { name in
            guard name.first?.isUppercase == true, (try? ZoneFile.zone(named: name)) != nil else { return false }
            return FileManager.default.contents(atPath: "\(root)/\(name)").map { known.insert($0).inserted } ?? false
        }
        #expect(!names.isEmpty)
        func windows(_ texts: String...) -> [WorkingWindow] { texts.map { WorkingWindow($0)! } }
        let weeks = [windows("09:00-12:00", "14:00-17:00"), windows("00:00-24:00"), windows("00:30-02:30", "23:00-24:00")]
        for name in names {
            let zone = try ZoneFile.zone(named: name)
            for day in weeks {
                let calendar = WorkingCalendar(
                    name: name, zone: zone, week: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, day) }),
                    validThrough: Day("2026-12-31")!)
                for change in zone.daysOfChange {
                    let start = zone.instant(on: change.advanced(by: -1), timeOfDay: 5 * 3_600_000)
                    for hours in [1, 7, 23] {
                        let amount = Int64(hours) * 3_600_000
                        let due = calendar.instant(from: start, afterWorking: amount)
                        #expect(calendar.workingTime(from: start, to: due) == amount, "\(name), \(start), \(hours) hours")
                        #expect(calendar.workingTime(from: start, to: due.advanced(byMilliseconds: -1)) == amount - 1, "\(name), \(start)")
                    }
                }
                for skipped in zone.skippedDays {
                    #expect(!calendar.isWorkingDay(skipped), "\(name), \(skipped)")
                    // Nothing lies between its beginning and its end.
                    #expect(zone.instant(on: skipped, timeOfDay: 0) == zone.instant(on: skipped.advanced(by: 1), timeOfDay: 0), "\(name)")
                    #expect(calendar.count(.calendarDays, from: skipped, to: skipped.advanced(by: 1)) == 0)
                }
            }
        }
    }
}
