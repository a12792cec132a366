import CaseTesting
import Testing

@testable import CaseServer

/// Who is read for next, without threads and clocks.
@Suite("Work that users share threads for")
struct FairQueueTests {
    @Test("P16: Whoever asks for a thousand things at once waits for whoever asks for one, and not the other way round")
    func flood() {
        var queue = FairQueue<Int, String>(width: 2)
        for number in 0..<1000 { queue.add("flood \(number)", for: 1) }
        #expect(queue.next()?.job == "flood 0")
        queue.add("one", for: 2)
        #expect(queue.next()?.job == "one")
        queue.end(of: 2, after: 5)
        queue.end(of: 1, after: 5)
        queue.add("another", for: 2)
        let next = [queue.next()!, queue.next()!]
        #expect(next.contains { $0.job == "another" }, "one of two threads is free for whoever asks little")
    }

    @Test(
        "Over any time in which several have work, each gets as much of it as any other, but for one piece; each one's own stays in order",
        arguments: 0..<40)
    func shares(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let (users, threads) = (Int.random(in: 2...5, using: &random), Int.random(in: 1...3, using: &random))
        // What a piece of each costs.
        let costs = (0..<users).map { _ in UInt64.random(in: 1...20, using: &random) }
        var queue = FairQueue<Int, Int>(width: threads)
        var (spent, last) = (Array(repeating: UInt64(0), count: users), Array(repeating: -1, count: users))
        for number in 0..<2000 {
            for user in 0..<users { queue.add(number, for: user) }
        }
        var working: [(user: Int, end: UInt64)] = []
        var now: UInt64 = 0
        while now < 4000 {
            while working.count < threads, let (user, job) = queue.next() {
                #expect(job == last[user] + 1)
                last[user] = job
                working.append((user, now + costs[user]))
            }
            let first = working.indices.min { working[$0].end < working[$1].end }!
            let (user, end) = working.remove(at: first)
            now = end
            spent[user] += costs[user]
            queue.end(of: user, after: costs[user])
        }
        // One piece of the dearest on each thread is under way at most.
        let least = spent.min()!
        #expect(threads > 1 || spent.allSatisfy { $0 <= least + 2 * costs.max()! }, "\(spent)")
        #expect(last.allSatisfy { $0 >= 0 }, "nobody waits for ever: \(last)")
    }

    @Test("P16: However much of one user is under way, a thread is left for whoever has nothing, and what waited goes on", arguments: 1...6)
    func lastThread(width: Int) {
        var queue = FairQueue<Int, Int>(width: width)
        for number in 0..<1000 { queue.add(number, for: 1) }
        var underWay: [Int] = []
        while let (user, _) = queue.next() { underWay.append(user) }
        #expect(underWay.count == max(1, width - 1))
        queue.add(0, for: 2)
        if width > 1 {
            underWay.append(queue.next()?.user ?? 0)
            #expect(underWay.last == 2)
        }
        // As pieces end, others begin, until all are done.
        var done = 0
        while let user = underWay.popLast() {
            queue.end(of: user, after: 1)
            done += 1
            while let (next, _) = queue.next() { underWay.append(next) }
        }
        #expect(done == 1001 && queue.userCount == 0)
    }

    @Test("Nobody saves up while nothing of theirs waits, and whoever has gone is forgotten")
    func forgotten() {
        var queue = FairQueue<Int, Int>(width: 4)
        for number in 0..<100 {
            queue.add(number, for: 1)
            _ = queue.next()
            queue.end(of: 1, after: 1000)
        }
        #expect(queue.userCount == 0)
        for user in 0..<10_000 {
            queue.add(0, for: user)
            if user > 0 { queue.add(1, for: 0) }
        }
        while let (user, _) = queue.next() { queue.end(of: user, after: 1) }
        #expect(queue.userCount == 0 && queue.next() == nil)
    }
}
