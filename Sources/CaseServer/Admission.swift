import CaseEngine
import CaseWire
import NIOCore
import Sockets

/// Who gets in, and how much of each kind they may have at once.
///
/// Only touched on the event loop.
final class Admission {
    let limits: ServerLimits
    private let reader: Reader
    private var table: [Int: Connection] = [:]
    private var places = Places()
    private var rates: [UInt32: RateLimit] = [:]
    /// What was sent and not looked at, requests that are not answered, and replies that were not taken.
    let input: MemoryBudget
    let requests: MemoryBudget
    let output: MemoryBudget
    /// Whose lines wait until some requests of theirs are answered.
    private var held: [UInt32: Set<Int>] = [:]

    init(_ limits: ServerLimits, _ reader: Reader) {
        (self.limits, self.reader) = (limits, reader)
        input = MemoryBudget(limit: limits.inputBytesTotal, userLimit: limits.inputBytesPerUser)
        requests = MemoryBudget(limit: limits.requestBytesTotal, userLimit: limits.requestBytesPerUser)
        output = MemoryBudget(limit: limits.outputBytesTotal, userLimit: limits.outputBytesPerUser)
    }

    // MARK: Connections

    var connections: some Collection<Connection> {
        table.values
    }

    func connection(_ number: Int) -> Connection? {
        table[number]
    }

    func add(_ connection: Connection) {
        table[connection.number] = connection
        places.add(1, for: connection.peer.uid)
    }

    func remove(_ number: Int) {
        guard let connection = table.removeValue(forKey: number) else { return }
        places.add(-1, for: connection.peer.uid)
        held[connection.peer.uid]?.remove(number)
    }

    /// Whether one more connection of this user is allowed, or why not. Where all places are taken, whoever has the most gives one to
    /// whoever has fewer.
    func refusal(of peer: Peer) -> WireError? {
        let own = places.count(of: peer.uid)
        if own >= limits.connectionsPerUser {
            return .limited("uid \(peer.uid) has \(limits.connectionsPerUser) connections", retryAfter: 1000, hint: "close some of them")
        }
        // The last places are for whoever has to look what is wrong.
        guard table.count >= limits.connections - (peer.isAdmin ? 0 : limits.connectionsForAdmins) else { return nil }
        let full = WireError.limited("the server has \(limits.connections) connections", retryAfter: 1000, hint: "try again later")
        guard let user = places.giver(to: peer.uid),
            let last = table.values.filter({ $0.peer.uid == user }).max(by: {
                ($0.isSettled ? 1 : 0, $0.number) < ($1.isSettled ? 1 : 0, $1.number)
            })
        else { return full }
        remove(last.number)
        last.dismiss(full)
        return nil
    }

    // MARK: Requests and bytes

    /// Whether one more watch of this connection is allowed, or why not.
    func watchRefusal(of connection: Connection) -> WireError? {
        guard connection.watchCount < limits.watchesPerConnection else {
            return .limited("this connection has \(limits.watchesPerConnection) watches", hint: "stop one: watch.stop")
        }
        let uid = connection.peer.uid
        let count = table.values.reduce(0) { $0 + ($1.peer.uid == uid ? $1.watchCount : 0) }
        guard count < limits.watchesPerUser else {
            return .limited("uid \(uid) has \(count) watches", hint: "stop some of them")
        }
        return nil
    }

    /// Whether the next line of a connection has to wait; it gets a turn once it has not.
    func holds(_ connection: Connection) -> Bool {
        guard requests.isExceeded(by: connection.peer.uid) else { return false }
        held[connection.peer.uid, default: []].insert(connection.number)
        return true
    }

    /// Requests were answered: there may be room for others.
    func releaseHeld() {
        for (user, numbers) in held where !requests.isExceeded(by: user) {
            held[user] = nil
            for number in numbers { table[number]?.proceed() }
        }
    }

    var inputRefusal: WireError {
        .limited(
            "too many unfinished lines are sent, by this user or by all together", retryAfter: 1000,
            hint: "send shorter lines, or finish them")
    }

    /// Says goodbye to those who have taken the least of what they asked for, until all replies that wait fit: of the user for whom something
    /// was just written, where those are more than their share.
    func enforceOutputBudget(of user: UInt32) {
        while output.isExceeded(by: user) {
            guard let slowest = table.values.filter({ $0.peer.uid == user }).max(by: { $0.countedOutput < $1.countedOutput }),
                slowest.countedOutput > 0
            else { return }
            let bytes = slowest.countedOutput
            remove(slowest.number)
            slowest.abandon()
            reader.note(abandoned: slowest.peer, pendingBytes: bytes)
        }
    }

    /// Whether one more request of this user is taken now, or why not.
    func rateRefusal(of peer: Peer) -> WireError? {
        guard !peer.isAdmin else { return nil }
        let now = NIODeadline.now().uptimeNanoseconds
        var limit = rates[peer.uid] ?? RateLimit(perSecond: limits.requestsPerSecond, at: now)
        let wait = limit.take(at: now)
        rates[peer.uid] = limit
        if rates.count > 10_000 { rates = rates.filter { !$0.value.isFull(at: now) } }
        return wait.map {
            .limited("uid \(peer.uid) sends more than \(limits.requestsPerSecond) requests a second", retryAfter: $0, hint: "send fewer")
        }
    }
}

extension WireError {
    /// Too much of something.
    ///
    /// - Parameter milliseconds: when it goes again by itself; nil where that is up to the client.
    fileprivate static func limited(_ message: String, retryAfter milliseconds: Int? = nil, hint: String) -> WireError {
        WireError(
            .rateLimited, message, details: .object(milliseconds.map { [.init("retry_after_ms", .integer($0))] } ?? []), hint: hint)
    }
}
