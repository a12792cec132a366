import WorkingTime

/// What holds of a case that is meant. A store makes a query of it, a watch asks it of each case: both mean the same cases.
///
/// Where a column is null, nothing that compares it holds.
package indirect enum CaseCondition: Sendable, Equatable {
    case isCase(CaseID)
    case isAny(CaseColumn, [ColumnValue])
    /// A column that lists names lists one of these.
    case lists(CaseColumn, [String])
    /// A column that says yes or no says yes.
    case isSet(CaseColumn)
    case isNull(CaseColumn)
    case before(CaseInstant, Moment)
    case from(CaseInstant, Moment)
    /// At the moment, or before it.
    case through(CaseInstant, Moment)
    /// A part of the title or of the applicant's name, in whatever case and composition.
    case says(String)
    /// It waits for whoever asks: see `resolved`. By itself it holds of nothing.
    case waits
    case all([CaseCondition])
    case any([CaseCondition])
    case not(CaseCondition)

    package static func equal(_ column: CaseColumn, _ text: String) -> CaseCondition {
        .isAny(column, [.text(text)])
    }

    /// How a column lists names, none of which has a bar in it.
    package static func listed(_ names: [String]) -> String {
        "|\(names.joined(separator: "|"))|"
    }

    /// An instant of a case.
    package enum CaseInstant: Sendable, Hashable {
        case column(CaseColumn)
        /// The earliest due instant: the case is overdue from then on. Null where nothing is running.
        case due
    }

    package enum Moment: Sendable, Hashable {
        case at(Instant)
        /// The present of whoever asks.
        case now
    }
}

extension CaseCondition {
    /// Whether it holds.
    ///
    /// - Parameters:
    ///   - value: what each column holds.
    ///   - says: whether a text is part of the title or of the applicant's name.
    package func holds(
        of id: CaseID, due: Instant?, at now: Instant, _ value: (CaseColumn) -> ColumnValue, says: (String) -> Bool
    ) -> Bool {
        func compare(_ instant: CaseInstant, _ moment: Moment, _ isSo: (Int64, Int64) -> Bool) -> Bool {
            let own =
                switch instant {
                case .due: ColumnValue(due)
                case .column(let column): value(column)
                }
            guard case .integer(let own) = own else { return false }
            return switch moment {
            case .at(let instant): isSo(own, instant.milliseconds)
            case .now: isSo(own, now.milliseconds)
            }
        }
        return switch self {
        case .isCase(let meant): meant == id
        case .isAny(let column, let values): value(column) != .null && values.contains(value(column))
        case .lists(let column, let names):
            if case .text(let list) = value(column) {
                !Set(list.split(separator: "|").map(String.init)).isDisjoint(with: names)
            } else {
                false
            }
        case .isSet(let column): value(column) == .integer(1)
        case .isNull(let column): value(column) == .null
        case .before(let instant, let moment): compare(instant, moment, <)
        case .from(let instant, let moment): compare(instant, moment, >=)
        case .through(let instant, let moment): compare(instant, moment, <=)
        case .says(let text): says(text)
        case .waits: false
        case .all(let conditions): conditions.allSatisfy { $0.holds(of: id, due: due, at: now, value, says: says) }
        case .any(let conditions): conditions.contains { $0.holds(of: id, due: due, at: now, value, says: says) }
        case .not(let condition): !condition.holds(of: id, due: due, at: now, value, says: says)
        }
    }
}

extension CaseCondition {
    /// The same, where it is known what waits for whoever asks.
    ///
    /// - Parameter duties: see `Register.duties`.
    package func resolved(_ duties: CaseCondition) -> CaseCondition {
        switch self {
        case .waits: duties
        case .all(let conditions): .all(conditions.map { $0.resolved(duties) })
        case .any(let conditions): .any(conditions.map { $0.resolved(duties) })
        case .not(let condition): .not(condition.resolved(duties))
        case .isCase, .isAny, .lists, .isSet, .isNull, .before, .from, .through, .says: self
        }
    }
}

// MARK: Conditions that have a name

