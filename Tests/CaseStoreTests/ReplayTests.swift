import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

/// 500 real approval cases, each event at its recorded time, through a real daemon and its socket.
///
/// Data: BPI Challenge 2020, Domestic Declarations (van Dongen, 2020), 4TU.ResearchData.
@Suite(
    "The replay of real cases",
    .enabled(if: SharedData.has("logs/domestic_500.events.csv"), "the log of real cases is not beside the project"))
struct ReplayTests {
    struct Row {
        let file: String
        let time: Instant
        let kind: String
    }

    /// In the order of time and place in the log.
    static func rows() throws -> [Row] {
        let text = String(decoding: try SharedData.bytes("logs/domestic_500.events.csv"), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return (Row(file: cells[0], time: Instant(cells[2])!, kind: cells[6]), Int(cells[1])!)
        }.sorted { ($0.0.time, $0.1) < ($1.0.time, $1.1) }.map(\.0)
    }

    /// What the office of the log would have declared: one matter, a generous time for corrections, weekdays in its zone.
    static let files: [String: String] = {
        var files = SmallOffice.files()
        files["calendar.toml"] = """
            [calendar.cn]
            zone = "Europe/Amsterdam"
            valid-through = 2018-12-31
            [calendar.cn.week]
            monday = ["09:00-17:00"]
            tuesday = ["09:00-17:00"]
            wednesday = ["09:00-17:00"]
            thursday = ["09:00-17:00"]
            friday = ["09:00-17:00"]
            """
        files["sla.toml"] = files["sla.toml"]!.replacing("30 calendar-days", with: "3000 calendar-days")
        return files
    }()

    /// Plays one case's rows, and counts what the log skips.
    struct Player {
        let client: Client
        var cases: [String: String] = [:]
        var skipped: [String: Int] = [:]
        var commands: [String: Int] = [:]
        var passed: Set<String> = []
        var delivered: Set<String> = []

        func file(_ row: Row) throws -> JSONValue {
            try client.call("case.get", .of(["case": .string(cases[row.file]!)])).get()
        }

        mutating func send(_ row: Row, _ method: Method, _ members: KeyValuePairs<String, JSONValue> = [:], as person: String? = nil) throws
        {
            var params: [JSONValue.Member] = [.init("case", .string(cases[row.file]!))] + members.map { .init($0.key, $0.value) }
            if let person { params.append(.init("acting", .string(person))) }
            switch try client.call(method.rawValue, .object(params)) {
            case .success: commands[method.rawValue, default: 0] += 1
            case .failure(let error): Issue.record("\(row.file) at \(row.time): \(method.rawValue) was refused: \(error.message)")
            }
        }

        mutating func skip(_ row: Row, _ method: Method, _ members: KeyValuePairs<String, JSONValue> = [:], as person: String) throws {
            skipped[method.rawValue, default: 0] += 1
            try send(row, method, members, as: person)
        }

        mutating func note(_ row: Row, as person: String?) throws {
            try send(row, "case.note", ["text": .string(row.kind)], as: person)
        }

        mutating func play(_ row: Row) throws {
            switch row.kind {
            case "draft": break
            case "submit": try submit(row)
            case "office_pass": try officePass(row)
            case "office_return":
                if try file(row)["state"]?.string == "submitted" {
                    try send(row, "case.request_correction", ["missing": .array(["form"])], as: "otto")
                } else {
                    try send(row, "case.suspend", ["kind": "applicant", "basis": "returned", "expected": "30 calendar-days"], as: "otto")
                }
            case "applicant_ack_return": try note(row, as: nil)
            case "leader_reject":
                try bringToLeader(row)
                try send(row, "case.return", ["reason": "rejected"], as: "lena")
            case "decide_approve":
                try bringToLeader(row)
                try send(row, "case.grant", as: "lena")
            case "exec":
                if delivered.insert(row.file).inserted {
                    try send(row, "case.deliver", ["how": "payment"], as: "otto")
                } else {
                    try note(row, as: "otto")
                }
            default: Issue.record("the log has an unknown kind \(row.kind)")
            }
        }

        private mutating func submit(_ row: Row) throws {
            guard cases[row.file] != nil else {
                let submitted = try client.call("case.submit", SmallOffice.submission(row.file, key: row.file)).get()
                cases[row.file] = submitted["case"]!.string!
                return
            }
            let file = try file(row)
            if file["state"]?.string == "correction" {
                try send(row, "case.correct", ["materials": .array(["form"])])
            } else if file["suspended"]?.members != nil {
                try send(row, "case.resume", as: "otto")
            } else {
                // After the leader's return the file is with the office: what the applicant sends is a note on it.
                try note(row, as: nil)
            }
        }

        private mutating func officePass(_ row: Row) throws {
            guard passed.insert(row.file).inserted else { return try note(row, as: "otto") }
            if try file(row)["state"]?.string == "submitted" {
                try send(row, "case.accept", as: "otto")
            } else {
                // Nobody had answered in time: it is deemed accepted.
                skipped["deemed accepted", default: 0] += 1
            }
            try send(row, "case.recommend", ["recommendation": "grant", "opinion": "passed"], as: "otto")
        }

