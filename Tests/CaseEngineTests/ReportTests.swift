import CaseCore
import CaseEngine
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import GRDB
import Testing
import WorkingTime

/// The figures that are kept with every command against those that the journal gives when it is counted in full.
enum Figures {
    static func expectKept(_ harness: Harness, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try harness.store.read { snapshot in
            var counted: [RollupKey: Rollup] = [:]
            try Recount(harness.engine.context.catalogs).run(snapshot) { sums in
                for (key, rollup) in sums { counted[key, default: Rollup()].add(rollup) }
            }
            for by in ReportKey.allCases {
                var expected: [String: Rollup] = [:]
                for (key, rollup) in counted {
                    let assignment = key.assignment
                    let name =
                        switch by {
                        case .matter: key.matter.raw
                        case .office: assignment.office.raw
                        case .leader: assignment.leader.raw
                        case .commissioner: assignment.commissioner.raw
                        }
                    expected[name, default: Rollup()].add(rollup)
                }
                #expect(try snapshot.rollups(by: by, ReportFilter(), from: nil, to: nil) == expected, sourceLocation: sourceLocation)
            }
        }
    }
}

@Suite("Reports")
struct ReportTests {
    @Test("Sums kept with every command equal a full count of the journal, over random lives on disk", arguments: 0..<2)
    func kept(seed: UInt64) async throws {
        var random = SeededRandom(seed: 100 + seed)
        let harness = try await Harness()
        for number in 1...60 {
            let file = try await harness.submit("Case \(number)")
            for _ in 0..<Int.random(in: 0..<9, using: &random) {
                switch Int.random(in: 0..<9, using: &random) {
                case 0, 1: _ = try await harness.on(file, "case.accept", as: "otto")
                case 2: _ = try await harness.on(file, "case.request_correction", ["missing": .array(["form"])], as: "otto")
                case 3: _ = try await harness.on(file, "case.correct", ["materials": .array(["form"])])
                case 4:
                    _ = try await harness.on(
                        file, "case.suspend", ["kind": "hearing", "basis": "x", "expected": "2 working-days"], as: "otto")
                case 5: _ = try await harness.on(file, "case.resume", as: "otto")
                case 6:
                    _ = try await harness.on(file, "case.extend", ["clock": "decision", "by": "3 working-days", "reason": "x"], as: "bela")
                case 7: _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto")
                default: _ = try await harness.on(file, "case.grant", as: "lena")
                }
                harness.time.advance(to: harness.time.now.advanced(byMilliseconds: Int64.random(in: 0..<300_000_000, using: &random)))
            }
        }
        try Figures.expectKept(harness)
        let report = try await harness.call("sla.report").get()
        #expect(report["total"]?["received"]?.integer == 60)
        for (filter, count) in [("leader", "leader"), ("matter", "notice")].map({ ($0, $0.1 == "leader" ? 60 : 0) })
            as [((String, String), Int64)]
        {
            let some = try await harness.call("sla.report", .object([.init("filter", .object([.init(filter.0, .string(filter.1))]))])).get()
            #expect(some["total"]?["received"]?.integer == count, "\(filter)")
        }
        #expect(try await harness.call("sla.report", .of(["filter": .of(["state": "granted"])])).kind == "params.invalid")
        #expect(report["total"]?["open"]?.integer == Int64(harness.engine.view.openCount))
    }

    @Test("A report names the oldest case to whoever it is their own to read, and to everybody when it was submitted")
    func oldest() async throws {
        let harness = try await Harness(time: SettableTime(Instant("2026-02-06T01:00:00Z")!), withCatalog: false, isTraining: false)
        var files = SmallOffice.files(user: Harness.hall)
        let users: [(UInt32, String)] = [(4716, "otto"), (4715, "ada"), (4718, "nell")]
        files["users.toml"] =
            "[person.nell]\nname = \"Nell\"\n" + users.map { "[user.\($0.0)]\nperson = \"\($0.1)\"\n" }.joined()
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        _ = try await harness.submit()
        for (uid, isOwn) in [(Harness.hall, true), (4716, true), (4718, false), (4715, false), (Harness.admin, false)] {
            let report = try await harness.call("sla.report", uid: uid).get()
            for row in report["rows"]!.array! + [report["total"]!] {
                #expect(row["oldest_open"] == (isOwn ? "C-1" : .null) && row["oldest_submitted_at"] == "2026-02-06T01:00:00Z", "\(uid)")
            }
        }
    }

