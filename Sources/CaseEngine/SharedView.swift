import Synchronization

/// The engine's view, read from any thread, and who is told of each commit.
final class SharedView: Sendable {
    private let state: Mutex<Engine.View>
    private let listener = Mutex(Listener())

    /// The function stands in a type of its own: kept directly in the generic box, it would be wrapped once more at each access, until
    /// the stack ends.
    private struct Listener {
        var journalGrew: @Sendable () -> Void = {}
    }

    init(_ state: EngineState) {
        var view = Engine.View()
        view.state = state
        self.state = Mutex(view)
    }

    var value: Engine.View {
        state.withLock { $0 }
    }

    func update(_ body: (inout Engine.View) -> Void) {
        state.withLock { body(&$0) }
    }

    func whenJournalGrows(_ body: @escaping @Sendable () -> Void) {
        listener.withLock { $0.journalGrew = body }
    }

    func announce() {
        listener.withLock { $0 }.journalGrew()
    }
}
