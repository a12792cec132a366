import ArgumentParser
import CaseClient
import CaseCore
import CaseWire
import FoundationEssentials
import Glibc
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
    @Option(help: "At most so long, such as \"15 minutes\" or \"2 hours\"; by default for ever.") var timeout: String?

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
            var place = "now"
            let params =
                [JSONValue.Member("filter", .object([file.member])), .init("snapshot", .bool(true))] + text("acting", server.acting)
            let left = { end.map { max(1, Int($0.timeIntervalSinceNow * 1000)) } }
            do {
                try server.follow(.object(params), from: &place, timeout: left) { told in
                    guard ["snapshot-end", "event"].contains(told.cell("type")) else { return true }
                    guard let state = try reached(try server.call(.get, [file.member])) else { return true }
                    StandardOutput.print(state)
                    return false
                }
            } catch let error as Client.Unreachable where error.isTimeout {
                throw Failure(code: .tryAgain, message: "\(file.id) is not \(goal) after \(timeout ?? "")", hint: nil)
            }
        }
    }

    /// The state where it is the one to wait for; refused where it can never be.
    private func reached(_ found: JSONValue) throws -> String? {
        guard let state = found.cell("state").flatMap({ State(rawValue: $0) }) else { return nil }
        let isReached =
            switch goal {
            case "decided": state.isDecision
            case "closed": !state.isOpen
            case "delivered": found.cell("delivered_at") != nil
            default: state.rawValue == goal
            }
        if isReached { return state.rawValue }
        guard state.isOpen || goal == "delivered" && [.granted, .refused, .notAccepted].contains(state) else {
            throw Failure(code: .refused, message: "\(file.id) is \(state.rawValue) and will not be \(goal) any more", hint: nil)
        }
        return nil
    }
}
