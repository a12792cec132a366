import CaseCore
import CaseTesting
import Catalogue
import Foundation
import Testing
import WorkingTime

@Suite("Checking a catalogue")
struct CatalogueTests {
    /// A change to the small office that breaks a rule, and the finding that names it.
    struct Wrong: Sendable, CustomStringConvertible {
        let description: String
        let file: String
        let from: String
        let to: String
        let finding: String
    }

    static let wrong = [
        Wrong(
            description: "two offices", file: "matters.toml", from: "office = \"permits\"", to: "office = [\"permits\", \"other\"]",
            finding: "matters.toml:3: one-office: matter.permit names 2 offices; name exactly one: office = \"…\""),
        Wrong(
            description: "no office", file: "matters.toml", from: "office = \"permits\"\n", to: "",
            finding: "matters.toml:1: one-office: matter.permit has no office; name exactly one: office = \"…\""),
        Wrong(
            description: "two leaders", file: "matters.toml", from: "leader = \"leader\"", to: "leader = [\"leader\", \"bureau-head\"]",
            finding: "matters.toml:4: one-leader: matter.permit names 2 leaders; name exactly one: leader = \"…\""),
        Wrong(
            description: "no leader", file: "matters.toml", from: "leader = \"leader\"\n", to: "",
            finding: "matters.toml:1: one-leader: matter.permit has no leader; name exactly one: leader = \"…\""),
        Wrong(
            description: "no commissioner", file: "matters.toml", from: "commissioner = \"commissioner\"\n", to: "",
            finding: "matters.toml:1: one-commissioner: matter.permit has no commissioner; name exactly one: commissioner = \"…\""),
        Wrong(
            description: "a commissioner who is the leader", file: "matters.toml", from: "commissioner = \"commissioner\"",
            to: "commissioner = \"leader\"",
            finding:
                "matters.toml:5: separation: lena would supervise permit as leader and approve it (leader); name a commissioner who holds no part in approving this matter"
        ),
        Wrong(
            description: "a commissioner who sits in the office", file: "office.toml", from: "holder = \"cora\"", to: "holder = \"otto\"",
            finding:
                "matters.toml:5: separation: otto would supervise permit as commissioner and approve it (office); name a commissioner who holds no part in approving this matter"
        ),
        Wrong(
            description: "a bare number", file: "sla.toml", from: "budget = \"20 working-days\"", to: "budget = 20",
            finding: "sla.toml:9: unit: sla.licensing.decision has a budget of 20 without a unit; write it as in \"20 working-days\""),
        Wrong(
            description: "bare days", file: "sla.toml", from: "budget = \"20 working-days\"", to: "budget = \"20 days\"",
            finding:
                "sla.toml:9: unit: sla.licensing.decision: \"20 days\" does not say which days: write working-days or calendar-days; give a whole number and a unit"
        ),
        Wrong(
            description: "an unknown office", file: "matters.toml", from: "office = \"permits\"", to: "office = \"permit\"",
            finding: "matters.toml:3: unknown-name: there is no office \"permit\"; correct the name, or declare the office"),
        Wrong(
            description: "an unknown post", file: "matters.toml", from: "leader = \"leader\"", to: "leader = \"chief\"",
            finding: "matters.toml:4: unknown-name: there is no post \"chief\"; correct the name, or declare the post"),
        Wrong(
            description: "an unknown person", file: "office.toml", from: "holder = \"lena\"", to: "holder = \"nobody\"",
            finding: "office.toml:18: unknown-name: there is no person \"nobody\"; correct the name, or declare the person"),
        Wrong(
            description: "a misspelt key", file: "matters.toml", from: "sla = \"licensing\"", to: "sla = \"licensing\"\ncolour = \"red\"",
            finding:
                "matters.toml:7: form: matter.permit has an unknown key colour; it takes basis, commissioner, correction, decision, delivery, extension, intake, leader, material, name, office, promise, silence, sla"
        ),
        Wrong(
            description: "a leader post that is vacant", file: "office.toml", from: "name = \"Leader\"\nholder = \"lena\"",
            to: "name = \"Leader\"",
            finding:
                "matters.toml:4: vacancy: the leader of permit, post leader, has no holder; name a holder in [post.leader]: cases would wait for nobody"
        ),
        Wrong(
            description: "a warning longer than its budget", file: "sla.toml", from: "3 working-days before", to: "20 working-days before",
            finding:
                "sla.toml:10: ladder: a warning 20 working-days before the end is not within a budget of 20 working-days; warn later, or promise more"
        ),
        Wrong(
            description: "a rung in another unit", file: "sla.toml", from: "3 working-days before", to: "3 hours before",
            finding: "sla.toml:10: unit: a rung at 3 hours cannot be measured on a clock of 20 working-days; give the rung in working-days"),
        Wrong(
            description: "an unknown zone", file: "calendar.toml", from: "Asia/Shanghai", to: "Asia/Harbin2",
            finding:
                "calendar.toml:2: unknown-name: there is no time zone \"Asia/Harbin2\" in /usr/share/zoneinfo; write an IANA name such as \"Asia/Shanghai\""
        ),
        Wrong(
            description: "a file that is no TOML", file: "sla.toml", from: "[sla.licensing]", to: "[sla.licensing",
            finding: "sla.toml:1: form: "),
        Wrong(
            description: "a user that is bound twice", file: "office.toml", from: "service = \"hall\"",
            to: "service = \"hall\"\nperson = \"otto\"",
            finding: "office.toml:38: form: user.4711 is bound to nobody, or to two; name one person or one service"),
        Wrong(
            description: "a user that is bound to nobody known", file: "office.toml", from: "service = \"hall\"", to: "service = \"hal\"",
            finding: "office.toml:39: unknown-name: there is no service \"hal\"; correct the name, or declare the service"),
    ]

    @Test("Each finding names file, line, rule and mend", arguments: wrong)
    func findings(wrong: Wrong) throws {
        var files = SmallOffice.files(user: 4711)
        let text = try #require(files[wrong.file])
        let place = try #require(text.firstRange(of: wrong.from), "the small office has changed")
        files[wrong.file] = text.replacingCharacters(in: place, with: wrong.to)
        do throws(Catalogue.Refused) {
            _ = try Catalogue(files: files)
            Issue.record("nothing was found")
        } catch {
            #expect(error.findings.contains { $0.description.hasPrefix(wrong.finding) }, "\(error)")
        }
    }

    @Test(
        "R20: a warning that is not within its budget, or in another unit, is refused with the catalogue",
        arguments: ["a warning longer than its budget", "a rung in another unit"])
    func warnings(description: String) throws {
        try findings(wrong: try #require(Self.wrong.first { $0.description == description }))
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
