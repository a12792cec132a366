import WorkingTime

/// What an event says to whoever is told of it, as it was then: why, what is asked for, and until when.
package struct NoticedEvent: ShownObject {
    /// Why, in the words of whoever acted.
    private(set) var why = ""
    private(set) var basis = ""
    /// By their names.
    private(set) var missing: [String] = []
    private(set) var clock: ClockKind?
    private(set) var suspension: Suspension.Kind?
    private(set) var until: Instant?
    private(set) var isOver: Bool?
    private(set) var level: Int?
    private(set) var order: OrderID?
    private(set) var competent: String?
    private(set) var complaints = ""
    /// Of a change of the catalogue that waits for a second word: who may give it; nil where it waits for none.
    private(set) var secondWord: [String]?

    /// A change of the catalogue.
    package init(waitingFor secondWord: [String]?) {
        self.secondWord = secondWord
    }

    /// Whether an event of this name says more than its name.
    package static func isTelling(_ name: String) -> Bool {
        telling.contains(name)
    }

    private static let telling = Set(
        ([
            CorrectionRequested.self, Declined.self, Refused.self, Suspended.self, Extended.self, Lapsed.self, RungPassed.self,
            OrderOpened.self, OrderAnswered.self, OrderClosed.self, OrderEnded.self, OpinionAsked.self, Escalated.self, Returned.self,
            Withdrawn.self, Recused.self,
        ] as [any Change.Type]).map { $0.name })

    /// - Parameters:
    ///   - file: its case as it stands.
    ///   - addressee: an applicant is not told what the offices ask each other.
    package init(_ event: Event, of file: CaseFile, under terms: Terms, to addressee: Addressee) {
        func ends(_ clock: ClockID) -> Instant? {
            event.clocks.first { $0.id == clock }?.ledger.due(on: terms.calendar)
        }
        func names(_ ids: [MaterialID]) -> [String] {
            ids.map { id in terms.matter.materials.first { $0.id == id }?.name ?? id.raw }
        }
        func opened(_ number: Int?) -> OrderID? {
            (number ?? file.orders.last { $0.openedAt == event.at }?.number).map { OrderID(file.id, $0) }
        }
        switch event.change {
        case let change as CorrectionRequested:
            (why, missing, until) = (change.note, names(change.missing), ends(ClockID(.correction)))
        case let change as Lapsed:
            let awaited = (file.progress.noticedItems ?? []).filter { id in !file.materials.contains { $0.id == id } }
            (missing, until) = (names(awaited), change.due)
        case let change as Declined:
            (why, competent, complaints) = (change.ground, change.competent, Self.complaints(terms))
        case let change as Refused: (why, complaints) = (change.reasons, Self.complaints(terms))
        case let change as Suspended:
            (why, basis, suspension) = (change.suspension.note, change.suspension.basis, change.suspension.kind)
            until = ends(ClockID(.suspension, of: change.suspension.kind))
        case let change as Extended: (why, clock, until) = (change.reason, change.clock, ends(ClockID(change.clock)))
        case let change as RungPassed:
            (clock, suspension, level, until) = (change.clock.kind, change.clock.suspension, change.level, ends(change.clock))
            isOver = until.map { $0 <= change.due }
            if let order = change.order { self.order = opened(order.number) }
            if change.clock.kind == .order { order = file.orders.last { $0.openedAt <= event.at }.map { OrderID(file.id, $0.number) } }
        case let change as OrderOpened:
            (why, clock, order, until) = (change.reason, .order, opened(change.number), ends(ClockID(.order)))
        case let change as OrderAnswered: (why, order) = (change.answer, OrderID(file.id, change.number))
        case let change as OrderClosed: (why, order) = (change.finding, OrderID(file.id, change.number))
        case let change as OrderEnded: order = OrderID(file.id, change.number)
        case let change as OpinionAsked where addressee != .applicant:
            (why, clock, until) = (change.question, .opinion, ends(ClockID(opinionOf: change.office)))
        case let change as Escalated: (why, level) = (change.reason, change.level)
        case let change as Returned: why = change.reason
        case let change as Withdrawn: why = change.reason
        case let change as Recused: why = change.reason
        default: break
        }
    }

    private static func complaints(_ terms: Terms) -> String {
        terms.register.department(of: terms.matter).flatMap { terms.register.departments[$0]?.complaints } ?? ""
    }

    package static let name = "noticed-event"
    package static let members: [ShownMember<NoticedEvent>] = [
        ShownMember("why", \.why, unless: "", "why, in the words of whoever acted: reasons, a ground, a remark, a question or an answer"),
        ShownMember("basis", \.basis, unless: "", "the legal basis of a suspension"),
        ShownMember("missing", \.missing, unless: [], "what the applicant was asked for, by its names"),
        ShownMember("clock", \.clock, unless: nil, "whose time it is about"),
        ShownMember("suspension", \.suspension, unless: nil, "of which suspension"),
        ShownMember(
            "until", \.until, unless: nil, "when that time ends, as it was then: of the clock, of what is missing, of the suspension"),
        ShownMember("over", \.isOver, unless: nil, "of a deadline: whether it was over then; it was near where not"),
        ShownMember("level", \.level, unless: nil, "the level to which it was raised"),
        ShownMember("order", \.order, unless: nil, "the supervision order that it is about"),
        ShownMember("competent", \.competent, unless: nil, "the organ that is competent instead"),
        ShownMember("complaints", \.complaints, unless: "", "of a refusal: where people can complain"),
        ShownMember(
            "second_word", \.secondWord, unless: nil,
            "of a change of the catalogue that waits for a second word: who may give it, besides another admin"),
    ]
}
