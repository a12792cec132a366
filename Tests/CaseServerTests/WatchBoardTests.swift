import CaseCore
import CaseTesting
import Testing

@testable import CaseServer

@Suite("Who hears of what")
struct WatchBoardTests {
    /// A watch that reads on as those of connections do, and what it has heard.
    private struct Watch {
        let marks: Set<CaseMark>?
        var seq: Int64
        var heard: [Int64] = []
        let start: Int64
        var readCount = 0
    }

    private static let kinds: [CaseMark] = [
        .number(CaseID(1)), .number(CaseID(2)), .value(.state, .text("granted")), .value(.matter, .text("m")), .value(.office, .text("o")),
    ]

    /// A journal that grows, watches that come, read at once or late, and go, and looks at any time.
    @Test(
        "Each hears all that it asks for, once and in order, and rests unless there is something for it",
        arguments: 0..<200 as Range<UInt64>)
    func lives(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func number(_ range: Range<Int>) -> Int { .random(in: range, using: &random) }
        func someMarks() -> Set<CaseMark> { Set((0..<number(0..<3)).map { _ in Self.kinds[number(0..<Self.kinds.count)] }) }
        var board = WatchBoard<Int>()
        var journal: [Set<CaseMark>] = []
        var watches: [Int: Watch] = [:]
        var last: Int64 { Int64(journal.count) }

        func readOn(_ name: Int) {
            guard var watch = watches[name], !board.isResting(name) else { return }
            watch.readCount += 1
            let end = min(last, watch.seq + Int64(number(1..<6)))
            for seq in watch.seq..<max(watch.seq, end) where watch.marks.map({ !$0.isDisjoint(with: journal[Int(seq)]) }) ?? true {
                watch.heard.append(seq)
            }
            watch.seq = end
            watches[name] = watch
            _ = board.rest(name, at: watch.seq, of: last)
        }

        func look() {
            let (start, end) = (board.through, min(last, board.through + Int64(number(1..<6))))
            guard board.isLookWanted, start < end else { return }
            let found = journal[Int(start)..<Int(end)].reduce(into: Set()) { $0.formUnion($1) }
            for name in board.look(through: end, number(0..<9) == 0 ? nil : found) { watches[name]!.seq = max(watches[name]!.seq, start) }
        }

        for step in 0..<300 {
            switch number(0..<8) {
            case 0:
                let marks = number(0..<4) == 0 ? nil : someMarks()
                let start = Int64(number(0..<journal.count + 1))
                watches[step] = Watch(marks: marks, seq: start, start: start)
                board.add(step, marks)
            case 1: journal.append(someMarks())
            case 2, 3: for _ in 0..<number(0..<4) { journal.append(someMarks()) }
            case 4: look()
            case 5:
                if watches.count > 4, let name = watches.keys.randomElement(using: &random) {
                    board.remove(name)
                    watches[name] = nil
                }
            default: if let name = watches.keys.sorted().randomElement(using: &random) { readOn(name) }
            }
        }
        // Everything comes to its end: what is not resting reads on, and what rests is looked for.
        while watches.contains(where: { !board.isResting($0.key) && $0.value.seq < last }) || board.isLookWanted && board.through < last {
            for name in watches.keys where watches[name]!.seq < last { readOn(name) }
            look()
        }
        for (name, watch) in watches {
            let expected = (watch.start..<last).filter { seq in watch.marks.map { !$0.isDisjoint(with: journal[Int(seq)]) } ?? true }
            #expect(watch.heard == expected)
            #expect(board.unmarked.contains(name) == (watch.marks == nil))
        }
        for name in watches.keys { board.remove(name) }
        #expect(!board.isLookWanted && board.unmarked.isEmpty)
    }

    @Test("What happens to cases of another kind wakes nobody, however much it is")
    func undisturbed() {
        var board = WatchBoard<Int>()
        for name in 0..<1000 {
            board.add(name, [.number(CaseID(Int64(name)))])
            let isResting = board.rest(name, at: 0, of: 0)
            #expect(isResting)
        }
        for seq in Int64(1)...1000 {
            let woken = board.look(through: seq, [.number(CaseID(5000 + seq)), .value(.matter, .text("m"))])
            #expect(woken.isEmpty)
        }
        let (one, others) = (board.look(through: 1001, [.number(CaseID(7))]), board.look(through: 1002, nil))
        #expect(one == [7] && others.count == 999)
    }

    @Test("Who has far to read keeps none that rest waiting")
    func far() {
        var board = WatchBoard<Int>()
        board.add(1, [Self.kinds[0]])
        board.add(2, [Self.kinds[0]])
        let isFirst = board.rest(1, at: 0, of: 1_000_000)
        let isSecond = board.rest(2, at: 1_000_000, of: 1_000_000)
        #expect(!isFirst && isSecond && board.through == 1_000_000)
        let isLater = board.rest(1, at: 999_000, of: 1_000_000)
        #expect(!isLater, "what was found before was not kept")
    }
}
