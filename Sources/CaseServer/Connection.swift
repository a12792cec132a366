import CaseCore
import CaseEngine
import CaseWire
import NIOCore
import Synchronization

/// One client: carries out what its pipeline says is to be done, on its socket and at the service.
final class Connection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    let number: Int
    let peer: Peer
    let presence = Presence()
    private let service: Service
    private var lines: LineBuffer
    private var pipeline: RequestPipeline<Work>
    private var context: ChannelHandlerContext?
    private var countedInput = 0
    private var countedRequests = 0
    /// Whether something is to be read from the socket, and nobody has said when.
    private var isReadWanted = false
    /// Whether the socket was asked for more.
    private var isReading = false
    /// Whether it has a turn, or waits for one.
    private var isInTurn = false
    /// Whether a watch is being opened.
    private(set) var isOpeningWatch = false
    /// Watches that were opened, and whose replies are not written yet: those of a batch are when all are there.
    private var openings: [(watch: Watch, ticket: Ticket)] = []

    /// What is done for one client before others come, and how much of what it has sent is looked at, in bytes.
    private static let actionsInATurn = 64
    private static let bytesInATurn = 1 << 14
    /// About what a value takes that was read, beside its text, in bytes.
    private static let valueWeight = 64

    private(set) lazy var watches = ConnectionWatches(self, service)

    /// What a request asks of the service.
    enum Work {
        case read(Query, Parameters)
        case write(WriteRequest.Work)
        case rehearse(CommandRequest)
        case openWatch(Parameters)
        case stopWatch(String)
    }

    init(number: Int, peer: Peer, service: Service) {
        self.number = number
        self.peer = peer
        self.service = service
        lines = LineBuffer(limit: service.limits.lineBytes)
        pipeline = RequestPipeline(connection: number, limit: service.limits.inFlightPerConnection)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        presence.end()
        watches.removeAll()
        lines.clear()
        self.context = nil
        countInput()
        countOutput()
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = false
        lines.append(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadWanted = !isReading
        service.turns.value.take(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            lines.end()
            proceed()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        proceed()
        watches.proceed()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Reads from the socket only once what was read before is looked at.
    func read(context: ChannelHandlerContext) {
        guard !isReading else { return }
        isReadWanted = true
        proceed()
    }

    var hasRoomForOutput: Bool {
        context?.channel.isWritable ?? false
    }

    // MARK: Work

    /// Does what is to be done, when it is this client's turn. Whatever happens asks for a turn, and a turn looks at everything: so nothing waits
    /// for what has happened already.
    func proceed() {
        if beginTurn() { service.turns.value.add(self) }
    }

    /// - Returns: whether it has no turn yet, and gets one.
    func beginTurn() -> Bool {
        guard !isInTurn, context != nil else { return false }
        isInTurn = true
        return true
    }

    func takeTurn() {
        // What happens within a turn is looked at in it.
        let isDone = work()
        isInTurn = false
        countInput()
        countOutput()
        if !isDone { proceed() }
    }

    /// - Returns: whether nothing more is to be done now.
    private func work() -> Bool {
        var (left, byteCount) = (Connection.actionsInATurn, 0)
        lookAround()
        while left > 0, byteCount < Connection.bytesInATurn {
            guard let action = nextAction(&byteCount) else { return true }
            switch action {
            case .check(let request): pipeline.admit(admission(of: request))
            case .carryOut(let work, let ticket):
                carryOut(work, ticket)
                lookAround()
            case .write(let output):
                write(output)
                beginWatches()
                lookAround()
            case .close: context?.close(promise: nil)
            }
            left -= 1
        }
        return false
    }

    /// Tells the pipeline what has become of the client's room and of its watches.
    private func lookAround() {
        pipeline.isWritable = hasRoomForOutput
        pipeline.watchCount = watches.count + openings.count
    }

    /// - Parameter byteCount: how much was looked at in this turn.
    private func nextAction(_ byteCount: inout Int) -> RequestPipeline<Work>.Action? {
        while true {
            if let action = pipeline.next() { return action }
            guard pipeline.wantsLine, context != nil else { return nil }
            guard !service.admission.value.holds(self) else { return nil }
            let heldBefore = lines.readableBytes
            let line = lines.next { service.admission.value.input.isExceeded(by: peer.uid) }
            byteCount += heldBefore - lines.readableBytes
            guard let line else { break }
            receive(line)
        }
        if lines.isAtEnd {
            pipeline.endInput()
        } else if isReadWanted {
            (isReadWanted, isReading) = (false, true)
            context?.read()
        }
        return pipeline.next()
    }

    private func receive(_ line: LineBuffer.Line) {
        switch line {
        case .tooLong:
            let error = WireError(
                .lineTooLong, "the line is longer than \(service.limits.lineBytes) bytes", hint: "send less in one request")
            pipeline.receive(.rejected(error), weight: 0)
        case .tooMuch: pipeline.receive(.rejected(service.admission.value.inputRefusal), weight: 0)
        case .bytes(let line):
            let (message, valueCount) = Message.read(line: line.readableBytesView)
            pipeline.receive(message, weight: line.readableBytes + valueCount * Connection.valueWeight)
        }
    }

    private func admission(of given: Result<Request, Message.Rejected>) -> RequestPipeline<Work>.Admission {
        do throws(WireError) {
            if let error = service.admission.value.rateRefusal(of: peer) { throw error }
            let request: Request
            switch given {
            case .failure(let rejected): throw rejected.error
            case .success(let given): request = given
            }
            guard let method = Method(rawValue: request.method) else {
                throw WireError(.methodNotFound, "there is no method \(request.method)", hint: "rpc.discover lists the methods")
            }
            switch method {
            case .query(let query): return .alone(.read(query, try Parameters(request.params, of: method)))
            case .command(let name):
                let asked = try CommandRequest(request.params, of: Commands.ofClient(name))
                // It is a read: it waits for the commands before it.
                return asked.envelope.isDryRun ? .alone(.rehearse(asked)) : .together(.write(.command(asked)))
            case .administration:
                guard let work = try WriteRequest.Work(method, request.params) else { preconditionFailure("\(method.rawValue) writes") }
                return .together(.write(work))
            case .stream(let stream):
                let parameters = try Parameters(request.params, of: method)
                return .alone(stream == .watchStop ? .stopWatch(parameters.text("watch")!) : .openWatch(parameters))
            }
        } catch {
            return .refused(error)
        }
    }

    private func carryOut(_ work: Work, _ ticket: Ticket) {
        switch work {
        case .read(let query, let parameters): service.read(query, parameters, for: self, ticket)
        case .write(let work): service.submit(work, for: self, ticket)
        case .rehearse(let asked): service.rehearse(asked, for: self, ticket)
        case .openWatch(let parameters):
            if let error = service.admission.value.watchRefusal(of: self) { return pipeline.answer(ticket, .failure(error)) }
            isOpeningWatch = true
            service.openWatch(parameters, for: self, ticket)
        case .stopWatch(let name):
            let stopped = watches.remove(name).map { service.reader.feed.stopped($0) }
            pipeline.answer(ticket, stopped.map { .success($0) } ?? .failure(.notFound("watch", "watch \(name) on this connection")))
        }
    }

    /// Takes a reply from the engine or a reader; `proceed` follows the last of a group.
    func deliver(_ outcome: Outcome, _ ticket: Ticket) {
        isOpeningWatch = false
        pipeline.answer(ticket, outcome)
    }

    /// Takes a watch that was opened: its reply leaves first.
    func opened(_ opening: Reader.WatchOpening, _ ticket: Ticket) {
        // It counts from now on, so that a client that sends no more is not taken for done.
        isOpeningWatch = false
        openings.append((opening.watch, ticket))
        pipeline.answer(ticket, .success(opening.result))
        proceed()
    }

    /// Lets those watches speak whose replies were written.
    private func beginWatches() {
        guard let context, !openings.isEmpty else { return }
        let begun = openings.filter { pipeline.isWritten($0.ticket) }
        openings.removeAll { pipeline.isWritten($0.ticket) }
        for (watch, _) in begun { watches.add(watch, on: context.eventLoop) }
    }

    var watchCount: Int {
        watches.count + openings.count + (isOpeningWatch ? 1 : 0)
    }

    // MARK: Out

    /// Sends lines that answer no request.
    func send(_ lines: [[UInt8]]) {
        guard let context, !lines.isEmpty else { return }
        var output = context.channel.allocator.buffer(capacity: lines.reduce(0) { $0 + $1.count + 1 })
        for line in lines {
            output.writeBytes(line)
            output.writeInteger(UInt8(ascii: "\n"))
        }
        pipeline.write(byteCount: output.readableBytes)
        write(output)
    }

    /// Sends a line that may as well be left out, where there is room for it.
    func tell(_ line: [UInt8]) {
        if hasRoomForOutput { send([line]) }
    }

    /// Whether every request has been answered and every answer taken.
    var isSettled: Bool {
        pipeline.isSettled
    }

    /// What its client has not taken yet, in bytes, as far as it was told.
    private(set) var countedOutput = 0

    private func write(_ output: ByteBuffer) {
        guard let context else { return }
        let bytes = output.readableBytes
        let taken = context.eventLoop.makePromise(of: Void.self)
        taken.futureResult.assumeIsolated().whenComplete { [self] _ in
            pipeline.take(byteCount: bytes)
            proceed()
        }
        context.writeAndFlush(wrapOutboundOut(output), promise: taken)
        countOutput()
    }

    /// Tells how much this client has sent that nobody has looked at, and how much the requests take that are not answered.
    private func countInput() {
        let held = context == nil ? 0 : lines.byteCount
        if held != countedInput {
            service.admission.value.input.add(held - countedInput, for: peer.uid)
            countedInput = held
        }
        let weight = context == nil ? 0 : pipeline.weight
        guard weight != countedRequests else { return }
        let isLess = weight < countedRequests
        service.admission.value.requests.add(weight - countedRequests, for: peer.uid)
        countedRequests = weight
        if isLess { service.admission.value.releaseHeld() }
    }

    /// Tells how much this client has not taken yet of what it asked for.
    private func countOutput() {
        let owed = context == nil ? 0 : pipeline.owedByteCount
        guard owed != countedOutput else { return }
        let isMore = owed > countedOutput
        service.admission.value.output.add(owed - countedOutput, for: peer.uid)
        countedOutput = owed
        if isMore { service.admission.value.enforceOutputBudget(of: peer.uid) }
    }

    /// Says why, and closes.
    func dismiss(_ error: WireError) {
        guard let context else { return }
        send([replyBytes(.null, .failure(error))])
        context.close(promise: nil)
    }

    /// Closes at once; what was not taken is lost, and a client finds out by its keys and cursors.
    func abandon() {
        context?.close(promise: nil)
    }
}

/// Whether a client is still there, for whoever works for it on another thread.
final class Presence: Sendable {
    private let hasEnded = Atomic(false)

    var isHere: Bool {
        !hasEnded.load(ordering: .relaxed)
    }

    func end() {
        hasEnded.store(true, ordering: .relaxed)
    }
}

/// Where a reply belongs.
package struct Ticket: Sendable {
    let connection: Int
    /// The number of its line on the connection.
    package let slot: Int
    let place: Int
    let isBatch: Bool
    /// Nil for a notification.
    let id: RequestID?
}
