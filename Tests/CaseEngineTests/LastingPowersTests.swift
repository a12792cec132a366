import CaseCore
import CaseStore
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@testable import CaseEngine

/// What somebody had to do with a case outlives their id, and what is with a post outlives the post.
@Suite("Powers after ids, posts and offices have changed")
struct LastingPowersTests {
    private static let (ada, otto): (UInt32, UInt32) = (4715, 4716)

    /// A store that is not for training: Otto and Ada speak for themselves, and the hall for whoever approves.
    private static let base: [String: String] = {
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]!.replace(#"["anyone"]"#, with: #"["otto", "hana", "lena", "bela"]"#)
        files["users.toml"] = "[user.\(ada)]\nperson = \"ada\"\n[user.\(otto)]\nperson = \"otto\"\n"
        return files
    }()

    private func harness(_ store: (any CaseStore)? = nil, _ files: [String: String]? = base) async throws -> Harness {
        let harness = try await Harness(store, time: SettableTime(Instant("2026-02-06T01:00:00Z")!), withCatalog: false, isTraining: false)
        if let files { _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get() }
        return harness
    }

    private func apply(_ files: [String: String], _ harness: Harness) async throws {
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        _ = try await harness.call("catalog.confirm", uid: Self.ada).get()
    }

    private func examine(_ file: JSONValue, _ harness: Harness, uid: UInt32 = Harness.hall, as person: String?) async throws {
        let opinion = JSONValue.of(["case": file["case"]!, "recommendation": "grant", "opinion": "fine"])
        _ = try await harness.call("case.accept", .of(["case": file["case"]!]), uid: uid, acting: person).get()
        _ = try await harness.call("case.recommend", opinion, uid: uid, acting: person).get()
    }

    @Test(
        "Whoever is entered anew under another id is the same by their unix user, through a service as well; whoever has another user is not",
        arguments: [true, false])
    func renamed(isSame: Bool) async throws {
        let store = MemoryStore()
        var harness = try await harness(store)
        let (direct, spoken) = (try await harness.submit("Direct"), try await harness.submit("Spoken for"))
        try await examine(direct, harness, uid: Self.otto, as: nil)
        try await examine(spoken, harness, as: "otto")
        var files = Self.base.mapValues { $0.replacing("\"otto\"", with: "\"otto2\"") }
        files["office.toml"]!.replace("[person.otto]", with: "[person.olga]\nname = \"Olga\"\n[person.otto2]")
        files["office.toml"]!.replace("holder = \"otto2\"", with: "holder = \"olga\"")
        files["office.toml"]!.replace("holder = \"lena\"", with: "holder = \"otto2\"")
        if !isSame { files["users.toml"]!.replace("[user.\(Self.otto)]", with: "[user.4720]") }
        try await apply(files, harness)
        for restarts in 0..<3 {
            // A store from before it was kept has it in its versions of the catalogue.
            if restarts == 2 { store.remove(setting: "catalog-names") }
            if restarts > 0 { harness = try await self.harness(store, nil) }
            let proof = try await harness.call("catalog.proof", uid: Harness.admin).get()
            #expect(proof["stranded"]?.integer == (isSame ? 2 : 0), "nobody else decides")
            for file in [direct, spoken] {
                let asked = JSONValue.of(["case": file["case"]!, "command": "grant", "person": "otto2"])
                #expect(try await harness.call("case.can", asked, uid: Harness.admin).get()["permitted"] == .bool(!isSame))
                guard isSame else { continue }
                let grant = JSONValue.of(["case": file["case"]!, "reasons": "so"])
                #expect(try await harness.call("case.grant", grant, acting: "otto2").kind == "permission.four_eyes")
                #expect(try await harness.call("case.grant", grant, uid: Self.otto).kind == "permission.four_eyes")
            }
        }
        guard !isSame else { return }
        #expect(try await harness.call("case.grant", .of(["case": spoken["case"]!, "reasons": "so"]), acting: "otto2").kind == nil)
    }

    /// Who a unix user was when it supervised, and whom it approves for afterwards, and the other way round.
    private static let turns = [true, false].flatMap { supervisesFirst in
        [
            ("[user.4720]\nperson = \"cora\"\n", "front"),
            ("[service.watch]\nname = \"W\"\nacts-for = [\"cora\"]\n[user.4720]\nservice = \"watch\"\n", "front"),
        ].map {
            (supervisesFirst, $0.0, $0.1)
        }
    }

