/// A stretch in which work is done, in minutes since 00:00 of the day on which it begins: `09:00-12:00`, `00:00-24:00`, or over midnight
/// `22:00-06:00`.
///
/// It belongs to the day on which it begins: a holiday on the next day does not end it.
package struct WorkingWindow: Hashable, Sendable {
    /// 0 to 1439.
    package let from: Int
    /// Not worked itself; more than 1440 where it lies on the next day.
    package let to: Int

    /// Nil unless it begins on its day and lasts a minute to a day: 0 ≤ from < 1440, from < to ≤ from + 1440.
    package init?(from: Int, to: Int) {
        guard from >= 0, from < 1440, from < to, to <= from + 1440 else { return nil }
        self.from = from
        self.to = to
    }

    /// Reads `HH:MM-HH:MM`. What ends before it begins ends on the next day; `24:00` may end a window. Nil too where both are the same
    /// time, which can mean nothing or a whole day.
    package init?(_ text: String) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(WorkingWindow.minuteOfDay)
        guard ends.count == 2, let from = ends[0], let to = ends[1], from != to else { return nil }
        self.init(from: from, to: from < to ? to : to + 1440)
    }

    /// Whether a part of it lies on the day after the one on which it begins.
    package var passesMidnight: Bool {
        to > 1440
    }

    /// The minute of a day that `HH:MM` names, 0 to 1440; nil where it names none.
    package static func minuteOfDay(_ text: some StringProtocol) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = decimal(bytes[0..<2]),
            let minute = decimal(bytes[3..<5]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
}

extension WorkingWindow: CustomStringConvertible {
    package var description: String {
        func time(_ minute: Int) -> String { "\(padded(minute / 60, 2)):\(padded(minute % 60, 2))" }
        return "\(time(from))-\(time(passesMidnight ? to - 1440 : to))"
    }
}
