import CaseTesting
import Testing

@Suite("The check of histories")
struct HistoryCheckTests {
    private typealias Operation = HistoryCheck.Operation
    private typealias Event = HistoryCheck.Event

    /// Two clients with two cases: a submits and notes, b reads and notes on the revision that it has seen, beside others.
    private static let operations: [Operation] = [
        Operation(id: "a1", file: "C-1", began: 0, ended: 10, outcome: .acknowledged(revision: 1)),
        Operation(id: "a2", file: "C-1", began: 20, ended: 40, outcome: .acknowledged(revision: 2)),
        Operation(id: "b1", isReading: true, file: "C-1", began: 25, ended: 35, outcome: .acknowledged(revision: 2)),
        Operation(id: "b2", file: "C-1", onlyAt: 2, began: 41, ended: 50, outcome: .acknowledged(revision: 3)),
        Operation(id: "a3", file: "C-1", onlyAt: 2, began: 42, ended: 52, outcome: .refused),
        Operation(id: "a4", file: "C-2", began: 45, ended: 55, outcome: .acknowledged(revision: 1)),
        Operation(id: "b3", file: "C-2", began: 60, ended: 70, outcome: .unknown),
        Operation(id: "b4", file: "C-2", began: 61, ended: 71, outcome: .unknown),
        Operation(id: "b5", isReading: true, file: "C-2", began: 80, ended: 90, outcome: .acknowledged(revision: 3)),
    ]
    private static let events: [Event] = [
        Event(place: 2, file: "C-1", revision: 1, operation: "a1"),
        Event(place: 3, file: "C-1", revision: 2, operation: "a2"),
        Event(place: 5, file: "C-2", revision: 1, operation: "a4"),
        Event(place: 6, file: "C-1", revision: 3, operation: "b2"),
        Event(place: 7, file: "C-2", revision: 2, deadline: .init(name: "intake 1 0", due: 100, seen: 100)),
        Event(place: 8, file: "C-2", revision: 3, operation: "b4"),
    ]

    private func findings(
        _ operations: [Operation] = HistoryCheckTests.operations, _ events: [Event] = HistoryCheckTests.events,
        _ change: (inout [Operation], inout [Event]) -> Void
    ) -> [HistoryCheck.Finding] {
        var (operations, events) = (operations, events)
        change(&operations, &events)
        return HistoryCheck(operations: operations, events: events).findings
    }

    @Test("A history that can be is not complained of, whether what nobody heard of was done or not")
    func sound() {
        #expect(findings { _, _ in }.isEmpty)
    }

    @Test("A command that was acknowledged and is not there is lost")
    func lost() {
        #expect(findings { _, events in events[3].operation = nil } == [.lost("b2")])
    }

    @Test("A revision that somebody has seen and the journal does not have is found")
    func seen() {
        #expect(findings { _, events in events.removeLast() } == [.gone("b5", revision: 3)])
    }

    @Test("A command that is there twice is doubled, one that was refused or never asked is not to be there")
    func doubled() {
        func added(_ id: String) -> [HistoryCheck.Finding] {
            findings { _, events in events.append(Event(place: 9, file: "C-2", revision: 4, operation: id)) }
        }
        #expect(added("a4") == [.doubled("a4")])
        #expect(added("a3") == [.refusedAndDone("a3"), .notOnItsRevision("a3")])
        #expect(added("c1") == [.unasked("c1")])
        #expect(added("b3").isEmpty)
    }

