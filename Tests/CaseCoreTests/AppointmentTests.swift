import CaseCore
import CaseTesting
import Catalogue
import Testing
import WorkingTime

/// What counts of a catalogue to whose parts nobody but its author has agreed.
@Suite("Parts that wait for a second word")
struct AppointmentTests {
    private static let persons: [PersonID] = ["hana", "otto", "lena", "bela", "cora", "mira"]
    private static let posts: [PostID] = ["office-head", "officer", "leader", "bureau-head", "commissioner", "extra"]

    /// A catalogue with whatever parts, whether its rules hold or not: what counts may never be more than what counted.
    private static func random(_ random: inout SeededRandom) -> Register {
        var register = Office.register
        func some<Value>(_ values: [Value]) -> Value { values.randomElement(using: &random)! }
        func chance() -> Bool { Bool.random(using: &random) }
        register.persons["mira"] = Person(id: "mira", name: "Mira")
        if chance() {
            let first = register.offices["permits"]!
            register.offices["second"] = CaseCore.Office(
                id: "second", name: "Second", kind: .approval, department: first.department, head: "officer",
                succeeds: chance() ? ["permits"] : [])
            if chance() { register.offices["permits"] = nil }
        }
        for person in persons {
            register.persons[person] =
                some([0, 1, 2, 3, 4]) == 0 ? nil : Person(id: person, name: "", identities: chance() ? ["A"] : [])
        }
        let known = register.persons.keys.sorted()
        for post in posts {
            register.posts[post] =
                some([0, 1, 2, 3]) == 0
                ? nil
                : Post(
                    id: post, name: "", office: chance() ? some(register.offices.keys.sorted()) : nil,
                    holder: chance() ? known.randomElement(using: &random) : nil, substitute: chance() ? some(posts) : nil,
                    isAuditing: chance(), isConfirming: chance(), duties: [])
        }
        register.departments["bureau"] = Department(id: "bureau", name: "", head: register.posts.keys.sorted().first)
        if chance() { register.departments["other"] = Department(id: "other", name: "", head: some(register.posts.keys.sorted())) }
        register.offices = register.offices.mapValues { office in
            CaseCore.Office(
                id: office.id, name: "", kind: office.kind, department: chance() ? "bureau" : "other",
                head: some(register.posts.keys.sorted()),
                succeeds: office.succeeds)
        }
        for (id, matter) in register.matters {
            if some([0, 1, 2, 3, 4]) == 0 {
                register.matters[id] = nil
                continue
            }
            register.matters[id] = Matter(
                id: id, name: "",
                assignment: Assignment(
                    office: some(register.offices.isEmpty ? ["permits"] : register.offices.keys.sorted()), leader: some(posts),
                    commissioner: some(posts)),
                policy: matter.policy,
                extension: chance() ? Matter.Extension(limit: Length(1, .workingDays), authority: some(posts)) : nil,
                department: chance() ? nil : "other")
        }
        register.users = [:]
        for number in 1...3 where chance() {
            register.users[Identifier("\(number)")] = User(
                id: Identifier("\(number)"), binding: chance() ? .person(some(persons)) : .service("hall"))
        }
        register.services["hall"] = Service(
            id: "hall", name: "", actsFor: chance() ? .anyone : .persons([some(persons), some(persons)]),
            matters: chance() ? nil : [some(["permit", "notice"])])
        if chance() {
            register.substitutions["s"] = Substitution(
                id: "s", post: some(posts), by: some(posts), from: Day("2026-03-02")!, to: Day(some(["2026-03-04", "2026-03-09"]))!)
        }
        return register
    }