    @Test("Net of pauses, a case takes the working days on which no suspension and no opinion stopped its clocks, each day once")
    func net() async throws {
        let harness = try await Harness(withCatalog: false)
        _ = try await harness.call(
            "catalog.apply", SmallOffice.parameter(SmallOffice.consulting(SmallOffice.files(user: Harness.hall))), uid: Harness.admin
        ).get()
        let file = try await harness.submit()
        let hearing: KeyValuePairs<String, JSONValue> = ["kind": "hearing", "basis": "x", "expected": "2 working-days"]
        // Friday 6 February; Saturday 14 is worked, 15 to 23 are not. While intake runs: Monday 9 to Wednesday 11, two days.
        try await harness.advance(to: "2026-02-09T02:00:00Z")
        _ = try await harness.on(file, "case.suspend", hearing, as: "otto").get()
        try await harness.advance(to: "2026-02-11T02:00:00Z")
        _ = try await harness.on(file, "case.resume", as: "otto").get()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        // Wednesday 25 to Friday 27 for a hearing, and from Thursday to Saturday, which is worked, for an opinion: three days together.
        try await harness.advance(to: "2026-02-25T02:00:00Z")
        _ = try await harness.on(file, "case.suspend", hearing, as: "otto").get()
        try await harness.advance(to: "2026-02-26T02:00:00Z")
        _ = try await harness.on(file, "case.ask_opinion", ["office": "water", "question": "x"], as: "otto").get()
        try await harness.advance(to: "2026-02-27T02:00:00Z")
        _ = try await harness.on(file, "case.resume", as: "otto").get()
        try await harness.advance(to: "2026-02-28T02:00:00Z")
        _ = try await harness.on(file, "case.give_opinion", ["office": "water", "opinion": "for", "text": "x"], as: "wanda").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
        _ = try await harness.on(file, "case.grant", as: "lena").get()
        // 9 to 14 February are six working days, 24 to 28 are five.
        let row = try await harness.call("sla.report").get()["total"]!
        #expect(row["handling_median"] == 11 && row["handling_net_median"] == 6)
        #expect(row["handling_within"]?["10"] == 0 && row["handling_within"]?["15"] == 1 && row["handling_days"] == 11)
        try Figures.expectKept(harness)
    }

    @Test("A store from before returns and net time has them counted anew from the journal, and one damaged case keeps nothing back")
    func before() async throws {
        let directory = TemporaryDirectory()
        let state = try StateDirectory(directory.path)
        var store = try SQLiteStore(state)
        let first = try await Harness(store)
        for _ in 0..<2 {
            let file = try await first.submit()
            _ = try await first.on(file, "case.accept", as: "otto").get()
            _ = try await first.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
            _ = try await first.on(file, "case.return", ["reason": "x"], as: "lena").get()
            _ = try await first.on(
                file, "case.suspend", ["kind": "hearing", "basis": "x", "expected": "2 working-days"], as: "otto"
            ).get()
            try await first.advance(to: first.time.now.advanced(byMilliseconds: 3 * 86_400_000).description)
            _ = try await first.on(file, "case.resume", as: "otto").get()
            _ = try await first.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
            _ = try await first.on(file, "case.grant", as: "lena").get()
        }
        let report = try await first.call("sla.report").get()
        #expect(report["total"]?["returns"] == 2 && report["total"]?["handling_net_p90"] == 1 && report["total"]?["handling_p90"] == 3)
        await first.engine.stop()
        try store.close()
        func left(_ sql: String) async throws {
            let queue = try DatabaseQueue(path: state.databasePath)
            try await queue.write { try $0.execute(sql: sql) }
            try queue.close()
        }
        let undone = """
            ALTER TABLE rollups DROP COLUMN returns; DROP TABLE net_handling; DELETE FROM grdb_migrations WHERE identifier LIKE '9:%';
            """
        try await left(undone)
        store = try SQLiteStore(state)
        let second = try await Harness(store, withCatalog: false)
        #expect(try await second.call("sla.report").get()["total"] == report["total"])
        try Figures.expectKept(second)
        await second.engine.stop()
        try store.close()

        try await left(undone + "UPDATE journal SET event = CAST('{}' AS BLOB) WHERE case_id = 1 AND revision = 2")
        store = try SQLiteStore(state)
        let third = try await Harness(store, withCatalog: false)
        let total = try await third.call("sla.report").get()["total"]!
        #expect(total["received"] == 1 && total["granted"] == 1 && total["returns"] == 1)
        await third.engine.stop()
    }

