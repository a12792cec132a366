import CaseCore
import CaseStore
import Foundation
import GRDB
import WorkingTime

/// The conditions of a filter. Text is bound, never spliced in.
struct Conditions {
    private var parts: [String] = []
    private(set) var arguments = StatementArguments()
    private var isDrivenByDue = false

    init() {}

    init(_ filter: ReportFilter) {
        equal("c.matter", filter.matter?.raw)
        equal("c.office", filter.office?.raw)
        equal("c.leader", filter.leader?.raw)
        equal("c.commissioner", filter.commissioner?.raw)
    }

    init(_ filter: CaseFilter) {
        guard case .all(let conditions) = filter.condition else { preconditionFailure("a filter is all of its conditions") }
        for condition in conditions { add(condition, at: filter.now) }
    }

    init(_ filter: NoticeFilter) {
        equal("n.recipient", filter.recipient)
        equal("n.addressee", filter.addressee?.rawValue)
        if let own = filter.own { add(ownNotices: own) }
        if let since = filter.since { add("n.at >= ?", since.milliseconds) }
        if let isTaken = filter.isTaken { add(isTaken ? "n.taken_at IS NOT NULL" : "n.taken_at IS NULL") }
        if let readScope = filter.readScope { add(noticesIn: readScope) }
    }

    private mutating func add(ownNotices own: OwnNotices) {
        func among(_ names: Set<String>) -> String {
            Conditions.list("n.recipient", names.sorted().map { bind($0) })
        }
        var ways: [String] = []
        if !own.names.isEmpty { ways.append("\(among(own.names)) AND n.addressee <> 'applicant'") }
        if own.coversAllApplicants {
            ways.append("n.addressee = 'applicant'")
        } else if !own.applicants.isEmpty {
            ways.append("\(among(own.applicants)) AND n.addressee = 'applicant'")
        }
        parts.append(ways.isEmpty ? "0" : "(\(ways.joined(separator: " OR ")))")
    }

    /// A condition of the core as one of the query. Where a column is null, what compares it is null, which is as good as no.
    mutating func add(_ condition: CaseCondition, at now: Instant) {
        if case .all(let inner) = condition {
            for one in inner { add(one, at: now) }
            return
        }
        if case .before(.due, _) = condition { isDrivenByDue = true }
        if case .through(.due, _) = condition { isDrivenByDue = true }
        parts.append(text(of: condition, at: now))
    }

    /// Notices of cases that are covered, and those of the server that are somebody's own.
    mutating func add(noticesIn readScope: ReadScope) {
        let cases = text(of: readScope.condition, at: Instant(seconds: 0))
        guard let addresses = readScope.addresses else { return parts.append("(n.case_id = 0 OR \(cases))") }
        let own = Conditions.list("n.recipient", addresses.sorted().map { bind($0) })
        parts.append("(n.case_id > 0 AND \(cases) OR n.case_id = 0 AND \(own))")
    }

    /// Binds what it compares with, in the order of the text.
    private mutating func text(of condition: CaseCondition, at now: Instant) -> String {
        func name(_ instant: CaseCondition.CaseInstant) -> String {
            switch instant {
            case .due: "d.due_at"
            case .column(let column): "c.\(column.name)"
            }
        }
        func comparison(_ instant: CaseCondition.CaseInstant, _ sign: String, _ moment: CaseCondition.Moment) -> String {
            switch moment {
            case .at(let instant): arguments += [instant.milliseconds]
            case .now: arguments += [now.milliseconds]
            }
            return "\(name(instant)) \(sign) ?"
        }
        func joined(_ conditions: [CaseCondition], _ word: String, ifNone: String) -> String {
            let texts = conditions.map { text(of: $0, at: now) }
            return texts.isEmpty ? ifNone : Conditions.balanced(texts[...], word)
        }
        switch condition {
        case .isCase(let id):
            arguments += [id.number]
            return "c.id = ?"
        case .isAny(let column, let values):
            let places = values.map { value in
                switch value {
                case .text(let text): return bind(text)
                case .integer(let number): arguments += [number]
                case .null: arguments += [nil as String?]
                }
                return "?"
            }
            return values.isEmpty ? "0" : Conditions.list("c.\(column.name)", places)
        case .lists(let column, let names):
            let parts = names.map { "instr(c.\(column.name), \(bind(CaseCondition.listed([$0])))) > 0" }
            return names.isEmpty ? "0" : Conditions.balanced(parts[...], "OR")
        case .isSet(let column): return "c.\(column.name)"
        case .isNull(let column): return "c.\(column.name) IS NULL"
        case .before(let instant, let moment): return comparison(instant, "<", moment)
        case .from(let instant, let moment): return comparison(instant, ">=", moment)
        case .through(let instant, let moment): return comparison(instant, "<=", moment)
        case .says(let text):
            let sought = Data(CaseTexts.folded(text))
            arguments += [sought, sought]
            return "EXISTS (SELECT 1 FROM texts t WHERE t.case_id = c.id AND (instr(t.title, ?) OR instr(t.applicant, ?)))"
        case .waits: return "0"
        case .all(let conditions): return joined(conditions, "AND", ifNone: "1")
        case .any(let conditions): return joined(conditions, "OR", ifNone: "0")
        case .not(.isSet(let column)): return "NOT c.\(column.name)"
        case .not(.isNull(let column)): return "c.\(column.name) IS NOT NULL"
        case .not(let inner): return "NOT coalesce(\(text(of: inner, at: now)), 0)"
        }
    }

    var sql: String {
        parts.isEmpty ? "1" : parts.joined(separator: " AND ")
    }

    /// A condition on what is due is answered from its index, others from the cases in order.
    func tables(drivenByDue: Bool) -> String {
        drivenByDue || isDrivenByDue
            ? "deadlines d CROSS JOIN cases c ON c.id = d.case_id" : "cases c LEFT JOIN deadlines d ON d.case_id = c.id"
    }

    mutating func add(_ part: String, _ values: (any DatabaseValueConvertible)?...) {
        parts.append(part)
        arguments += StatementArguments(values)
    }

    /// In pairs of pairs: SQLite takes no expression that is a thousand deep.
    private static func balanced(_ texts: ArraySlice<String>, _ word: String) -> String {
        guard texts.count > 1 else { return texts.first! }
        let middle = texts.startIndex + texts.count / 2
        return "(\(balanced(texts[..<middle], word)) \(word) \(balanced(texts[middle...], word)))"
    }

    private static func list(_ column: String, _ places: [String]) -> String {
        places.count == 1 ? "\(column) = \(places[0])" : "\(column) IN (\(places.joined(separator: ", ")))"
    }

    /// Binds a text. GRDB binds one up to U+0000, and bytes as they are.
    ///
    /// - Returns: what stands for it.
    private mutating func bind(_ text: String) -> String {
        guard text.utf8.contains(0) else {
            arguments += [text]
            return "?"
        }
        arguments += [Data(text.utf8)]
        return "CAST(? AS TEXT)"
    }

    private mutating func equal(_ column: String, _ value: String?) {
        if let value { parts.append("\(column) = \(bind(value))") }
    }
}
