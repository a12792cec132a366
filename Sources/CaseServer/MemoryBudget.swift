/// How much of one kind all connections hold together, against how much they may.
///
/// Only touched on the event loop.
final class MemoryBudget {
    let limit: Int
    private(set) var held = 0

    init(limit: Int) {
        self.limit = limit
    }

    var isExceeded: Bool {
        held > limit
    }

    func add(_ bytes: Int) {
        held += bytes
        precondition(held >= 0, "less than nothing is held: \(held)")
    }
}
