import CaseCore
import CaseEngine
import CaseStore
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@Suite("Reading and inspecting cases")
struct ReadAccessTests {
    private static let otherHall: UInt32 = 4712

    /// The small office with a second service, and an auditor who supervises nothing.
    private func harness(_ store: (any CaseStore)? = nil) async throws -> Harness {
        let harness = try await Harness(store)
        var files = SmallOffice.files(user: Harness.hall)
        files["more.toml"] = """
            [service.other]
            name = "Other hall"
            acts-for = ["anyone"]
            [user.\(Self.otherHall)]
            service = "other"
            [person.nell]
            name = "Nell"
            """
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        return harness
    }

    @Test("Whoever can do with a state of a while ago has the present one where there is no other, and hears so")
    func stale() async throws {
        let harness = try await harness()
        let file = try await harness.submit()
        for query in Query.allCases where Method.query(query).parameters.contains(where: { $0.name == "stale_ok" }) {
            let own = [Query.get, .history, .explain].contains(query) ? [JSONValue.Member("case", file["case"]!)] : []
            let plain = try await harness.call(.query(query), .object(own)).get()
            let answer = try await harness.call(.query(query), .object(own + [.init("stale_ok", .bool(true))])).get()
            #expect(answer["as_of"] == "2026-02-06T01:00:00Z" && plain["as_of"] == nil, "\(query)")
            #expect(answer.members!.filter { $0.name != "as_of" } == plain.members!, "\(query)")
        }
        #expect(try await harness.call("case.get", .of(["case": "C-9", "stale_ok": true])).kind == "case.not_found")
    }

    /// What changes who somebody is: the text of the catalogue, and what it becomes.
    private static let changes: [(String, String)] = [
        ("[user.4712]\nservice = \"other\"", ""), ("[user.4712]\nservice = \"other\"", "[user.4712]\nservice = \"hall\""),
        ("acts-for = [\"anyone\"]\n[user.4712]", "acts-for = [\"hana\"]\n[user.4712]"),
    ]

    @Test("A running watch ends when who opened it is nobody, somebody else, or may not act for whom it did", arguments: changes)
    func watches(from: String, to: String) async throws {
        let harness = try await harness()
        let parameters = try Parameters(.of(["acting": "nell", "from": "start"]), of: "case.watch")
        let opening = await withCheckedContinuation { continuation in
            harness.reader.openWatch(parameters, peer: Peer(uid: Self.otherHall), name: "w-1", heartbeat: 60_000) {
                continuation.resume(returning: $0)
            }
        }
        var watch = try opening.get().watch
        _ = try await harness.call("case.submit", SmallOffice.submission("Hers"), uid: Self.otherHall, acting: "nell").get()
        #expect(try harness.reader.feed.advance(&watch).count == 1)
        var files = SmallOffice.files(user: Harness.hall)
        files["more.toml"] = """
            [service.other]
            name = "Other hall"
            acts-for = ["anyone"]
            [user.4712]
            service = "other"
            [person.nell]
            name = "Nell"
            """.replacing(from, with: to)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        _ = try await harness.submit("Another")
        let lines = try harness.reader.feed.advance(&watch)
        #expect(watch.isEnded && lines.count == 1)
        let last = try JSONReader.read(lines[0])["params"]
        #expect(last?["type"]?.string == "closed" && last?["reason"]?.string == "principal.changed")
    }

