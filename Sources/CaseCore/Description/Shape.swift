import WorkingTime

/// What a value of a message or a record looks like.
package indirect enum Shape: Sendable {
    case text, integer, boolean, instant, day
    /// A day stands for its beginning.
    case dayOrInstant
    /// A length of time with its unit.
    case length
    case caseID, orderID
    case word([String])
    case orNull(Shape)
    case list(Shape)
    /// An object of these members.
    case object([Member])
    /// An object of any names, each with such a value.
    case map(Shape)
    /// A shape that occurs in several places and has a name of its own.
    case named(String, Shape)
    case either([Shape])
    /// Whatever an event or a document holds.
    case any

    package struct Member: Sendable {
        package let name: String
        package let shape: Shape
        /// Whether it may be missing in what is read.
        package let isOptional: Bool
        /// Whether it is missing now and then in what is written.
        package let isSparse: Bool
        package let summary: String
        /// How many bytes a client may give for it, see `Datum.byteCount`.
        package let byteLimit: Int
        /// Whether it is personal data, which is kept apart where the text is recorded.
        package let isApart: Bool

        package init(
            name: String, shape: Shape, isOptional: Bool, isSparse: Bool, summary: String, limit: Int = ByteLimit.name,
            isApart: Bool = false
        ) {
            self.isApart = isApart
            self.name = name
            self.shape = shape
            self.isOptional = isOptional
            self.isSparse = isSparse
            self.summary = summary
            byteLimit = limit
        }

        /// A parameter of a method.
        package init(_ name: String, _ shape: Shape, required: Bool = true, limit: Int = ByteLimit.name, _ summary: String) {
            self.init(name: name, shape: shape, isOptional: !required, isSparse: false, summary: summary, limit: limit)
        }
    }

    /// One word, or a list of several.
    package static func oneOrSeveral(_ word: Shape) -> Shape {
        .either([word, .list(word)])
    }

    /// The words of which it takes one or several; nil where it takes something else.
    package var wordsOfSeveral: [String]? {
        guard case .either(let shapes) = self, case .word(let words) = shapes.first else { return nil }
        return words
    }

    /// Whether a part of it is personal data, which is kept apart.
    package var holdsApart: Bool {
        switch self {
        case .object(let members): members.contains { $0.isApart || $0.shape.holdsApart }
        case .orNull(let shape), .list(let shape), .map(let shape), .named(_, let shape): shape.holdsApart
        case .either(let shapes): shapes.contains(where: \.holdsApart)
        case .text, .integer, .boolean, .instant, .day, .dayOrInstant, .length, .caseID, .orderID, .word, .any: false
        }
    }

    /// The shape where it is not null.
    package var withoutNull: Shape {
        if case .orNull(let shape) = self { shape } else { self }
    }
}

// MARK: What is read

extension Shape {
    /// Refuses what does not have this shape, and names that are not described.
    ///
    /// Of what is wrong in several places, the first place as it is written is told.
    package func check(_ value: Datum) throws(Mismatch) {
        switch self {
        case .text: _ = try String(from: value)
        case .integer: _ = try Int64(from: value)
        case .boolean: _ = try Bool(from: value)
        case .instant: _ = try Instant(from: value)
        case .day: _ = try Day(from: value)
        case .dayOrInstant:
            guard let text = value.string else { throw Mismatch(value, insteadOf: "a day or an instant") }
            if Day(text) == nil, Instant(text) == nil {
                throw Mismatch("is neither a day nor an instant", hint: "write 2026-11-22 or 2026-11-22T09:00:00Z")
            }
        case .length: _ = try Length(from: value)
        case .caseID: _ = try CaseID(from: value)
        case .orderID: _ = try OrderID(from: value)
        case .word(let words):
            guard let text = value.string else { throw Mismatch(value, insteadOf: "a word") }
            if !words.contains(text) { throw Shape.noSuchWord(text, among: words) }
        case .orNull(let shape): if !value.isNull { try shape.check(value) }
        case .list(let shape):
            guard let elements = value.array else { throw Mismatch(value, insteadOf: "an array") }
            for (place, element) in elements.enumerated() {
                do { try shape.check(element) } catch { throw error.at("[\(place)]") }
            }
        case .object(let members):
            guard let given = value.members else { throw Mismatch(value, insteadOf: "an object") }
            try Shape.check(given, members)
            for member in members where !member.isOptional && value[member.name] == nil {
                throw Mismatch("is missing", hint: member.summary).at(member.name)
            }
        case .map(let shape):
            guard let members = value.members else { throw Mismatch(value, insteadOf: "an object of strings") }
            for member in members {
                do { try shape.check(member.value) } catch { throw error.at(member.name) }
            }
        case .either(let shapes): try Shape.meant(by: value, among: shapes, called: "one of its forms").check(value)
        case .named(let name, .either(let shapes)): try Shape.meant(by: value, among: shapes, called: "a \(name)").check(value)
        case .named(_, let shape): try shape.check(value)
        case .any: break
        }
    }

