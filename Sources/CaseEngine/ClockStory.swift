import CaseCore
import WorkingTime

/// What the journal says of one clock since it last started.
struct ClockStory {
    /// What happened to it; a word on the wire.
    enum Kind: String {
        case started, paused, resumed, extended
        case recalculated = "reprojected"
        case ended
    }

    /// A suspension of the case, or an opinion that it waited for.
    struct Pause {
        let kind: String
        let basis: String
        let since: Instant
        let by: String
        var until: Instant?
    }

    let clock: Clock
    private(set) var steps: [(kind: Kind, event: Event)] = []
    /// Why the clocks of the case stood still, by whom and until when; open where they still do.
    private(set) var pauses: [Pause] = []
    /// The version that it followed last, where that is not the one of the submission.
    private(set) var version: Int?

    /// Whether an event is part of any clock's story.
    static func tells(_ event: Event) -> Bool {
        !event.clocks.isEmpty || event.change is Suspended || event.change is Resumed || event.change is OpinionAsked
            || event.change is OpinionGiven || event.change is OpinionWithdrawn || event.change is OpinionOverdue
            || event.change is Recalculated
    }

    init(of clock: Clock, in events: [Event]) {
        self.clock = clock
        var before: Clock?
        for event in events {
            switch event.change {
            case let change as Suspended:
                let suspension = change.suspension
                pauses.append(Pause(kind: suspension.kind.rawValue, basis: suspension.basis, since: suspension.since, by: event.by))
            case let change as Resumed: end(change.kind?.rawValue, at: event.at)
            case let change as OpinionAsked where change.suspends:
                pauses.append(Pause(kind: change.office.asPause, basis: change.question, since: event.at, by: event.by))
            case let change as OpinionGiven: end(change.office.asPause, at: event.at)
            case let change as OpinionWithdrawn: end(change.office.asPause, at: event.at)
            case let change as OpinionOverdue: end(change.office.asPause, at: change.due)
            case let change as Recalculated: if before?.isLive != false { version = change.version }
            default: break
            }
            guard let after = event.clocks.first(where: { $0.id == clock.id }) else { continue }
            defer { before = after }
            guard let before, before.isLive else {
                steps = [(.started, event)]
                continue
            }
            if event.change is Extended {
                steps.append((.extended, event))
            } else if event.change is Recalculated {
                steps.append((.recalculated, event))
            } else if !after.isLive {
                steps.append((.ended, event))
            } else if before.ledger.isPaused != after.ledger.isPaused {
                steps.append((after.ledger.isPaused ? .paused : .resumed, event))
            }
        }
    }

    /// - Parameter kind: which one has ended; nil for all.
    private mutating func end(_ kind: String?, at instant: Instant) {
        for place in pauses.indices where pauses[place].until == nil && (kind == nil || pauses[place].kind == kind) {
            pauses[place].until = instant
        }
    }
}

extension OfficeID {
    /// What its opinion is called where it keeps clocks.
    var asPause: String { "opinion of \(self)" }
}
