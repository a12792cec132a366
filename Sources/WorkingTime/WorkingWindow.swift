/// A stretch of one day in which work is done, in minutes since 00:00: `09:00-12:00`, `00:00-24:00`.
package struct WorkingWindow: Hashable, Sendable {
    package let from: Int
    package let to: Int

    /// Nil unless 0 ≤ from < to ≤ 1440.
    package init?(from: Int, to: Int) {
        guard from >= 0, from < to, to <= 1440 else { return nil }
        self.from = from
        self.to = to
    }

    /// Reads `HH:MM-HH:MM`; `24:00` may end a window.
    package init?(_ text: String) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(WorkingWindow.minuteOfDay)
        guard ends.count == 2, let from = ends[0], let to = ends[1] else { return nil }
        self.init(from: from, to: to)
    }

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
        return "\(time(from))-\(time(to))"
    }
}
