import CaseEngine
import CaseWire
import NIOCore
import Synchronization

/// One client: its requests are carried out and answered in the order in which they came.
///
/// Mutations that follow each other go to the engine together and so share a commit; a read waits until the mutations
/// before it are answered, and then sees them. While too much waits, nothing more is read from the socket.
final class Connection: ChannelDuplexHandler {
    typealias InboundIn = LineFramer.Line
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    let number: Int
    let peer: Peer
    let presence = Presence()
    private let service: Service
    private let limit: Int

    /// Requests that are not given to anybody yet.
    private var waiting: CircularBuffer<Unit> = []
    /// Lines that are not answered yet.
    private var slots: CircularBuffer<Slot> = []
    private var firstSlot = 0
    private var inFlightCount = 0
    private var isReading = false
    private var isReadHeld = false
    private var isInputClosed = false
    private var context: ChannelHandlerContext?
    private(set) lazy var watches = ConnectionWatches(self, service)

    /// One request, and where its reply belongs.
    private struct Unit {
        let slot: Int
        let place: Int
        let request: Result<Request, Message.Rejected>
    }

    /// The replies to one line. Notifications leave none.
    private struct Slot {
        let isBatch: Bool
        var missingCount: Int
        var replies: [[UInt8]?]
    }

    init(number: Int, peer: Peer, service: Service) {
        self.number = number
        self.peer = peer
        self.service = service
        limit = service.limits.inFlightPerConnection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        presence.end()
        watches.removeAll()
        self.context = nil
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .tooLong:
            let error = WireError(
                .lineTooLong, "the line is longer than \(service.limits.lineBytes) bytes", hint: "send less in one request")
            accept(.single(.failure(Message.Rejected(id: .null, error: error))))
        case .tooMuch: accept(.single(.failure(Message.Rejected(id: .null, error: service.inputRefusal))))
        case .bytes(let line): accept(Message(line: line.readableBytesView))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        proceed()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            isInputClosed = true
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

    /// Reads from the socket only while there is room.
    func read(context: ChannelHandlerContext) {
        if hasRoom { context.read() } else { isReadHeld = true }
    }

    private var hasRoom: Bool {
        waiting.count + inFlightCount < limit && hasRoomForOutput
    }

    var hasRoomForOutput: Bool {
        context?.channel.isWritable ?? false
    }

    private func accept(_ message: Message) {
        let slot = firstSlot + slots.count
        switch message {
        case .single(let request):
            slots.append(Slot(isBatch: false, missingCount: 1, replies: [nil]))
            waiting.append(Unit(slot: slot, place: 0, request: request))
        case .batch(let requests):
            slots.append(Slot(isBatch: true, missingCount: requests.count, replies: Array(repeating: nil, count: requests.count)))
            for (place, request) in requests.enumerated() { waiting.append(Unit(slot: slot, place: place, request: request)) }
        }
    }

    // MARK: Work

    private func proceed() {
        while let unit = waiting.first, hasRoomForOutput, give(unit) { waiting.removeFirst() }
        flush()
        if isReadHeld, hasRoom {
            isReadHeld = false
            context?.read()
        }
        closeIfDone()
    }

    /// A client that sends no more still gets what it asked for: the connection ends once every request is answered, every answer
    /// is taken and nothing is watched.
    private func closeIfDone() {
        if isInputClosed, isSettled, watches.count == 0 { context?.close(promise: nil) }
    }

    /// Gives a request to whoever carries it out; false where it has to wait for those before it.
    private func give(_ unit: Unit) -> Bool {
        let request: Request
        switch unit.request {
        case .failure(let rejected):
            finish(unit.slot, unit.place, replyBytes(rejected.id, .failure(rejected.error)))
            return true
        case .success(let value): request = value
        }
        do throws(WireError) {
            guard let method = Method(rawValue: request.method) else {
                throw WireError(
                    .methodNotFound, "there is no method \(request.method)", hint: "rpc.discover lists the methods")
            }
            if let error = service.rateRefusal(of: peer) { throw error }
            switch method {
            case .query(let query):
                let parameters = try Parameters(request.params, of: method)
                guard inFlightCount == 0 else { return false }
                isReading = true
                inFlightCount += 1
                service.read(query, parameters, for: self, ticket(unit, request))
            case .command, .administration:
                guard let work = try WriteRequest.Work(method, request.params) else { preconditionFailure("\(method.rawValue) writes") }
                guard !isReading, inFlightCount < limit else { return false }
                inFlightCount += 1
                service.submit(work, for: self, ticket(unit, request))
            case .stream(let stream):
                let parameters = try Parameters(request.params, of: method)
                guard inFlightCount == 0 else { return false }
                if stream == .watchStop {
                    finish(unit.slot, unit.place, request.id.map { replyBytes($0, stopWatch(parameters.text("watch")!)) })
                } else {
                    if let error = service.watchRefusal(of: self) { throw error }
                    isReading = true
                    inFlightCount += 1
                    service.openWatch(parameters, for: self, ticket(unit, request))
                }
            }
        } catch {
            finish(unit.slot, unit.place, request.id.map { replyBytes($0, .failure(error)) })
        }
        return true
    }

    private func ticket(_ unit: Unit, _ request: Request) -> Ticket {
        Ticket(connection: number, slot: unit.slot, place: unit.place, id: request.id)
    }

    /// Takes a reply from the engine or a reader; `delivered` follows the last of a group.
    func deliver(_ outcome: Outcome, _ ticket: Ticket) {
        inFlightCount -= 1
        isReading = false
        finish(ticket.slot, ticket.place, ticket.id.map { replyBytes($0, outcome) })
    }

    private func stopWatch(_ name: String) -> Outcome {
        guard let watch = watches.remove(name) else {
            return .failure(WireError.notFound("watch", "watch \(name) on this connection"))
        }
        return .success(service.reader.feed.stopped(watch))
    }

    /// Takes a watch that was opened: its reply leaves first.
    func opened(_ opening: Reader.WatchOpening, _ ticket: Ticket) {
        // It counts from now on, so that a client that sends no more is not taken for done; events come in later turns of the loop.
        if let context { watches.add(opening.watch, on: context.eventLoop) }
        deliver(.success(opening.result), ticket)
        flush()
        send(opening.lines)
        proceed()
    }

    func delivered() {
        proceed()
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
        write(output, context)
    }

    /// Sends a line that may as well be left out, where there is room for it.
    func tell(_ line: [UInt8]) {
        if hasRoomForOutput { send([line]) }
    }

    /// Closes once what was sent is taken, or a moment later all the same.
    func closeSoon() {
        guard let context else { return }
        let channel = context.channel
        channel.writeAndFlush(context.channel.allocator.buffer(capacity: 0)).whenComplete { _ in channel.close(promise: nil) }
        context.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
    }

    private func finish(_ slot: Int, _ place: Int, _ reply: [UInt8]?) {
        let index = slots.index(slots.startIndex, offsetBy: slot - firstSlot)
        slots[index].replies[place] = reply
        slots[index].missingCount -= 1
    }

    private func flush() {
        guard let context else { return }
        var output: ByteBuffer?
        while let slot = slots.first, slot.missingCount == 0 {
            slots.removeFirst()
            firstSlot += 1
            let replies = slot.replies.compactMap { $0 }
            guard !replies.isEmpty else { continue }
            if output == nil { output = context.channel.allocator.buffer(capacity: 4096) }
            if slot.isBatch { output!.writeInteger(UInt8(ascii: "[")) }
            for (place, reply) in replies.enumerated() {
                if place > 0 { output!.writeInteger(UInt8(ascii: ",")) }
                output!.writeBytes(reply)
            }
            if slot.isBatch { output!.writeInteger(UInt8(ascii: "]")) }
            output!.writeInteger(UInt8(ascii: "\n"))
        }
        if let output { write(output, context) }
    }

    /// Whether every request has been answered and every answer taken.
    var isSettled: Bool {
        slots.isEmpty && pendingOutput == 0
    }

    /// What was written and not taken yet, in bytes.
    private(set) var pendingOutput = 0

    private func write(_ output: ByteBuffer, _ context: ChannelHandlerContext) {
        let bytes = output.readableBytes
        pendingOutput += bytes
        service.output.value.add(bytes)
        let taken = context.eventLoop.makePromise(of: Void.self)
        taken.futureResult.assumeIsolated().whenComplete { [self] _ in
            pendingOutput -= bytes
            service.output.value.add(-bytes)
            closeIfDone()
        }
        context.writeAndFlush(wrapOutboundOut(output), promise: taken)
        service.enforceOutputBudget()
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
struct Ticket: Sendable {
    let connection: Int
    let slot: Int
    let place: Int
    /// Nil for a notification.
    let id: RequestID?
}
