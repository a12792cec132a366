/// Why a day counts as a working day, or does not.
package struct DayReason: Equatable, Sendable {
    package enum Rule: String, CaseIterable, Sendable {
        /// It is as its weekday is in every week.
        case weekday
        /// An entry takes it out, which its weekday does not.
        case holiday
        /// An entry has it worked, which its weekday is not.
        case makeUp = "make-up"
        /// It is worked as its weekday is, in windows of its own: a half day.
        case otherWindows = "other-windows"
        /// It never was in the zone of the calendar.
        case skipped
    }

    package let rule: Rule
    /// What the entry that counts calls it; nil where none names it.
    package let name: String?
    /// The entry of the catalogue whose word counts, such as `holidays.cn-2026`.
    package let entry: String?
    /// Entries that name it too, and whose word does not count, in their order.
    package let overruled: [String]
    /// Whether the calendar is not official for it yet.
    package let isProvisional: Bool
    /// Whether any day of its year is named; where none is, the weeks alone speak.
    package let isYearNamed: Bool
}

extension WorkingCalendar {
    package func reason(on day: Day) -> DayReason {
        let exception = exceptions[day]
        let usual = week[day.weekday] ?? []
        let rule: DayReason.Rule =
            if zone.skippedDays.contains(day) {
                .skipped
            } else if let windows = exception?.windows, windows != usual {
                windows.isEmpty ? .holiday : usual.isEmpty ? .makeUp : .otherWindows
            } else {
                .weekday
            }
        let year = day.components.year
        return DayReason(
            rule: rule, name: exception?.name, entry: exception?.entries.last, overruled: exception?.entries.dropLast() ?? [],
            isProvisional: !isOfficial(day), isYearNamed: exceptions.keys.contains { $0.components.year == year })
    }
}
