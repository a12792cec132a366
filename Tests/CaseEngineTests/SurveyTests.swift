import CaseCore
import CaseEngine
import CaseTesting
import CaseWire
import Catalogue
import Testing

/// A matter with areas, steps and a fee, over the wire's methods and under a catalogue that changes.
@Suite("Areas, steps and fees of running cases")
struct SurveyTests {
    private static let files = SmallOffice.files(user: Harness.hall).merging(SmallOffice.survey) { $1 }

    private func harness() async throws -> Harness {
        let harness = try await Harness()
        try await apply(Self.files, harness)
        return harness
    }

    private func apply(_ files: [String: String], _ harness: Harness) async throws {
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
    }

    private func submit(_ harness: Harness, _ area: String?) async throws -> Result<JSONValue, WireError> {
        try await harness.call("case.submit", SmallOffice.submission(matter: "survey", area: area))
    }

    private func changed(_ from: String, _ to: String) -> [String: String] {
        var files = Self.files
        precondition(files["survey.toml"]!.contains(from), "the survey has changed")
        files["survey.toml"]!.replace(from, with: to)
        return files
    }

    @Test("A case comes to the officer of its area, who is told, and lists and counts find it by its area")
    func areas() async throws {
        let harness = try await harness()
        #expect(try await submit(harness, nil).kind == "area.missing")
        #expect(try await submit(harness, "east").kind == "area.unknown")
        let north = try await submit(harness, "north").get()
        #expect(north["area"] == "north" && north["handler"] == "otto")
        #expect(try await submit(harness, "south").get()["handler"] == "hana")
        let plain = try await harness.submit()
        #expect(plain["area"] == nil && plain["steps"] == nil && plain["fees"] == nil, "what a matter does not have is not shown")
        let found = try await harness.call("case.list", .of(["filter": ["area": "north"]])).get()["cases"]?.array
        #expect(found?.map { $0["case"] } == [north["case"]])
        #expect(try await harness.call("case.count", .of(["filter": ["area": "south"]])).get()["count"] == 1)
        let notices = try await harness.call("notice.list", .of(["recipient": "otto"])).get()["notices"]?.array
        #expect(notices?.map { $0["event"] } == ["submitted"])
    }

    @Test("A catalogue that changes areas touches cases to come, and no running one")
    func changedAreas() async throws {
        let harness = try await harness()
        let before = try await submit(harness, "north").get()
        let files = changed("north = \"officer\", south = \"office-head\"", "south = \"officer\"")
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(plan["waiting"] == [] && plan["leavers"] == [], "areas give nobody a part")
        #expect(plan["impact"]?.array?[0]["rerouted"] == false && plan["impact"]?.array?[0]["reprojected"] == false)
        try await apply(files, harness)
        #expect(try await harness.answered(before) == before)
        #expect(try await submit(harness, "north").kind == "area.unknown")
        #expect(try await submit(harness, "south").get()["handler"] == "otto")
    }

    @Test("The steps and the fee of the version under which a case was submitted hold it up, and are shown as they stand")
    func wholeWay() async throws {
        let harness = try await harness()
        let file = try await submit(harness, "north").get()
        #expect(file["fees"]?.array?[0]["state"] == "due" && file["fees"]?.array?[0]["amount"] == "120.00 CNY")
        try await apply(changed("id = \"site\"", "id = \"roof\""), harness)
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        let recommendation: KeyValuePairs<String, JSONValue> = ["recommendation": "grant", "opinion": "in order"]
        #expect(try await harness.on(file, "case.recommend", recommendation, as: "otto").kind == "steps.missing")
        func examine(_ step: String, _ person: String) async throws -> Result<JSONValue, WireError> {
            try await harness.on(
                file, "case.examine", ["step": .string(step), "outcome": "in-order", "finding": "fine"], as: person)
        }
        #expect(try await examine("site", "otto").kind == "step.not_next")
        #expect(try await examine("roof", "otto").kind == "step.unknown")
        _ = try await examine("papers", "hana").get()
        #expect(try await examine("site", "hana").kind == "step.for_post")
        let examined = try await examine("site", "otto").get()
        #expect(examined["steps"]?.array?.map { $0["by"] } == ["hana", "otto"])
        #expect(try await harness.on(file, "case.recommend", recommendation, as: "otto").kind == "fees.due")
        // The hall submitted the case, and takes the money.
        let settle: KeyValuePairs<String, JSONValue> = ["material": "charge", "state": "paid", "reference": "R-1"]
        let paid = try await harness.on(file, "case.settle_fee", settle).get()
        #expect(paid["fees"]?.array?[0]["state"] == "paid" && paid["fees"]?.array?[0]["by"] == "hall")
        #expect(
            try await harness.on(file, "case.settle_fee", ["material": "charge", "state": "refunded", "reason": "x"]).kind
                == "fee.for_office")
        _ = try await harness.on(file, "case.recommend", recommendation, as: "otto").get()
        _ = try await harness.on(file, "case.grant", as: "lena").get()
        _ = try await harness.on(file, "case.deliver", ["how": "post"], as: "otto").get()
        #expect(
            try await harness.history(file).map { $0["event"]!.string! } == [
                "submitted", "accepted", "examined", "examined", "fee-settled", "recommended", "granted", "delivered",
            ])
    }

    @Test("The guide names areas and steps, and counts a fee to what it costs and not to what is handed in")
    func guide() async throws {
        let harness = try await harness()
        let matters = try await harness.call("catalog.duty_list").get()["matters"]!.array!
        let survey = try #require(matters.first { $0["matter"] == "survey" })
        #expect(survey["materials"] == ["form"] && survey["fees"] == "Survey charge: 120.00 CNY")
        #expect(survey["steps"] == ["Examination of the papers", "Visit of the site"])
        #expect(survey["areas"]?.array?.map { $0["area"] } == ["north", "south"])
        #expect(survey["areas"]?.array?[0]["post_name"] == "Officer")
    }

    @Test("A second word is asked of who holds which post, and not of areas and steps: these give nobody a part")
    func noPart() throws {
        let register = try Catalogue(files: Self.files).register
        let other = try Catalogue(files: changed("south = \"office-head\"", "south = \"officer\"")).register
        #expect(register.appointments(to: other).isEmpty)
        let inForce = other.inForce(after: register).matters["survey"]
        #expect(inForce?.areas["south"] == "officer" && inForce?.steps.count == 2)
    }
}
