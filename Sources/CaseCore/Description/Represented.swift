import WorkingTime

/// A value is not what its place takes.
package struct Mismatch: Error, Equatable {
    /// Where, from the outside; none for the whole.
    private var places: [String] = []
    /// What is the matter, after the path: `is a number, not a string`.
    package let problem: String
    /// The likely mend.
    package let hint: String?

    package init(_ problem: String, hint: String? = nil) {
        self.problem = problem
        self.hint = hint
    }

    init(_ found: Datum, insteadOf wanted: String, hint: String? = nil) {
        self.init("is \(found.typeName), not \(wanted)", hint: hint)
    }

    /// Where, from the outside: `materials[0].id`; nil for the whole.
    package var path: String? {
        guard let first = places.first else { return nil }
        return places.dropFirst().reduce(first) { $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
    }

    package func at(_ name: String) -> Mismatch {
        var inner = self
        inner.places.insert(name, at: 0)
        return inner
    }
}

/// A value with one form in messages: what it looks like, and how it is written.
package protocol Shown: Sendable {
    static var shape: Shape { get }
    func write(to writer: inout JSONWriter)
}

/// A value with one form in messages and records, in which it is read as well.
package protocol Represented: Shown, Equatable {
    init(from source: Datum) throws(Mismatch)
}

/// A represented value that is an object of declared members.
package protocol Described: Represented {
    static var members: Members<Self> { get }
}

extension Described {
    package static var shape: Shape {
        .object(members.shapes)
    }

    package init(from source: Datum) throws(Mismatch) {
        guard source.members != nil else { throw Mismatch(source, insteadOf: "an object") }
        self = try Self.members.read(from: source)
    }

    package func write(to writer: inout JSONWriter) {
        writer.object { Self.members.write(self, to: &$0) }
    }
}
