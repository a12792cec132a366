import CaseCore
import CaseTesting
import Testing
import WorkingTime

/// What somebody had to do with a case keeps them from the other power over it, whatever a later catalogue says.
@Suite("Participants")
struct ParticipantTests {
    private static let office = LifecycleTests.full
    private static let approving: [Role] = [.office, .consulted, .leader, .extensionAuthority]
    private static let supervising: [Role] = [.commissioner, .auditor]
    private static let person = PersonID("mara")
    private static let uid: UInt32 = 1000

    /// The catalogue of a later day, in which Mara has a function.
    private static func terms(_ role: Role, isTraining: Bool = false, identities: Set<String> = []) -> Terms {
        var register = Office.register
        register.persons[person] = Person(id: person, name: "Mara", identities: identities)
        let post: PostID =
            switch role {
            case .leader: "leader"
            case .consulted: "fire-head"
            case .extensionAuthority: "bureau-head"
            case .commissioner: "commissioner"
            case .auditor: "auditor"
            default: "office-head"
            }
        register.posts[post] = register.posts[post]!.held(by: person, substitute: role == .leader ? "bureau-head" : nil)
        return Terms(matter: "permit", pinned: office.terms.register, newest: register, isTraining: isTraining)!
    }

    /// Each command that somebody has in a function, on a case that takes it.
    private static func commands(_ role: Role) throws -> [(any CaseCommand, CaseFile, Instant)] {
        try Commands.all.compactMap { $0 as? any CaseCommand.Type }.filter { $0.declaration.roles.contains(role) }.map { kind in
            for state in State.allCases {
                for file in try office.files(in: state) {
                    let (command, at) = LifecycleTests.command(kind.declaration.name, for: file)
                    var free = file
                    free.participants.handler = nil
                    free.orders = free.orders.map { order in
                        SupervisionOrder(
                            number: order.number, recipient: role == .leader ? .leader : .officeHead, reason: order.reason, due: order.due,
                            openedBy: order.openedBy, openedAt: order.openedAt, asked: [])
                    }
                    // An erasure is the leader's to carry out, once somebody has asked for it.
                    if !free.state.isOpen {
                        free.erasure.asked = CaseFile.Asked(by: "abel", at: at, knownAs: [Participant(named: "abel")])
                    }
                    let mara = Principal(.person(person, via: "marasown"))
                    if (try? free.respond(to: command, by: mara, under: terms(role), at: at)) != nil { return (command, free, at) }
                }
            }
            throw Missing(description: "no case takes \(kind.declaration.name) from \(role)")
        }
    }

    private struct Missing: Error {
        let description: String
    }

    @Test(
        "A service that spoke for one side of a case speaks for nobody of the other, but in a store for training",
        arguments: approving + supervising)
    func side(role: Role) throws {
        let isSupervising = Self.supervising.contains(role)
        for (command, file, at) in try Self.commands(role) {
            for (involvement, isTaken) in [(Involvement.approving, !isSupervising), (.supervising, isSupervising)] {
                var spoken = file
                spoken.participants.involved[.approving] = []
                spoken.participants.involved[.supervising] = []
                spoken.participants.involved[involvement, default: []].insert(Participant(speaker: "hall"))
                func answer(_ via: ServiceID?, _ terms: Terms) -> Refusal.Kind? {
                    do throws(Refusal) {
                        _ = try spoken.respond(to: command, by: Principal(.person(Self.person, via: via)), under: terms, at: at)
                        return nil
                    } catch {
                        return error.kind
                    }
                }
                #expect(answer("hall", Self.terms(role)) == (isTaken ? nil : .serviceSide), "\(command) as \(role)")
                #expect(answer("other", Self.terms(role)) == nil && answer(nil, Self.terms(role)) == nil)
                #expect(answer("hall", Self.terms(role, isTraining: true)) == nil)
            }
        }
    }

