import CaseCore
import CaseEngine
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@Suite("What waits for somebody")
struct QueueTests {
    private static let people = ["otto", "hana", "lena", "bela", "cora", "finn"]

    private static let steps: [(Method, KeyValuePairs<String, JSONValue>)] = [
        ("case.accept", [:]), ("case.accept", [:]), ("case.request_correction", ["missing": .array(["form"])]),
        ("case.correct", ["materials": .array(["form"])]), ("case.recommend", ["recommendation": "grant", "opinion": "x"]),
        ("case.recommend", ["recommendation": "grant", "opinion": "x"]), ("case.return", ["reason": "x"]), ("case.grant", [:]),
        ("case.suspend", ["kind": "hearing", "basis": "x", "expected": "3 working-days"]), ("case.resume", ["kind": "hearing"]),
        ("case.deliver", ["how": "x"]), ("case.assign", ["handler": "hana"]), ("case.recuse", ["reason": "kin"]),
        ("case.examine", ["step": "papers", "outcome": "in-order", "finding": "x"]),
        ("case.examine", ["step": "site", "outcome": "in-order", "finding": "x"]),
        ("case.ask_opinion", ["office": "fire", "question": "x"]),
        ("case.give_opinion", ["opinion": "for", "office": "fire", "text": "x"]),
        ("order.open", ["reason": "x", "due": "2 working-days", "to": "leader"]),
        ("order.open", ["reason": "x", "due": "2 working-days", "to": "handler"]),
        ("order.open", ["reason": "x", "due": "2 working-days", "to": "office-head"]),
        ("order.answer", ["answer": "x"]), ("order.answer", ["answer": "x"]), ("order.close", ["finding": "x"]),
    ]

    /// The names of those for whom a case waits, by what it says.
    private static func named(_ file: JSONValue) -> Set<String> {
        Set(
            ["waits_for", "order_waits_for", "inspection_waits_for"].flatMap {
                (file[$0]?["names"]?.array ?? []).compactMap(\.string).map { $0 == "office fire" ? "finn" : $0 }
            })
    }

    private func queue(_ harness: Harness, of person: String?) async throws -> Set<String> {
        let list = try await harness.call("case.list", .of(["filter": .of(["mine": true])]), acting: person).get()
        return Set(list["cases"]!.array!.map { $0["case"]!.string! })
    }

