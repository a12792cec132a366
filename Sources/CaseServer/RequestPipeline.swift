import CaseEngine
import CaseWire
import NIOCore

/// What a connection owes its client: requests in the order in which they came, and their replies in the same order.
///
/// It knows no socket, no thread and no clock. It is told what happens, and asked with `next` what is to be done until there is nothing more.
/// Mutations that follow each other are carried out together and so share a commit; a read waits until the mutations before it are answered,
/// and then sees them. The next line is wanted once the requests of the last one are begun: what was sent and has to wait is not even read.
package struct RequestPipeline<Work> {
    /// What whoever checks a request finds.
    package enum Admission {
        case refused(WireError)
        /// Carried out beside those before it that are as well.
        case together(Work)
        /// Carried out once those before it are answered; those after it wait.
        case alone(Work)
    }

    package enum Action {
        /// The next request is to be checked, which happens once: `admit` takes what is found.
        case check(Result<Request, Message.Rejected>)
        /// `answer` takes the reply, whenever it is there.
        case carryOut(Work, Ticket)
        /// `take` is told once the client has taken it.
        case write(ByteBuffer)
        case close
    }

    /// One request, and where its reply belongs.
    private struct Unit {
        let ticket: Ticket
        var stage: Stage

        enum Stage {
            case unchecked(Result<Request, Message.Rejected>)
            case checked(Admission)
        }
    }

    /// The replies to one line. Notifications leave none.
    private struct Slot {
        let isBatch: Bool
        var missingCount: Int
        var replies: [[UInt8]?]
        var byteCount = 0
        /// Requests that are being carried out.
        var inFlightCount = 0
        /// About how much its requests take until all are answered.
        let weight: Int
    }

    /// Beyond so many bytes of requests that are not answered no line is wanted.
    private static var weightLimit: Int { 1 << 21 }
    /// What a request takes beside its line, in bytes.
    private static var overhead: Int { 1 << 10 }

    private let connection: Int
    private let limit: Int
    private var waiting: CircularBuffer<Unit> = []
    /// Lines that are not answered yet.
    private var slots: CircularBuffer<Slot> = []
    private var firstSlot = 0
    /// Requests that are being carried out.
    private(set) var inFlightCount = 0
    private var isAlone = false
    /// What was written and not taken yet, in bytes.
    private(set) var pendingOutput = 0
    /// About how much the requests take that are not answered yet, in bytes.
    private(set) var weight = 0
    /// Replies that wait for others before them, in bytes.
    private var heldOutput = 0
    private var isInputClosed = false
    private var isClosing = false
    /// Whether the client takes what is written.
    package var isWritable = true
    /// Who still hears something, although they ask nothing more.
    var watchCount = 0

    /// - Parameters:
    ///   - connection: its number, in tickets.
    ///   - limit: requests that are not answered yet, beyond which no line is wanted.
    package init(connection: Int, limit: Int) {
        (self.connection, self.limit) = (connection, limit)
    }

    // MARK: What happens

    /// - Parameter weight: what its line takes once it is read, in bytes.
    package mutating func receive(_ message: Message, weight: Int) {
        let requests: [Result<Request, Message.Rejected>]
        let isBatch: Bool
        switch message {
        case .single(let request): (requests, isBatch) = ([request], false)
        case .batch(let batch): (requests, isBatch) = (batch, true)
        }
        let slot = firstSlot + slots.count
        let weight = weight + RequestPipeline.overhead * requests.count
        slots.append(
            Slot(
                isBatch: isBatch, missingCount: requests.count, replies: Array(repeating: nil, count: requests.count),
                weight: weight))
        self.weight += weight
        for (place, request) in requests.enumerated() {
            let id: RequestID? =
                switch request {
                case .failure(let rejected): rejected.id
                case .success(let request): request.id
                }
            waiting.append(
                Unit(
                    ticket: Ticket(connection: connection, slot: slot, place: place, isBatch: isBatch, id: id), stage: .unchecked(request)))
        }
    }

    /// Takes what was found of the request that `next` gave to check.
    package mutating func admit(_ admission: Admission) {
        guard let unit = waiting.first, case .unchecked = unit.stage else { preconditionFailure("nothing is to be checked") }
        waiting[waiting.startIndex].stage = .checked(admission)
    }

    /// Takes the reply to a request that is being carried out.
    package mutating func answer(_ ticket: Ticket, _ outcome: Outcome) {
        inFlightCount -= 1
        if ticket.isBatch { slots[index(of: ticket)].inFlightCount -= 1 }
        isAlone = false
        finish(ticket, outcome)
    }

    /// The client asks nothing more; it still gets what it asked for.
    package mutating func endInput() {
        isInputClosed = true
    }

    /// Something is written that answers no request.
    mutating func write(byteCount: Int) {
        pendingOutput += byteCount
    }

    /// The client has taken so much of what was written.
    package mutating func take(byteCount: Int) {
        pendingOutput -= byteCount
    }

    /// Whether the next line is wanted, where there is one: `receive` takes what is in it.
    package var wantsLine: Bool {
        waiting.isEmpty && inFlightCount < limit && isWritable && weight < RequestPipeline.weightLimit
    }

    // MARK: What is to be done

    /// Nil where nothing is, until something happens.
    package mutating func next() -> Action? {
        while isWritable, let unit = waiting.first {
            switch unit.stage {
            case .unchecked(let request):
                guard hasRoomForReply(unit.ticket) else {
                    finish(unit.ticket, .failure(RequestPipeline.tooLong))
                    break
                }
                return .check(request)
            case .checked(.refused(let error)): finish(unit.ticket, .failure(error))
            case .checked(.together(let work)):
                guard !isAlone, inFlightCount < limit, mayBegin(unit.ticket) else { return write() ?? rest() }
                // Those that were begun before it may have had long answers since it was checked.
                guard hasRoomForReply(unit.ticket) else {
                    finish(unit.ticket, .failure(RequestPipeline.tooLong))
                    break
                }
                return start(work, unit.ticket)
            case .checked(.alone(let work)):
                guard inFlightCount == 0 else { return write() ?? rest() }
                isAlone = true
                return start(work, unit.ticket)
            }
            waiting.removeFirst()
        }
        return write() ?? rest()
    }

    /// Whether the replies to a batch are short enough for one more.
    private func hasRoomForReply(_ ticket: Ticket) -> Bool {
        !ticket.isBatch || slot(of: ticket).byteCount < ReplyLimit.batch
    }

    /// Whether the answers to what is begun of a batch leave room for another one, or nothing is begun.
    private func mayBegin(_ ticket: Ticket) -> Bool {
        guard ticket.isBatch else { return true }
        let slot = slot(of: ticket)
        return slot.inFlightCount == 0 || slot.byteCount + slot.inFlightCount * ReplyLimit.answer < ReplyLimit.batch
    }

    private mutating func start(_ work: Work, _ ticket: Ticket) -> Action {
        waiting.removeFirst()
        inFlightCount += 1
        if ticket.isBatch { slots[index(of: ticket)].inFlightCount += 1 }
        return .carryOut(work, ticket)
    }

    private mutating func finish(_ ticket: Ticket, _ outcome: Outcome) {
        let index = index(of: ticket)
        let reply = ticket.id.map { replyBytes($0, outcome) }
        slots[index].replies[ticket.place] = reply
        slots[index].missingCount -= 1
        slots[index].byteCount += reply?.count ?? 0
        heldOutput += reply?.count ?? 0
        if slots[index].missingCount == 0 { weight -= slots[index].weight }
    }

    private func index(of ticket: Ticket) -> CircularBuffer<Slot>.Index {
        slots.index(slots.startIndex, offsetBy: ticket.slot - firstSlot)
    }

    private func slot(of ticket: Ticket) -> Slot {
        slots[index(of: ticket)]
    }

    /// Whether the replies to the line of a request were written.
    func isWritten(_ ticket: Ticket) -> Bool {
        ticket.slot < firstSlot
    }

    private static var tooLong: WireError {
        WireError(
            .lineTooLong, kind: "reply.too_long", "the replies to this batch have \(ReplyLimit.batch) bytes already",
            details: .object([.init("limit", .integer(ReplyLimit.batch))]), hint: "it was not carried out: send fewer requests in one batch"
        )
    }

    /// What the client has not taken yet, written or not, in bytes.
    var owedByteCount: Int {
        pendingOutput + heldOutput
    }

    private mutating func write() -> Action? {
        takeOutput().map { .write($0) }
    }

    /// The replies that are complete, in the order of their lines, where they leave before anything further is begun; nil for none. `take` is told
    /// once the client has taken them.
    mutating func takeOutput() -> ByteBuffer? {
        var output = ByteBuffer()
        while let slot = slots.first, slot.missingCount == 0 {
            slots.removeFirst()
            firstSlot += 1
            heldOutput -= slot.byteCount
            let replies = slot.replies.compactMap { $0 }
            guard !replies.isEmpty else { continue }
            if slot.isBatch { output.writeInteger(UInt8(ascii: "[")) }
            for (place, reply) in replies.enumerated() {
                if place > 0 { output.writeInteger(UInt8(ascii: ",")) }
                output.writeBytes(reply)
            }
            if slot.isBatch { output.writeInteger(UInt8(ascii: "]")) }
            output.writeInteger(UInt8(ascii: "\n"))
        }
        guard output.readableBytes > 0 else { return nil }
        pendingOutput += output.readableBytes
        return output
    }

    private mutating func rest() -> Action? {
        if isInputClosed, isSettled, watchCount == 0, !isClosing {
            isClosing = true
            return .close
        }
        return nil
    }

    /// Whether every request has been answered and every answer taken.
    var isSettled: Bool {
        slots.isEmpty && pendingOutput == 0
    }
}
