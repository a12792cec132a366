import CaseCore
import WorkingTime

/// How far a calendar is official that deadlines rest on.
package struct CalendarHorizon: Equatable, Sendable {
    package let calendar: String
    /// In which its days begin and end.
    package let zone: String
    package let validThrough: Day
    /// Negative when it has passed.
    package let dayCount: Int

    /// How many days before its end a calendar's next year should be imported (docs/clocks.md, R30).
    private static let warnedDayCount = 60

    /// The next year's days should be imported by now.
    package var isNear: Bool {
        dayCount <= CalendarHorizon.warnedDayCount
    }

    package var sentence: String {
        dayCount < 0
            ? "calendar \(calendar) has not been official since \(validThrough): new deadlines are provisional"
            : "calendar \(calendar) is official through \(validThrough), \(dayCount) days from now: publish the next year"
    }
}

extension Engine {
    /// The calendars whose next year should be published by now.
    package nonisolated var nearHorizons: [CalendarHorizon] {
        context.catalogs.newest.horizons(at: context.time.now).filter(\.isNear)
    }
}

extension Register {
    /// The horizons of the calendars that matters use, the nearest first.
    package func horizons(at now: Instant) -> [CalendarHorizon] {
        let used = Set(matters.values.compactMap { policies[$0.policy]?.calendar })
        return used.compactMap { calendars[$0] }.map { calendar in
            CalendarHorizon(
                calendar: calendar.name, zone: calendar.zone.name, validThrough: calendar.validThrough,
                dayCount: calendar.validThrough.number - calendar.zone.day(of: now).number)
        }.sorted { ($0.dayCount, $0.calendar) < ($1.dayCount, $1.calendar) }
    }
}
