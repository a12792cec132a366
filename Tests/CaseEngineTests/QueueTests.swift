import CaseCore
import CaseEngine
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@Suite("What waits for somebody")
struct QueueTests {
    private static let people = ["otto", "hana", "lena", "bela", "cora"]

    private static let steps: [(Method, KeyValuePairs<String, JSONValue>)] = [
        ("case.accept", [:]), ("case.accept", [:]), ("case.request_correction", ["missing": .array(["form"])]),
        ("case.correct", ["materials": .array(["form"])]), ("case.recommend", ["recommendation": "grant", "opinion": "x"]),
        ("case.recommend", ["recommendation": "grant", "opinion": "x"]), ("case.return", ["reason": "x"]), ("case.grant", [:]),
        ("case.suspend", ["kind": "hearing", "basis": "x", "expected": "3 working-days"]), ("case.resume", ["kind": "hearing"]),
        ("case.deliver", ["how": "x"]), ("case.assign", ["handler": "hana"]),
    ]

    private func queue(_ harness: Harness, of person: String?) async throws -> Set<String> {
        let list = try await harness.call("case.list", .of(["filter": .of(["mine": true])]), acting: person).get()
        return Set(list["cases"]!.array!.map { $0["case"]!.string! })
    }

    @Test("Whoever has to act next finds the case among theirs, and nothing is there that does not wait for them", arguments: 0..<6)
    func complete(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let harness = try await Harness()
        var met: Set<String> = []
        for number in 0..<5 { _ = try await harness.submit("Case \(number)") }
        for step in 0..<60 {
            let id = JSONValue.of(["case": .string("C-\(Int.random(in: 1...5, using: &random))")])
            let (method, members) = Self.steps.randomElement(using: &random)!
            _ = try await harness.on(id, method, members, as: (Self.people + [nil]).randomElement(using: &random)!)
            if step % 6 == 5 { try await harness.advance(to: harness.time.now.advanced(byMilliseconds: 170_000_000).description) }
            guard step % 4 == 3 else { continue }
            let files = try await harness.call("case.list", uid: Harness.admin).get()["cases"]!.array!
            var queues: [String: Set<String>] = [:]
            for person in Self.people { queues[person] = try await queue(harness, of: person) }
            for file in files {
                let (name, next) = (file["case"]!.string!, file["waits_for"]!)
                let named = Set(next["names"]?.array?.compactMap(\.string) ?? [])
                if let role = next["role"]?.string { met.insert(role) }
                for person in Self.people {
                    let isThere = queues[person]!.contains(name)
                    if named.contains(person) {
                        #expect(isThere, "seed \(seed), step \(step): \(name) waits for \(person)")
                    } else if isThere {
                        let isSupervised = person == "cora" && file["light"] == "red"
                        let isUnassigned = file["handler"] == .null && ["otto", "hana"].contains(person) && next["role"] == "office"
                        #expect(isSupervised || isUnassigned, "seed \(seed), step \(step): \(name) does not wait for \(person)")
                    }
                }
                if next["role"] == "submitter" { #expect(try await queue(harness, of: nil).contains(name)) }
            }
        }
        #expect(met.isSuperset(of: ["office"]), "\(met)")
    }

    @Test("On the days of a substitution the queue is the substitute's, and the holder's again behind them")
    func substitute() async throws {
        let harness = try await Harness()
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]! += "[substitution.march]\npost = \"leader\"\nby = \"bureau-head\"\nfrom = 2026-02-10\nto = 2026-02-14\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        let given = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
        #expect(given["state"] == "with-leader")
        for (day, leader, other) in [("09", "lena", "bela"), ("11", "bela", "lena"), ("16", "lena", "bela")] {
            try await harness.advance(to: "2026-02-\(day)T03:00:00Z")
            let (own, others) = (try await queue(harness, of: leader), try await queue(harness, of: other))
            #expect(own == ["C-1"] && others == [], "day \(day)")
            let shown = try await harness.on(file, "case.get", as: "otto").get()
            #expect(shown["waits_for"]?["names"] == .array([.string(leader)]))
        }
    }

    @Test("The last events of a case are the end of its history")
    func last() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        for number in 0..<9 { _ = try await harness.on(file, "case.note", ["text": .string("n \(number)")], as: "otto").get() }
        let all = try await harness.history(file)
        for count in [1, 3, 10, 400] {
            let last = try await harness.on(file, "case.history", ["last": .integer(count)]).get()["events"]!.array!
            #expect(last == Array(all.suffix(count)), "\(count)")
        }
        #expect(try await harness.on(file, "case.history", ["last": 0]).kind == "params.invalid")
        let page = try await harness.on(file, "case.history", ["last": 4, "limit": 2]).get()
        let rest = try await harness.on(file, "case.history", ["last": 4, "after": page["next"]!]).get()
        #expect(page["events"]!.array! + rest["events"]!.array! == Array(all.suffix(4)))
    }

    @Test("Who only has the receipt sees what is missing, until when, and who has to act, and no name")
    func status() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let receipt = JSONValue.of(["receipt": file["receipt"]!])
        #expect(try await harness.call("case.get", receipt).get()["waits_for"] == "office")
        _ = try await harness.on(file, "case.request_correction", ["missing": .array(["form"])], as: "otto").get()
        let status = try await harness.call("case.get", receipt).get()
        #expect(status["waits_for"] == "submitter" && status["missing"] == .array(["form"]))
        let clocks = try await harness.on(file, "case.get", as: "otto").get()["clocks"]!.array!
        #expect(status["until"] == clocks.first { $0["clock"] == "correction" }?["due"])
        #expect(!String(decoding: JSONWriter.bytes { $0.value(status) }, as: UTF8.self).contains("otto"))
        _ = try await harness.on(file, "case.correct", ["materials": .array(["form"])]).get()
        #expect(try await harness.call("case.get", receipt).get()["missing"] == nil)
    }
}
