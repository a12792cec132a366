import CaseCore
import CaseEngine
import CaseStore
import CaseWire
import WorkingTime

/// A client that follows cases: it reads on when it likes, and begins anew at its place where the process has ended.
struct SimulatedWatch {
    /// Which cases are followed.
    enum Condition {
        case all, suspended, withLeader, notices, revoked

        func filter(at now: Instant) -> CaseFilter {
            switch self {
            case .all: CaseFilter(now: now)
            case .suspended: CaseFilter(.isSet(.suspended), now: now)
            case .withLeader: CaseFilter(.equal(.state, State.withLeader.rawValue), now: now)
            case .notices: CaseFilter(.equal(.matter, "notice"), now: now)
            case .revoked: CaseFilter(.isSet(.revoked), now: now)
            }
        }

        func isMeant(_ file: CaseFile) -> Bool {
            switch self {
            case .all: true
            case .suspended: file.isSuspended
            case .withLeader: file.state == .withLeader
            case .notices: file.matter == "notice"
            case .revoked: file.validity.revoked != nil
            }
        }
    }

    static let conditions: [Condition] = [.all, .suspended, .withLeader, .notices, .revoked]

    private let condition: Condition
    private let start: Int64
    private var watch: Watch
    /// Events as they came, with their places.
    private var heard: [[UInt8]] = []

    init(_ condition: Condition, after seq: Int64, _ context: Engine.Context) throws {
        self.condition = condition
        start = seq
        watch = try WatchFeed(context).watch(
            "w", condition.filter(at: context.time.now), forAdmin: SimulatedOffice.admins[1], after: seq)
    }

    /// Takes the next events.
    mutating func readOn(_ context: Engine.Context) throws {
        for line in try WatchFeed(context).advance(&watch) {
            guard let place = String(decoding: line, as: UTF8.self).firstRange(of: "\"event\":") else {
                throw SimulationModel.Broken(description: "a watch says \(String(decoding: line, as: UTF8.self))")
            }
            let text = String(decoding: line, as: UTF8.self)[place.upperBound...]
            // Behind the event two objects end.
            heard.append(Array(text.utf8.dropLast(2)))
        }
    }

    /// Reads to the end, and looks whether it was everything, once, in order.
    mutating func finish(_ context: Engine.Context, _ model: SimulationModel, last: Int64) throws {
        while watch.isBehind(last) { try readOn(context) }
        guard heard == model.heard(after: start, condition.isMeant) else {
            throw SimulationModel.Broken(
                description: "a watch of \(condition) from \(start) has heard something else than the journal says")
        }
    }
}
