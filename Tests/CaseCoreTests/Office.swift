import CaseCore
import CaseTesting
import Catalogue
import WorkingTime

/// A small office to act in, and somebody for each role.
struct Office {
    static let register = try! Catalogue(files: SmallOffice.consulting(SmallOffice.files(user: 4711))).register
    /// With a further matter, which has areas, steps and a fee.
    static let surveyed = try! Catalogue(
        files: SmallOffice.consulting(SmallOffice.files(user: 4711)).merging(SmallOffice.survey) { $1 }
    ).register

    let terms: Terms
    let start: Instant

    init(matter: MatterID = "permit", register: Register = Office.register, start: String = "2026-02-06T01:00:00Z") {
        terms = Terms(matter: matter, pinned: register, newest: register)!
        self.start = Instant(start)!
    }

    /// Under a version that governs its cases, and another one that counts today.
    init(pinned: Register, newest: Register) {
        terms = Terms(matter: "permit", pinned: pinned, newest: newest)!
        start = Instant("2026-02-06T01:00:00Z")!
    }

    static func principal(_ role: Role) -> Principal {
        switch role {
        case .submitter: Principal(.service("hall"))
        case .office: Principal(.person("otto", via: "hall"))
        case .leader: Principal(.person("lena", via: "hall"))
        case .extensionAuthority: Principal(.person("bela", via: "hall"))
        case .consulted: Principal(.person("finn", via: "hall"))
        case .commissioner: Principal(.person("cora", via: "oversight"))
        case .auditor: Principal(.person("ada", via: "oversight"))
        case .admin: Principal(.user(0), isAdmin: true)
        case .clock: .clock
        case .catalog: .catalog
        case .revocation: Principal(.file(CaseID(2)))
        }
    }

    func submit(
        materials: [SubmittedMaterial] = [SubmittedMaterial(id: "form")], from area: AreaID? = nil, applicant: String = "A",
        by principal: Principal = principal(.submitter)
    ) throws -> CaseFile {
        CaseFile(try submission(materials: materials, from: area, applicant: applicant, by: principal).event)!
    }

    /// - Parameter area: by default the matter's first, where it has any.
    func submission(
        materials: [SubmittedMaterial] = [SubmittedMaterial(id: "form")], from area: AreaID? = nil, applicant: String = "A",
        by principal: Principal = principal(.submitter)
    ) throws -> Step {
        let submission = Submission(
            matter: terms.matter.id, title: "Warehouse 7", applicant: Applicant(id: applicant, name: "Applicant"), fields: [:],
            channel: "online", area: area ?? terms.matter.areas.keys.min())
        return try Submit(submission, materials: terms.matter.materials.isEmpty ? [] : materials).open(
            as: CaseID(1), receipt: "R", catalogVersion: 1, by: principal, under: terms, at: start)
    }

    /// All steps of the examination, and a payment of each fee.
    func examine(_ file: inout CaseFile, at instant: Instant? = nil) throws(Refusal) {
        for step in terms.matter.steps { try act(&file, Examine(step.id, .inOrder, finding: "fine"), .office, at: instant) }
        for fee in terms.matter.fees { try act(&file, SettleFee(fee.id, .paid, reference: "R-1"), .office, at: instant) }
    }

    /// Lets somebody act, by default at the start, and takes the event in.
    @discardableResult
    func act(_ file: inout CaseFile, _ command: any CaseCommand, _ role: Role, at instant: Instant? = nil) throws(Refusal) -> Step {
        let step = try file.respond(to: command, by: Office.principal(role), under: terms, at: instant ?? start)
        file.apply(step.event)
        return step
    }

    /// Cases in a state: plain ones, delivered ones where there is something to deliver, suspended ones where that can be, and ones with an order that is open, ones that are to be revoked, and
    /// ones about which another office was asked.
    func files(in state: State) throws -> [CaseFile] {
        let ordered = try file(in: state) { file throws(Refusal) in
            try act(&file, OpenOrder(reason: "slow", to: .leader, due: Length(3, .workingDays)), .commissioner)
        }
        var files = [try file(in: state), ordered]
        if state == .inReview {
            var examined = files[0]
            try examine(&examined)
            files.append(examined)
        }
        if GiveOpinion.declaration.path.targets[state] != nil { files.append(try consulting(in: state)) }
        if OpenRevocation.declaration.path.targets[state] != nil {
            var questioned = files[0]
            try act(&questioned, OpenRevocation(CaseID(2)), .revocation, at: questioned.closedAt)
            files.append(questioned)
        }
        if State.delivered.contains(state) {
            var delivered = files[0]
            try act(&delivered, Deliver(how: "post"), .office, at: delivered.closedAt)
            files.append(delivered)
        }
        if state.isOpen {
            var suspended = files[0]
            try act(&suspended, Suspend(.inspection, basis: "Art. 45", expected: Length(3, .workingDays), note: ""), .office)
            files.append(suspended)
        }
        return files
    }

    /// A case about which an office was asked, and has not answered in time where that keeps a case from its state.
    func consulting(in state: State) throws -> CaseFile {
        var file = try file(in: .inReview)
        try act(&file, AskOpinion("fire", question: "safe?"), .office)
        guard state == .withLeader else { return file }
        let due = file.clock(.opinion)!.ledger.due(on: terms.calendar)!
        try examine(&file)
        try act(&file, MissOpinion("fire", due: due), .clock, at: due)
        try act(&file, Recommend(.grant, opinion: "in order"), .office, at: due)
        return file
    }

    /// A case in a state, by the shortest way.
    ///
    /// - Parameter prepare: what happens to it first.
    func file(in state: State, _ prepare: (inout CaseFile) throws(Refusal) -> Void = { _ in }) throws -> CaseFile {
        var file = try submit()
        if state != .withLeader, state != .granted, state != .refused, state != .deemedGranted, state != .lapsed { try prepare(&file) }
        switch state {
        case .submitted: break
        case .correction: try act(&file, RequestCorrection(missing: ["form"], note: ""), .office)
        case .inReview: try act(&file, Accept(), .office)
        case .withLeader:
            file = try self.file(in: .inReview, prepare)
            try examine(&file)
            try act(&file, Recommend(.grant, opinion: "in order"), .office)
        case .granted:
            file = try self.file(in: .withLeader, prepare)
            try act(&file, Grant(reasons: ""), .leader)
        case .refused:
            file = try self.file(in: .withLeader, prepare)
            try act(&file, Refuse(reasons: "no"), .leader)
        case .deemedGranted:
            file = try self.file(in: .inReview, prepare)
            let due = file.clock(.decision)!.ledger.due(on: terms.calendar)!
            try act(&file, DeemGrant(due: due), .clock, at: due)
        case .notAccepted: try act(&file, Decline(ground: "not ours", competent: nil), .office)
        case .withdrawn: try act(&file, Withdraw(reason: ""), .submitter)
        case .lapsed:
            file = try self.file(in: .correction, prepare)
            let due = file.clock(.correction)!.ledger.due(on: terms.calendar)!
            try act(&file, Lapse(due: due), .clock, at: due)
        }
        return file
    }
}
