import CaseCore
import CaseTesting
import Foundation
import Testing
import WorkingTime

/// What the commands do against what they declare, over all states and roles.
@Suite("The lifecycle and its table")
struct LifecycleTests {
    /// A command of each name that nothing but the state or the role could make refused.
    static func command(_ name: CommandName, for file: CaseFile) -> (command: any CaseCommand, at: Instant) {
        let terms = full.terms
        let now = file.closedAt ?? full.start
        let order = OrderID(file.id, file.openOrder?.number ?? 1)
        func due(_ clock: ClockKind) -> Instant { file.clock(clock)?.ledger.due(on: terms.calendar) ?? full.start }
        switch name {
        case Accept.name: return (Accept(), now)
        case RequestCorrection.name: return (RequestCorrection(missing: ["form"], note: ""), now)
        case Correct.name: return (Correct(materials: [SubmittedMaterial(id: "form")], note: ""), now)
        case Decline.name: return (Decline(ground: "not ours", competent: nil), now)
        case Assign.name: return (Assign("otto"), now)
        case Suspend.name: return (Suspend(.hearing, basis: "Art. 45", expected: Length(3, .workingDays), note: ""), now)
        case Resume.name: return (Resume(nil), now)
        case Extend.name: return (Extend(.decision, by: Length(1, .workingDays), reason: "complex"), now)
        case Examine.name:
            let step = terms.matter.steps.first { step in !file.examinations.contains { $0.step == step.id } }
            return (Examine(step?.id ?? "site", .inOrder, finding: "fine"), now)
        case SettleFee.name:
            let isPaid = file.settlements.contains { $0.state == .paid }
            return (SettleFee("charge", isPaid ? .refunded : .paid, reference: "R-1", reason: "too much"), now)
        case Recommend.name: return (Recommend(.grant, opinion: "in order"), now)
        case Return.name: return (Return(reason: "more"), now)
        case Grant.name: return (Grant(reasons: "in order"), now)
        case Refuse.name: return (Refuse(reasons: "not in order"), now)
        case Withdraw.name: return (Withdraw(reason: ""), now)
        case Deliver.name: return (Deliver(how: "post"), now)
        case Note.name: return (Note("seen"), now)
        case Escalate.name: return (Escalate(reason: "slow"), now)
        case OpenOrder.name: return (OpenOrder(reason: "slow", to: .leader, due: Length(3, .workingDays)), now)
        case AnswerOrder.name: return (AnswerOrder(order, answer: "on it"), now)
        case EndOrder.name: return (EndOrder(file.openOrder?.number ?? 1), now)
        case CloseOrder.name: return (CloseOrder(order, finding: "done"), now)
        case Recuse.name: return (Recuse(reason: "kin"), now)
        case Inspect.name: return (Inspect(.inOrder, finding: "in order", draw: nil), now)
        case ErasePersonal.name: return (ErasePersonal(reason: "kept long enough"), now.advanced(byMilliseconds: 400 * 86_400_000))
        case Read.name: return (Read("case.get"), now)
        case ReadAsAdmin.name: return (ReadAsAdmin("case.get"), now)
        case Reroute.name: return (Reroute(Assignment(office: "permits", leader: "leader", commissioner: "commissioner")), now)
        case Recalculate.name: return (Recalculate(version: 2, former: terms, allowsEarlier: false), now)
        case AskOpinion.name: return (AskOpinion(file.consultation.requests.isEmpty ? "fire" : "water", question: "safe?"), now)
        case GiveOpinion.name: return (GiveOpinion(.inFavour, of: "fire", text: "safe"), now)
        case WithdrawOpinion.name: return (WithdrawOpinion("fire", reason: "no need"), now)
        case MissOpinion.name: return (MissOpinion("fire", due: due(.opinion)), due(.opinion))
        case OpenRevocation.name: return (OpenRevocation(CaseID(2)), now)
        case EndRevocation.name: return (EndRevocation(CaseID(2), as: .refused), now)
        case Revoke.name: return (Revoke(CaseID(2)), now)
        case DeemAccept.name: return (DeemAccept(due: due(.intake)), due(.intake))
        case Draw.name: return (Draw("monthly/2026-03-01", for: "commissioner"), now)
        case Lapse.name: return (Lapse(due: due(.correction)), due(.correction))
        case DeemGrant.name: return (DeemGrant(due: due(.decision)), due(.decision))
        case PassRung.name:
            guard let deadline = file.nextDeadline(under: terms), deadline.command is PassRung else {
                return (PassRung(ClockID(.decision), rung: 0, due: now), now)
            }
            return (deadline.command, deadline.at)
        default:
            // What its shape says will do for most commands.
            guard let made = try? Commands.ofClient(name).init(from: Commands.ofClient(name).shape.example),
                let command = made as? any CaseCommand
            else { preconditionFailure("\(name) needs an example here") }
            return (command, now)
        }
    }

