/// How much of one kind all connections hold together, and those of each user, against how much they may.
///
/// Only touched on the event loop.
final class MemoryBudget {
    private let limit: Int
    /// Of what one user may hold; by default all of it.
    private let userLimit: Int
    private var held = 0
    private var users: [UInt32: Int] = [:]

    init(limit: Int, userLimit: Int = .max) {
        (self.limit, self.userLimit) = (limit, userLimit)
    }

    /// Whether a user has to give something up: for holding more than one may, or, where all hold more than they may together, more than each of them
    /// would have in equal parts.
    func isExceeded(by user: UInt32) -> Bool {
        let own = users[user] ?? 0
        return own > userLimit || held > limit && own > limit / users.count
    }

    func add(_ bytes: Int, for user: UInt32) {
        held += bytes
        let own = (users[user] ?? 0) + bytes
        precondition(held >= 0 && own >= 0, "less than nothing is held: \(held), \(own)")
        users[user] = own == 0 ? nil : own
    }
}
