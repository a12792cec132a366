import CaseEngine
import CaseWire
import Glibc
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The Unix socket: accepts clients, and says goodbye to them.
package final class Server: Sendable {
    package enum Endpoint: Sendable {
        case path(String)
        /// A listening socket that systemd opened.
        case inherited(Int32)
    }

    private let group: MultiThreadedEventLoopGroup
    private let service: Service
    private let engine: Engine
    private let adminGroup: Mutex<UInt32?>
    private let log: Logger
    private let listener = Mutex<(any Channel)?>(nil)
    private let clients = Mutex<[Int: any Channel]>([:])
    private let lastNumber = Mutex(0)

    /// - Parameter adminGroup: the group whose members are admins; nil for none.
    package init(engine: Engine, limits: ServerLimits = ServerLimits(), adminGroup: UInt32? = nil, log: Logger) {
        self.engine = engine
        self.adminGroup = Mutex(adminGroup)
        engine.admit(adminGroup: adminGroup)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        service = Service(engine: engine, limits: limits, eventLoop: group.next())
        self.log = log
    }

    /// From now on whoever connects as a member of this group is an admin; nil for nobody.
    package func admit(adminGroup group: UInt32?) {
        adminGroup.withLock { $0 = group }
        engine.admit(adminGroup: group)
    }

    /// The socket's path; nil before it listens.
    package var path: String? {
        listener.withLock { $0?.localAddress?.pathname }
    }

    /// How many clients wait in the socket until they are let in.
    private static let backlog: Int32 = 4096

    /// Listens. When it returns, clients can connect.
    package func start(_ endpoint: Endpoint) async throws {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Server.backlog)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: service.limits.outputBytes / 2, high: service.limits.outputBytes)
            )
            .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 16_384))
            .childChannelInitializer { [self] channel in welcome(channel) }
        let channel =
            switch endpoint {
            case .path(let path): try await bootstrap.bind(unixDomainSocketPath: path).get()
            case .inherited(let socket): try await bootstrap.withBoundSocket(socket).get()
            }
        // A socket that was inherited got the library's own length of the queue just now.
        if case .inherited(let socket) = endpoint { Glibc.listen(socket, Server.backlog) }
        listener.withLock { $0 = channel }
    }

    private func welcome(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.peer(adminGroup: adminGroup.withLock { $0 }).flatMap { [self] in service.learn($0) }.flatMapThrowing { [self] peer in
            if let error = service.admission.value.refusal(of: peer) {
                var line = channel.allocator.buffer(bytes: replyBytes(.null, .failure(error)))
                line.writeInteger(UInt8(ascii: "\n"))
                channel.writeAndFlush(line).whenComplete { _ in channel.close(promise: nil) }
                return
            }
            let number = lastNumber.withLock { number in
                number += 1
                return number
            }
            let connection = Connection(number: number, peer: peer, service: service)
            try channel.pipeline.syncOperations.addHandler(connection)
            service.add(connection)
            clients.withLock { $0[number] = channel }
            channel.closeFuture.whenComplete { [self] _ in
                service.remove(number)
                clients.withLock { $0[number] = nil }
            }
        }
    }

    /// Accepts nobody any more and refuses what comes from now on.
    package func drain() async {
        let channel = listener.withLock { $0 }
        try? await channel?.close()
        service.drain()
    }

    /// How long clients have to take their last replies.
    private static let farewell = TimeAmount.seconds(5)

    /// Lets the last replies out and closes all connections.
    package func stop() async throws {
        try service.stopReading()
        try await service.settled(within: Server.farewell).get()
        for channel in clients.withLock({ Array($0.values) }) {
            // What was written before is flushed before the close.
            try? await channel.close()
        }
        try await group.shutdownGracefully()
    }
}
