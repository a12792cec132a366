import CaseEngine
import CaseWire
import NIOCore
import NIOPosix
import Synchronization

/// What all connections share: the way to the engine and the readers, and the way back. Who gets in, and how much of each kind they may have, is
/// `Admission`; what is read on for watches is in `Service+Watches.swift`.
final class Service: Sendable {
    let limits: ServerLimits
    let engine: Engine
    let reader: Reader
    let lanes: ReadLanes
    let eventLoop: any EventLoop
    /// Only touched on the event loop.
    let admission: NIOLoopBoundBox<Admission>
    let turns: NIOLoopBoundBox<Turns>
    /// Only touched on the event loop.
    let board: NIOLoopBoundBox<WatchBoard<WatchPlace>>
    /// Whether somebody looks through the journal for the watches that rest. Only touched on the event loop.
    let isLooking: NIOLoopBoundBox<Bool>
    let returned = Mutex(Returned())
    let isJournalAnnounced = Mutex(false)

    struct Returned {
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
        admission = .makeBoxSendingValue(Admission(limits, reader), eventLoop: eventLoop)
        turns = .makeBoxSendingValue(Turns(eventLoop), eventLoop: eventLoop)
        board = .makeBoxSendingValue(WatchBoard(), eventLoop: eventLoop)
        isLooking = .makeBoxSendingValue(false, eventLoop: eventLoop)
        engine.whenJournalGrows { [weak self] in self?.announceJournal() }
    }

    func submit(_ work: WriteRequest.Work, for connection: Connection, _ ticket: Ticket) {
        engine.submit(WriteRequest(peer: connection.peer, work) { [self] outcome in post(outcome, ticket) })
    }

    func read(_ query: Query, _ parameters: Parameters, for connection: Connection, _ ticket: Ticket) {
        let (peer, presence) = (connection.peer, connection.presence)
        let caller = Caller(
            ticket.id, isWaiting: { [self] in presence.isHere && !isDraining },
            send: { [self] line in eventLoop.execute { self.connection(ticket.connection)?.tell(line) } })
        let answer = { @Sendable [self] in
            reader.answer(query, parameters, peer: peer, caller: caller) { outcome in self.post(outcome, ticket) }
        }
        // It looks at nothing in the store, so an admin waits for nobody who does: by it the watchdog knows that clients are answered.
        if query == .serverInfo, peer.isAdmin, !isDraining { answer() } else { inTurn(for: connection, ticket, answer) }
    }

    /// Says what a command would do.
    func rehearse(_ asked: CommandRequest, for connection: Connection, _ ticket: Ticket) {
        let peer = connection.peer
        inTurn(for: connection, ticket) { [self] in reader.rehearse(asked, peer: peer) { outcome in self.post(outcome, ticket) } }
    }

    private var isDraining: Bool {
        returned.withLock { $0.isDraining }
    }

    /// Reads for a connection on a thread of the readers, once it is its turn.
    private func inTurn(for connection: Connection, _ ticket: Ticket, _ body: @escaping @Sendable () -> Void) {
        let presence = connection.presence
        let draining = Outcome.failure(WireError(.draining, "the server is stopping", hint: "try again"))
        guard !isDraining else { return post(draining, ticket) }
        lanes.submit(for: connection.peer, isWanted: { presence.isHere }) { [self] isActive in
            if isActive { body() } else { post(draining, ticket) }
        }
    }

    /// From now on reads are refused; the engine refuses the rest. Watches are told where they end.
    func drain() {
        returned.withLock { $0.isDraining = true }
        eventLoop.execute { [self] in
            for connection in admission.value.connections { connection.watches.closeAll(reason: "server.draining") }
        }
    }

    /// Waits until all clients have taken their replies, or the time is over.
    func settled(within limit: TimeAmount) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        let end = NIODeadline.now() + limit
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { [self] task in
            guard admission.value.connections.allSatisfy(\.isSettled) || NIODeadline.now() >= end else { return }
            task.cancel()
            promise.succeed()
        }
        return promise.futureResult
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
        admission.value.add(connection)
    }

    func connection(_ number: Int) -> Connection? {
        admission.value.connection(number)
    }

    func remove(_ number: Int) {
        admission.value.remove(number)
    }

    /// Brings a reply to its connection. Replies that come together are handed over in one go.
    func post(_ outcome: Outcome, _ ticket: Ticket) {
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
            guard let connection = admission.value.connection(ticket.connection) else { continue }
            connection.deliver(outcome, ticket)
            touched[ticket.connection] = connection
        }
        for connection in touched.values { turns.value.take(connection) }
    }
}
