import WorkingTime

extension CaseFile {
    /// Opens a case.
    ///
    /// - Parameter principal: anybody whom the catalogue knows: a service, or an officer at the window.
    package static func submit(
        _ submission: Submission, as id: CaseID, receipt: String, catalogVersion: Int, by principal: Principal,
        under terms: Terms, at now: Instant
    ) throws(Refusal) -> Step {
        switch principal.identity {
        case .person, .service: break
        case .user, .clock, .catalog:
            throw .notPermitted(
                .submit, principal: principal.name, permitted: [.submitter],
                holders: ["a person or service of the catalogue"])
        }
        try requireText(submission.title, "title")
        try requireText(submission.applicant.id, "applicant.id")
        try requireText(submission.applicant.name, "applicant.name")
        try requireKnown(submission.materials.map(\.id), under: terms)
        try principal.requireMatter(submission.matter, in: terms.register)
        var turn = Turn(opening: id, principal, terms, now)
        turn.start(.intake)
        return turn.step(
            .submitted(submission, receipt: receipt, terms.matter.assignment, catalogVersion: catalogVersion))
    }

    /// Answers a command: the step that would carry it out, or why not. Changes nothing.
    package func respond(
        to input: Input, by principal: Principal, under terms: Terms, at now: Instant
    ) throws(Refusal) -> Step {
        let instead = try authorize(input.kind, by: principal, under: terms, at: now)
        guard !isSuspended || input.kind.isAcceptedWhileSuspended else { throw .suspended(input.kind) }
        var turn = Turn(self, principal, terms, now)
        turn.instead = instead
        switch state {
        case .submitted: return try respondSubmitted(to: input, turn)
        case .correction: return try respondCorrection(to: input, turn)
        case .inReview: return try respondInReview(to: input, turn)
        case .withLeader: return try respondWithLeader(to: input, turn)
        case .granted, .refused, .notAccepted: return try respondUndelivered(to: input, turn)
        case .deemedGranted, .withdrawn, .lapsed: return try respondClosed(to: input, turn)
        }
    }

    static func requireText(_ text: String, _ parameter: String) throws(Refusal) {
        if text.utf8.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == 9 || $0 == 10 || $0 == 13 }) { throw .empty(parameter: parameter) }
    }

    static func requireKnown(_ ids: [MaterialID], under terms: Terms) throws(Refusal) {
        for id in ids where !terms.matter.materials.contains(where: { $0.id == id }) { throw .materialUnknown(id) }
    }

    func requireMaterials(under terms: Terms) throws(Refusal) {
        let missing = missingMaterials(under: terms)
        if !missing.isEmpty { throw .materialsMissing(missing) }
    }

    private func missingMaterials(under terms: Terms) -> [MaterialID] {
        terms.requiredMaterials.filter { id in !materials.contains { $0.id == id } }
    }

    /// Whether every required material was handed in.
    func isComplete(under terms: Terms) -> Bool {
        missingMaterials(under: terms).isEmpty
    }
}

extension Input.Kind {
    /// While the clocks stand still, only what ends that, records, supervises or brings in materials is accepted.
    package var isAcceptedWhileSuspended: Bool {
        switch self {
        case .suspend, .resume, .withdraw, .correct, .note, .escalate, .openOrder, .answerOrder, .closeOrder, .recuse, .read,
            .reroute, .reproject, .passRung:
            true
        case .submit, .accept, .requestCorrection, .decline, .assign, .extend, .recommend, .return, .grant,
            .refuse, .deliver, .inspect, .deemAccept, .lapse, .deemGrant:
            false
        }
    }
}
