/// One member of an object: its name, its type, what it means, and what its absence stands for. Or a part of the object that is a value
/// of its own, and whose members stand among the others.
package struct Member<Root, Value: Represented>: Sendable {
    /// How it is written.
    fileprivate let shown: ShownMember<Root>
    /// Empty for a part.
    private let key: String
    private let summary: String
    /// The value that a missing member, or a null, stands for; nil where it has to be there.
    private let absence: Value?

    /// A member that has to be there.
    @inline(__always)
    package init(_ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, limit: Int = ByteLimit.name, _ summary: String) {
        self.init(name, value, absence: nil, isSparse: false, limit, summary)
    }

    /// A member that has to be there, of personal data: where a text is parted (`JSONWriter.Parting`) it is kept apart, so
    /// that it can be erased.
    ///
    /// - Parameter erased: what it says once it was erased.
    @inline(__always)
    package init(
        _ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, apart erased: Value, limit: Int = ByteLimit.name,
        _ summary: String
    ) {
        self.init(name, value, absence: nil, isSparse: false, erased: erased, limit, summary)
    }

    /// A member of personal data that may be missing, and is always written.
    @inline(__always)
    package init(
        _ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, default absence: Value, apart erased: Value,
        limit: Int = ByteLimit.name, _ summary: String
    ) {
        self.init(name, value, absence: absence, isSparse: false, erased: erased, limit, summary)
    }

    /// A member of personal data that is written only where it says something.
    @inline(__always)
    package init(
        _ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, unless absence: Value, apart erased: Value,
        limit: Int = ByteLimit.name, _ summary: String
    ) {
        self.init(name, value, absence: absence, isSparse: true, erased: erased, limit, summary)
    }

    /// A member that may be missing, and is always written.
    @inline(__always)
    package init(
        _ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, default absence: Value, limit: Int = ByteLimit.name,
        _ summary: String
    ) {
        self.init(name, value, absence: absence, isSparse: false, limit, summary)
    }

    /// A member that is written only where it says something.
    @inline(__always)
    package init(
        _ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, unless absence: Value, limit: Int = ByteLimit.name,
        _ summary: String
    ) {
        self.init(name, value, absence: absence, isSparse: true, limit, summary)
    }

    /// A part.
    package init(of value: @escaping @Sendable (Root) -> Value) where Value: Described {
        shown = ShownMember(of: value)
        key = ""
        summary = ""
        absence = nil
    }

    @inline(__always)
    private init(
        _ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, absence: Value?, isSparse: Bool, erased: Value? = nil,
        _ limit: Int, _ summary: String
    ) {
        key = String(describing: name)
        self.absence = absence
        self.summary = summary
        let shape = Shape.Member(
            name: key, shape: Value.shape, isOptional: absence != nil, isSparse: isSparse, summary: summary, limit: limit,
            isApart: erased != nil)
        shown = ShownMember(shapes: [shape]) { root, writer in
            let value = value(root)
            if isSparse, value == absence { return }
            guard let erased else {
                writer.key(name)
                value.write(to: &writer)
                return
            }
            writer.apart {
                $0.key(name)
                value.write(to: &$0)
            } erased: {
                $0.key(name)
                erased.write(to: &$0)
            }
        }
    }

    /// - Parameter place: where its object is read from, see `Datum.member`.
    fileprivate func read(_ source: Datum, _ place: inout Int) throws(Mismatch) -> Value {
        if key.isEmpty { return try Value(from: source) }
        guard let found = source.member(key, near: &place) else {
            if let absence { return absence }
            throw Mismatch("is missing", hint: summary).at(key)
        }
        // A null stands for a member that is left out, unless it has a meaning of its own.
        if let absence, found.isNull { return absence }
        do { return try Value(from: found) } catch { throw error.at(key) }
    }
}

