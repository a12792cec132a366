import CasePages
import WorkingTime

/// How far an instant is away, as people say it.
enum RelativeTime {
    /// Such as `in 3 d 4 h` or `2 h ago`; what follows an instant, as in `… provisional`, stays. Nil where the text is no instant.
    static func text(_ text: String, now: Instant) -> String? {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let first = parts.first, let instant = Instant(first) else { return nil }
        let rest = parts.count > 1 ? " " + parts[1] : ""
        let milliseconds = instant.milliseconds - now.milliseconds
        let length = length(abs(milliseconds) / 1000)
        if milliseconds <= 0 { return length + Say.text(" ago") + rest }
        return Say.text("in ") + length + rest
    }

    /// A length, such as `3 d 4 h`.
    static func length(_ seconds: Int64) -> String {
        let units: [(String, Int64)] = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)]
        guard let place = units.firstIndex(where: { seconds >= $0.1 }) else { return Say.language == .zh ? "0 秒" : "0 s" }
        let (name, size) = units[place]
        func unit(_ name: String) -> String { Say.language == .zh ? chinese[name] ?? name : name }
        let first = "\(seconds / size) \(unit(name))"
        // Far away the small unit says nothing.
        guard place + 1 < units.count, seconds / size < 10, case let rest = seconds % size / units[place + 1].1, rest > 0 else {
            return first
        }
        return "\(first) \(rest) \(unit(units[place + 1].0))"
    }

    private static let chinese = ["d": "天", "h": "小时", "min": "分钟", "s": "秒"]

    /// A length of whatever size; below a second in milliseconds.
    static func length(milliseconds: Int64) -> String {
        milliseconds < 1000 ? "\(milliseconds) ms" : length(milliseconds / 1000)
    }
}
