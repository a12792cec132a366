import Dispatch
import FoundationEssentials
import Glibc

/// Waits for the signals by which a daemon is told to stop (SIGTERM, SIGINT) and to read its options anew (SIGHUP).
final class Signals: Sendable {
    enum Request {
        case stop(signal: String)
        case reload
    }

    let requests: AsyncStream<Request>
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
        requests = stream
        sources = [(SIGTERM, Request.stop(signal: "SIGTERM")), (SIGINT, .stop(signal: "SIGINT")), (SIGHUP, .reload)].map {
            number, request in
            // The default action would end the process before the source is asked.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in continuation.yield(request) }
            source.activate()
            return source
        }
    }
}
