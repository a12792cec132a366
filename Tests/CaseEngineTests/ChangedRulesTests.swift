import CaseCore
import CaseEngine
import CaseStore
import CaseTesting
import CaseWire
import Foundation
import Logging
import Testing
import WorkingTime

/// A new calendar or SLA on its way through the cases of a running engine.
@Suite("Changed rules under running cases")
struct ChangedRulesTests {
    static func files(_ changes: [(file: String, from: String, to: String)] = []) -> [String: String] {
        var files = SmallOffice.files(user: Harness.hall)
        for change in changes {
            precondition(files[change.file]!.contains(change.from), "the small office has changed")
            files[change.file] = files[change.file]!.replacing(change.from, with: change.to)
        }
        return files
    }

    /// A holiday on 3 March.
    static let holiday = files([
        ("calendar.toml", "[calendar.cn.week]", "[[calendar.cn.holiday]]\nname = \"declared\"\non = 2026-03-03\n[calendar.cn.week]")
    ])
    static let shorter = files([("sla.toml", "budget = \"20 working-days\"", "budget = \"15 working-days\"")])

    private func apply(_ files: [String: String], _ harness: Harness, allowEarlier: Bool = false) async throws -> JSONValue {
        try await harness.call("catalog.apply", parameters(files, allowEarlier), uid: Harness.admin).get()
    }

    private func parameters(_ files: [String: String], _ allowEarlier: Bool) -> JSONValue {
        .object(SmallOffice.parameter(files).members! + [.init("allow_earlier", .bool(allowEarlier))])
    }

    /// Waits until the rules have come to all cases; every answer lets the engine take a turn.
    private func settle(_ harness: Harness) async throws {
        while try await harness.call("server.info").get()["reprojection"]?.isNull == false {
            _ = try await harness.call("case.note", .of(["case": "C-9999", "text": "x"]))
        }
    }

    /// Applies a catalogue and stops its way through the cases at once: the store has no space left from the reply on, and
    /// the engine comes again only after a minute.
    private func applyAndStall(_ files: [String: String], _ harness: Harness, _ store: FaultyStore) async throws {
        let work = try #require(try WriteRequest.Work("catalog.apply", parameters(files, false)))
        let outcome = await withCheckedContinuation { continuation in
            harness.engine.submit(
                WriteRequest(peer: Peer(uid: Harness.admin), work) {
                    store.fail(.full)
                    continuation.resume(returning: $0)
                })
        }
        _ = try outcome.get()
        // Another command takes its turn after the failed batch.
        #expect(try await harness.call("case.note", .of(["case": "C-1", "text": "x"]), acting: "otto").kind == "store.full")
        store.fail(nil)
    }

    private func decision(_ file: JSONValue) -> JSONValue? {
        file["clocks"]?.array?.first { $0["clock"]?.string == "decision" }
    }

    @Test("R24: a plan lists the clocks that would move and changes nothing; apply moves them, with an event for each case")
    func planAndApply() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let before = try await harness.on(file, "case.accept", as: "otto").get()
        let other = try await harness.submit("Not accepted yet")
        let plan = try await harness.call("catalog.plan", parameters(Self.holiday, false), uid: Harness.admin).get()
        let clocks = plan["clocks"]!
        // decision and promise of the first case move; its review and the intake of the second end before.
        #expect(clocks["running"]?.integer == 4 && clocks["earlier"]?.integer == 0 && clocks["breached"]?.integer == 0)
        let moves = clocks["moves"]!.array!.map { "\($0["case"]!.string!) \($0["clock"]!.string!) \($0["to"]!.string!)" }
        #expect(moves.contains("C-1 decision 2026-03-13T16:00:00Z"))
        #expect(clocks["later"]?.integer == Int64(moves.count))
        #expect(try await harness.answered(file) == before)

