import WorkingTime

/// One condition of a filter as clients give it: a member of `filter` on the wire, an option of `casectl`.
package struct FilterMember: Sendable {
    package let shape: Shape.Member
    private let meaning: @Sendable (Datum) -> CaseCondition

    /// - Precondition: the value has the shape.
    package func condition(_ value: Datum) -> CaseCondition {
        meaning(value)
    }

    private init(_ name: String, _ shape: Shape, _ summary: String, _ meaning: @escaping @Sendable (Datum) -> CaseCondition) {
        self.shape = Shape.Member(name, shape, required: false, summary)
        self.meaning = meaning
    }

    /// A column has this value.
    private init?(_ column: CaseColumn) {
        guard let shape = column.filter else { return nil }
        guard case .word = shape.shape else {
            self.init(shape.name, shape.shape, shape.summary) { .equal(column, $0.string ?? "") }
            return
        }
        self.init(shape.name, .oneOrSeveral(shape.shape), shape.summary) { value in
            .isAny(column, FilterMember.words(value).map { .text($0) })
        }
    }

    /// Those that were given, of which any may hold.
    private static func words(_ value: Datum) -> [String] {
        value.array?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
    }

    private static func whether(_ name: String, _ condition: CaseCondition, _ summary: String) -> FilterMember {
        FilterMember(name, .boolean, summary) { $0.bool == true ? condition : .not(condition) }
    }

    private static func instant(
        _ name: String, _ summary: String, _ condition: @escaping @Sendable (CaseCondition.Moment) -> CaseCondition
    ) -> FilterMember {
        FilterMember(name, .instant, summary) { value in
            guard let instant = value.string.flatMap({ Instant($0) }) else { preconditionFailure("\(name) was not checked") }
            return condition(.at(instant))
        }
    }

    /// All of them; what is given together holds together.
    package static let all: [FilterMember] = CaseColumn.all.compactMap { FilterMember($0) } + named

    private static let named: [FilterMember] = [
        FilterMember("case", .caseID, "one case") { value in
            guard let id = value.string.flatMap({ CaseID($0) }) else { preconditionFailure("case was not checked") }
            return .isCase(id)
        },
        FilterMember("light", .oneOrSeveral(Light.shape), "green, yellow, red or none") { value in
            .any(words(value).compactMap { Light(rawValue: $0) }.map { .shows($0) })
        },
        .whether("mine", .waits, "whether it waits for whoever asks: as officer, leader, commissioner, asked office or applicant"),
        .whether("overdue", .isOverdue, "whether a clock is overdue"),
        .whether("provisional", .isSet(.provisional), "whether a deadline rests on days not yet official"),
        .whether("suspended", .isSet(.suspended), "whether the case is suspended"),
        .instant("due_before", "the earliest deadline is before") { .before(.due, $0) },
        .instant("submitted_after", "submitted at or after") { .from(.column(.submittedAt), $0) },
        .instant("submitted_before", "submitted before") { .before(.column(.submittedAt), $0) },
        .instant("closed_after", "closed at or after") { .from(.column(.closedAt), $0) },
        .instant("closed_before", "closed before") { .before(.column(.closedAt), $0) },
        .whether("inspected", .isSet(.inspected), "whether an inspection was recorded"),
        FilterMember("awaits", .text, "an office whose opinion was asked and is not there yet") { value in
            value.string.map { $0.contains("|") ? .any([]) : .lists(.awaited, [$0]) } ?? .any([])
        },
        .whether("revoked", .isSet(.revoked), "whether what was granted is revoked"),
        .whether("undelivered", .isUndelivered, "whether a decision, or that it was not accepted, has still to be handed over"),
        FilterMember("text", .text, "part of the title or of the applicant's name") { .says($0.string ?? "") },
    ]

    /// What the members of a filter mean together.
    ///
    /// - Precondition: each has its shape.
    package static func conditions(_ filter: Datum?) -> [CaseCondition] {
        all.compactMap { member in
            guard let value = filter?[member.shape.name], !value.isNull else { return nil }
            return member.condition(value)
        }
    }
}
