import Dispatch

/// When the next batch of changed rules may take its turn: where commands come, they get as much time between two batches
/// as a batch takes.
struct RecalculationPace {
    private var next = DispatchTime(uptimeNanoseconds: 0)
    private var commandCount = 0
    private var isScheduled = false

    /// After a batch that could not be made durable.
    private static let pauseAfterFailure = 60.0

    var isDue: Bool {
        DispatchTime.now() >= next
    }

    mutating func note(commandCount count: Int) {
        commandCount += count
    }

    mutating func note(batchFrom start: DispatchTime, succeeded: Bool) {
        let end = DispatchTime.now()
        let duration = end.uptimeNanoseconds - start.uptimeNanoseconds
        next =
            succeeded
            ? DispatchTime(uptimeNanoseconds: end.uptimeNanoseconds + (commandCount > 0 ? duration : 0))
            : end + RecalculationPace.pauseAfterFailure
        commandCount = 0
    }

    /// When to come again; nil where that is arranged for already.
    mutating func nextWakeUp() -> DispatchTime? {
        guard !isScheduled else { return nil }
        isScheduled = true
        return next
    }

    mutating func wokeUp() {
        isScheduled = false
    }
}
