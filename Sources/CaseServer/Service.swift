import CaseEngine
import CaseWire
import NIOCore
import NIOPosix
import Synchronization

/// What all connections share: the way to the engine and the readers, and the way back.
final class Service: Sendable {
    let limits: ServerLimits
    private let engine: Engine
    private let reader: Reader
    private let readThreads: NIOThreadPool
    private let eventLoop: any EventLoop
    /// Only touched on the event loop.
    private let connections: NIOLoopBoundBox<[Int: Connection]>
    private let returned = Mutex(Returned())

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
        readThreads = NIOThreadPool(numberOfThreads: limits.readThreads)
        readThreads.start()
        connections = .makeBoxSendingValue([:], eventLoop: eventLoop)
    }

    func submit(_ method: Method, _ parameters: Parameters, for connection: Connection, _ ticket: Ticket) {
        engine.submit(
            Command(peer: connection.peer, method: method, parameters: parameters) { [self] outcome in
                post(outcome, ticket)
            })
    }

    func read(_ method: Method, _ parameters: Parameters, for connection: Connection, _ ticket: Ticket) {
        guard !returned.withLock({ $0.isDraining }) else {
            return post(.failure(WireError(.draining, "the server is stopping", hint: "try again")), ticket)
        }
        let peer = connection.peer
        readThreads.submit { [self] state in
            switch state {
            case .active: reader.answer(method, parameters, peer: peer) { outcome in self.post(outcome, ticket) }
            case .cancelled: post(.failure(WireError(.draining, "the server is stopping", hint: "try again")), ticket)
            }
        }
    }

    /// From now on reads are refused; the engine refuses the rest.
    func drain() {
        returned.withLock { $0.isDraining = true }
    }

    func stopReading() throws {
        try readThreads.syncShutdownGracefully()
    }

    // MARK: Connections

    func add(_ connection: Connection) {
        connections.value[connection.number] = connection
    }

    func remove(_ number: Int) {
        connections.value[number] = nil
    }

    /// Whether one more connection of this user is allowed, or why not.
    func refusal(of peer: Peer) -> WireError? {
        if connections.value.count >= limits.connections {
            return WireError(.rateLimited, "the server has \(limits.connections) connections", hint: "try again later")
        }
        if connections.value.values.count(where: { $0.peer == peer }) >= limits.connectionsPerUser {
            return WireError(
                .rateLimited, "uid \(peer.uid) has \(limits.connectionsPerUser) connections", hint: "close some of them")
        }
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
