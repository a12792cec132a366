import WorkingTime

/// Whoever takes the money, or lets somebody off, says so.
package struct SettleFee: CaseCommand, ClientCommand {
    package var material: MaterialID
    package var state: Settlement.State
    package var reference: String
    package var reason: String

    package init(_ material: MaterialID, _ state: Settlement.State, reference: String = "", reason: String = "") {
        self.material = material
        self.state = state
        self.reference = reference
        self.reason = reason
    }

    package static let declaration = Declaration(
        "settle-fee", "Record that a fee was paid, waived or refunded.", by: [.office, .submitter], .staying(in: State.allCases),
        whileSuspended: true, involvement: [.approving])

    package static let members = Members<SettleFee>(
        Member("material", \.material, "the fee, as the matter names it"),
        Member("state", \.state, "paid, waived or refunded"),
        Member("reference", \.reference, default: "", apart: Erased.text, "under which the money is found; a payment needs one"),
        Member("reason", \.reason, default: "", limit: ByteLimit.prose, "why; what is waived or refunded needs one"),
        make: { SettleFee($0, $1, reference: $2, reason: $3) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard !draft.terms.matter.fees.isEmpty else { throw .feeUnknown(MaterialID(""), []) }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> FeeSettled {
        let fees = draft.terms.matter.fees.map(\.id)
        guard fees.contains(material) else { throw .feeUnknown(material, fees) }
        // A person who submitted the case is no payment desk.
        let isOffice = file.parts(of: draft.principal, under: draft.terms, at: draft.now)[.office] != nil
        guard isOffice || state == .paid && draft.principal.service != nil else { throw .feeForOffice(state) }
        if state == .paid { try requireText(reference, "reference") } else { try requireText(reason, "reason") }
        let present = file.settlement(of: material)?.state
        guard state.follows(present) else { throw .feeState(material, present, wanted: state) }
        draft.tell(state == .paid ? .handler : .applicant, of: file)
        return FeeSettled(material, state, reference: reference, reason: reason)
    }
}

package struct FeeSettled: Change {
    package var material: MaterialID
    package var state: Settlement.State
    package var reference: String
    package var reason: String

    package init(_ material: MaterialID, _ state: Settlement.State, reference: String, reason: String) {
        self.material = material
        self.state = state
        self.reference = reference
        self.reason = reason
    }

    package static let name = "fee-settled"
    package static let members = Members<FeeSettled>(
        Member("material", \.material, "the fee"),
        Member("state", \.state, "paid, waived or refunded"),
        Member("reference", \.reference, unless: "", apart: Erased.text, "under which the money is found"),
        Member("reason", \.reason, unless: "", apart: Erased.text, "why it was waived or refunded"),
        make: { FeeSettled($0, $1, reference: $2, reason: $3) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.settlements.removeAll { $0.material == material }
        file.settlements.append(
            Settlement(material: material, state: state, reference: reference, reason: reason, by: author, at: instant))
    }
}

/// How a fee stands that is not due any more; one that was never settled is due.
package struct Settlement: Described {
    package enum State: String, Word {
        case paid, waived, refunded

        /// Whether it can come after another one, or after nothing.
        func follows(_ other: State?) -> Bool {
            switch self {
            case .paid: other != .paid
            case .waived: other == nil || other == .refunded
            case .refunded: other == .paid
            }
        }
    }

    package let material: MaterialID
    package let state: State
    package let reference: String
    package let reason: String
    package let by: String
    package let at: Instant

    package init(material: MaterialID, state: State, reference: String, reason: String, by: String, at: Instant) {
        self.material = material
        self.state = state
        self.reference = reference
        self.reason = reason
        self.by = by
        self.at = at
    }

    package static let members = Members<Settlement>(
        Member("material", \.material, "the fee"),
        Member("state", \.state, "paid, waived or refunded"),
        Member("reference", \.reference, unless: "", apart: Erased.text, "under which the money is found"),
        Member("reason", \.reason, unless: "", apart: Erased.text, "why it was waived or refunded"),
        Member("by", \.by, "who said so"),
        Member("at", \.at, "when"),
        make: { Settlement(material: $0, state: $1, reference: $2, reason: $3, by: $4, at: $5) })
}

extension CaseFile {
    func settlement(of fee: MaterialID) -> Settlement? {
        settlements.first { $0.material == fee }
    }

    /// The fees that are to be settled yet: every one that the matter does not call optional, until it is paid or waived.
    func feesDue(under terms: Terms) -> [MaterialID] {
        terms.matter.fees.filter { fee in
            guard fee.isRequired else { return false }
            switch settlement(of: fee.id)?.state {
            case .paid, .waived: return false
            case nil, .refunded: return true
            }
        }.map(\.id)
    }

    /// Refuses what a fee has to be settled for.
    func requireFees(under terms: Terms) throws(Refusal) {
        let due = feesDue(under: terms)
        if !due.isEmpty { throw .feesDue(due) }
    }
}
