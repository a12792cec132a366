import CaseCore
import CaseEngine
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

/// Notices are listed to whom they concern, taken by them, and go.
@Suite("Notices of the engine")
struct NoticeTests {
    private func list(
        _ harness: Harness, _ parameters: KeyValuePairs<String, JSONValue> = [:], uid: UInt32 = Harness.hall, as person: String? = nil
    ) async throws -> [JSONValue] {
        try await harness.call("notice.list", .of(parameters), uid: uid, acting: person).get()["notices"]!.array!
    }

    private func take(_ harness: Harness, _ seqs: [Int64], uid: UInt32 = Harness.hall, as person: String? = nil) async throws
        -> Result<JSONValue, WireError>
    {
        try await harness.call("notice.take", .of(["notices": .array(seqs.map { .integer($0) })]), uid: uid, acting: person)
    }

    private func seqs(_ notices: [JSONValue]) -> [Int64] {
        notices.map { $0["seq"]!.integer! }
    }

    /// A case that was granted: its applicant, its handler and its leader were told.
    @discardableResult
    private func granted(_ harness: Harness, _ title: String = "Warehouse 7") async throws -> JSONValue {
        let file = try await harness.submit(title)
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "fine"], as: "otto").get()
        return try await harness.on(file, "case.grant", as: "lena").get()
    }

    @Test("A notice says what its case is called, where it is, who has to act, what its recipient is called, and whether it was taken")
    func shown() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "fine"], as: "otto").get()
        let told = try #require(try await list(harness, ["recipient": "lena"], as: "lena").first)
        #expect(told["title"] == "Warehouse 7" && told["state"] == "with-leader" && told["recipient_name"] == "Lena")
        #expect(told["waits_for"]?["role"] == "leader" && told["waits_for"]?["names"]?.array == ["lena"])
        #expect(told["taken_at"] == .null && told["taken_by"] == .null && told["due"]?.string != nil)
        // The same notice, once there is nothing left to be done.
        _ = try await harness.on(file, "case.refuse", ["reasons": "no"], as: "lena").get()
        _ = try await harness.on(file, "case.deliver", ["how": "post"], as: "otto").get()
        let later = try #require(try await list(harness, ["recipient": "lena"], as: "lena").first)
        #expect(later["seq"] == told["seq"] && later["state"] == "refused" && later["waits_for"] == .null && later["due"] == .null)
        let applicant = try #require(try await list(harness, ["mine": true]).first)
        #expect(applicant["recipient"] == "91230100MA" && applicant["recipient_name"] == "Harbin Graphene Park")
        let server = try #require(try await list(harness, uid: Harness.admin).first)
        for member in ["case", "title", "state", "waits_for", "due"] { #expect(server[member] == .null, "\(member)") }
    }

    /// An office whose materials have names, and that says where people can complain.
    private static func namedOffice() -> [String: String] {
        var files = SmallOffice.files(user: Harness.hall)
        files["matters.toml"]!.replace("id = \"form\"", with: "id = \"form\"\nname = \"Application form\"")
        files["office.toml"]!.replace("head = \"bureau-head\"", with: "head = \"bureau-head\"\ncomplaints = \"Hall A\"")
        return files
    }

    @Test("What an applicant is told says what is missing by its name, why, until when and where to complain, and has the receipt")
    func toApplicants() async throws {
        let harness = try await Harness(withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.namedOffice()), uid: Harness.admin).get()
        func last() async throws -> JSONValue { try #require(try await list(harness, ["mine": true]).last) }
        let file = try await harness.submit()
        let receipt = try await harness.on(file, "case.get", as: "otto").get()["receipt"]
        _ = try await harness.on(file, "case.request_correction", ["missing": ["form"], "note": "page 2"], as: "otto").get()
        let correction = try await last()
        #expect(correction["missing"]?.array == ["Application form"] && correction["why"] == "page 2", "\(correction)")
        #expect(correction["until"] == "2026-03-08T16:00:00Z" && correction["receipt"] == receipt, "\(correction)")
        #expect(correction["over"] == nil && correction["complaints"] == nil && correction["clock"] == nil)
        _ = try await harness.on(file, "case.correct", ["materials": ["form"]]).get()
        #expect(try await last()["missing"]?.array == ["Application form"], "what was told stays, whatever came since")
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        #expect(try await last()["why"] == nil)
        let suspension: KeyValuePairs<String, JSONValue> = [
            "kind": "hearing", "basis": "§ 45", "expected": "3 calendar-days", "note": "neighbours",
        ]
        _ = try await harness.on(file, "case.suspend", suspension, as: "otto").get()
        let suspended = try await last()
        #expect(suspended["suspension"] == "hearing" && suspended["basis"] == "§ 45" && suspended["why"] == "neighbours", "\(suspended)")
        #expect(suspended["until"] == "2026-02-09T16:00:00Z", "\(suspended)")
        _ = try await harness.on(file, "case.resume", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "refuse", "opinion": "no"], as: "otto").get()
        _ = try await harness.on(file, "case.refuse", ["reasons": "too near"], as: "lena").get()
        let refused = try await last()
        #expect(refused["why"] == "too near" && refused["complaints"] == "Hall A", "\(refused)")
        let other = try await harness.submit()
        _ = try await harness.on(other, "case.decline", ["ground": "not ours", "competent": "the county"], as: "otto").get()
        let declined = try await last()
        #expect(declined["why"] == "not ours" && declined["competent"] == "the county" && declined["complaints"] == "Hall A")
        // Whoever works here looks at the case.
        #expect(try await list(harness, ["recipient": "otto"], as: "otto").allSatisfy { $0["receipt"] == nil })
    }

    @Test("What a ladder tells says whose time it is, whether that was near or over, and when it ends, whatever has happened since")
    func deadlines() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        try await harness.advance(to: "2026-02-12T16:00:00Z")
        let near = try #require(try await list(harness, ["recipient": "hana"], as: "hana").last)
        #expect(near["event"] == "rung-passed" && near["clock"] == "intake" && near["over"] == false && near["level"] == 1, "\(near)")
        #expect(near["until"] == "2026-02-13T16:00:00Z", "\(near)")
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        let clocks = try #require(try await harness.on(file, "case.get", as: "otto").get()["clocks"]?.array)
        let due = try #require(clocks.first { $0["clock"] == "decision" }?["due"]?.string)
        try await harness.advance(to: "2026-04-01T01:00:00Z")
        func told(_ person: String) async throws -> [JSONValue] {
            try await list(harness, ["recipient": .string(person)], as: person).filter { $0["clock"] == "decision" }
        }
        #expect(try await told("lena").map { $0["over"] } == [false, true], "before the breach, and at it")
        #expect(try await told("lena").allSatisfy { $0["until"]?.string == due })
        let after = try await told("bela")
        #expect(after.map { $0["over"] } == [true] && after[0]["until"]?.string == due && after[0]["level"] == 4, "two days after")
        let again = try #require(try await list(harness, ["recipient": "hana"], as: "hana").first { $0["clock"] == "intake" })
        #expect(again["over"] == false && again["until"] == near["until"], "what was near then")
    }

    @Test("What is told of an order names it, and says for whom it waits now")
    func orders() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        func told(_ person: String) async throws -> JSONValue {
            try #require(try await list(harness, ["recipient": .string(person)], as: person).last { $0["order"] != nil })
        }
        _ = try await harness.on(file, "order.open", ["reason": "slow", "due": "3 working-days"], as: "cora").get()
        let opened = try await told("otto")
        #expect(opened["order"] == "O-1-1" && opened["open_order"] == "O-1-1" && opened["why"] == "slow" && opened["clock"] == "order")
        #expect(opened["order_waits_for"]?["role"] == "office" && opened["until"] == "2026-02-11T16:00:00Z", "\(opened)")
        _ = try await harness.call("order.answer", .of(["order": "O-1-1", "answer": "soon"]), acting: "otto").get()
        let answered = try await told("cora")
        #expect(answered["event"] == "order-answered" && answered["order_waits_for"]?["role"] == "commissioner", "\(answered)")
        _ = try await harness.call("order.close", .of(["order": "O-1-1", "finding": "done"]), acting: "cora").get()
        let closed = try await told("otto")
        #expect(closed["why"] == "done" && closed["order"] == "O-1-1" && closed["open_order"] == nil && closed["order_waits_for"] == nil)
    }

    @Test("One's own, those that nobody took, those since an instant, and the newest first: page by page, none twice and none left out")
    func filters() async throws {
        let harness = try await Harness()
        for number in 0..<5 {
            try await granted(harness, "Case \(number)")
            try await harness.advance(to: "2026-02-06T01:00:0\(number + 1)Z")
        }
        let all = try await list(harness, ["limit": 1000], as: "otto")
        let ottos = try await list(harness, ["mine": true, "limit": 1000], as: "otto")
        #expect(ottos.count == 5 && ottos.allSatisfy { $0["recipient"] == "otto" } && all.count > 10)
        _ = try await take(harness, Array(seqs(ottos).prefix(2)), as: "otto").get()
        let late = all.filter { $0["at"]!.string! >= "2026-02-06T01:00:03Z" }
        for (parameters, meant) in [
            (.of(["mine": true, "taken": true]), Array(seqs(ottos).prefix(2))),
            (.of(["mine": true, "taken": false]), Array(seqs(ottos).suffix(3))),
            (.of(["recipient": "otto"]), seqs(ottos)), (.of(["mine": false]), seqs(all)), (.of([:]), seqs(all)),
            (.of(["since": "2026-02-06T01:00:03Z"]), seqs(late)),
            (
                .of(["since": "2026-02-06T01:00:03Z", "recipient": "lena", "taken": false]),
                seqs(late.filter { $0["recipient"] == "lena" })
            ),
        ] as [(JSONValue, [Int64])] {
            #expect(!meant.isEmpty)
            for (sort, meant) in [("seq", meant), ("-seq", meant.reversed())] {
                for limit in [1, 2, 1000] as [JSONValue] {
                    var (found, after): ([Int64], JSONValue) = ([], .null)
                    repeat {
                        let given: [JSONValue.Member] = [.init("sort", .string(sort)), .init("limit", limit), .init("after", after)]
                        let params = JSONValue.object((parameters.members ?? []) + given)
                        let page = try await harness.call("notice.list", params, acting: "otto").get()
                        found += seqs(page["notices"]!.array!)
                        after = page["next"]!
                    } while !after.isNull
                    #expect(found == meant, "\(parameters) \(sort) \(limit)")
                }
            }
        }
    }

    @Test(
        "Whoever it is to takes a notice, once and for ever; others find none of theirs, and nothing is taken of a list with one of those")
    func taking() async throws {
        let harness = try await Harness()
        try await granted(harness)
        let mine = seqs(try await list(harness, ["mine": true], as: "lena"))
        let ottos = seqs(try await list(harness, ["mine": true], as: "otto"))
        #expect(mine.count == 1 && ottos.count == 1)
        for (person, asked) in [("otto", mine), ("otto", ottos + mine), ("otto", [999]), ("otto", [0]), ("otto", [-1]), ("cora", ottos)] {
            #expect(try await take(harness, asked, as: person).kind == "notice.not_found", "\(person) \(asked)")
        }
        #expect(try await take(harness, mine, uid: Harness.admin).kind == "notice.not_found", "an admin is nobody to whom it went")
        for count in [0, 1001] {
            #expect(try await take(harness, (0..<Int64(count)).map { $0 }, as: "lena").kind == "params.invalid")
        }
        #expect(try await list(harness, ["taken": true], as: "otto").isEmpty, "nothing was taken")
        let first = try await take(harness, mine + mine, as: "lena").get()
        #expect(first["notices"]?.array?.count == 1 && first["notices"]?.array?.first?["taken_by"] == "lena")
        try await harness.advance(to: "2026-02-06T02:00:00Z")
        #expect(try await take(harness, mine, as: "lena").get() == first, "the first time counts")
        let shown = try #require(try await list(harness, ["taken": true], as: "otto").first)
        #expect(shown["taken_at"] == "2026-02-06T01:00:00Z" && shown["taken_by"] == "lena")
        // The hall takes what its applicants are told.
        let applicants = seqs(try await list(harness, ["mine": true]))
        #expect(!applicants.isEmpty)
        _ = try await take(harness, applicants).get()
        #expect(try await list(harness, ["mine": true, "taken": false]).isEmpty)
    }

    @Test(
        "On the days of a substitution a notice goes to whoever substitutes, and to take it is theirs; one from before stays the holder's")
    func substitute() async throws {
        var files = SmallOffice.files(user: Harness.hall)
        files["leave.toml"] = "[substitution.leave]\npost = \"leader\"\nby = \"bureau-head\"\nfrom = 2026-02-09\nto = 2026-02-11\n"
        let harness = try await Harness(withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        func recommended(_ title: String) async throws {
            let file = try await harness.submit(title)
            _ = try await harness.on(file, "case.accept", as: "otto").get()
            _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "fine"], as: "otto").get()
        }
        try await recommended("before")
        try await harness.advance(to: "2026-02-10T01:00:00Z")
        try await recommended("meanwhile")
        func titles(_ person: String) async throws -> [JSONValue?] {
            try await list(harness, ["mine": true, "taken": false], as: person).filter { $0["event"] == "recommended" }.map { $0["title"] }
        }
        #expect(try await titles("bela") == ["meanwhile"])
        #expect(try await titles("lena") == ["before"])
        let belas = seqs(try await list(harness, ["mine": true], as: "bela").filter { $0["event"] == "recommended" })
        #expect(try await take(harness, belas, as: "lena").kind == "notice.not_found")
        _ = try await take(harness, belas, as: "bela").get()
        #expect(try await titles("bela").isEmpty)
    }

    @Test(
        "What was taken is taken after a restart, and in a copy that is restored as far as the copy goes; places go on behind those of the lost store"
    )
    func restored() async throws {
        let (folder, second) = (TemporaryDirectory(), TemporaryDirectory())
        for one in [folder, second] { one.keepUntilExit() }
        let directory = try StateDirectory(folder.path)
        let harness = try await Harness(try SQLiteStore(directory))
        try await granted(harness)
        let lenas = seqs(try await list(harness, ["mine": true], as: "lena"))
        let first = try await take(harness, lenas, as: "lena").get()
        let kept = "\(folder.path)/kept.sqlite"
        try FileManager.default.moveItem(atPath: try harness.store.backup().path, toPath: kept)
        let ottos = seqs(try await list(harness, ["mine": true], as: "otto"))
        _ = try await take(harness, ottos, as: "otto").get()
        await harness.engine.stop()
        try harness.store.close()

        let again = try await Harness(try SQLiteStore(directory), withCatalog: false)
        #expect(try await take(again, lenas, as: "lena").get() == first)
        #expect(try await list(again, ["mine": true, "taken": false], as: "otto").isEmpty)
        await again.engine.stop()

        let other = try StateDirectory(second.path)
        _ = try BackupFile.restore(kept, to: other) { try Restoration($0) }
        let restored = try await Harness(try SQLiteStore(other), withCatalog: false)
        #expect(try await take(restored, lenas, as: "lena").get() == first)
        #expect(seqs(try await list(restored, ["mine": true, "taken": false], as: "otto")) == ottos, "the copy does not know of it")
        _ = try await take(restored, ottos, as: "otto").get()
        try await granted(restored, "Later")
        let later = seqs(try await list(restored, ["mine": true, "taken": false], as: "otto"))
        #expect(later.count == 1 && later[0] > ottos[0] + 1_000_000)
        await restored.engine.stop()
    }

    @Test("Notices to a person who is gone stay under their name, are nobody's to take, and have nobody who is called so")
    func leaver() async throws {
        let harness = try await Harness()
        try await granted(harness)
        let lenas = seqs(try await list(harness, ["mine": true], as: "lena"))
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]!.replace("holder = \"lena\"", with: "holder = \"lars\"")
        files["office.toml"]!.replace("[person.lena]\nname = \"Lena\"", with: "[person.lars]\nname = \"Lars\"")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let left = try await list(harness, ["recipient": "lena"], uid: Harness.admin)
        #expect(seqs(left) == lenas && left[0]["recipient_name"] == .null)
        #expect(try await list(harness, ["mine": true], as: "lars").allSatisfy { $0["recipient"] != "lena" })
        #expect(try await take(harness, lenas, as: "lars").kind == "notice.not_found")
        #expect(try await take(harness, lenas, as: "lena").kind == "person.not_found")
        // Whoever comes back under the same name has them again.
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(SmallOffice.files(user: Harness.hall)), uid: Harness.admin).get()
        _ = try await take(harness, lenas, as: "lena").get()
    }

    @Test("What is taken goes after its time, what nobody takes only after four hundred days, and the table does not grow beyond that")
    func retention() async throws {
        let harness = try await Harness(MemoryStore())
        await harness.engine.keep(takenNotices: 10 * 86_400_000)
        func kept() throws -> [StoredNotice] {
            try harness.store.read { try $0.notices(recipient: nil, readScope: nil, after: 0, limit: 10_000) }
        }
        for day in 0..<450 {
            let now = harness.time.now
            // The head of the office is told of one, and an applicant of the other, who takes it every other day.
            _ = try await harness.on(try await harness.submit("a"), "case.withdraw").get()
            let declined = try await harness.submit("b")
            _ = try await harness.on(declined, "case.decline", ["ground": "not ours"], as: "otto").get()
            _ = try await harness.on(declined, "case.deliver", ["how": "post"], as: "otto").get()
            if day.isMultiple(of: 2) {
                let newest = try await list(harness, ["mine": true, "taken": false, "sort": "-seq", "limit": 1])
                _ = try await take(harness, seqs(newest)).get()
            }
            let old = try kept().dropLast().filter { now - ($0.taken?.at ?? $0.row.at) > ($0.taken == nil ? 400 : 10) * 86_400_000 }
            #expect(old.isEmpty, "day \(day)")
            try await harness.advance(to: now.advanced(byMilliseconds: 86_400_000).description)
        }
        // One a day to the head, and one every other day, of four hundred days; those that were taken of ten.
        let rows = try kept()
        let (taken, untaken) = (rows.count { $0.taken != nil }, rows.count { $0.taken == nil })
        #expect((5...6).contains(taken) && (600...603).contains(untaken), "\(taken) \(untaken)")
    }
}
