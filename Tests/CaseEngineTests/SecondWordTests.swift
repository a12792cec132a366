import CaseCore
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@testable import CaseEngine

/// A catalogue that gives somebody a part, on a store that is not for training.
@Suite("The second word")
struct SecondWordTests {
    private static let other: UInt32 = 4731
    private static let ada: UInt32 = 4732

    /// An office with an auditor who speaks for herself.
    private static let base: [String: String] = {
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]!.replace(#"["anyone"]"#, with: #"["otto", "hana", "lena", "bela"]"#)
        files["audit.toml"] = """
            [post.auditor]
            name = "Auditor"
            holder = "ada"
            audits = true
            [person.ada]
            name = "Ada"
            [person.lars]
            name = "Lars"
            [user.\(ada)]
            person = "ada"

            """
        return files
    }()

    private static func harness(_ store: (any CaseStore)? = nil) async throws -> Harness {
        let harness = try await Harness(store, time: SettableTime(Instant("2026-02-06T01:00:00Z")!), withCatalog: false, isTraining: false)
        if store == nil { _ = try await harness.call("catalog.apply", SmallOffice.parameter(base), uid: Harness.admin).get() }
        return harness
    }

    private static func changed(_ file: String, _ from: String, _ to: String) -> [String: String] {
        var files = base
        precondition(files[file]!.contains(from))
        files[file]!.replace(from, with: to)
        return files
    }

    private static func confirm(_ harness: Harness, uid: UInt32 = other, inAdminGroup: Bool = true) async throws -> Result<
        JSONValue, WireError
    > {
        try await harness.call("catalog.confirm", .object([]), uid: uid, inAdminGroup: inAdminGroup)
    }