    static let onCases = Commands.all.filter { $0.name != Submit.name }.map { $0.declaration }

    /// Refusals that speak of the content and not of the state: the state takes the input.
    static func isAboutContent(_ refusal: Refusal) -> Bool {
        switch refusal {
        case .stateNotAllowed, .notPermitted, .notReadable: false
        case .suspended, .fourEyes, .hasRecused, .administers, .serviceSide, .notSuspended, .alreadySuspended, .severalSuspensions,
            .assignedTo,
            .notAnOfficer, .isRecused,
            .nobodyElse, .lastDecider,
            .serviceNotForMatter, .empty, .materialsMissing, .materialUnknown, .areaMissing, .areaUnknown, .fieldsMissing, .fieldUnfit,
            .channelUnknown, .stepUnknown,
            .stepTaken,
            .stepNotNext, .stepForPost, .stepsMissing,
            .materialIsFee, .feeUnknown, .feeForOffice, .feeState, .feesDue,
            .itemsNotInFirstNotice, .clockNotRunning, .clockNotExtendable, .alreadyExtended, .alreadyBreached,
            .extensionTooLong, .suspensionTooLong, .alreadyDelivered, .wasRevoked, .orderAlreadyOpen, .noOpenOrder, .orderForAnother,
            .notDrawn,
            .noSuchCase, .refersToNothing, .notRevocable, .notConsulted, .opinionAlreadyAsked, .tooManyOpinions, .noOpenOpinion,
            .opinionOfAnother, .opinionAwaited, .sealMissing, .signatureMissing, .signatureWrong, .wasErased, .isRetained,
            .erasureNotAsked, .erasureByOne, .notDue:
            true
        }
    }

    @Test("What is declared happens, from every state by each role, and nothing else", arguments: State.allCases, onCases.map(\.name))
    func everyPair(state: State, name: CommandName) throws {
        let declared = Lifecycle.target(of: name, in: state)
        var takenBy: Set<Role> = []
        for file in try Self.full.files(in: state) {
            let (command, at) = Self.command(name, for: file)
            for role in Role.allCases {
                do throws(Refusal) {
                    let step = try file.respond(to: command, by: Office.principal(role), under: Self.full.terms, at: at)
                    var after = file
                    after.apply(step.event)
                    #expect(after.state == declared, "\(name) of a case that is \(state)")
                    takenBy.insert(role)
                } catch {
                    // Whose opinion was not asked has no part.
                    let isIn = role != .consulted || !file.consultation.requests.isEmpty
                    guard isIn, Commands.named(name).declaration.roles.contains(role) else {
                        guard case .notPermitted = error else {
                            Issue.record("\(role) was refused \(name) for another reason: \(error)")
                            continue
                        }
                        continue
                    }
                    #expect(declared != nil || Self.isAboutState(error), "\(name) of a case that is \(state) is refused: \(error)")
                    #expect(declared == nil || Self.isAboutContent(error), "\(name) of a case that is \(state) is refused: \(error)")
                }
            }
        }
        // Before the acceptance there is no clock that could be extended, and the refusal says so.
        let isTaken = declared != nil && !(name == Extend.name && [.submitted, .correction].contains(state))
        #expect(takenBy.isEmpty != isTaken, "\(name) of a case that is \(state) was taken by \(takenBy)")
        #expect(takenBy.isSubset(of: Commands.named(name).declaration.roles), "\(name) of a case that is \(state)")
    }

    /// Refusals for which the state, or a suspension, is the reason.
    private static func isAboutState(_ refusal: Refusal) -> Bool {
        switch refusal {
        case .stateNotAllowed, .suspended: true
        default: false
        }
    }

