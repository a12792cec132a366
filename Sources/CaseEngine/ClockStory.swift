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

    /// What one event did to it.
    struct Step {
        let kind: Kind
        let event: Event
        /// The clock before it; nil where it starts.
        let before: Clock?
        let after: Clock
    }

    let clock: Clock
    private(set) var steps: [Step] = []
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
            guard let before, before.isLive || after.goesOn(from: before) else {
                steps = [Step(kind: .started, event: event, before: nil, after: after)]
                continue
            }
            if let ended = before.endedAt, let last = steps.last {
                pauses.append(
                    Pause(kind: "elsewhere", basis: "fresh-on-return = false", since: ended, by: last.event.by, until: event.at))
            }
            guard let kind = Self.kind(of: event, before: before, after: after) else { continue }
            steps.append(Step(kind: kind, event: event, before: before, after: after))
        }
    }

    /// - Returns: nil where the event changed nothing of how it counts.
    private static func kind(of event: Event, before: Clock, after: Clock) -> Kind? {
        if !before.isLive { return .resumed }
        if event.change is Extended { return .extended }
        if event.change is Recalculated { return .recalculated }
        if !after.isLive { return .ended }
        return before.ledger.isPaused == after.ledger.isPaused ? nil : after.ledger.isPaused ? .paused : .resumed
    }

    /// - Parameter kind: which one has ended; nil for all.
    private mutating func end(_ kind: String?, at instant: Instant) {
        for place in pauses.indices where pauses[place].until == nil && (kind == nil || pauses[place].kind == kind) {
            pauses[place].until = instant
        }
    }
}

extension Clock {
    /// Whether it goes on where it ended, and did not start anew.
    fileprivate func goesOn(from ended: Clock) -> Bool {
        isLive && !ended.isLive && originalDue == ended.originalDue && ledger.segments.map(\.from) == ended.ledger.segments.map(\.from)
    }
}

extension OfficeID {
    /// What its opinion is called where it keeps clocks.
    var asPause: String { "opinion of \(self)" }
}