    @Test("Days of a report are those of the zone where a day ends last, which it names")
    func zones() async throws {
        var files = SmallOffice.files(user: Harness.hall)
        let time = SettableTime(Instant("2026-03-31T16:30:00Z")!)
        let harness = try await Harness(time: time, withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let one = try await harness.call("sla.report").get()
        #expect(one["zone"] == "Asia/Shanghai" && one["zones"] == .array(["Asia/Shanghai"]) && one["today"] == "2026-04-01")
        #expect(one["administration"] == .array(["Bureau"]) && one["catalog_version"] == 1)
        #expect(try await harness.call("catalog.duty_list").get()["issued"] == "2026-04-01")
        files["calendar.toml"]! += SmallOffice.calendar.replacing("calendar.cn", with: "calendar.de")
            .replacing("Asia/Shanghai", with: "Europe/Berlin")
        files["sla.toml"]! += SmallOffice.files()["sla.toml"]!.replacing("sla.licensing", with: "sla.away").replacing(
            "\"cn\"", with: "\"de\"")
        let notice = files["matters.toml"]!.range(of: "[matter.notice]")!.lowerBound
        files["matters.toml"]!.replaceSubrange(
            notice..., with: files["matters.toml"]![notice...].replacing("sla = \"licensing\"", with: "sla = \"away\""))
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let two = try await harness.call("sla.report").get()
        #expect(
            two["zone"] == "Europe/Berlin" && two["zones"] == .array(["Asia/Shanghai", "Europe/Berlin"]) && two["today"] == "2026-03-31")
        let permits = try await harness.call("sla.report", .of(["filter": .of(["matter": "permit"])])).get()
        #expect(permits["zone"] == "Asia/Shanghai" && permits["today"] == "2026-04-01")
    }

    @Test("A store that kept no figures gets them when it is opened")
    func older() async throws {
        let directory = TemporaryDirectory()
        let state = try StateDirectory(directory.path)
        let path = state.databasePath
        var store = try SQLiteStore(state)
        let first = try await Harness(store)
        for _ in 0..<3 { _ = try await first.on(try await first.submit(), "case.withdraw").get() }
        let report = try await first.call("sla.report").get()
        await first.engine.stop()
        // As a version without figures left it.
        try store.close()
        let queue = try DatabaseQueue(path: path)
        try await queue.write {
            try $0.execute(
                sql: "DELETE FROM rollups; DELETE FROM handling; DELETE FROM net_handling; DELETE FROM settings WHERE name = 'figures'")
        }
        try queue.close()
        store = try SQLiteStore(state)
        let second = try await Harness(store, withCatalog: false)
        #expect(try await second.call("sla.report").get() == report)
        try Figures.expectKept(second)
    }

