import CaseEngine
import CaseServer
import CaseWire
import NIOCore

/// A client's connection without its socket: what it sends goes through the pipeline of the server, and it takes what comes when it likes.
package struct SimulatedConnection {
    /// What a client does beside asking.
    package enum Habit: CaseIterable, Sendable {
        /// It asks nothing more, and waits for what it is owed.
        case endsInput
        /// It is gone.
        case hangsUp
        case takesNothing, takesAgain
    }

    /// What it has to come to, or nobody has looked whether it is right.
    package enum Occasion: String, CaseIterable, Sendable {
        case inputEndedWhileOwed = "input-ended-while-owed"
        case hungUpWhileOwed = "hung-up-while-owed"
        case replyNotTaken = "reply-not-taken"
        case heldBack = "held-back"
    }

    /// The number of a request among all of the life, and what it asks for.
    typealias Work = (request: Int, asked: WriteRequest.Work)

    let peer: Peer
    private var pipeline: RequestPipeline<Work>
    /// Lines that the server has no room for yet.
    private var outbox: [[UInt8]] = []
    /// The requests in the order of their lines.
    private var sent: [Int] = []
    /// What each line has to be answered with, once that is known.
    private var replies: [Int: [UInt8]] = [:]
    private var checkedCount = 0
    private var receivedCount = 0
    private var untaken: [UInt8] = []
    private var isTaking = true
    private var isInputEnded = false
    private(set) var isClosed = false
    private(set) var occasions: Set<Occasion> = []

    /// Few, so that lives reach it.
    private static let limit = 8

    init(number: Int, peer: Peer) {
        self.peer = peer
        pipeline = RequestPipeline(connection: number, limit: SimulatedConnection.limit)
    }

    var mayAsk: Bool {
        !isInputEnded
    }

    private var isOwed: Bool {
        receivedCount < sent.count
    }

    mutating func ask(_ request: Int, _ line: [UInt8]) {
        sent.append(request)
        outbox.append(line)
    }

    /// - Returns: whether it is still there.
    mutating func follow(_ habit: Habit) -> Bool {
        switch habit {
        case .endsInput:
            isInputEnded = true
            if isOwed { occasions.insert(.inputEndedWhileOwed) }
        case .hangsUp:
            if isOwed { occasions.insert(.hungUpWhileOwed) }
            return false
        case .takesNothing: isTaking = false
        case .takesAgain: isTaking = true
        }
        return true
    }

    mutating func answer(_ ticket: Ticket, _ outcome: Outcome) {
        note(ticket.slot, outcome)
        pipeline.answer(ticket, outcome)
    }

    private mutating func note(_ line: Int, _ outcome: Outcome) {
        replies[line] = replyBytes(.number(literal: "\(sent[line])"), outcome)
    }

    /// Does what is to be done, until something happens.
    ///
    /// - Returns: what is to be carried out.
    mutating func proceed() throws -> [(work: Work, ticket: Ticket)] {
        var works: [(work: Work, ticket: Ticket)] = []
        while true {
            send()
            try take()
            pipeline.isWritable = isTaking
            guard let action = pipeline.next() else { break }
            switch action {
            case .check(let request):
                pipeline.admit(try admission(of: request, line: checkedCount))
                checkedCount += 1
            case .carryOut(let work, let ticket): works.append((work, ticket))
            case .write(let output): untaken += output.readableBytesView
            case .close:
                guard isInputEnded, !isOwed, untaken.isEmpty else {
                    throw SimulationModel.Broken(description: "a connection was closed to which something is owed")
                }
                isClosed = true
            }
        }
        if !untaken.isEmpty { occasions.insert(.replyNotTaken) }
        if !outbox.isEmpty { occasions.insert(.heldBack) }
        return works
    }

    private mutating func send() {
        while let line = outbox.first, pipeline.wantsLine {
            outbox.removeFirst()
            pipeline.receive(Message(line: line), weight: line.count)
        }
        if isInputEnded, outbox.isEmpty { pipeline.endInput() }
    }

    private mutating func admission(of given: Result<Request, Message.Rejected>, line: Int) throws -> RequestPipeline<Work>.Admission {
        let request = try given.get()
        do throws(WireError) {
            guard let method = Method(rawValue: request.method), let asked = try WriteRequest.Work(method, request.params) else {
                throw WireError(.methodNotFound, "nobody asks for \(request.method) here")
            }
            return .together((sent[line], asked))
        } catch {
            note(line, .failure(error))
            return .refused(error)
        }
    }

    /// The client takes what was written, and looks whether it is what is next.
    private mutating func take() throws {
        guard isTaking, !untaken.isEmpty else { return }
        pipeline.take(byteCount: untaken.count)
        for line in untaken.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            guard replies.removeValue(forKey: receivedCount).map({ $0 == Array(line) }) ?? false else {
                throw SimulationModel.Broken(
                    description: "a client got \(String(decoding: line, as: UTF8.self)) as its reply number \(receivedCount)")
            }
            receivedCount += 1
        }
        untaken = []
    }

    /// Whether it was told all that it asked for, and is not there any more.
    func finish() throws {
        guard !isOwed, outbox.isEmpty, isClosed else {
            throw SimulationModel.Broken(
                description: "a client has \(receivedCount) of \(sent.count) replies, and its connection is \(isClosed ? "closed" : "open")"
            )
        }
    }
}