    @Test(
        "Whoever had to do with one power takes no step of the other, under the same name, or under another one through the same unix user",
        arguments: approving + supervising)
    func apart(role: Role) throws {
        let others: [Involvement] =
            Self.supervising.contains(role) ? [.submitting, .approving, .examining, .recusing] : [.submitting, .supervising]
        let commands = try Self.commands(role)
        #expect(!commands.isEmpty)
        for (command, file, at) in commands {
            for involvement in others {
                var involved = file
                involved.participants.involved[involvement, default: []].insert(Participant(named: "mara"))
                var renamed = file
                renamed.participants.involved[involvement, default: []].insert(Participant(user: Self.uid))
                for (file, principal, isTaken) in [
                    (involved, Principal(.person(Self.person, via: "marasown")), false),
                    (renamed, Principal(.person(Self.person, via: nil), uid: Self.uid), false),
                    (renamed, Principal(.person(Self.person, via: nil), uid: Self.uid + 1), true),
                    // A service speaks for many, of one side.
                    (
                        renamed, Principal(.person(Self.person, via: "marasown"), uid: Self.uid),
                        involvement != .approving && involvement != .supervising
                    ),
                ] {
                    let step = Result { try file.respond(to: command, by: principal, under: Self.terms(role), at: at) }
                    #expect(((try? step.get()) != nil) == isTaken, "\(type(of: command)) of \(involvement): \(step)")
                }
                // One person plays everybody in a store for training.
                let playing = Principal(.person(Self.person, via: nil), isAdmin: true, uid: Self.uid)
                let training = Self.terms(role, isTraining: true)
                #expect(throws: Never.self) { try renamed.respond(to: command, by: playing, under: training, at: at) }
            }
        }
    }

    @Test(
        "Whoever applies takes no step in their own case, and whoever administers the server takes none in any",
        arguments: approving + supervising)
    func own(role: Role) throws {
        for (command, file, at) in try Self.commands(role) {
            #expect(throws: Refusal.fourEyes(type(of: command).declaration.name, person: Self.person, other: .submitter)) {
                try file.respond(
                    to: command, by: Principal(.person(Self.person, via: nil)), under: Self.terms(role, identities: [file.applicant.id]),
                    at: at)
            }
            let admin = Principal(.person(Self.person, via: nil), isAdmin: true, uid: 0)
            // To raise a case is an admin's as well, unless they had to do with its approval.
            guard type(of: command).declaration.roles.contains(.admin) else {
                #expect(throws: Refusal.administers(Self.person)) {
                    try file.respond(to: command, by: admin, under: Self.terms(role), at: at)
                }
                continue
            }
            for known in [Participant(named: Self.person.raw), Participant(user: 0)] {
                for involvement in [Involvement.submitting, .approving] {
                    var own = file
                    own.participants.involved[involvement, default: []].insert(known)
                    #expect(
                        throws: Refusal.fourEyes(
                            type(of: command).declaration.name, person: Self.person,
                            other: involvement == .submitting ? .submitter : .office)
                    ) {
                        try own.respond(to: command, by: admin, under: Self.terms(role), at: at)
                    }
                }
            }
        }
    }

    @Test("Who was asked by an order, or answered it, never closes it", arguments: SupervisionOrder.Recipient.allCases)
    func closing(recipient: SupervisionOrder.Recipient) throws {
        let office = Office()
        var file = try office.file(in: .inReview)
        try office.act(&file, OpenOrder(reason: "why?", to: recipient, due: Length(3, .workingDays)), .commissioner)
        let asked = file.openOrder!.asked
        #expect(!asked.isEmpty)
        for person in asked.sorted() {
            var register = Office.register
            register.posts["commissioner"] = register.posts["commissioner"]!.held(by: person)
            let terms = Terms(matter: "permit", pinned: office.terms.register, newest: register)!
            // Without what they did in it otherwise.
            var untouched = file
            untouched.participants.involved = [:]
            #expect(throws: Refusal.self) {
                try untouched.respond(
                    to: CloseOrder(OrderID(file.id, 1), finding: "fine"), by: Principal(.person(person, via: "marasown")), under: terms,
                    at: office.start)
            }
        }
        try office.act(&file, CloseOrder(OrderID(file.id, 1), finding: "fine"), .commissioner)
    }
}

extension Post {
    func held(by person: PersonID, substitute: PostID? = nil) -> Post {
        Post(
            id: id, name: name, office: office, holder: person, substitute: substitute ?? self.substitute, rank: rank, isLeading: isLeading,
            isAuditing: isAuditing,
            mainDuty: mainDuty, duties: duties)
    }
}
