import CaseTesting
import CaseWire
import NIOCore
import Testing

@testable import CaseServer

/// The pipeline of one connection under whatever comes between its requests and their replies, without a socket.
@Suite("What a connection owes its client")
struct RequestPipelineTests {
    /// What a request asks for here: its method says how it is carried out.
    private typealias Pipeline = RequestPipeline<String>

    /// One life of a connection: a client that sends, a socket that takes, and work that is answered in whatever order.
    private struct Life {
        var pipeline: Pipeline
        let limit: Int
        /// What was sent, line by line: the ids that are to be answered, and whether they are one batch.
        var lines: [(ids: [Int], isBatch: Bool)] = []
        var requestCount = 0
        /// How many of them are to be carried out.
        var workCount = 0
        /// How often each was checked, carried out and answered.
        var checked: [Int: Int] = [:]
        var carriedOut: [Int] = []
        var working: [(ticket: Ticket, method: String, number: Int)] = []
        var received = ""
        var untaken = 0
        var isWritable = true
        var isInputClosed = false
        var watchCount = 0
        var closeCount = 0

        init(limit: Int) {
            self.limit = limit
            pipeline = Pipeline(connection: 7, limit: limit)
        }

        static let methods = ["read", "write", "write", "write", "refused"]

        private mutating func request(_ number: Int, _ random: inout SeededRandom) -> (request: Result<Request, Message.Rejected>, id: Int?)
        {
            if Int.random(in: 0..<12, using: &random) == 0 {
                let error = WireError(.invalidRequest, "no request")
                return (.failure(Message.Rejected(id: .number(literal: "\(number)"), error: error)), number)
            }
            let isNotification = Int.random(in: 0..<8, using: &random) == 0
            let method = Life.methods.randomElement(using: &random)!
            if method != "refused" { workCount += 1 }
            return (
                .success(Request(id: isNotification ? nil : .number(literal: "\(number)"), method: "\(method) \(number)", params: nil)),
                isNotification ? nil : number
            )
        }

        mutating func send(_ random: inout SeededRandom) {
            let isBatch = Int.random(in: 0..<4, using: &random) == 0
            var found: [(request: Result<Request, Message.Rejected>, id: Int?)] = []
            for _ in 0..<(isBatch ? Int.random(in: 1...4, using: &random) : 1) {
                requestCount += 1
                found.append(request(requestCount, &random))
            }
            lines.append((found.compactMap(\.id), isBatch))
            pipeline.receive(isBatch ? .batch(found.map(\.request)) : .single(found[0].request), weight: 10)
        }

        /// Does what the pipeline says until there is nothing more; says what it must not.
        mutating func drain() throws {
            pipeline.isWritable = isWritable
            pipeline.watchCount = watchCount
            while let action = pipeline.next() {
                switch action {
                case .check(.failure(let rejected)): pipeline.admit(.refused(rejected.error))
                case .check(.success(let request)):
                    let parts = request.method.split(separator: " ")
                    let (method, number) = (String(parts[0]), Int(parts[1])!)
                    checked[number, default: 0] += 1
                    #expect(isWritable, "nothing is begun for a client that takes nothing")
                    switch method {
                    case "refused": pipeline.admit(.refused(WireError(.rateLimited, "too much")))
                    case "read": pipeline.admit(.alone(request.method))
                    default: pipeline.admit(.together(request.method))
                    }
                case .carryOut(let work, let ticket):
                    let parts = work.split(separator: " ")
                    let (method, number) = (String(parts[0]), Int(parts[1])!)
                    #expect(checked[number] == 1, "it is checked once before it is carried out")
                    #expect(carriedOut.last ?? 0 < number, "in the order in which they came")
                    if method == "read" {
                        #expect(working.isEmpty, "a read sees what was asked for before it")
                    } else {
                        #expect(working.allSatisfy { $0.method == "write" } && working.count < limit)
                    }
                    carriedOut.append(number)
                    working.append((ticket, method, number))
                case .write(let output):
                    #expect(output.readableBytes > 0)
                    received += String(buffer: output)
                    untaken += output.readableBytes
                case .close:
                    closeCount += 1
                    #expect(isInputClosed && untaken == 0 && watchCount == 0 && working.isEmpty, "whatever is owed was written and taken")
                    #expect(isWhole)
                }
            }
            #expect(closeCount <= 1)
            if isWritable, working.isEmpty {
                #expect(carriedOut.count == workCount && isWhole, "nobody waits for nothing")
                if isInputClosed, untaken == 0, watchCount == 0 { #expect(closeCount == 1, "a connection to which nothing is owed ends") }
                #expect(pipeline.wantsLine, "a client that may send is heard")
            }
        }

        /// Whether each line was answered, in the order of the lines, a batch by one array in the order of its requests.
        private var isWhole: Bool {
            let expected = lines.filter { !$0.ids.isEmpty }
            let answers = received.split(separator: "\n")
            guard answers.count == expected.count else { return false }
            return zip(answers, expected).allSatisfy { answer, line in
                guard let value = try? JSONReader.read(Array(answer.utf8)) else { return false }
                let replies = line.isBatch ? value.array ?? [] : [value]
                return replies.map { $0["id"]?.integer.map(Int.init) } == line.ids
            }
        }

        mutating func answer(_ random: inout SeededRandom) {
            guard !working.isEmpty else { return }
            let (ticket, _, number) = working.remove(at: Int.random(in: 0..<working.count, using: &random))
            pipeline.answer(ticket, .success(Array("\(number)".utf8)))
        }

        mutating func take(_ byteCount: Int) {
            untaken -= byteCount
            pipeline.take(byteCount: byteCount)
        }
    }

