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

    package func day(of instant: Instant) -> Day {
        Day(number: Int(floorDivide(instant.milliseconds + Int64(offset(at: instant)) * 1000, 86_400_000).quotient))
    }

    /// The local time of day, in milliseconds since 00:00 on the wall clock.
    package func timeOfDay(of instant: Instant) -> Int64 {
        floorDivide(instant.milliseconds + Int64(offset(at: instant)) * 1000, 86_400_000).remainder
    }

    /// The instant at which a wall clock shows this time on this day.
    ///
    /// A time that a change skips is the instant of the change; of one that occurs twice, the first is meant.
    package func instant(on day: Day, timeOfDay: Int64) -> Instant {
        let local = Instant(milliseconds: Int64(day.number) * 86_400_000 + timeOfDay)
        let (before, after) = (
            offset(at: local.advanced(byMilliseconds: -86_400_000)), offset(at: local.advanced(byMilliseconds: 86_400_000))
        )
        let early = local.advanced(byMilliseconds: Int64(-before) * 1000)
        guard before != after, offset(at: early) != before else { return early }
        let late = local.advanced(byMilliseconds: Int64(-after) * 1000)
        return offset(at: late) == after ? late : changes[changes.partitioningIndex { $0.at > late }].at
    }

    /// The days on which local time changes, in rising order.
    package var daysOfChange: [Day] {
        Set(changes.flatMap { [day(of: $0.at.advanced(byMilliseconds: -1)), day(of: $0.at)] }).sorted()
    }
}
