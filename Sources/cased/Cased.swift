import ArgumentParser
import CaseClient
import CaseEngine
import CaseServer
import CaseStoreSQLite
import CaseWire
import Dispatch
import Foundation
import Logging
import SystemdSupport
import WorkingTime

/// The daemon: options, signals, systemd, wiring.
@main
struct Cased: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cased",
        abstract: "Holds approval cases: each goes through exactly one office and exactly one leader to a decision.",
        discussion: """
            Runs in the foreground and speaks JSON-RPC 2.0, one message a line, on a Unix socket. Under systemd the socket is \
            inherited and --socket is not needed.

            Exit codes: 0 after SIGTERM or SIGINT; 64 wrong options; 78 a configuration or state that a person must mend; \
            1 the store failed while running.
            """,
        version: productVersion)

    @Option(help: ArgumentHelp("The folder that holds the store; made if missing.", valueName: "dir"))
    var stateDirectory: String?

    @Option(help: ArgumentHelp("The Unix socket to listen on.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("Who may connect to a socket that cased opens itself, in octal.", valueName: "mode"))
    var socketMode: String = "0660"

    @Option(
        help: ArgumentHelp(
            "The unix group whose members are admins, besides root and the daemon's own user; none unless said.", valueName: "group"))
    var adminGroup: String?

    @Option(
        help: ArgumentHelp(
            "Start with a clock that stands at this instant and is moved by clock.advance: for training and tests. A store made so keeps to it for ever.",
            valueName: "instant"))
    var manualClock: String?

    @Option(
        help: ArgumentHelp(
            "How far the machine's clock may be set forward before deadlines wait for casectl clock confirm, in hours or minutes.",
            valueName: "length"))
    var largestClockStep: String = "1 hours"

    @Option(help: ArgumentHelp("The least severe log messages to write.", valueName: "level"))
    var logLevel: Logger.Level = .info

    func validate() throws {
        guard Int(socketMode, radix: 8) != nil else {
            throw ValidationError("--socket-mode \(socketMode) is not octal: write it as in 0660")
        }
        if let manualClock, Instant(manualClock) == nil {
            throw ValidationError("--manual-clock \(manualClock) is no instant: write it as in 2026-11-22T09:00:00Z")
        }
        if largestStep == nil {
            throw ValidationError("--largest-clock-step \(largestClockStep) is no length: write it as in \"1 hours\" or \"90 minutes\"")
        }
    }

    /// In milliseconds; nil where it is no length of wall time.
    private var largestStep: Int64? {
        (try? Length(parsing: largestClockStep)).flatMap { $0.meter == .minutes ? $0.quanta : nil }
    }

    func run() async throws {
        LoggingSystem.bootstrap { ConsoleLog(label: $0, level: logLevel) }
        let log = Logger(label: "cased")
        // A client that goes away while it is written to is no reason to die.
        signal(SIGPIPE, SIG_IGN)
        raiseDescriptorLimit()
        do {
            try await serve(log)
        } catch let error as Unusable {
            log.critical("\(error.description)")
            throw ExitCode(78)
        }
    }

    /// What a person must mend before the daemon can run, in one sentence.
    private struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    private func serve(_ log: Logger) async throws {
        // Signals are waited for before anything can be lost by one.
        let stopSignal = StopSignal()
        let endpoint = try endpoint()
        let store = try openStore()
        let time: any TimeSource = manualClock.flatMap { Instant($0) }.map { ManualTime($0) } ?? SystemTime()
        let engine: Engine
        do {
            engine = try Engine(store: store, time: time, log: log, largestStep: largestStep ?? Engine.largestStep)
        } catch let error as UnfitStore {
            throw Unusable(description: error.description)
        }
        let server = Server(engine: engine, adminGroup: try adminGroupID(), log: log)
        do {
            try await listen(server, endpoint)
        } catch {
            throw Unusable(description: "the socket cannot be opened (\(error)): check --socket and who may write there")
        }
        await engine.start()
        log.notice(
            "ready",
            metadata: [
                "open": "\(engine.gauges.openCount)", "catalog": "\(engine.context.catalogs.newestVersion)",
                "clock": manualClock == nil ? "system" : "manual",
            ])
        Systemd.notify("READY=1\nSTATUS=\(status(engine))")
        let statusTask = Task { await reportStatus(engine, log) }

        let name = await stopSignal.wait()
        log.notice("stopping", metadata: ["signal": "\(name)"])
        statusTask.cancel()
        Systemd.notify("STOPPING=1\nSTATUS=Finishing what is in flight")
        await server.drain()
        await engine.stop()
        try await server.stop()
        try store.close()
        if case .path(let path) = endpoint { unlink(path) }
        log.notice("stopped")
    }

    private func adminGroupID() throws -> UInt32? {
        guard let adminGroup else { return nil }
        guard let group = getgrnam(adminGroup) else {
            throw Unusable(
                description:
                    "there is no unix group \(adminGroup): make it (groupadd --system \(adminGroup)), or name another --admin-group")
        }
        return group.pointee.gr_gid
    }

    private func openStore() throws -> SQLiteStore {
        guard let path = stateDirectory ?? ProcessInfo.processInfo.environment["STATE_DIRECTORY"] else {
            throw Unusable(
                description: "no state directory is named: give --state-directory, or start it under systemd with StateDirectory=")
        }
        do {
            return try SQLiteStore(try StateDirectory(path))
        } catch let error as StateDirectory.Unusable {
            throw Unusable(description: error.description)
        }
    }

    private func endpoint() throws -> Server.Endpoint {
        let inherited = Systemd.listeningSockets()
        if let first = inherited.first {
            guard inherited.count == 1, Systemd.isListeningStream(first) else {
                throw Unusable(description: "systemd passed \(inherited.count) sockets: pass one Unix stream socket")
            }
            return .inherited(first)
        }
        guard let socket else {
            throw Unusable(description: "no socket was inherited and none is named: give --socket PATH")
        }
        guard socket.utf8.count < 108 else {
            throw Unusable(
                description: "the socket path has \(socket.utf8.count) bytes, and a Unix socket's has at most 107: choose a shorter one")
        }
        return .path(socket)
    }

    private func listen(_ server: Server, _ endpoint: Server.Endpoint) async throws {
        if case .path(let path) = endpoint {
            if canConnect(path) {
                throw Unusable(description: "another server answers on \(path): stop it, or choose another --socket")
            }
            var entry = stat()
            if lstat(path, &entry) == 0 {
                guard entry.st_mode & S_IFMT == S_IFSOCK else {
                    throw Unusable(description: "\(path) exists and is no socket: move it away, or choose another --socket")
                }
                unlink(path)
            }
            let mode = mode_t(Int(socketMode, radix: 8)!)
            // Nobody can connect between the bind and a change of mode.
            let before = umask(~mode & 0o777)
            defer { umask(before) }
            try await server.start(endpoint)
        } else {
            try await server.start(endpoint)
        }
    }

    private func canConnect(_ path: String) -> Bool {
        (try? Client(path: path)) != nil
    }

    private func reportStatus(_ engine: Engine, _ log: Logger) async {
        var warned: Set<String> = []
        while !Task.isCancelled {
            for horizon in engine.nearHorizons where warned.insert("\(horizon.calendar) \(horizon.validThrough)").inserted {
                log.warning("\(horizon.sentence)")
            }
            try? await Task.sleep(for: .seconds(10))
            Systemd.notify("STATUS=\(status(engine))")
        }
    }

    private func status(_ engine: Engine) -> String {
        let gauges = engine.gauges
        var parts = ["\(gauges.openCount) open, next deadline \(gauges.nextDeadline.map(\.description) ?? "none")"]
        if gauges.hold != nil { parts.append("deadlines wait: the clock jumped, see casectl clock confirm") }
        if let job = gauges.reprojection {
            parts.append("catalogue \(job.version) has moved the clocks of \(job.doneCount) of \(job.caseCount) cases")
        }
        parts += engine.nearHorizons.map(\.sentence)
        return parts.joined(separator: "; ")
    }

    private func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
