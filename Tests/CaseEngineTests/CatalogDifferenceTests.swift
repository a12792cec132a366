import CaseCore
import CaseEngine
import CaseTesting
import CaseWire
import Catalogue
import Testing

/// What plans and differences say of values.
@Suite("Values that a catalogue changes")
struct CatalogDifferenceTests {
    private let files = SmallOffice.files(user: Harness.hall)

    /// Of one entry, each key with its old and its new value.
    private func keys(_ result: JSONValue, _ entry: String) throws -> [[String?]] {
        let change = try #require(result["changes"]?.array?.first { $0["entry"]?.string == entry }, "\(result)")
        return change["keys"]!.array!.map { [$0["key"]?.string, $0["from"]?.string, $0["to"]?.string] }
    }

    private func changed() -> [String: String] {
        var after = files
        after["sla.toml"]!.replace("budget = \"20 working-days\"", with: "budget = \"15 working-days\"")
        after["sla.toml"]!.replace(
            "{ at = \"80%\", level = 1, notify = [\"handler\"] }", with: "{ at = \"80%\", level = 2, notify = [\"handler\", \"leader\"] }")
        after["matters.toml"]!.replace("id = \"plan\"\noptional = true", with: "id = \"map\"")
        after["calendar.toml"]!.replace("valid-through = 2026-12-31", with: "valid-through = 2026-11-30")
        after["audit.toml"]!.replace("[person.ada]", with: "[module.new]\nname = \"New\"\n[person.ada]")
        after["office.toml"]!.replace("[person.otto]\nname = \"Otto\"", with: "[person.otto]\nname = \"Otto\\nO.\"\nidentity = [\"A-1\"]")
        return after
    }

