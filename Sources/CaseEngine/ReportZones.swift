import CaseCore
import WorkingTime

/// In which zones the days of a report begin and end: each matter's are those of its calendar.
struct ReportZones {
    let names: [String]
    /// The one in which a day ends last: what is over there is over everywhere.
    let own: Zone
    /// What day it is there.
    let today: Day

    /// - Parameter matters: those that are meant; where none has a calendar, all calendars are.
    init(of matters: some Sequence<Matter>, in register: Register, at now: Instant) {
        let used = matters.compactMap { register.policies[$0.policy].flatMap { register.calendars[$0.calendar]?.zone } }
        let zones = Dictionary(grouping: used.isEmpty ? register.calendars.values.map(\.zone) : used, by: \.name).mapValues { $0[0] }
        names = zones.keys.sorted()
        own =
            zones.values.min { one, other in
                let (first, second) = (one.day(of: now), other.day(of: now))
                return (first, one.timeOfDay(of: now), one.name) < (second, other.timeOfDay(of: now), other.name)
            } ?? .utc
        today = own.day(of: now)
    }
}
