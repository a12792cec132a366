import ArgumentParser
import CaseCore
import CaseWire

/// The parameters of a command as options of the command line. The parser asks a value of this type what its properties are; it is
/// shown one for each parameter that the command declares.
struct ParameterOptions<Given: ClientCommand>: ParsableArguments, CustomReflectable {
    /// What was given, as the method takes it.
    private(set) var members: [JSONValue.Member] = []

    private static var options: [ParameterOption] {
        let form = TerminalForm.of(Given.name)
        return Method(Given.self).parameters.filter { !ParameterOption.common.contains($0.name) }.flatMap { parameter in
            ParameterOption.all(parameter, form)
        }
    }

    init() {}

    var customMirror: Mirror {
        ParameterOption.mirror(self, Self.options)
    }

    init(from decoder: any Decoder) throws {
        members = try ParameterOption.members(Self.options, from: decoder)
    }

    func validate() throws {
        for option in Self.options where option.isNobody {
            switch members.count(where: { $0.name == option.path[0] }) {
            case 0: throw ValidationError("say who, or --\(option.name)")
            case 1: break
            default: throw ValidationError("--\(option.name) and \(option.path[0]) exclude each other")
            }
        }
        for option in Self.options {
            if case .caseID = option.shape.withoutNull {
                try CaseName.require(members.first { $0.name == option.path[0] }?.value.string)
            }
            guard case .map = option.shape else { continue }
            let fields = members.first { $0.name == option.path[0] }?.value.members ?? []
            if let twice = fields.first(where: { field in fields.count { $0.name == field.name } > 1 }) {
                throw ValidationError("--\(option.name) \(twice.name) is given twice")
            }
            let field = fields.first { $0.value.isNull }
            if let field { throw ValidationError("--\(option.name) \(field.name) has no value: write NAME=VALUE") }
        }
    }
}

extension [JSONValue.Member] {
    /// Adds a value, in an object of its own where its path says so.
    fileprivate mutating func add(_ value: JSONValue, at path: ArraySlice<String>) {
        guard let name = path.first else { return }
        guard path.count > 1 else { return append(.init(name, value)) }
        let index = firstIndex { $0.name == name }
        var inner = index.flatMap { self[$0].value.members } ?? []
        inner.add(value, at: path.dropFirst())
        if let index { self[index] = .init(name, .object(inner)) } else { append(.init(name, .object(inner))) }
    }
}

/// One parameter, or one member of a parameter, as an option.
struct ParameterOption {
    /// Where its value goes: the parameter, and the member of it.
    let path: [String]
    let shape: Shape
    let isRequired: Bool
    let isPositional: Bool
    let absence: String?
    /// Whether it says that nobody is meant, beside the argument that says who.
    private(set) var isNobody = false
    private let summary: String

    /// Those that every command takes otherwise.
    static let common = Set(Envelope.members.shapes.map(\.name))

    static func all(_ parameter: Shape.Member, _ form: TerminalForm) -> [ParameterOption] {
        if case .object(let members) = parameter.givenShape {
            return members.map { ParameterOption([parameter.name, $0.name], $0, form) }
        }
        let option = ParameterOption([parameter.name], parameter, form)
        guard case .orNull = option.shape, option.isPositional else { return [option] }
        var nobody = option
        nobody.isNobody = true
        return [option, nobody]
    }

    init(_ path: [String], _ parameter: Shape.Member, _ form: TerminalForm) {
        self.path = path
        shape = parameter.givenShape
        isRequired = !parameter.isOptional
        isPositional = path == ["case"] || form.positional.contains(path[0])
        absence = form.defaults[path[0]]
        var summary = parameter.summary
        // What stands for it here may be another word than on the wire; nothing is written where somebody would be named.
        if absence != nil { summary = String(summary.split(separator: "; by default")[0]) }
        if case .orNull = shape { summary = summary.replacing(", or null", with: "") }
        self.summary = summary
    }

    /// Its name among the properties.
    var key: String {
        path.joined(separator: "_") + (isNobody ? "_nobody" : "")
    }

    /// Its name on the command line; one of several is given in the singular.
    var name: String {
        guard !isNobody else { return "nobody" }
        let name = path.joined(separator: "-").replacing("_", with: "-")
        switch shape {
        case .list, .map: return name.hasSuffix("s") ? String(name.dropLast()) : name
        default: return name
        }
    }