    @Test("An auditor who approved a case sees it nowhere: not by itself, in lists, orders, snapshots or running watches")
    func audited() async throws {
        let harness = try await Harness()
        let (own, other) = (try await harness.submit("Own"), try await harness.submit("Other"))
        _ = try await harness.on(own, "case.accept", as: "otto").get()
        _ = try await harness.on(other, "case.accept", as: "hana").get()
        for file in [own, other] {
            _ = try await harness.on(file, "order.open", ["reason": "slow?", "due": "2 working-days"], as: "cora").get()
        }
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]!.replace(
            "[post.officer]\nname = \"Officer\"\noffice = \"permits\"\nholder = \"otto\"",
            with: "[post.officer]\nname = \"Officer\"\naudits = true\nholder = \"otto\"")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(try await harness.on(own, "case.get", as: "otto").kind == "permission.four_eyes")
        let note = JSONValue.of(["case": own["case"]!, "outcome": "in-order", "finding": "?", "if_revision": .integer(1)])
        #expect(try await harness.call("case.inspect", note, acting: "otto").kind == "permission.four_eyes", "nor how it comes along")
        #expect(try await harness.on(other, "case.get", as: "otto").get()["case"] == other["case"])
        let list = try await harness.call("case.list", acting: "otto").get()["cases"]?.array ?? []
        #expect(list.map { $0["case"] } == [other["case"]])
        let orders = try await harness.call("order.list", acting: "otto").get()["orders"]?.array ?? []
        #expect(orders.map { $0["case"] } == [other["case"]])
        for from in ["start", "now"] {
            let parameters = try Parameters(
                .of(["acting": "otto", "from": .string(from), "snapshot": .bool(from == "now")]), of: "case.watch")
            let opening = try await withCheckedContinuation { continuation in
                harness.reader.openWatch(parameters, peer: Peer(uid: Harness.hall), name: "w-1", heartbeat: 60_000) {
                    continuation.resume(returning: $0)
                }
            }.get()
            var watch = opening.watch
            var heard: [[UInt8]] = []
            while watch.isBehind(harness.engine.view.lastSeq) { heard += try harness.reader.feed.advance(&watch) }
            let cases = try heard.compactMap { line in
                let params = try JSONReader.read(line)["params"]
                return params?["event"]?["case"] ?? params?["case"]?["case"]
            }
            #expect(!cases.isEmpty && cases.allSatisfy { $0 == other["case"] }, "\(from)")
        }
    }

    @Test("Whoever may not read a case is not told its revision, and whoever may is told that it changed")
    func revisions() async throws {
        let harness = try await harness()
        let file = try await harness.submit()
        let note = JSONValue.object([.init("case", file["case"]!), .init("text", "?"), .init("if_revision", .integer(7))])
        #expect(try await harness.call("case.note", note, uid: Self.otherHall).kind == "permission.not_readable")
        #expect(try await harness.call("case.note", note).kind == WireError.Code.conflict.standardKind)
    }

    @Test("A service sees its own cases in every way of looking, and a person those of their part")
    func own() async throws {
        let harness = try await harness()
        let mine = try await harness.submit("Mine")
        let other = try await harness.call("case.submit", SmallOffice.submission("Other"), uid: Self.otherHall).get()
        func cases(_ method: Method = "case.list", uid: UInt32, as person: String? = nil) async throws -> [String] {
            try await harness.call(method, uid: uid, acting: person).get()["cases"]!.array!.map { $0["title"]!.string! }
        }
        #expect(try await cases(uid: Harness.hall) == ["Mine"])
        #expect(try await cases(uid: Self.otherHall) == ["Other"])
        #expect(try await cases(uid: Harness.hall, as: "otto") == ["Mine", "Other"])
        #expect(try await cases(uid: Harness.hall, as: "nell") == [])
        #expect(try await cases(uid: Harness.admin) == ["Mine", "Other"])
        #expect(try await harness.call("case.count", uid: Self.otherHall).get()["count"]?.integer == 1)
        for method in [("case.get" as Method), "case.history", "case.explain", "catalog.powers", "order.list"] {
            #expect(try await harness.on(other, method).kind == "permission.not_readable", "\(method)")
            #expect(try await harness.on(mine, method).kind == nil, "\(method)")
        }
        // Who was told of what is part of a case.
        _ = try await harness.on(mine, "case.withdraw").get()
        _ = try await harness.call("case.withdraw", .of(["case": other["case"]!]), uid: Self.otherHall).get()
        #expect(try await harness.call("notice.list").get()["notices"]!.array!.allSatisfy { $0["case"] == mine["case"] })
        #expect(try await harness.call("case.get", .of(["receipt": other["receipt"]!])).get()["state"]?.string == "withdrawn")
    }

    private func events(_ harness: Harness, _ file: JSONValue, uid: UInt32 = Harness.hall, as person: String? = nil) async throws
        -> [JSONValue]
    {
        try await harness.call("case.history", .of(["case": file["case"]!]), uid: uid, acting: person).get()["events"]!.array!
    }

    @Test("A reading moves no revision, and whoever is audited hears nothing of it: not in the history, and not by a watch")
    func unseen() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let readers = ["otto", "ada"]
        var watches: [Watch] = []
        for person in readers {
            let parameters = try Parameters(.of(["acting": .string(person)]), of: "case.watch")
            let opening = await withCheckedContinuation { continuation in
                harness.reader.openWatch(parameters, peer: Peer(uid: Harness.hall), name: "w-1", heartbeat: 60_000) {
                    continuation.resume(returning: $0)
                }
            }
            watches.append(try opening.get().watch)
        }
        for _ in 0..<3 { _ = try await harness.on(file, "case.get", as: "ada").get() }
        _ = try await harness.on(file, "case.explain", as: "ada").get()
        let accept = JSONValue.of(["case": file["case"]!, "if_revision": .integer(1)])
        #expect(try await harness.call("case.accept", accept, acting: "otto").get()["revision"]?.integer == 2)
        // What is asked again within the hour is on record once; a case that has changed is read anew.
        let names = ["submitted", "read", "read", "accepted", "read"]
        #expect(try await events(harness, file, as: "ada").map { $0["event"]!.string! } + ["read"] == names)
        #expect(try await events(harness, file, as: "ada").map { $0["event"]!.string! } == names)
        for person in ["otto", "lena", "cora"] {
            #expect(try await events(harness, file, as: person).map { $0["event"]!.string! } == ["submitted", "accepted"], "\(person)")
        }
        for (place, person) in readers.enumerated() {
            let heard = try harness.reader.feed.advance(&watches[place]).compactMap {
                try JSONReader.read($0)["params"]?["event"]?["event"]?.string
            }
            #expect(heard == (person == "ada" ? ["read", "read", "accepted", "read"] : ["accepted"]), "\(person)")
        }
        // After an hour the same goes on record again.
        try await harness.advance(to: harness.time.now.advanced(byMilliseconds: 3_600_000).description)
        _ = try await harness.on(file, "case.get", as: "ada").get()
        #expect(try await events(harness, file, as: "ada").count { $0["event"] == "read" } == 4)
        // The case remembers who read it, from its row and from its journal.
        let id = CaseID(1)
        let stored = try harness.store.read { (try $0.caseFile(id), try $0.folded(id)) }
        #expect(stored.0 == stored.1 && stored.0?.participants[.supervising].contains(Participant(named: "ada")) == true)
    }

    @Test("What an admin reads goes on record as well, lists too; in a store for training one user plays everybody, and nothing does")
    func admin() async throws {
        for isTraining in [false, true] {
            let harness = try await Harness(time: isTraining ? nil : SettableTime(Instant("2026-02-06T01:00:00Z")!), isTraining: isTraining)
            let file = try await harness.submit()
            _ = try await harness.call("case.get", .of(["case": file["case"]!]), uid: Harness.admin).get()
            for _ in 0..<2 { _ = try await harness.call("case.list", uid: Harness.admin).get() }
            let events = try await events(harness, file, uid: Harness.admin)
            #expect(events.map { $0["event"]!.string! } == (isTraining ? ["submitted"] : ["submitted", "read-by-admin"]))
            #expect(isTraining || events[1]["uid"]?.integer == 0 && events[1]["revision"]?.integer == 1)
            #expect(try await self.events(harness, file).count == 1)
            let server = try await harness.call("server.history", uid: Harness.admin).get()["events"]!.array!
            #expect(server.count { $0["event"]?.string == "cases-read" } == (isTraining ? 0 : 1))
        }
    }

    @Test("What an auditor reads of a case is beside its history before they see it; a list is in the server's")
    func auditor() async throws {
        let store = FaultyStore(MemoryStore())
        let harness = try await harness(store)
        let file = try await harness.submit()
        #expect(try await harness.on(file, "case.get", as: "ada").get()["revision"]?.integer == 1)
        let events = try await events(harness, file, uid: Harness.admin)
        #expect(events.last?["event"]?.string == "read" && events.last?["by"]?.string == "ada")
        #expect(events.last?["via"]?.string == "hall" && events.last?["data"]?["method"]?.string == "case.get")
        let list = try await harness.call("case.list", .of(["filter": .of(["state": "submitted"])]), acting: "ada").get()
        #expect(list["cases"]?.array?.count == 1)
        let last = try await harness.call("server.history", uid: Harness.admin).get()["events"]!.array!.last!
        #expect(
            try await harness.call("server.history").get()["events"]?.array?.isEmpty == true, "what auditors look for is not for everybody")
        #expect(last["event"]?.string == "cases-read" && last["by"]?.string == "ada")
        #expect(last["data"]?["parameters"]?.string == #"{"filter":{"state":"submitted"}}"#)
        // What cannot be recorded is not shown.
        store.fail(.full)
        #expect(try await harness.on(file, "case.explain", as: "ada").kind == "store.full")
        #expect(try await harness.on(file, "case.get", as: "cora").kind == nil)
    }

    @Test("A catalogue that moves many cases is one transaction: where it fails in the middle, nobody has moved")
    func partsAreOne() async throws {
        let harness = try await harness()
        for number in 0..<3 { _ = try await harness.submit("Case \(number)") }
        var files = SmallOffice.files(user: Harness.hall)
        files["matters.toml"] = files["matters.toml"]!.replacing("leader = \"leader\"", with: "leader = \"bureau-head\"")
        // A damaged case behind the others.
        var batch = Batch()
        batch.cases = [
            CaseRow(9, file: [7], submittedAt: harness.time.now, next: nil)
        ]
        try harness.store.commit(batch)
        #expect(try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).kind == "server.fault")
        for number in 1...3 {
            #expect(try await harness.on(.of(["case": .string("C-\(number)")]), "case.get").get()["leader"]?.string == "leader")
        }
        #expect(try await harness.call("server.info").get()["catalog_version"]?.integer == 2)
    }

    @Test("Whether somebody may give a command is what they are told when they give it, and asks for nothing that they may not read")
    func can() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let persons = ["otto", "hana", "lena", "bela", "cora", "ada"]
        func compare() async throws -> Int {
            var permitted = 0
            for command in Commands.ofClients where command.subject != .none {
                for person in persons {
                    let name = command.declaration.name.rawValue
                    let told = try await harness.call(
                        "case.can", .of(["case": file["case"]!, "command": .string(name), "person": .string(person)]), uid: Harness.admin
                    ).get()
                    let asked = try await harness.call(
                        "case.can", .of(["case": file["case"]!, "command": .string(name)]), acting: person)
                    if case .success(let asked) = asked {
                        #expect(asked["permitted"] == told["permitted"] && asked["kind"] == told["kind"])
                    }
                    permitted += told["permitted"] == true ? 1 : 0
                }
            }
            return permitted
        }
        #expect(try await compare() > 0)
        _ = try await harness.on(file, "case.accept", ["unassigned": true], as: "otto").get()
        func kind(_ command: String, _ person: String) async throws -> String? {
            try await harness.call(
                "case.can", .of(["case": file["case"]!, "command": .string(command), "person": .string(person)]), uid: Harness.admin
            ).get()["kind"]?.string
        }
        #expect(try await kind("grant", "lena") == "state.not_allowed")
        #expect(try await kind("grant", "cora") == "permission.denied")
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "fine"], as: "hana").get()
        #expect(try await kind("grant", "lena") == nil)
        let grant = try await harness.on(file, "case.grant", as: "otto")
        #expect(try await kind("grant", "otto") == grant.kind)
    }

    @Test("What a command requires besides powers and states is asked as well: it says no where it is refused whatever its parameters say")
    func ready() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        func told(_ command: String, _ person: String) async throws -> String? {
            try await harness.on(file, "case.can", ["command": .string(command)], as: person).get()["kind"]?.string
        }
        func step(_ command: String, _ parameters: KeyValuePairs<String, JSONValue>, _ person: String, isTaken: Bool) async throws {
            let expected = try await told(command, person)
            let given = try await harness.on(file, Method(rawValue: "case.\(command)")!, parameters, as: person)
            #expect(given.kind == expected && (expected == nil) == isTaken, "\(command) by \(person)")
        }
        let opinion: KeyValuePairs<String, JSONValue> = ["recommendation": "grant", "opinion": "fine"]
        try await step("accept", [:], "otto", isTaken: true)
        try await step("recommend", opinion, "hana", isTaken: false)
        try await step("resume", [:], "otto", isTaken: false)
        let extension_: KeyValuePairs<String, JSONValue> = ["clock": "decision", "by": "5 working-days", "reason": "complex"]
        try await step("extend", extension_, "bela", isTaken: true)
        try await step("extend", extension_, "bela", isTaken: false)
        try await step("recuse", ["reason": "a friend"], "lena", isTaken: false)
        try await step("recommend", opinion, "otto", isTaken: true)
        let order: KeyValuePairs<String, JSONValue> = ["reason": "slow?", "due": "2 working-days"]
        #expect(try await told("open-order", "cora") == nil)
        _ = try await harness.on(file, "order.open", order, as: "cora").get()
        let already = try await told("open-order", "cora")
        #expect(try await harness.on(file, "order.open", order, as: "cora").kind == already && already != nil)
        let asked = [try await told("answer-order", "lena"), try await told("answer-order", "otto")]
        #expect(asked == ["order.for_another", nil])
        try await step("grant", [:], "lena", isTaken: true)
        try await step("deliver", ["how": "by hand"], "otto", isTaken: true)
        try await step("deliver", ["how": "by hand"], "otto", isTaken: false)
    }

    @Test(
        "The proof looks at running cases for whoever reads them all, and at the catalogue for everybody; a plan names cases that lose their leader"
    )
    func proof() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        for method in ["case.accept", "case.recommend"] as [Method] {
            let more: KeyValuePairs<String, JSONValue> = method == "case.accept" ? [:] : ["recommendation": "grant", "opinion": "fine"]
            _ = try await harness.on(file, method, more, as: "otto").get()
        }
        for (uid, person) in [(Harness.admin, nil), (Harness.hall, "ada"), (Harness.hall, "otto"), (Harness.hall, nil)]
            as [(UInt32, String?)]
        {
            let proof = try await harness.call("catalog.proof", uid: uid, acting: person).get()
            #expect(proof["holds"] == true && proof["stranded"]?.integer == 0)
            #expect(proof["cases"] == (uid == Harness.admin || person == "ada" ? .integer(1) : .null))
        }
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]!.replace(#"holder = "otto""#, with: #"holder = "bela""#)
        files["office.toml"]!.replace(#"holder = "lena""#, with: #"holder = "otto""#)
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(plan["stranded"]?["count"]?.integer == 1 && plan["stranded"]?["cases"]?.array == [file["case"]!])
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let proof = try await harness.call("catalog.proof", uid: Harness.admin).get()
        #expect(proof["holds"] == true && proof["stranded_cases"]?.array == [file["case"]!])
    }

    @Test("Which unix users are bound is shown to admins and auditors; others read the rest of the catalogue")
    func bindings() async throws {
        let harness = try await Harness()
        var bound = SmallOffice.files(user: Harness.hall)
        bound["users.toml"] = "[user.4715]\nperson = \"ada\"\n[user.4716]\nperson = \"otto\"\n[user.4717]\nperson = \"cora\"\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(bound), uid: Harness.admin).get()
        func files(_ uid: UInt32) async throws -> String {
            let files = try await harness.call("catalog.get", uid: uid).get()["files"]?.members ?? []
            return files.compactMap(\.value.string).joined()
        }
        let all = try await files(Harness.admin)
        #expect(all.contains("[user.4711]") && all.contains("[user.4716]"))
        #expect(try await files(4715) == all)
        for uid in [Harness.hall, 4716, 4717] {
            let shown = try await files(uid)
            #expect(!shown.contains("471") && shown.contains("licensing") && shown.contains("otto"))
        }
    }
}
