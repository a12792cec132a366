import CaseCore
import CaseTesting
import Testing
import WorkingTime

/// Who may act for a post, and when.
@Suite("Substitutes and recusal")
struct SubstitutionTests {
    /// The small office, where the bureau's head acts for the leader from 2 to 3 March, and Hana's head's post for the officer's.
    private static func office(_ change: (inout Register) -> Void) -> Office {
        var register = Office.register
        change(&register)
        return Office(register: register)
    }

    private static let absent = office { register in
        register.substitutions["march"] = Substitution(
            id: "march", post: "leader", by: "bureau-head", from: Day("2026-03-02")!, to: Day("2026-03-04")!)
    }

    private static let declared = office { register in
        let leader = register.posts["leader"]!
        register.posts["leader"] = Post(
            id: leader.id, name: leader.name, office: nil, holder: leader.holder, substitute: "bureau-head", duties: [])
    }

    private let bela = Principal(.person("bela", via: "hall"))
    private let lena = Principal(.person("lena", via: "hall"))
    private let otto = Principal(.person("otto", via: "hall"))

    private func grant(_ file: CaseFile, by principal: Principal, _ office: Office, at instant: String) throws(Refusal) -> Step {
        try file.respond(to: Grant(reasons: ""), by: principal, under: office.terms, at: Instant(instant)!)
    }

    @Test("A substitute decides from the first day to before the last, by the calendar's zone, and the record shows both names")
    func dated() throws {
        let file = try Self.absent.file(in: .withLeader)
        // In Shanghai, 2 March begins at 16:00 UTC of the day before.
        for (instant, isAllowed) in [
            ("2026-03-01T15:59:59Z", false), ("2026-03-01T16:00:00Z", true), ("2026-03-03T15:59:59Z", true),
            ("2026-03-03T16:00:00Z", false),
        ] {
            if isAllowed {
                let event = try grant(file, by: bela, Self.absent, at: instant).event
                #expect(event.by == "bela" && event.instead == "lena", "\(instant)")
            } else {
                #expect(throws: Refusal.self, "\(instant)") { try grant(file, by: bela, Self.absent, at: instant) }
            }
        }
    }

    @Test("Whoever is substituted is told by whom")
    func toldWho() throws {
        let file = try Self.absent.file(in: .withLeader)
        let refusal = #expect(throws: Refusal.self) { try grant(file, by: lena, Self.absent, at: "2026-03-02T02:00:00Z") }
        #expect(refusal?.message.contains("bela for lena") == true || refusal?.hint?.contains("bela for lena") == true)
    }

    @Test(
        "On the days of a substitution the holder does not act, unless it is shared, or whoever would substitute cannot",
        arguments: [false, true])
    func shared(isShared: Bool) throws {
        var office = Self.office { register in
            register.substitutions["march"] = Substitution(
                id: "march", post: "leader", by: "bureau-head", from: Day("2026-03-02")!, to: Day("2026-03-04")!, isShared: isShared)
        }
        func holderActs(_ file: CaseFile, on day: String) -> Bool { (try? grant(file, by: lena, office, at: "\(day)T01:00:00Z")) != nil }
        let file = try office.file(in: .withLeader)
        #expect(holderActs(file, on: "2026-03-01") && holderActs(file, on: "2026-03-04"))
        #expect(holderActs(file, on: "2026-03-02") == isShared)
        var recused = file
        let step = try file.respond(to: Recuse(reason: "kin"), by: bela, under: office.terms, at: Instant("2026-03-02T01:00:00Z")!)
        recused.apply(step.event)
        #expect(holderActs(recused, on: "2026-03-02"))
        office = Self.office { register in
            register.substitutions = office.terms.register.substitutions
            let post = register.posts["bureau-head"]!
            register.posts["bureau-head"] = Post(id: post.id, name: post.name, office: nil, holder: nil, duties: [])
        }
        #expect(holderActs(file, on: "2026-03-02"))
    }

