import WorkingTime

/// The next rung of a clock's ladder has come: whoever it names is told, and an order may be opened.
package struct PassRung: CaseCommand {
    package var clock: ClockID
    /// Its place on the policy's ladder, from 0.
    package var rung: Int
    /// The instant that came.
    package var due: Instant

    package init(_ clock: ClockID, rung: Int, due: Instant) {
        self.clock = clock
        self.rung = rung
        self.due = due
    }

    package static let declaration = Declaration(
        "pass-rung", "The next rung of a clock's ladder passes.", by: [.clock], .staying(in: State.clocked), whileSuspended: true,
        involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> RungPassed {
        let (id, place, due) = (clock, rung, due)
        guard let clock = file.clocks.first(where: { $0.id == id && $0.isLive }),
            let (next, rung) = clock.nextRung(under: draft.terms.limits[id.kind]), next == place,
            clock.ledger.instant(reaching: rung.threshold(of: clock.ledger.budget), on: draft.terms.calendar) == due,
            due <= draft.now
        else { throw .notDue }
        draft.change({ $0 == id }) { $0.pass(place, rung) }
        let order = (file.openOrder == nil && file.state.isOpen ? rung.order : nil)
            .map { order in
                RungOrder(
                    recipient: order.recipient, due: order.due, number: file.ownOrderNumber(under: draft.terms),
                    asked: file.persons(askedBy: order.recipient, under: draft.terms, at: draft.now))
            }
        if let order { draft.start(ClockID(.order), budget: order.due) }
        // An order that nobody answers goes one level up from where the case is.
        let level = id.kind == .order ? max(rung.level, file.escalation + 1) : rung.level
        for addressee in rung.addressees { draft.tell(addressee, of: file) }
        if let order { draft.tell(order.recipient.addressee, of: file) }
        return RungPassed(
            clock: id, generation: clock.generation, rung: place, level: level, addressees: rung.addressees, due: due,
            isLate: draft.now - due > RungPassed.lateAfterMilliseconds, order: order)
    }
}

package struct RungPassed: Change {
    package var clock: ClockID
    package var generation: Int
    /// Its place on the policy's ladder, from 0.
    package var rung: Int
    package var level: Int
    package var addressees: [Addressee]
    /// When it should have passed.
    package var due: Instant
    /// Whether it passed more than a minute afterwards, such as after a stop of the daemon.
    package var isLate: Bool
    /// The order that it opened.
    package var order: RungOrder?

    package init(
        clock: ClockID, generation: Int, rung: Int, level: Int, addressees: [Addressee], due: Instant, isLate: Bool, order: RungOrder?
    ) {
        self.clock = clock
        self.generation = generation
        self.rung = rung
        self.level = level
        self.addressees = addressees
        self.due = due
        self.isLate = isLate
        self.order = order
    }

    package static let lateAfterMilliseconds: Int64 = 60_000

    package static let name = "rung-passed"
    package static let significance = Significance.escalation
    package static let members = Members<RungPassed>(
        Member(of: \.clock),
        Member("generation", \.generation, "the generation of the clock"),
        Member("rung", \.rung, "the place on the ladder, from 0"),
        Member("level", \.level, "the level that the case has now"),
        Member("addressees", \.addressees, "who was told"),
        Member("due", \.due, "when it should have passed"),
        Member("late", \.isLate, default: false, "whether it passed over a minute afterwards"),
        Member("order", \.order, unless: nil, "the supervision order that it opened"),
        make: {
            RungPassed(
                clock: $0, generation: $1, rung: $2, level: $3, addressees: $4, due: $5, isLate: $6, order: $7)
        })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.escalation = max(file.escalation, level)
        if let order {
            file.open(
                order.number, "\(clock.kind.rawValue) clock", order.recipient, order.due, asking: order.asked, by: author, at: instant)
        }
    }
}
