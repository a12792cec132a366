import CaseTesting
import CaseWire
import Testing

@testable import CaseEngine

@Suite("Requests that wait for the engine")
struct MailboxTests {
    private func request(_ user: UInt32, _ number: Int) throws -> WriteRequest {
        let params = JSONValue.of(["case": "C-1", "text": .string("\(number)")])
        return WriteRequest(peer: Peer(uid: user), try WriteRequest.Work("case.note", params)!) { _ in }
    }

    private func number(_ request: WriteRequest) -> Int {
        guard case .command(let asked) = request.work else { return -1 }
        return Int(asked.parameters["text"]!.string!)!
    }

    @Test("P16: Users take turns, each in its own order; what is put back comes first, and nothing is lost", arguments: 0..<30)
    func turns(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let mailbox = Mailbox()
        var (posted, heard, taken): ([UInt32: Int], [UInt32: Int], Int) = ([:], [:], 0)
        func post() throws {
            let user = UInt32.random(in: 1...3, using: &random)
            _ = mailbox.post(try request(user, posted[user] ?? 0))
            posted[user, default: 0] += 1
        }
        for _ in 0..<400 {
            for _ in 0..<Int.random(in: 0...6, using: &random) { try post() }
            let waiting = posted.filter { $0.value > heard[$0.key] ?? 0 }.count
            let (requests, isMore) = mailbox.take(limit: Int.random(in: 1...5, using: &random))
            // Of the first so many, no user has two before each other one that waits has one.
            #expect(Set(requests.prefix(waiting).map(\.peer.uid)).count == min(waiting, requests.count))
            let kept = Int.random(in: 0...requests.count, using: &random)
            for request in requests.prefix(kept) {
                #expect(number(request) == heard[request.peer.uid] ?? 0)
                heard[request.peer.uid, default: 0] += 1
            }
            if kept < requests.count { mailbox.putBack(Array(requests[kept...])) }
            taken += kept
            #expect(isMore || kept < requests.count || !mailbox.isWaiting)
        }
        let rest = mailbox.take(limit: .max).requests
        #expect(taken + rest.count == posted.values.reduce(0, +) && !mailbox.isWaiting)
    }

    @Test("Whoever asks for one thing waits for one of each other, however much they have waiting")
    func flood() throws {
        let mailbox = Mailbox()
        for number in 0..<1000 { _ = mailbox.post(try request(1, number)) }
        _ = mailbox.post(try request(2, 0))
        #expect(mailbox.take(limit: 2).requests.map(\.peer.uid).sorted() == [1, 2])
    }
}
