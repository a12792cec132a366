import CaseCore

/// Who hears of what. A watch that asks for cases of a certain kind rests here once it has heard all there is: the end of the journal is looked
/// through once for all that rest, and those are woken of whose kind a case was or is. So an event costs what follows from it, however many
/// watches there are.
struct WatchBoard<Watch: Hashable> {
    /// A part of the journal that was looked through.
    private struct Look {
        let after: Int64
        /// What the cases in it had about them, before and after; nil where everybody is concerned.
        let marks: Set<CaseMark>?
    }

    /// Up to here the journal was looked through for those that rest.
    private(set) var through: Int64 = 0
    /// Those that are told of everything.
    private(set) var unmarked: Set<Watch> = []
    private var marks: [Watch: Set<CaseMark>] = [:]
    private var resting: Set<Watch> = []
    private var watches: [CaseMark: Set<Watch>] = [:]
    /// The last looks: who has read by itself meanwhile may rest without another one.
    private var looks: ArraySlice<Look> = []
    private var markCount = 0

    /// How far from the end of the journal a watch may be, so that none that rest wait for another one to catch up.
    private static var reach: Int64 { 1024 }
    /// Of what the last looks have found.
    private static var markLimit: Int { 8192 }

    /// Whether somebody waits for the next look.
    var isLookWanted: Bool {
        !resting.isEmpty
    }

    /// - Parameter marks: of which a case has one where the watch hears of it; nil where it may hear of any.
    mutating func add(_ watch: Watch, _ marks: Set<CaseMark>?) {
        if let marks { self.marks[watch] = marks } else { unmarked.insert(watch) }
    }

    mutating func remove(_ watch: Watch) {
        wake(watch)
        marks[watch] = nil
        unmarked.remove(watch)
    }

    /// Lets a watch rest that has read up to a place in the journal, near its end.
    ///
    /// - Parameter last: the last place in the journal.
    /// - Returns: whether it rests; not where it has to read on first.
    mutating func rest(_ watch: Watch, at seq: Int64, of last: Int64) -> Bool {
        guard let own = marks[watch], last - seq <= WatchBoard.reach else { return false }
        if resting.isEmpty { (through, looks, markCount) = (max(through, seq), [], 0) }
        guard seq >= through || isUnconcerned(own, after: seq) else { return false }
        resting.insert(watch)
        for mark in own { watches[mark, default: []].insert(watch) }
        return true
    }

    private func isUnconcerned(_ own: Set<CaseMark>, after seq: Int64) -> Bool {
        guard let first = looks.first, first.after <= seq else { return false }
        let missed = looks.suffix(from: looks.lastIndex { $0.after <= seq }!)
        return missed.allSatisfy { $0.marks?.isDisjoint(with: own) ?? false }
    }

    /// Takes what was found up to a place in the journal.
    ///
    /// - Parameter marks: nil where everybody is concerned.
    /// - Returns: who has to read on from where it was looked before.
    mutating func look(through seq: Int64, _ marks: Set<CaseMark>?) -> Set<Watch> {
        looks.append(Look(after: through, marks: marks))
        markCount += WatchBoard.weight(marks)
        while markCount > WatchBoard.markLimit { markCount -= WatchBoard.weight(looks.removeFirst().marks) }
        through = seq
        let woken = marks.map { $0.reduce(into: Set()) { $0.formUnion(watches[$1] ?? []) } } ?? resting
        for watch in woken { wake(watch) }
        return woken
    }

    private static func weight(_ marks: Set<CaseMark>?) -> Int {
        1 + (marks?.count ?? 0)
    }

    private mutating func wake(_ watch: Watch) {
        guard resting.remove(watch) != nil else { return }
        for mark in marks[watch] ?? [] {
            watches[mark]?.remove(watch)
            if watches[mark]?.isEmpty == true { watches[mark] = nil }
        }
    }

    func isResting(_ watch: Watch) -> Bool {
        resting.contains(watch)
    }
}