    @Test("Whoever substitutes and is kept from a case leaves it to the holder, who acts and is told; what keeps them is said to them")
    func keptSubstitute() throws {
        let office = Self.office { register in
            register.substitutions["march"] = Substitution(
                id: "march", post: "leader", by: "bureau-head", from: Day("2026-01-01")!, to: Day("2027-01-01")!)
            register.persons["bela"] = Person(id: "bela", name: "Bela", identities: ["A"])
        }
        let file = try office.file(in: .withLeader)
        #expect(try grant(file, by: lena, office, at: "2026-03-02T01:00:00Z").event.by == "lena")
        #expect(throws: Refusal.fourEyes(Grant.name, person: "bela", other: .submitter)) {
            try grant(file, by: bela, office, at: "2026-03-02T01:00:00Z")
        }
        let order = OpenOrder(reason: "slow", to: .leader, due: Length(3, .workingDays))
        let step = try file.respond(
            to: order, by: Office.principal(.commissioner), under: office.terms, at: Instant("2026-03-02T01:00:00Z")!)
        #expect(step.notices.map(\.recipient).contains("lena"))
    }

    @Test("What a post is told of goes to whoever acts for it on the day, and so does what its officer is told of")
    func told() throws {
        let office = Self.office { register in
            register.substitutions["march"] = Substitution(
                id: "march", post: "leader", by: "bureau-head", from: Day("2026-03-02")!, to: Day("2026-03-04")!)
            register.substitutions["otto"] = Substitution(
                id: "otto", post: "officer", by: "office-head", from: Day("2026-03-02")!, to: Day("2026-03-04")!)
        }
        var file = try office.file(in: .inReview)
        try office.act(&file, Assign(nil), .office)
        for (day, leader) in [("2026-03-01", "lena"), ("2026-03-02", "bela"), ("2026-03-04", "lena")] {
            let hana = Principal(.person("hana", via: "hall"))
            let step = try file.respond(
                to: Recommend(.grant, opinion: "fine"), by: hana, under: office.terms, at: Instant("\(day)T01:00:00Z")!)
            #expect(step.notices.filter { $0.addressee == .leader }.map(\.recipient) == [leader], "\(day)")
        }
        var handled = file
        try office.act(&handled, Assign("otto"), .office)
        for (day, handler) in [("2026-03-01", "otto"), ("2026-03-02", "hana"), ("2026-03-04", "otto")] {
            let cora = Principal(.person("cora", via: "oversight"))
            let order = OpenOrder(reason: "slow", to: .handler, due: Length(3, .workingDays))
            let step = try handled.respond(to: order, by: cora, under: office.terms, at: Instant("\(day)T01:00:00Z")!)
            #expect(step.notices.filter { $0.addressee == .handler }.map(\.recipient) == [handler], "\(day)")
        }
    }

    @Test("A refusal names who could act on that day")
    func hint() throws {
        let file = try Self.absent.file(in: .withLeader)
        do throws(Refusal) {
            _ = try grant(file, by: otto, Self.absent, at: "2026-03-02T01:00:00Z")
            Issue.record("an officer decided")
        } catch {
            #expect(error.hint == "could be done by post leader (bela for lena)")
        }
    }

    @Test("Four eyes hold for substitutes as well")
    func fourEyes() throws {
        let office = Self.office { register in
            register.substitutions["march"] = Substitution(
                id: "march", post: "leader", by: "officer", from: Day("2026-03-02")!, to: Day("2026-03-04")!)
        }
        let file = try office.file(in: .withLeader)
        #expect(file.handler == "otto")
        #expect(throws: Refusal.fourEyes(Grant.name, person: "otto", other: .office)) {
            try grant(file, by: otto, office, at: "2026-03-02T01:00:00Z")
        }
    }

    /// What an officer does with a file, so that another one, or the same, does the rest.
    private static let examinations: [(name: String, steps: [any CaseCommand])] = [
        ("accepted", [Accept()]),
        ("asked for a correction", [RequestCorrection(missing: ["form"], note: "")]),
        ("recommended", [Accept(), Recommend(.grant, opinion: "in order"), Return(reason: "say more")]),
        ("assigned", [Assign("hana")]),
    ]

    @Test(
        "Whoever accepted, asked for a correction or recommended never decides, whoever handles the file now",
        arguments: examinations.indices, [nil, PersonID("hana"), "otto"] as [PersonID?])
    func examinersNeverDecide(place: Int, handler: PersonID?) throws {
        // Otto may decide for Lena all the time.
        let office = Self.office { register in
            register.substitutions["all"] = Substitution(
                id: "all", post: "leader", by: "officer", from: Day("2026-01-01")!, to: Day("2027-01-01")!, isShared: true)
        }
        let (name, steps) = Self.examinations[place]
        var file = try office.submit()
        func take(_ input: any CaseCommand, by principal: Principal) throws {
            file.apply(try file.respond(to: input, by: principal, under: office.terms, at: office.start).event)
        }
        for step in steps { try take(step, by: type(of: step).declaration.roles == [.leader] ? lena : otto) }
        // Hana goes on with it until it is with the leader.
        let hana = Principal(.person("hana", via: "hall"))
        if file.state == .correction {
            try take(Correct(materials: [SubmittedMaterial(id: "form")], note: ""), by: Office.principal(.submitter))
        }
        if file.state == .submitted { try take(Accept(), by: hana) }
        try take(Assign("hana"), by: hana)
        try take(Recommend(.grant, opinion: "in order"), by: hana)
        try take(Assign(handler), by: hana)
        let hasExamined = name != "assigned"
        let names = hasExamined ? ["otto", "hana"] : ["hana"]
        #expect(file.participants[.examining] == Set(names.map { Participant(named: $0) }))
        let isKept = hasExamined || handler == "otto"
        for input: any CaseCommand in [Grant(reasons: ""), Refuse(reasons: "no")] as [any CaseCommand] {
            if isKept {
                #expect(throws: Refusal.fourEyes(type(of: input).name, person: "otto", other: .office), "\(name)") {
                    try take(input, by: otto)
                }
            } else {
                _ = try file.respond(to: input, by: otto, under: office.terms, at: office.start)
            }
        }
        let power = office.terms.register.powers(over: office.terms.matter, on: Day("2026-02-06")!, file: file)
            .first { $0.role == .leader && $0.holder == "otto" }
        #expect((power?.hindrance != nil) == isKept, "what is shown is what is done")
        // Nor does he judge afterwards what he examined, nor can Lena leave it to him.
        if isKept {
            #expect(throws: Refusal.nobodyElse("lena", "post leader")) { try take(Recuse(reason: "kin"), by: lena) }
        }
        try take(Grant(reasons: ""), by: lena)
        var auditing = Office.register
        auditing.posts["auditor"] = Post(id: "auditor", name: "Auditor", office: nil, holder: "otto", isAuditing: true, duties: [])
        let terms = Terms(matter: "permit", pinned: Office.register, newest: auditing)!
        if hasExamined {
            #expect(throws: Refusal.fourEyes(Inspect.name, person: "otto", other: .office)) {
                try file.respond(to: Inspect(.inOrder, finding: "fine", draw: nil), by: otto, under: terms, at: office.start)
            }
        }
    }

    @Test("Whoever is recused has no part any more, and the declared substitute decides")
    func recusal() throws {
        let office = Self.declared
        var file = try office.file(in: .withLeader)
        #expect(throws: Refusal.self, "a declared substitute is none before") {
            try grant(file, by: bela, office, at: "2026-03-02T01:00:00Z")
        }
        try office.act(&file, Recuse(reason: "my brother applies"), .leader)
        #expect(throws: Refusal.self) { try grant(file, by: lena, office, at: "2026-03-02T01:00:00Z") }
        let event = try grant(file, by: bela, office, at: "2026-03-02T01:00:00Z").event
        #expect(event.by == "bela" && event.instead == "lena")
    }

    @Test("A recusal that would leave a case to nobody is refused, with the mend")
    func nobodyElse() throws {
        let office = Office()
        var file = try office.file(in: .withLeader)
        let refusal = Refusal.nobodyElse("lena", "post leader")
        #expect(throws: refusal) { try office.act(&file, Recuse(reason: "my brother applies"), .leader) }
        #expect(refusal.hint == "declare a substitute of the post in the catalogue")
    }

    @Test(
        "Whoever is the last to decide a case takes no part in examining it, in whatever order that comes about", arguments: [false, true])
    func lastDecider(isAccepted: Bool) throws {
        // Otto would decide for Lena where she is recused; Hana examines as well.
        let office = Self.office { register in
            let leader = register.posts["leader"]!
            register.posts["leader"] = Post(
                id: leader.id, name: leader.name, office: nil, holder: leader.holder, substitute: "officer", duties: [])
        }
        let hana = Principal(.person("hana", via: "hall"))
        var file = try office.submit()
        func take(_ input: any CaseCommand, by principal: Principal) throws {
            file.apply(try file.respond(to: input, by: principal, under: office.terms, at: office.start).event)
        }
        if isAccepted { try take(Accept(), by: hana) }
        try take(Recuse(reason: "my brother applies"), by: lena)
        let inputs: [any CaseCommand] =
            isAccepted ? [Recommend(.grant, opinion: "in order")] : [Accept(), RequestCorrection(missing: ["form"], note: "")]
        for input in inputs {
            #expect(throws: Refusal.lastDecider(type(of: input).name, "otto", "leader")) { try take(input, by: otto) }
        }
        if !isAccepted { try take(Accept(), by: hana) }
        try take(Recommend(.grant, opinion: "in order"), by: hana)
        try take(Grant(reasons: ""), by: otto)
        #expect(file.state == .granted)
    }

    @Test("Recusals leave two persons, one who examines and one who decides", arguments: [["lena", "hana"], ["hana", "lena"]])
    func twoRemain(order: [PersonID]) throws {
        let office = Self.office { register in
            let leader = register.posts["leader"]!
            register.posts["leader"] = Post(
                id: leader.id, name: leader.name, office: nil, holder: leader.holder, substitute: "officer", duties: [])
        }
        var file = try office.submit()
        func recuse(_ person: PersonID) throws {
            let step = try file.respond(
                to: Recuse(reason: "kin"), by: Principal(.person(person, via: "hall")), under: office.terms, at: office.start)
            file.apply(step.event)
        }
        try recuse(order[0])
        // Otto would be what is left of both.
        #expect(throws: Refusal.nobodyElse(order[1], "post leader")) { try recuse(order[1]) }
    }

    @Test("Whoever substitutes only for some days is not one to rely on: the holder does not examine meanwhile")
    func datedSubstitutes() throws {
        let office = Self.office { register in
            let head = register.posts["office-head"]!
            register.posts["office-head"] = Post(id: head.id, name: head.name, office: head.office, holder: "lena", duties: [])
            register.substitutions["today"] = Substitution(
                id: "today", post: "leader", by: "bureau-head", from: Day("2026-02-01")!, to: Day("2026-02-07")!)
        }
        let file = try office.submit()
        #expect(throws: Refusal.lastDecider(Accept.name, "lena", "leader")) {
            try file.respond(to: Accept(), by: lena, under: office.terms, at: office.start)
        }
        _ = try file.respond(to: Accept(), by: otto, under: office.terms, at: office.start)
    }

    @Test("An officer who is recused is handler no longer, and another officer goes on")
    func recusedHandler() throws {
        let office = Office()
        var file = try office.file(in: .inReview)
        try office.act(&file, Assign("otto"), .office)
        try office.act(&file, Recuse(reason: "kin"), .office)
        #expect(file.handler == nil)
        #expect(throws: Refusal.self) { try office.act(&file, Recommend(.grant, opinion: "x"), .office) }
        #expect(throws: Refusal.isRecused("otto")) {
            _ = try file.respond(
                to: Assign("otto"), by: Principal(.person("hana", via: "hall")), under: office.terms, at: office.start)
        }
        let step = try file.respond(
            to: Recommend(.grant, opinion: "x"), by: Principal(.person("hana", via: "hall")), under: office.terms, at: office.start)
        file.apply(step.event)
        #expect(file.handler == "hana")
    }

    @Test("A service acts on the matters that the catalogue names, and on no other")
    func serviceMatters() throws {
        let office = Self.office { register in
            register.services["hall"] = Service(id: "hall", name: "Hall", actsFor: .anyone, matters: ["notice"])
        }
        #expect(throws: Refusal.serviceNotForMatter("hall", "permit")) { try office.submit() }
        let file = try Office().file(in: .withLeader)
        #expect(throws: Refusal.serviceNotForMatter("hall", "permit")) { try grant(file, by: lena, office, at: "2026-03-02T01:00:00Z") }
    }
}