    @Test("A plan and a difference say of each key what it was and what it becomes, and where it stands")
    func values() async throws {
        let harness = try await Harness()
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(changed()), uid: Harness.admin).get()
        let applied = try await harness.call("catalog.apply", SmallOffice.parameter(changed()), uid: Harness.admin).get()
        let difference = try await harness.call("catalog.diff", uid: Harness.admin).get()
        for result in [plan, applied, difference] {
            #expect(
                try keys(result, "sla.licensing") == [
                    ["decision.budget", "\"20 working-days\"", "\"15 working-days\""],
                    ["decision.ladder[80%].level", "1", "2"],
                    ["decision.ladder[80%].notify", "[\"handler\"]", "[\"handler\", \"leader\"]"],
                ])
            #expect(
                try keys(result, "matter.permit") == [
                    ["material[map].id", nil, "\"map\""], ["material[plan].id", "\"plan\"", nil], ["material[plan].optional", "true", nil],
                ])
            #expect(try keys(result, "calendar.cn").contains(["valid-through", "2026-12-31", "2026-11-30"]))
            #expect(try keys(result, "module.new") == [["name", nil, "\"New\""]])
            #expect(try keys(result, "person.otto") == [["identity", nil, "[\"A-1\"]"], ["name", "\"Otto\"", "\"Otto\\nO.\""]])
            let change = result["changes"]!.array!.first { $0["entry"] == "matter.permit" }
            #expect(change?["file"] == "matters.toml" && change?["line"] == 1 && change?["more"] == 0)
        }
        let back = try await harness.call("catalog.diff", .of(["from": 2, "to": 1]), uid: Harness.admin).get()
        #expect(try keys(back, "module.new") == [["name", "\"New\"", nil]])
        #expect(back["changes"]?.array?.first { $0["entry"] == "module.new" }?["file"] == "audit.toml", "where it was")
    }

    @Test("A list that only comes in another order says so, and one whose days come from elsewhere says which")
    func orders() async throws {
        let harness = try await Harness()
        var before = files.merging(SmallOffice.survey) { $1 }
        before["days.toml"] = "[holidays.y]\nyear = 2026\nholiday = [{ name = \"A\", on = 2026-07-01 }]\n"
        before["calendar.toml"]!.replace("zone = ", with: "holidays = [\"y\"]\nzone = ")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(before), uid: Harness.admin).get()
        var after = before
        let (papers, site) = (
            "[[matter.survey.step]]\nid = \"papers\"\nname = \"Examination of the papers\"\n",
            "[[matter.survey.step]]\nid = \"site\"\nname = \"Visit of the site\"\npost = \"officer\"\n"
        )
        #expect(after["survey.toml"]!.contains(papers + site))
        after["survey.toml"]!.replace(papers + site, with: site + papers)
        after["days.toml"]!.replace("2026-07-01", with: "2026-07-02")
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(after), uid: Harness.admin).get()
        #expect(try keys(plan, "matter.survey") == [["the order of step", "papers, site", "site, papers"]])
        #expect(
            try keys(plan, "calendar.cn").sorted { $0[0]! < $1[0]! } == [
                ["holidays.y.holiday[2026-07-01].name", "\"A\"", nil], ["holidays.y.holiday[2026-07-01].on", "2026-07-01", nil],
                ["holidays.y.holiday[2026-07-02].name", nil, "\"A\""], ["holidays.y.holiday[2026-07-02].on", nil, "2026-07-02"],
            ])
    }

    @Test("Which unix users are bound is shown to admins, to others only that it changes; long values and many keys are cut, and say so")
    func limits() async throws {
        let harness = try await Harness()
        var after = files
        after["users.toml"] = "[user.4799]\nperson = \"otto\"\n"
        after["matters.toml"]!.replace("basis = \"Permit Act, § 7\"", with: "basis = \"\(String(repeating: "法", count: 700))\"")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(after), uid: Harness.admin).get()
        let whole = try await harness.call("catalog.diff", uid: Harness.admin).get()
        #expect(try keys(whole, "user.4799") == [["person", nil, "\"otto\""]])
        let basis = try #require(try keys(whole, "matter.permit").first?.last ?? nil)
        #expect(basis == "\"" + String(repeating: "法", count: 499) + "…[202 characters left out]")
        let hidden = try await harness.call("catalog.diff").get()
        let user = try #require(hidden["changes"]?.array?.first { $0["entry"] == "user.4799" })
        #expect(user["keys"] == [] && user["file"]?.isNull == true)
        after["many.toml"] = (0..<1200).map { "[person.p\($0)]\nname = \"P\"\n" }.joined()
        let many = try await harness.call("catalog.plan", SmallOffice.parameter(after), uid: Harness.admin).get()
        let changes = many["changes"]!.array!
        let (shown, more) = (changes.map { $0["keys"]!.array!.count }, changes.map { Int($0["more"]!.integer!) })
        #expect(changes.count == 1200 && shown.reduce(0, +) == 1000 && more.reduce(0, +) == 200)
    }

    @Test("Files that bind no unix user leave those of before bound, and the plan says how many; files that bind some replace them")
    func bindings() async throws {
        let harness = try await Harness()
        var none = files
        none["office.toml"]!.replace("[user.\(Harness.hall)]\nservice = \"hall\"\n", with: "")
        #expect(none["office.toml"] != files["office.toml"])
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(none), uid: Harness.admin).get()
        #expect(plan["keeps_users"] == 1 && plan["changes"] == [], "nothing changes")
        let apart = try await harness.call(
            "catalog.plan", .object(SmallOffice.parameter(none).members! + [.init("without_users", true)]), uid: Harness.admin
        ).get()
        #expect(apart["keeps_users"]?.isNull == true)
        #expect(try keys(apart, "user.\(Harness.hall)") == [["service", "\"hall\"", nil]])
        none["users.toml"] = "[user.4799]\nservice = \"hall\"\n"
        let replaced = try await harness.call("catalog.plan", SmallOffice.parameter(none), uid: Harness.admin).get()
        #expect(replaced["keeps_users"]?.isNull == true)
        #expect(replaced["changes"]?.array?.map { $0["change"] } == ["removed", "added"], "\(replaced)")
    }
}

