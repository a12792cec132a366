import CaseClient
import CaseEngine
import CaseServer
import CaseStore
import CaseStorePostgreSQL
import CaseStoreSQLite
import FoundationEssentials
import Glibc
import Logging
import SystemdSupport
import WorkingTime

/// The daemon from its start to its end: what it needs, who it listens to, what it tells systemd.
struct Daemon {
    private let command: Cased
    private let log: Logger

    init(_ command: Cased, _ log: Logger) {
        self.command = command
        self.log = log
    }

    func run(_ options: Options) async throws {
        // A client that goes away while it is written to is no reason to die.
        signal(SIGPIPE, SIG_IGN)
        raiseDescriptorLimit()
        // Signals are waited for before anything can be lost by one.
        let signals = Signals()
        let endpoint = try endpoint()
        let group = try options.adminGroupID()
        let recovery = Recovery()
        let store = try openStore(options, recovery)
        let engine = try openEngine(store, options, recovery)
        let server = Server(engine: engine, adminGroup: group, log: log)
        do {
            try await listen(server, endpoint)
        } catch let error as Unusable {
            throw error
        } catch {
            throw Unusable("the socket cannot be opened (\(error)): check --socket and who may write there")
        }
        await engine.keep(takenNotices: options.noticeRetention)
        await engine.start()
        log.entry(
            .ready, "ready",
            [
                "open": "\(engine.view.openCount)", "catalog": "\(engine.context.catalogs.newestVersion)",
                "clock": command.manualClock == nil ? "system" : "manual",
            ])
        Systemd.notify("READY=1\nSTATUS=\(status(engine))")
        if let path = server.path { Watchdog(engine, socket: path, log: log)?.start() }
        let statusTask = Task(priority: .medium) { await reportStatus(engine) }

        await serve(signals, engine, server)
        statusTask.cancel()
        await server.drain()
        await engine.stop()
        try await server.stop()
        try store.close()
        if case .path(let path) = endpoint { unlink(path) }
        log.entry(.stopped, "stopped")
    }

    /// Until it is told to stop.
    private func serve(_ signals: Signals, _ engine: Engine, _ server: Server) async {
        for await request in signals.requests {
            switch request {
            case .reload: await reload(engine, server)
            case .stop(let name):
                log.entry(.stopping, "stopping", ["signal": "\(name)"])
                return Systemd.notify("STOPPING=1\nSTATUS=Finishing what is in flight")
            }
        }
    }

    /// Reads the options anew; where something is wrong with them, they stay as they were.
    private func reload(_ engine: Engine, _ server: Server) async {
        Systemd.notifyReloading()
        var remark = ""
        do throws(Unusable) {
            let options = try command.options()
            server.admit(adminGroup: try options.adminGroupID())
            await engine.allow(step: options.largestStep)
            await engine.keep(takenNotices: options.noticeRetention)
            // By the level of before: whoever turns the log down sees that it was.
            log.entry(
                .reloaded, "options read anew",
                [
                    "admin_group": "\(options.adminGroup ?? "none")", "log_level": "\(options.logLevel)",
                    "largest_step_ms": "\(options.largestStep)",
                ])
            DaemonLog.leastLevel.withLock { $0 = options.logLevel }
        } catch {
            log.entry(.reloadRefused, "options stay as they were: \(error.description)")
            remark = "; options stay as they were: \(error.description.replacing("\n", with: " "))"
        }
        Systemd.notify("READY=1\nSTATUS=\(status(engine))\(remark)")
    }

    private func openStore(_ options: Options, _ recovery: Recovery) throws -> any CaseStore {
        if let database = try options.database() { return try openStore(database, options) }
        let directory = try command.openStateDirectory()
        guard !options.requiresStore || FileManager.default.fileExists(atPath: directory.databasePath) else {
            throw Unusable(
                "there is no store in \(directory.path): mount its disk or restore a backup; for a new one leave require-store out")
        }
        do {
            return try SQLiteStore(directory) { recovery.goesOn() }
        } catch let error as StateDirectory.Unusable {
            throw Unusable(error)
        }
    }

    private func openStore(_ database: DatabaseTarget, _ options: Options) throws -> PostgreSQLStore {
        do {
            let store = try PostgreSQLStore(database)
            guard try !options.requiresStore || store.read(for: .engine, { try $0.lastSeq() }) > 0 else {
                throw Unusable(
                    "there is no store in the database: name the one that has it, or restore it; for a new one leave require-store out")
            }
            return store
        } catch let error as PostgreSQLStore.Unusable {
            throw Unusable(error)
        } catch let fault as StoreFault {
            throw Unusable("the database cannot be used now: \(fault)", mayPass: true)
        }
    }

