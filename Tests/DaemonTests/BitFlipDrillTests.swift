import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import CaseStoreSQLite

/// Bits of a store that are other ones than were written, under a daemon that is asked everything.
@Suite("Flipped bits", .serialized, Drills.asked)
struct BitFlipDrillTests {
    private static let start = "2026-02-06T01:00:00Z"
    private static let end = "2026-03-20T03:00:00Z"
    private static let caseCount = 120

    private typealias Question = (method: String, params: JSONValue)

    /// How many flips were noticed where, and the replies to all questions.
    private struct Table {
        var roundCount = 0
        /// The daemon did not start, and said that the store is to be restored.
        var atStart = 0
        /// A question was refused as `evidence.damaged`.
        var atRead = 0
        /// Only a command was.
        var atCommand = 0
        /// Nothing that was asked touched the page: a look at all pages has found it.
        var byScrub = 0
        /// Not even that one.
        var byNothing = 0
        /// Replies that were not the right ones, and no refusals as `evidence.damaged` either.
        var servedWrong: [String] = []
        /// Of these, such as say no more than that there is a fault.
        var faultCount = 0
    }

    @Test("Of 300 bits that flip in used pages of a store, none is served as if it were right")
    func flips() throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["CASED_SEED"].flatMap { UInt64($0) } ?? UInt64(Date().timeIntervalSince1970)
        var random = SeededRandom(seed: seed)
        let origin = TemporaryDirectory()
        try Self.fill(origin, &random)
        let used = try Self.usedPages("\(origin.path)/state/cased.sqlite")
        #expect(used.count > 100)
        // What two daemons that nothing is wrong with say in two ways is not compared.
        let right = try Self.healthyAnswers(origin)
        let isStable = zip(right, try Self.healthyAnswers(origin)).map { $0 == $1 }
        #expect(isStable.count { !$0 } < 3)
        var table = Table()
        for round in 0..<(environment["CASED_FLIPS"].flatMap { Int($0) } ?? 300) {
            let (page, place) = (used.randomElement(using: &random)!, Int.random(in: 0..<PageSum.pageSize * 8, using: &random))
            let what = "seed \(seed), round \(round): bit \(place % 8) of byte \(place / 8) of page \(page)"
            try Self.live(origin, page, place, right, isStable, what, &table)
        }
        print(
            """
            \(table.roundCount) bits flipped, one a round, in \(used.count) used pages, seed \(seed); noticed
              at the start                \(table.atStart)
              when it was read            \(table.atRead)
              by a command                \(table.atCommand)
              by a look at all pages      \(table.byScrub)
              by nothing                  \(table.byNothing)
            and \(table.servedWrong.count) replies served wrong, beside \(table.faultCount) faults
            """)
        #expect(table.servedWrong.isEmpty, "\(table.servedWrong.prefix(5))")
        #expect(table.byNothing == 0 && table.faultCount == 0)
    }

    /// One daemon on a copy of which one bit is another one.
    private static func live(
        _ origin: TemporaryDirectory, _ page: Int, _ place: Int, _ right: [[UInt8]], _ isStable: [Bool], _ what: String,
        _ table: inout Table
    ) throws {
        table.roundCount += 1
        let folder = try copy(of: origin)
        let path = "\(folder.path)/state/cased.sqlite"
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        let offset = UInt64((page - 1) * PageSum.pageSize + place / 8)
        try file.seek(toOffset: offset)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: offset)
        try file.write(contentsOf: [byte ^ 1 << UInt8(place % 8)])
        try file.close()
        let isFound = (try? BackupFile(path)) == nil
        let daemon: DaemonProcess
        do {
            daemon = try DaemonProcess(in: folder, manualClock: end)
        } catch let error as DaemonProcess.Failed {
            #expect(error.description.contains("restore it from a backup"), "\(what): \(error)")
            table.atStart += 1
            return
        }
        let client = try daemon.client()
        var refusedCount = 0
        for ((question, reply), (right, isStable)) in zip(zip(questions, try ask(client)), zip(right, isStable))
        where isStable && reply != right {
            switch try JSONReader.read(reply)["error"]?["code"]?.integer {
            case 5500: refusedCount += 1
            case -32603: table.faultCount += 1
            default: table.servedWrong.append("\(what): \(question): \(String(decoding: reply.prefix(500), as: UTF8.self))")
            }
        }
        // It is not ended by it, and takes commands, or says why not.
        var isCommandRefused = false
        for number in 0..<5 {
            if case .failure(let error) = try client.call("case.submit", SmallOffice.submission("New \(number)", key: "new-\(number)")) {
                #expect(error.code == 5500, "\(what): \(error)")
                isCommandRefused = true
            }
        }
        #expect(daemon.terminate() == 0, "\(what): \(daemon.log)")
        if refusedCount > 0 {
            table.atRead += 1
            #expect(daemon.log.contains("not what was recorded"), "\(what)")
        } else if isCommandRefused {
            table.atCommand += 1
        } else if isFound {
            table.byScrub += 1
        } else {
            table.byNothing += 1
            Issue.record("\(what) was noticed by nothing")
        }
    }

    // MARK: The store, and what is asked of it

    private static func copy(of origin: TemporaryDirectory) throws -> TemporaryDirectory {
        let folder = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: "\(origin.path)/state", toPath: "\(folder.path)/state")
        return folder
    }

    /// Cases of all kinds: two versions of the catalogue, all commands in any order, rungs and draws that passed.
    private static func fill(_ folder: TemporaryDirectory, _ random: inout SeededRandom) throws {
        let daemon = try DaemonProcess(in: folder, manualClock: start)
        let client = try daemon.client()
        var files = SmallOffice.consulting(SmallOffice.files()).merging(SmallOffice.survey) { $1 }
        files["draws.toml"] =
            "[draw.weekly]\npost = \"commissioner\"\nevery = \"week\"\nsize = 2\nmatters = [\"permit\"]\ncalendar = \"cn\"\n"
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        for number in 1...caseCount {
            _ = try client.call("case.submit", SmallOffice.submission("Case \(number), 仓库 \(number)", key: "k-\(number)")).get()
        }
        let steps: [(String, [String: JSONValue])] = [
            ("case.accept", ["acting": "otto"]), ("case.accept", ["acting": "otto"]), ("case.accept", ["acting": "hana"]),
            ("case.note", ["text": "called the applicant, who will send the drawings of the hall next week", "acting": "otto"]),
            ("case.recommend", ["recommendation": "grant", "opinion": "complete and lawful", "acting": "otto"]),
            ("case.recommend", ["recommendation": "refuse", "opinion": "not lawful", "acting": "otto"]),
            ("case.return", ["reason": "cite the standard", "acting": "lena"]), ("case.grant", ["acting": "lena"]),
            ("case.refuse", ["reasons": "against the plan", "acting": "lena"]), ("case.withdraw", ["reason": "built elsewhere"]),
            ("case.deliver", ["how": "post", "acting": "otto"]),
            ("case.suspend", ["kind": "hearing", "basis": "Art. 45", "expected": "5 working-days", "acting": "otto"]),
            ("case.resume", ["acting": "otto"]),
            ("case.request_correction", ["missing": .array(["form"]), "note": "signed, please", "acting": "otto"]),
            ("order.open", ["reason": "why is it late?", "due": "2 working-days", "acting": "cora"]),
            ("case.ask_opinion", ["office": "fire", "question": "is it safe?", "acting": "otto"]),
        ]
        for round in 0..<6 {
            for _ in 0..<200 {
                var (method, params) = steps.randomElement(using: &random)!
                params["case"] = .string("C-\(Int.random(in: 1...caseCount, using: &random))")
                _ = try client.call(method, object(params))
            }
            let day = ["02-10", "02-13", "02-27", "03-06", "03-13", "03-20"][round]
            _ = try client.call("clock.advance", .of(["to": .string("2026-\(day)T03:00:00Z")])).get()
            if round == 3 {
                files["office.toml"]! += "[person.nora]\nname = \"Nora\"\n"
                _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
            }
        }
        #expect(daemon.terminate() == 0)
    }

    private static func object(_ members: [String: JSONValue]) -> JSONValue {
        .object(members.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
    }

    private static let questions: [Question] = {
        var questions: [Question] = []
        func ask(_ method: String, _ params: [String: JSONValue] = [:]) { questions.append((method, object(params))) }
        for number in 1...caseCount {
            ask("case.get", ["case": .string("C-\(number)")])
            ask("case.history", ["case": .string("C-\(number)")])
        }
        for number in stride(from: 1, through: caseCount, by: 4) {
            ask("case.explain", ["case": .string("C-\(number)")])
            ask("order.list", ["case": .string("C-\(number)")])
        }
        ask("case.list", ["limit": 1000])
        ask("case.list", ["limit": 1000, "sort": "due"])
        ask("case.list", ["filter": .of(["text": "Case 7"]), "limit": 1000])
        ask("case.count")
        for state in ["submitted", "in-review", "granted", "refused", "correction"] {
            ask("case.count", ["filter": .of(["state": .string(state)])])
        }
        for person in ["otto", "hana", "lena", "cora", "bela"] {
            ask("case.list", ["filter": .of(["mine": true]), "acting": .string(person), "limit": 1000])
            ask("notice.list", ["mine": true, "acting": .string(person), "limit": 1000])
        }
        ask("notice.list", ["limit": 1000])
        ask("order.list", ["limit": 1000])
        for key in ["matter", "office", "leader", "department"] { ask("sla.report", ["by": .string(key)]) }
        ask("sla.report", ["from": "2026-02-01", "to": "2026-03-01"])
        ask("draw.list")
        ask("draw.get", ["draw": "weekly/2026-02-09"])
        ask("catalog.get")
        ask("catalog.get", ["version": 1])
        ask("catalog.versions")
        ask("catalog.powers", ["matter": "permit"])
        ask("catalog.proof")
        ask("catalog.duty_list")
        ask("case.can", ["case": "C-1", "command": "grant", "person": "otto"])
        ask("server.history")
        ask("server.info")
        // The first answers to keys.
        for number in stride(from: 1, through: caseCount, by: 3) {
            questions.append(("case.submit", SmallOffice.submission("Case \(number), 仓库 \(number)", key: "k-\(number)")))
        }
        return questions
    }()

    private static func ask(_ client: Client) throws -> [[UInt8]] {
        try questions.map { question in
            try client.send(Request(id: .string("q"), method: question.method, params: question.params).line)
            return try client.receive()
        }
    }

    private static func healthyAnswers(_ origin: TemporaryDirectory) throws -> [[UInt8]] {
        let daemon = try DaemonProcess(in: try copy(of: origin), manualClock: end)
        let answers = try ask(try daemon.client())
        #expect(daemon.terminate() == 0)
        let refused = zip(questions, answers).filter { (try? JSONReader.read($1)["error"]) != nil }
        #expect(refused.isEmpty, "\(refused.prefix(5).map { ($0.0, String(decoding: $0.1, as: UTF8.self)) })")
        return answers
    }

    /// All but those that wait for use (sqlite.org/fileformat2.html, "The Freelist").
    private static func usedPages(_ path: String) throws -> [Int] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        func word(_ offset: Int) -> Int { data[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        var free: Set<Int> = []
        var trunk = word(32)
        while trunk != 0 {
            let start = (trunk - 1) * PageSum.pageSize
            free.insert(trunk)
            for leaf in 0..<word(start + 4) { free.insert(word(start + 8 + 4 * leaf)) }
            trunk = word(start)
        }
        return (1...data.count / PageSum.pageSize).filter { !free.contains($0) }
    }
}
