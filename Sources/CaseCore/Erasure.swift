import WorkingTime

extension CaseFile {
    /// Whether what a case says of persons was erased, or somebody has asked for that.
    package struct Erasure: Described {
        /// The last that was asked; it lapses.
        package var asked: Asked?
        package var erasedAt: Instant?

        package init(asked: Asked? = nil, erasedAt: Instant? = nil) {
            self.asked = asked
            self.erasedAt = erasedAt
        }

        package static let members = Members<Erasure>(
            Member("erasure_asked", \.asked, unless: nil, "who asked last that what it says of persons is erased, and when"),
            Member("erased_at", \.erasedAt, unless: nil, "when what it says of persons was erased"),
            make: { Erasure(asked: $0, erasedAt: $1) })
    }

    /// The first word of an erasure.
    package struct Asked: Described {
        package let by: String
        package let at: Instant
        /// As whom they are known: no second word comes from one of these.
        package let knownAs: Set<Participant>

        package init(by: String, at: Instant, knownAs: Set<Participant>) {
            (self.by, self.at, self.knownAs) = (by, at, knownAs)
        }

        /// So long somebody else can carry it out: thirty days, in milliseconds.
        package static let lasts: Int64 = 30 * 86_400_000

        package static let members = Members<Asked>(
            Member("by", \.by, "who asked"),
            Member("at", \.at, "when"),
            Member("known_as", \.knownAs, "as whom they are known"),
            make: { Asked(by: $0, at: $1, knownAs: $2) })

        func holds(at now: Instant) -> Bool {
            now - at < Asked.lasts
        }
    }

    /// Why what a case says of persons is kept.
    package enum Retention: Equatable, Sendable {
        /// The catalogue does not say how long it is kept.
        case unlimited(MatterID)
        case until(Instant)
        case openOrder
        /// The decision was not handed over yet.
        case undelivered
        /// A case about its revocation is open.
        case inQuestion(CaseID)
        /// It was drawn, and nobody has inspected it.
        case drawn
        /// Events of the first versions say it in their texts, which the tree covers.
        case older

        var reason: String {
            switch self {
            case .unlimited(let matter): "matter \(matter) does not say how long that is kept"
            case .until(let end): "that is kept until \(end)"
            case .openOrder: "it has an open supervision order"
            case .undelivered: "its decision was not delivered yet"
            case .inQuestion(let id): "\(id) is about its revocation"
            case .drawn: "it was drawn, and not inspected yet"
            case .older: "events that were recorded before such texts were kept apart say it, which cannot be changed"
            }
        }

        var mend: String {
            switch self {
            case .unlimited: "add a retention to the matter in the catalogue"
            case .until: "ask again then"
            case .openOrder: "answer and close it first"
            case .undelivered: "deliver it first"
            case .inQuestion(let id): "wait until \(id) has ended"
            case .drawn: "inspect it first"
            case .older: "such a case stays as it is"
            }
        }
    }

    /// What keeps a closed case from an erasure; nil where nothing does.
    func retention(under terms: Terms, at now: Instant) -> Retention? {
        if openOrder != nil { return .openOrder }
        if let other = validity.revocation { return .inQuestion(other.file) }
        if State.delivered.contains(state), progress.deliveredAt == nil, validity.revoked == nil { return .undelivered }
        if hasOpenDraw { return .drawn }
        guard let closedAt, let end = terms.retentionEnd(of: closedAt) else { return .unlimited(matter) }
        return now < end ? .until(end) : nil
    }
}

extension Terms {
    /// Until when what a case says of persons is kept that ended at an instant: by the version that governs the case or by today's, whichever is
    /// longer. Nil where today's knows the matter and does not say how long, or no version says it.
    func retentionEnd(of closedAt: Instant) -> Instant? {
        let present = register.matters[matter.id] ?? matter
        guard let today = present.retention else { return nil }
        return [matter.retention, today].compactMap { length in
            length.flatMap { Ledger($0, startingAt: closedAt, on: calendar, countsFirstDay: false).due(on: calendar) }
        }.max()
    }
}
