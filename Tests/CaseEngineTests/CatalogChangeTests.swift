import CaseCore
import CaseStore
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
        let result = try await harness.call(
            "catalog.apply", SmallOffice.parameter(SmallOffice.files(user: Harness.hall)), uid: Harness.admin
        )
        .get()
        #expect(result["version"]?.integer == 1 && result["changes"]?.array?.isEmpty == true)
    }

    @Test("A wrong catalogue is refused with its findings, and the old one stays")
    func refused() async throws {
        let harness = try await Harness()
        let wrong = changed("matters.toml", "leader = \"leader\"", "leader = \"chief\"")
        let result = try await harness.call("catalog.apply", wrong, uid: Harness.admin)
        #expect(result.kind == "catalog.refused")
        #expect(try await harness.call("server.info").get()["catalog_version"]?.integer == 1)
    }

    @Test("A matter cannot disappear while cases of it run or wait for their delivery")
    func orphans() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        var files = SmallOffice.files(user: Harness.hall)
        files["matters.toml"] = String(files["matters.toml"]![files["matters.toml"]!.firstRange(of: "[matter.notice]")!.lowerBound...])
        func refusal() async throws -> String? {
            try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).kind
        }
        #expect(try await refusal() == "catalog.orphans_cases")
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
        _ = try await harness.on(file, "case.grant", as: "lena").get()
        #expect(try await refusal() == "catalog.orphans_cases")
        _ = try await harness.on(file, "case.deliver", ["how": "by hand"], as: "otto").get()
        #expect(try await refusal() == nil)
    }

    @Test("A new leader takes running cases over, with an event each, and no clock moves")
    func rerouted() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let accepted = try await harness.on(file, "case.accept", as: "otto").get()
        let parameters = changed("matters.toml", "leader = \"leader\"", "leader = \"bureau-head\"")
        let plan = try await harness.call("catalog.plan", parameters, uid: Harness.admin).get()
        #expect(plan["impact"]?.array?.first?["rerouted"]?.bool == true)
        #expect(try await harness.answered(file) == accepted, "a plan changes nothing")
        _ = try await harness.call("catalog.apply", parameters, uid: Harness.admin).get()
        let after = try await harness.on(file, "case.get").get()
        #expect(after["leader"]?.string == "bureau-head" && after["clocks"] == accepted["clocks"])
        #expect(try await harness.history(file).last?["event"]?.string == "rerouted")
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
        #expect(try await harness.on(file, "case.grant", as: "lena").kind == "permission.denied")
        #expect(try await harness.on(file, "case.grant", as: "bela").get()["state"]?.string == "granted")
    }

    @Test("A plan that was made against an older version is refused")
    func stalePlan() async throws {
        let harness = try await Harness()
        var parameters = changed("sla.toml", "20 working-days", "15 working-days").members!
        parameters.append(.init("if_version", .integer(0)))
        #expect(try await harness.call("catalog.apply", .object(parameters), uid: Harness.admin).kind == "catalog.version_conflict")
    }

    /// The permit office gives way to a counter, with the same posts.
    private func counter(succeeds: Bool = true, more: String = "") -> JSONValue {
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"] =
            files["office.toml"]!
            .replacing("[office.permits]\n", with: "[office.counter]\n" + (succeeds ? "succeeds = [\"permits\"]\n" : ""))
            .replacing("office = \"permits\"", with: "office = \"counter\"") + more
        files["matters.toml"] = files["matters.toml"]!.replacing("office = \"permits\"", with: "office = \"counter\"")
        return SmallOffice.parameter(files)
    }

    @Test("An office with running cases cannot disappear unless its successor says so")
    func noSuccessor() async throws {
        let harness = try await Harness()
        _ = try await harness.submit()
        let plan = try await harness.call("catalog.plan", counter(succeeds: false), uid: Harness.admin).get()
        #expect(plan["refused"]?.string?.contains("office permits disappears, and counter") == true)
        #expect(try await harness.call("catalog.apply", counter(succeeds: false), uid: Harness.admin).kind == "catalog.no_successor")
    }

    @Test("A successor takes running cases over and no clock moves; decided cases keep the name of the old office")
    func succession() async throws {
        let harness = try await Harness()
        let decided = try await harness.submit()
        _ = try await harness.on(decided, "case.decline", ["ground": "not ours"], as: "otto").get()
        let running = try await harness.submit()
        let before = try await harness.on(running, "case.accept", as: "otto").get()
        let plan = try await harness.call("catalog.plan", counter(), uid: Harness.admin).get()
        #expect(plan["refused"]?.isNull == true && plan["reorganisation"]?["abolished"] == .array(["permits"]))
        _ = try await harness.call("catalog.apply", counter(), uid: Harness.admin).get()
        let after = try await harness.on(running, "case.get").get()
        #expect(after["office"]?.string == "counter" && after["clocks"] == before["clocks"])
        #expect(try await harness.on(decided, "case.get").get()["office"]?.string == "permits")
        // What is left to do for the old office is done by its successor.
        _ = try await harness.on(decided, "case.deliver", ["how": "post"], as: "hana").get()
        _ = try await harness.on(running, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
    }

    @Test("Offices cannot change together with the number of posts, unless that is allowed")
    func establishment() async throws {
        let harness = try await Harness()
        let more = counter(
            more: "[post.second-officer]\nname = \"Second officer\"\noffice = \"counter\"\nholder = \"otto\"\nrank = \"7\"\n")
        #expect(try await harness.call("catalog.apply", more, uid: Harness.admin).kind == "catalog.establishment_changed")
        let plan = try await harness.call("catalog.plan", more, uid: Harness.admin).get()["reorganisation"]!
        #expect(plan["before"]?["staff"]?.integer == 6 && plan["after"]?["staff"]?.integer == 7)
        #expect(plan["after"]?["ranks"]?["7"]?.integer == 1 && plan["after"]?["average_staff_tenths"]?.integer == 30)
        let allowed = JSONValue.object(more.members! + [.init("allow_establishment_change", .bool(true))])
        #expect(try await harness.call("catalog.apply", allowed, uid: Harness.admin).get()["version"]?.integer == 2)
    }

    @Test("The first catalogue is not held against what was before: its reply says nothing of a refusal")
    func first() async throws {
        let harness = try await Harness(withCatalog: false)
        let applied = try await harness.call("catalog.apply", counter(more: ""), uid: Harness.admin).get()
        #expect(applied["version"]?.integer == 1 && applied["refused"]?.isNull == true)
    }

    @Test("A plan lists the duties that change hands")
    func duties() async throws {
        let harness = try await Harness()
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"] = files["office.toml"]!.replacing(
            "name = \"Officer\"", with: "name = \"Officer\"\nduties = [\"opens the hall\"]")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        files["office.toml"] = files["office.toml"]!.replacing("\nduties = [\"opens the hall\"]", with: "")
            .replacing("name = \"Head of the office\"", with: "name = \"Head of the office\"\nduties = [\"opens the hall\", \"closes it\"]")
        let duties = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()["reorganisation"]![
            "duties"]!
        #expect(
            duties.array!.map { "\($0["duty"]!.string!): \($0["from"]!.string ?? "-") → \($0["to"]!.string ?? "-")" }
                == ["closes it: - → office-head", "opens the hall: officer → office-head"])
    }

    private var merger: JSONValue {
        counter(more: "[reorganisation.summer]\neffective = \"2026-02-10T00:00:00+08:00\"\n")
    }

    @Test("A reorganisation begins on its day, not before: until then the old office keeps its duty, also over a restart")
    func effectiveDate() async throws {
        let directory = TemporaryDirectory()
        let store = try Harness.store(directory)
        let harness = try await Harness(store)
        let file = try await harness.submit()
        let result = try await harness.call("catalog.apply", merger, uid: Harness.admin).get()
        #expect(result["effective"]?.string == "2026-02-09T16:00:00Z")
        #expect(try await harness.call("server.info").get()["pending_catalog"]?["effective"]?.string == "2026-02-09T16:00:00Z")
        #expect(try await harness.call("server.info").get()["catalog_version"]?.integer == 1)
        #expect(try await harness.call("catalog.apply", merger, uid: Harness.admin).kind == "catalog.pending")
        await harness.engine.stop()

        let again = try await Harness(store, withCatalog: false)
        let before = try await again.on(file, "case.accept", as: "otto").get()
        #expect(before["office"]?.string == "permits")
        try await again.advance(to: "2026-02-09T15:59:59Z")
        #expect(try await again.on(file, "case.get").get()["office"]?.string == "permits")
        try await again.advance(to: "2026-02-20T00:00:00Z")
        let event = try await again.history(file).first { $0["event"]?.string == "rerouted" }
        #expect(event?["at"]?.string == "2026-02-09T16:00:00Z" && event?["data"]?["office"]?.string == "counter")
        #expect(try await again.call("server.info").get()["pending_catalog"]?.isNull == true)
        let stored = try await again.call("catalog.get").get()
        #expect(stored["version"]?.integer == 2 && stored["by"]?.string == "uid:0" && stored["at"]?.string == "2026-02-09T16:00:00Z")
        let events = try await again.call("server.history").get()["events"]!.array!.map { $0["event"]!.string! }
        #expect(events == ["catalog-scheduled"])
    }

    @Test(
        "What fell due while nothing ran is the old leader's before a reorganisation's day, and the new one's after it",
        arguments: [false, true])
    func orderAfterAStop(isAfter: Bool) async throws {
        let directory = TemporaryDirectory()
        let store = try Harness.store(directory)
        let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)
        let harness = try await Harness(store, time: time)
        let file = try await harness.submit()
        let accepted = try await harness.on(file, "case.accept", as: "otto").get()
        // The leader is told three days before the breach, on 9 March.
        #expect(accepted["leader"]?.string == "leader")
        var files = SmallOffice.files(user: Harness.hall)
        files["matters.toml"] = files["matters.toml"]!.replacing("leader = \"leader\"", with: "leader = \"second-leader\"")
        files["office.toml"]! += """
            [post.second-leader]
            name = "Second leader"
            holder = "lars"
            [person.lars]
            name = "Lars"
            [reorganisation.spring]
            effective = "\(isAfter ? "2026-03-20" : "2026-02-20")T00:00:00+08:00"

            """
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        _ = try await harness.call("catalog.confirm", uid: 4731, inAdminGroup: true).get()
        await harness.engine.stop()

        time.pass(to: Instant("2026-04-20T01:00:00Z")!)
        let again = try await Harness(store, time: time, withCatalog: false)
        _ = try await again.submit("Another, which wakes the engine")
        _ = try await again.call("clock.confirm", uid: Harness.admin)
        _ = try await again.submit("Another, which wakes the engine")
        #expect(try await again.on(file, "case.get").get()["leader"] == "second-leader")
        let rungs = try await again.history(file).filter { $0["data"]?["clock"] == "decision" }.compactMap { $0["revision"] }
        let told = try await again.call("notice.list", .of(["limit": 1000]), uid: Harness.admin).get()["notices"]!.array!
            .filter {
                $0["case"] == file["case"] && $0["event"] == "rung-passed" && $0["addressee"] == "leader"
                    && rungs.contains($0["revision"] ?? .null)
            }
        #expect(!told.isEmpty && told.allSatisfy { $0["recipient"]?.string == (isAfter ? "lena" : "lars") }, "\(told)")
    }

    @Test("Of many versions few are held, and a case finds its own all the same")
    func manyVersions() async throws {
        let harness = try await Harness()
        let first = try await harness.submit()
        for number in 1...80 {
            var files = SmallOffice.files(user: Harness.hall)
            files["office.toml"] = files["office.toml"]!.replacing("name = \"Bureau\"", with: "name = \"Bureau \(number)\"")
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
            _ = try await harness.submit("\(number)")
        }
        #expect(harness.engine.context.catalogs.heldCount <= 32)
        #expect(try await harness.call("case.list", .of(["limit": 1000])).get()["cases"]?.array?.count == 81)
        #expect(try await harness.on(first, "case.accept", as: "otto").get()["catalog_version"] == 1)
        #expect(harness.engine.context.catalogs.heldCount <= 32)
    }

    @Test("A catalogue that would change nothing any more on its day is given up, and the server goes on")
    func changesNothing() async throws {
        let store = MemoryStore()
        let harness = try await Harness(store)
        await harness.engine.stop()
        let pending = JSONValue.of([
            "effective": "2026-02-10T00:00:00Z", "by": "uid:0", "parameters": SmallOffice.parameter(SmallOffice.files(user: Harness.hall)),
        ])
        var batch = Batch()
        batch.settings = ["pending-catalog": String(decoding: JSONWriter.bytes { $0.value(pending) }, as: UTF8.self)]
        try store.commit(batch)
        let again = try await Harness(store, withCatalog: false)
        #expect(try await again.call("server.info").get()["pending_catalog"]?.isNull == false)
        try await again.advance(to: "2026-02-11T00:00:00Z")
        let info = try await again.call("server.info").get()
        #expect(info["pending_catalog"]?.isNull == true && info["catalog_version"] == 1)
        #expect(try await again.call("server.history").get()["events"]?.array?.last?["event"] == "catalog-cancelled")
    }

    @Test("A reorganisation can be given up before its day")
    func cancelled() async throws {
        let harness = try await Harness()
        #expect(try await harness.call("catalog.cancel", uid: Harness.admin).kind == "catalog.none_pending")
        _ = try await harness.call("catalog.apply", merger, uid: Harness.admin).get()
        #expect(try await harness.call("catalog.cancel").kind == "permission.denied")
        _ = try await harness.call("catalog.cancel", uid: Harness.admin).get()
        try await harness.advance(to: "2026-02-20T00:00:00Z")
        #expect(try await harness.call("server.info").get()["catalog_version"]?.integer == 1)
        #expect(
            try await harness.call("catalog.apply", merger, uid: Harness.admin).get()["version"]?.integer == 2,
            "its day has passed: at once")
    }

    @Test("Who leaves an office leaves its cases to its head: the plan says how many, an event says so, and other cases stay as they are")
    func leaving() async throws {
        let harness = try await Harness()
        var cases: [JSONValue] = []
        for number in 0..<3 {
            let file = try await harness.submit("Case \(number)")
            cases.append(try await harness.on(file, "case.accept", ["unassigned": .bool(number == 2)], as: "otto").get())
        }
        _ = try await harness.on(cases[1], "case.assign", ["handler": "hana"], as: "hana").get()
        _ = try await harness.on(
            cases[0], "case.suspend", ["kind": "hearing", "basis": "Art. 45", "expected": "3 working-days"], as: "otto"
        ).get()
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]!.replace("holder = \"otto\"", with: "holder = \"nell\"")
        files["office.toml"]! += "[person.nell]\nname = \"Nell\"\n"
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(plan["leavers"]?.array?.map { [$0["person"]?.string, $0["office"]?.string] } == [["otto", "permits"]])
        #expect(plan["leavers"]?.array?.first?["cases"]?.integer == 1)
        let revisions = try await harness.history(cases[2]).count
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(try await harness.on(cases[0], "case.get").get()["handler"]?.isNull == true)
        #expect(try await harness.on(cases[1], "case.get").get()["handler"] == "hana")
        #expect(try await harness.history(cases[2]).count == revisions)
        let rerouted = try await harness.call("notice.list", .of(["limit": 1000]), uid: Harness.admin).get()["notices"]!.array!
            .filter { $0["event"] == "rerouted" }
        #expect(rerouted.map { [$0["case"], $0["recipient"]] } == [[cases[0]["case"], "hana"]], "the head is told")
        let last = try await harness.history(cases[0]).last
        #expect(last?["event"] == "rerouted" && last?["data"]?["released"] == "otto" && last?["by"] == "catalog")
        // What goes to the handler goes to the head of the office from now on.
        try await harness.advance(to: "2026-02-20T00:00:00Z")
        let told = try await harness.call("notice.list", .of(["limit": 1000]), uid: Harness.admin).get()["notices"]!.array!
            .filter { $0["case"] == cases[0]["case"] && $0["event"] == "rung-passed" }
        #expect(!told.isEmpty && told.allSatisfy { $0["recipient"] != "otto" })
    }
}