/// What is left of long values and long lists.
@Suite("What a difference leaves out")
struct CutDifferenceTests {
    private func matter(_ guide: String, _ materials: [String] = ["form"]) -> [String: String] {
        [
            "m.toml": "[matter.m]\nguide = \"\(guide)\"\nmaterial = ["
                + materials.map { "{ id = \"\($0)\" }" }.joined(separator: ", ") + "]\n"
        ]
    }

    /// Each key with its old and its new value.
    private func keys(_ old: [String: String], _ new: [String: String]) throws -> [[String?]] {
        let change = EntryChange(.changed, "matter.m")
        let entry = try #require(CatalogueComparison(from: old, to: new).entries([change], showsUsers: true).first)
        return entry.keys.map { [$0.key, $0.from, $0.to] }
    }

    @Test("Long values that begin alike are shown from where they do not, with how much of them is left out before and after")
    func cut() throws {
        func long(_ before: Int, _ middle: String, _ after: Int) -> String {
            String(repeating: "法", count: before) + middle + String(repeating: "律", count: after)
        }
        func lead(_ count: Int) -> String { String(repeating: "法", count: count) }
        func rest(_ count: Int) -> String { String(repeating: "律", count: count) }
        // The quote counts.
        #expect(
            try keys(matter(long(900, "a", 0)), matter(long(900, "b", 1000))) == [
                [
                    "guide", "[801 characters left out]…" + lead(100) + "a\"",
                    "[801 characters left out]…" + lead(100) + "b" + rest(399) + "…[602 characters left out]",
                ]
            ])
        #expect(
            try keys(matter(long(600, "a", 0)), matter(lead(300))) == [
                ["guide", "[201 characters left out]…" + lead(400) + "a\"", "\"" + lead(300) + "\""]
            ])
        #expect(try keys(matter(long(600, "", 0)), matter(lead(599)))[0][1] == "[500 characters left out]…" + lead(101) + "\"")
        for place in [0, 1, 99, 100, 101, 499, 500, 501, 998, 999] {
            for (one, other) in [("a", "b"), ("a", "bb"), ("", "c")] {
                let found = try keys(matter(long(place, one, 999 - place)), matter(long(place, other, 999 - place)))
                let (from, to) = (try #require(found[0][1]), try #require(found[0][2]))
                #expect(found.count == 1 && from != to, "\(place): what differs is shown")
                for text in [from, to] { #expect(text.unicodeScalars.count < 600 && text.contains(" left out]")) }
            }
        }
    }

    @Test("Another order of what stays is said beside what comes and goes, and of what is new where it stands, unless behind all others")
    func order() throws {
        func orders(_ old: [String], _ new: [String]) throws -> [String?] {
            try keys(matter("x", old), matter("x", new)).filter { $0[0] == "the order of material" }.flatMap { $0.dropFirst() }
        }
        #expect(try orders(["a", "b"], ["b", "a"]) == ["a, b", "b, a"])
        #expect(try orders(["a", "b"], ["b", "a", "c"]) == ["a, b", "b, a, c"])
        #expect(try orders(["a", "b", "c"], ["c", "a"]) == ["a, b, c", "c, a"])
        #expect(try orders(["a", "b"], ["a", "c", "b"]) == ["a, b", "a, c, b"])
        #expect(try orders(["a", "b"], ["c", "a", "b"]) == ["a, b", "c, a, b"])
        #expect(try orders(["a", "b"], ["a", "b", "c"]) == [] && orders(["a", "b", "c"], ["a", "c"]) == [])
        #expect(try orders(["a"], ["b"]) == [] && orders(["a", "b"], ["a", "b"]) == [])
        // Days come in the order of the year.
        func days(_ days: [String]) -> [String: String] {
            ["m.toml": "[matter.m]\nholiday = [" + days.map { "{ on = \($0) }" }.joined(separator: ", ") + "]\n"]
        }
        let found = try keys(days(["2026-01-01", "2026-10-01"]), days(["2026-01-01", "2026-05-01", "2026-10-01"]))
        #expect(found.map { $0[0] } == ["holiday[2026-05-01].on"])
    }
}
