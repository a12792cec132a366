/// Something about a case by which those are found who ask for such cases.
package enum CaseMark: Hashable, Sendable {
    case number(CaseID)
    case value(CaseColumn, ColumnValue)

    /// Those of a case.
    ///
    /// - Parameter value: what each column holds.
    package static func marks(of id: CaseID, _ value: (CaseColumn) -> ColumnValue) -> [CaseMark] {
        [.number(id)] + columns.map { .value($0, value($0)) }
    }

    /// The columns by whose values cases are asked for.
    private static let columns = CaseColumn.all.filter { $0.filter != nil }
}

extension CaseCondition {
    /// Marks of which each case has one for which this holds; nil where nothing of the kind can be said.
    package var marks: Set<CaseMark>? {
        switch self {
        case .isCase(let id): [.number(id)]
        case .isAny(let column, let values): column.filter == nil ? nil : Set(values.map { .value(column, $0) })
        case .all(let conditions): conditions.compactMap(\.marks).min { $0.count < $1.count }
        case .any(let conditions):
            conditions.reduce(Set() as Set<CaseMark>?) { found, one in
                if let found, let marks = one.marks { found.union(marks) } else { nil }
            }
        case .lists, .isSet, .isNull, .before, .from, .through, .says, .waits, .not: nil
        }
    }
}
