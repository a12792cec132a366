import CaseCore
import CaseWire
import WorkingTime

/// An order of a list by its columns. What has nothing there comes last.
struct Ordering {
    private let keys: [(column: Column, isDescending: Bool)]

    /// So many rows are put in order at once.
    static let limit = 20_000

    /// - Parameters:
    ///   - names: columns, each with a dash in front where the greatest comes first.
    ///   - identity: what tells records apart that are alike in these.
    init(_ names: [String], among columns: [Column], identity: [Column]) throws {
        keys =
            try names.map { name in
                let isDescending = name.hasPrefix("-")
                return (try columns.named(isDescending ? String(name.dropFirst()) : name), isDescending)
            } + identity.map { ($0, false) }
    }

    /// The records in this order; where all are alike, in the one that they have.
    func sorted(_ records: [JSONValue]) -> [JSONValue] {
        let rows = records.map { Row(record: $0, values: values($0)) }
        return rows.indices.sorted { precedes(rows[$0], rows[$1]) || !precedes(rows[$1], rows[$0]) && $0 < $1 }.map { rows[$0].record }
    }

    // MARK: A part of a list

    /// A record, and what it is ordered by.
    fileprivate struct Row {
        let record: JSONValue
        let values: [Value]
    }

    fileprivate enum Value: Comparable {
        case number(Int64)
        case text(String)
        case none

        var json: JSONValue {
            switch self {
            case .number(let number): .integer(number)
            case .text(let text): .string(text)
            case .none: .null
            }
        }

        init(_ json: JSONValue) {
            self = json.integer.map(Value.number) ?? json.string.map(Value.text) ?? .none
        }
    }

    fileprivate func row(_ record: JSONValue) -> Row {
        Row(record: record, values: values(record))
    }

    private func values(_ record: JSONValue) -> [Value] {
        keys.map { key in
            guard let text = key.column.orderedBy(record) else { return .none }
            if let instant = Instant(String(text.prefix { $0 != " " })) { return .number(instant.milliseconds) }
            return Int64(text).map(Value.number) ?? .text(text)
        }
    }

    fileprivate func precedes(_ a: Row, _ b: Row) -> Bool {
        for (place, key) in keys.enumerated() where a.values[place] != b.values[place] {
            let (one, other) = (a.values[place], b.values[place])
            if one == .none || other == .none { return other == .none }
            return (one < other) != key.isDescending
        }
        return false
    }

    /// Where a list goes on after a row, as `--after` takes it.
    fileprivate func place(of row: Row) -> String {
        Listing.text(.array(row.values.map(\.json)))
    }

    fileprivate func row(at place: String) throws -> Row {
        guard let values = (try? JSONReader.read(Array(place.utf8)))?.array, values.count == keys.count else {
            throw Failure(
                code: .usage, message: "--after \(place) is no place in a list by this order", hint: "give the one that it ended with")
        }
        return Row(record: .null, values: values.map(Value.init))
    }
}

/// The first rows of a list in an order, found in one pass; at most twice as many are held as were asked for, and a page.
struct OrderedRows {
    private let ordering: Ordering
    private let limit: Int
    private let after: Ordering.Row?
    private var rows: [Ordering.Row] = []
    /// Whether there are more rows than that.
    private(set) var isCut = false

    /// - Parameter place: where the list before ended.
    init(_ ordering: Ordering, limit: Int, after place: String?) throws {
        (self.ordering, self.limit) = (ordering, min(limit, Ordering.limit))
        after = try place.map(ordering.row(at:))
    }

    mutating func add(_ records: [JSONValue]) {
        for row in records.map(ordering.row) where after.map({ ordering.precedes($0, row) }) ?? true {
            rows.append(row)
        }
        guard rows.count > 2 * limit else { return }
        trim()
    }

    private mutating func trim() {
        rows.sort(by: ordering.precedes)
        isCut = isCut || rows.count > limit
        rows.removeLast(max(0, rows.count - limit))
    }

    /// The rows, and where the list goes on where there are more.
    mutating func end() -> (records: [JSONValue], next: JSONValue) {
        trim()
        return (rows.map(\.record), isCut ? rows.last.map { .string(ordering.place(of: $0)) } ?? .null : .null)
    }
}