extension CaseCondition {
    package static let isClosed = CaseCondition.not(.isNull(.closedAt))
    package static let isOverdue = CaseCondition.through(.due, .now)
    /// What ended so that somebody has to be told, was told to nobody yet, and can still be: see `Deliver`.
    package static let isUndelivered = CaseCondition.all([
        .isAny(.state, State.delivered.map { .text($0.rawValue) }), .isNull(.deliveredAt), .not(.isSet(.revoked)),
    ])

    /// What makes a light, from the rule of the light itself: `Light.init(isOpen:isOverdue:hasWarning:)`.
    package static func shows(_ light: Light) -> CaseCondition {
        func split(_ known: [Bool]) -> CaseCondition? {
            let questions: [CaseCondition] = [.isNull(.closedAt), isOverdue, .isSet(.warned)]
            guard known.count < questions.count else {
                return Light(isOpen: known[0], isOverdue: known[1], hasWarning: known[2]) == light ? .all([]) : nil
            }
            let question = questions[known.count]
            let (yes, no) = (split(known + [true]), split(known + [false]))
            if yes == no { return yes }
            func and(_ first: CaseCondition, _ rest: CaseCondition?) -> CaseCondition? {
                rest.map { rest in
                    if case .all(let further) = rest { .all([first] + further) } else { .all([first, rest]) }
                }
            }
            let ways = [and(question, yes), and(.not(question), no)].compactMap { $0 }
            return ways.count == 1 ? ways[0] : .any(ways)
        }
        return split([]) ?? .any([])
    }
}

extension ReadScope {
    /// The cases that it covers.
    package var condition: CaseCondition {
        var conditions: [CaseCondition] = []
        if let limit { conditions.append(.isAny(.matter, limit.map(\.raw).sorted().map { .text($0) })) }
        if !isEverything { conditions.append(own.condition) }
        return .all(conditions)
    }

    package func covers(_ file: CaseFile) -> Bool {
        condition.holds(of: file)
    }
}

extension ReadScope.Own {
    /// The cases that are somebody's own.
    package var condition: CaseCondition {
        let names: [(CaseColumn, Set<String>)] = [
            (.submittedBy, submitters), (.submittedVia, submitters), (.office, Set(offices.map(\.raw))),
            (.leader, Set(leaders.map(\.raw))), (.commissioner, Set(commissioners.map(\.raw))), (.matter, Set(matters.map(\.raw))),
        ]
        let asked = CaseCondition.named(Set(offices.map(\.raw)), since: began[.office] ?? [:]) { .lists(.consulted, $0) }
        let own = names.flatMap { column, names in
            CaseCondition.named(names, since: began[column] ?? [:]) { .isAny(column, $0.map { .text($0) }) }
        }
        return .any(own + asked + inherited.map(\.condition))
    }
}

extension ReadScope.Inheritance {
    fileprivate var condition: CaseCondition {
        guard column != .consulted else {
            let since = through.map { [CaseCondition.through(.column(.submittedAt), .at($0))] } ?? []
            return .all([.lists(.consulted, names), .isNull(.closedAt)] + since)
        }
        let stretch = [
            after.map { CaseCondition.not(.through(.column(.closedAt), .at($0))) }, through.map { .through(.column(.closedAt), .at($0)) },
        ].compactMap { $0 }
        return .all([.isAny(column, names.map { .text($0) })] + (stretch.isEmpty ? [] : [.isClosed] + stretch))
    }
}

extension CaseCondition {
    /// Cases that name one of these, but for those that were closed while another one had its name.
    fileprivate static func named(
        _ names: Set<String>, since began: [String: Instant], _ isNamed: ([String]) -> CaseCondition
    ) -> [CaseCondition] {
        let lasting = names.filter { began[$0] == nil }.sorted()
        let back = Dictionary(grouping: names.subtracting(lasting).sorted()) { began[$0]! }.sorted { $0.key < $1.key }
        return (lasting.isEmpty ? [] : [isNamed(lasting)])
            + back.map { instant, names in
                .all([isNamed(names), .not(.all([.isClosed, .through(.column(.closedAt), .at(instant))]))])
            }
    }
}

extension CaseCondition {
    /// Whether a condition on what a file says by itself holds.
    func holds(of file: CaseFile) -> Bool {
        holds(of: file.id, due: nil, at: file.origin.at, { $0.ownValue(of: file) }, says: { _ in false })
    }
}
