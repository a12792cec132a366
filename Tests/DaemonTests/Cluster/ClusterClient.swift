import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Synchronization

/// What clients of all nodes do at the same time, and what they hear.
final class ClusterLoad: Sendable {
    fileprivate let name: String
    fileprivate let sockets: [String]
    fileprivate let isOver = Atomic(false)
    /// The last revision of each case that anybody has heard of.
    fileprivate let files = Mutex<[String: Int64]>([:])
    /// When commands were acknowledged.
    private let acknowledged = Mutex<[Int64]>([])
    private let outcome = Mutex(Heard())
    private let ended = DispatchSemaphore(value: 0)
    private let clientCount: Int

    struct Heard {
        var operations: [HistoryCheck.Operation] = []
        /// How many were refused, by the word for it; some of them were tried again.
        var refusals: [String: Int] = [:]
        /// How many times no answer came.
        var unheardCount = 0

        mutating func add(_ other: Heard) {
            operations += other.operations
            refusals.merge(other.refusals, uniquingKeysWith: +)
            unheardCount += other.unheardCount
        }
    }

    /// Begins it.
    ///
    /// - Parameter name: what their keys begin with.
    init(_ name: String, clientCount: Int, sockets: [String], using random: inout SeededRandom) {
        (self.name, self.sockets, self.clientCount) = (name, sockets, clientCount)
        for number in 1...clientCount {
            let seed = random.next()
            Thread.detachNewThread { [self] in
                var client = ClusterClient("\(name)-\(number)", self, seed: seed)
                let heard = client.work()
                outcome.withLock { $0.add(heard) }
                ended.signal()
            }
        }
    }

    var acknowledgedCount: Int {
        acknowledged.withLock { $0.count }
    }

    /// The longest time from an instant on in which nothing was acknowledged, in seconds.
    func longestPause(since start: Int64) -> Double {
        let times = [start] + acknowledged.withLock { $0.filter { $0 > start }.sorted() }
        return zip(times, times.dropFirst()).map { Double($1 - $0) / 1e9 }.max() ?? 0
    }

    /// What was heard, and the cases that it is about.
    func end() -> (heard: Heard, files: [String]) {
        isOver.store(true, ordering: .sequentiallyConsistent)
        for _ in 0..<clientCount { ended.wait() }
        return (outcome.withLock { $0 }, files.withLock { $0.keys.sorted() })
    }

    fileprivate func took(_ file: String, _ revision: Int64, at time: Int64) {
        files.withLock { $0[file] = max($0[file] ?? 0, revision) }
        acknowledged.withLock { $0.append(time) }
    }

    /// Nanoseconds of a clock that nobody sets.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// A client that asks whatever node comes first, and another one where nothing is heard.
struct ClusterClient {
    private enum Answer {
        case done(JSONValue)
        case refused(RemoteError)
        /// Nobody has taken it.
        case unsent
        case unheard
    }

    private let name: String
    private let load: ClusterLoad
    private var random: SeededRandom
    private var count = 0
    private var connections: [Int: Client] = [:]
    private var heard = ClusterLoad.Heard()

    /// So long an answer is waited for, in milliseconds.
    private static let patience = 10_000
    /// That the store cannot be reached, and that nothing was changed.
    private static let unreachable = 4508
    /// Cases of one load.
    private static let fileLimit = 10

    fileprivate init(_ name: String, _ load: ClusterLoad, seed: UInt64) {
        (self.name, self.load) = (name, load)
        random = SeededRandom(seed: seed)
    }

    fileprivate mutating func work() -> ClusterLoad.Heard {
        while !load.isOver.load(ordering: .sequentiallyConsistent) {
            count += 1
            let known = load.files.withLock { $0 }
            if known.count < ClusterClient.fileLimit, known.isEmpty || Int.random(in: 0..<10, using: &random) == 0 {
                change(nil, onlyAt: nil)
            } else {
                let (file, revision) = known.sorted { $0.key < $1.key }.randomElement(using: &random)!
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<3: read(file)
                case 3..<6: change(file, onlyAt: revision)
                default: change(file, onlyAt: nil)
                }
            }
            // As people do, who are not at it all the time.
            usleep(.random(in: 10_000...60_000, using: &random))
        }
        return heard
    }

