import NIOCore

/// Work of several users who share some threads. Whoever has the least of it under way is next, and of those the one for whom the least time was
/// spent; whoever comes anew begins where the last one was that was served, so that nobody saves up. The last thread that is free is for
/// whoever has nothing under way: who asks for much that takes long keeps others waiting for as much as they have begun, and no longer.
///
/// It knows no threads and no clock. It holds whoever waits, has work under way, or has had more than the others of late, and forgets all of them
/// once nothing is to be done.
struct FairQueue<User: Hashable & Comparable, Job> {
    private struct Line {
        var waiting: CircularBuffer<Job> = []
        var underWayCount = 0
        /// In nanoseconds.
        var spent: UInt64
    }

    private let width: Int
    private var underWayCount = 0
    private var lines: [User: Line] = [:]
    /// What was spent for whoever was served last, when they were.
    private var floor: UInt64 = 0

    /// - Parameter width: how many threads there are.
    init(width: Int) {
        self.width = width
    }

    /// Users of whom something is known.
    var userCount: Int {
        lines.count
    }

    mutating func add(_ job: Job, for user: User) {
        lines[user, default: Line(spent: floor)].waiting.append(job)
    }

    /// What is done next; `end` is told when it is done, and is asked again then. Nil where nothing waits, or what does has to wait until
    /// something else is done.
    mutating func next() -> (user: User, job: Job)? {
        var first: (underWay: Int, spent: UInt64, user: User)?
        let isLast = underWayCount + 1 >= width
        for (user, line) in lines where !line.waiting.isEmpty && (!isLast || line.underWayCount == 0) {
            let place = (underWay: line.underWayCount, spent: line.spent, user: user)
            if first.map({ place < $0 }) ?? true { first = place }
        }
        guard let (_, spent, user) = first else { return nil }
        floor = max(floor, spent)
        underWayCount += 1
        lines[user]!.underWayCount += 1
        return (user, lines[user]!.waiting.removeFirst())
    }

    /// Something that was under way is done.
    mutating func end(of user: User, after nanoseconds: UInt64) {
        underWayCount -= 1
        lines[user]!.underWayCount -= 1
        lines[user]!.spent += nanoseconds
        guard lines[user]!.underWayCount == 0, lines[user]!.waiting.isEmpty else { return }
        if lines[user]!.spent <= floor { lines[user] = nil }
        if lines.allSatisfy({ $0.value.underWayCount == 0 && $0.value.waiting.isEmpty }) { lines = [:] }
    }
}
