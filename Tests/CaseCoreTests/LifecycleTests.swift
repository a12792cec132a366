import CaseCore
import CaseTesting
import Foundation
import Testing
import WorkingTime

/// The code against the declared table, over its whole input space.
@Suite("The lifecycle and its table")
struct LifecycleTests {
    /// An input of each kind that nothing but the state or the role could make refused.
    static func input(_ kind: Input.Kind, for file: CaseFile) -> (input: Input, at: Instant) {
        let terms = full.terms
        let now = file.closedAt ?? full.start
        func due(_ clock: ClockKind) -> Instant { file.clock(clock)?.ledger.due(on: terms.calendar) ?? full.start }
        switch kind {
        case .submit: return (.submit(Submission(matter: "notice", title: "x", applicant: Applicant(id: "a", name: "a"))), now)
        case .accept: return (.accept, now)
        case .requestCorrection: return (.requestCorrection(missing: ["form"], note: ""), now)
        case .correct: return (.correct(materials: [SubmittedMaterial(id: "form")], note: ""), now)
        case .decline: return (.decline(ground: "not ours", competent: nil), now)
        case .assign: return (.assign("otto"), now)
        case .suspend: return (.suspend(.hearing, basis: "Art. 45", expected: Length(3, .workingDays), note: ""), now)
        case .resume: return (.resume(nil), now)
        case .extend: return (.extend(.decision, by: Length(1, .workingDays), reason: "complex"), now)
        case .recommend: return (.recommend(.grant, opinion: "in order"), now)
        case .return: return (.return(reason: "more"), now)
        case .grant: return (.grant(reasons: "in order"), now)
        case .refuse: return (.refuse(reasons: "not in order"), now)
        case .withdraw: return (.withdraw(reason: ""), now)
        case .deliver: return (.deliver(how: "post"), now)
        case .note: return (.note("seen"), now)
        case .escalate: return (.escalate(reason: "slow"), now)
        case .openOrder: return (.openOrder(reason: "slow", to: .handler, due: Length(3, .workingDays)), now)
        case .answerOrder: return (.answerOrder(file.openOrder?.number ?? 1, answer: "on it"), now)
        case .closeOrder: return (.closeOrder(file.openOrder?.number ?? 1, finding: "done"), now)
        case .recuse: return (.recuse(reason: "kin"), now)
        case .inspect: return (.inspect(.inOrder, finding: "in order", draw: nil), now)
        case .read: return (.read("case.get"), now)
        case .reroute: return (.reroute(Assignment(office: "permits", leader: "leader", commissioner: "commissioner")), now)
        case .reproject: return (.reproject(Reprojection(version: 2, former: terms, allowsEarlier: false)), now)
        case .deemAccept: return (.deemAccept(due: due(.intake)), due(.intake))
        case .lapse: return (.lapse(due: due(.correction)), due(.correction))
        case .deemGrant: return (.deemGrant(due: due(.decision)), due(.decision))
        case .passRung:
            guard let deadline = file.nextDeadline(under: terms), case .passRung = deadline.input else {
                return (.passRung(ClockID(.decision), rung: 0, due: now), now)
            }
            return (deadline.input, deadline.at)
        }
    }

    /// Refusals that speak of the content and not of the state: the state takes the input.
    static func isAboutContent(_ refusal: Refusal) -> Bool {
        switch refusal {
        case .stateNotAllowed, .suspended, .notPermitted, .notReadable, .fourEyes: false
        case .notSuspended, .alreadySuspended, .severalSuspensions, .assignedTo, .notAnOfficer, .isRecused, .nobodyElse, .lastDecider,
            .serviceNotForMatter, .empty, .materialsMissing, .materialUnknown,
            .itemsNotInFirstNotice, .clockNotRunning, .clockNotExtendable, .alreadyExtended, .alreadyBreached,
            .extensionTooLong, .alreadyDelivered, .orderAlreadyOpen, .noOpenOrder, .orderForAnother, .notDue:
            true
        }
    }

    @Test("Code and table agree on every state and input", arguments: State.allCases, Input.Kind.allCases)
    func everyPair(state: State, kind: Input.Kind) throws {
        // A matter with materials and rungs, where silence grants.
        let office = Self.full
        let file = try office.file(in: state)
        let (input, at) = Self.input(kind, for: file)
        let role = Lifecycle.roles[kind]!.sorted { $0.rawValue < $1.rawValue }[0]
        let declared = Lifecycle.target(of: kind, in: state)
        do throws(Refusal) {
            let step = try file.respond(to: input, by: Office.principal(role), under: office.terms, at: at)
            var after = file
            after.apply(step.event)
            #expect(after.state == declared, "\(kind) of a case that is \(state)")
        } catch {
            if declared == nil {
                #expect(error == .stateNotAllowed(kind, state: state))
            } else {
                #expect(Self.isAboutContent(error), "\(kind) of a case that is \(state) is refused: \(error)")
            }
        }
    }

