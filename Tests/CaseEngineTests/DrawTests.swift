import CaseCore
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

@testable import CaseEngine

@Suite("Draws for inspection")
struct DrawTests {
    /// The small office with a weekly draw of two; days begin at 16:00 UTC.
    private static func files(_ draw: String = "post = \"commissioner\"\nsize = 2") -> [String: String] {
        var files = SmallOffice.files(user: Harness.hall)
        files["draws.toml"] = draw.isEmpty ? "" : "[draw.weekly]\nevery = \"week\"\ncalendar = \"cn\"\n\(draw)\n"
        return files
    }

    private func harness(
        _ store: (any CaseStore)? = nil, _ files: [String: String] = files(), time: (any TimeSource)? = nil, closed: Int = 5
    ) async throws -> Harness {
        let harness = try await Harness(store, time: time, withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        for number in 0..<closed { try await withdraw(try await harness.submit("Case \(number)"), harness) }
        return harness
    }

    private func withdraw(_ file: JSONValue, _ harness: Harness) async throws {
        _ = try await harness.on(file, "case.withdraw", ["reason": "built elsewhere"]).get()
    }

    private func events(_ harness: Harness, _ name: String) async throws -> [JSONValue] {
        try await harness.call("server.history", uid: Harness.admin).get()["events"]!.array!.filter { $0["event"]?.string == name }
    }

    private func published(_ harness: Harness, _ draw: String) async throws -> PublishedDraw {
        let value = try await harness.call("draw.get", .of(["draw": .string(draw)])).get()
        let draw = try PublishedDraw(from: value)
        for check in DrawReckoning.own.checks(of: draw) { #expect(check.holds, "\(check.what)") }
        return draw
    }

    private static let word = "2026-02-07T16:00:00Z"
    private static let day = "2026-02-08T16:00:00Z"

    @Test("The word is given the day before, the draw made on its day, and both say what anybody needs to do it over")
    func course() async throws {
        let harness = try await harness()
        _ = try await harness.submit("Open")
        try await harness.advance(to: "2026-02-07T15:59:59Z")
        #expect(try await events(harness, "draw-committed").isEmpty)
        try await harness.advance(to: Self.word)
        let word = try #require(try await events(harness, "draw-committed").first)
        #expect(word["data"]?["draw"] == "weekly/2026-02-09" && word["data"]?["at"] == .string(Self.day))
        let announced = try await harness.call("draw.list").get()["draws"]!.array![0]
        #expect(announced["commitment"] == word["data"]?["commitment"] && announced["next"] == "2026-02-09")
        #expect(try await harness.call("draw.get", .of(["draw": "weekly/2026-02-09"])).kind == "draw.not_found")
        // The head is the last entry from before midnight; what is closed at midnight is of the next week.
        let last = try await harness.submit("Another")
        let head = try await harness.history(last).last!
        try await harness.advance(to: Self.day)
        try await withdraw(last, harness)
        let draw = try await published(harness, "weekly/2026-02-09")
        #expect(draw.made.headSeq == head["seq"]?.integer)
        let row = try harness.store.read { try $0.recorded(after: draw.made.headSeq - 1, PageLimit(rows: 1, bytes: 1))[0] }
        #expect(row.seq == draw.made.headSeq && draw.made.headHash == DrawReckoning.hash(row.event.text))
        #expect(draw.population.ids == (1...5).map { CaseID($0) } && draw.made.drawn.count == 2)
        let made = try await harness.call("draw.list").get()["made"]!.array!
        #expect(made.count == 1 && made[0]["drawn"]?.array?.compactMap(\.string) == draw.made.drawn.map(\.description))
        for id in (1...5).map({ CaseID($0) }) {
            let file = try await harness.call("case.get", .of(["case": .string("\(id)")]), acting: "cora").get()
            let isDrawn = draw.made.drawn.contains(id)
            #expect(file["draws"] == (isDrawn ? ["weekly/2026-02-09"] : nil))
            let inspected = try await harness.on(
                file, "case.inspect", ["outcome": "in-order", "finding": "x", "draw": "weekly/2026-02-09"], as: "cora")
            #expect(inspected.kind == (isDrawn ? nil : "inspection.not_drawn"))
        }
        let notices = try await harness.call("notice.list", .of(["recipient": "cora"]), uid: Harness.admin).get()["notices"]!.array!
        #expect(notices.count { $0["event"] == "drawn" } == 2)
        // The next week has the last case, and is listed first.
        try await harness.advance(to: "2026-02-15T16:00:00Z")
        #expect(try await published(harness, "weekly/2026-02-16").made.drawn == [CaseID(7)])
        let page = try await harness.call("draw.list", .of(["limit": 1])).get()
        #expect(page["made"]?.array?.first?["draw"] == "weekly/2026-02-16" && page["next"] == "weekly/2026-02-09")
        let rest = try await harness.call("draw.list", .of(["limit": 1, "after": page["next"]!])).get()
        #expect(rest["made"]?.array?.first?["draw"] == "weekly/2026-02-09" && rest["next"] == .null)
    }

    @Test("A draw for an auditing post is from the cases of everybody, and one of some matters from theirs", arguments: [true, false])
    func populations(isAudit: Bool) async throws {
        let files = Self.files(isAudit ? "post = \"auditor\"\nsize = 100" : "post = \"commissioner\"\nsize = 100\nmatters = [\"notice\"]")
        let harness = try await harness(nil, files, closed: 2)
        let notice = try await harness.call("case.submit", SmallOffice.submission(matter: "notice")).get()
        try await withdraw(notice, harness)
        try await harness.advance(to: Self.day)
        let draw = try await published(harness, "weekly/2026-02-09")
        #expect(draw.made.drawn.sorted() == (isAudit ? [1, 2, 3] : [3]).map { CaseID($0) })
        let told = isAudit ? "ada" : "cora"
        let notices = try await harness.call("notice.list", .of(["recipient": .string(told)]), uid: Harness.admin).get()["notices"]!.array!
        #expect(notices.count { $0["event"] == "drawn" } == draw.made.drawn.count)
    }

    @Test("A draw from nothing draws nothing, and is made all the same")
    func nothing() async throws {
        let harness = try await harness(closed: 0)
        try await harness.advance(to: Self.day)
        let draw = try await published(harness, "weekly/2026-02-09")
        #expect(draw.made.drawn.isEmpty && draw.made.populationCount == 0)
    }

    @Test(
        "A word that was given outlives a restart; in a restored copy, whose secret others may know, another one is given",
        arguments: [false, true])
    func restart(isRestored: Bool) async throws {
        let (first, second) = (TemporaryDirectory(), TemporaryDirectory())
        var store = try Harness.store(first)
        let harness = try await harness(store)
        try await harness.advance(to: Self.word)
        let word = try await events(harness, "draw-committed")[0]["data"]!
        if isRestored {
            let backup = try store.backup()
            let directory = try StateDirectory(second.path)
            _ = try BackupFile.restore(backup.path, to: directory) { try Restoration($0) }
            await harness.engine.stop()
            store = try SQLiteStore(directory)
        } else {
            await harness.engine.stop()
        }
        let again = try await Harness(store, withCatalog: false)
        try await again.advance(to: Self.day)
        let words = try await events(again, "draw-committed").map { $0["data"]! }
        #expect(words[0] == word && words.count == (isRestored ? 2 : 1))
        let draw = try await published(again, "weekly/2026-02-09")
        #expect(draw.committed.commitment == words.last?["commitment"]?.string && draw.population.ids.count == 5)
        #expect((draw.committed.commitment == word["commitment"]?.string) == !isRestored)
    }

    @Test("A copy in which a published draw was changed is not restored")
    func changedCopy() async throws {
        let folder = TemporaryDirectory()
        let store = try Harness.store(folder)
        let harness = try await harness(store)
        try await harness.advance(to: Self.day)
        let name = DrawBook.settingName(of: DrawName("weekly/2026-02-09")!)
        let text = try #require(try store.read { try $0.setting(name) })
        for (isRight, changed) in [(true, text), (false, text.replacing("\"1-5\"", with: "\"1-6\"")), (false, "")] {
            var batch = Batch()
            batch.settings = [name: changed]
            try store.commit(batch)
            let backup = try store.backup()
            let target = TemporaryDirectory()
            let directory = try StateDirectory(target.path)
            let restored = try? BackupFile.restore(backup.path, to: directory) { try Restoration($0) }
            #expect((restored != nil) == isRight)
        }
    }

    @Test("What the catalogue says after the word counts for the next time, also that there is no draw any more")
    func changed() async throws {
        let harness = try await harness()
        try await harness.advance(to: Self.word)
        let smaller = SmallOffice.parameter(Self.files("post = \"commissioner\"\nsize = 1"))
        _ = try await harness.call("catalog.apply", smaller, uid: Harness.admin).get()
        let announced = try await harness.call("draw.list").get()["draws"]!.array!
        #expect(announced.map { $0["size"] } == [2] && announced[0]["commitment"] != .null, "the one for which the word was given")
        try await harness.advance(to: Self.day)
        #expect(try await published(harness, "weekly/2026-02-09").made.drawn.count == 2)
        for number in 0..<3 { try await withdraw(try await harness.submit("Further \(number)"), harness) }
        try await harness.advance(to: "2026-02-15T16:00:00Z")
        #expect(try await published(harness, "weekly/2026-02-16").made.drawn.count == 1)
        try await harness.advance(to: "2026-02-21T16:00:00Z")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.files("")), uid: Harness.admin).get()
        // Announced again, it gets no second draw of a day.
        _ = try await harness.call("catalog.apply", smaller, uid: Harness.admin).get()
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.files("")), uid: Harness.admin).get()
        try await harness.advance(to: "2026-03-10T16:00:00Z")
        let made = try await harness.call("draw.list").get()["made"]!.array!.compactMap { $0["draw"]?.string }
        #expect(made == ["weekly/2026-02-23", "weekly/2026-02-16", "weekly/2026-02-09"])
    }

    @Test("What is announced again, or made more or less often, is made from the next period on, and counts none as missed")
    func again() async throws {
        let harness = try await harness()
        try await harness.advance(to: Self.day)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.files("")), uid: Harness.admin).get()
        try await harness.advance(to: "2026-05-20T01:00:00Z")
        try await withdraw(try await harness.submit("Later"), harness)
        func next() async throws -> JSONValue? { try await harness.call("draw.list").get()["draws"]!.array!.first?["next"] }
        func made() async throws -> [String] {
            try await harness.call("draw.list").get()["made"]!.array!.map { "\($0["draw"]!.string!) \($0["missed"]!.integer!)" }
        }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.files()), uid: Harness.admin).get()
        try await harness.advance(to: "2026-05-20T02:00:00Z")
        #expect(try await next() == "2026-05-25")
        var files = Self.files()
        files["draws.toml"]!.replace("\"week\"", with: "\"month\"")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        try await harness.advance(to: "2026-07-15T01:00:00Z")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.files()), uid: Harness.admin).get()
        #expect(try await next() == "2026-07-20")
        try await harness.advance(to: "2026-07-20T01:00:00Z")
        #expect(try await made() == ["weekly/2026-07-20 0", "weekly/2026-07-01 0", "weekly/2026-06-01 0", "weekly/2026-02-09 0"])
        #expect(try await published(harness, "weekly/2026-06-01").population.ids.count == 1)
    }

    @Test("After a stop the draw that was said is made, and then the latest one alone; the others are counted as missed")
    func missed() async throws {
        let directory = TemporaryDirectory()
        let store = try Harness.store(directory)
        let harness = try await harness(store)
        try await harness.advance(to: Self.word)
        await harness.engine.stop()
        let again = try await Harness(store, now: "2026-05-20T01:00:00Z", withCatalog: false)
        try await again.advance(to: "2026-05-20T15:59:59Z")
        #expect(try await published(again, "weekly/2026-02-09").population.ids.count == 5)
        try await again.advance(to: "2026-05-20T16:00:00Z")
        let made = try await again.call("draw.list").get()["made"]!.array!
        #expect(made.compactMap { $0["draw"]?.string } == ["weekly/2026-05-18", "weekly/2026-02-09"])
        #expect(made[0]["missed"] == 13 && made[1]["missed"] == 0)
    }

    @Test("A clock that is not believed draws nothing; by the daemon's own time the draw comes on its day")
    func heldClock() async throws {
        let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)
        let harness = try await harness(time: time)
        time.set(byMilliseconds: 40 * 86_400_000)
        _ = try await harness.submit("By a wrong clock")
        #expect(try await events(harness, "draw-committed").isEmpty)
        time.pass(milliseconds: 2 * 86_400_000)
        _ = try await harness.submit("Two days later")
        #expect(try await events(harness, "draw-committed").count == 1)
        time.pass(milliseconds: 86_400_000)
        _ = try await harness.submit("A day later")
        _ = try await harness.submit("And then")
        #expect(try await published(harness, "weekly/2026-02-09").population.ids.count == 5)
    }

    @Test("A draw that finds no room is made later, and once")
    func full() async throws {
        let directory = TemporaryDirectory()
        let store = FaultyStore(try Harness.store(directory))
        let harness = try await harness(store)
        try await harness.advance(to: Self.word)
        store.fail(.full)
        #expect(try await harness.call("clock.advance", .of(["to": .string(Self.day)]), uid: Harness.admin).kind == "store.full")
        store.fail(nil)
        try await harness.advance(to: Self.day)
        #expect(try await events(harness, "draw-made").count == 1)
        _ = try await published(harness, "weekly/2026-02-09")
    }
}