    @Test("P6: Once the replies to a batch are long, the rest of it is not carried out and says so; the next line is as usual")
    func longBatch() {
        var pipeline = Pipeline(connection: 7, limit: 100)
        let requests = (0..<4).map {
            Result<Request, Message.Rejected>.success(Request(id: .number(literal: "\($0)"), method: "read", params: nil))
        }
        pipeline.receive(.batch(requests), weight: 100)
        pipeline.receive(.single(requests[0]), weight: 10)
        var (carriedOut, output) = (0, "")
        while let action = pipeline.next() {
            switch action {
            case .check: pipeline.admit(.alone("read"))
            case .carryOut(_, let ticket):
                carriedOut += 1
                pipeline.answer(ticket, .success(Array(repeating: UInt8(ascii: "1"), count: ReplyLimit.batch / 2)))
                #expect(pipeline.owedByteCount > ReplyLimit.batch / 2, "what waits for others counts")
            case .write(let bytes): output += String(buffer: bytes)
            case .close: break
            }
        }
        #expect(carriedOut == 3 && output.ranges(of: "reply.too_long").count == 2)
        #expect(pipeline.weight == 0 && pipeline.owedByteCount == output.utf8.count)
    }

    @Test("P6: Commands of a batch are begun together only as far as there is room for their answers")
    func longBatchOfCommands() {
        var pipeline = Pipeline(connection: 7, limit: 1000)
        let requests = (0..<100).map {
            Result<Request, Message.Rejected>.success(Request(id: .number(literal: "\($0)"), method: "write", params: nil))
        }
        pipeline.receive(.batch(requests), weight: 100)
        var (carriedOut, output, begun) = (0, "", [Ticket]())
        repeat {
            for ticket in begun { pipeline.answer(ticket, .success(Array(repeating: UInt8(ascii: "1"), count: ReplyLimit.answer))) }
            begun = []
            while let action = pipeline.next() {
                switch action {
                case .check: pipeline.admit(.together("write"))
                case .carryOut(_, let ticket):
                    carriedOut += 1
                    begun.append(ticket)
                case .write(let bytes): output += String(buffer: bytes)
                case .close: break
                }
            }
        } while !begun.isEmpty
        #expect(carriedOut == ReplyLimit.batch / ReplyLimit.answer && output.ranges(of: "reply.too_long").count == 100 - carriedOut)
        #expect(pipeline.weight == 0 && pipeline.owedByteCount == output.utf8.count)
    }

    @Test("P7: While its requests are long, many, or wait for others, no further line of a client is wanted")
    func longRequests() {
        var pipeline = Pipeline(connection: 7, limit: 3)
        var tickets: [Ticket] = []
        func receive(_ method: String, _ weight: Int) {
            #expect(pipeline.wantsLine)
            pipeline.receive(.single(.success(Request(id: .null, method: method, params: nil))), weight: weight)
            while let action = pipeline.next() {
                if case .check(.success(let request)) = action {
                    pipeline.admit(request.method == "read" ? .alone("read") : .together("write"))
                }
                if case .carryOut(_, let begun) = action { tickets.append(begun) }
            }
        }
        func answer() {
            pipeline.answer(tickets.removeFirst(), .success([]))
            while let action = pipeline.next() {
                if case .carryOut(_, let begun) = action { tickets.append(begun) }
            }
        }
        receive("write", 1 << 22)
        #expect(!pipeline.wantsLine, "it is long")
        answer()
        receive("write", 10)
        receive("read", 10)
        #expect(!pipeline.wantsLine && tickets.count == 1, "the read waits for what was asked before it")
        answer()
        #expect(tickets.count == 1 && pipeline.wantsLine, "what comes behind a read can be looked at meanwhile")
        answer()
        for _ in 0..<3 { receive("write", 10) }
        #expect(!pipeline.wantsLine, "they are many")
        while !tickets.isEmpty { answer() }
        #expect(pipeline.wantsLine && pipeline.weight == 0)
    }

    @Test(
        "P4, P5, P7: Whatever comes between, each request is checked once and answered in its place, and the connection ends once all is taken",
        arguments: 0..<200)
    func interleavings(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var life = Life(limit: Int.random(in: 1...6, using: &random))
        for _ in 0..<Int.random(in: 10...120, using: &random) {
            switch Int.random(in: 0..<12, using: &random) {
            case 0...3 where !life.isInputClosed:
                life.pipeline.isWritable = life.isWritable
                if life.pipeline.wantsLine { life.send(&random) }
            case 4...6: life.answer(&random)
            case 7 where life.untaken > 0: life.take(Int.random(in: 1...life.untaken, using: &random))
            case 8: life.isWritable.toggle()
            case 10 where life.closeCount == 0:
                life.watchCount = Int.random(in: 0...1, using: &random)
                if life.watchCount > 0, Bool.random(using: &random) {
                    life.pipeline.write(byteCount: 5)
                    life.untaken += 5
                }
            case 11 where Int.random(in: 0..<6, using: &random) == 0:
                life.isInputClosed = true
                life.pipeline.endInput()
            default: break
            }
            try life.drain()
        }
        // The client goes on until it has heard everything.
        life.isInputClosed = true
        life.pipeline.endInput()
        (life.isWritable, life.watchCount) = (true, 0)
        try life.drain()
        for _ in 0..<(life.requestCount + life.lines.count + 2) {
            life.answer(&random)
            try life.drain()
            if life.untaken > 0 { life.take(life.untaken) }
            try life.drain()
        }
        #expect(life.closeCount == 1)
    }
}