    /// `permit` with the silence rule of `notice`, the steps and the fee of `survey`, and a rung of each clock.
    static let full: Office = {
        var register = Office.register
        let matter = register.matters["permit"]!
        register.matters["permit"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy,
            extension: matter.extension_, silenceGrants: true,
            materials: matter.materials + Office.surveyed.matters["survey"]!.fees, steps: Office.surveyed.matters["survey"]!.steps,
            consulted: matter.consulted, retention: matter.retention)
        let policy = register.policies[matter.policy]!
        var limits = policy.limits
        limits[.delivery] = Limit(
            budget: limits[.delivery]!.budget, rungs: [Rung(position: .breach, level: 1, addressees: [.officeHead])])
        register.policies[matter.policy] = Policy(
            id: policy.id, calendar: policy.calendar, countsFirstDay: policy.countsFirstDay, limits: limits)
        return Office(register: register)
    }()

    @Test("Only the leader reaches granted or refused, and only time reaches deemed-granted")
    func decisions() {
        for row in Lifecycle.rows where row.target != row.state {
            switch row.target {
            case .granted, .refused: #expect(row.command.roles == [.leader])
            case .deemedGranted: #expect(row.command.roles == [.clock])
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
            if let state = row.state, !state.isOpen { #expect(row.target == state, "\(row.command.name) moves a case that is \(state)") }
        }
    }

    @Test(
        "While a case is suspended, exactly the declared commands are taken",
        arguments: [State.submitted, .correction, .inReview, .withLeader])
    func suspended(state: State) throws {
        let office = Self.full
        let isConsulted = GiveOpinion.declaration.path.targets[state] != nil
        var file = isConsulted ? try office.consulting(in: state) : try office.file(in: state)
        let role: Role = .office
        try office.act(&file, Suspend(.hearing, basis: "Art. 45", expected: Length(3, .workingDays), note: ""), role)
        for command in Self.onCases {
            let (given, at) = Self.command(command.name, for: file)
            let isTaken = command.path.targets[state] != nil && command.isTakenWhileSuspended
            let role = command.roles.sorted { $0.rawValue < $1.rawValue }[0]
            do {
                _ = try file.respond(to: given, by: Office.principal(role), under: office.terms, at: at)
                #expect(isTaken, "\(command.name) was taken while suspended in \(state)")
            } catch Refusal.suspended {
                #expect(!command.isTakenWhileSuspended, "\(command.name) was refused while suspended in \(state)")
            } catch let refusal {
                #expect(!isTaken || Self.isAboutContent(refusal), "\(command.name) was refused while suspended in \(state): \(refusal)")
            }
        }
    }

    @Test("In a random life of a case no deadline comes before its beginning, and a final state stays", arguments: 0..<300)
    func randomLives(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let office = Self.full
        var file = try office.submit()
        var (askedCount, takenCount) = (0, 0)
        var now = office.start
        for _ in 0..<40 {
            now = now.advanced(byMilliseconds: Int64.random(in: 0..<400_000_000, using: &random))
            while let deadline = file.nextDeadline(under: office.terms), deadline.at <= now {
                #expect(deadline.at >= office.start)
                let step = try file.respond(to: deadline.command, by: .clock, under: office.terms, at: now)
                file.apply(step.event)
            }
            // Every second one could be taken as far as state and role go.
            let isFitting = Bool.random(using: &random)
            let commands = Self.onCases.filter { !isFitting || $0.path.targets[file.state] != nil }
            let command = commands.randomElement(using: &random)!
            let roles = isFitting ? command.roles.sorted { $0.rawValue < $1.rawValue } : Role.allCases
            let role = roles.randomElement(using: &random)!
            askedCount += 1
            guard
                let step = try? file.respond(
                    to: Self.command(command.name, for: file).command, by: Office.principal(role), under: office.terms, at: now)
            else { continue }
            takenCount += 1
            let wasOpen = file.state.isOpen
            let before = file.state
            file.apply(step.event)
            #expect(wasOpen || file.state == before, "a final state changed")
        }
        #expect(takenCount * 10 >= askedCount, "of \(askedCount) commands \(takenCount) were taken: such a life shows little")
    }
}
