import WorkingTime

extension CaseFile {
    /// Answers a command: the step that would carry it out, or why not. Changes nothing.
    ///
    /// To whom the catalogue gives it is asked first, then whether the case takes it where it is, whether what they had to do with the
    /// case keeps them from it, then what the command itself requires.
    package func respond<Asked: CaseCommand>(
        to command: Asked, by principal: Principal, under terms: Terms, at now: Instant
    ) throws(Refusal) -> Step {
        var draft = try draft(of: Asked.self, by: principal, under: terms, at: now)
        let change = try command.decide(on: self, &draft)
        return draft.step(change)
    }

    /// Refuses a command that somebody cannot give now whatever its parameters say: the catalogue, the state of the case, what they had to do with
    /// it, or what the command requires, such as materials, keeps them from it.
    package func requirePermitted(
        _ command: any CaseCommand.Type, by principal: Principal, under terms: Terms, at now: Instant
    ) throws(Refusal) {
        _ = try draft(of: command, by: principal, under: terms, at: now)
    }

    private func draft(
        of command: any CaseCommand.Type, by principal: Principal, under terms: Terms, at now: Instant
    ) throws(Refusal) -> Draft {
        let instead = try requirePermitted(command.declaration, by: principal, under: terms, at: now)
        if erasure.erasedAt != nil, Commands.isPersonal(command.declaration.name) { throw .wasErased(command.declaration.name) }
        let draft = Draft(of: self, by: principal, insteadOf: instead, under: terms, at: now)
        try command.requireReady(self, draft)
        return draft
    }

    /// - Returns: in whose place the principal acts; nil where the power is their own.
    private func requirePermitted(
        _ command: Declaration, by principal: Principal, under terms: Terms, at now: Instant
    ) throws(Refusal) -> PersonID? {
        let functions = try authorize(command, by: principal, under: terms, at: now)
        guard !isSuspended || command.isTakenWhileSuspended else { throw .suspended(command.name) }
        guard command.path.targets[state] != nil else { throw .stateNotAllowed(command.name, state: state) }
        return try requireUnhindered(command, in: functions, by: principal, under: terms)
    }

    // MARK: What commands require

    func requireMaterials(under terms: Terms) throws(Refusal) {
        let missing = missingMaterials(under: terms)
        if !missing.isEmpty { throw .materialsMissing(missing, in: state) }
    }

    func missingMaterials(under terms: Terms) -> [MaterialID] {
        terms.requiredMaterials.filter { id in !materials.contains { $0.id == id } }
    }

    /// Whether every required material was handed in.
    func isComplete(under terms: Terms) -> Bool {
        missingMaterials(under: terms).isEmpty
    }

    /// Refuses an expiry that is not due: timers are hints.
    func requireDue(_ kind: ClockKind, _ due: Instant, _ draft: Draft) throws(Refusal) {
        guard let clock = liveClock(kind), clock.ledger.due(on: draft.terms.calendar) == due, due <= draft.now else {
            throw .notDue
        }
    }
}

/// Refuses a text that says nothing.
///
/// - Parameter parameter: its name on the wire.
func requireText(_ text: String, _ parameter: String) throws(Refusal) {
    if isBlank(text) { throw .empty(parameter: parameter) }
}

/// Whether a reader sees nothing of a text: it has white space alone, and what takes no place or shows nothing.
private func isBlank(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: true
        default: scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint || scalar == brailleBlank
        }
    }
}

private let brailleBlank: Unicode.Scalar = "\u{2800}"

extension Terms {
    /// - Parameter parameter: the name on the wire of what names them.
    func requireKnown(_ ids: [MaterialID], _ parameter: String) throws(Refusal) {
        for id in ids where !matter.documents.contains(where: { $0.id == id }) {
            throw matter.fees.contains { $0.id == id }
                ? .materialIsFee(id, parameter: parameter) : .materialUnknown(id, parameter: parameter, known: matter.documents.map(\.id))
        }
    }
}
