/// A point on the UTC time line, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Instants lie in the years 1 to 9999, which is what RFC 3339 can write. Arithmetic stops at these ends: what would lie beyond is
/// `first` or `last`, and nothing ends the process there.
package struct Instant: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    /// 0001-01-01T00:00:00Z.
    package static let first = Instant(milliseconds: bounds.lowerBound)
    /// 9999-12-31T23:59:59.999Z.
    package static let last = Instant(milliseconds: bounds.upperBound)

    private static let bounds: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// The instant, or the end of time that it would lie beyond.
    package init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, Instant.bounds.lowerBound), Instant.bounds.upperBound)
    }

    /// The instant, or the end of time that it would lie beyond.
    package init(seconds: Int64) {
        self = Instant(milliseconds: 0).advanced(bySeconds: seconds)
    }

    /// Nil beyond the ends of time.
    init?(exactly milliseconds: Int64) {
        guard Instant.bounds.contains(milliseconds) else { return nil }
        self.milliseconds = milliseconds
    }

    package static func < (a: Instant, b: Instant) -> Bool {
        a.milliseconds < b.milliseconds
    }

    package static func - (a: Instant, b: Instant) -> Int64 {
        a.milliseconds - b.milliseconds
    }

    package func advanced(byMilliseconds amount: Int64) -> Instant {
        let (sum, isBeyond) = milliseconds.addingReportingOverflow(amount)
        return isBeyond ? (amount < 0 ? .first : .last) : Instant(milliseconds: sum)
    }

    private func advanced(bySeconds amount: Int64) -> Instant {
        let (product, isBeyond) = amount.multipliedReportingOverflow(by: 1000)
        return isBeyond ? (amount < 0 ? .first : .last) : advanced(byMilliseconds: product)
    }
}

/// Division that rounds down, so that instants before 1970 fall on the right day.
func floorDivide<T: SignedInteger>(_ a: T, _ b: T) -> (quotient: T, remainder: T) {
    let (q, r) = a.quotientAndRemainder(dividingBy: b)
    return r < 0 ? (q - 1, r + b) : (q, r)
}
