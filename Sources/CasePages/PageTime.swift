import WorkingTime

/// Days, instants and lengths as people say them on a page, in its language.
extension Language {
    package func day(_ day: Day) -> String {
        let (year, month, number) = day.components
        return switch self {
        case .en: "\(number) \(Language.months[month - 1]) \(year)"
        case .zh: "\(year)年\(month)月\(number)日"
        }
    }

    /// The month in which a day lies.
    package func month(_ day: Day) -> String {
        let (year, month, _) = day.components
        return switch self {
        case .en: "\(Language.months[month - 1].prefix(3)) \(year)"
        case .zh: "\(year)年\(month)月"
        }
    }

    /// To the minute, as a clock in that zone shows it.
    package func instant(_ instant: Instant, in zone: Zone) -> String {
        let minute = zone.timeOfDay(of: instant) / 60_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let time = "\(two(minute / 60)):\(two(minute % 60))"
        return switch self {
        case .en: "\(day(zone.day(of: instant))), \(time)"
        case .zh: "\(day(zone.day(of: instant))) \(time)"
        }
    }

    /// An instant at which something ends: where that is as a day does, it is said by that day.
    package func end(_ instant: Instant, in zone: Zone) -> String {
        let last = zone.day(of: instant.advanced(byMilliseconds: -1))
        guard last != zone.day(of: instant) else { return self.instant(instant, in: zone) }
        return switch self {
        case .en: "\(day(last)), end of day"
        case .zh: "\(day(last))当日截止"
        }
    }

    /// A number of some unit of the catalogue, such as `working-days`.
    package func length(_ amount: Int64, _ unit: String) -> String {
        words.translated("\(amount) \(unit)")
    }

    /// What is counted, with its unit.
    package func labelled(_ text: String, _ unit: String?) -> String {
        guard let unit else { return text }
        return switch self {
        case .en: "\(text), \(unit)"
        case .zh: "\(text)（\(unit)）"
        }
    }

    /// What may have commas of its own.
    package func enumeration(_ texts: [String]) -> String {
        switch self {
        case .en: texts.joined(separator: "; ")
        case .zh: texts.joined(separator: "；")
        }
    }

    package func list(_ texts: [String]) -> String {
        switch self {
        case .en: texts.joined(separator: ", ")
        case .zh: texts.joined(separator: "、")
        }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
}
