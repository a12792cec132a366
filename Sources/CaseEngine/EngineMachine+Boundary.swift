import CaseCore

extension EngineMachine {
    /// Records once, in a store that was begun by a version before that, from where on what events say of persons is kept apart from what the tree
    /// covers. In newer stores that is so from the first one on, and nothing is recorded.
    func noteBoundary() {
        guard let kept = try? context.store.read(for: .engine, StoreSettings.isPersonalApart), !kept else { return }
        commit { builder in
            try builder.record(.personalApart(from: builder.state.lastSeq + 1), by: Principal.clock.name)
            StoreSettings.keepPersonalApart(in: &builder)
        } failing: { _ in
            // The next start records it.
        }
    }
}
