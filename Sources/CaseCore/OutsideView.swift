/// What whoever submitted a case does not see of it: what those who examine and those who supervise it write to each other. They are outside for the
/// case's whole life, since whoever submitted it takes no step of the office, the leader or the commissioner.
extension CaseFile {
    /// Who submitted it: the service or the person, and the service through which a person spoke.
    package var submitters: Set<String> {
        Set([origin.by, origin.via?.raw].compactMap { $0 })
    }

    /// Whether somebody has it only as who submitted it, themselves or for somebody.
    package func isOutside(_ principal: Principal) -> Bool {
        principal.isOutside(of: submitters)
    }

    /// The case as somebody sees it.
    package func seen(by principal: Principal) -> CaseFile {
        isOutside(principal) ? fromOutside : self
    }

    /// The case as it is answered to a command. A first answer is asked of the journal again, which knows its author by name.
    package func answered(to author: String) -> CaseFile {
        submitters.contains(author) ? fromOutside : self
    }

    private var fromOutside: CaseFile {
        var file = self
        (file.orders, file.inspections, file.selection) = ([], [], Selection())
        file.timing.clocks.removeAll { $0.kind == .order }
        file.progress.escalation = 0
        return file
    }

    /// An event of it as somebody sees it; nil where they do not.
    package func seen(_ event: Event, by principal: Principal) -> Event? {
        isOutside(principal) ? event.fromOutside(ofCaseOf: submitters) : event
    }
}

extension Principal {
    /// - Parameter submitters: see `CaseFile.submitters`.
    package func isOutside(of submitters: Set<String>) -> Bool {
        guard !isAdmin else { return false }
        return switch identity {
        case .person(let id, via: _): submitters.contains(id.raw)
        case .service(let id): submitters.contains(id.raw)
        case .clock, .catalog, .user, .file: false
        }
    }
}

extension Event {
    /// Whether it is not for whoever submitted its case. Their own notes are.
    package func isInternal(toCaseOf submitters: Set<String>) -> Bool {
        change.isInternal && !(change is Noted && submitters.contains(by)) || (change as? RungPassed)?.clock.kind == .order
    }

    /// The event as whoever submitted its case sees it; nil where they do not. Clocks of orders are left out.
    package func fromOutside(ofCaseOf submitters: Set<String>) -> Event? {
        guard !isInternal(toCaseOf: submitters) else { return nil }
        guard clocks.contains(where: { $0.kind == .order }) else { return self }
        return Event(
            file: file, revision: revision, at: at, by: by, via: via, uid: uid, instead: instead, change: change,
            clocks: clocks.filter { $0.kind != .order }, seal: seal, signature: signature)
    }

    /// The names of events that are not for whoever submitted their case.
    package static let internalNames: Set<String> = Set(Commands.all.map { $0.recorded }.filter { $0.isInternal }.map { $0.name })
}
