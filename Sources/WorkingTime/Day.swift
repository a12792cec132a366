/// A day of the proleptic Gregorian calendar, as the count of days since 1970-01-01.
///
/// It has no zone: a `Zone` says when it begins and ends.
package struct Day: Hashable, Comparable, Sendable {
    package let number: Int

    /// 0001-01-01, the first day that its text can say.
    package static let first = Day(number: -719_162)
    /// 9999-12-31, the last one.
    package static let last = Day(number: 2_932_896)

    package init(number: Int) {
        self.number = number
    }

    /// Nil where no such day exists, such as 30 February.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Day.length(ofMonth: month, year: year)
        else { return nil }
        // Years begin in March here, so that the leap day is the last of its year.
        let shifted = month > 2 ? year : year - 1
        let (era, yearOfEra) = floorDivide(shifted, 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    package var components: (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = floorDivide(number + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    package var weekday: Weekday {
        Weekday(rawValue: floorDivide(number + 3, 7).remainder)!
    }

    package func advanced(by days: Int) -> Day {
        Day(number: number + days)
    }

    /// The day of the same number so many months later, or the last one of a month that has no such day; nil where it is beyond the years 1
    /// to 9999 (Civil Code of the People's Republic of China, Art. 202; German Civil Code, § 188 (2) and (3)).
    package func advanced(byMonths months: Int) -> Day? {
        let (year, month, day) = components
        let (years, rest) = floorDivide(month - 1 + months, 12)
        guard (1...9999).contains(year + years) else { return nil }
        let length = Day.length(ofMonth: rest + 1, year: year + years)
        return Day(year: year + years, month: rest + 1, day: min(day, length))
    }

    package static func < (a: Day, b: Day) -> Bool {
        a.number < b.number
    }
}

package enum Weekday: Int, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}

extension Day: CustomStringConvertible, LosslessStringConvertible {
    /// `YYYY-MM-DD`, the only form read and written.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = decimal(bytes[0..<4]), let month = decimal(bytes[5..<7]), let day = decimal(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package var description: String {
        let (year, month, day) = components
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

/// The value of ASCII digits; nil where any byte is none or there are none.
func decimal(_ digits: some Collection<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    var value = 0
    for byte in digits {
        guard byte >= 48, byte <= 57 else { return nil }
        value = value * 10 + Int(byte - 48)
    }
    return value
}

func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
