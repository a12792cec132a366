/// A point on the UTC time line, in whole milliseconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package init(seconds: Int64) {
        self.milliseconds = seconds * 1000
    }

    package static func < (a: Instant, b: Instant) -> Bool {
        a.milliseconds < b.milliseconds
    }

    package static func - (a: Instant, b: Instant) -> Int64 {
        a.milliseconds - b.milliseconds
    }

    package func advanced(byMilliseconds amount: Int64) -> Instant {
        Instant(milliseconds: milliseconds + amount)
    }
}

/// Division that rounds down, so that instants before 1970 fall on the right day.
func floorDivide<T: SignedInteger>(_ a: T, _ b: T) -> (quotient: T, remainder: T) {
    let (q, r) = a.quotientAndRemainder(dividingBy: b)
    return r < 0 ? (q - 1, r + b) : (q, r)
}
