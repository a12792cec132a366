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
}
