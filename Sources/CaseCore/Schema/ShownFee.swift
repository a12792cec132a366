import WorkingTime

/// One fee of a case, and how it stands.
package struct ShownFee: ShownObject, Equatable {
    private let fee: Material
    private let settlement: Settlement?

    package init(_ fee: Material, of file: CaseFile) {
        self.fee = fee
        settlement = file.settlement(of: fee.id)
    }

    private enum State: String, Word {
        case due, paid, waived, refunded

        init(_ settled: Settlement.State?) {
            self =
                switch settled {
                case nil: .due
                case .paid: .paid
                case .waived: .waived
                case .refunded: .refunded
                }
        }
    }

    package static let name = "fee"
    package static let members: [ShownMember<ShownFee>] = [
        ShownMember("material", \.fee.id, "its id"),
        ShownMember("name", \.fee.name, "what people call it"),
        ShownMember("amount", \.fee.amount, "how much, as it is published"),
        ShownMember("required", \.fee.isRequired, "whether a grant is neither recommended nor delivered before it is paid or waived"),
        ShownMember("state", { State($0.settlement?.state) }, "due, paid, waived or refunded"),
        ShownMember("reference", \.settlement?.reference, "under which the money is found"),
        ShownMember("reason", \.settlement?.reason, "why it was waived or refunded"),
        ShownMember("by", \.settlement?.by, "who said so"),
        ShownMember("at", \.settlement?.at, "when"),
    ]
}