/// A member, or a part, of an object as it is shown.
package struct ShownMember<Root>: Sendable {
    package let shapes: [Shape.Member]
    package let write: @Sendable (Root, inout JSONWriter) -> Void
    /// Some members of a part, by their places in it; nil for a member.
    fileprivate var some: (@Sendable ([Int]) -> ShownMember)?

    @inline(__always)
    fileprivate init(shapes: [Shape.Member], _ write: @escaping @Sendable (Root, inout JSONWriter) -> Void) {
        self.shapes = shapes
        self.write = write
    }

    @inline(__always)
    package init<Value: Shown>(_ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, _ summary: String) {
        let shape = Shape.Member(
            name: String(describing: name), shape: Value.shape, isOptional: false, isSparse: false, summary: summary)
        self.init(shapes: [shape]) { root, writer in
            writer.key(name)
            value(root).write(to: &writer)
        }
    }

    /// One that is written only where it says something.
    package init<Value: Shown & Equatable & Sendable>(
        _ name: StaticString, _ value: @escaping @Sendable (Root) -> Value, unless absence: Value, _ summary: String
    ) {
        let shape = Shape.Member(name: String(describing: name), shape: Value.shape, isOptional: false, isSparse: true, summary: summary)
        self.init(shapes: [shape]) { root, writer in
            let value = value(root)
            if value == absence { return }
            writer.key(name)
            value.write(to: &writer)
        }
    }

    /// One whose name is not written here.
    @_disfavoredOverload
    package init<Value: Shown>(_ name: String, _ value: @escaping @Sendable (Root) -> Value, _ summary: String) {
        self.init(shapes: [Shape.Member(name: name, shape: Value.shape, isOptional: false, isSparse: false, summary: summary)]) {
            $1.key(name)
            value($0).write(to: &$1)
        }
    }

    /// A part.
    package init<Value: Described>(of value: @escaping @Sendable (Root) -> Value) {
        self.init(shapes: Value.members.shapes) { root, writer in Value.members.write(value(root), to: &writer) }
        some = { places in
            precondition(Value.members.all.allSatisfy { $0.some == nil }, "a part of a part is written whole")
            return ShownMember(of: value, places.map { Value.members.all[$0] })
        }
    }

    /// A part that is only shown.
    package init<Value: ShownObject>(of value: @escaping @Sendable (Root) -> Value) {
        self.init(of: value, Value.members)
    }

    /// Some members of a part, by their names.
    package init<Value: Described>(of value: @escaping @Sendable (Root) -> Value, where isMeant: (String) -> Bool) {
        self.init(of: value, Value.members.all.filter { $0.shapes.contains { isMeant($0.name) } })
    }

    private init<Value>(of value: @escaping @Sendable (Root) -> Value, _ members: [ShownMember<Value>]) {
        self.init(shapes: members.flatMap(\.shapes)) { root, writer in
            let part = value(root)
            for member in members { member.write(part, &writer) }
        }
    }
}

/// A shown value that is an object of declared members.
package protocol ShownObject: Shown {
    /// Under which its shape is referred to.
    static var name: String { get }
    static var members: [ShownMember<Self>] { get }
}

extension ShownObject {
    package static var shape: Shape {
        .named(name, .object(members.flatMap(\.shapes)))
    }

    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for member in Self.members { member.write(self, &writer) }
        }
    }
}

/// All members of an object in the order of writing, and how the object is made of them: nothing can be forgotten.
package struct Members<Root: Sendable>: Sendable {
    fileprivate let all: [ShownMember<Root>]
    private let make: @Sendable (Datum) throws(Mismatch) -> Root

    private init(_ all: [ShownMember<Root>], _ make: @escaping @Sendable (Datum) throws(Mismatch) -> Root) {
        self.all = all
        self.make = make
    }

    package var shapes: [Shape.Member] {
        all.flatMap(\.shapes)
    }

    /// The same, written in an order of its own; members that it does not name come behind.
    package func inOrder(_ names: [String]) -> Members {
        let single = all.indices.flatMap { member in all[member].shapes.indices.map { (member, $0) } }
        func place(_ one: (member: Int, shape: Int)) -> Int {
            names.firstIndex(of: all[one.member].shapes[one.shape].name) ?? names.count
        }
        // Members of a part that follow each other are written together: what they are part of is asked for once.
        var runs: [(member: Int, shapes: [Int])] = []
        for (member, shape) in single.sorted(by: { (place($0), $0.0, $0.1) < (place($1), $1.0, $1.1) }) {
            if runs.last?.member == member { runs[runs.count - 1].shapes.append(shape) } else { runs.append((member, [shape])) }
        }
        return Members(runs.map { all[$0.member].some?($0.shapes) ?? all[$0.member] }, make)
    }

    /// Members that are not described are passed over: later versions may have written them.
    package func read(from source: Datum) throws(Mismatch) -> Root {
        try make(source)
    }

    package func write(_ root: Root, to writer: inout JSONWriter) {
        for member in all { member.write(root, &writer) }
    }
}

// One for each number of members: the compiler makes code of its own of each use, which it does not of a parameter pack.
extension Members {
    package init(make: @escaping @Sendable () throws(Mismatch) -> Root) {
        self.init([]) { _ throws(Mismatch) in try make() }
    }

