import WorkingTime

/// The case object of the wire: the file as it stands, with its clocks projected to an instant.
package struct ShownCase: ShownObject {
    private let file: CaseFile
    private let terms: Terms
    private let now: Instant

    package init(_ file: CaseFile, under terms: Terms, at now: Instant) {
        self.file = file
        self.terms = terms
        self.now = now
    }

    package static let name = "case"
    package static let members: [ShownMember<ShownCase>] = [
        ShownMember("case", \.file.id, "its number, such as C-17"),
        ShownMember("receipt", \.file.origin.receipt, "what a public look-up needs"),
        // An answer to a key stays what it was, to the byte: these stand in the order of the first version.
        ShownMember(of: \.file.origin.submission) { ["matter", "title"].contains($0) },
        ShownMember(of: \.file.origin.submission) { $0 == "channel" },
        ShownMember(of: \.file.origin.submission) { $0 == "applicant" },
        ShownMember("materials", \.file.materials, "what was handed in"),
        ShownMember(of: \.file.origin.submission) { !["matter", "title", "channel", "applicant"].contains($0) },
        ShownMember("state", \.file.state, "where the file is"),
        ShownMember("revision", \.file.revision, "the number of its last event"),
        ShownMember(of: \.file.assignment),
        ShownMember("handler", \.file.handler, "the officer to whom it is assigned"),
        ShownMember("recused", \.file.recused, "who has no part in it"),
        ShownMember("submitted_at", \.file.origin.at, "when it was submitted"),
        ShownMember("closed_at", \.file.closedAt, "when it was closed"),
        ShownMember("delivered_at", \.file.progress.deliveredAt, "when the decision was handed over"),
        ShownMember("decided_by", \.file.progress.decidedBy, "the leader who decided"),
        ShownMember("suspended", \.file.suspensions.first, "the first of its suspensions"),
        ShownMember("suspensions", \.file.suspensions, "why its clocks stand still"),
        ShownMember("extension", \.file.timing.extension_, "the extension of the decision clock"),
        ShownMember("light", { $0.file.light(at: $0.now, under: $0.terms) }, "green, yellow, red or none"),
        ShownMember("escalation", \.file.escalation, "the highest level that was reached"),
        ShownMember("recommendation", \.file.progress.recommendation, "the opinion of the office"),
        ShownMember("timeliness", { $0.file.timeliness(under: $0.terms) }, "how the decision stood to its promises"),
        ShownMember("catalog_version", \.file.origin.catalogVersion, "the version of the catalogue that governs it"),
        ShownMember("clock_version", \.file.timing.version, "the version of the catalogue that its clocks follow"),
        ShownMember("provisional", { $0.file.isProvisional(under: $0.terms) }, "whether a deadline rests on days not yet official"),
        ShownMember(
            "steps", { view in view.terms.matter.steps.map { ShownStep($0, of: view.file) } }, unless: [],
            "the steps of its examination, where the matter asks for some"),
        ShownMember(
            "fees", { view in view.terms.matter.fees.map { ShownFee($0, of: view.file) } }, unless: [],
            "its fees, where the matter has some"),
        ShownMember("orders", { view in view.file.orders.map { ShownOrder($0, of: view.file, under: view.terms) } }, "its orders"),
        ShownMember("inspections", \.file.inspections, "what was found about the decision"),
        ShownMember(of: \.file.selection),
        ShownMember(of: \.file.consultation),
        ShownMember(of: \.file.validity),
        ShownMember(of: \.file.erasure),
        ShownMember(
            "clocks", { view in view.file.clocks.map { ShownClock($0, on: view.terms.calendar, at: view.now) } }, "its clocks"),
        .truncated,
    ]
}

extension ShownMember {
    /// Whoever sends a record that is too long for its place adds this.
    fileprivate static var truncated: ShownMember {
        ShownMember("truncated", { _ in [String]() }, unless: [], "which of the members before it were cut, where the whole is too long")
    }
}

/// One order, with the instant by which it is to be answered.
package struct ShownOrder: ShownObject {
    private let file: CaseID
    private let order: SupervisionOrder
    private let due: Instant?

    package init(_ order: SupervisionOrder, of file: CaseFile, under terms: Terms) {
        self.file = file.id
        self.order = order
        due = order.isOpen ? file.liveClock(.order)?.ledger.due(on: terms.calendar) : nil
    }

    private enum State: String, Word {
        case open, answered, closed, ended
    }

    private var state: State {
        if order.finding != nil { return .closed }
        if order.endedAt != nil { return .ended }
        return order.answer != nil ? .answered : .open
    }

    package static let name = "order"
    package static let members: [ShownMember<ShownOrder>] = [
        ShownMember("order", { OrderID($0.file, $0.order.number) }, "its name, such as O-17-1"),
        ShownMember("case", \.file, "its case"),
        ShownMember("state", \.state, "open, answered, closed, or ended with its case"),
        ShownMember("to", \.order.recipient, "who has to answer"),
        ShownMember("reason", \.order.reason, "what is asked, and why"),
        ShownMember("by", \.order.openedBy, "who opened it"),
        ShownMember("at", \.order.openedAt, "when"),
        ShownMember("length", \.order.due, "how long there is for the answer"),
        ShownMember("due", \.due, "by when; nothing where it is answered"),
        ShownMember("answer", \.order.answer, "the answer"),
        ShownMember("finding", \.order.finding, "what was found"),
        ShownMember("ended_at", \.order.endedAt, unless: nil, "when its case ended before it was closed"),
        .truncated,
    ]
}

/// One clock, projected. Amounts are in days, or in whole minutes.
package struct ShownClock: ShownObject {
    private let clock: Clock
    private let consumed: Int64
    private let budget: Int64
    private let due: Instant?
    private let isProvisional: Bool
    private let isOverdue: Bool

    package init(_ clock: Clock, on calendar: WorkingCalendar, at now: Instant) {
        let unit = clock.ledger.meter.quantaPerUnit
        self.clock = clock
        consumed = clock.ledger.consumed(at: clock.endedAt ?? now, on: calendar) / unit
        budget = clock.ledger.budget / unit
        due = clock.isLive ? clock.ledger.due(on: calendar) : nil
        isProvisional = clock.ledger.isProvisional(due: due, on: calendar)
        isOverdue = clock.isOverdue(at: now, on: calendar)
    }

    package static let name = "clock"
    package static let members: [ShownMember<ShownClock>] = [
        ShownMember(of: \.clock.id),
        ShownMember("unit", \.clock.ledger.meter, "what it counts"),
        ShownMember("budget", \.budget, "how much there is"),
        ShownMember("consumed", \.consumed, "how much has passed"),
        ShownMember("left", { $0.budget - $0.consumed }, "how much is left"),
        ShownMember("paused", { $0.clock.isLive && $0.clock.ledger.isPaused }, "whether it stands still"),
        ShownMember("due", \.due, "when it is due; nothing where it stands still or has ended"),
        ShownMember("original_due", \.clock.originalDue, "when it was due first"),
        ShownMember("provisional", \.isProvisional, "whether that rests on days not yet official"),
        ShownMember("overdue", \.isOverdue, "whether it is overdue, or ended so"),
        ShownMember("generation", \.clock.generation, "how often it started, was extended or had its limit changed"),
        ShownMember("ended_at", \.clock.endedAt, "when it ended"),
    ]
}