    @Test("An admin who binds a user to the leader has nobody decide until somebody else agrees, whoever asks and after a restart")
    func binding() async throws {
        let first = try await Self.harness()
        var harness = first
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "fine"], as: "otto").get()
        var files = Self.base
        files["users.toml"] = "[user.\(Self.other)]\nperson = \"lena\"\n"
        let applied = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(applied["version"]?.integer == 2)
        #expect(applied["waiting"]?.array?.first?["to"]?.string == "lena")
        let grant = JSONValue.object([.init("case", file["case"]!)])
        #expect(try await harness.call("case.grant", grant, uid: Self.other).kind == "permission.denied")
        #expect(try await Self.confirm(harness, uid: Harness.admin).kind == "catalog.second_word")
        #expect(try await Self.confirm(harness, uid: Harness.hall, inAdminGroup: false).kind == "permission.denied")
        #expect(try await harness.call("case.grant", grant, uid: Self.other).kind == "permission.denied")
        #expect(try await harness.call("server.info").get()["unconfirmed_catalog"]?["confirmed"]?.integer == 1)
        harness = try await Self.harness(first.store)
        #expect(try await harness.call("case.grant", grant, uid: Self.other).kind == "permission.denied")
        let confirmed = try await Self.confirm(harness, uid: Self.ada, inAdminGroup: false).get()
        #expect(confirmed["version"]?.integer == 2)
        #expect(try await harness.call("server.info").get()["unconfirmed_catalog"] == .null)
        #expect(try await harness.call("case.grant", grant, uid: Self.other).get()["state"]?.string == "granted")
        let events = try await harness.call("server.history", .object([]), uid: Harness.admin).get()["events"]?.array ?? []
        #expect(events.compactMap { $0["event"]?.string } == ["catalog-applied", "catalog-applied", "catalog-confirmed"])
        #expect(events.map { $0["uid"]?.integer } == [0, 0, Int64(Self.ada)])
    }

    @Test("A catalogue after which nobody but an admin could agree to another one is refused, unless that is meant")
    func singleWord() async throws {
        let harness = try await Self.harness()
        var unbound = SmallOffice.parameter(
            Self.base.merging(["audit.toml": Self.base["audit.toml"]!.components(separatedBy: "[user.")[0]]) { $1 })
        unbound = .object(unbound.members! + [.init("without_users", true)])
        // Ada is nobody until somebody agrees that she has another user.
        let moved = SmallOffice.parameter(Self.changed("audit.toml", "[user.\(Self.ada)]", "[user.\(Self.other)]"))
        let unaudited = SmallOffice.parameter(Self.changed("audit.toml", "audits = true\n", ""))
        for parameters in [unbound, .object(moved.members! + [.init("without_users", true)]), unaudited] {
            let plan = try await harness.call("catalog.plan", parameters, uid: Harness.admin).get()
            #expect(plan["refused"]?.string?.contains("ada would not any more") == true && plan["second_words"] == .array([]))
            #expect(plan["hint"]?.string?.contains("--allow-single-word") == true)
            #expect(try await harness.call("catalog.apply", parameters, uid: Harness.admin).kind == "catalog.single_word")
        }
        let meant = JSONValue.object(unaudited.members! + [.init("allow_single_word", true)])
        let applied = try await harness.call("catalog.apply", meant, uid: Harness.admin).get()
        #expect(applied["version"]?.integer == 2 && applied["second_words"] == .array([]))
        // Whoever has none left is not asked again, and can give the power back with another admin's word.
        let back = try await harness.call("catalog.apply", SmallOffice.parameter(Self.base), uid: Harness.admin).get()
        #expect(back["version"]?.integer == 3)
        #expect(try await Self.confirm(harness).get()["version"]?.integer == 3)
    }

    @Test("Whoever waits for a second word is told that, and whoever may give it hears of each version")
    func waiting() async throws {
        let harness = try await Self.harness()
        var files = Self.base
        files["more.toml"] = """
            [post.registrar]
            name = "Registrar"
            holder = "nell"
            confirms = true
            [person.nell]
            name = "Nell"
            [user.\(Self.other)]
            person = "nell"

            """
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        for method in ["case.list", "case.note"] as [Method] {
            let asked = method == "case.note" ? JSONValue.of(["case": "C-1", "text": "?"]) : .object([])
            let refused = try await harness.call(method, asked, uid: Self.other)
            guard case .failure(let error) = refused else { return #expect(Bool(false), "\(method.rawValue) is answered") }
            #expect(error.message.contains("waits for a second word") && error.hint?.contains("catalog confirm") == true)
            #expect(try await harness.call(method, asked, uid: 4799).kind == "permission.denied")
        }
        // Only those are asked who may give it: Nell gets a post by it.
        func asked() async throws -> [JSONValue] {
            let notices = try await harness.call("notice.list", uid: Harness.admin).get()["notices"]!.array!
            return notices.filter { $0["event"] == "catalog-applied" && $0["second_word"] != nil }
        }
        let waiting = try await asked()
        #expect(!waiting.isEmpty && waiting.allSatisfy { $0["second_word"]?.array == ["ada"] && $0["revision"] == waiting[0]["revision"] })
        _ = try await Self.confirm(harness, uid: Self.ada, inAdminGroup: false).get()
        #expect(try await asked().isEmpty, "somebody has agreed")
        files["more.toml"]!.replace("Registrar", with: "First registrar")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let heard = try await harness.call("notice.list", uid: Harness.admin).get()["notices"]!.array!
        #expect(heard.filter { $0["recipient"] == "nell" }.map { $0["event"] } == ["catalog-confirmed", "catalog-applied"])
        #expect(try await asked().isEmpty, "a name is no part")
        // A catalogue for a later day, until somebody agrees or it is given up.
        files["later.toml"] = "[reorganisation.later]\nname = \"Later\"\neffective = \"2026-03-02T00:00:00+08:00\"\n"
        files["office.toml"]!.replace(#"holder = "lena""#, with: #"holder = "bela""#)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        func askedLater() async throws -> [JSONValue?] {
            let notices = try await harness.call("notice.list", uid: Harness.admin).get()["notices"]!.array!
            return notices.filter { $0["event"] == "catalog-scheduled" }.map { $0["second_word"] }
        }
        #expect(try await askedLater().first == .array(["ada", "nell"]))
        _ = try await Self.confirm(harness, uid: Self.ada, inAdminGroup: false).get()
        #expect(try await askedLater().allSatisfy { $0 == nil })
    }

    @Test("A draw for a post that waits is not announced before it supervises or audits")
    func draw() async throws {
        let harness = try await Self.harness()
        var files = Self.base
        files["draws.toml"] = """
            [draw.weekly]
            every = "week"
            calendar = "cn"
            post = "second-auditor"
            size = 2
            [post.second-auditor]
            name = "Second auditor"
            holder = "lars"
            audits = true

            """
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(try await harness.call("draw.list").get()["draws"] == .array([]))
        _ = try await Self.confirm(harness).get()
        #expect(try await harness.call("draw.list").get()["draws"]?.array?.count == 1)
    }

    @Test("Applied, used and taken back again, a change by one admin has given nobody anything")
    func thereAndBack() async throws {
        let harness = try await Self.harness()
        for files in [Self.changed("office.toml", #"holder = "lena""#, #"holder = "bela""#), Self.base] {
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
            let powers = try await harness.call("catalog.powers", .of(["matter": "permit"])).get()["powers"]?.array ?? []
            #expect(powers.filter { $0["role"]?.string == "leader" }.compactMap { $0["holder"]?.string } == ["lena"])
            let waiting = try await harness.call("catalog.powers", .of(["matter": "permit"])).get()["waiting"]?.array ?? []
            #expect(waiting.map { $0["entry"]?.string } == (files == Self.base ? [] : ["post.leader"]))
        }
        #expect(try await harness.call("server.info").get()["unconfirmed_catalog"] == .null, "nothing is left to agree to")
        #expect(try await Self.confirm(harness).kind == "catalog.none_unconfirmed")
    }

    @Test(
        "Whatever becomes of the catalogue is told to whoever supervises and whoever audits, by what was and by what is; others do not see it"
    )
    func notices() async throws {
        let harness = try await Self.harness()
        func heard(uid: UInt32) async throws -> [String] {
            try await harness.call("notice.list", uid: uid).get()["notices"]!.array!.filter { $0["case"] == .null }.map {
                "\($0["event"]!.string!) \($0["recipient"]!.string!)"
            }
        }
        var files = Self.changed("office.toml", #"holder = "cora""#, #"holder = "lars""#)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        _ = try await Self.confirm(harness).get()
        files["dated.toml"] = "[reorganisation.later]\neffective = \"2027-01-01T00:00:00Z\"\n[person.nell]\nname = \"Nell\"\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        _ = try await harness.call("catalog.cancel", uid: Harness.admin).get()
        let expected = [
            "catalog-applied cora", "catalog-applied ada", "catalog-applied cora", "catalog-applied ada", "catalog-confirmed cora",
            "catalog-confirmed lars", "catalog-confirmed ada", "catalog-scheduled lars", "catalog-scheduled ada", "catalog-cancelled lars",
            "catalog-cancelled ada",
        ]
        #expect(try await heard(uid: Harness.admin).sorted() == expected.sorted())
        #expect(try await heard(uid: Self.ada).sorted() == expected.sorted())
        #expect(try await heard(uid: Harness.hall).isEmpty)
        let lars = try harness.store.read {
            try $0.notices(
                recipient: nil,
                readScope: harness.engine.context.catalogs.newest.readScope(
                    of: Principal(.person("lars", via: nil)), at: harness.source.now),
                after: 0, limit: 100)
        }
        #expect(!lars.isEmpty && lars.allSatisfy { $0.row.notice.recipient == "lars" && $0.row.id == .server })
    }

    @Test("Whoever gets a post by it does not agree to it, at once or for a later day", arguments: [true, false])
    func beneficiary(isLater: Bool) async throws {
        let harness = try await Self.harness()
        var files = Self.changed("office.toml", #"holder = "lena""#, #"holder = "ada""#)
        files["audit.toml"]!.replace(#"holder = "ada""#, with: #"holder = "lars""#)
        files["audit.toml"]! += "[user.4733]\nperson = \"lars\"\n"
        if isLater { files["later.toml"] = "[reorganisation.later]\nname = \"Later\"\neffective = \"2026-03-02T00:00:00+08:00\"\n" }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(try await Self.confirm(harness, uid: Self.ada, inAdminGroup: false).kind == "catalog.second_word")
        _ = try await Self.confirm(harness).get()
    }

    @Test(
        "What waits for its day is shown whole, and takes what is urgent entry by entry; one that both change is named",
        arguments: [true, false])
    func urgent(isSameEntry: Bool) async throws {
        let harness = try await Self.harness()
        var later = Self.base
        later["office.toml"]!.replace(isSameEntry ? #"name = "Leader""# : #"name = "Officer""#, with: #"name = "Renamed""#)
        later["later.toml"] = "[reorganisation.later]\nname = \"Later\"\neffective = \"2026-03-02T00:00:00+08:00\"\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(later), uid: Harness.admin).get()
        let pending = try await harness.call("catalog.versions", .object([]), uid: Harness.admin).get()["pending"]
        let changes = pending?["changes"]?.array?.compactMap { $0["entry"]?.string }
        #expect(changes == [isSameEntry ? "post.leader" : "post.officer"])
        let files = try await harness.call("catalog.get", .of(["pending": true]), uid: Harness.admin).get()["files"]
        #expect(files?["office.toml"]?.string == later["office.toml"])
        // Somebody falls ill.
        let urgent = Self.changed("office.toml", #"holder = "lena""#, #"holder = "bela""#)
        let applied = try await harness.call("catalog.apply", SmallOffice.parameter(urgent), uid: Harness.admin)
        if case .failure(let error) = applied {
            #expect(isSameEntry && error.kind == "catalog.pending" && error.message.contains("post.leader"), "\(error)")
            return
        }
        #expect(!isSameEntry)
        let merged = try await harness.call("catalog.get", .of(["pending": true]), uid: Harness.admin).get()["files"]?["office.toml"]?
            .string
        #expect(merged?.contains("Renamed") == true && merged?.contains(#"holder = "bela""#) == true)
        #expect(throws: Never.self) { try Restoration(harness.store) }
    }

    @Test("What is taken away and given back by one admin stays away")
    func takenAndGiven() async throws {
        let harness = try await Self.harness()
        let without = Self.changed("office.toml", #"holder = "otto""#, "")
        for files in [without, Self.base] {
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
            let file = try await harness.submit()
            #expect(try await harness.on(file, "case.accept", as: "otto").kind == "permission.denied")
        }
        _ = try await Self.confirm(harness).get()
        _ = try await harness.on(harness.submit(), "case.accept", as: "otto").get()
    }

    @Test("Two admins who both asked for something agree to each other's versions one by one")
    func twoAuthors() async throws {
        let harness = try await Self.harness()
        let first = Self.changed("office.toml", #"holder = "lena""#, #"holder = "bela""#)
        var second = first
        second["office.toml"]!.replace(#"holder = "bela""#, with: #"holder = "lars""#)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(first), uid: Harness.admin).get()
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(second), uid: Self.other, inAdminGroup: true).get()
        #expect(try await Self.confirm(harness).kind == "catalog.second_word")
        let one = JSONValue.of(["version": .integer(2)])
        _ = try await harness.call("catalog.confirm", one, uid: Self.other, inAdminGroup: true).get()
        _ = try await Self.confirm(harness, uid: Harness.admin).get()
        #expect(try await harness.call("server.info").get()["unconfirmed_catalog"] == .null)
    }

    @Test("A new matter opens, and running cases go to the office that takes over, when somebody agrees")
    func merger() async throws {
        let harness = try await Self.harness()
        let file = try await harness.submit()
        var files = Self.base
        files["office.toml"]!.replace("[office.permits]", with: "[office.counter]\nsucceeds = [\"permits\"]")
        files["office.toml"]!.replace(#"office = "permits""#, with: #"office = "counter""#)
        files["matters.toml"]!.replace(#"office = "permits""#, with: #"office = "counter""#)
        let matter = files["matters.toml"]!
        files["matters.toml"]! += matter[..<matter.firstRange(of: "[[")!.lowerBound].replacing("matter.permit", with: "matter.quay")
        let applied = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(applied["waiting"]?.array?.isEmpty == false)
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        let quay = JSONValue.of([
            "matter": "quay", "title": "Quay", "applicant": .of(["id": "A", "name": "N"]),
        ])
        #expect(try await harness.call("case.submit", quay).kind == "catalog.unconfirmed")
        #expect(try await harness.call("case.get", .object([.init("case", file["case"]!)])).get()["office"]?.string == "permits")
        _ = try await Self.confirm(harness).get()
        #expect(try await harness.call("case.get", .object([.init("case", file["case"]!)])).get()["office"]?.string == "counter")
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "fine"], as: "otto").get()
        _ = try await harness.call("case.submit", quay).get()
    }

    @Test("A reorganisation that waits for its day is agreed to beforehand, and follows what is changed at once meanwhile")
    func pending() async throws {
        var harness = try await Self.harness()
        var later = Self.changed("office.toml", #"holder = "lena""#, #"holder = "bela""#)
        later["later.toml"] = "[reorganisation.later]\nname = \"Later\"\neffective = \"2026-03-02T00:00:00+08:00\"\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(later), uid: Harness.admin).get()
        let versions = try await harness.call("catalog.versions", .object([]), uid: Harness.admin).get()
        #expect(versions["pending"]?["confirmed_by"] == .null)
        #expect(versions["pending"]?["appointments"]?.array?.first?["to"]?.string == "bela")
        #expect(try await Self.confirm(harness, uid: Harness.admin).kind == "catalog.second_word")
        let confirmed = try await Self.confirm(harness, uid: Self.ada, inAdminGroup: false).get()
        #expect(confirmed["appointments"]?.array?.first?["to"]?.string == "bela")
        let first = harness
        harness = try await Self.harness(first.store)
        #expect(
            try await harness.call("catalog.versions", .object([]), uid: Harness.admin).get()["pending"]?["confirmed_by"]?.string == "ada",
            "the word outlives a restart")
        // Somebody leaves in between.
        let without = Self.changed("audit.toml", "[user.\(Self.ada)]\nperson = \"ada\"\n", "")
        let leaving = JSONValue.object(SmallOffice.parameter(without).members! + [.init("allow_single_word", true)])
        _ = try await harness.call("catalog.apply", leaving, uid: Harness.admin).get()
        #expect(try await Self.confirm(harness, uid: Self.ada, inAdminGroup: false).kind == "permission.denied")
        let conflicting = Self.changed("office.toml", #"holder = "lena""#, #"holder = "lars""#)
        #expect(try await harness.call("catalog.apply", SmallOffice.parameter(conflicting), uid: Harness.admin).kind == "catalog.pending")
        (harness.source as! SettableTime).pass(to: Instant("2026-03-02T01:00:00Z")!)
        _ = try await harness.submit()
        let powers = try await harness.call("catalog.powers", .of(["matter": "permit"])).get()["powers"]?.array ?? []
        #expect(powers.filter { $0["role"]?.string == "leader" }.compactMap { $0["holder"]?.string } == ["bela"])
        #expect(try await Self.confirm(harness, uid: Self.ada, inAdminGroup: false).kind == "permission.denied")
    }

    private static let mine: UInt32 = 4740

    /// A catalogue for a later day that binds nobody itself, and one for now by which a user of an admin's own would be the leader.
    private static let (later, binding) = {
        var (later, binding) = (base, base)
        for name in later.keys { later[name] = later[name]!.replacing(/\[user\.[^\[]*/, with: "") }
        later["later.toml"] =
            "[reorganisation.later]\nname = \"Later\"\neffective = \"2026-03-02T00:00:00+08:00\"\n[person.nell]\nname = \"Nell\"\n"
        binding["mine.toml"] = "[user.\(mine)]\nperson = \"lena\"\n"
        return (later, binding)
    }()

    @Test(
        "A catalogue for a later day brings nobody a user to whom nobody agreed, whoever agreed to it, before or after another one asked",
        arguments: ["asked before", "asked after", "agreed to", "by two"])
    func pendingUsers(order: String) async throws {
        let harness = try await Self.harness()
        func apply(_ files: [String: String], uid: UInt32 = Harness.admin) async throws {
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: uid, inAdminGroup: true).get()
        }
        let pending = JSONValue.of(["pending": true])
        func agree(_ uid: UInt32) async throws -> String? {
            try await harness.call("catalog.confirm", pending, uid: uid, inAdminGroup: uid == Self.other).kind
        }
        switch order {
        case "asked before":
            try await apply(Self.binding)
            try await apply(Self.later)
            let shown = try await harness.call("catalog.versions", uid: Harness.admin).get()["pending"]?["appointments"]?.array ?? []
            #expect(!shown.contains { $0["entry"]?.string == "user.\(Self.mine)" }, "what waits does not come along")
            #expect(try await agree(Self.ada) == nil)
        case "asked after":
            try await apply(Self.later)
            try await apply(Self.binding, uid: Self.other)
            let shown = try await harness.call("catalog.versions", uid: Harness.admin).get()["pending"]?["appointments"]?.array ?? []
            #expect(shown.contains { $0["entry"]?.string == "user.\(Self.mine)" }, "what was merged is shown")
            #expect(try await agree(Self.other) == "catalog.second_word", "who asked for it is not the second")
        case "agreed to":
            try await apply(Self.later)
            #expect(try await agree(Self.ada) == nil)
            try await apply(Self.binding, uid: Self.other)
            #expect(try await agree(Self.other) == "catalog.second_word")
        default:
            try await apply(Self.later)
            try await apply(Self.binding, uid: Self.other)
            #expect(try await agree(Self.ada) == nil)
        }
        (harness.source as! SettableTime).pass(to: Instant("2026-03-02T01:00:00Z")!)
        _ = try await harness.submit()
        #expect(try await harness.call("server.info").get()["catalog_version"]?.integer ?? 0 > 1)
        let principal = try await harness.call("server.info", uid: Self.mine).get()["principal"]
        #expect(principal?["name"] == .string(order == "by two" ? "lena" : "uid:\(Self.mine)"))
        // Whoever was bound before still is.
        #expect(try await harness.call("server.info", uid: Self.ada).get()["principal"]?["name"] == "ada")
    }

    @Test(
        "A plan says what becomes of the catalogue for a later day: refused, untouched, or to be agreed to again; so does what is applied")
    func pendingPlans() async throws {
        let harness = try await Self.harness()
        // It binds users itself, in the file in which the version before does.
        var later = Self.base
        later["later.toml"] = Self.later["later.toml"]
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(later), uid: Harness.admin).get()
        _ = try await harness.call("catalog.confirm", .of(["pending": true]), uid: Self.ada).get()
        func plan(_ files: [String: String]) async throws -> JSONValue {
            try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
        }
        var other = later
        other["later.toml"]!.replace("Nell", with: "Nelly")
        #expect(try await plan(other)["refused"]?.string?.contains("a catalogue waits for") == true)
        #expect(try await harness.call("catalog.apply", SmallOffice.parameter(other), uid: Harness.admin).kind == "catalog.pending")
        var giving = Self.base
        giving["mine.toml"] = "[user.\(Self.mine)]\nperson = \"lena\"\n"
        #expect(try await plan(giving)["agree_again"] == "2026-03-01T16:00:00Z")
        let applied = try await harness.call("catalog.apply", SmallOffice.parameter(giving), uid: Harness.admin).get()
        #expect(applied["agree_again"] == "2026-03-01T16:00:00Z")
        #expect(try await harness.call("server.info").get()["pending_catalog"]?["confirmed_by"] == .null)
        #expect(try await harness.call("catalog.plan", SmallOffice.parameter(giving), uid: Harness.admin).get()["agree_again"] == .null)
    }

    @Test("A change at once without the file of users leaves those of the catalogue for a later day as they are")
    func pendingUserFiles() async throws {
        let harness = try await Self.harness()
        var stripped = Self.base
        for name in stripped.keys { stripped[name] = stripped[name]!.replacing(/\[user\.[^\[]*/, with: "") }
        let users = "[user.\(Harness.hall)]\nservice = \"hall\"\n[user.\(Self.ada)]\nperson = \"ada\"\n"
        func apply(_ more: [String: String]) async throws -> JSONValue {
            let parameters = SmallOffice.parameter(stripped.merging(more) { $1 })
            let plan = try await harness.call("catalog.plan", parameters, uid: Harness.admin).get()
            #expect(plan["refused"] == .null && plan["agree_again"] == .null)
            return try await harness.call("catalog.apply", parameters, uid: Harness.admin).get()
        }
        _ = try await apply(["u7.toml": users, "kim.toml": "[person.kim]\nname = \"Kim\"\n"])
        _ = try await apply(["u11.toml": users, "later.toml": Self.later["later.toml"]!])
        _ = try await harness.call("catalog.confirm", .of(["pending": true]), uid: Self.ada).get()
        _ = try await apply(["kim.toml": "[person.kim]\nname = \"Kim\"\n", "urgent.toml": "[person.lee]\nname = \"Lee\"\n"])
        (harness.source as! SettableTime).pass(to: Instant("2026-03-02T01:00:00Z")!)
        _ = try await harness.submit()
        #expect(try await harness.call("catalog.versions", uid: Harness.admin).get()["pending"] == .null)
        #expect(try await harness.call("server.info", uid: Self.ada).get()["principal"]?["name"] == "ada")
        let files = try await harness.call("catalog.get", uid: Self.ada).get()["files"]?.members ?? []
        #expect(files.contains { $0.name == "urgent.toml" } && files.contains { $0.name == "u11.toml" })
    }

    @Test("What waits for a second word waits in a store that was restored from a copy, and its author is still its author")
    func restored() async throws {
        let (first, second) = (TemporaryDirectory(), TemporaryDirectory())
        let store = try Harness.store(first)
        var harness = try await Self.harness(store)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.base), uid: Harness.admin).get()
        var files = Self.base
        files["users.toml"] = "[user.\(Self.other)]\nperson = \"lena\"\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let backup = try store.backup()
        let directory = try StateDirectory(second.path)
        _ = try BackupFile.restore(backup.path, to: directory) { try Restoration($0) }
        await harness.engine.stop()
        harness = try await Self.harness(try SQLiteStore(directory))
        #expect(try await harness.call("case.list", uid: Self.other).kind == "permission.denied")
        #expect(try await Self.confirm(harness, uid: Harness.admin).kind == "catalog.second_word")
        _ = try await Self.confirm(harness, uid: Self.ada, inAdminGroup: false).get()
        _ = try await harness.call("case.list", uid: Self.other).get()
    }

    @Test("A store for training needs one word only, and says so for ever")
    func training() async throws {
        let harness = try await Harness(withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.base), uid: Harness.admin).get()
        let files = Self.changed("office.toml", #"holder = "lena""#, #"holder = "bela""#)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let info = try await harness.call("server.info").get()
        #expect(info["unconfirmed_catalog"] == .null && info["training"]?.bool == true)
    }

    @Test("A forgotten file of users unbinds nobody, unless it is said, and whoever is gone is bound no longer")
    func users() async throws {
        let harness = try await Self.harness()
        var files = Self.base
        for name in files.keys { files[name] = files[name]!.replacing(/\[user\.[^\[]*/, with: "") }
        func bound() async throws -> Set<String> {
            let stored = try await harness.call("catalog.get", .object([]), uid: Harness.admin).get()["files"]?.members ?? []
            return Set(stored.flatMap { $0.value.string!.matches(of: /\[user\.("?\d+"?)\]/).map { $0.1.filter(\.isNumber) } })
        }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(try await bound() == ["4711", "\(Self.ada)"])
        files["audit.toml"] = nil
        let asked = JSONValue.object(SmallOffice.parameter(files).members! + [.init("allow_single_word", true)])
        let applied = try await harness.call("catalog.apply", asked, uid: Harness.admin).get()
        #expect(try await bound() == ["4711"] && applied["waiting"]?.array?.isEmpty == true)
        let without = JSONValue.object(asked.members! + [.init("without_users", true)])
        _ = try await harness.call("catalog.apply", without, uid: Harness.admin).get()
        #expect(try await bound().isEmpty)
    }
}