    /// As the parser wants it described.
    var property: Any {
        let option = NameSpecification.customLong(name)
        switch shape {
        case _ where shape.wordsOfSeveral != nil:
            return Option<[String]>(wrappedValue: [], name: option, help: help, completion: completion)
        case .list, .map:
            return isRequired ? Option<[String]>(name: option, help: help) : Option<[String]>(wrappedValue: [], name: option, help: help)
        case .boolean: return Flag(wrappedValue: false, name: option, help: help)
        case .orNull where isNobody: return Flag(wrappedValue: false, name: option, help: ArgumentHelp(Say.text("Nobody.")))
        case .orNull where isPositional: return Argument<String?>(help: help)
        case _ where isPositional: return Argument<String>(help: help, completion: completion)
        default:
            if let absence { return Option<String>(wrappedValue: absence, name: option, help: help, completion: completion) }
            return isRequired
                ? Option<String>(name: option, help: help, completion: completion)
                : Option<String?>(name: option, help: help, completion: completion)
        }
    }

    /// What was given, in the form that the method takes; nil for nothing.
    private func value<Key: CodingKey>(in container: KeyedDecodingContainer<Key>, _ key: Key) throws -> JSONValue? {
        switch shape {
        case _ where shape.wordsOfSeveral != nil:
            let words = try container.decode(Option<[String]>.self, forKey: key).wrappedValue
                .flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map { JSONValue.string(String($0)) } }
            return words.count > 1 ? .array(words) : words.first
        case .list:
            let values = try container.decode(Option<[String]>.self, forKey: key).wrappedValue
            return .array(values.map(JSONValue.string))
        case .map:
            let pairs = try container.decode(Option<[String]>.self, forKey: key).wrappedValue.map { field in
                let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return JSONValue.Member(parts[0], parts.count > 1 ? .string(parts[1]) : .null)
            }
            return .object(pairs)
        case .boolean: return try container.decode(Flag<Bool>.self, forKey: key).wrappedValue ? .bool(true) : nil
        case .orNull where isNobody: return try container.decode(Flag<Bool>.self, forKey: key).wrappedValue ? .null : nil
        case .orNull where isPositional:
            return try container.decode(Argument<String?>.self, forKey: key).wrappedValue.map { .string(DashedText.text($0)) }
        case _ where isPositional: return .string(DashedText.text(try container.decode(Argument<String>.self, forKey: key).wrappedValue))
        default:
            if isRequired || absence != nil { return .string(try container.decode(Option<String>.self, forKey: key).wrappedValue) }
            return try container.decode(Option<String?>.self, forKey: key).wrappedValue.map(JSONValue.string)
        }
    }

    private var help: ArgumentHelp {
        var sentence = summary.prefix(1).uppercased() + summary.dropFirst()
        // A word that is to be written so.
        let words = if case .word(let words) = shape { words } else { shape.wordsOfSeveral ?? [] }
        if words.contains(where: { summary.hasPrefix($0) }) { sentence = summary }
        switch shape {
        case .list: return ArgumentHelp(Say.text("\(sentence); repeat it for more."))
        case .map: return ArgumentHelp(Say.text("\(sentence), as NAME=VALUE; repeat it for more."), valueName: "name=value")
        case .length: return ArgumentHelp(Say.text("\(sentence), such as \"10 working-days\"."))
        case _ where shape.wordsOfSeveral != nil:
            let words = shape.wordsOfSeveral!
            let all = words.allSatisfy { summary.contains($0) } ? "" : ": " + words.joined(separator: ", ")
            return ArgumentHelp(Say.text("\(sentence)\(all); several with commas between."))
        case .word(let words) where !words.allSatisfy { summary.contains($0) }:
            return ArgumentHelp(Say.text("\(sentence): \(words.joined(separator: ", "))."))
        default: return ArgumentHelp(Say.text("\(sentence)."), valueName: isPositional ? name : nil)
        }
    }

    private var completion: CompletionKind? {
        switch shape {
        case .word(let words): .list(words)
        case _ where shape.wordsOfSeveral != nil: .list(shape.wordsOfSeveral!)
        case .caseID: Completion.cases
        case _ where path == ["matter"]: Completion.matters
        default: nil
        }
    }
}

// The parser asks a value of a group of options what its properties are, and makes it of what was given.
extension ParameterOption {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            nil
        }
    }

    static func mirror(_ group: some ParsableArguments, _ options: [ParameterOption]) -> Mirror {
        Mirror(group, children: options.map { ("_\($0.key)", $0.property) })
    }

    static func members(_ options: [ParameterOption], from decoder: any Decoder) throws -> [JSONValue.Member] {
        let container = try decoder.container(keyedBy: Key.self)
        var members: [JSONValue.Member] = []
        for option in options {
            guard let value = try option.value(in: container, Key(stringValue: option.key)) else { continue }
            members.add(value, at: option.path[...])
        }
        return members
    }
}
