import Synchronization
import WorkingTime

/// The daemon's own clock. It goes with one that nobody can set, from an anchor that the store holds, and follows the machine's clock while the
/// two agree.
///
/// What the machine's clock differs by is adopted as long as all that was adopted within 24 hours adds up to less than a limit; more is not
/// believed, forward or backward, whatever somebody does to that clock in small steps or across restarts. The daemon then goes on by its own
/// clock until the two agree again, or an admin says that the machine's is right.
package final class OwnClock: TimeSource {
    /// What a look at the machine's clock finds.
    struct Look {
        let now: Instant
        /// By how many milliseconds the present moved with the machine's clock; 0 where that is merely being corrected.
        var adopted: Int64 = 0
        /// By how much the machine's clock is ahead and is not believed; nil where the two agree.
        var disbelieved: Int64?
    }

    private struct State {
        /// The present, less the milliseconds of the clock that nobody can set.
        var offset: Int64
        /// What was adopted in each hour of the last 24, by the number of the hour.
        var adopted: [Int64: Int64]
    }

    /// A clock that is merely being corrected drifts by less than this between two looks.
    static let leastStep: Int64 = 1000
    private static let hour: Int64 = 3_600_000

    private let machine: any TimeSource
    private let boot: String
    /// Whether whatever the machine's clock says is adopted.
    let trustsMachine: Bool
    private let state: Mutex<State>

    /// - Parameters:
    ///   - anchor: the last one that became durable; nil in a new store.
    ///   - held: by how much the machine's clock was ahead and not believed, in a store without an anchor.
    ///   - trustsMachine: whether whatever the machine's clock says is adopted.
    /// - Returns: nil where the machine has no clock but the one that can be set.
    init?(_ machine: any TimeSource, anchor: ClockAnchor?, held: Int64?, trustsMachine: Bool = false) {
        guard let elapsed = machine.elapsed, let boot = machine.boot else { return nil }
        (self.machine, self.boot, self.trustsMachine) = (machine, boot, trustsMachine)
        let shown = machine.now.milliseconds - elapsed
        let offset: Int64
        switch anchor {
        case nil: offset = shown - (held ?? 0)
        case let anchor? where anchor.boot == boot: offset = anchor.instant.milliseconds - anchor.elapsed
        // How long the machine was off is known only to its clock, which is believed where the kernel vouches for it.
        case let anchor?:
            let isAhead = machine.now >= anchor.instant
            offset = isAhead && machine.isSynchronised ? shown : anchor.instant.milliseconds - elapsed
        }
        state = Mutex(State(offset: offset, adopted: anchor?.adopted ?? [:]))
    }

    package var now: Instant {
        Instant(milliseconds: state.withLock { $0.offset } + elapsedNow)
    }

    package var passesByItself: Bool { machine.passesByItself }
    package var elapsed: Int64? { machine.elapsed }
    package var isSynchronised: Bool { machine.isSynchronised }

    /// What the machine's clock shows at an instant of this one, for a timer that waits on it.
    func shown(at instant: Instant) -> Instant {
        instant.advanced(byMilliseconds: machine.wall.milliseconds - elapsedNow - state.withLock { $0.offset })
    }

    /// Compares the two, and adopts what may be.
    ///
    /// - Parameter limit: in milliseconds.
    func look(limit: Int64) -> Look {
        let (shown, elapsed) = read()
        return state.withLock { state in
            let difference = shown - state.offset
            let hour = (state.offset + elapsed) / OwnClock.hour
            state.adopted = state.adopted.filter { $0.key > hour - 24 && $0.key <= hour + 1 }
            let sum = state.adopted.values.reduce(difference, +)
            guard trustsMachine || abs(difference) <= limit && abs(sum) <= limit else {
                return Look(now: Instant(milliseconds: state.offset + elapsed), disbelieved: difference)
            }
            state.offset = shown
            if !trustsMachine, difference != 0 { state.adopted[hour, default: 0] += difference }
            return Look(
                now: Instant(milliseconds: shown + elapsed), adopted: abs(difference) >= OwnClock.leastStep ? difference : 0)
        }
    }

    /// Takes the word that was given to another daemon on the same store: the clock that both follow is right.
    ///
    /// - Parameter anchor: the last one of that daemon.
    func believe(_ anchor: ClockAnchor?) {
        let shown = read().shown
        state.withLock { $0 = State(offset: shown, adopted: anchor?.adopted ?? [:]) }
    }

    /// Takes somebody's word that the machine's clock is right, if that becomes durable.
    func believingMachine(_ makeDurable: (_ now: Instant) -> Bool) -> Bool {
        let (shown, elapsed) = read()
        let former = state.withLock { state in
            defer { state = State(offset: shown, adopted: [:]) }
            return state
        }
        let isDurable = makeDurable(Instant(milliseconds: shown + elapsed))
        if !isDurable { state.withLock { $0 = former } }
        return isDurable
    }

    /// To be durable, so that the next process goes on from it.
    var anchor: ClockAnchor {
        let elapsed = elapsedNow
        return state.withLock {
            ClockAnchor(boot: boot, elapsed: elapsed, instant: Instant(milliseconds: $0.offset + elapsed), adopted: $0.adopted)
        }
    }

    private var elapsedNow: Int64 {
        // It had one when this was made.
        machine.elapsed!
    }

    /// The machine's clock less the one that nobody can set, and that one.
    private func read() -> (shown: Int64, elapsed: Int64) {
        var (before, now) = (elapsedNow, machine.now)
        // Whoever is stopped between the two looks has to look again.
        while case let after = elapsedNow, after - before > 100 { (before, now) = (after, machine.now) }
        return (now.milliseconds - before, before)
    }
}

/// An instant that the clock that nobody can set vouches for, as long as the machine is not booted anew.
package struct ClockAnchor: Equatable, Sendable {
    /// Which boot of the machine.
    let boot: String
    /// Milliseconds on the clock that nobody can set.
    let elapsed: Int64
    let instant: Instant
    /// See `OwnClock`: a process that ends forgets nothing of it.
    let adopted: [Int64: Int64]

    static let settingName = "clock-anchor"

    var setting: String {
        ([boot, "\(elapsed)", "\(instant.milliseconds)"] + adopted.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" })
            .joined(separator: " ")
    }

    init(boot: String, elapsed: Int64, instant: Instant, adopted: [Int64: Int64]) {
        (self.boot, self.elapsed, self.instant, self.adopted) = (boot, elapsed, instant, adopted)
    }

    init?(setting: String) {
        let parts = setting.split(separator: " ").map(String.init)
        guard parts.count >= 3, let elapsed = Int64(parts[1]), let milliseconds = Int64(parts[2]) else { return nil }
        var adopted: [Int64: Int64] = [:]
        for part in parts.dropFirst(3) {
            let pair = part.split(separator: ":").compactMap { Int64($0) }
            guard pair.count == 2 else { return nil }
            adopted[pair[0]] = pair[1]
        }
        self.init(boot: parts[0], elapsed: elapsed, instant: Instant(milliseconds: milliseconds), adopted: adopted)
    }
}

/// The machine's clock is not believed, and the daemon goes on by its own.
package struct ClockHold: Equatable, Sendable {
    /// By the daemon's clock.
    package let since: Instant
    /// How far the machine's clock is ahead of it, in milliseconds; negative where it is behind.
    package internal(set) var step: Int64
}
