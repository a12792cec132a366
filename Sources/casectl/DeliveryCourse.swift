import WorkingTime

/// How a delivery goes on: it is told what came of each hand-over, and says what follows. It asks nobody, runs nothing, writes nothing and reads no
/// clock; `NoticeDelivery` does.
struct DeliveryCourse {
    /// A notice, by its place, whom it is for and when it was given.
    struct Told: Equatable {
        let seq: Int64
        /// The name in the file of addresses.
        let key: String
        let at: Instant?
    }

    /// What came of a hand-over.
    enum Outcome: Equatable {
        case taken
        case failed(String)
        /// The command itself could not be run, as its exit code says: 126 or 127. A command that runs may end so as well.
        case unusable(Int32)
    }

    /// What follows.
    enum Step: Equatable {
        /// The place is kept, and the next one comes.
        case keep
        /// The next one comes; the place is kept once it is known that the command can be run at all.
        case hold
        /// The place is kept, and this recipient waits.
        case wait
        /// The run ends, and the place stays what it was.
        case end(String)
    }

    private(set) var place: DeliveryPlace
    private(set) var handedOverCount = 0
    private(set) var givenUpCount = 0
    /// What is to be said since the last time.
    private var sentences: [String] = []
    private let now: Instant
    /// How long a notice is tried, in milliseconds.
    private let limit: Int64
    /// Whether something that was run in this run could be run.
    private var isProven = false
    /// Who were not told since the command could not be run.
    private var unproven: [(told: Told, code: Int32)] = []

    /// So many can wait for another try; where more would, the way itself is broken.
    static let waitingLimit = 1000
    /// After so many the command is not tried any more that could be run for none of them.
    static let unprovenLimit = 3

    init(from place: DeliveryPlace, at now: Instant, limit: Int64) {
        (self.place, self.now, self.limit) = (place, now, limit)
    }

    mutating func takeSentences() -> [String] {
        defer { sentences = [] }
        return sentences
    }

    /// That the command could be run for nobody; nil where it could, or nothing was run.
    var obstacle: String? {
        isProven ? nil : unproven.first.map { "the command cannot be run (\($0.code))" }
    }

    // MARK: The place

    mutating func move(to told: Told) {
        (place.after, place.at) = (told.seq, told.at)
    }

    /// The store has something else at the place than what was handed over last: it goes on behind a notice that is younger, or behind the last.
    mutating func goOnInOtherStore(before younger: Int64?, last: Told?) {
        if let younger { (place.after, place.at) = (younger - 1, nil) } else { (place.after, place.at) = (last?.seq ?? 0, last?.at) }
        for name in place.waiting.keys { place.waiting[name]!.after = min(place.waiting[name]!.after, place.after) }
        sentences.append(
            "the notices are not those of the last run: a store was restored, or is another one; it goes on behind notice \(place.after)")
    }

    // MARK: What is new

    /// Whether a notice is handed over now; where not, it is done with, or its recipient waits for an earlier one first.
    func isNext(_ told: Told) -> Bool {
        told.seq > place.after && place.waiting[told.key] == nil
    }

    /// Lets a notice wait, to be handed over with the others for the same recipient.
    mutating func gather(_ told: Told) {
        if place.waiting[told.key] == nil {
            place.waiting[told.key] = DeliveryPlace.Waiting(after: told.seq - 1, failures: 0, since: now, next: now)
        }
        move(to: told)
    }

    var isFull: Bool {
        place.waiting.count >= DeliveryCourse.waitingLimit
    }

    /// What follows from the hand-over of a new notice.
    mutating func record(_ outcome: Outcome, ofNew told: Told) -> Step {
        switch outcome {
        case .taken:
            prove()
            handedOverCount += 1
        case .failed(let reason):
            prove()
            if let full = fullness(reason) { return full }
            wait(told, reason)
        case .unusable(let code) where isProven:
            if let full = fullness("it ended with \(code)") { return full }
            wait(told, "it ended with \(code)")
        case .unusable(let code):
            unproven.append((told, code))
            if unproven.count >= DeliveryCourse.unprovenLimit { return .end(obstacle!) }
            if let full = fullness("it ended with \(code)") { return full }
            place.waiting[told.key] = DeliveryPlace.Waiting(for: told.seq, at: now)
            move(to: told)
            return .hold
        }
        move(to: told)
        return .keep
    }

