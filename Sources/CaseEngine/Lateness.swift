/// How late deadlines were passed: counts by an upper bound in milliseconds.
package struct Lateness: Sendable, Equatable {
    package static let bounds: [Int64] = [10, 100, 1_000, 10_000, 60_000, 3_600_000]

    /// One count for each bound, and one for all beyond.
    package private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    package private(set) var maximum: Int64 = 0

    mutating func record(_ milliseconds: Int64) {
        precondition(milliseconds >= 0, "a deadline passed \(-milliseconds) ms early")
        counts[Lateness.bounds.firstIndex { milliseconds <= $0 } ?? Lateness.bounds.count] += 1
        maximum = max(maximum, milliseconds)
    }

    mutating func add(_ other: Lateness) {
        for place in counts.indices { counts[place] += other.counts[place] }
        maximum = max(maximum, other.maximum)
    }
}
