import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOPosix
import ServiceLifecycle
import Sockets
import SystemdSupport

/// HTTP/1.1 on the hall's socket, until it is told to stop: then requests that are under way are answered, and nothing else is taken.
struct HTTPService: Service {
    private let hall: Hall
    private let endpoint: Endpoint
    private let log: Logger

    /// How long a connection may say nothing, or take to say what it has begun.
    private static let idleTimeout = TimeAmount.seconds(30)
    /// How long requests that are under way have at the end.
    private static let stopLimit = Duration.seconds(10)

    init(_ hall: Hall, _ endpoint: Endpoint, _ log: Logger) {
        (self.hall, self.endpoint, self.log) = (hall, endpoint, log)
    }

    /// Runs until SIGTERM or SIGINT.
    func runUntilStopped() async throws {
        var configuration = ServiceGroupConfiguration(services: [self], gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        configuration.maximumGracefulShutdownDuration = HTTPService.stopLimit
        try await ServiceGroup(configuration: configuration).run()
    }

    func run() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let quiescing = ServerQuiescingHelper(group: group)
        let limit = hall.options.connections
        let setup = HTTP1Channel(
            responder: respond,
            configuration: .init(
                idleTimeout: HTTPService.idleTimeout,
                httpDecoderConfiguration: .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)))
        let log = log
        let server = try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AvailableConnectionsChannelHandler(maxConnections: limit))
                    try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(endpoint.descriptor) { setup.setup(channel: $0, logger: log) }
        log.notice("listening on \(endpoint.name)")
        Systemd.notify("READY=1\nSTATUS=Listening on \(endpoint.name)")
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { tasks in
                try await server.executeThenClose { inbound in
                    for try await connection in inbound {
                        tasks.addTask { await setup.handle(value: connection, logger: log) }
                    }
                }
            }
        } onGracefulShutdown: {
            Systemd.notify("STOPPING=1\nSTATUS=Finishing what is in flight")
            // While it still listens: whoever starts next makes a file of their own, and nobody removes that.
            endpoint.remove()
            quiescing.initiateShutdown(promise: nil)
        }
    }

    @Sendable private func respond(to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel) async throws {
        let answer = await hall.answer(request, from: try await peer(of: channel))
        var response = answer.response(isPlain: hall.options.isPlain)
        // What was not read of a body is not read any more: whoever sends more than is taken is cut off.
        if answer.endsConnection { response.headers[.connection] = "close" }
        if request.method == .head {
            response = response.createHeadResponse()
        }
        try await writer.write(response: response.head, body: response.body)
        if let rest = answer.rest { try await end(channel, rest) }
    }

    /// Hangs up once the answer has gone. Some of what is still coming is taken and thrown away: a connection that is closed on unread bytes can
    /// take the answer with it.
    private func end(_ channel: any Channel, _ rest: FormBody) async throws {
        // What was written is handed to the event loop; only behind it may the end come.
        try await channel.eventLoop.submit {}.get()
        try await channel.close(mode: .output)
        do {
            try await rest.drain()
        } catch {
            // Whoever has hung up already wants nothing more.
            log.debug("a connection ended before its request did")
        }
        try? await channel.close()
    }

    private func peer(of channel: any Channel) async throws -> Peer {
        guard endpoint.kind == .unix else { return .address(channel.remoteAddress?.ipAddress ?? "") }
        let user = try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
                try KernelCredentials.peer(of: socket).uid
            }
        }.get()
        return user.map(Peer.user) ?? .address("")
    }
}

/// Who is at the other end of a connection, as the kernel says: the proxy, or somebody else.
enum Peer: Sendable, Equatable {
    case address(String)
    case user(UInt32)
}
