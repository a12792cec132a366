/// How many connections each user has.
struct Places {
    private var counts: [UInt32: Int] = [:]

    func count(of user: UInt32) -> Int {
        counts[user] ?? 0
    }

    mutating func add(_ count: Int, for user: UInt32) {
        let sum = self.count(of: user) + count
        precondition(sum >= 0, "user \(user) has \(sum) connections")
        counts[user] = sum == 0 ? nil : sum
    }

    /// Who gives a place to a user where all are taken: whoever has the most, as long as that is more than the other one would have. So
    /// places are shared as they are wanted, and those who have as many as everybody else lose none.
    func giver(to user: UInt32) -> UInt32? {
        guard let most = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }), most.value > count(of: user) + 1 else { return nil }
        return most.key
    }
}
