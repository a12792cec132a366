/// How many requests of one user are taken: a bucket that fills by so many a second and holds as many.
package struct RateLimit: Sendable {
    package let perSecond: Int
    private var tokens: Double
    private var filledAt: UInt64

    package init(perSecond: Int, at nanoseconds: UInt64) {
        self.perSecond = perSecond
        tokens = Double(perSecond)
        filledAt = nanoseconds
    }

    /// Takes one request; nil where that is fine, else in how many milliseconds it would be.
    package mutating func take(at nanoseconds: UInt64) -> Int? {
        tokens = min(Double(perSecond), tokens + Double(nanoseconds - filledAt) / 1e9 * Double(perSecond))
        filledAt = nanoseconds
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return max(1, Int(((1 - tokens) / Double(perSecond) * 1000).rounded(.up)))
    }

    /// Whether forgetting it changes nothing.
    package func isFull(at nanoseconds: UInt64) -> Bool {
        tokens + Double(nanoseconds - filledAt) / 1e9 * Double(perSecond) >= Double(perSecond)
    }
}