    @Test("Whoever has to act next finds the case among theirs, and nothing is there that does not wait for them", arguments: 0..<6)
    func complete(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let harness = try await Harness(withCatalog: false)
        let files = SmallOffice.consulting(SmallOffice.files(user: Harness.hall)).merging(SmallOffice.survey) { $1 }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        var met: Set<String> = []
        for number in 0..<6 {
            let (matter, area) = number % 3 == 2 ? ("survey", "north") : ("permit", nil)
            _ = try await harness.call("case.submit", SmallOffice.submission("Case \(number)", matter: matter, area: area)).get()
        }
        for step in 0..<90 {
            let number = Int.random(in: 1...6, using: &random)
            let (method, members) = Self.steps.randomElement(using: &random)!
            let author = (Self.people + [nil]).randomElement(using: &random)!
            if [Method("order.answer"), "order.close"].contains(method) {
                let shown = try await harness.call("case.get", .of(["case": .string("C-\(number)")]), uid: Harness.admin).get()
                guard let order = shown["orders"]?.array?.last?["order"] else { continue }
                _ = try await harness.call(
                    method, .object([.init("order", order)] + members.map { .init($0.key, $0.value) }), acting: author)
            } else {
                _ = try await harness.on(.of(["case": .string("C-\(number)")]), method, members, as: author)
            }
            if step % 6 == 5 { try await harness.advance(to: harness.time.now.advanced(byMilliseconds: 170_000_000).description) }
            guard step % 4 == 3 else { continue }
            let files = try await harness.call("case.list", uid: Harness.admin).get()["cases"]!.array!
            var queues: [String: Set<String>] = [:]
            for person in Self.people { queues[person] = try await queue(harness, of: person) }
            for file in files {
                let (name, next) = (file["case"]!.string!, file["waits_for"]!)
                let (named, recused) = (Self.named(file), Set(file["recused"]?.array?.compactMap(\.string) ?? []))
                for member in ["waits_for", "order_waits_for"] {
                    if let role = file[member]?["role"]?.string { met.insert("\(member) \(role)") }
                }
                for person in Self.people {
                    // Whoever has no part in it is named where nobody else is there.
                    if recused.contains(person) { continue }
                    let isThere = queues[person]!.contains(name)
                    if named.contains(person) {
                        #expect(isThere, "seed \(seed), step \(step): \(name) waits for \(person)")
                    } else if isThere {
                        let isSupervised = person == "cora" && file["light"] == "red"
                        let isUnassigned = file["handler"] == .null && ["otto", "hana"].contains(person) && next["role"] == "office"
                        // Whose time has passed may still answer.
                        let isAsked =
                            person == "finn"
                            && (file["opinions"]?.array ?? []).contains {
                                $0["answer"]?.members == nil && $0["withdrawn_at"]?.string == nil
                            }
                        #expect(isSupervised || isUnassigned || isAsked, "seed \(seed), step \(step): \(name) does not wait for \(person)")
                    }
                }
                if next["role"] == "submitter" { #expect(try await queue(harness, of: nil).contains(name)) }
            }
        }
        #expect(met.isSuperset(of: ["waits_for office"]), "\(met)")
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

    @Test("A step for one post waits for whoever acts for it, and for nobody else; where nobody does, for the whole office")
    func steps() async throws {
        let harness = try await Harness()
        var files = SmallOffice.files(user: Harness.hall).merging(SmallOffice.survey) { $1 }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let file = try await harness.call("case.submit", SmallOffice.submission(matter: "survey", area: "south")).get()
        _ = try await harness.on(file, "case.accept", as: "hana").get()
        #expect(try await queue(harness, of: "hana") == ["C-1"])
        _ = try await harness.on(
            file, "case.examine", ["step": "papers", "outcome": "in-order", "finding": "x"], as: "hana"
        ).get()
        #expect(try await queue(harness, of: "hana") == [])
        #expect(try await queue(harness, of: "otto") == ["C-1"])
        #expect(try await harness.on(file, "case.get").get()["waits_for"]?["names"] == .array(["otto"]))
        files["survey.toml"] = files["survey.toml"]!.replacing("post = \"officer\"", with: "post = \"office-head\"")
        _ = try await harness.on(
            file, "case.examine", ["step": "site", "outcome": "in-order", "finding": "x"], as: "otto"
        ).get()
        #expect(try await queue(harness, of: "hana") == ["C-1"], "who handles it recommends")
    }

    @Test("An order waits for whoever is asked, then for the commissioner; when its case ends it ends, and waits for nobody")
    func orders() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
        _ = try await harness.on(file, "order.open", ["reason": "x", "due": "2 working-days", "to": "handler"], as: "cora").get()
        for person in ["otto", "lena"] { #expect(try await queue(harness, of: person) == ["C-1"], "\(person)") }
        #expect(try await queue(harness, of: "cora") == [])
        _ = try await harness.call("order.answer", .of(["order": "O-1-1", "answer": "x"]), acting: "otto").get()
        #expect(try await queue(harness, of: "otto") == [])
        #expect(try await queue(harness, of: "cora") == ["C-1"])
        _ = try await harness.on(file, "case.grant", ["reasons": "x"], as: "lena").get()
        try await harness.advance(to: harness.time.now.advanced(byMilliseconds: 1000).description)
        #expect(try await queue(harness, of: "cora") == [])
        let shown = try await harness.on(file, "case.get", as: "cora").get()
        #expect(shown["orders"]?.array?.first?["state"] == "ended" && shown["order_waits_for"] == nil)
    }

    @Test("A decided case whose officer has left the office waits for the head of the office to deliver it; the plan counts it")
    func leftDelivery() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
        _ = try await harness.on(file, "case.grant", ["reasons": "x"], as: "lena").get()
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"] =
            files["office.toml"]!.replacing("holder = \"otto\"", with: "holder = \"olga\"")
            + "[person.olga]\nname = \"Olga\"\n"
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(plan["leavers"]?.array?.first?["deliveries"] == 1 && plan["leavers"]?.array?.first?["person"] == "otto")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(try await harness.on(file, "case.get").get()["waits_for"]?["names"] == .array(["hana"]))
        for person in ["hana", "olga"] { #expect(try await queue(harness, of: person) == ["C-1"], "\(person)") }
        _ = try await harness.on(file, "case.deliver", ["how": "by hand"], as: "olga").get()
        #expect(try await queue(harness, of: "hana") == [])
    }

    @Test("The plan of an office that is succeeded names nobody as leaving whose post goes along, and nobody's cases fall to anybody")
    func merged() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        let files = SmallOffice.files(user: Harness.hall).mapValues {
            $0.replacing("[office.permits]", with: "[office.counter]\nsucceeds = [\"permits\"]")
                .replacing("office = \"permits\"", with: "office = \"counter\"")
        }
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(plan["leavers"] == .array([]))
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let shown = try await harness.on(file, "case.get").get()
        #expect(shown["handler"] == "otto" && shown["office"] == "counter")
        #expect(try await queue(harness, of: "otto") == ["C-1"])
    }

    @Test("The last events of a case are the end of its history")
    func last() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        for number in 0..<9 { _ = try await harness.on(file, "case.note", ["text": .string("n \(number)")], as: "otto").get() }
        let all = try await harness.history(file)
        for count in [1, 3, 10, 400] {
            let last = try await harness.on(file, "case.history", ["last": .integer(count)], as: "otto").get()["events"]!.array!
            #expect(last == Array(all.suffix(count)), "\(count)")
        }
        #expect(try await harness.on(file, "case.history", ["last": 0]).kind == "params.invalid")
        let page = try await harness.on(file, "case.history", ["last": 4, "limit": 2], as: "otto").get()
        let rest = try await harness.on(file, "case.history", ["last": 4, "after": page["next"]!], as: "otto").get()
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
        #expect(status["missing_names"] == .array(["form"]))
        _ = try await harness.on(file, "case.correct", ["materials": .array(["form"])]).get()
        #expect(try await harness.call("case.get", receipt).get()["missing"] == nil)
    }

