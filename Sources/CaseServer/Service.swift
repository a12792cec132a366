import CaseEngine
import CaseWire
import NIOCore
import NIOPosix
import Synchronization

/// What all connections share: the way to the engine and the readers, and the way back.
final class Service: Sendable {
    let limits: ServerLimits
    private let engine: Engine
    let reader: Reader
    private let lanes: ReadLanes
    private let eventLoop: any EventLoop
    /// Only touched on the event loop.
    private let connections: NIOLoopBoundBox<[Int: Connection]>
    private let places: NIOLoopBoundBox<Places>
    private let returned = Mutex(Returned())
    /// Unfinished lines, and replies that were not taken.
    let input: NIOLoopBoundBox<MemoryBudget>
    let output: NIOLoopBoundBox<MemoryBudget>
    private let rates: NIOLoopBoundBox<[UInt32: RateLimit]>
    private let isJournalAnnounced = Mutex(false)

    private struct Returned {
        var replies: [(outcome: Outcome, ticket: Ticket)] = []
        var isScheduled = false
        var isDraining = false
    }

    init(engine: Engine, limits: ServerLimits, eventLoop: any EventLoop) {
        self.engine = engine
        self.limits = limits
        self.eventLoop = eventLoop
        reader = Reader(engine, limits: limits.described)
        lanes = ReadLanes(threads: limits.readThreads, adminThreads: limits.adminReadThreads)
        connections = .makeBoxSendingValue([:], eventLoop: eventLoop)
        places = .makeBoxSendingValue(Places(), eventLoop: eventLoop)
        rates = .makeBoxSendingValue([:], eventLoop: eventLoop)
        input = .makeBoxSendingValue(MemoryBudget(limit: limits.inputBytesTotal, userLimit: limits.inputBytesPerUser), eventLoop: eventLoop)
        output = .makeBoxSendingValue(
            MemoryBudget(limit: limits.outputBytesTotal, userLimit: limits.outputBytesPerUser), eventLoop: eventLoop)
        engine.whenJournalGrows { [weak self] in self?.announceJournal() }
    }

    func submit(_ work: WriteRequest.Work, for connection: Connection, _ ticket: Ticket) {
        engine.submit(WriteRequest(peer: connection.peer, work) { [self] outcome in post(outcome, ticket) })
    }

    func read(_ query: Query, _ parameters: Parameters, for connection: Connection, _ ticket: Ticket) {
        guard !returned.withLock({ $0.isDraining }) else {
            return post(.failure(WireError(.draining, "the server is stopping", hint: "try again")), ticket)
        }
        let (peer, presence) = (connection.peer, connection.presence)
        let caller = Caller(
            ticket.id, isWaiting: { [self] in presence.isHere && !returned.withLock { $0.isDraining } },
            send: { [self] line in eventLoop.execute { self.connection(ticket.connection)?.tell(line) } })
        // It looks at nothing in the store, so it waits for nobody who does: by it the watchdog knows that clients are answered.
        guard query != .serverInfo else {
            return reader.answer(query, parameters, peer: peer, caller: caller) { outcome in self.post(outcome, ticket) }
        }
        lanes.submit(for: peer, isWanted: { presence.isHere }) { [self] isActive in
            guard isActive else { return post(.failure(WireError(.draining, "the server is stopping", hint: "try again")), ticket) }
            reader.answer(query, parameters, peer: peer, caller: caller) { outcome in self.post(outcome, ticket) }
        }
    }

    /// From now on reads are refused; the engine refuses the rest. Watches are told where they end.
    func drain() {
        returned.withLock { $0.isDraining = true }
        eventLoop.execute { [self] in
            for connection in connections.value.values { connection.watches.closeAll(reason: "server.draining") }
        }
    }

