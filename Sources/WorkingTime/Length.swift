/// What a clock counts.
package enum Meter: String, CaseIterable, Sendable {
    case workingDays = "working-days"
    case calendarDays = "calendar-days"
    case workingMinutes = "working-minutes"
    case minutes
    /// Of lengths alone: an account counts the days that they have where it starts.
    case months

    /// Day meters count whole days, the others milliseconds.
    package var countsDays: Bool {
        switch self {
        case .workingDays, .calendarDays, .months: true
        case .workingMinutes, .minutes: false
        }
    }

    /// By which an account of a length in this unit is kept.
    package var account: Meter {
        self == .months ? .calendarDays : self
    }

    /// Whether it counts what the calendar's days and windows say, rather than all that passes.
    package var countsWork: Bool {
        switch self {
        case .workingDays, .workingMinutes: true
        case .calendarDays, .minutes, .months: false
        }
    }

    /// The positions of all days, or instants.
    var positions: ClosedRange<Int64> {
        let (first, last) = (Instant.first.milliseconds, Instant.last.milliseconds)
        // A day begins and ends elsewhere in other zones.
        return countsDays ? first / 86_400_000 - 2...last / 86_400_000 + 2 : first...last
    }

    /// The amounts that an account can have, in quanta.
    package var amounts: ClosedRange<Int64> {
        1...positions.upperBound - positions.lowerBound
    }

    /// How many quanta make one unit of this meter: a day is one, a minute 60,000.
    package var quantaPerUnit: Int64 {
        countsDays ? 1 : 60_000
    }
}

/// A length of time with its unit, as people promise it: `20 working-days`, `48 hours`, `2 months`. A week is seven calendar days.
///
/// A number without a unit, and bare `days`, have no meaning here: nobody can tell working days from calendar days afterwards.
package struct Length: Hashable, Sendable {
    package let meter: Meter
    /// In the meter's quanta: days, months, or milliseconds.
    package let quanta: Int64

    package static let limit: Int64 = 100_000
    /// A hundred years.
    package static let monthLimit: Int64 = 1_200
    /// As they are written.
    package static let units = ["working-days", "calendar-days", "weeks", "months", "working-hours", "working-minutes", "hours", "minutes"]
    /// In which the time between two instants is measured.
    package static let measured = ["working-days", "calendar-days", "working-hours", "working-minutes", "hours", "minutes"]

    package init(_ amount: Int, _ meter: Meter) {
        self.init(quanta: Int64(amount) * meter.quantaPerUnit, meter)
    }

    package init(quanta: Int64, _ meter: Meter) {
        self.meter = meter
        self.quanta = quanta
    }

    /// What an account of it holds at least, in that account's quanta: no month is shorter than 28 days.
    package var leastQuanta: Int64 {
        meter == .months ? quanta * 28 : quanta
    }
}

extension Length: CustomStringConvertible {
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Reads `<whole number> <unit>` with a unit of working-days, calendar-days, weeks, months, working-hours, working-minutes, hours,
    /// minutes.
    package init(parsing text: String) throws(Malformed) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        let form = "write it as in \"20 working-days\", \"30 calendar-days\", \"8 working-hours\" or \"48 hours\""
        guard let number = parts.first, let amount = decimal(number.utf8) else {
            throw Malformed(description: "\"\(text)\" is not a length of time: \(form)")
        }
        guard parts.count == 2 else { throw Malformed(description: "\"\(text)\" has no unit: \(form)") }
        let limit =
            switch parts[1] {
            case "months", "month": Length.monthLimit
            case "weeks", "week": Length.limit / 7
            default: Length.limit
            }
        guard amount >= 1, amount <= limit else {
            throw Malformed(description: "\"\(text)\" is out of range: 1 to \(limit) is allowed")
        }
        switch parts[1] {
        case "working-days", "working-day": self.init(amount, .workingDays)
        case "calendar-days", "calendar-day": self.init(amount, .calendarDays)
        case "weeks", "week": self.init(amount * 7, .calendarDays)
        case "months", "month": self.init(amount, .months)
        case "working-hours", "working-hour": self.init(amount * 60, .workingMinutes)
        case "working-minutes", "working-minute": self.init(amount, .workingMinutes)
        case "hours", "hour": self.init(amount * 60, .minutes)
        case "minutes", "minute": self.init(amount, .minutes)
        case "days", "day":
            throw Malformed(description: "\"\(text)\" does not say which days: write working-days or calendar-days")
        default: throw Malformed(description: "\"\(text)\" has an unknown unit: \(form)")
        }
    }

    package var description: String {
        switch meter {
        case .workingDays, .calendarDays, .months: "\(quanta) \(meter.rawValue)"
        case .workingMinutes: minutes % 60 == 0 ? "\(minutes / 60) working-hours" : "\(minutes) working-minutes"
        case .minutes: minutes % 60 == 0 ? "\(minutes / 60) hours" : "\(minutes) minutes"
        }
    }

    private var minutes: Int64 {
        quanta / 60_000
    }
}
