import CaseCore
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@Suite("A new catalogue under running cases")
struct CatalogChangeTests {
    private func changed(_ file: String, _ from: String, _ to: String) -> JSONValue {
        var files = SmallOffice.files(user: Harness.hall)
        precondition(files[file]!.contains(from), "the small office has changed")
        files[file] = files[file]!.replacing(from, with: to)
        return SmallOffice.parameter(files)
    }

    @Test("The same files make no new version")
    func unchanged() async throws {
        let harness = try await Harness()
        let result = try await harness.call(.catalogApply, SmallOffice.parameter(SmallOffice.files(user: Harness.hall)), uid: Harness.admin)
            .get()
        #expect(result["version"]?.integer == 1 && result["changes"]?.array?.isEmpty == true)
    }

    @Test("A wrong catalogue is refused with its findings, and the old one stays")
    func refused() async throws {
        let harness = try await Harness()
        let wrong = changed("matters.toml", "leader = \"leader\"", "leader = \"chief\"")
        let result = try await harness.call(.catalogApply, wrong, uid: Harness.admin)
        #expect(result.kind == "catalog.refused")
        #expect(try await harness.call(.serverInfo).get()["catalog_version"]?.integer == 1)
    }

    @Test("A matter with running cases cannot disappear")
    func orphans() async throws {
        let harness = try await Harness()
        _ = try await harness.submit()
        var files = SmallOffice.files(user: Harness.hall)
        files["matters.toml"] = String(files["matters.toml"]![files["matters.toml"]!.firstRange(of: "[matter.notice]")!.lowerBound...])
        #expect(try await harness.call(.catalogApply, SmallOffice.parameter(files), uid: Harness.admin).kind == "catalog.orphans_cases")
    }

    @Test("A new leader takes running cases over, with an event each, and no clock moves")
    func rerouted() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let accepted = try await harness.on(file, .accept, as: "otto").get()
        let parameters = changed("matters.toml", "leader = \"leader\"", "leader = \"bureau-head\"")
        let plan = try await harness.call(.catalogPlan, parameters, uid: Harness.admin).get()
        #expect(plan["impact"]?.array?.first?["rerouted"]?.bool == true)
        #expect(try await harness.on(file, .get).get() == accepted, "a plan changes nothing")
        _ = try await harness.call(.catalogApply, parameters, uid: Harness.admin).get()
        let after = try await harness.on(file, .get).get()
        #expect(after["leader"]?.string == "bureau-head" && after["clocks"] == accepted["clocks"])
        #expect(try await harness.history(file).last?["event"]?.string == "rerouted")
        _ = try await harness.on(file, .recommend, ["recommendation": "grant", "opinion": "x"], as: "otto").get()
        #expect(try await harness.on(file, .grant, as: "lena").kind == "permission.denied")
        #expect(try await harness.on(file, .grant, as: "bela").get()["state"]?.string == "granted")
    }

    @Test("A plan that was made against an older version is refused")
    func stalePlan() async throws {
        let harness = try await Harness()
        var parameters = changed("sla.toml", "20 working-days", "15 working-days").members!
        parameters.append(.init("if_version", .integer(0)))
        #expect(try await harness.call(.catalogApply, .object(parameters), uid: Harness.admin).kind == "catalog.version_conflict")
    }
}
