/// One member of an object: its name, its type, what it means, and what its absence stands for.
package struct Member<Root, Value: Represented>: DescribedMember {
    package let name: StaticString
    package let summary: String
    /// The value that a missing member, or a null, stands for; nil where it has to be there.
    private let absence: Value?
    /// Whether it is left out where it has the value of its absence.
    private let isSparse: Bool
    private let value: @Sendable (Root) -> Value

    /// A member that has to be there.
    package init(_ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, _ summary: String) {
        self.init(name, value, absence: nil, isSparse: false, summary)
    }

    /// A member that may be missing, and is always written.
    package init(_ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, default absence: Value, _ summary: String) {
        self.init(name, value, absence: absence, isSparse: false, summary)
    }

    /// A member that is written only where it says something.
    package init(_ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, unless absence: Value, _ summary: String) {
        self.init(name, value, absence: absence, isSparse: true, summary)
    }

    private init(
        _ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, absence: Value?, isSparse: Bool, _ summary: String
    ) {
        self.name = name
        self.value = value
        self.absence = absence
        self.isSparse = isSparse
        self.summary = summary
    }

    package var shape: Shape.Member {
        Shape.Member(
            name: String(describing: name), shape: Value.shape, isOptional: absence != nil, isSparse: isSparse, summary: summary)
    }

    package func write(_ root: Root, to sink: inout some Sink & ~Copyable) {
        let value = value(root)
        if isSparse, value == absence { return }
        sink.key(name)
        value.write(to: &sink)
    }

    fileprivate func read(from source: some Source) throws(Mismatch) -> Value {
        let name = String(describing: name)
        guard let found = source[name] else {
            if let absence { return absence }
            throw Mismatch("is missing", hint: summary).at(name)
        }
        // A null stands for a member that is left out, unless it has a meaning of its own.
        if let absence, found.isNull { return absence }
        do { return try Value(from: found) } catch { throw error.at(name) }
    }
}

/// A member of some type.
package protocol DescribedMember<Root>: Sendable {
    associatedtype Root
    var name: StaticString { get }
    var summary: String { get }
    var shape: Shape.Member { get }
    func write(_ root: Root, to sink: inout some Sink & ~Copyable)
}

/// All members of an object in the order of writing, and how the object is made of them: nothing can be forgotten.
package struct Members<Root: Sendable>: Sendable {
    package let all: [any DescribedMember<Root>]
    private let maker: any ObjectMaker<Root>

    package init<each Value: Represented>(
        _ members: repeat Member<Root, each Value>, make: @escaping @Sendable (repeat each Value) throws(Mismatch) -> Root
    ) {
        var all: [any DescribedMember<Root>] = []
        for member in repeat each members { all.append(member) }
        self.all = all
        maker = MemberwiseMaker(members: (repeat each members), make: make)
    }

    package var shapes: [Shape.Member] {
        all.map(\.shape)
    }

    /// Members that are not described are passed over: later versions may have written them.
    package func read(from source: some Source) throws(Mismatch) -> Root {
        try maker.object(from: source)
    }

    package func write(_ root: Root, to sink: inout some Sink & ~Copyable) {
        for member in all { member.write(root, to: &sink) }
    }
}

private protocol ObjectMaker<Root>: Sendable {
    associatedtype Root
    func object(from source: some Source) throws(Mismatch) -> Root
}

private struct MemberwiseMaker<Root: Sendable, each Value: Represented>: ObjectMaker {
    let members: (repeat Member<Root, each Value>)
    let make: @Sendable (repeat each Value) throws(Mismatch) -> Root

    func object(from source: some Source) throws(Mismatch) -> Root {
        try make(repeat try (each members).read(from: source))
    }
}