    private func openEngine(_ store: any CaseStore, _ options: Options, _ recovery: Recovery) throws -> Engine {
        let time: any TimeSource = command.manualClock.flatMap { Instant($0) }.map { ManualTime($0) } ?? SystemTime()
        let credential = try receiptKey()
        let logKey = try logKey(of: store)
        let sealKeys = try sealKeys()
        do {
            let engine = try Engine(
                store: store, time: time, log: log, largestStep: options.largestStep, receiptKey: credential, logKey: logKey.key,
                sealKeys: sealKeys, isTraining: command.training,
                trustsMachineClock: options.trust == .always,
                witnessed: options.witnessed.map { WitnessedFile($0, givingUp: options.witnessedLost) }, logKeyPlace: logKey.place,
                progress: recovery.goesOn)
            if credential != nil, !engine.usesReceiptKey {
                log.entry(.keyNotUsed, "the credential cased.receipt-key is not used: this store was made with a key of its own")
            }
            return engine
        } catch let error as UnfitStore {
            throw Unusable(error.description)
        } catch {
            guard let file = store as? SQLiteStore else {
                throw Unusable("the store in the database cannot be used: \(error)", mayPass: error is StoreFault)
            }
            throw Unusable(StateDirectory.Unusable(opening: file.path, error))
        }
    }

    private func logKey(of store: any CaseStore) throws(Unusable) -> LogKey {
        guard let file = store as? SQLiteStore else {
            return try LogKey(ofDatabaseWhere: command.training || command.manualClock != nil)
        }
        return try LogKey(in: URL(fileURLWithPath: file.path).deletingLastPathComponent().path)
    }

    /// The key of receipts, where systemd hands one over (systemd.exec(5), `LoadCredential=`).
    private func receiptKey() throws(Unusable) -> String? {
        guard let data = try Credential.bytes("cased.receipt-key") else { return nil }
        let key = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard ReceiptSeal.isKey(key) else {
            throw Unusable("the credential cased.receipt-key is no key: make one of 64 hexadecimal digits (openssl rand -hex 32)")
        }
        return key
    }

    /// The private halves of seals, where systemd hands some over: every credential whose name begins so, such as `cased.seal.permits`, so that a
    /// key that counts later can be there before its day.
    private func sealKeys() throws(Unusable) -> SealKeys {
        guard let folder = Credential.folder, access(folder, F_OK) == 0 else { return SealKeys() }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw Unusable("\(folder) cannot be read: it has the credentials of the service")
        }
        var files: [[UInt8]] = []
        for name in names.sorted() where name.hasPrefix("cased.seal.") {
            guard let data = try SmallFile.bytes(of: "\(folder)/\(name)"), SealKeys(files: [Array(data)]) != nil else {
                throw Unusable("the credential \(name) is no key that can seal: make one with ssh-keygen -t ed25519 -N \"\"")
            }
            files.append(Array(data))
        }
        return SealKeys(files: files) ?? SealKeys()
    }

    // MARK: The socket

    private func endpoint() throws(Unusable) -> Server.Endpoint {
        let inherited = Systemd.listeningSockets()
        if !inherited.isEmpty {
            // By its name where there are several, such as one of a unit that was copied.
            let ours = inherited.count == 1 ? inherited : inherited.filter { $0.name == "cased" }
            guard ours.count == 1, Systemd.isListeningStream(ours[0].descriptor) else {
                let names = inherited.map(\.name).joined(separator: ", ")
                throw Unusable(
                    "systemd passed the sockets \(names): pass one Unix stream socket, or name it with FileDescriptorName=cased")
            }
            return .inherited(ours[0].descriptor)
        }
        guard let socket = command.socket else {
            throw Unusable("no socket was inherited and none is named: give --socket PATH")
        }
        guard socket.utf8.count < 108 else {
            throw Unusable("the socket path has \(socket.utf8.count) bytes, and a Unix socket's has at most 107: choose a shorter one")
        }
        return .path(socket)
    }

    private func listen(_ server: Server, _ endpoint: Server.Endpoint) async throws {
        guard case .path(let path) = endpoint else { return try await server.start(endpoint) }
        if (try? Client(path: path)) != nil {
            throw Unusable("another server answers on \(path): stop it, or choose another --socket")
        }
        var entry = stat()
        if lstat(path, &entry) == 0 {
            guard entry.st_mode & S_IFMT == S_IFSOCK else {
                throw Unusable("\(path) exists and is no socket: move it away, or choose another --socket")
            }
            unlink(path)
        }
        let mode = mode_t(Int(command.socketMode, radix: 8)!)
        // Nobody can connect between the bind and a change of mode.
        let before = umask(~mode & 0o777)
        defer { umask(before) }
        try await server.start(endpoint)
    }

    // MARK: What systemd shows

    private func reportStatus(_ engine: Engine) async {
        var warned: Set<String> = []
        while !Task.isCancelled {
            for horizon in engine.nearHorizons where warned.insert("\(horizon.calendar) \(horizon.validThrough)").inserted {
                log.entry(.calendarEnds, horizon.sentence)
            }
            try? await Task.sleep(for: .seconds(10))
            guard !Task.isCancelled else { return }
            Systemd.notify("STATUS=\(status(engine))")
        }
    }

    private func status(_ engine: Engine) -> String {
        let view = engine.view
        let overdue = (try? engine.overdueCount()).map { "\($0) overdue, " } ?? ""
        var parts = ["\(view.openCount) open, \(overdue)next deadline \(view.nextDeadline.map(\.description) ?? "none")"]
        if let trouble = engine.storeTrouble { parts.append("the store: \(trouble.what)") }
        if view.hold != nil { parts.append("the machine's clock is not believed, see casectl clock confirm") }
        if let job = view.recalculation {
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