    @Test(
        "Behind a receipt stand the reasons, the day by which it is to be decided, and the end of a suspension; nobody needs to be known for it"
    )
    func told() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let receipt = JSONValue.of(["receipt": file["receipt"]!])
        let stranger: UInt32 = 59_999
        func status() async throws -> JSONValue { try await harness.call("case.get", receipt, uid: stranger).get() }
        #expect(try await harness.call("case.get", .of(["case": "C-1"]), uid: stranger).kind == "permission.denied")
        _ = try await harness.on(
            file, "case.request_correction", ["missing": .array(["form"]), "note": "signed, please"], as: "otto"
        ).get()
        #expect(try await status()["told"] == "signed, please")
        _ = try await harness.on(file, "case.correct", ["materials": .array(["form"])]).get()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        let clocks = try await harness.on(file, "case.get", as: "otto").get()["clocks"]!.array!
        let open = try await status()
        #expect(open["told"] == nil && open["decision_due"] == clocks.first { $0["clock"] == "promise" }?["due"])
        _ = try await harness.on(
            file, "case.suspend", ["kind": "hearing", "basis": "x", "expected": "3 working-days"], as: "otto"
        ).get()
        let suspended = try await status()
        #expect(suspended["suspended_until"]?.string != nil && suspended["decision_due"] == nil)
        _ = try await harness.on(file, "case.resume", ["kind": "hearing"], as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "refuse", "opinion": "x"], as: "otto").get()
        _ = try await harness.on(file, "case.refuse", ["reasons": "no second exit"], as: "lena").get()
        let closed = try await status()
        #expect(closed["told"] == "no second exit" && closed["decision_due"] == nil)
        #expect(!String(decoding: JSONWriter.bytes { $0.value(closed) }, as: UTF8.self).contains("lena"))
    }
}
