/// What an IANA time zone says: which offset from UTC holds when.
///
/// The host's own zone has no part in it. Values come from the tz database; `Catalogue` reads its files.
package struct Zone: Sendable, Equatable {
    package let name: String
    let firstOffset: Int
    /// In rising order: all that are known, or all until they repeat.
    package let changes: [Change]
    /// From here on every change is one of 400 years before, at the same time of the same day; nil where the last change is the last.
    let repeatsFrom: Instant?

    /// After 400 years the days of the calendar come again, on the same weekdays; in milliseconds.
    static let cycle: Int64 = 146_097 * 86_400_000

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
    ///   - changes: in rising order of `at`, all before `repeatsFrom`.
    ///   - repeatsFrom: from when on the changes of the last 400 years come again and again; those of three more days before are as they
    ///     will be then.
    package init(name: String, firstOffset: Int, changes: [Change], repeatsFrom: Instant? = nil) {
        precondition(zip(changes, changes.dropFirst()).allSatisfy { $0.at < $1.at }, "changes of \(name) are out of order")
        precondition(repeatsFrom.map { end in changes.last.map { $0.at < end } ?? true } ?? true, "\(name) changes while it repeats")
        self.name = name
        self.firstOffset = firstOffset
        self.changes = changes
        self.repeatsFrom = repeatsFrom
    }

    package static let utc = Zone(name: "UTC", firstOffset: 0, changes: [])

    /// Seconds east of UTC.
    package func offset(at instant: Instant) -> Int {
        let moment = instant.milliseconds - shift(before: instant.milliseconds)
        return offset(after: changes.partitioningIndex { $0.at.milliseconds > moment })
    }

    /// The offset once so many changes have passed.
    func offset(after passed: Int) -> Int {
        passed == 0 ? firstOffset : changes[passed - 1].offset
    }

    /// The instant of the next change after this one; nil where there is none.
    func change(after instant: Instant) -> Instant? {
        let shift = shift(before: instant.milliseconds)
        let passed = changes.partitioningIndex { $0.at.milliseconds > instant.milliseconds - shift }
        if passed < changes.count { return changes[passed].at.advanced(byMilliseconds: shift) }
        guard let repeatsFrom, let first = changes.first(where: { $0.at.milliseconds >= repeatsFrom.milliseconds - Zone.cycle }) else {
            return nil
        }
        return first.at.advanced(byMilliseconds: shift + Zone.cycle)
    }

    /// How many milliseconds, whole cycles of 400 years, lie between a moment and the one among the listed changes that is like it.
    private func shift(before milliseconds: Int64) -> Int64 {
        guard let end = repeatsFrom?.milliseconds, milliseconds >= end else { return 0 }
        return ((milliseconds - end) / Zone.cycle + 1) * Zone.cycle
    }

    /// The same zone, with changes listed far enough that an instant comes before all that repeats.
    func listing(through instant: Instant) -> Zone {
        guard var end = repeatsFrom else { return self }
        let period = changes.filter { $0.at.milliseconds >= end.milliseconds - Zone.cycle }
        var (listed, ahead) = (changes, Zone.cycle)
        while instant.milliseconds > end.milliseconds - Zone.cycle, end < .last {
            listed += period.map { Change(at: $0.at.advanced(byMilliseconds: ahead), offset: $0.offset) }.filter { $0.at < .last }
            end = end.advanced(byMilliseconds: Zone.cycle)
            ahead += Zone.cycle
        }
        if ahead == Zone.cycle { return self }
        return Zone(name: name, firstOffset: firstOffset, changes: listed, repeatsFrom: end < .last ? end : nil)
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

    /// No wall clock is further from UTC; in milliseconds.
    private static let largestOffset: Int64 = 27 * 3_600_000

    /// The instant at which a wall clock shows this time on this day.
    ///
    /// A time that a change skips is the instant of the change; of one that occurs twice, the first is meant. Beyond the ends of time it is
    /// the end.
    package func instant(on day: Day, timeOfDay: Int64) -> Instant {
        // Counted in plain numbers: only what comes out has to be an instant.
        let wanted = Int64(day.number) * 86_400_000 + timeOfDay
        let shift = shift(before: wanted + 2 * Zone.largestOffset)
        let local = wanted - shift
        // The first instant at which the wall clock shows that or more.
        var passed = changes.partitioningIndex { $0.at.milliseconds > local - Zone.largestOffset }
        while true {
            let offset = Int64(offset(after: passed)) * 1000
            let found = passed == 0 ? local - offset : max(changes[passed - 1].at.milliseconds, local - offset)
            if passed == changes.count || found < changes[passed].at.milliseconds { return Instant(milliseconds: found + shift) }
            passed += 1
        }
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
