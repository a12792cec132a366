import CaseCore
import CaseTesting
import Catalogue
import WorkingTime

/// A small office to act in, and somebody for each role.
struct Office {
    static let register = try! Catalogue(files: SmallOffice.files(user: 4711)).register

    let terms: Terms
    let start: Instant

    init(matter: MatterID = "permit", register: Register = Office.register, start: String = "2026-02-06T01:00:00Z") {
        terms = Terms(matter: matter, pinned: register, newest: register)!
        self.start = Instant(start)!
    }

    static func principal(_ role: Role) -> Principal {
        switch role {
        case .submitter: Principal(.service("hall"))
        case .office: Principal(.person("otto", via: "hall"))
        case .leader: Principal(.person("lena", via: "hall"))
        case .extensionAuthority: Principal(.person("bela", via: "hall"))
        case .commissioner: Principal(.person("cora", via: "hall"))
        case .auditor: Principal(.person("ada", via: "hall"))
        case .admin: Principal(.user(0), isAdmin: true)
        case .clock: .clock
        case .catalog: .catalog
        }
    }

    func submit(materials: [SubmittedMaterial] = [SubmittedMaterial(id: "form")], by principal: Principal = principal(.submitter)) throws
        -> CaseFile
    {
        let step = try CaseFile.submit(
            Submission(
                matter: terms.matter.id, title: "Warehouse 7", applicant: Applicant(id: "A", name: "Applicant"),
                materials: terms.matter.materials.isEmpty ? [] : materials),
            as: CaseID(1), receipt: "R", catalogVersion: 1, by: principal, under: terms, at: start)
        return CaseFile(step.event)!
    }

    /// Lets somebody act, at the start unless said otherwise, and takes the event in.
    @discardableResult
    func act(_ file: inout CaseFile, _ input: Input, _ role: Role, at instant: Instant? = nil) throws(Refusal) -> Step {
        let step = try file.respond(to: input, by: Office.principal(role), under: terms, at: instant ?? start)
        file.apply(step.event)
        return step
    }

    /// A case in each state, by the shortest way.
    func file(in state: State) throws -> CaseFile {
        var file = try submit()
        switch state {
        case .submitted: break
        case .correction: try act(&file, .requestCorrection(missing: ["form"], note: ""), .office)
        case .inReview: try act(&file, .accept, .office)
        case .withLeader:
            file = try self.file(in: .inReview)
            try act(&file, .recommend(.grant, opinion: "in order"), .office)
        case .granted:
            file = try self.file(in: .withLeader)
            try act(&file, .grant(reasons: ""), .leader)
        case .refused:
            file = try self.file(in: .withLeader)
            try act(&file, .refuse(reasons: "no"), .leader)
        case .deemedGranted:
            file = try self.file(in: .inReview)
            let due = file.clock(.decision)!.ledger.due(on: terms.calendar)!
            try act(&file, .deemGrant(due: due), .clock, at: due)
        case .notAccepted: try act(&file, .decline(ground: "not ours", competent: nil), .office)
        case .withdrawn: try act(&file, .withdraw(reason: ""), .submitter)
        case .lapsed:
            file = try self.file(in: .correction)
            let due = file.clock(.correction)!.ledger.due(on: terms.calendar)!
            try act(&file, .lapse(due: due), .clock, at: due)
        }
        return file
    }
}