    /// Refuses names that are not described, wherever they stand; the forms of the values are not looked at.
    package func requireKnownNames(_ value: Datum) throws(Mismatch) {
        switch self {
        case .object(let members):
            for given in value.members ?? [] {
                guard let member = members.first(where: { $0.name == given.name }) else { throw Shape.unknown(given.name, members) }
                guard member.shape.holdsNames else { continue }
                do { try member.shape.requireKnownNames(given.value) } catch { throw error.at(given.name) }
            }
        case .list(let shape):
            for (place, element) in (value.array ?? []).enumerated() {
                do { try shape.requireKnownNames(element) } catch { throw error.at("[\(place)]") }
            }
        case .orNull(let shape), .named(_, let shape): try shape.requireKnownNames(value)
        case .either(let shapes):
            for shape in shapes where value.members != nil { try shape.requireKnownNames(value) }
        case .text, .integer, .boolean, .instant, .day, .dayOrInstant, .length, .caseID, .orderID, .word, .map, .any: break
        }
    }

    /// Whether there are declared names in it.
    private var holdsNames: Bool {
        switch self {
        case .object, .either: true
        case .list(let shape), .orNull(let shape), .named(_, let shape): shape.holdsNames
        case .text, .integer, .boolean, .instant, .day, .dayOrInstant, .length, .caseID, .orderID, .word, .map, .any: false
        }
    }

    private static func unknown(_ name: String, _ members: [Member]) -> Mismatch {
        Mismatch("is unknown", hint: "it takes \(members.map(\.name).joined(separator: ", "))").at(name)
    }

    private static func check(_ given: [Datum.Member], _ members: [Member]) throws(Mismatch) {
        for one in given {
            guard let member = members.first(where: { $0.name == one.name }) else { throw unknown(one.name, members) }
            // A null stands for what is left out, unless it has a meaning of its own.
            if one.value.isNull, member.isOptional { continue }
            do { try member.shape.check(one.value) } catch { throw error.at(one.name) }
        }
    }

    /// Of a text, a list and an object, the one that a value is.
    private static func meant(by value: Datum, among shapes: [Shape], called name: String) throws(Mismatch) -> Shape {
        let meant = shapes.first { shape in
            switch shape {
            case .object: value.members != nil
            case .list: value.array != nil
            default: value.string != nil
            }
        }
        guard let meant else { throw Mismatch(value, insteadOf: name) }
        return meant
    }

    static func noSuchWord(_ text: String, among words: [String]) -> Mismatch {
        let list = "one of \(words.joined(separator: ", "))"
        return Mismatch(
            "is none of its words", hint: Likeness.nearest(text, among: words).map { "did you mean \($0)? It is \(list)" } ?? list)
    }
}

// MARK: What is written

extension Shape {
    /// Members that are always there, in the order of writing.
    package static func of(_ members: KeyValuePairs<String, Shape>) -> Shape {
        .object(members.map { Member(name: $0.key, shape: $0.value, isOptional: false, isSparse: false, summary: "") })
    }

    /// The same with further members that are there only sometimes.
    package func sometimes(_ members: KeyValuePairs<String, Shape>) -> Shape {
        switch self {
        case .object(let all):
            return .object(all + members.map { Member(name: $0.key, shape: $0.value, isOptional: true, isSparse: true, summary: "") })
        case .named(_, let shape): return shape.sometimes(members)
        case .either(let shapes): return .either(shapes.map { $0.sometimes(members) })
        default: preconditionFailure("only an object has members")
        }
    }

    /// The first place at which a value differs, and how; nil where it has this shape. Members that are not described differ, too:
    /// clients ignore them, but the description is to be whole.
    package func difference(_ value: Datum, at path: @autoclosure () -> String = "result") -> String? {
        func expected(_ what: String) -> String { "\(path()) is \(value.typeName), not \(what)" }
        switch self {
        case .text, .length: return value.string == nil ? expected("text") : nil
        case .integer: return value.integer == nil ? expected("a whole number") : nil
        case .boolean: return value.bool == nil ? expected("true or false") : nil
        case .instant: return value.string.flatMap { Instant($0) } == nil ? expected("an instant") : nil
        case .day: return value.string.flatMap { Day($0) } == nil ? expected("a day") : nil
        case .dayOrInstant:
            return value.string.map { Day($0) != nil || Instant($0) != nil } ?? false ? nil : expected("a day or an instant")
        case .caseID: return value.string.flatMap { CaseID($0) } == nil ? expected("a case") : nil
        case .orderID: return value.string.flatMap { OrderID($0) } == nil ? expected("an order") : nil
        case .word(let words): return value.string.map(words.contains) ?? false ? nil : "\(path()) is none of \(words)"
        case .orNull(let shape): return value.isNull ? nil : shape.difference(value, at: path())
        case .list(let shape):
            guard let elements = value.array else { return expected("a list") }
            for (place, element) in elements.enumerated() {
                if let difference = shape.difference(element, at: "\(path())[\(place)]") { return difference }
            }
            return nil
        case .object(let members):
            guard let given = value.members else { return expected("an object") }
            if let unknown = given.first(where: { entry in !members.contains { $0.name == entry.name } }) {
                return "\(path()).\(unknown.name) is not described"
            }
            for member in members {
                if let value = value[member.name] {
                    if let difference = member.shape.difference(value, at: "\(path()).\(member.name)") { return difference }
                } else if !member.isSparse {
                    return "\(path()).\(member.name) is missing"
                }
            }
            return nil
        case .map(let shape):
            guard let given = value.members else { return expected("an object") }
            for member in given {
                if let difference = shape.difference(member.value, at: "\(path()).\(member.name)") { return difference }
            }
            return nil
        case .named(_, let shape): return shape.difference(value, at: path())
        case .either(let shapes):
            let differences = shapes.map { $0.difference(value, at: path()) }
            return differences.contains(nil) ? nil : differences.compactMap { $0 }.joined(separator: "; or ")
        case .any: return nil
        }
    }
}
