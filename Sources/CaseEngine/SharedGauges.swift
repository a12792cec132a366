import Synchronization

/// The engine's gauges, read from any thread.
final class SharedGauges: Sendable {
    private let state: Mutex<Engine.Gauges>

    init(_ gauges: Engine.Gauges) {
        state = Mutex(gauges)
    }

    var value: Engine.Gauges {
        state.withLock { $0 }
    }

    func update(_ body: (inout Engine.Gauges) -> Void) {
        state.withLock { body(&$0) }
    }
}
