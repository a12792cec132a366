import CaseClient
import CaseCore
import CaseTesting
import CaseWire
import Foundation

/// A daemon of its own, to which hostile clients speak.
final class DaemonTarget {
    private let daemon: DaemonProcess
    /// Somebody who sends nothing wrong, and is always answered.
    private let witness: Client
    private var client: Client
    private var count = 0

    init() throws {
        daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        witness = try Client(path: daemon.socket)
        client = try Client(path: daemon.socket)
        _ = try witness.call("catalog.apply", SmallOffice.parameter(SmallOffice.consulting(SmallOffice.files()))).get()
        for _ in 0..<8 { _ = try witness.call("case.submit", SmallOffice.submission()).get() }
    }

    deinit {
        daemon.terminate()
    }

    private func requireAlive(_ what: String) throws {
        guard case .success? = try? witness.call("server.info") else {
            throw FuzzTarget.Wrong("the daemon answers no more after \(what): \(faults)")
        }
    }

    /// What the daemon has logged of them lately.
    private var faults: String {
        daemon.log.split(separator: "\n").filter { $0.contains("fault") }.suffix(3).joined(separator: "; ")
    }

    // MARK: Lines

    /// Sends bytes in pieces, ends their line, and waits for the answer to a request behind them.
    func lines(_ input: [UInt8], _ random: SeededRandom) throws {
        var random = random
        let client = try Client(path: daemon.socket)
        client.setTimeout(milliseconds: 8000)
        var rest = (input + [10])[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...(Bool.random(using: &random) ? 8 : 4096), using: &random))
            rest = rest.dropFirst(piece.count)
            try client.sendRaw(Array(piece))
        }
        let mark = "fuzz-\(UInt64.random(in: .min ... .max, using: &random))"
        try client.send(Request(id: .string(mark), method: "server.info", params: nil).line)
        client.finishSending()
        while true {
            guard let line = try? client.receive(), let reply = try? JSONReader.read(line) else {
                throw FuzzTarget.Wrong("the request behind the line was not answered, or by no JSON")
            }
            if reply["id"]?.string == mark { break }
            if reply["error"]?["code"]?.integer == -32603 {
                throw FuzzTarget.Wrong("a line is a fault: \(reply["error"]?["message"]?.string ?? "")")
            }
        }
        count += 1
        if count % 50 == 0 { try requireAlive("\(count) inputs") }
    }

    // MARK: Methods

    private static let persons = ["otto", "hana", "lena", "bela", "cora", "finn", "nobody"]
    /// What ends a daemon by design, or changes for good who may speak to it.
    private static let left: Set<Method> = ["backup.make"]

    /// One request of a random method, with parameters of its table: most fit, some do not.
    func method(_ random: SeededRandom) throws {
        var random = random
        var method = Method.allCases.randomElement(using: &random)!
        if DaemonTarget.left.contains(method) { method = "case.submit" }
        var members: [JSONValue.Member] = []
        for parameter in method.parameters {
            guard !parameter.isOptional || Int.random(in: 0..<4, using: &random) == 0 else { continue }
            members.append(.init(parameter.name, value(parameter, &random)))
        }
        if method == "case.submit", Bool.random(using: &random) { members = SmallOffice.submission().members! }
        if method == "clock.advance" {
            members = [
                .init("to", .string("2026-0\(Int.random(in: 2...4, using: &random))-\(Int.random(in: 10...28, using: &random))T01:00:00Z"))
            ]
        }
        if ["catalog.plan", "catalog.apply"].contains(method), Bool.random(using: &random) {
            members = SmallOffice.parameter(SmallOffice.consulting(SmallOffice.files())).members!
        }
        if Int.random(in: 0..<20, using: &random) == 0 { members.append(.init("unknown", .null)) }
        do {
            let outcome = try client.call(method.rawValue, .object(members))
            let asked = String(decoding: JSONWriter.bytes { $0.value(.object(members)) }.prefix(400), as: UTF8.self)
            switch outcome {
            case .success(let result):
                if let difference = method.description.result.difference(result) {
                    throw FuzzTarget.Wrong("\(method.rawValue) \(asked): \(difference)")
                }
            case .failure(let error):
                if error.code == -32603 || !method.errors.map(\.rawValue).contains(error.code) {
                    throw FuzzTarget.Wrong(
                        "\(method.rawValue) \(asked): \(error.code) \(error.message); the log: \(faults)")
                }
            }
            // A watch talks between the replies.
            if method == "case.watch" { client = try Client(path: daemon.socket) }
        } catch let unreachable as Client.Unreachable {
            throw FuzzTarget.Wrong("\(method.rawValue): \(unreachable.description); the log: \(faults)")
        }
        count += 1
        if count % 50 == 0 { try requireAlive("\(count) requests") }
    }

    private func value(_ parameter: Shape.Member, _ random: inout SeededRandom) -> JSONValue {
        switch parameter.name {
        case "acting", "person", "handler": .string(DaemonTarget.persons.randomElement(using: &random)!)
        case "matter": .string(["permit", "notice", "nothing"].randomElement(using: &random)!)
        case "calendar": .string("cn")
        case "office": .string(["permits", "fire", "water", "none"].randomElement(using: &random)!)
        case "if_revision": .integer(Int.random(in: 0...9, using: &random))
        default: value(parameter.shape, &random)
        }
    }

    private static let texts: [String] = [
        "x", "", " ", "审批处", "a\u{0}b", "\u{1B}[2J", "</td><script>", "=1+1", "\u{202E}txt", "e\u{301}",
        String(repeating: "y", count: 1000),
        "start", "now", "k3f9.1", "C-1", "9.9", "1.1", "-1.-1", "C-1@2026-02-06T01:00:00Z", "weekly/2026-02-09",
    ]
    private static let instants = [
        "2026-02-06T01:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59-23:59",
        "2016-12-31T23:59:60Z", "2026-02-06",
    ]
    private static let integers: [Int64] = [0, 1, 2, 7, 100, 1000, -1, .max, .min, 1 << 53, 1 << 31]
    private static let lengths = [
        "5 working-days", "1 minute", "0 minutes", "9223372036854775807 hours", "400000 working-days", "2 hours", "-1 hours",
    ]

    private func value(_ shape: Shape, _ random: inout SeededRandom) -> JSONValue {
        func some<Element>(_ values: [Element]) -> Element { values.randomElement(using: &random)! }
        // Now and then something of another kind.
        if Int.random(in: 0..<25, using: &random) == 0 {
            return some([
                .null, .bool(true), .number(literal: "1.5"), .number(literal: "1e400"), .array([.null]), .object([]), .string("?"),
            ])
        }
        switch shape {
        case .text, .any: return .string(some(DaemonTarget.texts))
        case .integer: return .integer(some(DaemonTarget.integers))
        case .boolean: return .bool(.random(using: &random))
        case .instant, .dayOrInstant: return .string(some(DaemonTarget.instants))
        case .day: return .string(some(["2026-02-06", "0001-01-01", "9999-12-31", "2026-02-29"]))
        case .length: return .string(some(DaemonTarget.lengths))
        case .caseID: return .string("C-\(some([1, 2, 3, 4, 5, 6, 7, 8, 9, 99] as [Int64] + [.max]))")
        case .orderID: return .string("O-\(Int.random(in: 1...8, using: &random))-1")
        case .word(let words): return .string(some(words))
        case .orNull(let inner), .named(_, let inner): return value(inner, &random)
        case .list(let inner): return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(inner, &random) })
        case .map(let inner):
            return .object((0..<Int.random(in: 0...3, using: &random)).map { .init("f\($0).toml", value(inner, &random)) })
        case .object(let members):
            return .object(
                members.filter { !$0.isOptional || Int.random(in: 0..<8, using: &random) == 0 }.map { .init($0.name, value($0, &random)) })
        case .either(let shapes): return value(some(shapes), &random)
        }
    }
}
