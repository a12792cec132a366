import CaseCore

/// Areas, steps and fees of cases, by what their events say and by the catalogue under which each was submitted.
struct ExaminationModel {
    private var matters: [CaseID: Matter] = [:]
    private var steps: [CaseID: [StepID]] = [:]
    /// How each fee of each case stands; one that is not here is due.
    private var fees: [CaseID: [MaterialID: String]] = [:]
    private static let following = ["due": ["paid", "waived"], "paid": ["refunded"], "waived": ["paid"], "refunded": ["paid", "waived"]]

    /// Takes in an event, and looks whether it keeps to the matter.
    ///
    /// - Parameters:
    ///   - state: where the case was before it.
    ///   - versions: the catalogues by their numbers.
    ///   - agreed: those to which two unix users agreed.
    mutating func check(_ event: Event, in state: State?, _ versions: [Int: Register], agreed: [Register]) throws {
        let file = event.file
        func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
            if !condition { throw SimulationModel.Broken(description: "\(file) at \(event.at): \(what())") }
        }
        if let change = event.change as? Submitted {
            let submission = change.submission
            let areas = versions[change.catalogVersion]!.matters[submission.matter]!.areas
            matters[file] = versions[change.catalogVersion]!.matters[submission.matter]!
            let channels = matters[file]!.guide.channels
            try require(
                channels.isEmpty || channels.contains(submission.channel), "it came in by \(submission.channel), which is not taken")
            try require(submission.area.map { areas[$0] != nil } ?? areas.isEmpty, "it is from an area that the matter does not have")
            if let handler = change.handler {
                let post = submission.area.flatMap { areas[$0] }
                let acts = agreed.contains { register in post.map { register.everyActor(for: $0).contains(handler) } ?? false }
                try require(acts && handler.raw != event.by, "\(handler) handles it, and has no part of its area")
            }
        }
        let matter = matters[file]!
        func requireFees() throws {
            for fee in matter.fees where fee.isRequired {
                let standing = fees[file]?[fee.id] ?? "due"
                try require(
                    ["paid", "waived"].contains(standing),
                    "\(event.change.name) in \(state.map { "\($0)" } ?? "none") while fee \(fee.id) is \(standing)")
            }
        }
        switch event.change {
        case let change as Examined:
            steps[file, default: []].append(change.step)
            try require(matter.steps.map(\.id).starts(with: steps[file]!), "steps are taken out of order: \(steps[file]!)")
        case let change as Recommended:
            try require(steps[file, default: []] == matter.steps.map(\.id), "recommended after \(steps[file, default: []])")
            if change.recommendation == .grant { try requireFees() }
        case is Delivered: if state == .granted { try requireFees() }
        case let change as FeeSettled:
            let before = fees[file]?[change.material] ?? "due"
            try require(
                ExaminationModel.following[before]!.contains(change.state.rawValue), "a fee that is \(before) becomes \(change.state)")
            let isService = agreed.contains { $0.services[ServiceID(event.by)] != nil }
            try require(change.state == .paid || !isService, "a service lets somebody off a fee")
            fees[file, default: [:]][change.material] = change.state.rawValue
        default: break
        }
    }
}
