import NIOCore

/// Cuts the stream into lines. A line that is too long is passed over, and what comes after it is read as usual.
final class LineFramer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Line

    enum Line {
        /// Without its line feed; never blank.
        case bytes(ByteBuffer)
        case tooLong
    }

    private let limit: Int
    private var held: ByteBuffer?
    /// How many of the held bytes are known to hold no line feed.
    private var searched = 0
    private var isPassingOver = false

    init(limit: Int) {
        self.limit = limit
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
        context.fireChannelReadComplete()
    }

    func channelReadComplete(context: ChannelHandlerContext) {}

    /// The last line may lack its line feed when the peer closes its side.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent, let rest = held, !isPassingOver {
            held = nil
            emit(rest, context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func emit(_ line: ByteBuffer, _ context: ChannelHandlerContext) {
        if line.readableBytes > limit {
            context.fireChannelRead(wrapInboundOut(.tooLong))
        } else if !line.readableBytesView.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
            context.fireChannelRead(wrapInboundOut(.bytes(line)))
        }
    }
}
