import CaseCore
import CaseEngine
import CaseStore
import CaseWire
import Evidence
import Foundation
import Logging
import Synchronization
import Testing
import WorkingTime

@testable import CaseStorePostgreSQL
@testable import CaseTesting

/// What lies between the daemon and its database is asked a bounded number of times, however much is asked.
@Suite("Round trips", .serialized, .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
struct RoundTripTests {
    private let server = PostgreSQLServer.shared

    /// An engine without threads on a store of its own session.
    private final class Node {
        let store: PostgreSQLStore
        let machine: EngineMachine
        let time = ManualTime(Instant("2026-02-06T01:00:00Z")!)

        init(_ store: PostgreSQLStore) throws {
            self.store = store
            var log = Logger(label: "test")
            log.logLevel = .critical
            machine = try EngineMachine(store: store, time: time, log: log)
        }

        /// Carries out requests in one turn.
        ///
        /// - Returns: their answers, in order, and how often the database was asked for them.
        @discardableResult
        func turn(_ method: Method, _ all: [JSONValue]) throws -> (answers: [JSONValue], trips: Int) {
            let answers = Mutex<[Int: Outcome]>([:])
            let requests = try all.enumerated().map { place, params in
                WriteRequest(peer: Peer(uid: getuid()), try #require(try WriteRequest.Work(method, params))) { outcome in
                    answers.withLock { $0[place] = outcome }
                }
            }
            let before = store.tripCount
            #expect(machine.turn(requests).isEmpty)
            let trips = store.tripCount - before
            return try answers.withLock { answers in
                (try all.indices.map { try JSONReader.read(try #require(answers[$0]).get()) }, trips)
            }
        }
    }

    private func submissions(_ count: Int, _ tag: String) -> [JSONValue] {
        (0..<count).map { SmallOffice.submission("Warehouse \($0)", key: "\(tag)-\($0)") }
    }

    @Test("A batch of commands takes as many round trips for one command as for many: with keys, on cases that are there, and again")
    func batch() throws {
        let node = try Node(try server.store().store)
        try node.turn("catalog.apply", [SmallOffice.parameter()])
        try node.turn("case.submit", submissions(1, "first"))
        for count in [1, 7, 64] {
            let opened = try node.turn("case.submit", submissions(count, "k\(count)"))
            #expect(opened.trips == 3, "\(count) submissions: \(opened.trips)")
            let accepted = try node.turn(
                "case.accept",
                opened.answers.enumerated().map {
                    .of(["case": $1["case"]!, "acting": "otto", "idempotency_key": .string("a\(count)-\($0)")])
                })
            #expect(accepted.trips == 3, "\(count) acceptances: \(accepted.trips)")
            #expect(accepted.answers.allSatisfy { $0["revision"] == 2 })
            let missing = (0..<count).map {
                JSONValue.of(["case": .string("C-\(900_000 + $0)"), "text": "a", "idempotency_key": .string("m\(count)-\($0)")])
            }
            let before = node.store.tripCount
            #expect(throws: WireError.self) { try node.turn("case.note", missing) }
            // Nothing is written.
            #expect(node.store.tripCount - before == 2, "\(count) notes on cases that are not there")
        }
        node.store.close()
    }

    @Test("Deadlines of many cases pass in as many round trips as that of one")
    func deadlines() throws {
        let node = try Node(try server.store().store)
        try node.turn("catalog.apply", [SmallOffice.parameter()])
        var trips: Set<Int> = []
        for (count, instant) in [(1, "2026-04-06T01:00:00Z"), (30, "2026-06-06T01:00:00Z")] {
            let opened = try node.turn("case.submit", submissions(count, "d\(count)")).answers
            node.time.advance(to: Instant(instant)!)
            let before = node.store.tripCount
            #expect(node.machine.turn([]).isEmpty)
            trips.insert(node.store.tripCount - before)
            for file in opened {
                let events = try node.store.read { try $0.lastRevision(of: CaseID(file["case"]!.string!)!) }
                #expect(events > 1)
            }
        }
        #expect(trips.count == 1, "\(trips)")
        node.store.close()
    }

    @Test("What others have committed is taken in by one more round trip, however much it is; and the tree is the same on each node")
    func others() throws {
        let (store, database) = try server.store()
        let first = try Node(store)
        try first.turn("catalog.apply", [SmallOffice.parameter()])
        let second = try Node(try PostgreSQLStore(server.target(database, user: "daemon")))
        try second.turn("case.submit", submissions(1, "s"))
        for count in [1, 300] {
            try first.turn("case.submit", submissions(count, "f\(count)"))
            let own = try second.turn("case.submit", submissions(2, "s\(count)"))
            #expect(own.trips == 4, "after \(count) of another: \(own.trips)")
        }
        first.machine.catchUp()
        #expect(first.machine.state.tree == second.machine.state.tree)
        #expect(first.machine.state == second.machine.state)
        // As whoever starts now reads it.
        let third = try Node(try PostgreSQLStore(server.target(database, user: "daemon")))
        #expect(third.machine.state.tree == first.machine.state.tree)
        for node in [first, second, third] { node.store.close() }
    }

    @Test("A client's read takes one round trip with the beginning of its transaction, and one for each further query")
    func reads() throws {
        let (store, _) = try server.store()
        // A session that is opened is asked what it is.
        _ = try store.read { try $0.commitCount() }
        for count in [1, 2, 5] {
            let before = store.tripCount
            try store.read { snapshot in for _ in 1...count { _ = try snapshot.commitCount() } }
            #expect(store.tripCount - before == count)
        }
        store.close()
    }

    @Test("What was foreseen is what is found: there, not there, and too long for that")
    func foreseen() throws {
        let (store, _) = try server.store()
        var batch = Batch()
        batch.cases = (1...3).map { StoreSuite.Sample.row($0, due: $0) }
        let second = batch.cases[1]
        batch.cases[1] = CaseRow(
            id: second.id, file: [UInt8](repeating: 7, count: 1 << 17), values: second.values, nextDeadline: second.nextDeadline,
            due: second.due)
        batch.journal = (1...3).map { StoreSuite.Sample.opening($0) }
        let key = IdempotencyKey(principal: "service:hall", key: "k\u{0}")
        batch.answers = [AnswerRow(key: key, at: Instant(seconds: 1), answer: StoredAnswer(digest: [1], id: CaseID(1), revision: 1))]
        batch.settings = ["name": "value"]
        try store.commit(batch)
        let other = IdempotencyKey(principal: "person:hall", key: "k\u{0}")
        // The same to whoever reads them, and other bytes.
        let accents = ["caf\u{E9}", "cafe\u{301}"].map { IdempotencyKey(principal: "service:hall", key: $0) }
        var named = Batch()
        named.answers = [AnswerRow(key: accents[0], at: Instant(seconds: 1), answer: StoredAnswer(digest: [2], id: CaseID(1), revision: 1))]
        try store.commit(named)
        let foreseen = Foreseen(
            keys: [key, other, key] + accents, cases: [CaseID(1), CaseID(2), CaseID(9)], isWhole: true, leavesAfter: 1)
        func look(_ foreseen: Foreseen) throws -> String {
            try store.commit(foreseeing: foreseen) { snapshot in
                let files = try [1, 2, 3, 9].map { try snapshot.file(CaseID($0)) }
                let answers = try ([key, other] + accents).map { try snapshot.answer($0) }
                let settings = try ["name", "nothing"].map { try snapshot.setting($0) }
                let counts = (
                    try snapshot.openCount(), try snapshot.openCounts(), try snapshot.lastSeq(), try snapshot.lastCaseNumber(),
                    try snapshot.nextDeadline(), try snapshot.hasOlderAnswers(), try snapshot.checkpoint(atLeast: nil),
                    try snapshot.lastRevision(of: .server), try snapshot.commitCount()
                )
                return (Batch(), "\(files) \(answers) \(settings) \(counts) \(String(describing: try snapshot.leaves(after: 1)))")
            }
        }
        _ = try store.read(for: .engine) { try $0.commitCount() }
        let before = store.tripCount
        let ahead = try look(foreseen)
        // The long file and the one of which nothing was said.
        #expect(store.tripCount - before == 3)
        #expect(try look(Foreseen()) == ahead)
        store.close()
    }

    @Test("What is damaged is damage to whoever asks for it, and not to who only might")
    func damage() throws {
        let own = try PostgreSQLServer()
        let (store, database) = try own.store()
        var batch = Batch()
        batch.settings = ["name": "value"]
        try store.commit(batch)
        try own.damage("settings", of: database)
        let foreseen = Foreseen(isWhole: true)
        #expect(try store.commit(foreseeing: foreseen) { (Batch(), try $0.lastSeq()) } == 0)
        #expect(throws: DamagedRecord.self) { try store.commit(foreseeing: foreseen) { (Batch(), try $0.setting("name")) } }
        #expect(
            try store.commit(planning: { snapshot in
                try snapshot.foresee(foreseen)
                return (Batch(), try snapshot.lastSeq())
            }) == 0)
        store.close()
    }

    @Test("Whoever waits for the head has it next, whatever the one who let it go does then")
    func order() throws {
        let (first, database) = try server.store()
        let second = try PostgreSQLStore(server.target(database, user: "daemon"))
        @Sendable func batch(_ number: Int64) -> Batch {
            var batch = Batch()
            batch.journal = [StoreSuite.Sample.opening(number)]
            return batch
        }
        for round in 0..<5 {
            let number = Int64(20 * round)
            let waiting = Mutex<Beside<Void>?>(nil)
            try first.commit { part in
                try part(batch(number + 1))
                waiting.withLock { $0 = Beside { try second.commit(batch(number + 2)) } }
                _ = try server.wait("SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database)' AND wait_event_type = 'Lock'")
            }
            for next in 3...20 { try first.commit(batch(number + Int64(next))) }
            try waiting.withLock { $0! }.value()
        }
        let order = try first.read { try $0.recorded(after: 0, PageLimit(rows: .max, bytes: .max)) }.map(\.id.number)
        #expect(order == Array(1...100))
        for store in [first, second] { store.close() }
    }
}