    private mutating func read(_ file: String) {
        let began = ClusterLoad.now
        guard case .done(let shown) = ask("case.get", .of(["case": .string(file), "acting": "otto"])) else { return }
        saw(file, shown["revision"]!.integer!, since: began)
    }

    private mutating func saw(_ file: String, _ revision: Int64, since began: Int64) {
        let id = "\(name).\(count) sees \(file)"
        heard.operations.append(
            .init(id: id, isReading: true, file: file, began: began, ended: ClusterLoad.now, outcome: .acknowledged(revision: revision)))
    }

    /// Submits a case, or adds a note to one, under a key.
    private mutating func change(_ file: String?, onlyAt: Int64?) {
        var operation = HistoryCheck.Operation(
            id: "\(name).\(count)", isSubmission: file == nil, file: file, onlyAt: onlyAt, began: ClusterLoad.now, ended: .max,
            outcome: .unknown)
        let isLeft = Bool.random(using: &random)
        var isOpen = false
        var answer = Answer.unsent
        attempts: repeat {
            answer = ask(operation)
            switch answer {
            case .done: break attempts
            case .refused(let error):
                heard.refusals[error.kind, default: 0] += 1
                // Whoever is told that nothing was changed may leave it at that.
                if error.code == ClusterClient.unreachable, isLeft, !isOpen { break attempts }
                // A fault says nothing of what was done.
                if error.code == -32603 { isOpen = true } else if !error.isRetryable { break attempts }
            case .unsent: break
            case .unheard:
                isOpen = true
                heard.unheardCount += 1
                if isLeft { break attempts }
            }
            usleep(50_000)
        } while !load.isOver.load(ordering: .sequentiallyConsistent)
        ClusterClient.take(answer, isOpen, &operation)
        if case .acknowledged(let revision) = operation.outcome { load.took(operation.file!, revision, at: operation.ended) }
        if case .refused(let error) = answer, let revision = error.details["revision"]?.integer, let file {
            saw(file, revision, since: operation.began)
        }
        heard.operations.append(operation)
    }

    private static func take(_ answer: Answer, _ isOpen: Bool, _ operation: inout HistoryCheck.Operation) {
        switch answer {
        case .done(let shown):
            operation.file = shown["case"]!.string!
            operation.outcome = .acknowledged(revision: shown["revision"]!.integer!)
            operation.ended = ClusterLoad.now
        case .refused(let error) where !error.isRetryable && error.code != -32603:
            operation.outcome = .refused
            operation.ended = ClusterLoad.now
        case .refused, .unsent, .unheard:
            guard !isOpen else { return }
            operation.outcome = .refused
            operation.ended = ClusterLoad.now
        }
    }

    private mutating func ask(_ operation: HistoryCheck.Operation) -> Answer {
        let (method, params) = ClusterClient.request(operation)
        return ask(method, params)
    }

    private mutating func ask(_ method: String, _ params: JSONValue) -> Answer {
        let place = load.sockets.indices.randomElement(using: &random)!
        do {
            if connections[place] == nil {
                connections[place] = try Client(path: load.sockets[place])
                connections[place]!.setTimeout(milliseconds: ClusterClient.patience)
                connections[place]!.setSendTimeout(milliseconds: ClusterClient.patience)
            }
        } catch {
            return .unsent
        }
        switch Result(catching: { try connections[place]!.call(method, params) }) {
        case .success(.success(let result)): return .done(result)
        case .success(.failure(let error)): return .refused(error)
        case .failure:
            connections[place] = nil
            return .unheard
        }
    }

    /// The same for the same operation.
    static func request(_ operation: HistoryCheck.Operation) -> (method: String, params: JSONValue) {
        guard let file = operation.file, !operation.isSubmission else {
            return ("case.submit", SmallOffice.submission(operation.id, key: operation.id))
        }
        var members: [JSONValue.Member] = [
            .init("case", .string(file)), .init("text", .string(operation.id)), .init("acting", "otto"),
            .init("idempotency_key", .string(operation.id)),
        ]
        if let onlyAt = operation.onlyAt { members.append(.init("if_revision", .integer(onlyAt))) }
        return ("case.note", .object(members))
    }
}
