import Dispatch

/// Lets through a few messages of one text a minute, and counts the others.
struct LogFlood {
    private struct Count {
        let start: DispatchTime
        var said = 0
        var leftOut = 0
    }

    /// Of one text in a minute.
    private static let limit = 20
    private static let minute = 60.0
    /// Texts that are told apart: nearly all are words of the program's own.
    private static let textLimit = 200

    private var counts: [String: Count] = [:]

    /// - Returns: how many of this text were left out before, where it is to be written; nil where it is one of too many.
    mutating func admit(_ text: String, at now: DispatchTime) -> Int? {
        var leftOut = 0
        if let count = counts[text], count.start + LogFlood.minute <= now { (leftOut, counts[text]) = (count.leftOut, nil) }
        if counts.count >= LogFlood.textLimit { counts = counts.filter { $0.value.start + LogFlood.minute > now } }
        guard counts.count < LogFlood.textLimit || counts[text] != nil else { return 0 }
        guard counts[text, default: Count(start: now)].said < LogFlood.limit else {
            counts[text]!.leftOut += 1
            return nil
        }
        counts[text, default: Count(start: now)].said += 1
        return leftOut
    }
}
