import WorkingTime

/// A value of a message or a record, as whoever reads its text hands it over. The core knows no text format.
package protocol Source {
    var string: String? { get }
    var integer: Int64? { get }
    var bool: Bool? { get }
    var isNull: Bool { get }
    var array: [Self]? { get }
    var isObject: Bool { get }
    /// What it is, for messages: `a number`.
    var typeName: String { get }

    subscript(name: String) -> Self? { get }

    /// The members of an object in the order in which they are written; none where it is no object.
    func forEachMember(_ body: (_ name: String, _ value: Self) throws(Mismatch) -> Void) throws(Mismatch)
}

/// Where a value of a message or a record is written to.
package protocol Sink: ~Copyable {
    mutating func string(_ text: String)
    mutating func integer(_ number: some BinaryInteger)
    mutating func bool(_ value: Bool)
    mutating func null()
    mutating func instant(_ instant: Instant)
    /// A member's name that needs no escaping; its value follows.
    mutating func key(_ name: StaticString)
    /// A member's name from outside; its value follows.
    mutating func key(_ name: String)
    mutating func object(_ body: (inout Self) -> Void)
    mutating func array<Element>(of elements: some Sequence<Element>, _ body: (inout Self, Element) -> Void)
}

/// A value is not what its place takes.
package struct Mismatch: Error, Equatable {
    /// Where, from the outside: `materials[0].id`; empty for the whole.
    package private(set) var path = ""
    /// What is the matter, after the path: `is a number, not a string`.
    package let problem: String
    /// The likely mend.
    package let hint: String?

    package init(_ problem: String, hint: String? = nil) {
        self.problem = problem
        self.hint = hint
    }

    init(_ found: some Source, insteadOf wanted: String, hint: String? = nil) {
        self.init("is \(found.typeName), not \(wanted)", hint: hint)
    }

    package func at(_ name: String) -> Mismatch {
        var inner = self
        inner.path = path.isEmpty || path.hasPrefix("[") ? name + path : "\(name).\(path)"
        return inner
    }
}

/// A value with one form in messages and records: what it looks like, and how it is read and written.
package protocol Represented: Sendable, Equatable {
    static var shape: Shape { get }
    init(from source: some Source) throws(Mismatch)
    func write(to sink: inout some Sink & ~Copyable)
}

/// A represented value that is an object of declared members.
package protocol Described: Represented {
    static var members: Members<Self> { get }
}

extension Described {
    package static var shape: Shape {
        .object(members.shapes)
    }

    package init(from source: some Source) throws(Mismatch) {
        guard source.isObject else { throw Mismatch(source, insteadOf: "an object") }
        self = try Self.members.read(from: source)
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.object { Self.members.write(self, to: &$0) }
    }
}
