import WorkingTime

/// Something that somebody is told, with its place among all notices, and what is to be done about its case today.
package struct ShownNotice: ShownObject {
    private let seq: Int64
    private let file: CaseID?
    private let revision: Int
    private let at: Instant
    private let event: String
    private let notice: Notice
    private let taken: TakenNotice?
    private let subject: Subject?
    private let said: NoticedEvent
    private let recipientName: String?

    /// The case of a notice as it stands.
    package struct Subject: Sendable {
        let title: String
        let receipt: String
        let applicant: String
        let state: State
        let next: NextStep?
        let order: NextStep?
        let openOrder: OrderID?
        let inspection: NextStep?
        let due: Instant?

        package init(_ file: CaseFile, under terms: Terms, at now: Instant) {
            (title, receipt, applicant, state) = (file.title, file.origin.receipt, file.applicant.name, file.state)
            next = file.nextStep(under: terms, at: now)
            order = file.orderStep(under: terms, at: now)
            openOrder = file.openOrder.map { OrderID(file.id, $0.number) }
            inspection = file.inspectionStep(under: terms, at: now)
            due = file.due(under: terms)
        }
    }

    /// - Parameters:
    ///   - subject: nil where it is of the server.
    ///   - said: what its event says besides its name.
    ///   - register: what counts of the catalogue now.
    package init(
        _ notice: Notice, seq: Int64, of file: CaseID, revision: Int, at: Instant, event: String, saying said: NoticedEvent,
        taken: TakenNotice?, about subject: Subject?, in register: Register
    ) {
        self.seq = seq
        self.file = file == .server ? nil : file
        self.revision = revision
        self.at = at
        self.event = event
        self.notice = notice
        self.taken = taken
        self.subject = subject
        self.said = said
        recipientName = notice.addressee == .applicant ? subject?.applicant : register.name(ofRecipient: notice.recipient)
    }

    package static let name = "notice"
    package static let members: [ShownMember<ShownNotice>] = [
        ShownMember("seq", \.seq, "its place among all notices"),
        ShownMember("case", \.file, "the case; null where it is of the server"),
        ShownMember("revision", \.revision, "the number of the event in the case, or among the server's"),
        ShownMember("at", \.at, "when it was given"),
        ShownMember("event", \.event, "what happened"),
        ShownMember(of: \.said),
        ShownMember("addressee", \.notice.addressee, "as what somebody is told"),
        ShownMember("recipient", \.notice.recipient, "who is told: a person, else a post; an applicant's id"),
        ShownMember(
            "recipient_name", \.recipientName, "what people call them; null where the catalogue has nobody of that name any more"),
        ShownMember("taken_at", \.taken?.at, "when somebody said that it was taken; null before that"),
        ShownMember("taken_by", \.taken?.by, "who said so"),
        ShownMember("title", \.subject?.title, "the title of the case"),
        ShownMember(
            "receipt", { $0.notice.addressee == .applicant ? $0.subject?.receipt : nil }, unless: nil,
            "to an applicant: what a public look-up of the case needs"),
        ShownMember("state", \.subject?.state, "where the case is now"),
        ShownMember("waits_for", { $0.subject?.next.map { ShownNextStep($0) } }, "who has to act on the case next; null for nobody"),
        ShownMember(
            "order_waits_for", { $0.subject?.order.map { ShownNextStep($0) } }, unless: nil,
            "who has to act on its open order: whoever is asked, then the commissioner"),
        ShownMember("open_order", \.subject?.openOrder, unless: nil, "which order that is"),
        ShownMember(
            "inspection_waits_for", { $0.subject?.inspection.map { ShownNextStep($0) } }, unless: nil,
            "who has to inspect the case, as it was drawn"),
        ShownMember("due", \.subject?.due, "when the case is overdue, or has been since; null where no clock runs"),
    ]
}

/// That somebody took a notice: when, and who said so.
package struct TakenNotice: Equatable, Sendable {
    package let at: Instant
    package let by: String

    package init(at: Instant, by: String) {
        (self.at, self.by) = (at, by)
    }
}

/// A notice that was taken, by its place.
package struct ShownTakenNotice: ShownObject {
    private let seq: Int64
    private let taken: TakenNotice

    package init(_ seq: Int64, _ taken: TakenNotice) {
        (self.seq, self.taken) = (seq, taken)
    }

    package static let name = "taken-notice"
    package static let members: [ShownMember<ShownTakenNotice>] = [
        ShownMember("seq", \.seq, "its place among all notices"),
        ShownMember("taken_at", \.taken.at, "when it was taken"),
        ShownMember("taken_by", \.taken.by, "who took it first"),
    ]
}