    /// Who has which part by a catalogue.
    ///
    /// - Parameter isFormer: to speak for anyone is then to speak for each who holds no post; later, whoever loses their post is one of these.
    private static func parts(_ register: Register, isFormer: Bool) -> Set<String> {
        var parts: Set<String> = []
        for matter in register.matters.values {
            let assignment = matter.assignment
            let posts =
                [("leader", assignment.leader), ("commissioner", assignment.commissioner)]
                + (matter.extension_.map { [("extension", $0.authority)] } ?? [])
                + (register.offices[assignment.office].map { [("head", $0.head)] } ?? [])
                + (register.department(of: matter).flatMap { register.departments[$0]?.head }.map { [("reader", $0)] } ?? [])
            for (role, post) in posts {
                for person in register.everyActor(for: post) { parts.insert("\(matter.id) \(role) \(person)") }
            }
            for post in register.posts(of: assignment.office) {
                for person in register.everyActor(for: post) { parts.insert("\(matter.id) office \(person)") }
            }
        }
        for person in register.persons.keys where register.isAuditor(person) { parts.insert("auditor \(person)") }
        for person in persons where register.confirms(Principal(.person(person, via: nil))) { parts.insert("confirms \(person)") }
        for user in register.users.values { parts.insert("user \(user.id) \(user.binding)") }
        for service in register.services.values {
            if service.actsFor == .anyone { parts.insert("\(service.id) for anyone") }
            for person in persons
            where (isFormer || service.actsFor != .anyone) && service.mayAct(for: person, in: register, isTraining: false) {
                parts.insert("\(service.id) for \(person)")
            }
            for matter in ["permit", "notice"] as [MatterID] where service.matters?.contains(matter) ?? true {
                parts.insert("\(service.id) on \(matter)")
            }
        }
        return parts
    }

    @Test("It gives nobody a part that they did not have, and all of it once it is agreed to", arguments: 0..<500 as Range<UInt64>)
    func gives(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var counting = Self.random(&random)
        for _ in 0..<4 {
            let next = Self.random(&random)
            let after = next.inForce(after: counting)
            let given = Self.parts(after, isFormer: false).subtracting(Self.parts(counting, isFormer: true))
            #expect(given.isEmpty, "\(given.sorted())")
            // Who applies for themselves stays known.
            for (id, person) in counting.persons {
                if let kept = after.persons[id] { #expect(kept.identities.isSuperset(of: person.identities)) }
            }
            #expect(next.inForce(after: after).appointments(to: after).isEmpty, "the same again changes nothing")
            #expect(next.inForce(after: next).appointments(to: next).isEmpty, "what was agreed to counts")
            if after.appointments(to: next).isEmpty { #expect(Self.parts(after, isFormer: true) == Self.parts(next, isFormer: true)) }
            counting = after
        }
    }

    @Test("A part that is only taken away is gone at once")
    func taken() {
        let before = Office.register
        var after = before
        after.users = [:]
        after.posts["officer"] = Post(id: "officer", name: "Officer", office: "permits", holder: nil, duties: [])
        let counting = after.inForce(after: before)
        #expect(counting.users.isEmpty && counting.holder(of: "officer") == nil)
        #expect(counting.appointments(to: after).isEmpty, "nothing waits")
    }

    @Test("What is handed over stays where it was until somebody agrees: a post with its holder, a matter with its office")
    func handedOver() {
        let before = Office.register
        var after = before
        after.posts["leader"] = Post(id: "leader", name: "Leader", office: nil, holder: "bela", duties: [])
        let matter = before.matters["permit"]!
        after.offices["second"] = CaseCore.Office(
            id: "second", name: "Second", kind: .approval, department: "bureau", head: "clerk", succeeds: ["permits"])
        after.offices["permits"] = nil
        after.posts["clerk"] = Post(id: "clerk", name: "Clerk", office: "second", holder: "hana", duties: [])
        (after.posts["officer"], after.posts["office-head"]) = (nil, nil)
        after.matters["permit"] = Matter(
            id: "permit", name: "Permit", assignment: Assignment(office: "second", leader: "leader", commissioner: "commissioner"),
            policy: matter.policy)
        let counting = after.inForce(after: before)
        #expect(counting.holder(of: "leader") == "lena")
        #expect(counting.matters["permit"]?.assignment == matter.assignment)
        #expect(counting.officers(of: "permits") == ["hana", "otto"])
        #expect(counting.holder(of: "clerk") == nil)
        let changes = counting.appointments(to: after)
        #expect(changes.contains(Appointment(entry: "post.leader", key: "holder", from: "lena", to: "bela")))
        #expect(changes.contains(Appointment(entry: "matter.permit", key: "office", from: "permits", to: "second")))
    }
}
