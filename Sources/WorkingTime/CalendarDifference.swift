/// What one calendar says otherwise than another.
package struct CalendarDifference: Equatable, Sendable {
    /// A day of which they speak differently.
    package struct DayChange: Equatable, Sendable {
        package let day: Day
        /// In which windows it is worked; empty where it is not.
        package let before: [WorkingWindow]
        package let after: [WorkingWindow]
        /// What it is called; nil where its weekday alone speaks.
        package let nameBefore: String?
        package let nameAfter: String?

        /// Whether it counts otherwise, and is not only called so.
        package var isCountedOtherwise: Bool {
            before != after
        }
    }

    /// A weekday that has other windows.
    package struct WeekdayChange: Equatable, Sendable {
        package let weekday: Weekday
        package let before: [WorkingWindow]
        package let after: [WorkingWindow]
    }

    /// A value of the whole calendar, each by its key in the catalogue.
    package struct ValueChange: Equatable, Sendable {
        package let key: String
        package let before: String
        package let after: String
    }

    package let values: [ValueChange]
    package let weekdays: [WeekdayChange]
    /// Days that either of them names, in order; those that follow from changed weekdays are not among them.
    package let days: [DayChange]

    package var isEmpty: Bool {
        values.isEmpty && weekdays.isEmpty && days.isEmpty
    }
}

extension WorkingCalendar {
    /// What another one that is to take the place of this one says otherwise.
    package func difference(to other: WorkingCalendar) -> CalendarDifference {
        func time(_ minute: Int) -> String {
            let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
            return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
        }
        let values = [
            ("zone", zone.name, other.zone.name), ("valid-through", validThrough.description, other.validThrough.description),
            ("day-ends", time(dayEndsAtMinute), time(other.dayEndsAtMinute)), ("source", source, other.source),
        ]
        return CalendarDifference(
            values: values.filter { $0.1 != $0.2 }.map { .init(key: $0.0, before: $0.1, after: $0.2) },
            weekdays: Weekday.allCases.compactMap { weekday in
                let (before, after) = (week[weekday] ?? [], other.week[weekday] ?? [])
                return before == after ? nil : .init(weekday: weekday, before: before, after: after)
            },
            days: Set(exceptions.keys).union(other.exceptions.keys).sorted().compactMap { day in
                let change = CalendarDifference.DayChange(
                    day: day, before: windows(on: day), after: other.windows(on: day), nameBefore: exceptions[day]?.name,
                    nameAfter: other.exceptions[day]?.name)
                return change.isCountedOtherwise || change.nameBefore != change.nameAfter ? change : nil
            })
    }
}
