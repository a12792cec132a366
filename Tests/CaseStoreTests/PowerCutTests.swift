import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

/// What a client was told is true, whatever happens to the daemon.
@Suite("Durability")
struct PowerCutTests {
    /// A request with its own key; sent again, it has to get the same reply.
    private func line(_ key: String, _ method: String, _ params: JSONValue) -> [UInt8] {
        Request(id: .string(key), method: method, params: .object(params.members! + [.init("idempotency_key", .string(key))])).line
    }

    @Test("kill -9 under load loses no acknowledged command and repeats none")
    func kills() throws {
        try kills(roundCount: 22)
    }

    @Test("A hundred times kill -9 under load", .enabled(if: Drills.areAsked, Comment(rawValue: Drills.how)))
    func manyKills() throws {
        try kills(roundCount: 101)
    }

    @Test(
        "So it is on a database",
        .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
    func killsOnDatabase() throws {
        let server = PostgreSQLServer.shared
        try kills(roundCount: 22, database: server.words(server.database(), user: "daemon"))
    }

    private func kills(roundCount: Int, database: String? = nil) throws {
        func started() throws -> DaemonProcess {
            try DaemonProcess(in: directory, database: database, manualClock: "2026-02-06T01:00:00Z")
        }
        let seed = UInt64(Date().timeIntervalSince1970)
        var random = SeededRandom(seed: seed)
        var cutCount = 0
        var committedUnheardCount = 0
        let directory = TemporaryDirectory()
        var answers: [String: [UInt8]] = [:]
        var requests: [(key: String, line: [UInt8])] = []
        var unanswered: [(key: String, line: [UInt8])] = []
        for round in 0..<roundCount {
            let daemon = try started()
            if round == 0 { _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get() }

            // What was answered before the cut is answered the same way now, and what was not gets its one answer.
            let present = try daemon.client().call("case.count").get()["count"]!.integer!
            let heard = answers.keys.count { $0.hasPrefix("s-") }
            #expect(present >= heard, "acknowledged cases are missing, seed \(seed), round \(round)")
            committedUnheardCount += Int(present) - heard
            let retries = unanswered + requests.shuffled(using: &random).prefix(100)
            let retrying = try daemon.client()
            for retry in retries { try retrying.send(retry.line) }
            for retry in retries {
                let reply = try retrying.receive()
                if let first = answers[retry.key] { #expect(first == reply, "\(retry.key) got another answer after round \(round)") }
                answers[retry.key] = reply
            }

            var fresh = (0..<150).map { number in
                let key = "s-\(round)-\(number)"
                return (key: key, line: line(key, "case.submit", SmallOffice.submission(key)))
            }
            // Cases of the round before are accepted, each once.
            for (key, reply) in answers where key.hasPrefix("s-\(round - 1)-") {
                guard let id = try JSONReader.read(reply)["result"]?["case"] else { continue }
                fresh.append((key: "a-\(key)", line: line("a-\(key)", "case.accept", .of(["case": id, "acting": "otto"]))))
            }
            fresh.shuffle(using: &random)
            let clients = try (0..<4).map { _ in try daemon.client() }
            // All is on its way before the first reply is read, and in most rounds the cut comes within the first few.
            for (place, request) in fresh.enumerated() { try clients[place % 4].send(request.line) }
            let last = Int.random(in: 0..<(round % 4 == 0 ? fresh.count : 8), using: &random)
            for place in 0..<last {
                answers[fresh[place].key] = try clients[place % 4].receive()
            }
            daemon.kill()
            // Replies that were on their way count as received, too.
            for place in last..<fresh.count {
                guard let reply = try? clients[place % 4].receive() else { continue }
                answers[fresh[place].key] = reply
            }
            requests += fresh
            unanswered = fresh.filter { answers[$0.key] == nil }
            cutCount += unanswered.count
        }

        let daemon = try started()
        let client = try daemon.client()
        for request in requests {
            try client.send(request.line)
            let reply = try client.receive()
            if let first = answers[request.key] { #expect(first == reply, "\(request.key)") }
            answers[request.key] = reply
        }
        print(
            "power cuts: \(cutCount) requests were unanswered at a cut, \(committedUnheardCount) of their submissions were durable; seed \(seed)"
        )
        #expect(cutCount > 0, "no cut came while requests were under way: the test has shown nothing")
        // Every submission is there exactly once, and every acceptance took exactly one step.
        let submissions = requests.filter { $0.key.hasPrefix("s-") }
        #expect(try client.call("case.count").get()["count"]?.integer == Int64(submissions.count))
        var ids: Set<String> = []
        for submission in submissions {
            let id = try #require(try JSONReader.read(answers[submission.key]!)["result"]?["case"]?.string)
            #expect(ids.insert(id).inserted, "\(id) was answered twice")
            let events = try client.call("case.history", .of(["case": .string(id)])).get()["events"]!.array!.map { $0["event"]!.string! }
            let wasAccepted = answers["a-\(submission.key)"] != nil
            #expect(events == (wasAccepted ? ["submitted", "accepted"] : ["submitted"]), "\(id)")
        }
        #expect(daemon.terminate() == 0)
    }

    @Test("A watch that goes on by its cursor over kill -9 hears each event of the journal once, in order")
    func watching() throws {
        let seed = UInt64(Date().timeIntervalSince1970)
        var random = SeededRandom(seed: seed)
        let directory = TemporaryDirectory()
        var (heard, cursor) = ([Int64](), JSONValue.string("start"))
        for round in 0..<8 {
            let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
            if round == 0 { _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get() }
            let (client, watcher) = (try daemon.client(), try daemon.client())
            _ = try watcher.call("case.watch", .of(["from": cursor])).get()
            for number in 0..<60 { try client.send(line("w-\(round)-\(number)", "case.submit", SmallOffice.submission("x"))) }
            // The cut comes somewhere within, before all that is durable was sent on.
            for _ in 0..<Int.random(in: 1..<60, using: &random) {
                var params = try #require(try JSONReader.read(watcher.receive())["params"])
                while params["type"] == "bookmark" { params = try #require(try JSONReader.read(watcher.receive())["params"]) }
                heard.append(try #require(params["event"]?["seq"]?.integer))
                cursor = try #require(params["cursor"])
            }
            daemon.kill()
        }
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        var journal: [Int64] = []
        for number in 1...(try client.call("case.count").get()["count"]!.integer!) {
            let events = try client.call("case.history", .of(["case": .string("C-\(number)")])).get()["events"]!.array!
            journal += events.map { $0["seq"]!.integer! }
        }
        journal.sort()
        let watcher = try daemon.client()
        _ = try watcher.call("case.watch", .of(["from": cursor])).get()
        while heard.count < journal.count {
            heard.append(try #require(try JSONReader.read(watcher.receive())["params"]?["event"]?["seq"]?.integer))
        }
        #expect(heard == journal, "seed \(seed)")
        daemon.terminate()
    }

    @Test("After SIGTERM under load, what was answered as done is there, and nothing else")
    func cleanStop() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for number in 0..<400 { try client.send(line("k\(number)", "case.submit", SmallOffice.submission("\(number)"))) }
        Foundation.kill(daemon.processID, SIGTERM)
        var done = 0
        var refused = 0
        while let reply = try? client.receive() {
            let value = try JSONReader.read(reply)
            if value["result"] != nil {
                done += 1
            } else if value["error"]?["code"]?.integer == 4503 {
                refused += 1
            } else {
                Issue.record("neither done nor refused: \(String(decoding: reply, as: UTF8.self))")
            }
        }
        #expect(daemon.terminate() == 0)
        let again = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        #expect(try again.client().call("case.count").get()["count"]?.integer == Int64(done))
        print("clean stop: \(done) done, \(refused) refused")
    }

    @Test("Rungs pass on a real clock without a request, never early, and once after a stop")
    func realClock() throws {
        var files = SmallOffice.files()
        files["sla.toml"] = files["sla.toml"]!.replacing(
            "budget = \"5 working-days\"\nladder = [{ at = \"80%\", level = 1, notify = [\"office-head\"] }]",
            with: """
                budget = "1 minute"
                ladder = [
                  { at = "1%", level = 1, notify = ["office-head"] },
                  { at = "2%", level = 2, notify = ["office-head"] },
                  { at = "5%", level = 3, notify = ["office-head"] },
                ]
                """)
        let directory = TemporaryDirectory()
        var daemon = try DaemonProcess(in: directory)
        var client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        let file = try client.call("case.submit", SmallOffice.submission()).get()["case"]!
        func rungs() throws -> [JSONValue] {
            try client.call("case.history", .of(["case": file])).get()["events"]!.array!.filter { $0["event"]?.string == "rung-passed" }
        }
        // A read settles nothing: it is the timer that lets the rung pass.
        while try rungs().isEmpty {}
        daemon.terminate()

        daemon = try DaemonProcess(in: directory)
        client = try daemon.client()
        while try rungs().count < 3 {}
        for rung in try rungs() {
            #expect(try #require(Instant(rung["at"]!.string!)) >= #require(Instant(rung["data"]!["due"]!.string!)), "early")
        }
        #expect(try rungs().map { $0["data"]!["rung"]!.integer! } == [0, 1, 2])
        daemon.terminate()
    }
}
