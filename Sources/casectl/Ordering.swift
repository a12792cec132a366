import CaseCore
import CaseWire
import WorkingTime

/// An order of a list by its columns. What has nothing there comes last; where all are alike, the order of the list itself holds.
struct Ordering {
    private let keys: [(column: Column, isDescending: Bool)]

    /// So many rows are put in order at once.
    static let limit = 20_000

    /// - Parameter names: columns, each with a dash in front where the greatest comes first.
    init(_ names: [String], among columns: [Column]) throws {
        keys = try names.map { name in
            let isDescending = name.hasPrefix("-")
            return (try columns.named(isDescending ? String(name.dropFirst()) : name), isDescending)
        }
    }

    /// The records in this order.
    func sorted(_ records: [JSONValue]) -> [JSONValue] {
        records.enumerated().map { Row($0.element, values($0.element), .number(Int64($0.offset))) }.sorted(by: precedes).map(\.record)
    }

    // MARK: A part of a list

    /// A record, what it is ordered by, and what tells it from those that are alike.
    fileprivate struct Row {
        let record: JSONValue
        let values: [Value]
        let tie: Value

        init(_ record: JSONValue, _ values: [Value], _ tie: Value) {
            (self.record, self.values, self.tie) = (record, values, tie)
        }
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
        let id = record.cell("case") ?? record.cell("seq") ?? ""
        let number = Int64(id.drop { !$0.isNumber })
        return Row(record, values(record), number.map(Value.number) ?? .text(id))
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
        return a.tie < b.tie
    }

    /// Where a list goes on after a row, as `--after` takes it.
    fileprivate func place(of row: Row) -> String {
        Listing.text(.array((row.values + [row.tie]).map(\.json)))
    }

    fileprivate func row(at place: String) throws -> Row {
        guard let values = (try? JSONReader.read(Array(place.utf8)))?.array, values.count == keys.count + 1 else {
            throw Failure(
                code: .usage, message: "--after \(place) is no place in a list by this order", hint: "give the one that it ended with")
        }
        return Row(.null, values.dropLast().map(Value.init), Value(values.last!))
    }
}

/// The first rows of a list in an order, found in one pass; no more of them are held than were asked for, and one.
struct OrderedRows {
    private let ordering: Ordering
    private let limit: Int
    private let after: Ordering.Row?
    private var rows: [Ordering.Row] = []
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
