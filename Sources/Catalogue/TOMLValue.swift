import WorkingTime

/// What a TOML text says at one place.
package enum TOMLValue: Equatable, Sendable {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    case day(Day)
    /// A time of day, or an instant, as it was written.
    case time(String)
    case array([TOMLValue])
    case table(TOMLTable)

    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    package var boolean: Bool? {
        if case .boolean(let flag) = self { flag } else { nil }
    }

    package var day: Day? {
        if case .day(let day) = self { day } else { nil }
    }

    package var array: [TOMLValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    package var table: TOMLTable? {
        if case .table(let table) = self { table } else { nil }
    }

    /// What it is, in words.
    package var kind: String {
        switch self {
        case .string: "a text"
        case .integer, .float: "a number"
        case .boolean: "true or false"
        case .day, .time: "a date or time"
        case .array: "a list"
        case .table: "a table"
        }
    }
}

/// Values by their keys.
package struct TOMLTable: Equatable, Sendable {
    private let values: [String: TOMLValue]

    init(_ values: [String: TOMLValue]) {
        self.values = values
    }

    /// In no order.
    package var keys: some Collection<String> {
        values.keys
    }

    package subscript(_ key: String) -> TOMLValue? {
        values[key]
    }
}
