import FoundationEssentials
import Glibc

/// How far long work is, on standard error where that is a terminal.
struct Progress {
    private let total: Int
    private let isShown = isatty(2) == 1
    private var shown: Int?

    init(of total: Int) {
        self.total = total
    }

    /// Draws the bar, unless it would look as it does.
    mutating func show(_ done: Int) {
        guard isShown, total > 0, done == total || shown.map({ done - $0 >= max(1, total / 200) }) ?? true else { return }
        shown = done
        let filled = min(done, total) * 30 / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        StandardError.write("\r\(bar) \(done)/\(total)")
    }

    func end() {
        if isShown { StandardError.write("\r\u{1B}[K") }
    }
}