    @Test(
        "A unix user that spoke for one side of a case never speaks for the other, as whatever service or person it did", arguments: turns)
    func turned(supervisesFirst: Bool, supervising: String, approving: String) async throws {
        let uid: UInt32 = 4720
        let approving = "[service.\(approving)]\nname = \"F\"\nacts-for = [\"hana\"]\n[user.\(uid)]\nservice = \"\(approving)\"\n"
        func files(_ more: String) -> [String: String] { Self.base.merging(["more.toml": more]) { $1 } }
        let harness = try await harness(nil, files(supervisesFirst ? supervising : approving))
        let file = try await harness.submit()
        let isPerson = !supervising.contains("service")
        func supervise() async throws -> String? {
            let order = JSONValue.of(["case": file["case"]!, "reason": "slow?", "due": "2 working-days"])
            return try await harness.call("order.open", order, uid: uid, acting: isPerson ? nil : "cora").kind
        }
        func approve() async throws -> String? {
            try await harness.call("case.accept", .of(["case": file["case"]!]), uid: uid, acting: "hana").kind
        }
        #expect(try await (supervisesFirst ? supervise() : approve()) == nil)
        try await apply(files(supervisesFirst ? approving : supervising), harness)
        let expected = supervisesFirst ? "permission.service_side" : isPerson ? "permission.four_eyes" : "permission.service_side"
        #expect(try await (supervisesFirst ? approve() : supervise()) == expected)
        #expect(try await harness.call("catalog.proof", uid: Harness.admin).get()["holds"] == true)
    }

    @Test("Two persons who exchange their unix users stay two")
    func exchanged() throws {
        var history = CatalogHistory()
        let bindings: [[(String, String)]] = [[("u1", "otto"), ("u2", "cora")], [("u1", "cora"), ("u2", "otto")]]
        var register = Register()
        for binding in bindings {
            register.users = [:]
            for (user, person) in binding {
                register.users[Identifier(user)] = User(id: Identifier(user), binding: .person(PersonID(person)))
            }
            history.note(register, at: Instant(seconds: 0))
        }
        #expect(history.completing(register, isTraining: false).otherIDs.isEmpty)
        // Cora has no user any more, and hers is Otto's; through a third id as well.
        register.users = [Identifier("u1"): User(id: Identifier("u1"), binding: .person("nell"))]
        history.note(register, at: Instant(seconds: 0))
        let others = history.completing(register, isTraining: false).otherIDs
        #expect(others["nell"] == ["otto", "cora"] && others["otto"]?.contains("nell") == true, "and they by her")
        #expect(history.completing(register, isTraining: true).otherIDs.isEmpty)
    }

