import CaseClient
import CaseEngine
import Dispatch
import Foundation
import Logging
import SystemdSupport

/// Tells systemd that all is well, and only then: a client was accepted and answered, the engine has done a turn, in which it passed what
/// was due, and the store has taken a transaction, all since systemd was last told.
///
/// It has a thread of its own. Where one of them hangs, so does the thread, and systemd hears nothing.
struct Watchdog {
    private let interval: UInt64
    private let engine: Engine
    private let socket: String
    private let log: Logger

    /// Nil where systemd does not watch.
    init?(_ engine: Engine, socket: String, log: Logger) {
        guard let interval = Systemd.watchdogMicroseconds() else { return nil }
        self.interval = interval
        self.engine = engine
        self.socket = socket
        self.log = log
    }

    func start() {
        Thread.detachNewThread {
            while true {
                lookOnce()
                usleep(UInt32(clamping: interval / 3))
            }
        }
    }

    private func lookOnce() {
        do {
            try askAsClient()
            let broken = try checkUp()
            guard broken.isEmpty else {
                log.entry(.invariantBroken, "memory and store disagree; systemd is asked to end this process", ["what": "\(broken)"])
                return Systemd.notify("WATCHDOG=trigger")
            }
            tell()
        } catch {
            log.entry(.watchdogMissed, "systemd is not told that all is well", ["why": "\(error)"])
        }
    }

    private func tell() {
        Systemd.notify("WATCHDOG=1")
        engine.note(WatchdogReport(interval: Int64(interval / 1000), at: SystemTime().now))
    }

    private func askAsClient() throws {
        let client = try Client(path: socket)
        let milliseconds = max(1, Int(interval / 3000))
        client.setTimeout(milliseconds: milliseconds)
        client.setSendTimeout(milliseconds: milliseconds)
        // An answer is an answer, also where it is that there are too many connections.
        _ = try client.call("server.info")
    }

    /// A long transaction keeps the engine from its turn for longer than the interval; while parts of it are done, that is progress.
    private func checkUp() throws -> [String] {
        final class Answer: @unchecked Sendable {
            // Written before the semaphore is raised, read after it was waited for.
            var broken: Result<[String], any Error> = .success([])
        }
        let (answer, done) = (Answer(), DispatchSemaphore(value: 0))
        var partCount = engine.view.partCount
        Thread.detachNewThread {
            answer.broken = Result { try engine.checkUp() }
            done.signal()
        }
        while done.wait(timeout: .now() + .microseconds(Int(interval / 3))) == .timedOut {
            guard engine.view.partCount != partCount else { continue }
            partCount = engine.view.partCount
            tell()
        }
        return try answer.broken.get()
    }
}