        let applied = try await apply(Self.holiday, harness)
        #expect(applied["impact"]?.array?.first?["reprojected"]?.bool == true)
        try await settle(harness)
        for file in [file, other] {
            let after = try await harness.on(file, "case.get").get()
            #expect(after["clock_version"]?.integer == 2 && after["catalog_version"]?.integer == 1)
            let event = try await harness.history(file).last
            #expect(event?["event"]?.string == "reprojected" && event?["by"]?.string == "catalog")
        }
        let after = try await harness.on(file, "case.get").get()
        #expect(decision(after)?["due"]?.string == "2026-03-13T16:00:00Z")
        #expect(decision(after)?["original_due"]?.string == "2026-03-12T16:00:00Z")
        let events = try await harness.call("server.history").get()["events"]!.array!
        #expect(events.map { $0["event"]!.string! } == ["reprojection-started", "reprojection-finished"])
        #expect(events.map { $0["data"]?["cases"]?.integer } == [2, 2] && events.map { $0["by"]!.string! } == ["uid:0", "catalog"])
    }

    @Test("R25: a promise is not shortened, unless that is asked for")
    func earlier() async throws {
        for (allowEarlier, due) in [(false, "2026-03-12T16:00:00Z"), (true, "2026-03-05T16:00:00Z")] {
            let harness = try await Harness()
            let file = try await harness.submit()
            _ = try await harness.on(file, "case.accept", as: "otto").get()
            let plan = try await harness.call("catalog.plan", parameters(Self.shorter, allowEarlier), uid: Harness.admin).get()
            #expect(plan["clocks"]?["kept"]?.integer == (allowEarlier ? 0 : 1))
            #expect(plan["clocks"]?["earlier"]?.integer == (allowEarlier ? 1 : 0))
            _ = try await apply(Self.shorter, harness, allowEarlier: allowEarlier)
            try await settle(harness)
            #expect(decision(try await harness.on(file, "case.get").get())?["due"]?.string == due)
        }
    }

    @Test("R25: make-up days that come during a suspension take nothing from a clock that decides", arguments: [false, true])
    func pausedUnderAChange(allowEarlier: Bool) async throws {
        let makeUpDays = [15, 21, 22].map { "[[calendar.cn.make-up]]\nname = \"make-up\"\non = 2026-02-\($0)\n" }.joined()
        let worked = Self.files([
            ("calendar.toml", "from = 2026-02-15\nto = 2026-02-23", "on = 2026-12-24"),
            ("calendar.toml", "[calendar.cn.week]", makeUpDays + "[calendar.cn.week]"),
        ])
        var dues: [String] = []
        for isChanged in [false, true] {
            let harness = try await Harness()
            let file = try await harness.call("case.submit", SmallOffice.submission(matter: "notice")).get()
            _ = try await harness.on(file, "case.accept", as: "otto").get()
            try await harness.advance(to: "2026-02-09T01:00:00Z")
            _ = try await harness.on(
                file, "case.suspend", ["kind": "hearing", "basis": "Art. 46", "expected": "20 working-days"], as: "otto"
            ).get()
            if isChanged {
                _ = try await apply(worked, harness, allowEarlier: allowEarlier)
                try await settle(harness)
            }
            try await harness.advance(to: "2026-02-10T01:00:00Z")
            dues.append(decision(try await harness.on(file, "case.resume", as: "otto").get())!["due"]!.string!)
        }
        #expect(dues[1] >= dues[0])
    }

    @Test("R26: a plan counts the clocks that would be overdue at once, and apply lets their breach pass")
    func breach() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        try await harness.advance(to: "2026-03-06T01:00:00Z")
        let plan = try await harness.call("catalog.plan", parameters(Self.shorter, true), uid: Harness.admin).get()
        #expect(plan["clocks"]?["breached"]?.integer == 1)
        _ = try await apply(Self.shorter, harness, allowEarlier: true)
        try await settle(harness)
        try await harness.advance(to: "2026-03-06T01:00:01Z")
        #expect(try await harness.on(file, "case.get").get()["light"]?.string == "red")
        let rungs = try await harness.history(file).filter {
            $0["event"]?.string == "rung-passed" && $0["data"]?["clock"]?.string == "decision"
        }
        #expect(rungs.map { $0["data"]?["level"]?.integer } == [3])
    }

    @Test("R24: changed rules reach every case once, over restarts, and a case that is touched first gets them first")
    func manyCases() async throws {
        let directory = TemporaryDirectory()
        let store = FaultyStore(try Harness.store(directory))
        let harness = try await Harness(store)
        var files: [JSONValue] = []
        for number in 0..<300 { files.append(try await harness.submit("Case \(number)")) }
        try await applyAndStall(Self.holiday, harness, store)
        let touched = try await harness.on(files[299], "case.accept", as: "otto").get()
        #expect(touched["clock_version"]?.integer == 2)
        #expect(try await harness.history(files[299]).map { $0["event"]!.string! } == ["submitted", "reprojected", "accepted"])
        #expect(try await harness.on(files[0], "case.get").get()["clock_version"]?.integer == 1, "its turn has not come")
        #expect(try await harness.call("server.info").get()["reprojection"]?["cases"]?.integer == 300)
        await harness.engine.stop()

        let again = try await Harness(store, withCatalog: false)
        try await settle(again)
        for file in files {
            let events = try await again.history(file).filter { $0["event"]?.string == "reprojected" }
            #expect(events.count == 1, "\(file["case"]!.string!)")
        }
        let finished = try await again.call("server.history").get()["events"]!.array!.last
        #expect(finished?["event"]?.string == "reprojection-finished" && finished?["data"]?["cases"]?.integer == 300)
    }

    @Test("R28: a change that follows another before it is through takes its place")
    func overtaken() async throws {
        let directory = TemporaryDirectory()
        let store = FaultyStore(try Harness.store(directory))
        let harness = try await Harness(store)
        var files: [JSONValue] = []
        for number in 0..<200 { files.append(try await harness.submit("Case \(number)")) }
        try await applyAndStall(Self.holiday, harness, store)
        _ = try await harness.on(files[0], "case.accept", as: "otto").get()
        try await applyAndStall(
            Self.files([
                ("calendar.toml", "[calendar.cn.week]", "[[calendar.cn.holiday]]\nname = \"declared\"\non = 2026-03-04\n[calendar.cn.week]")
            ]), harness, store)
        await harness.engine.stop()
        let again = try await Harness(store, withCatalog: false)
        try await settle(again)
        for (number, file) in files.enumerated() {
            #expect(try await again.on(file, "case.get").get()["clock_version"]?.integer == 3)
            let events = try await again.history(file).filter { $0["event"]?.string == "reprojected" }
            #expect(events.count == (number == 0 ? 2 : 1), "most went to the newest rules at once")
        }
    }

    @Test("After a restart, a case still follows the version under which it was submitted")
    func restart() async throws {
        let directory = TemporaryDirectory()
        let store = try Harness.store(directory)
        let harness = try await Harness(store)
        let file = try await harness.submit()
        let renamed = Self.files([("matters.toml", "name = \"Permit\"", "name = \"Another name\"")])
        _ = try await apply(renamed, harness)
        await harness.engine.stop()
        let again = try await Harness(store, withCatalog: false)
        let accepted = try await again.on(file, "case.accept", as: "otto").get()
        #expect(accepted["catalog_version"]?.integer == 1 && accepted["clock_version"]?.integer == 1)
        await again.engine.stop()
        let third = try await Harness(store, withCatalog: false)
        try await third.advance(to: "2026-03-10T00:00:00Z")
        #expect(try await third.history(file).contains { $0["event"]?.string == "rung-passed" }, "its rungs pass as well")
    }

    @Test("R28: entries that count alike move nobody: a new name or source is no new rule")
    func names() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let renamed = Self.files([("calendar.toml", "valid-through = 2026-12-31", "valid-through = 2026-12-31\nsource = \"the notice\"")])
        let applied = try await apply(renamed, harness)
        #expect(applied["version"]?.integer == 2 && applied["impact"]?.array?.isEmpty == true)
        #expect(try await harness.history(file).count == 1)
        #expect(try await harness.on(file, "case.get").get()["clock_version"]?.integer == 1)
    }

    @Test("R30: provisional deadlines are found by lists and reports, and are firm when the year is published")
    func provisional() async throws {
        let harness = try await Harness(now: "2026-12-07T01:00:00Z")
        let file = try await harness.submit()
        let accepted = try await harness.on(file, "case.accept", as: "otto").get()
        #expect(accepted["provisional"]?.bool == true && decision(accepted)?["provisional"]?.bool == true)
        let filter: JSONValue = .of(["filter": .of(["provisional": .bool(true)])])
        #expect(try await harness.call("case.count", filter).get()["count"]?.integer == 1)
        #expect(try await harness.call("sla.report").get()["total"]?["provisional"]?.integer == 1)
        let info = try await harness.call("server.info").get()["calendars"]!.array![0]
        #expect(info["near"]?.bool == true && info["days"]?.integer == 24)

        let published = Self.files([
            (
                "calendar.toml", "valid-through = 2026-12-31",
                "valid-through = 2027-12-31\nholidays = [\"cn-2027\"]\n[holidays.cn-2027]\nyear = 2027\n[[holidays.cn-2027.holiday]]\nname = \"元旦\"\non = 2027-01-01\n[calendar.cn]"
            )
        ])
        // The list of the small office stands in the same file.
        let text = published["calendar.toml"]!
        let parts = text.components(separatedBy: "[calendar.cn]\n")
        var files = published
        files["calendar.toml"] = "[calendar.cn]\n" + parts[1].components(separatedBy: "[holidays.cn-2027]")[0] + parts[2]
        files["holidays.toml"] = "[holidays.cn-2027]" + parts[1].components(separatedBy: "[holidays.cn-2027]")[1]
        _ = try await apply(files, harness)
        try await settle(harness)
        let after = try await harness.on(file, "case.get").get()
        #expect(after["provisional"]?.bool == false)
        #expect(decision(after)?["due"]?.string == "2027-01-05T16:00:00Z")
        let moves = try await harness.history(file).last?["data"]?["moves"]?.array
        #expect(moves?.first { $0["clock"]?.string == "decision" }?["firm"]?.bool == true)
        #expect(try await harness.call("case.count", filter).get()["count"]?.integer == 0)
        #expect(try await harness.call("server.info").get()["calendars"]!.array![0]["near"]?.bool == false)
    }

    @Test("R34: the release of the time zones is recorded with a catalogue, and another one is recorded and looks deadlines up again")
    func zones() async throws {
        let directory = TemporaryDirectory()
        let store = try Harness.store(directory)
        let harness = try await Harness(store)
        let file = try await harness.submit()
        let release = try await harness.call("server.info").get()["zones"]!.string!
        #expect(try await harness.call("catalog.get").get()["zones"]?.string == release)
        await harness.engine.stop()
        var batch = Batch()
        batch.settings = ["zones": "1999z"]
        // Its deadline as the old zones had it.
        let id = CaseID(1)
        let stale = Instant("2027-01-01T00:00:00Z")!
        let due = try store.read { try $0.nextDeadline() }
        batch.cases = [
            CaseRow(1, file: try store.read { try $0.file(id)! }, submittedAt: harness.time.now, next: stale, due: stale)
        ]
        try store.commit(batch)
        let again = try await Harness(store, withCatalog: false)
        try await settle(again)
        let event = try await again.call("server.history").get()["events"]!.array!.last!
        #expect(
            event["event"]?.string == "zones-changed" && event["data"]?["from"]?.string == "1999z"
                && event["data"]?["to"]?.string == release)
        #expect(try await again.history(file).count == 1, "no case has changed")
        #expect(try store.read { try $0.nextDeadline() } == due, "its deadline was looked up again")
        await again.engine.stop()
        let third = try await Harness(store, withCatalog: false)
        #expect(try await third.call("server.history").get()["events"]!.array!.count == 1)
    }

    @Test("R20: a clock without a ladder tells of its breach, also in a case that an older version kept without that deadline")
    func breachWithoutLadder() async throws {
        let directory = TemporaryDirectory()
        let store = try Harness.store(directory)
        let harness = try await Harness(store, withCatalog: false)
        var files = SmallOffice.files(user: Harness.hall)
        let text = files["sla.toml"]!
        let from = try #require(text.range(of: "[sla.licensing.decision]")?.lowerBound)
        let to = try #require(text.range(of: "[sla.licensing.suspension]")?.lowerBound)
        files["sla.toml"]!.replaceSubrange(from..<to, with: "[sla.licensing.decision]\nbudget = \"12 working-days\"\n")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        for _ in 0..<2 { _ = try await harness.on(try await harness.submit(), "case.accept", as: "otto").get() }
        let clocks = try await harness.call("case.get", .of(["case": "C-2"])).get()["clocks"]?.array
        let due = try #require(clocks?.compactMap { $0["due"]?.string }.first)
        #expect(try await harness.call("server.info").get()["next_deadline"]?.string == due, "the breach is its next deadline")
        await harness.engine.stop()
        // As a version kept it for which a ladder without rungs had no deadline.
        var batch = Batch()
        batch.settings = ["ladders": ""]
        let file = try #require(try store.read { try $0.caseFile(CaseID(1)) })
        var row = CaseRow(file, under: try harness.engine.context.catalogs.terms(of: file))
        row.nextDeadline = nil
        batch.cases = [row]
        try store.commit(batch)
        let again = try await Harness(store, withCatalog: false)
        try await settle(again)
        try await again.advance(to: "2026-03-20T00:00:00Z")
        for number in 1...2 {
            let id = JSONValue.of(["case": .string("C-\(number)")])
            let history = try await again.history(try await again.call("case.get", id).get())
            let passed = history.filter { $0["event"] == "rung-passed" && $0["data"]?["clock"] == "decision" }
            #expect(passed.count == 1 && passed.first?["at"]?.string == due, "C-\(number): \(history)")
            #expect(passed.first?["data"]?["level"] == 1)
            let told = try await again.call("notice.list", .of(["limit": 1000]), uid: Harness.admin).get()["notices"]!.array!
                .filter { $0["case"]?.string == "C-\(number)" && $0["event"] == "rung-passed" }
            #expect(Set(told.compactMap { $0["recipient"]?.string }) == ["hana", "lena"], "the head of the office and the leader are told")
            #expect(try await again.call("case.get", id).get()["light"] == "red")
        }
        #expect(try await again.call("server.history").get()["events"]!.array!.allSatisfy { $0["event"] != "zones-changed" })
        await again.engine.stop()
    }

    @Test("R34: a catalogue that comes while zones are looked up lets that go on, and is on record from its beginning to its end")
    func zonesAndRules() async throws {
        let directory = TemporaryDirectory()
        let store = try Harness.store(directory)
        let harness = try await Harness(store)
        _ = try await harness.submit()
        _ = try await harness.call("case.submit", SmallOffice.submission(matter: "notice")).get()
        let due = try #require(try store.read { try $0.nextDeadline() })
        await harness.engine.stop()
        // A deadline as the old zones had it, in a matter whose rules stay.
        var batch = Batch()
        batch.settings = ["zones": "1999z"]
        let file = try #require(try store.read { try $0.caseFile(CaseID(1)) })
        var row = CaseRow(file, under: try harness.engine.context.catalogs.terms(of: file))
        row.nextDeadline = Instant("2027-01-01T00:00:00Z")!
        batch.cases = [row]
        try store.commit(batch)

        let machine = try EngineMachine(store: store, time: ManualTime(harness.time.now), log: Logger(label: "test"))
        machine.compareZones()
        #expect(machine.state.recalculation?.isForZones == true)
        let files = Self.files([("matters.toml", "silence = \"grants\"", "silence = \"grants\"\ndecision = \"12 working-days\"")])
        let work = try #require(try WriteRequest.Work("catalog.apply", parameters(files, false)))
        machine.turn([WriteRequest(peer: Peer(uid: Harness.admin), work) { _ in }])
        while machine.state.recalculation != nil { #expect(machine.recalculate()) }
        #expect(try store.read { try $0.due(at: due, limit: 10) }.contains(CaseID(1)), "it was looked up")
        let events = try store.read { try $0.journal(of: CaseID(0)) }.map { try JSONReader.read($0.event)["event"]!.string! }
        #expect(events == ["catalog-applied", "zones-changed", "catalog-applied", "reprojection-started", "reprojection-finished"])
    }
}