    package init<
        A: Represented
    >(
        _ a: Member<Root, A>,
        make: @escaping @Sendable (A) throws(Mismatch) -> Root
    ) {
        self.init([a.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>,
        make: @escaping @Sendable (A, B) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>,
        make: @escaping @Sendable (A, B, C) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>,
        make: @escaping @Sendable (A, B, C, D) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        make: @escaping @Sendable (A, B, C, D, E) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown, e.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented, F: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        _ f: Member<Root, F>,
        make: @escaping @Sendable (A, B, C, D, E, F) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown, e.shown, f.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place),
                f.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented, F: Represented, G: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        _ f: Member<Root, F>, _ g: Member<Root, G>,
        make: @escaping @Sendable (A, B, C, D, E, F, G) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown, e.shown, f.shown, g.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place),
                f.read(from, &place), g.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented, F: Represented, G: Represented, H: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        _ f: Member<Root, F>, _ g: Member<Root, G>, _ h: Member<Root, H>,
        make: @escaping @Sendable (A, B, C, D, E, F, G, H) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown, e.shown, f.shown, g.shown, h.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place),
                f.read(from, &place), g.read(from, &place), h.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented, F: Represented, G: Represented, H: Represented,
        I: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        _ f: Member<Root, F>, _ g: Member<Root, G>, _ h: Member<Root, H>, _ i: Member<Root, I>,
        make: @escaping @Sendable (A, B, C, D, E, F, G, H, I) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown, e.shown, f.shown, g.shown, h.shown, i.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place),
                f.read(from, &place), g.read(from, &place), h.read(from, &place), i.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented, F: Represented, G: Represented, H: Represented,
        I: Represented, J: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        _ f: Member<Root, F>, _ g: Member<Root, G>, _ h: Member<Root, H>, _ i: Member<Root, I>, _ j: Member<Root, J>,
        make: @escaping @Sendable (A, B, C, D, E, F, G, H, I, J) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown, e.shown, f.shown, g.shown, h.shown, i.shown, j.shown]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place),
                f.read(from, &place), g.read(from, &place), h.read(from, &place), i.read(from, &place), j.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented, F: Represented, G: Represented, H: Represented,
        I: Represented, J: Represented, K: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        _ f: Member<Root, F>, _ g: Member<Root, G>, _ h: Member<Root, H>, _ i: Member<Root, I>, _ j: Member<Root, J>,
        _ k: Member<Root, K>,
        make: @escaping @Sendable (A, B, C, D, E, F, G, H, I, J, K) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown, e.shown, f.shown, g.shown, h.shown, i.shown, j.shown, k.shown]) {
            from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place),
                f.read(from, &place), g.read(from, &place), h.read(from, &place), i.read(from, &place), j.read(from, &place),
                k.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented, F: Represented, G: Represented, H: Represented,
        I: Represented, J: Represented, K: Represented, L: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        _ f: Member<Root, F>, _ g: Member<Root, G>, _ h: Member<Root, H>, _ i: Member<Root, I>, _ j: Member<Root, J>,
        _ k: Member<Root, K>, _ l: Member<Root, L>,
        make: @escaping @Sendable (A, B, C, D, E, F, G, H, I, J, K, L) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown, e.shown, f.shown, g.shown, h.shown, i.shown, j.shown, k.shown, l.shown]) {
            from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place),
                f.read(from, &place), g.read(from, &place), h.read(from, &place), i.read(from, &place), j.read(from, &place),
                k.read(from, &place), l.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented, F: Represented, G: Represented, H: Represented,
        I: Represented, J: Represented, K: Represented, L: Represented, M: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        _ f: Member<Root, F>, _ g: Member<Root, G>, _ h: Member<Root, H>, _ i: Member<Root, I>, _ j: Member<Root, J>,
        _ k: Member<Root, K>, _ l: Member<Root, L>, _ m: Member<Root, M>,
        make: @escaping @Sendable (A, B, C, D, E, F, G, H, I, J, K, L, M) throws(Mismatch) -> Root
    ) {
        self.init([a.shown, b.shown, c.shown, d.shown, e.shown, f.shown, g.shown, h.shown, i.shown, j.shown, k.shown, l.shown, m.shown]) {
            from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place),
                f.read(from, &place), g.read(from, &place), h.read(from, &place), i.read(from, &place), j.read(from, &place),
                k.read(from, &place), l.read(from, &place), m.read(from, &place))
        }
    }

    package init<
        A: Represented, B: Represented, C: Represented, D: Represented, E: Represented, F: Represented, G: Represented, H: Represented,
        I: Represented, J: Represented, K: Represented, L: Represented, M: Represented, N: Represented
    >(
        _ a: Member<Root, A>, _ b: Member<Root, B>, _ c: Member<Root, C>, _ d: Member<Root, D>, _ e: Member<Root, E>,
        _ f: Member<Root, F>, _ g: Member<Root, G>, _ h: Member<Root, H>, _ i: Member<Root, I>, _ j: Member<Root, J>,
        _ k: Member<Root, K>, _ l: Member<Root, L>, _ m: Member<Root, M>, _ n: Member<Root, N>,
        make: @escaping @Sendable (A, B, C, D, E, F, G, H, I, J, K, L, M, N) throws(Mismatch) -> Root
    ) {
        self.init([
            a.shown, b.shown, c.shown, d.shown, e.shown, f.shown, g.shown, h.shown, i.shown, j.shown, k.shown, l.shown, m.shown, n.shown,
        ]) { from throws(Mismatch) in
            var place = 0
            return try make(
                a.read(from, &place), b.read(from, &place), c.read(from, &place), d.read(from, &place), e.read(from, &place),
                f.read(from, &place), g.read(from, &place), h.read(from, &place), i.read(from, &place), j.read(from, &place),
                k.read(from, &place), l.read(from, &place), m.read(from, &place), n.read(from, &place))
        }
    }
}
