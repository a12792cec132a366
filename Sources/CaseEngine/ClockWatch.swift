import WorkingTime

/// Finds steps of the machine's clock by comparing it with one that nobody can set.
struct ClockWatch {
    /// A clock that is merely being corrected drifts by less than this between two looks.
    static let leastStep: Int64 = 1000

    private let time: any TimeSource
    private var offset: Int64?

    init(_ time: any TimeSource) {
        self.time = time
        offset = time.elapsed.map { time.now.milliseconds - $0 }
    }

    /// The present, and by how many milliseconds the clock was set since the last look: 0 where it was not.
    mutating func look() -> (now: Instant, step: Int64) {
        guard let last = offset, var before = time.elapsed else { return (time.now, 0) }
        var now = time.now
        // Whoever is stopped between the two looks has to look again.
        while let after = time.elapsed, after - before > 100 { (before, now) = (after, time.now) }
        let present = now.milliseconds - before
        offset = present
        let step = present - last
        return (now, abs(step) >= ClockWatch.leastStep ? step : 0)
    }
}

/// Deadlines wait, because the clock jumped forward further than is likely.
package struct ClockHold: Equatable, Sendable {
    package let since: Instant
    /// How far the clock has been set since, in milliseconds.
    package internal(set) var step: Int64
}
