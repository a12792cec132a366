/// Something that belongs to an application: a document that is handed in, or a fee.
package struct Material: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable {
        case document
        /// Money: it is settled, and never handed in.
        case fee
    }

    package let id: MaterialID
    package let name: String
    package let isRequired: Bool
    package let kind: Kind
    /// Of a fee: how much, as it is published, such as `120.00 CNY`.
    package let amount: String

    package init(id: MaterialID, name: String, isRequired: Bool, kind: Kind = .document, amount: String = "") {
        self.id = id
        self.name = name
        self.isRequired = isRequired
        self.kind = kind
        self.amount = amount
    }
}

extension Matter {
    /// What is handed in.
    package var documents: [Material] {
        materials.filter { $0.kind == .document }
    }

    package var fees: [Material] {
        materials.filter { $0.kind == .fee }
    }
}
