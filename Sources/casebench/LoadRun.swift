import CaseTesting
import CaseWire
import Glibc

/// Keeps many connections busy from one thread, each with a window of requests that are not answered yet.
struct LoadRun {
    struct Result: CustomStringConvertible {
        let perSecond: Double
        let p50: Double
        let p99: Double

        var description: String {
            "\(number(perSecond, 8)) /s  p50 \(number(p50, 7)) µs  p99 \(number(p99, 7)) µs"
        }
    }

    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    private let socket: String
    private let connectionCount: Int
    private let window: Int

    init(socket: String, connections: Int, window: Int) throws {
        self.socket = socket
        connectionCount = connections
        self.window = window
    }

    func submit(_ count: Int, tag: String) throws -> Result {
        try run(jobs: count) { job in
            [
                Request(
                    id: .number(literal: "1"), method: "case.submit",
                    params: SmallOffice.submission("Warehouse \(job)", key: "\(tag)-\(job)")
                ).line
            ]
        }
    }

    /// Without keys, to fill a store.
    @discardableResult
    func preload(_ count: Int, matters: [String] = ["permit"]) throws -> Result? {
        guard count > 0 else { return nil }
        return try run(jobs: count) { job in
            let params = SmallOffice.submission("Warehouse \(job)", matter: matters[job % matters.count])
            return [Request(id: .number(literal: "1"), method: "case.submit", params: params).line]
        }
    }

    func lifecycles(_ count: Int) throws -> Result {
        // Each job needs the id of its case, which the first reply tells.
        try run(jobs: count) { job in
            [
                Request(id: .number(literal: "1"), method: "case.submit", params: SmallOffice.submission("Lifecycle \(job)")).line,
                line("case.accept", ["acting": "otto"]),
                line("case.recommend", ["recommendation": "grant", "opinion": "in order", "acting": "otto"]),
                line("case.grant", ["acting": "lena"]),
                line("case.deliver", ["how": "window", "acting": "otto"]),
            ]
        }
    }

    /// Notes on one case.
    func notes(_ count: Int, on id: String) throws -> Result {
        try run(jobs: count) { job in
            [
                Request(id: .number(literal: "1"), method: "case.note", params: .of(["case": .string(id), "text": .string("Note \(job)")]))
                    .line
            ]
        }
    }

    private static let placeholder = "C-999999999"

    private func line(_ method: String, _ members: KeyValuePairs<String, JSONValue>) -> [UInt8] {
        let params = JSONValue.object([.init("case", .string(LoadRun.placeholder))] + members.map { .init($0.key, $0.value) })
        return Request(id: .number(literal: "1"), method: method, params: params).line
    }

    /// The same payloads, for a work queue: each is put on it durably.
    func put(_ count: Int) throws -> Result {
        try run(jobs: count, isDone: { $0.hasPrefix("INSERTED ") }) { job in
            let payload = Request(
                id: .number(literal: "1"), method: "case.submit", params: SmallOffice.submission("Warehouse \(job)", key: "b-\(job)")
            ).line
            return [Array("put 0 0 60 \(payload.count)\r\n".utf8) + payload + [13]]
        }
    }

    /// Runs jobs of one or more requests each; the requests of a job follow each other.
    ///
    /// - Parameter isDone: whether a reply is the one that was hoped for.
    private func run(
        jobs: Int, isDone: (String) -> Bool = { $0.contains("\"result\"") }, _ lines: (Int) -> [[UInt8]]
    ) throws -> Result {
        var connections = try (0..<connectionCount).map { _ in try LoadConnection(path: socket) }
        defer { for connection in connections { close(connection.descriptor) } }
        var nextJob = 0
        var finished = 0
        var latencies: [Double] = []
        latencies.reserveCapacity(jobs)
        // Written beforehand, so that the generator takes as little of the machine as it can.
        let prepared = (0..<jobs).map(lines)
        let start = microseconds()
        func fill(_ place: Int) throws {
            while connections[place].jobs.count < window, nextJob < jobs {
                connections[place].begin(nextJob, prepared[nextJob][0], at: microseconds())
                nextJob += 1
            }
            try connections[place].flush()
        }
        for place in connections.indices { try fill(place) }
        var polls = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        while finished < jobs {
            guard poll(&polls, UInt(polls.count), 30_000) > 0 else { throw Unexpected(description: "no reply for 30 s") }
            for place in polls.indices where polls[place].revents != 0 {
                for reply in try connections[place].receive() {
                    let job = connections[place].jobs.removeFirst()
                    guard isDone(reply) else { throw Unexpected(description: reply) }
                    let requests = prepared[job.number]
                    if job.step + 1 < requests.count {
                        var id = job.id
                        if job.step == 0, let found = reply.firstRange(of: "\"case\":\"") {
                            id = String(reply[found.upperBound...].prefix { $0 != "\"" })
                        }
                        let text = String(decoding: requests[job.step + 1], as: UTF8.self)
                            .replacing(LoadRun.placeholder, with: id, maxReplacements: 1)
                        connections[place].go(on: job, id: id, Array(text.utf8))
                    } else {
                        latencies.append(microseconds() - job.startedAt)
                        finished += 1
                    }
                }
                try fill(place)
            }
        }
        let seconds = (microseconds() - start) / 1_000_000
        latencies.sort()
        return Result(
            perSecond: Double(jobs) / seconds, p50: latencies[latencies.count / 2], p99: latencies[latencies.count * 99 / 100])
    }
}

/// One socket of the generator.
private struct LoadConnection {
    struct Job {
        let number: Int
        let startedAt: Double
        var step = 0
        var id = ""
    }

    let descriptor: Int32
    private(set) var output: [UInt8] = []
    private var input: [UInt8] = []
    /// In the order in which their replies will come.
    var jobs: [Job] = []

    init(path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let descriptor = descriptor
        let connected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { throw LoadRun.Unexpected(description: "\(path): \(String(cString: strerror(errno)))") }
    }

    mutating func begin(_ number: Int, _ line: [UInt8], at time: Double) {
        jobs.append(Job(number: number, startedAt: time))
        output += line
        output.append(10)
    }

    mutating func go(on job: Job, id: String, _ line: [UInt8]) {
        jobs.append(Job(number: job.number, startedAt: job.startedAt, step: job.step + 1, id: id))
        output += line
        output.append(10)
    }

    mutating func flush() throws {
        var sent = 0
        while sent < output.count {
            let count = output[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw LoadRun.Unexpected(description: "sending: \(String(cString: strerror(errno)))") }
            sent += count
        }
        output.removeAll(keepingCapacity: true)
    }

    mutating func receive() throws -> [String] {
        let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 262_144) { room in
            let count = recv(descriptor, room.baseAddress, room.count, 0)
            if count > 0 { input.append(contentsOf: room[0..<count]) }
            return count
        }
        guard count > 0 else { throw LoadRun.Unexpected(description: "cased closed a connection") }
        var replies: [String] = []
        var start = 0
        while let end = input[start...].firstIndex(of: 10) {
            replies.append(String(decoding: input[start..<end], as: UTF8.self))
            start = end + 1
        }
        input.removeFirst(start)
        return replies
    }
}

func microseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1_000_000 + Double(time.tv_nsec) / 1000
}

private func number(_ value: Double, _ width: Int) -> String {
    let digits = String(Int(value.rounded()))
    return String(repeating: " ", count: max(0, width - digits.count)) + digits
}
