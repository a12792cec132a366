import WorkingTime

/// The time to decide becomes longer: once, before the breach, within the limit (Art. 42); the applicant is told why.
package struct Extend: CaseCommand, ClientCommand {
    package var clock: ClockKind
    package var by: Length
    package var reason: String

    package init(_ clock: ClockKind, by: Length, reason: String) {
        self.clock = clock
        self.by = by
        self.reason = reason
    }

    package static let declaration = Declaration(
        "extend", "Extend the decision clock, once, before it is overdue.", by: [.extensionAuthority], .staying(in: State.open),
        involvement: [.approving])

    package static let members = Members<Extend>(
        Member("clock", \.clock, "the clock"),
        Member("by", \.by, "by how much"),
        Member("reason", \.reason, limit: ByteLimit.prose, "why; the applicant is told"),
        make: { Extend($0, by: $1, reason: $2) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard draft.terms.matter.extension_ != nil else { throw .clockNotExtendable(.decision) }
        guard let running = file.liveClock(.decision) else { throw .clockNotRunning(.decision) }
        guard !running.isExtended else { throw .alreadyExtended(.decision) }
        guard !running.isOverdue(at: draft.now, on: draft.terms.calendar) else { throw .alreadyBreached(.decision) }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Extended {
        try requireText(reason, "reason")
        guard clock == .decision, let running = file.liveClock(clock), let allowed = draft.terms.matter.extension_ else {
            throw .clockNotExtendable(clock)
        }
        guard by.meter == allowed.limit.meter, by.quanta <= allowed.limit.quanta else {
            throw .extensionTooLong(limit: allowed.limit)
        }
        let (limit, now, calendar) = (draft.terms.limits[clock], draft.now, draft.terms.calendar)
        let amount = running.ledger.extensionAmount(of: by, at: now, on: calendar)
        draft.change({ $0 == running.id }) { $0.extend(by: amount, under: limit, at: now, on: calendar) }
        draft.tell(.applicant, .commissioner, of: file)
        return Extended(clock, by: by, reason: reason)
    }
}

package struct Extended: Change {
    package var clock: ClockKind
    package var by: Length
    package var reason: String

    package init(_ clock: ClockKind, by: Length, reason: String) {
        self.clock = clock
        self.by = by
        self.reason = reason
    }

    package static let name = "extended"
    package static let members = Members<Extended>(
        Member("clock", \.clock, "the clock"),
        Member("by", \.by, "by how much"),
        Member("reason", \.reason, apart: Erased.text, "why"),
        make: { Extended($0, by: $1, reason: $2) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.timing.extension_ = CaseFile.Extension(by: by, reason: reason, at: instant)
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        Figures([.extensions])
    }
}
