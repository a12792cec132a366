import CaseStore
import WorkingTime

/// The clock of a store that has one of its own, such as a database's: those who share it share the time, whatever the clocks of their machines
/// say. Between two looks at it, it goes with the clock here that nobody can set.
struct StoreTime: TimeSource {
    private let store: any CaseStore
    private let machine: any TimeSource

    /// Nil where the store has none, or the machine has no clock that nobody can set.
    init?(_ store: any CaseStore, on machine: any TimeSource) {
        guard store.clockOffset != nil, machine.elapsed != nil else { return nil }
        (self.store, self.machine) = (store, machine)
    }

    var now: Instant {
        // Both were there when this was made.
        Instant(milliseconds: machine.elapsed! + store.clockOffset!)
    }

    var passesByItself: Bool { machine.passesByItself }
    var elapsed: Int64? { machine.elapsed }
    var boot: String? { machine.boot }
    /// Whoever runs the store keeps its clock right.
    var isSynchronised: Bool { true }
    var wall: Instant { machine.wall }
}
