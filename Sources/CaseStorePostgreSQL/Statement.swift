/// A statement with the values of its places `$1`, `$2` and so on.
struct Statement {
    let sql: String
    let values: [Parameter]
    /// Whether a session keeps it prepared: there are only so many of these.
    let isKept: Bool

    /// What is prepared once, for any values.
    struct Form: Hashable {
        let sql: String
        let kinds: [Parameter.Kind]
    }

    var form: Form {
        Form(sql: sql, kinds: values.map(\.kind))
    }

    /// One of those that are written down in the sources.
    init(_ sql: String, _ values: Parameter...) {
        self.init(sql, values: values)
    }

    /// - Parameter isKept: false for one that is put together for a filter, of which there is no end.
    init(_ sql: String, values: [Parameter], isKept: Bool = true) {
        (self.sql, self.values, self.isKept) = (sql, values, isKept)
    }
}