    private mutating func wait(_ told: Told, _ reason: String) {
        sentences.append("notice \(told.seq) to \(told.key) is tried again later: \(reason)")
        place.waiting[told.key] = DeliveryPlace.Waiting(for: told.seq, at: now)
    }

    private func fullness(_ reason: String) -> Step? {
        isFull ? .end("\(place.waiting.count) recipients cannot be reached, and the last one neither: \(reason)") : nil
    }

    /// The command can be run: what ended so before was the matter of those recipients.
    private mutating func prove() {
        isProven = true
        for (told, code) in unproven { sentences.append("notice \(told.seq) to \(told.key) is tried again later: it ended with \(code)") }
        unproven = []
    }

    // MARK: What failed before

    /// Who is tried again now.
    var due: [String] {
        place.waiting.filter { $0.value.next <= now }.keys.sorted()
    }

    /// Another try for one recipient, notice by notice in their order.
    struct Retry {
        let key: String
        fileprivate(set) var waiting: DeliveryPlace.Waiting
        /// Nothing more is tried: what follows is as the one before.
        fileprivate(set) var hasFailed = false
        fileprivate var reason = ""
        fileprivate var mayGiveUp = true
    }

    func retry(_ key: String) -> Retry? {
        place.waiting[key].map { Retry(key: key, waiting: $0) }
    }

    /// What follows from the hand-over of some that waited, as one. Those that are too old are given up once one has failed.
    ///
    /// - Parameter outcome: nil where nothing was tried, since one has failed.
    mutating func record(_ outcome: Outcome?, of batch: [Told], in retry: inout Retry) -> Step {
        guard let last = batch.last else { return .keep }
        switch outcome {
        case .taken:
            prove()
            handedOverCount += batch.count
            retry.waiting = DeliveryPlace.Waiting(for: last.seq + 1, at: now)
            place.waiting[retry.key] = retry.waiting
            return .keep
        case .failed(let reason):
            prove()
            retry.fail(reason, at: now, mayGiveUp: true)
        case .unusable(let code):
            // Where nothing else could be run either, it is no fault of theirs.
            if !isProven { unproven.append((batch[0], code)) }
            if unproven.count >= DeliveryCourse.unprovenLimit { return .end(obstacle!) }
            retry.fail("it ended with \(code)", at: now, mayGiveUp: isProven)
        case nil: break
        }
        for told in batch {
            guard retry.mayGiveUp, isTooOld(told, retry.waiting) else {
                if retry.mayGiveUp { sentences.append("notice \(told.seq) to \(told.key) is tried again later: \(retry.reason)") }
                place.waiting[retry.key] = retry.waiting
                return .wait
            }
            givenUpCount += 1
            sentences.append("notice \(told.seq) to \(told.key) is given up: \(retry.reason)")
            retry.waiting.after = told.seq
            place.waiting[retry.key] = retry.waiting
        }
        retry.reason = "as the one before"
        return .keep
    }

    /// All for a recipient up to a notice is done with.
    mutating func pass(_ seq: Int64, in retry: inout Retry) {
        retry.waiting.after = max(retry.waiting.after, seq)
        place.waiting[retry.key] = retry.waiting
    }

    /// Nothing is left that waits for somebody.
    mutating func end(_ retry: Retry) {
        place.waiting[retry.key] = nil
    }

    /// Whether a notice was tried for as long as it is.
    private func isTooOld(_ told: Told, _ waiting: DeliveryPlace.Waiting) -> Bool {
        guard let at = told.at else { return true }
        return now - waiting.since >= limit && now - at >= limit
    }
}

extension DeliveryCourse.Retry {
    fileprivate mutating func fail(_ reason: String, at now: Instant, mayGiveUp: Bool) {
        waiting.fail(at: now)
        (hasFailed, self.reason, self.mayGiveUp) = (true, reason, mayGiveUp)
    }
}
