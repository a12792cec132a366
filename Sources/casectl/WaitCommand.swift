import ArgumentParser
import CaseClient
import CaseCore
import CasePages
import CaseWire
import FoundationEssentials
import Glibc
import WorkingTime

struct Wait: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("Wait until a case is decided, closed, delivered or in a state."),
        discussion: """
            Exits with 0 once it is so, with 1 where it cannot become so any more, and with 75 where the time is over. It looks at the case \
            as events of it become durable and asks nothing meanwhile.

            Example: casectl wait C-17 --for decided --timeout 30m
            """)
    @OptionGroup var server: Server
    @OptionGroup var file: OneCase
    @Option(name: .customLong("for"), help: "decided, closed, delivered, or a state such as in-review.") var goal = "decided"
    @Option(help: "At most so long, such as 30s, 15m or \"2 hours\"; by default for ever.") var timeout: String?

    private static let goals = ["decided", "closed", "delivered"] + State.allCases.map(\.rawValue)

    func validate() throws {
        guard Wait.goals.contains(goal) else {
            throw ValidationError("--for \(goal) is nothing to wait for: \(Likeness.hint(goal, among: Wait.goals) ?? "")")
        }
        if timeout != nil, limit == nil {
            throw ValidationError("--timeout \(timeout!) is no length: write it as in 30s, 15m or \"2 hours\"")
        }
    }

    private var limit: Int64? {
        timeout.flatMap { Span($0) }.flatMap { $0.isSigned ? nil : $0.milliseconds }
    }

    func run() throws {
        try ending {
            let end = limit.map { Date(timeIntervalSinceNow: Double($0) / 1000) }
            var place = "now"
            let params =
                [JSONValue.Member("filter", .object([file.member])), .init("snapshot", .bool(true))]
            let left = { end.map { max(0, Int($0.timeIntervalSinceNow * 1000)) } }
            do {
                try server.follow(params, from: &place, timeout: left) { told in
                    guard ["snapshot-end", "event"].contains(told.cell("type")) else { return true }
                    let found = try server.call(.get, [file.member])
                    guard let state = try reached(found) else { return true }
                    server.show(found) { _ in state }
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
        let goals: [State] =
            switch goal {
            case "decided": State.allCases.filter(\.isDecision)
            case "closed": State.allCases.filter { !$0.isOpen }
            // What can be delivered still can.
            case "delivered": State.allCases.filter { Lifecycle.target(of: Deliver.name, in: $0) != nil }
            default: State(rawValue: goal).map { [$0] } ?? []
            }
        guard try goals.contains(where: { try Lifecycle.canCome(from: state, to: $0) && ($0 != .deemedGranted || silenceGrants(found)) })
        else {
            throw Failure(code: .refused, message: "\(file.id) is \(state.rawValue) and cannot be \(goal) any more", hint: nil)
        }
        return nil
    }

    /// Whether the matter of a case is granted by silence.
    private func silenceGrants(_ found: JSONValue) throws -> Bool {
        let matters = try server.common(.catalogDutyList)["matters"]?.array ?? []
        return matters.first { $0.cell("matter") == found.cell("matter") }?["silence_grants"]?.bool != false
    }
}
