import NIOCore

/// Cuts the stream into lines. A line that is too long is passed over, and what comes after it is read as usual.
final class LineFramer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Line

    enum Line {
        /// Without its line feed; never blank.
        case bytes(ByteBuffer)
        case tooLong
        /// The connections of this user, or of all, hold more unfinished lines than they may, and this is one of the longer ones.
        case tooMuch
    }

    private let limit: Int
    private let budget: MemoryBudget
    private let user: UInt32
    /// What the budget has been told of.
    private var counted = 0
    private var held: ByteBuffer?
    /// How many of the held bytes are known to hold no line feed.
    private var searched = 0
    private var isPassingOver = false

    /// A line of so many bytes may always be held.
    private static let allowance = 1 << 14

    init(limit: Int, budget: MemoryBudget, user: UInt32) {
        self.limit = limit
        self.budget = budget
        self.user = user
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var incoming = unwrapInboundIn(data)
        if held == nil { held = incoming } else { held!.writeBuffer(&incoming) }
        while let end = held!.readableBytesView.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
            let line = held!.readSlice(length: end - held!.readerIndex)!
            held!.moveReaderIndex(forwardBy: 1)
            searched = 0
            if isPassingOver {
                isPassingOver = false
            } else {
                emit(line, context)
            }
        }
        searched = held!.readableBytes
        if held!.readableBytes == 0 {
            held = nil
            searched = 0
        } else if held!.readableBytes > limit {
            if !isPassingOver { context.fireChannelRead(wrapInboundOut(.tooLong)) }
            isPassingOver = true
            held = nil
            searched = 0
        } else {
            held!.discardReadBytes()
        }
        count()
        if budget.isExceeded(by: user), let rest = held, rest.readableBytes > LineFramer.allowance {
            if !isPassingOver { context.fireChannelRead(wrapInboundOut(.tooMuch)) }
            isPassingOver = true
            held = nil
            searched = 0
            count()
        }
        context.fireChannelReadComplete()
    }

    private func count() {
        // What a buffer has room for is what it costs.
        let bytes = held?.capacity ?? 0
        budget.add(bytes - counted, for: user)
        counted = bytes
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        held = nil
        count()
    }

    func channelReadComplete(context: ChannelHandlerContext) {}

    /// The last line may lack its line feed when the peer closes its side.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent, let rest = held, !isPassingOver {
            held = nil
            count()
            emit(rest, context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func emit(_ line: ByteBuffer, _ context: ChannelHandlerContext) {
        if line.readableBytes > limit {
            context.fireChannelRead(wrapInboundOut(.tooLong))
        } else if line.readableBytes > LineFramer.allowance, budget.isExceeded(by: user) {
            context.fireChannelRead(wrapInboundOut(.tooMuch))
        } else if !line.readableBytesView.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
            context.fireChannelRead(wrapInboundOut(.bytes(line)))
        }
    }
}
