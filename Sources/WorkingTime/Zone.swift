/// What an IANA time zone says: which offset from UTC holds when.
///
/// The host's own zone has no part in it. Values come from the tz database; `Catalogue` reads its files.
package struct Zone: Sendable, Equatable {
    package let name: String
    private let firstOffset: Int
    private let changes: [Change]

    /// From `at` on, local time is UTC plus `offset` seconds.
    package struct Change: Sendable, Equatable {
        package let at: Instant
        package let offset: Int

        package init(at: Instant, offset: Int) {
            self.at = at
            self.offset = offset
        }
    }

    /// - Parameters:
    ///   - firstOffset: seconds east of UTC before the first change.
    ///   - changes: in rising order of `at`.
    package init(name: String, firstOffset: Int, changes: [Change]) {
        precondition(zip(changes, changes.dropFirst()).allSatisfy { $0.at < $1.at }, "changes of \(name) are out of order")
        self.name = name
        self.firstOffset = firstOffset
        self.changes = changes
    }

    package static let utc = Zone(name: "UTC", firstOffset: 0, changes: [])

    package func offset(at instant: Instant) -> Int {
        let passed = changes.partitioningIndex { $0.at > instant }
        return passed == 0 ? firstOffset : changes[passed - 1].offset
    }

    /// The day that the wall clock shows; at the ends of time, where that would be one of the year 0 or 10000, the one next to it.
    package func day(of instant: Instant) -> Day {
        let number = floorDivide(instant.milliseconds + Int64(offset(at: instant)) * 1000, 86_400_000).quotient
        return min(max(Day(number: Int(number)), .first), .last)
    }

    /// The local time of day, in milliseconds since 00:00 on the wall clock.
    package func timeOfDay(of instant: Instant) -> Int64 {
        floorDivide(instant.milliseconds + Int64(offset(at: instant)) * 1000, 86_400_000).remainder
    }

    /// The instant at which a wall clock shows this time on this day.
    ///
    /// A time that a change skips is the instant of the change; of one that occurs twice, the first is meant.
    package func instant(on day: Day, timeOfDay: Int64) -> Instant {
        // Counted in plain numbers: only what comes out has to be an instant.
        let local = Int64(day.number) * 86_400_000 + timeOfDay
        func instant(_ offset: Int) -> Instant { Instant(milliseconds: local - Int64(offset) * 1000) }
        let before = offset(at: Instant(milliseconds: local - 86_400_000))
        let after = offset(at: Instant(milliseconds: local + 86_400_000))
        let early = instant(before)
        guard before != after, offset(at: early) != before else { return early }
        let late = instant(after)
        return offset(at: late) == after ? late : changes[changes.partitioningIndex { $0.at > late }].at
    }

    /// The days on which local time changes, in rising order; a day that a change skips is one of them.
    package var daysOfChange: [Day] {
        let days = changes.flatMap { change in
            let (before, after) = (day(of: change.at.advanced(byMilliseconds: -1)).number, day(of: change.at).number)
            return (min(before, after)...max(before, after)).map { Day(number: $0) }
        }
        return Set(days).sorted()
    }

    /// The days that never were, in rising order: a change skipped them from their beginning to their end, such as 30 December 2011 in
    /// Samoa.
    package var skippedDays: [Day] {
        changes.indices.flatMap { place in
            let (at, before) = (changes[place].at.milliseconds, place == 0 ? firstOffset : changes[place - 1].offset)
            // What the wall clock shows at the change by the offset before and after.
            let (from, to) = (at + Int64(before) * 1000, at + Int64(changes[place].offset) * 1000)
            let (first, end) = (floorDivide(from + 86_399_999, 86_400_000).quotient, floorDivide(to, 86_400_000).quotient)
            return (first..<max(first, end)).map { Day(number: Int($0)) }
        }
    }
}