        /// The steps that the log skips before the leader acts are done at that instant.
        private mutating func bringToLeader(_ row: Row) throws {
            if try file(row)["suspended"]?.members != nil { try skip(row, "case.resume", as: "otto") }
            if try file(row)["state"]?.string == "submitted" { try skip(row, "case.accept", as: "otto") }
            if try file(row)["state"]?.string == "in-review" {
                try skip(row, "case.recommend", ["recommendation": "grant", "opinion": "passed"], as: "otto")
            }
        }
    }

    @Test("500 real cases end as the log says, without an unexpected refusal, and the report counts what the log counts")
    func replay() throws {
        try replay(on: nil)
    }

    @Test("So they do on a database", .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
    func replayOnDatabase() throws {
        let server = PostgreSQLServer.shared
        try replay(on: server.words(server.database(), user: "daemon"))
    }

    private func replay(on database: String?) throws {
        let rows = try Self.rows()
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, database: database, manualClock: rows[0].time.description)
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter(Self.files)).get()

        var player = Player(client: client)
        for row in rows {
            _ = try client.call("clock.advance", .of(["to": .string(row.time.description)])).get()
            try player.play(row)
        }

        // Counted from the log alone.
        let byCase = Dictionary(grouping: rows, by: \.file)
        let submitted = byCase.values.filter { $0.contains { $0.kind == "submit" } }
        let granted = submitted.filter { $0.contains { $0.kind == "decide_approve" } }
        func decidedIn(_ month: String) -> Int {
            granted.count { $0.contains { $0.kind == "decide_approve" && localDay($0.time).hasPrefix(month) } }
        }
        let all = try client.call("sla.report").get()["total"]!
        #expect(all["received"]?.integer == Int64(submitted.count))
        #expect(all["granted"]?.integer == Int64(granted.count))
        #expect(all["decided"]?.integer == Int64(granted.count))
        #expect(all["open"]?.integer == Int64(submitted.count - granted.count), "what the log leaves undecided stays open")
        #expect(all["closed_otherwise"]?.integer == 0)
        #expect(["in_time", "promise_missed", "late"].reduce(0) { $0 + all[$1]!.integer! } == Int64(granted.count))
        for (month, next) in [("2018-03", "2018-04"), ("2018-04", "2018-05"), ("2018-05", "2018-06")] {
            let report = try client.call(
                "sla.report", .of(["from": .string("\(month)-01"), "to": .string("\(next)-01")])
            ).get()["total"]!
            #expect(report["decided"]?.integer == Int64(decidedIn(month)), "decided in \(month)")
            let received = submitted.count { localDay($0.first { $0.kind == "submit" }!.time).hasPrefix(month) }
            #expect(report["received"]?.integer == Int64(received), "received in \(month)")
        }

        // Late is what a plain count of weekdays from the acceptance finds late.
        let late = try lateByHand(granted, player, client)
        #expect(all["late"]?.integer == Int64(late))
        print(
            "replay: \(submitted.count) cases, \(granted.count) granted, \(late) late, steps not in the log: \(player.skipped), commands: \(player.commands)"
        )
        #expect(daemon.terminate() == 0)
    }

    /// The day in the zone of the calendar.
    private func localDay(_ instant: Instant) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "Europe/Amsterdam")!
        formatter.dateFormat = "yyyy-MM-dd"
        return formatter.string(from: Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000))
    }

    /// How many granted cases used up 20 weekdays between acceptance and decision, suspensions left out, day by day from the journal's dates.
    private func lateByHand(_ granted: [[Row]], _ player: Player, _ client: Client) throws -> Int {
        let zone = TimeZone(identifier: "Europe/Amsterdam")!
        var calendar = Foundation.Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        func day(_ text: String) -> Date {
            calendar.startOfDay(for: Date(timeIntervalSince1970: Double(Instant(text)!.milliseconds) / 1000))
        }
        return try granted.count { rows in
            let events = try client.call("case.history", .of(["case": .string(player.cases[rows[0].file]!)])).get()["events"]!.array!
            var accepted: Date?
            var pauses: [(Date, Date)] = []
            var pausedAt: Date?
            var decided: Date?
            for event in events {
                let at = event["at"]!.string!
                switch event["event"]!.string! {
                case "accepted": accepted = day(at)
                case "deemed-accepted": accepted = day(event["data"]!["effective"]!.string!)
                case "suspended": pausedAt = day(at)
                case "resumed": pauses.append((pausedAt!, day(at)))
                case "granted": decided = day(at)
                default: break
                }
            }
            var counted = 0
            var date = calendar.date(byAdding: .day, value: 1, to: accepted!)!
            // A day counts when it is over: the day of the decision does not.
            while date < decided! {
                let isWeekday = !calendar.isDateInWeekend(date)
                if isWeekday, !pauses.contains(where: { $0.0 <= date && date < $0.1 }) { counted += 1 }
                date = calendar.date(byAdding: .day, value: 1, to: date)!
            }
            return counted >= 20
        }
    }
}
