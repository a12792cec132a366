import WorkingTime

/// Zones and weeks that the tests share.
enum Zones {
    static let shanghai = Zone(name: "Asia/Shanghai", firstOffset: 8 * 3600, changes: [])

    /// Europe/Berlin from 2025 to 2027.
    static let berlin = Zone(
        name: "Europe/Berlin", firstOffset: 3600,
        changes: [
            ("2025-03-30T01:00:00Z", 7200), ("2025-10-26T01:00:00Z", 3600), ("2026-03-29T01:00:00Z", 7200),
            ("2026-10-25T01:00:00Z", 3600), ("2027-03-28T01:00:00Z", 7200), ("2027-10-31T01:00:00Z", 3600),
        ].map { Zone.Change(at: Instant($0.0)!, offset: $0.1) })

    static func weekdays(_ windows: [WorkingWindow]) -> WorkingCalendar.Week {
        Dictionary(uniqueKeysWithValues: Weekday.allCases.prefix(5).map { ($0, windows) })
    }
}

extension Zones {
    /// A zone with summer time from the last days of March to those of October, in all years from 2001 on.
    static let yearly = Zone(
        name: "Yearly", firstOffset: 3600,
        changes: (2001...2402).flatMap { year in
            [("03-28T01:00:00Z", 7200), ("10-25T01:00:00Z", 3600)].map { Zone.Change(at: Instant("\(year)-\($0.0)")!, offset: $0.1) }
        }, repeatsFrom: Instant("2403-01-01T00:00:00Z")!)
}