    @Test("A revision that is missing, comes twice or not in its order is found, and so is a place of the journal")
    func revisions() {
        #expect(findings { _, events in events.remove(at: 4) } == [.hole(file: "C-2", after: 1)])
        #expect(findings { _, events in events.swapAt(1, 3) }.contains(.disorder(file: "C-1", revision: 2)))
        #expect(
            findings { _, events in events.append(Event(place: 8, file: "C-2", revision: 4)) } == [.disorder(file: "C-2", revision: 4)])
        #expect(
            findings { _, events in events.append(Event(place: 9, file: "C-2", revision: 3)) } == [.disorder(file: "C-2", revision: 3)])
    }

    @Test("An acknowledgement that names another event is found, and a command that was not done on its revision")
    func elsewhere() {
        #expect(
            findings { operations, _ in operations[1].outcome = .acknowledged(revision: 5) } == [.elsewhere("a2", revision: 2)])
        #expect(findings { operations, _ in operations[3].onlyAt = 1 } == [.notOnItsRevision("b2")])
    }

    @Test("What was answered before something else was asked comes before it, in the journal and in what is seen")
    func realTime() {
        // Its event is before that of a command that had been answered when it was asked.
        let late = Operation(id: "a4", file: "C-2", began: 51, ended: 55, outcome: .acknowledged(revision: 1))
        #expect(findings { operations, _ in operations[5] = late } == [.againstTime("a4", "b2")])
        // Somebody sees less than was acknowledged, less than somebody else has seen before, or more than was asked for.
        func seeing(_ revision: Int64, _ began: Int64, _ ended: Int64) -> [HistoryCheck.Finding] {
            findings { operations, _ in
                operations.append(
                    Operation(
                        id: "c1", isReading: true, file: "C-1", began: began, ended: ended, outcome: .acknowledged(revision: revision)))
            }
        }
        #expect(seeing(2, 51, 60) == [.againstTime("c1", "b2")])
        #expect(seeing(1, 36, 39) == [.againstTime("c1", "b1")])
        #expect(seeing(3, 30, 39) == [.againstTime("b2", "c1")])
        #expect(seeing(3, 42, 60).isEmpty)
    }

    @Test("A deadline that passed before it was due, or twice, is found")
    func deadlines() {
        #expect(
            findings { _, events in events[4].deadline = .init(name: "intake 1 0", due: 101, seen: 100) }
                == [.early(file: "C-2", deadline: "intake 1 0")])
        #expect(
            findings { _, events in
                events.append(
                    Event(place: 9, file: "C-2", revision: 4, deadline: .init(name: "intake 1 0", due: 100, seen: 200)))
            } == [.passedTwice(file: "C-2", deadline: "intake 1 0")])
    }

    @Test("Of a thousand sound histories none is complained of; of each with one thing changed, nearly every one is")
    func random() {
        var (random, missed) = (SeededRandom(seed: 20), 0)
        for _ in 0..<1000 {
            let (operations, events) = Self.history(using: &random)
            #expect(HistoryCheck(operations: operations, events: events).findings.isEmpty)
            let index = Int.random(in: 0..<events.count - 1, using: &random)
            // Two events change their places: to the eye of everybody the journal is as good as before.
            let changed = findings(operations, events) { _, events in
                let (first, second) = (events[index].operation, events[index + 1].operation)
                (events[index].operation, events[index + 1].operation) = (second, first)
            }
            if changed.isEmpty { missed += 1 }
        }
        // Two that ran beside each other, and of which nobody heard.
        #expect(missed < 50, "\(missed)")
    }

    /// Operations on two cases by clients beside each other, each done at some instant between its question and its answer.
    private static func history(using random: inout SeededRandom) -> ([Operation], [Event]) {
        var (operations, events, revisions): ([Operation], [Event], [String: Int64]) = ([], [], [:])
        for number in 1...20 {
            let (done, file) = (Int64(number) * 10, Bool.random(using: &random) ? "C-1" : "C-2")
            let (began, ended) = (done - .random(in: 1...40, using: &random), done + .random(in: 1...40, using: &random))
            var operation = Operation(id: "\(number)", file: file, began: began, ended: ended, outcome: .unknown)
            operation.isReading = Int.random(in: 0..<4, using: &random) == 0 && revisions[file] != nil
            if !operation.isReading {
                revisions[file, default: 0] += 1
                events.append(Event(place: done, file: file, revision: revisions[file]!, operation: operation.id))
            }
            let isHeard = operation.isReading || Int.random(in: 0..<10, using: &random) > 0
            if isHeard { operation.outcome = .acknowledged(revision: revisions[file]!) }
            operations.append(operation)
        }
        return (operations, events)
    }
}