    @Test("Closed cases of an office and posts that are gone are with those that succeed them: delivery, inspection, lists, draws")
    func gone() async throws {
        let harness = try await Harness(withCatalog: false)
        var files = SmallOffice.files(user: Harness.hall)
        files["draws.toml"] = "[draw.weekly]\nevery = \"week\"\ncalendar = \"cn\"\npost = \"commissioner\"\nsize = 9\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let file = try await harness.submit()
        try await examine(file, harness, as: "otto")
        _ = try await harness.on(file, "case.grant", ["reasons": "so"], as: "lena").get()
        try await harness.advance(to: "2026-02-07T16:00:00Z")
        // The word is given. The reform comes, with another commissioner, office and leader.
        for (from, to) in [
            ("[office.permits]", "[office.counter]\nsucceeds = [\"permits\"]"), ("office = \"permits\"", "office = \"counter\""),
            ("[post.commissioner]", "[post.supervisor]\nsucceeds = [\"commissioner\"]"),
            ("commissioner = \"commissioner\"", "commissioner = \"supervisor\""),
            ("post = \"commissioner\"", "post = \"supervisor\""), ("[post.leader]", "[post.decider]\nsucceeds = [\"leader\"]"),
            ("leader = \"leader\"", "leader = \"decider\""), ("holder = \"cora\"", "holder = \"carl\""),
            ("[person.cora]", "[person.carl]\nname = \"Carl\"\n[person.cora]"),
        ] {
            files = files.mapValues { $0.replacing(from, with: to) }
        }
        for post in ["commissioner", "leader"] {
            let without = files.mapValues { $0.replacing("succeeds = [\"\(post)\"]\n", with: "") }
            #expect(
                try await harness.call("catalog.apply", SmallOffice.parameter(without), uid: Harness.admin).kind == "catalog.no_successor")
        }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        for person in ["carl", "lena", "otto"] {
            #expect(try await harness.call("case.list", acting: person).get()["cases"]?.array?.count == 1, "\(person)")
            #expect(try await harness.on(file, "case.get", as: person).kind == nil, "\(person)")
        }
        #expect(try await harness.call("case.list", acting: "cora").get()["cases"]?.array?.isEmpty == true)
        #expect(try await harness.on(file, "case.deliver", ["how": "by hand"], as: "otto").kind == nil)
        try await harness.advance(to: "2026-02-08T16:00:00Z")
        #expect(try await harness.on(file, "case.get", as: "otto").get()["draws"]?.array?.count == 1)
        let heard = try await harness.call("notice.list", uid: Harness.admin).get()["notices"]!.array!
        #expect(heard.filter { $0["event"] == "drawn" }.map { $0["recipient"] } == ["carl"])
        let inspection: KeyValuePairs<String, JSONValue> = ["outcome": "in-order", "finding": "?", "draw": "weekly/2026-02-09"]
        #expect(try await harness.on(file, "case.inspect", inspection, as: "carl").kind == nil)
        let powers = try await harness.on(file, "catalog.powers").get()["powers"]?.array ?? []
        #expect(powers.contains { $0["role"] == "commissioner" && $0["holder"] == "carl" })
    }

    /// The closed case's office, leader, commissioner and matter go, and their names come back for others.
    @Test(
        "An office, posts and a matter that get the names of others get none of their closed cases; whoever succeeds those has them",
        arguments: [true, false])
    func reused(isSucceeded: Bool) async throws {
        let store = MemoryStore()
        var harness = try await Harness(store, withCatalog: false)
        var former = SmallOffice.files(user: Harness.hall)
        former["draws.toml"] = "[draw.weekly]\nevery = \"week\"\ncalendar = \"cn\"\npost = \"commissioner\"\nsize = 9\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(former), uid: Harness.admin).get()
        let file = try await harness.submit()
        try await examine(file, harness, as: "otto")
        _ = try await harness.on(file, "case.grant", ["reasons": "so"], as: "lena").get()
        _ = try await harness.on(file, "case.deliver", ["how": "by hand"], as: "otto").get()
        try await harness.advance(to: "2026-02-08T16:00:00Z")
        // All is with others, and nobody keeps a name. The clock of training stands still meanwhile.
        let names = ["permits", "leader", "commissioner"]
        var files = former
        for (file, name) in files.keys.flatMap({ file in names.map { (file, $0) } }) where file != "sla.toml" {
            let succeeds = isSucceeded ? "succeeds = [\"\(name)\"]\n" : ""
            files[file]!.replace(".\(name)]\n", with: ".new-\(name)]\n\(succeeds)")
            files[file]!.replace("= \"\(name)\"", with: "= \"new-\(name)\"")
        }
        if !isSucceeded { files["matters.toml"]!.replace("[matter.permit", with: "[matter.other") }
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
        let abandoned = plan["abandoned"]?.array?.compactMap { $0["entry"]?.string } ?? []
        #expect(abandoned == (isSucceeded ? [] : ["office.permits", "post.commissioner", "post.leader"]))
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        // Strangers get the names, and a matter of their own.
        files["names.toml"] = """
            [office.permits]
            kind = "internal"
            name = "Another"
            department = "bureau"
            head = "again"
            [post.again]
            name = "Clerk"
            office = "permits"
            holder = "nell"
            [post.leader]
            name = "Another"
            holder = "nora"
            [post.commissioner]
            name = "Another"
            holder = "nick"
            main-duty = "Supervises"
            [person.nell]
            name = "Nell"
            [person.nora]
            name = "Nora"
            [person.nick]
            name = "Nick"

            """
        if !isSucceeded {
            let matter = former["matters.toml"]!.split(separator: "[matter.notice")[0]
            files["names.toml"]! += matter.replacing("\"permits\"", with: "\"new-permits\"")
        }
        let reused = JSONValue.object(SmallOffice.parameter(files).members! + [.init("allow_establishment_change", true)])
        _ = try await harness.call("catalog.apply", reused, uid: Harness.admin).get()
        let inspection: KeyValuePairs<String, JSONValue> = ["outcome": "in-order", "finding": "?"]
        for restarts in 0..<3 {
            // A store from before it was kept has it in its versions of the catalogue.
            if restarts == 2 { store.remove(setting: "catalog-names") }
            if restarts > 0 { harness = try await Harness(store, withCatalog: false) }
            for stranger in ["nell", "nora", "nick"] {
                #expect(try await harness.call("case.list", acting: stranger).get()["cases"]?.array?.isEmpty == true, "\(stranger)")
                #expect(try await harness.on(file, "case.get", as: stranger).kind == "permission.not_readable", "\(stranger)")
                #expect(try await harness.on(file, "case.inspect", inspection, as: stranger).kind == "permission.denied", "\(stranger)")
                #expect(try await harness.on(file, "case.note", ["text": "?"], as: stranger).kind == "permission.denied", "\(stranger)")
            }
            for person in ["otto", "lena", "cora"] {
                let cases = try await harness.call("case.list", acting: person).get()["cases"]?.array
                #expect(cases?.count == (isSucceeded ? 1 : 0), "\(person)")
            }
            let powers = try await harness.on(file, "catalog.powers").get()["powers"]?.array ?? []
            #expect(!powers.contains { ["nell", "nora", "nick"].contains($0["holder"]?.string) })
            #expect(powers.contains { $0["holder"] == "cora" } == isSucceeded)
        }
        #expect(try await harness.on(file, "case.inspect", inspection, as: "cora").kind == (isSucceeded ? nil : "permission.denied"))
        #expect(throws: Never.self) { try Restoration(store) }
        // A slip is mended by the post that has the name again.
        files["names.toml"]!.replace("[post.commissioner]\n", with: "[post.commissioner]\nsucceeds = [\"commissioner\"]\n")
        let mended = JSONValue.object(SmallOffice.parameter(files).members! + [.init("allow_establishment_change", true)])
        _ = try await harness.call("catalog.apply", mended, uid: Harness.admin).get()
        #expect(try await harness.call("case.list", acting: "nick").get()["cases"]?.array?.count == 1)
        #expect(try await harness.on(file, "case.inspect", inspection, as: "nick").kind == nil)
    }

    @Test(
        "What one admin takes away brings nobody what is closed, and a claim to it that was given up does not come back",
        arguments: [true, false])
    func claims(isOpinion: Bool) throws {
        var history = CatalogHistory()
        func note(_ posts: [PostID: [PostID]], at seconds: Int64) {
            var register = Register()
            for (id, succeeds) in posts {
                register.posts[id] = Post(id: id, name: "", office: nil, holder: nil, succeeds: succeeds, duties: [])
                register.offices[OfficeID(id.raw)] = Office(
                    id: OfficeID(id.raw), name: "", kind: .internal, department: "d", head: id, succeeds: succeeds.map { OfficeID($0.raw) })
            }
            history.note(register, at: Instant(seconds: seconds))
        }
        func heirs(_ name: String, closedAt seconds: Int64) -> [String] {
            let instant = Instant(seconds: seconds)
            return isOpinion
                ? history.offices.acting(for: OfficeID(name), at: instant).map(\.raw).sorted()
                : history.posts.acting(for: PostID(name), at: instant).map(\.raw).sorted()
        }
        note(["fire": [], "resc": [], "amb": []], at: 10)
        #expect(heirs("fire", closedAt: 5) == ["fire"])
        note(["resc": ["fire"], "amb": []], at: 20)
        #expect(heirs("fire", closedAt: 5) == ["resc"] && heirs("fire", closedAt: 20) == ["resc"])
        note(["resc": [], "amb": ["fire"]], at: 30)
        #expect(heirs("fire", closedAt: 5) == ["amb"])
        note(["resc": [], "amb": []], at: 40)
        #expect(heirs("fire", closedAt: 5) == [])
        // The one that succeeds it goes as well, and a stranger gets its name.
        note(["resc": [], "amb": ["fire"]], at: 50)
        note(["resc": [], "new": ["amb"]], at: 60)
        #expect(heirs("fire", closedAt: 5) == ["new"])
        note(["resc": [], "new": ["amb"], "amb": []], at: 70)
        #expect(heirs("fire", closedAt: 5) == ["new"] && heirs("amb", closedAt: 55) == ["new"] && heirs("amb", closedAt: 75) == ["amb"])
        // One that has its name again succeeds the one before only where it says so.
        note(["resc": [], "amb": [], "fire": []], at: 80)
        #expect(heirs("fire", closedAt: 5) == [] && heirs("amb", closedAt: 55) == [] && heirs("fire", closedAt: 85) == ["fire"])
        #expect(heirs("fire", closedAt: 20) == [], "closed in the instant in which it was gone")
        note(["fire": ["fire"]], at: 90)
        #expect(heirs("fire", closedAt: 5) == ["fire"])
        #expect(CatalogHistory(setting: history.setting) == history)
    }

    @Test(
        "Whoever is entered anew, under another id or after having left, still applies under the ids that they had",
        arguments: [true, false])
    func identity(isRenamed: Bool) async throws {
        var files = Self.base
        files["office.toml"]!.replace("[person.lena]\n", with: "[person.lena]\nidentity = [\"91X\"]\n")
        files["users.toml"]! += "[user.4730]\nperson = \"lena\"\n"
        let harness = try await harness(nil, files)
        let applicant = JSONValue.of(["id": "91X", "name": "Lena Ltd"])
        let file = try await harness.call(
            "case.submit", .of(["matter": "permit", "title": "Hers", "applicant": applicant, "materials": .array(["form"])])
        ).get()
        try await examine(file, harness, as: "otto")
        var after = files.mapValues { $0.replacing("identity = [\"91X\"]\n", with: "") }
        if isRenamed {
            after = after.mapValues { $0.replacing("[person.lena]", with: "[person.lena2]").replacing("\"lena\"", with: "\"lena2\"") }
        } else {
            let gone = files.mapValues {
                $0.replacing("[person.lena]\nidentity = [\"91X\"]\nname = \"Lena\"\n", with: "").replacing(
                    "holder = \"lena\"\n", with: "holder = \"bela\"\n"
                )
                .replacing("[user.4730]\nperson = \"lena\"\n", with: "").replacing("\"lena\", ", with: "")
            }
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(gone), uid: Harness.admin).get()
        }
        let applied = try await harness.call("catalog.apply", SmallOffice.parameter(after), uid: Harness.admin).get()
        #expect(applied["waiting"]?.array?.contains { $0["key"] == "identity" } == !isRenamed, "whoever agrees is told")
        _ = try await harness.call("catalog.confirm", uid: Self.ada).get()
        let grant = try await harness.call("case.grant", .of(["case": file["case"]!, "reasons": "so"]), uid: 4730)
        #expect(grant.kind == (isRenamed ? "permission.four_eyes" : nil), "a second one agreed that she applies under it no more")
    }

    @Test("Who submitted a case takes no step of the office in its revocation")
    func revocation() async throws {
        let harness = try await Harness(withCatalog: false)
        var files = SmallOffice.files(user: Harness.hall)
        files["matters.toml"]! += SmallOffice.revocation
        files["more.toml"] = "[person.mallory]\nname = \"Mallory\"\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let file = try await harness.call("case.submit", SmallOffice.submission("Hers"), acting: "mallory").get()
        try await examine(file, harness, as: "otto")
        _ = try await harness.on(file, "case.grant", ["reasons": "so"], as: "lena").get()
        let revocation = try await harness.call(
            "case.submit", SmallOffice.submission("Revoke it", matter: "revocation", refersTo: file["case"]!), acting: "otto")
        files["office.toml"]!.replace("holder = \"otto\"", with: "holder = \"mallory\"")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(try await harness.on(try revocation.get(), "case.accept", as: "mallory").kind == "permission.four_eyes")
        let store = harness.store
        #expect(try store.read { try $0.caseFile(CaseID(2)) == $0.folded(CaseID(2)) })
    }

    @Test("A leader who is entered anew by one word leaves her cases with nobody meanwhile, and the plan says so")
    func stranded() async throws {
        let harness = try await harness()
        let file = try await harness.submit()
        try await examine(file, harness, as: "otto")
        let files = Self.base.mapValues { $0.replacing("\"lena\"", with: "\"lena2\"").replacing("[person.lena]", with: "[person.lena2]") }
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(plan["stranded"]?["cases"]?.array == [file["case"]!])
    }

    @Test("Silence that would come sooner waits for a second word; later it may come at once")
    func silence() async throws {
        let harness = try await harness()
        func changed(_ from: String, _ to: String) -> [String: String] {
            var files = Self.base
            files["sla.toml"]!.replace(from, with: to)
            return files
        }
        let notice = SmallOffice.submission("Notice", matter: "notice")
        for (from, to, isSooner) in [
            ("[sla.licensing.decision]\nbudget = \"20 working-days\"", "[sla.licensing.decision]\nbudget = \"19 working-days\"", true),
            ("[sla.licensing.intake]\nbudget = \"5 working-days\"", "[sla.licensing.intake]\nbudget = \"2000 working-minutes\"", true),
            ("[sla.licensing.decision]\nbudget = \"20 working-days\"", "[sla.licensing.decision]\nbudget = \"21 working-days\"", false),
        ] {
            let files = changed(from, to)
            let plan = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
            #expect(plan["waiting"]?.array?.map { $0["entry"] } == (isSooner ? ["matter.notice"] : []), "\(to)")
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
            #expect(try await harness.call("case.submit", notice).kind == (isSooner ? "catalog.unconfirmed" : nil), "\(to)")
            #expect(try await harness.submit()["case"] != nil, "what silence does not grant is taken")
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.base), uid: Harness.admin).get()
            if !isSooner { _ = try await harness.call("catalog.confirm", uid: Self.ada) }
            #expect(try await harness.call("case.submit", notice).kind == nil)
        }
    }
}