    /// `permit` with the silence rule of `notice`.
    static let full: Office = {
        var register = Office.register
        let matter = register.matters["permit"]!
        register.matters["permit"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy,
            extension: matter.extension_, silenceGrants: true, materials: matter.materials)
        return Office(register: register)
    }()

    @Test("Code and table agree on who may give every input", arguments: Input.Kind.allCases)
    func everyRole(kind: Input.Kind) {
        #expect(kind.permittedRoles == Lifecycle.roles[kind])
    }

    @Test("Nobody without a permitted role gets an input through, in any state", arguments: State.allCases, Role.allCases)
    func everyStateAndRole(state: State, role: Role) throws {
        let file = try Self.full.file(in: state)
        for kind in Input.Kind.allCases where kind != .submit {
            let (input, at) = Self.input(kind, for: file)
            do throws(Refusal) {
                _ = try file.respond(to: input, by: Office.principal(role), under: Self.full.terms, at: at)
                #expect(kind.permittedRoles.contains(role), "\(role) got \(kind) through")
            } catch {
                if case .notPermitted = error {
                    #expect(!kind.permittedRoles.contains(role), "\(role) may \(kind) and was refused")
                } else {
                    #expect(kind.permittedRoles.contains(role), "\(role) was refused for another reason: \(error)")
                }
            }
        }
    }

    @Test("Only the leader reaches granted or refused, and only time reaches deemed-granted")
    func decisions() {
        for row in Lifecycle.rows where row.target != row.state {
            switch row.target {
            case .granted, .refused: #expect(Lifecycle.roles[row.input] == [.leader])
            case .deemedGranted: #expect(Lifecycle.roles[row.input] == [.clock])
            case .submitted, .correction, .inReview, .withLeader, .notAccepted, .withdrawn, .lapsed: break
            }
        }
    }

    @Test("docs/lifecycle.md shows the table; write it anew with UPDATE=1")
    func document() throws {
        let path = "\(SharedData.project)/docs/lifecycle.md"
        if ProcessInfo.processInfo.environment["UPDATE"] != nil {
            try Lifecycle.document.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Lifecycle.document)
    }

    @Test("Final states never change")
    func finalStates() {
        for row in Lifecycle.rows {
            if let state = row.state, !state.isOpen { #expect(row.target == state, "\(row.input) moves a case that is \(state)") }
        }
    }

    @Test("One pair has one target")
    func onePairOneTarget() {
        let pairs = Lifecycle.rows.map { "\($0.state?.rawValue ?? "") \($0.input.rawValue)" }
        #expect(pairs.count == Set(pairs).count)
    }

    @Test(
        "While a case is suspended, exactly the declared inputs are taken",
        arguments: [State.submitted, .correction, .inReview, .withLeader])
    func suspended(state: State) throws {
        let office = Self.full
        var file = try office.file(in: state)
        let role: Role = .office
        try office.act(&file, .suspend(.hearing, basis: "Art. 45", expected: Length(3, .workingDays), note: ""), role)
        for kind in Input.Kind.allCases where kind != .submit {
            let (input, at) = Self.input(kind, for: file)
            let row = Lifecycle.rows.first { $0.state == state && $0.input == kind }
            let role = Lifecycle.roles[kind]!.sorted { $0.rawValue < $1.rawValue }[0]
            do {
                _ = try file.respond(to: input, by: Office.principal(role), under: office.terms, at: at)
                #expect(row?.isAcceptedWhileSuspended == true, "\(kind) was taken while suspended in \(state)")
            } catch Refusal.suspended {
                #expect(row?.isAcceptedWhileSuspended != true, "\(kind) was refused while suspended in \(state)")
            } catch {}
        }
    }

    @Test("A random life of a case is the fold of its events, and its four eyes stay four", arguments: 0..<300)
    func randomLives(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let office = Self.full
        var file = try office.submit()
        var events: [Event] = []
        var now = office.start
        for _ in 0..<40 {
            now = now.advanced(byMilliseconds: Int64.random(in: 0..<400_000_000, using: &random))
            while let deadline = file.nextDeadline(under: office.terms), deadline.at <= now {
                #expect(deadline.at >= office.start)
                let step = try file.respond(to: deadline.input, by: .clock, under: office.terms, at: now)
                file.apply(step.event)
                events.append(step.event)
            }
            let kind = Input.Kind.allCases.randomElement(using: &random)!
            let role = Role.allCases.randomElement(using: &random)!
            guard kind != .submit,
                let step = try? file.respond(
                    to: Self.input(kind, for: file).input, by: Office.principal(role), under: office.terms, at: now)
            else { continue }
            let wasOpen = file.state.isOpen
            let before = file.state
            file.apply(step.event)
            events.append(step.event)
            #expect(wasOpen || file.state == before, "a final state changed")
            if file.state == .granted || file.state == .refused, before == .withLeader {
                #expect(step.event.by == "lena" && file.handler != "lena")
            }
        }
        var folded = try office.submit()
        for event in events { folded.apply(event) }
        #expect(folded == file, "seed \(seed)")
    }
}
