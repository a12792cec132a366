/// Whether a journal can be what clients asked for and heard: each command that was acknowledged is one event, and there is one order of all
/// of them that agrees with the order in which things were asked and answered (linearizability).
///
/// The place of each event is in the journal, so nothing is searched for: what clients heard is held against the order that there is.
struct HistoryCheck {
    /// What a client asked. Times are nanoseconds of one clock.
    struct Operation: Equatable {
        enum Outcome: Equatable {
            /// Done, and from then on the case is at a revision; or it was seen there.
            case acknowledged(revision: Int64)
            /// Not done, and never will be.
            case refused
            case unknown
        }

        /// Stands in the event, too.
        let id: String
        /// Whether it changes nothing.
        var isReading = false
        /// Whether it makes the case.
        var isSubmission = false
        /// The case; of a submission from when it is known.
        var file: String?
        /// The only revision on which it is to be done.
        var onlyAt: Int64?
        let began: Int64
        /// When its outcome was heard.
        var ended: Int64
        var outcome: Outcome
    }

    struct Event: Equatable {
        /// In the journal of all cases.
        let place: Int64
        let file: String
        let revision: Int64
        /// Whose event it is; nil for what no client asked for.
        var operation: String?
        var deadline: Deadline?
    }

    /// A deadline that an event says has passed. Times are milliseconds of the right wall clock.
    struct Deadline: Equatable {
        let name: String
        let due: Int64
        /// By then somebody had read the event.
        let seen: Int64
    }

    enum Finding: Equatable {
        case lost(String)
        case doubled(String)
        case refusedAndDone(String)
        case unasked(String)
        /// Behind a revision there is not the next one.
        case hole(file: String, after: Int64)
        /// The journal has one place, or revisions of a case, twice or not in their order.
        case disorder(file: String, revision: Int64)
        /// What somebody saw of the case is not there.
        case gone(String, revision: Int64)
        /// It is another event than was acknowledged.
        case elsewhere(String, revision: Int64)
        case notOnItsRevision(String)
        /// The second had been answered before the first was asked, and comes behind it.
        case againstTime(String, String)
        case early(file: String, deadline: String)
        case passedTwice(file: String, deadline: String)
    }

    let operations: [Operation]
    /// All of the cases that the operations are about, in the order of the journal.
    let events: [Event]

    var findings: [Finding] {
        revisionsInOrder + eachOnce + seen + onTheirRevisions + inRealTime + deadlines
    }

    private var revisionsInOrder: [Finding] {
        var (found, last, place): ([Finding], [String: Int64], Int64) = ([], [:], 0)
        for event in events {
            let former = last[event.file] ?? 0
            if event.place <= place || event.revision <= former {
                found.append(.disorder(file: event.file, revision: event.revision))
            } else if event.revision != former + 1 {
                found.append(.hole(file: event.file, after: former))
            }
            (last[event.file], place) = (max(former, event.revision), max(place, event.place))
        }
        return found
    }

    private var eventsByOperation: [String: [Event]] {
        Dictionary(grouping: events.filter { $0.operation != nil }) { $0.operation! }
    }

    private var eachOnce: [Finding] {
        let done = eventsByOperation
        var found: [Finding] = []
        for operation in operations where !operation.isReading {
            let own = done[operation.id] ?? []
            if own.count > 1 { found.append(.doubled(operation.id)) }
            switch operation.outcome {
            case .acknowledged(let revision):
                if let event = own.first {
                    guard event.revision != revision || operation.file.map({ $0 != event.file }) ?? false else { continue }
                    found.append(.elsewhere(operation.id, revision: event.revision))
                } else {
                    found.append(.lost(operation.id))
                }
            case .refused:
                if !own.isEmpty { found.append(.refusedAndDone(operation.id)) }
            case .unknown: break
            }
        }
        let asked = Set(operations.map(\.id))
        return found + done.keys.filter { !asked.contains($0) }.sorted().map(Finding.unasked)
    }

    private var seen: [Finding] {
        let last = events.reduce(into: [:]) { $0[$1.file] = max($0[$1.file] ?? 0, $1.revision) }
        return operations.compactMap { operation in
            guard operation.isReading, case .acknowledged(let revision) = operation.outcome, let file = operation.file,
                revision > last[file] ?? 0
            else { return nil }
            return .gone(operation.id, revision: revision)
        }
    }

    private var onTheirRevisions: [Finding] {
        let done = eventsByOperation
        return operations.compactMap { operation in
            guard let only = operation.onlyAt, let event = done[operation.id]?.first, event.revision != only + 1 else { return nil }
            return .notOnItsRevision(operation.id)
        }
    }

    /// Of all changes by their places in the journal; and of each case, with what was seen of it.
    private var inRealTime: [Finding] {
        let done = eventsByOperation
        var (changes, ofFiles): ([Placed], [String: [Placed]]) = ([], [:])
        for operation in operations {
            if operation.isReading {
                guard case .acknowledged(let revision) = operation.outcome, let file = operation.file else { continue }
                ofFiles[file, default: []].append(Placed(operation, 2 * revision + 1))
            } else if operation.outcome != .refused, let event = done[operation.id]?.first {
                changes.append(Placed(operation, event.place))
                ofFiles[event.file, default: []].append(Placed(operation, 2 * event.revision))
            }
        }
        let seen = ofFiles.sorted { $0.key < $1.key }.flatMap { againstTime($0.value) }
        let all = againstTime(changes)
        return all + seen.filter { !all.contains($0) }
    }

    /// An operation with its place in an order.
    private struct Placed {
        let id: String
        let began, ended, place: Int64

        init(_ operation: Operation, _ place: Int64) {
            (id, began, self.place) = (operation.id, operation.began, place)
            ended = operation.outcome == .unknown ? .max : operation.ended
        }
    }

    /// From the last one on: none may have begun after one behind it had ended.
    private func againstTime(_ operations: [Placed]) -> [Finding] {
        var (found, first): ([Finding], Placed?) = ([], nil)
        let sorted = operations.sorted { ($0.place, $0.began) > ($1.place, $1.began) }
        var index = 0
        while index < sorted.count {
            // What was seen at one revision has no order among itself.
            let level = sorted[index...].prefix { $0.place == sorted[index].place }
            for operation in level {
                if let first, first.ended < operation.began { found.append(.againstTime(operation.id, first.id)) }
            }
            if let earliest = level.min(by: { $0.ended < $1.ended }), earliest.ended < first?.ended ?? .max { first = earliest }
            index += level.count
        }
        return found
    }

    private var deadlines: [Finding] {
        var (found, passed): ([Finding], Set<[String]>) = ([], [])
        for event in events {
            guard let deadline = event.deadline else { continue }
            if deadline.due > deadline.seen { found.append(.early(file: event.file, deadline: deadline.name)) }
            if !passed.insert([event.file, deadline.name]).inserted {
                found.append(.passedTwice(file: event.file, deadline: deadline.name))
            }
        }
        return found
    }
}
