/// Working time along the time line: each instant counts at which the wall clock shows a time within a window.
///
/// Between two changes of the zone, time and wall clock go alike, so that the sum at an instant is that of the paper calendar at what the
/// wall clock shows, and a correction. What a change shows again counts again, and what it leaves out does not count.
struct Timeline: Sendable {
    private let paper: PaperTime
    private let zone: Zone
    /// What the sum along the time line has more than the one on paper, once so many changes have passed.
    private let corrections: [Int64]
    /// The sum at each change.
    private let sums: [Int64]
    /// Where 400 years repeat: what had been worked when the last of them ended, and what is worked in them.
    private let cycle: (from: Int64, sum: Int64, amount: Int64)?

    /// - Parameter lastSpecial: the last day that is not as its weekday.
    init(_ paper: PaperTime, in zone: Zone, lastSpecial: Day?) {
        let special = lastSpecial.map { Instant(milliseconds: Int64($0.number + 4) * 86_400_000) }
        let zone = special.map { zone.listing(through: $0) } ?? zone
        var corrections: [Int64] = [0]
        var sums: [Int64] = []
        corrections.reserveCapacity(zone.changes.count + 1)
        sums.reserveCapacity(zone.changes.count)
        var offset = zone.firstOffset
        for change in zone.changes {
            let at = change.at.milliseconds
            let sum = paper.sum(before: at + Int64(offset) * 1000) + corrections.last!
            sums.append(sum)
            corrections.append(sum - paper.sum(before: at + Int64(change.offset) * 1000))
            offset = change.offset
        }
        self.paper = paper
        self.zone = zone
        self.corrections = corrections
        self.sums = sums
        cycle = zone.repeatsFrom.map { end in
            func sum(_ moment: Int64) -> Int64 {
                let passed = zone.changes.partitioningIndex { $0.at.milliseconds > moment }
                return paper.sum(before: moment + Int64(zone.offset(after: passed)) * 1000) + corrections[passed]
            }
            let sum = (last: sum(end.milliseconds), first: sum(end.milliseconds - Zone.cycle))
            return (end.milliseconds, sum.last, sum.last - sum.first)
        }
    }

    /// What was worked before an instant, in milliseconds, from a fixed origin.
    func sum(before instant: Instant) -> Int64 {
        var moment = instant.milliseconds
        var ahead: Int64 = 0
        if let cycle, moment >= cycle.from {
            let count = (moment - cycle.from) / Zone.cycle + 1
            moment -= count * Zone.cycle
            ahead = count * cycle.amount
        }
        let passed = zone.changes.partitioningIndex { $0.at.milliseconds > moment }
        return paper.sum(before: moment + Int64(zone.offset(after: passed)) * 1000) + corrections[passed] + ahead
    }

    /// The first instant before which `sum` was worked; the end of time where that is beyond it.
    func instant(reaching sum: Int64) -> Instant {
        var sum = sum
        var ahead: Int64 = 0
        if let cycle, sum > cycle.sum {
            let count = (sum - cycle.sum - 1) / cycle.amount + 1
            sum -= count * cycle.amount
            ahead = count * Zone.cycle
        }
        let passed = sums.partitioningIndex { $0 >= sum }
        let moment = paper.moment(reaching: sum - corrections[passed]) - Int64(zone.offset(after: passed)) * 1000
        return Instant(milliseconds: moment + ahead)
    }

    /// The window that is open at an instant, and until when in one go.
    func piece(at instant: Instant) -> (piece: PaperTime.Piece, day: Day, end: Instant)? {
        let local = instant.milliseconds + Int64(zone.offset(at: instant)) * 1000
        guard let piece = paper.piece(at: local) else { return nil }
        let (day, time) = floorDivide(local, 86_400_000)
        let end = instant.advanced(byMilliseconds: piece.to - time)
        return (piece, Day(number: Int(day) + piece.begins), min(end, zone.change(after: instant) ?? .last))
    }
}
