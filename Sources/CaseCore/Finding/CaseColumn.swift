import WorkingTime

/// Something about a case that a store keeps in a column beside it, so that cases can be found by it.
package struct CaseColumn: Sendable, Hashable {
    /// On the wire of a store; never from outside.
    package let name: String
    package let type: ColumnType
    /// What rows hold that were written before there was the column.
    package let absence: ColumnValue
    /// The member of a filter that asks for one of its values; nil where there is none.
    package let filter: Shape.Member?
    private let content: Content

    private enum Content: Sendable {
        /// What the file says by itself.
        case own(@Sendable (CaseFile) -> ColumnValue)
        /// What depends on the calendar and the limits that govern the case.
        case projected(@Sendable (CaseFile, Terms) -> ColumnValue)
    }

    /// Whether it depends on the calendar and the limits.
    package var isProjected: Bool {
        if case .projected = content { true } else { false }
    }

    package func value(of file: CaseFile, under terms: Terms) -> ColumnValue {
        switch content {
        case .own(let value): value(file)
        case .projected(let value): value(file, terms)
        }
    }

    /// - Precondition: it does not depend on what governs the case.
    package func ownValue(of file: CaseFile) -> ColumnValue {
        guard case .own(let value) = content else { preconditionFailure("\(name) depends on terms") }
        return value(file)
    }

    package static func == (a: CaseColumn, b: CaseColumn) -> Bool {
        a.name == b.name
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}

package enum ColumnType: Sendable {
    case text, integer
}

package enum ColumnValue: Hashable, Sendable {
    case null
    /// Texts are the same where their bytes are, see `ByteText`.
    case text(String)
    case integer(Int64)

    package static func == (a: ColumnValue, b: ColumnValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.text(let a), .text(let b)): a.hasSameBytes(as: b)
        case (.integer(let a), .integer(let b)): a == b
        case (.null, _), (.text, _), (.integer, _): false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: break
        case .integer(let number): hasher.combine(number)
        case .text(let text): hasher.combine(ByteText(text))
        }
    }

    package init(_ instant: Instant?) {
        self = instant.map { .integer($0.milliseconds) } ?? .null
    }

    package init(_ text: String?) {
        self = text.map { .text($0) } ?? .null
    }

    package init(_ isSo: Bool) {
        self = .integer(isSo ? 1 : 0)
    }
}

extension CaseColumn {
    /// - Parameter summary: what a filter asks for by it; nil where it asks for nothing.
    private static func text(
        _ name: String, _ summary: String? = nil, shape: Shape = .text, _ value: @escaping @Sendable (CaseFile) -> String?
    ) -> CaseColumn {
        CaseColumn(
            name: name, type: .text, absence: .null, filter: summary.map { Shape.Member(name, shape, required: false, $0) },
            content: .own { ColumnValue(value($0)) })
    }

    private static func instant(_ name: String, _ value: @escaping @Sendable (CaseFile) -> Instant?) -> CaseColumn {
        CaseColumn(name: name, type: .integer, absence: .null, filter: nil, content: .own { ColumnValue(value($0)) })
    }

    private static func flag(_ name: String, _ value: @escaping @Sendable (CaseFile) -> Bool) -> CaseColumn {
        CaseColumn(name: name, type: .integer, absence: .integer(0), filter: nil, content: .own { ColumnValue(value($0)) })
    }

    private static func projectedFlag(_ name: String, _ value: @escaping @Sendable (CaseFile, Terms) -> Bool) -> CaseColumn {
        CaseColumn(name: name, type: .integer, absence: .integer(0), filter: nil, content: .projected { ColumnValue(value($0, $1)) })
    }

    private static func projectedText(_ name: String, _ value: @escaping @Sendable (CaseFile, Terms) -> String?) -> CaseColumn {
        CaseColumn(name: name, type: .text, absence: .null, filter: nil, content: .projected { ColumnValue(value($0, $1)) })
    }

