import CaseClient
import CaseWire
import NIOCore
import NIOExtras
import NIOPosix

/// Follows cases on a connection of its own, which waits without a thread.
struct DaemonWatch {
    let path: String

    /// The reply to the request that opens the watch comes first.
    private static let openingID = 1

    /// Hears what `case.watch` tells until the watch ends, the connection does, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - params: what `case.watch` takes.
    ///   - take: the parameters of each notification.
    /// - Throws: `DaemonTrouble` where the watch is refused, or cased is not there.
    func follow(_ params: [JSONValue.Member], _ take: @Sendable (JSONValue) -> Void) async throws {
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(unixDomainSocketPath: path) {
                channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(LineBasedFrameDecoder()))
                    return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
        } catch {
            throw DaemonTrouble.away
        }
        let request = Request(
            id: .number(literal: String(DaemonWatch.openingID)), method: Method.stream(.watch).rawValue, params: .object(params))
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request.line + [UInt8(ascii: "\n")]))
            for try await line in inbound {
                guard let said = try? JSONReader.read(Array(line.readableBytesView)) else { throw DaemonTrouble.away }
                if let refusal = said["error"] { throw DaemonTrouble(RemoteError(refusal)) }
                guard let told = said["params"] else { continue }
                take(told)
                if told.cell("type") == "closed" { return }
            }
        }
    }
}
