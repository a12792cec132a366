import CaseCore
import CaseStore
import WorkingTime

/// The conditions of a filter, on cases `c` with their deadlines `d`, or on notices `n`. What it compares with is bound, never spliced in.
struct Conditions {
    private var parts: [String] = []
    private(set) var values: [Parameter] = []

    /// - Parameter values: what the statement has before them.
    init(after values: [Parameter] = []) {
        self.values = values
    }

    init(_ filter: ReportFilter, after values: [Parameter] = []) {
        self.init(after: values)
        equal("c.matter", filter.matter?.raw)
        equal("c.office", filter.office?.raw)
        equal("c.leader", filter.leader?.raw)
        equal("c.commissioner", filter.commissioner?.raw)
    }

    init(_ filter: CaseFilter) {
        parts = [text(of: filter.condition, at: filter.now)]
    }

    init(_ filter: NoticeFilter) {
        equal("n.recipient", filter.recipient)
        equal("n.addressee", filter.addressee?.rawValue)
        if let own = filter.own { add(ownNotices: own) }
        if let since = filter.since { add("n.at >= \(put(.integer(since.milliseconds)))") }
        if let isTaken = filter.isTaken { add(isTaken ? "n.taken_at IS NOT NULL" : "n.taken_at IS NULL") }
        if let readScope = filter.readScope { add(noticesIn: readScope) }
    }

    /// Binds a value, and says how the statement names it.
    mutating func put(_ value: Parameter) -> String {
        values.append(value)
        return "$\(values.count)"
    }

    mutating func add(_ part: String) {
        parts.append(part)
    }

    var sql: String {
        parts.isEmpty ? "true" : parts.joined(separator: " AND ")
    }

    private mutating func equal(_ column: String, _ value: String?) {
        if let value { add("\(column) = \(put(.text(value)))") }
    }

    private mutating func add(ownNotices own: OwnNotices) {
        var ways: [String] = []
        if !own.names.isEmpty { ways.append("n.recipient = ANY (\(put(.texts(own.names.sorted())))) AND n.addressee <> 'applicant'") }
        if own.coversAllApplicants {
            ways.append("n.addressee = 'applicant'")
        } else if !own.applicants.isEmpty {
            ways.append("n.recipient = ANY (\(put(.texts(own.applicants.sorted())))) AND n.addressee = 'applicant'")
        }
        add(ways.isEmpty ? "false" : "(\(ways.joined(separator: " OR ")))")
    }

    /// Notices of cases that are covered, and those of the server that are somebody's own.
    private mutating func add(noticesIn readScope: ReadScope) {
        let cases = text(of: readScope.condition, at: Instant(seconds: 0))
        guard let addresses = readScope.addresses else { return add("(n.case_id = 0 OR \(cases))") }
        add("(n.case_id > 0 AND \(cases) OR n.case_id = 0 AND n.recipient = ANY (\(put(.texts(addresses.sorted())))))")
    }

    /// A condition of the core as one of the query. Where a column is null, what compares it is null, which is as good as no.
    private mutating func text(of condition: CaseCondition, at now: Instant) -> String {
        switch condition {
        case .isCase(let id): return "c.id = \(put(.integer(id.number)))"
        case .isAny(let column, let values):
            switch column.type {
            case .text:
                let texts = values.map { if case .text(let text) = $0 { text } else { nil as String? } }
                return "c.\(column.name) = ANY (\(put(.texts(texts))))"
            case .integer:
                let numbers = values.map { if case .integer(let number) = $0 { number } else { nil as Int64? } }
                return "c.\(column.name) = ANY (\(put(.integers(numbers))))"
            }
        case .lists(let column, let names):
            let sought = put(.texts(names.map { CaseCondition.listed([$0]) }))
            return "EXISTS (SELECT 1 FROM unnest(\(sought)) AS sought WHERE position(sought IN c.\(column.name)) > 0)"
        case .isSet(let column): return "c.\(column.name) <> 0"
        case .isNull(let column): return "c.\(column.name) IS NULL"
        case .before(let instant, let moment): return comparison(instant, "<", moment, now)
        case .from(let instant, let moment): return comparison(instant, ">=", moment, now)
        case .through(let instant, let moment): return comparison(instant, "<=", moment, now)
        case .says(let text):
            let sought = put(.bytes(CaseTexts.folded(text)))
            return """
                EXISTS (SELECT 1 FROM texts t
                    WHERE t.case_id = c.id AND (position(\(sought) IN t.title) > 0 OR position(\(sought) IN t.applicant) > 0))
                """
        case .waits: return "false"
        case .all(let conditions): return joined(conditions, "AND", ifNone: "true", now)
        case .any(let conditions): return joined(conditions, "OR", ifNone: "false", now)
        case .not(let inner): return "NOT coalesce(\(text(of: inner, at: now)), false)"
        }
    }

    private mutating func joined(_ conditions: [CaseCondition], _ word: String, ifNone: String, _ now: Instant) -> String {
        let texts = conditions.map { text(of: $0, at: now) }
        return texts.isEmpty ? ifNone : "(\(texts.joined(separator: " \(word) ")))"
    }

    private mutating func comparison(
        _ instant: CaseCondition.CaseInstant, _ sign: String, _ moment: CaseCondition.Moment, _ now: Instant
    ) -> String {
        let name =
            switch instant {
            case .due: "d.due_at"
            case .column(let column): "c.\(column.name)"
            }
        let bound =
            switch moment {
            case .at(let instant): instant
            case .now: now
            }
        return "\(name) \(sign) \(put(.integer(bound.milliseconds)))"
    }
}