    @Test("Figures that somebody wrote into the file end in a fault that says so, and in nothing else", arguments: [Int64.max, -1])
    func damaged(number: Int64) async throws {
        let folder = TemporaryDirectory()
        let state = try StateDirectory(folder.path)
        let harness = try await Harness(try SQLiteStore(state))
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "in order"], as: "otto").get()
        _ = try await harness.on(file, "case.grant", as: "lena").get()
        _ = try await harness.submit()
        func set(_ column: String, _ table: String, _ number: Int64) async throws -> Int {
            let hand = try DatabaseQueue(path: state.databasePath)
            defer { try? hand.close() }
            return try await hand.write { db in
                try db.execute(sql: "UPDATE \(table) SET \(column) = \(number)")
                return db.changesCount
            }
        }
        let figures =
            Measure.allCases.map { ($0.rawValue, "rollups") }
            + ["handling", "net_handling"].flatMap { [("count", $0), ("working_days", $0)] }
        for (column, table) in figures + [("count", "open_sums"), ("provisional", "open_sums")] {
            #expect(try await set(column, table, number) > 0)
            #expect(try await harness.call("sla.report").kind == "server.fault", "\(column)")
            _ = try await set(column, table, 1)
            #expect(try await harness.call("sla.report").kind == nil, "\(column)")
        }
    }

    @Test("A journal that would have come to its end is no journal", arguments: [Int64.max, -1])
    func lastPlace(number: Int64) async throws {
        let folder = TemporaryDirectory()
        let state = try StateDirectory(folder.path)
        let store = try SQLiteStore(state)
        let first = try await Harness(store)
        _ = try await first.submit()
        await first.engine.stop()
        try store.close()
        let hand = try DatabaseQueue(path: state.databasePath)
        try await hand.write { try $0.execute(sql: "UPDATE journal SET seq = \(number) WHERE seq = (SELECT max(seq) FROM journal)") }
        try hand.close()
        await #expect(throws: (any Error).self) { try await Harness(try SQLiteStore(state), withCatalog: false) }
    }

    @Test("A period has whole days: an instant stands for its day, and the end is not included unless the day has begun")
    func periods() async throws {
        let harness = try await Harness()
        _ = try await harness.submit()
        func received(_ from: JSONValue, _ to: JSONValue) async throws -> Int64? {
            try await harness.call("sla.report", .of(["from": from, "to": to])).get()["total"]?["received"]?.integer
        }
        // It is 6 February, nine in the morning in Shanghai.
        #expect(try await received("2026-02-06", "2026-02-07") == 1)
        #expect(try await received("2026-02-05", "2026-02-06") == 0)
        #expect(try await received("2026-02-07", .null) == 0)
        #expect(try await received("2026-02-05T16:00:00Z", "2026-02-06T16:00:00Z") == 1)
        #expect(try await received("2026-02-06T15:59:59Z", .null) == 1)
        #expect(try await received(.null, "2026-02-05T16:00:01Z") == 1)
        #expect(try await received(.null, "2026-02-05T16:00:00Z") == 0)
        #expect(try await harness.call("sla.report", .of(["from": "2026-02-07", "to": "2026-02-06"])).kind == "params.invalid")
    }

    @Test("Half of the cases were decided within the median, nine tenths within the 90th percentile")
    func percentiles() {
        var rollup = Rollup()
        #expect(rollup.handlingDays(percent: 50) == nil)
        for days in 1...10 { rollup.count([.granted], handled: HandlingTime(days: days, netDays: (days + 1) / 2)) }
        #expect(rollup.handlingDays(percent: 50) == 5 && rollup.handlingDays(percent: 90) == 9 && rollup.handlingDays(percent: 100) == 10)
        #expect(rollup.handlingDays(percent: 50, isNet: true) == 3 && rollup.handlingDays(percent: 90, isNet: true) == 5)
    }

    @Test("Pauses on the last day and within one day, further corrections, returns and last-moment decisions are counted apart")
    func signs() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        for _ in 0..<2 {
            _ = try await harness.on(file, "case.request_correction", ["missing": .array(["form"])], as: "otto").get()
            _ = try await harness.on(file, "case.correct", ["materials": .array(["form"])]).get()
        }
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        let hearing: KeyValuePairs<String, JSONValue> = ["kind": "hearing", "basis": "x", "expected": "2 working-days"]
        _ = try await harness.on(file, "case.suspend", hearing, as: "otto").get()
        _ = try await harness.on(file, "case.resume", as: "otto").get()
        // The promise of ten working days ends with 27 February; the decision clock's twenty with 12 March.
        try await harness.advance(to: "2026-02-27T02:00:00Z")
        _ = try await harness.on(file, "case.suspend", hearing, as: "otto").get()
        try await harness.advance(to: "2026-02-28T02:00:00Z")
        _ = try await harness.on(file, "case.resume", as: "otto").get()
        let due = try await harness.on(file, "case.get").get()["clocks"]!.array!.first { $0["clock"]?.string == "decision" }!["due"]!
            .string!
        try await harness.advance(to: Instant(due)!.advanced(byMilliseconds: -1000).description)
        for _ in 0..<2 {
            _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
            _ = try await harness.on(file, "case.return", ["reason": "x"], as: "lena").get()
        }
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
        _ = try await harness.on(file, "case.grant", as: "lena").get()
        let total = try await harness.call("sla.report").get()["total"]!
        for (name, count) in [
            ("pauses", 2), ("pauses_near_breach", 1), ("same_day_pauses", 1), ("corrections", 2), ("repeated_corrections", 1),
            ("last_moment_decisions", 1), ("returns", 2), ("promise_missed", 1), ("decided", 1), ("in_time_permille", 0),
        ] as [(String, Int64)] {
            #expect(total[name]?.integer == count, "\(name)")
        }
        try Figures.expectKept(harness)
    }
}
