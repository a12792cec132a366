import CaseCore
import Testing

@testable import CaseWire

@Suite("What a request means")
struct KeyMeaningTests {
    /// A value that a shape takes.
    private static func example(_ shape: Shape) -> JSONValue {
        switch shape {
        case .text, .any: .string("x")
        case .integer: .number(literal: "7")
        case .boolean: .bool(true)
        case .instant: .string("2026-02-06T01:00:00Z")
        case .day, .dayOrInstant: .string("2026-02-06")
        case .length: .string("5 working-days")
        case .caseID: .string("C-1")
        case .orderID: .string("O-1-1")
        case .word(let words): .string(words.last!)
        case .orNull(let inner), .named(_, let inner): example(inner)
        case .list(let inner): .array([example(inner)])
        case .map(let inner): .object([.init("b", example(inner)), .init("a", example(inner))])
        case .object(let members): .object(members.map { .init($0.name, example($0.shape)) })
        case .either(let shapes): example(shapes.last!)
        }
    }

    private static func reversed(_ value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object(members.reversed().map { .init($0.name, reversed($0.value)) })
    }

    private func meaning(_ params: [JSONValue.Member], _ command: any ClientCommand.Type) throws -> [UInt8] {
        try CommandRequest(.object(params), of: command).meaningBytes
    }

    private func examples(_ command: any ClientCommand.Type) -> (whole: [JSONValue.Member], needed: [JSONValue.Member]) {
        let all = Method(command).parameters.filter { !["idempotency_key", "dry_run"].contains($0.name) }
        let whole = all.map { JSONValue.Member($0.name, Self.example($0.shape)) }
        return (whole, whole.filter { member in !all.first { $0.name == member.name }!.isOptional })
    }

    @Test(
        "P20: Of each command: another order of members, outside and inside, nulls, and defaults that are written out mean the same; the key is no part of it, nor is a dry run"
    )
    func same() throws {
        for command in Commands.ofClients {
            let (whole, needed) = examples(command)
            for params in [whole, needed] {
                let own = try meaning(params, command)
                #expect(try meaning(Self.reversed(.object(params)).members!, command) == own, "\(command.method)")
                let absent = Method(command).parameters.filter { parameter in
                    parameter.isOptional && !params.contains { $0.name == parameter.name }
                }
                let nulls = absent.map { JSONValue.Member($0.name, .null) }
                #expect(try meaning(params + nulls, command) == own, "\(command.method)")
                #expect(try meaning(params + [.init("idempotency_key", .string("k"))], command) == own, "\(command.method)")
                #expect(try meaning(params + [.init("dry_run", .bool(true))], command) == own, "\(command.method)")
                // As the command itself is written: with its defaults.
                let request = try CommandRequest(.object(params), of: command)
                let written = try JSONReader.read(JSONWriter.bytes { $0.value(request.command) }).members!
                let others = params.filter { member in !written.contains { $0.name == member.name } }
                #expect(try meaning(written + others, command) == own, "\(command.method)")
            }
        }
    }

    @Test(
        "P20: Of each command: each member that is otherwise means something else, and so does each that is left out where it says something"
    )
    func other() throws {
        for command in Commands.ofClients {
            let (whole, _) = examples(command)
            let own = try meaning(whole, command)
            for (place, member) in whole.enumerated() {
                var params = whole
                switch member.value {
                case .string("x"): params[place] = .init(member.name, .string("y"))
                case .string("C-1"): params[place] = .init(member.name, .string("C-2"))
                case .string("O-1-1"): params[place] = .init(member.name, .string("O-1-2"))
                case .string("5 working-days"): params[place] = .init(member.name, .string("6 working-days"))
                case .number: params[place] = .init(member.name, .number(literal: "8"))
                case .bool: params[place] = .init(member.name, .bool(false))
                case .object(let inner):
                    params[place] = .init(member.name, .object(inner.dropLast() + [.init(inner.last!.name, .string("y"))]))
                case .array: params[place] = .init(member.name, .array([]))
                default: continue
                }
                #expect(try meaning(params, command) != own, "\(command.method): \(member.name)")
            }
        }
    }
}