    /// Waits until all clients have taken their replies, or the time is over.
    func settled(within limit: TimeAmount) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        let end = NIODeadline.now() + limit
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { [self] task in
            guard connections.value.values.allSatisfy(\.isSettled) || NIODeadline.now() >= end else { return }
            task.cancel()
            promise.succeed()
        }
        return promise.futureResult
    }

    // MARK: Watches

    var lastSeq: Int64 {
        engine.view.lastSeq
    }

    func openWatch(_ parameters: Parameters, for connection: Connection, _ ticket: Ticket) {
        guard !returned.withLock({ $0.isDraining }) else {
            return post(.failure(WireError(.draining, "the server is stopping", hint: "try again")), ticket)
        }
        let (peer, presence, name) = (connection.peer, connection.presence, connection.watches.newName())
        lanes.submit(for: peer, isWanted: { presence.isHere }) { [self] _ in
            reader.openWatch(parameters, peer: peer, name: name, heartbeat: limits.heartbeatMilliseconds) { [self] opening in
                switch opening {
                case .failure(let error): post(.failure(error), ticket)
                case .success(let opening): eventLoop.execute { self.connection(ticket.connection)?.opened(opening, ticket) }
                }
            }
        }
    }

    /// Reads on for a watch, beside the event loop.
    func advance(_ watch: Watch, for connection: Connection) {
        let (peer, presence, number) = (connection.peer, connection.presence, connection.number)
        lanes.submit(for: peer, isWanted: { presence.isHere }) { [self] isActive in
            guard isActive else { return }
            if reader.isOnRecord(watch) { return follow(watch, for: number) }
            reader.record(watch) { [self] recorded in
                switch recorded {
                case .success(let watch):
                    lanes.submit(for: peer, isWanted: { presence.isHere }) { [self] _ in follow(watch, for: number) }
                case .failure(let error):
                    eventLoop.execute { self.connection(number)?.watches.end(watch.name, reason: error.kind) }
                }
            }
        }
    }

    private func follow(_ watch: Watch, for number: Int) {
        var watch = watch
        do {
            let lines = try reader.feed.advance(&watch)
            eventLoop.execute { [watch] in self.connection(number)?.watches.advanced(watch, lines) }
        } catch {
            reader.log("a watch could not be read on", error)
            eventLoop.execute { [watch] in
                self.connection(number)?.watches.end(watch.name, reason: WireError.Code.internalError.standardKind)
            }
        }
    }

    /// Lets all watches look, once for commits that come together.
    private func announceJournal() {
        let isFirst = isJournalAnnounced.withLock { isAnnounced in
            defer { isAnnounced = true }
            return !isAnnounced
        }
        guard isFirst else { return }
        eventLoop.execute { [self] in
            isJournalAnnounced.withLock { $0 = false }
            for connection in connections.value.values where connection.watches.count > 0 { connection.watches.proceed() }
        }
    }

    /// Whether one more watch of this connection is allowed, or why not.
    func watchRefusal(of connection: Connection) -> WireError? {
        guard connection.watches.count < limits.watchesPerConnection else {
            return .limited("this connection has \(limits.watchesPerConnection) watches", hint: "stop one: watch.stop")
        }
        let uid = connection.peer.uid
        let count = connections.value.values.reduce(0) { $0 + ($1.peer.uid == uid ? $1.watches.count : 0) }
        guard count < limits.watchesPerUser else {
            return .limited("uid \(uid) has \(count) watches", hint: "stop some of them")
        }
        return nil
    }

    var inputRefusal: WireError {
        .limited(
            "too many unfinished lines are sent, by this user or by all together", retryAfter: 1000,
            hint: "send shorter lines, or finish them")
    }

    /// Says goodbye to those who have taken the least of what they asked for, until all replies that wait fit: of the user for whom something
    /// was just written, where those are more than one may have.
    func enforceOutputBudget(of user: UInt32) {
        while output.value.isExceeded(by: user) {
            let meant = connections.value.values.filter { output.value.isExceeded || $0.peer.uid == user }
            guard let slowest = meant.max(by: { $0.pendingOutput < $1.pendingOutput }), slowest.pendingOutput > 0 else { return }
            remove(slowest.number)
            slowest.abandon()
            reader.note(abandoned: slowest.peer, pendingBytes: slowest.pendingOutput)
        }
    }

    /// Whether one more request of this user is taken now, or why not.
    func rateRefusal(of peer: Peer) -> WireError? {
        guard !peer.isAdmin else { return nil }
        let now = NIODeadline.now().uptimeNanoseconds
        var limit = rates.value[peer.uid] ?? RateLimit(perSecond: limits.requestsPerSecond, at: now)
        let wait = limit.take(at: now)
        rates.value[peer.uid] = limit
        if rates.value.count > 10_000 { rates.value = rates.value.filter { !$0.value.isFull(at: now) } }
        return wait.map {
            .limited("uid \(peer.uid) sends more than \(limits.requestsPerSecond) requests a second", retryAfter: $0, hint: "send fewer")
        }
    }

    func stopReading() throws {
        try lanes.end()
    }

    // MARK: Connections

    /// Goes on once it can be said who a peer is.
    func learn(_ peer: Peer) -> EventLoopFuture<Peer> {
        let promise = eventLoop.makePromise(of: Peer.self)
        engine.learn(peer) { promise.succeed(peer) }
        return promise.futureResult
    }

    func add(_ connection: Connection) {
        connections.value[connection.number] = connection
        places.value.add(1, for: connection.peer.uid)
    }

    func connection(_ number: Int) -> Connection? {
        connections.value[number]
    }

    func remove(_ number: Int) {
        guard let connection = connections.value.removeValue(forKey: number) else { return }
        places.value.add(-1, for: connection.peer.uid)
    }

    /// Whether one more connection of this user is allowed, or why not. Where all places are taken, whoever has the most gives one to
    /// whoever has fewer.
    func refusal(of peer: Peer) -> WireError? {
        let own = places.value.count(of: peer.uid)
        if own >= limits.connectionsPerUser {
            return .limited("uid \(peer.uid) has \(limits.connectionsPerUser) connections", retryAfter: 1000, hint: "close some of them")
        }
        // The last places are for whoever has to look what is wrong.
        guard connections.value.count >= limits.connections - (peer.isAdmin ? 0 : limits.connectionsForAdmins) else { return nil }
        let full = WireError.limited("the server has \(limits.connections) connections", retryAfter: 1000, hint: "try again later")
        guard let user = places.value.giver(to: peer.uid),
            let last = connections.value.values.filter({ $0.peer.uid == user }).max(by: {
                ($0.isSettled ? 1 : 0, $0.number) < ($1.isSettled ? 1 : 0, $1.number)
            })
        else { return full }
        remove(last.number)
        last.dismiss(full)
        return nil
    }

    /// Brings a reply to its connection. Replies that come together are handed over in one go.
    private func post(_ outcome: Outcome, _ ticket: Ticket) {
        let isFirst = returned.withLock { returned in
            returned.replies.append((outcome, ticket))
            defer { returned.isScheduled = true }
            return !returned.isScheduled
        }
        if isFirst { eventLoop.execute { self.handOver() } }
    }

    private func handOver() {
        let replies = returned.withLock { returned in
            defer { (returned.replies, returned.isScheduled) = ([], false) }
            return returned.replies
        }
        var touched: [Int: Connection] = [:]
        for (outcome, ticket) in replies {
            // A client that has gone does not hear its reply; it retries with its key.
            guard let connection = connections.value[ticket.connection] else { continue }
            connection.deliver(outcome, ticket)
            touched[ticket.connection] = connection
        }
        for connection in touched.values { connection.delivered() }
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
