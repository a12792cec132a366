import CaseCore
import CaseEngine
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import GRDB
import Testing
import WorkingTime

/// What a command would do, asked before it does it. Random lives are compared in `Simulation+DryRun.swift`.
@Suite("Dry runs")
struct DryRunTests {
    private let directory = TemporaryDirectory()

    /// All rows of all tables, by table.
    private func content() throws -> [String: [Row]] {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: "\(directory.path)/cased.sqlite", configuration: configuration).read { db in
            let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            return try Dictionary(uniqueKeysWithValues: tables.map { ($0, try Row.fetchAll(db, sql: "SELECT * FROM \"\($0)\"")) })
        }
    }

    private func store() throws -> SQLiteStore {
        try SQLiteStore(try StateDirectory(directory.path))
    }

    private static let ada: UInt32 = 4732

    /// On a store that is not for training, with an auditor who speaks for herself.
    private static let real: [String: String] = {
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]!.replace(#"["anyone"]"#, with: #"["otto", "hana", "lena", "bela"]"#)
        files["audit.toml"]! += "[user.\(ada)]\nperson = \"ada\"\n"
        return files
    }()

    private func realHarness() async throws -> Harness {
        let harness = try await Harness(
            try store(), time: SettableTime(Instant("2026-02-06T01:00:00Z")!), withCatalog: false, isTraining: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.real), uid: Harness.admin).get()
        return harness
    }

    /// Everything that a command can be about, on a store for training.
    private func harness() async throws -> Harness {
        let harness = try await Harness(try store(), withCatalog: false)
        let files = SmallOffice.consulting(SmallOffice.files(user: Harness.hall)).merging(SmallOffice.survey) { $1 }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        return harness
    }

    /// The parameters of a command on a case as somebody could give them.
    private static func parameters(_ command: any ClientCommand.Type, on id: String) -> JSONValue {
        guard command.subject != .none else { return SmallOffice.submission("One more") }
        let values: [String: JSONValue] = [
            "case": .string(id), "order": .string("O-\(id.dropFirst(2))-1"), "missing": ["plan"], "materials": ["plan"], "kind": "hearing",
            "expected": "2 working-days", "clock": "decision", "by": "2 working-days", "handler": "otto", "to": "handler", "office": "fire",
            "step": "papers", "material": "charge", "state": "paid", "reference": "R-1",
            "opinion": command.name == Recommend.name ? "x" : "for",
        ]
        return .object(
            Method(command).parameters.filter { !$0.isOptional || $0.name == "reference" }.map {
                .init($0.name, values[$0.name] ?? $0.shape.example)
            })
    }

    private static let persons: [String?] = ["hana", "otto", "lena", "bela", "cora", "ada", "finn", nil]

    /// The way to a decision, and who takes it.
    private static let path: [(command: any ClientCommand.Type, person: String)] = [
        (Accept.self, "otto"), (Recommend.self, "otto"), (Grant.self, "lena"), (Deliver.self, "otto"),
    ]

    /// What has to come before a command, and by whom.
    private static let before: [CommandName: (command: any ClientCommand.Type, person: String)] = [
        Correct.name: (RequestCorrection.self, "otto"), Resume.name: (Suspend.self, "otto"), GiveOpinion.name: (AskOpinion.self, "otto"),
        WithdrawOpinion.name: (AskOpinion.self, "otto"), AnswerOrder.name: (OpenOrder.self, "cora"),
        CloseOrder.name: (OpenOrder.self, "cora"),
    ]

    /// A case so far on its way to a decision, and where a command can be given.
    private func opened(_ matter: String, _ length: Int, for command: any ClientCommand.Type, _ harness: Harness) async throws -> String {
        let submission = SmallOffice.submission("\(command.method)", matter: matter, area: matter == "survey" ? "north" : nil)
        let id = try await harness.call("case.submit", submission).get()["case"]!.string!
        for step in Self.path.prefix(length) + (Self.before[command.name].map { [$0] } ?? []) {
            _ = try await harness.call(Method(step.command), Self.parameters(step.command, on: id), acting: step.person)
        }
        return id
    }

    @Test(
        "P32: Of each command, by everybody, on cases in many states: a dry run leaves every row of every table as it was, and the command itself answers, or is refused, as it said",
        arguments: ["permit", "survey"], 0...4
    )
    func everyCommand(matter: String, length: Int) async throws {
        let harness = try await harness()
        var cases: [(command: any ClientCommand.Type, id: String)] = []
        for command in Commands.ofClients { cases.append((command, try await opened(matter, length, for: command, harness))) }
        let before = try (content(), harness.engine.view)
        var (takenCount, refusedCount) = (0, 0)
        // An auditor's goes on record as a reading does, which has a test of its own.
        for (command, id) in cases {
            for person in Self.persons where person != "ada" {
                switch try await harness.call(Method(command), Self.dry(Self.parameters(command, on: id)), acting: person) {
                case .success: takenCount += 1
                case .failure: refusedCount += 1
                }
            }
        }
        #expect(takenCount > 0 && refusedCount > 0)
        #expect(try content() == before.0)
        #expect(harness.engine.view.state == before.1.state && harness.engine.view.batchCount == before.1.batchCount)
        for (command, id) in cases {
            for person in Self.persons {
                let parameters = Self.parameters(command, on: id)
                let told = try await harness.call(Method(command), Self.dry(parameters), acting: person)
                let done = try await harness.call(Method(command), parameters, acting: person)
                switch (told, done) {
                case (.success(let told), .success(let done)):
                    #expect(told["dry_run"]?.bool == true && done["dry_run"] == nil)
                    #expect(Self.plain(told) == Self.plain(done))
                    let events = told["events"]?.array ?? []
                    let history = try await harness.history(done)
                    #expect(!events.isEmpty && events.map(Self.plain) == history.suffix(events.count).map(Self.plain))
                case (.failure(let told), .failure(let done)): #expect(told.kind == done.kind && told.message == done.message)
                case (.success, .failure(let error)), (.failure(let error), .success):
                    Issue.record("\(command.method) by \(person ?? "the hall"): \(error.message)")
                }
            }
        }
    }

    @Test("P32: A dry run of each command is taken of somebody on some case: none is only refused")
    func everyCommandTaken() async throws {
        let harness = try await harness()
        var taken: Set<String> = []
        for matter in ["permit", "survey"] {
            for length in 0...Self.path.count {
                for command in Commands.ofClients where !taken.contains(command.method) {
                    let id = try await opened(matter, length, for: command, harness)
                    for person in Self.persons {
                        let told = try await harness.call(Method(command), Self.dry(Self.parameters(command, on: id)), acting: person)
                        if case .success = told { taken.insert(command.method) }
                    }
                }
            }
        }
        // What is kept long enough.
        let id = try await opened("permit", Self.path.count, for: Submit.self, harness)
        try await harness.advance(to: "2027-03-01T00:00:00Z")
        let erased = try await harness.call("case.erase_personal", Self.dry(Self.parameters(ErasePersonal.self, on: id)), acting: "ada")
        if case .success = erased { taken.insert(ErasePersonal.method) }
        #expect(Set(Commands.ofClients.map { $0.method }).subtracting(taken).isEmpty)
    }

    /// Without what only a dry run has, what it has not, and the place in the journal.
    private static func plain(_ value: JSONValue) -> JSONValue {
        guard let members = value.members else { return value }
        return .object(
            members.filter { !["dry_run", "events", "receipt", "seq", "commitment"].contains($0.name) }.map {
                .init($0.name, plain($0.value))
            })
    }

    private static func dry(_ parameters: JSONValue) -> JSONValue {
        .object(parameters.members! + [.init("dry_run", true)])
    }

    @Test("P32: No key, no number and no receipt is used up: the receipt of a case that is only tried would be that of the next one")
    func nothingUsedUp() async throws {
        let harness = try await harness()
        let submission = SmallOffice.submission("Tried", key: "k-1")
        let told = try await harness.call("case.submit", Self.dry(submission)).get()
        let again = try await harness.call("case.submit", Self.dry(submission)).get()
        #expect(told == again && told["receipt"] == "")
        #expect(told["events"]?.array?.allSatisfy { $0["data"]?["receipt"] == "" } == true)
        // The key means what the first real request means.
        let other = try await harness.call("case.submit", SmallOffice.submission("Real", key: "k-1")).get()
        #expect(other["case"] == told["case"] && other["receipt"]?.string?.utf8.count == 14)
        #expect(try await harness.call("case.submit", Self.dry(submission)).kind == "idempotency.key_reused")
        // A key that has its answer records nothing more, and says so.
        let answered = try await harness.call("case.submit", Self.dry(SmallOffice.submission("Real", key: "k-1"))).get()
        #expect(answered["events"] == nil && answered["dry_run"]?.bool == true && answered["receipt"] == other["receipt"])
    }

    @Test("P32: What fell due passes first in a dry run as well, revisions and the day's limits count, and the case stays where it is")
    func timeAndLimits() async throws {
        var limits = IntakeLimits()
        limits.bytesPerDay = 8_000
        let harness = try await Harness(try store(), intakeLimits: limits)
        let file = try await harness.submit()
        let conflict = try await harness.on(file, "case.accept", ["if_revision": 7, "dry_run": true], as: "otto")
        #expect(conflict.kind == "revision.conflict")
        // Nobody lets the deadline pass before somebody asks.
        harness.time.advance(to: Instant("2026-02-27T01:00:00Z")!)
        let told = try await harness.on(file, "case.note", ["text": "late", "dry_run": true], as: "otto").get()
        let events = told["events"]!.array!.compactMap { $0["event"]?.string }
        #expect(events.contains("deemed-accepted") && events.last == "noted")
        #expect(told["state"] == "in-review")
        let text = JSONValue.string(String(repeating: "x", count: 10_000))
        #expect(try await harness.on(file, "case.note", ["text": text, "dry_run": true], as: "otto").kind == "intake.exceeded")
        // However often it is asked, nothing is used of what may come in.
        for _ in 0..<20 {
            let text = JSONValue.string(String(repeating: "x", count: 2_000))
            _ = try await harness.on(file, "case.note", ["text": text, "dry_run": true], as: "otto").get()
        }
    }

    @Test("P32: A dry run shows a case, so that an auditor's and an admin's goes on record as a reading does, also where it is refused")
    func onRecord() async throws {
        let harness = try await realHarness()
        let file = try await harness.submit()
        func readings() async throws -> [JSONValue] {
            let id = CaseID(file["case"]!.string!)!
            return try harness.store.read { try $0.readings(of: id) }.map { try JSONReader.read($0.event) }
        }
        let asked: KeyValuePairs<String, JSONValue> = ["outcome": "in-order", "finding": "fine", "dry_run": true]
        let inspection = JSONValue.object([.init("case", file["case"]!)] + asked.map { .init($0.key, $0.value) })
        #expect(try await harness.call("case.inspect", inspection, uid: Self.ada).kind == "state.not_allowed")
        #expect(try await readings().map { $0["by"] } == ["ada"])
        _ = try await harness.call(
            "case.escalate", .of(["case": file["case"]!, "reason": "slow", "dry_run": true]), uid: Harness.admin)
        let read = try await readings()
        #expect(read.count == 2 && read.last?["event"] == "read-by-admin" && read.last?["data"]?["method"] == "case.escalate")
        #expect(try await harness.on(file, "case.get").get()["revision"] == 1)
    }

    @Test("P32: An auditor whose service spoke for the other side has the refusal of the command itself, and nothing goes on record")
    func otherSide() async throws {
        let harness = try await realHarness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", ["idempotency_key": "k-1"], as: "otto").get()
        var files = Self.real
        files["office.toml"]!.replace(#"["otto", "hana", "lena", "bela"]"#, with: #"["ada"]"#)
        _ = try await harness.call(
            "catalog.apply", .object(SmallOffice.parameter(files).members! + [.init("allow_single_word", true)]), uid: Harness.admin
        ).get()
        _ = try await harness.call("catalog.confirm", uid: Self.ada)
        let before = try content()
        for key in [nil, "k-1"] {
            let grant = JSONValue.of(["case": file["case"]!, "reasons": "so", "idempotency_key": key.map(JSONValue.string) ?? .null])
            let told = try await harness.call("case.grant", Self.dry(grant), acting: "ada")
            let done = try await harness.call("case.grant", grant, acting: "ada")
            #expect(told.kind == (key == nil ? "permission.service_side" : "idempotency.key_reused") && told.kind == done.kind)
        }
        #expect(try content() == before)
    }

    @Test("P32: A second word and the end of a catalogue that waits are tried out, and stay to be given")
    func catalogues() async throws {
        let harness = try await realHarness()
        var files = Self.real
        files["users.toml"] = "[user.4731]\nperson = \"lena\"\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let before = try content()
        let asker = try await harness.call("catalog.confirm", .of(["dry_run": true]), uid: Harness.admin)
        #expect(asker.kind == "catalog.second_word")
        let told = try await harness.call("catalog.confirm", .of(["dry_run": true]), uid: Self.ada).get()
        #expect(try content() == before && told["dry_run"]?.bool == true)
        let done = try await harness.call("catalog.confirm", .object([]), uid: Self.ada).get()
        #expect(done.members! == told.members!.filter { $0.name != "dry_run" } && !done["appointments"]!.array!.isEmpty)
        files["matters.toml"]!.replace("Notice Act, § 3", with: "Notice Act, § 4")
        files["later.toml"] = "[reorganisation.later]\nname = \"Later\"\neffective = \"2026-03-01T00:00:00Z\"\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let waiting = try content()
        let given = try await harness.call("catalog.cancel", .of(["dry_run": true]), uid: Harness.admin).get()
        #expect(try content() == waiting && given["dry_run"]?.bool == true)
        let cancelled = try await harness.call("catalog.cancel", .object([]), uid: Harness.admin).get()
        #expect(cancelled["effective"] == given["effective"] && cancelled["dry_run"] == nil)
    }

    @Test("P32: Each method about the server has a dry run, or refuses one by name and says what to ask instead")
    func administrations() async throws {
        let harness = try await harness()
        for administration in CaseWire.Method.Administration.allCases {
            let method = CaseWire.Method.administration(administration)
            let isTaken = method.parameters.contains { $0.name == "dry_run" }
            #expect(isTaken == (administration.insteadOfDryRun == nil))
            let before = try content()
            let outcome = try await harness.call(method, .of(["dry_run": true]), uid: Harness.admin)
            guard case .failure(let error) = outcome else {
                Issue.record("\(method.rawValue) had something to do")
                continue
            }
            if !isTaken {
                #expect(error.message.contains("dry_run") && error.message.contains(method.rawValue))
                #expect(error.hint == administration.insteadOfDryRun)
            }
            #expect(try content() == before)
        }
    }
}
