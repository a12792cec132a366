/// A table of a store as it is kept, for whoever carries a store over to another one row by row, whatever the rows mean.
package struct StoreTable: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        package let name: String
        /// Whether it holds numbers, rather than bytes; texts are their bytes in UTF-8.
        package let isInteger: Bool

        package init(name: String, isInteger: Bool) {
            (self.name, self.isInteger) = (name, isInteger)
        }
    }

    package let name: String
    /// In the order of their names. What only says in which order rows came is none of them: the order itself is kept.
    package let columns: [Column]

    package init(name: String, columns: [Column]) {
        self.name = name
        self.columns = columns.sorted { $0.name < $1.name }
    }
}

/// What stands in a column of a row.
package enum StoredValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case bytes([UInt8])

    /// How much memory it takes, about.
    package var byteCount: Int {
        if case .bytes(let bytes) = self { 16 + bytes.count } else { 16 }
    }
}

/// Values in the order of the columns of a table.
package typealias StoredRow = [StoredValue]

/// A store that nobody else has, with its tables as they are. One thread uses it.
package protocol StoreTables: ReadableStore {
    /// As a sentence names it: the path of a folder, or the target of a database.
    var name: String { get }

    /// All tables that hold something of a store, in the order of their names.
    func tables() throws -> [StoreTable]

    /// Hands over all rows of a table, a bounded number at a time, in an order that is the same in each kind of store.
    ///
    /// - Throws: what `body` throws; `DamagedRecord` where a part of the store is not what was written.
    func eachPage(of table: StoreTable, _ body: ([StoredRow]) throws -> Void) throws
}

/// A store that is moved to another place.
package protocol MoveSource: StoreTables {
    /// Makes durable that it has gone to a place: it is not started from then on, and nothing more is written to it.
    ///
    /// - Throws: where that may not have been done; then the store can be moved once more.
    func leave(for place: String) throws
}

/// An empty place to which a store is moved. Until `open` has begun, nobody finds anything there that could be started.
package protocol MoveDestination: StoreTables {
    func write(_ rows: [StoredRow], to table: StoreTable) throws

    /// Makes ready all that `open` needs; what was written is read no more.
    func settle() throws

    /// The last step, after which the store is there.
    func open() throws
}

/// The name of the setting by which a store says where it was moved to.
package enum MovedStore {
    package static let settingName = "moved-to"
}
