import ArgumentParser
import CaseClient
import CaseCore
import CaseWire
import Foundation
import WorkingTime

struct Wait: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until a case is decided, closed, delivered or in a state.",
        discussion: """
            Exits with 0 once it is so, with 1 where it cannot become so any more, and with 75 where the time is over. It looks at the case \
            as events of it become durable and asks nothing meanwhile.
            """)
    @OptionGroup var server: Server
    @OptionGroup var file: OneCase
    @Option(name: .customLong("for"), help: "decided, closed, delivered, or a state such as in-review.") var goal = "decided"
    @Option(help: "At most so long, such as \"15 minutes\" or \"2 hours\"; for ever unless said.") var timeout: String?

    private static let goals = ["decided", "closed", "delivered"] + State.allCases.map(\.rawValue)

    func validate() throws {
        guard Wait.goals.contains(goal) else {
            let hint =
                Likeness.nearest(goal, among: Wait.goals).map { "did you mean \($0)?" } ?? "one of \(Wait.goals.joined(separator: ", "))"
            throw ValidationError("--for \(goal) is nothing to wait for: \(hint)")
        }
        if timeout != nil, limit == nil { throw ValidationError("--timeout \(timeout!) is no length: write it as in \"15 minutes\"") }
    }

    private var limit: Int64? {
        timeout.flatMap { try? Length(parsing: $0) }.flatMap { $0.meter == .minutes ? $0.quanta : nil }
    }

    func run() throws {
        try ending {
            let end = limit.map { Date(timeIntervalSinceNow: Double($0) / 1000) }
            while true {
                do throws(Client.Unreachable) {
                    if let state = try follow(try server.client(), until: end) { return print(state) }
                } catch {
                    if let end, Date() >= end { throw over }
                    // The server restarts.
                    guard server.isRestarting else { throw Failure(unreachable: error) }
                    Thread.sleep(forTimeInterval: 0.5)
                }
            }
        }
    }

    private var over: Failure {
        Failure(code: .tryAgain, message: "\(file.id) is not \(goal) after \(timeout ?? "")", hint: nil)
    }

    /// The state once the goal is reached; nil where the watch ended before.
    private func follow(_ client: Client, until end: Date?) throws(Client.Unreachable) -> String? {
        let filter = JSONValue.Member("filter", .object([file.member]))
        if case .failure(let error) = try client.call(Method.watch.rawValue, .object([filter] + text("acting", server.acting))) {
            if error.isRetryable { return nil }
            quit(Failure(error))
        }
        while true {
            let found = try look()
            if let found { return found }
            if let end { client.setTimeout(milliseconds: max(1, Int(end.timeIntervalSinceNow * 1000))) }
            let params = try? JSONReader.read(try client.receive())["params"]
            if params?.cell("type") == "closed" { return nil }
        }
    }

    /// The state where the goal is reached, and the end of the program where it never will be.
    private func look() throws(Client.Unreachable) -> String? {
        let client = try server.client()
        let found: JSONValue
        switch try client.call(Method.get.rawValue, .object([file.member] + text("acting", server.acting))) {
        case .failure(let error): quit(Failure(error))
        case .success(let value): found = value
        }
        guard let state = found.cell("state").flatMap({ State(rawValue: $0) }) else { return nil }
        let isDelivered = found.cell("delivered_at") != nil
        let isReached =
            switch goal {
            case "decided": state.isDecision
            case "closed": !state.isOpen
            case "delivered": isDelivered
            default: state.rawValue == goal
            }
        if isReached { return state.rawValue }
        let canCome = state.isOpen || goal == "delivered" && [.granted, .refused, .notAccepted].contains(state)
        guard canCome else {
            quit(Failure(code: .refused, message: "\(file.id) is \(state.rawValue) and will not be \(goal) any more", hint: nil))
        }
        return nil
    }

    private func quit(_ failure: Failure) -> Never {
        FileHandle.standardError.write(Data("casectl: \(failure.description)\n".utf8))
        Foundation.exit(failure.code.rawValue)
    }
}
