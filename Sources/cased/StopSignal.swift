import Dispatch
import Foundation

/// Waits for SIGTERM or SIGINT.
final class StopSignal: Sendable {
    private let names: AsyncStream<String>
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        names = stream
        sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
            // The default action would end the process before the source is asked.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in continuation.yield(name) }
            source.activate()
            return source
        }
    }

    func wait() async -> String {
        for await name in names { return name }
        return "none"
    }
}