    /// A word of what was submitted, which cases that are older than the column have as well.
    ///
    /// - Parameters:
    ///   - summary: what a filter asks for by it.
    ///   - absence: the word that they have.
    package static func word<Value: Word>(
        _ name: String, _ summary: String, unless absence: Value, _ value: @escaping @Sendable (CaseFile) -> Value
    ) -> CaseColumn {
        CaseColumn(
            name: name, type: .text, absence: .text(absence.rawValue),
            filter: Shape.Member(name, Value.shape, required: false, summary), content: .own { .text(value($0).rawValue) })
    }

    private static func names(_ names: some Sequence<String>) -> String? {
        let names = Set(names)
        return names.isEmpty ? nil : CaseCondition.listed(names.sorted())
    }

    package static let state = text("state", "where the file is", shape: State.shape) { $0.state.rawValue }
    package static let matter = text("matter", "a matter") { $0.matter.raw }
    package static let office = text("office", "an office") { $0.assignment.office.raw }
    package static let leader = text("leader", "a leader post") { $0.assignment.leader.raw }
    package static let commissioner = text("commissioner", "a commissioner post") { $0.assignment.commissioner.raw }
    package static let handler = text("handler", "an officer") { $0.handler?.raw }
    package static let applicant = text("applicant", "an applicant's id") { $0.applicant.id }
    package static let submittedBy = text("submitted_by") { $0.origin.by }
    package static let submittedVia = text("submitted_via") { $0.origin.via?.raw }
    package static let submittedAt = instant("submitted_at") { $0.origin.at }
    package static let closedAt = instant("closed_at") { $0.closedAt }
    package static let deliveredAt = instant("delivered_at") { $0.progress.deliveredAt }
    package static let suspended = flag("suspended") { $0.isSuspended }
    package static let inspected = flag("inspected") { !$0.inspections.isEmpty }
    /// Offices that were asked for an opinion, each between bars; and those whose opinion is awaited.
    package static let consulted = text("consulted") { names($0.consultation.requests.map(\.office.raw)) }
    package static let awaited = text("awaited") { names($0.consultation.requests.filter(\.isOpen).map(\.office.raw)) }
    /// Whether the case waits for an opinion.
    package static let asking = flag("asking") { !$0.consultation.awaited.isEmpty }
    package static let revoked = flag("revoked") { $0.validity.revoked != nil }
    /// Whether a supervision order is not closed.
    package static let ordered = flag("ordered") { $0.openOrder != nil }
    /// Whom an open order waits for: whoever has to answer, and the commissioner once somebody has.
    package static let orderFor = text("order_for") { file in
        file.openOrder.map { $0.answer == nil ? $0.recipient.rawValue : Role.commissioner.rawValue }
    }
    /// The post that takes the next step of the examination; null where every officer may.
    package static let stepPost = projectedText("step_post") { $0.nextExaminationStep(under: $1)?.post?.raw }
    /// Who has declared to have no part in the case.
    package static let recused = text("recused") { names($0.recused.map(\.raw)) }
    /// The posts for which it was drawn, until it was inspected for each draw.
    package static let drawn = text("drawn") { $0.hasOpenDraw ? names($0.selection.posts.map(\.raw)) : nil }
    /// Whether a clock is live: changed rules can move it.
    package static let running = flag("running") { $0.clocks.contains(where: \.isLive) }
    /// Whether a warning rung of a live clock has passed.
    package static let warned = projectedFlag("warned") { $0.hasWarning(under: $1) }
    /// Whether a deadline rests on days for which the calendar is not official yet.
    package static let provisional = projectedFlag("provisional") { $0.isProvisional(under: $1) }
    package static let timeliness = CaseColumn(
        name: "timeliness", type: .text, absence: .null, filter: nil,
        content: .projected { ColumnValue($0.timeliness(under: $1)?.rawValue) })

    package static let area = text("area", "an area") { $0.origin.submission.area?.raw }

    /// In the order of writing. A store makes a column that it lacks.
    package static let all = [
        state, matter, office, leader, commissioner, handler, applicant, submittedBy, submittedVia, submittedAt, closedAt, suspended,
        warned, timeliness, running, provisional, ordered, inspected, area, revoked, consulted, awaited,
        asking, orderFor, stepPost, recused, drawn, deliveredAt,
    ]

    private static let places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.name, $0) })

    package var place: Int {
        CaseColumn.places[name]!
    }
}
