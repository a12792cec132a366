import CaseEngine
import CaseStore
import CaseTesting
import CaseWire
import Testing

@Suite("What watches are fed with")
struct WatchFeedTests {
    @Test("Nothing is heard, and nothing looked through, behind what is taken in: it comes when it is, and nothing twice")
    func takenIn() async throws {
        let harness = try await Harness()
        for number in 0..<4 { _ = try await harness.submit("\(number)") }
        let last = harness.engine.view.lastSeq
        let feed = harness.reader.feed
        var watch = try feed.watch("w", CaseFilter([], now: harness.time.now), forAdmin: Peer(uid: Harness.admin), after: last - 3)
        var heard: [Int64] = []
        for limit in [last - 2, last - 2, last - 1, last, last] {
            let lines = try feed.advance(&watch, through: limit)
            heard += try lines.map { try JSONReader.read($0)["params"]!["event"]!["seq"]!.integer! }
            #expect(watch.seq == limit && heard.last == limit)
            #expect(try feed.look(after: last - 3, through: limit).through == limit)
        }
        #expect(heard == Array(last - 2...last))
        // A place that is further than the limit stays.
        #expect(try feed.advance(&watch, through: last - 2) == [] && watch.seq == last)
    }

    @Test("Who begins behind what others have heard hears all of it, also what is kept for nobody any more")
    func behind() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        // More entries than are kept for those who follow.
        for number in 0..<1300 { _ = try await harness.on(file, "case.note", ["text": .string("\(number)")]).get() }
        let last = harness.engine.view.lastSeq
        let feed = harness.reader.feed
        func heard(after first: Int64) throws -> [Int64] {
            var watch = try feed.watch("w", CaseFilter([], now: harness.time.now), forAdmin: Peer(uid: Harness.admin), after: first)
            var all: [Int64] = []
            while watch.seq < last {
                all += try feed.advance(&watch, through: last).map { try JSONReader.read($0)["params"]! }
                    .compactMap { $0["event"]?["seq"]?.integer }
            }
            return all
        }
        let whole = try heard(after: 0)
        #expect(whole.count == 1301 && whole == whole.sorted())
        for first in [0, whole[10], whole[600], whole[1290]] {
            #expect(try heard(after: first) == whole.filter { $0 > first }, "after \(first)")
        }
    }
}
