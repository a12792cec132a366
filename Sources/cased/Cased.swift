import ArgumentParser
import CaseEngine
import CaseStorePostgreSQL
import CaseStoreSQLite
import CaseWire
import ChildProcesses
import FoundationEssentials
import Glibc
import Logging
import SystemdSupport
import WorkingTime

/// The daemon's command line.
@main
struct Cased: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cased",
        abstract: "Holds approval cases: each goes through exactly one office and exactly one leader to a decision.",
        discussion: """
            Runs in the foreground and speaks JSON-RPC 2.0, one message a line, on a Unix socket. Under systemd the socket is \
            inherited and --socket is not needed.

            SIGHUP reads the file of --config anew: admin-group, largest-clock-step, log-level, notice-retention and require-store, written as in the \
            options' names. What is wrong in it is logged, and the options stay as they were.

            The password of a database is never an argument: it comes from the file that PGPASSFILE names, or the credential \
            cased.pgpass of systemd. The keys cased.log-key, cased.receipt-key and cased.seal.NAME are credentials as well; of a store in \
            a database the first one has to be.

            Exit codes: 0 after SIGTERM or SIGINT; 64 wrong options; 78 a configuration or state that a person must mend; \
            75 the store cannot be opened now, such as on a full disk, or its database cannot be reached; 1 the store failed while running.
            """,
        version: productVersion)

    @Option(help: ArgumentHelp("The folder that holds the store; made if missing.", valueName: "dir"))
    var stateDirectory: String?

    @Option(
        help: ArgumentHelp(
            "Keep the store in this PostgreSQL database, and in no folder: a URI, such as postgresql://cased@db1,db2,db3/cased, or name=value pairs as libpq reads them, without a password. Read at the start only.",
            valueName: "target"))
    var store: String?

    @Option(
        help: ArgumentHelp(
            "By which the database of --store knows this daemon; by default the name of the machine. Read at the start only.",
            valueName: "name"))
    var node: String?

    @Option(
        help: ArgumentHelp(
            "As a role that may make tables: make those that the database of --store lacks, let this role use them, say what was done, and end.",
            valueName: "role"))
    var makeTables: String?

    @Option(help: ArgumentHelp("The Unix socket to listen on.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("Who may connect to a socket that cased opens itself, in octal.", valueName: "mode"))
    var socketMode: String = "0660"

    @Option(help: ArgumentHelp("A file of options in TOML; the command line has precedence.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The unix group whose members are admins, besides root and the daemon's own user; by default none.", valueName: "group"))
    var adminGroup: String?

    @Option(
        help: ArgumentHelp(
            "Start with a clock that stands at this instant and is moved by clock.advance: for training and tests. A store made so keeps to it for ever.",
            valueName: "instant"))
    var manualClock: String?

    @Flag(
        help: "Make a store for training, where one unix user plays everybody and no change waits for a second word. It says so for ever."
    ) var training = false

    @Option(
        help: ArgumentHelp(
            "How far the machine's clock may be set within 24 hours and be believed, in hours or minutes; by default 1 hour. Set further, it waits for casectl clock confirm, and cased goes on by its own.",
            valueName: "length"))
    var largestClockStep: String?

    @Option(
        help: ArgumentHelp(
            "How long a notice stays once somebody has taken it, in calendar days; by default 30. Others stay 400.", valueName: "length"))
    var noticeRetention: String?

    @Option(
        help: ArgumentHelp(
            "always: whatever the machine's clock says is believed, also after a jump. By default bounded. Read at the start only.",
            valueName: "trust"))
    var trustClock: Options.Trust?

    @Flag(help: "Make no store where there is none: a disk that is not mounted, or another database, is then no new beginning.")
    var requireStore = false

    @Option(
        help: ArgumentHelp(
            "What was witnessed of the journal, as casectl evidence witness keeps it: a store that has not all of it is not started. Read at the start only.",
            valueName: "file"))
    var witnessed: String?

    @Option(
        help: ArgumentHelp(
            "Start although a store that was restored has lost what was witnessed, of the checkpoint with this root. Read at the start only.",
            valueName: "root"))
    var witnessedLost: String?

    @Option(help: ArgumentHelp("The least severe log messages to write; by default info.", valueName: "level"))
    var logLevel: Logger.Level?

    @Flag(help: "Only say whether the options can be used: the exit code is 0, or 78 with what is wrong.")
    var checkConfig = false

    @Option(
        help: ArgumentHelp(
            "Make the store of a state directory that has none from this backup, check every case against its journal, and end.",
            valueName: "backup"))
    var restore: String?

    @Option(
        help: ArgumentHelp(
            "Move the store of this folder, or of this database (postgresql://...), to the empty place that --to names, compare each row, entry and case of both, and end. The store that was moved does not start again.",
            valueName: "place"))
    var copyStore: String?

    @Option(help: ArgumentHelp("Where --copy-store moves a store: a folder, or a database whose tables are made.", valueName: "place"))
    var to: String?

    func validate() throws {
        guard Int(socketMode, radix: 8) != nil else {
            throw ValidationError("--socket-mode \(socketMode) is not octal: write it as in 0660")
        }
        if let manualClock, Instant(manualClock) == nil {
            throw ValidationError("--manual-clock \(manualClock) is no instant: write it as in 2026-11-22T09:00:00Z")
        }
        if let start = manualClock.flatMap({ Instant($0) }), start >= ManualTime.end {
            throw ValidationError("--manual-clock \(start) is not before \(ManualTime.end): start it earlier")
        }
        if let largestClockStep, Options.step(largestClockStep) == nil {
            throw ValidationError("--largest-clock-step \(largestClockStep) is no length: write it as in \"1 hours\" or \"90 minutes\"")
        }
        if let node, !DatabaseTarget.isNode(node) { throw ValidationError("--\(Options.noNode(node))") }
        try requireRetention()
        guard (copyStore == nil) == (to == nil) else {
            throw ValidationError("--copy-store and --to go together: name the place of the store, and the place where it is to go")
        }
    }

    private func requireRetention() throws {
        guard let noticeRetention, Options.retention(noticeRetention) == nil else { return }
        throw ValidationError(
            "--notice-retention \(noticeRetention) is no length of whole days: write it as in \"30 calendar-days\", at most 400")
    }

    func run() async throws {
        StandardStreams.occupy()
        LoggingSystem.bootstrap { DaemonLog(label: $0) }
        let log = Logger(label: "cased")
        do {
            let options = try options()
            DaemonLog.leastLevel.withLock { $0 = options.logLevel }
            if checkConfig {
                _ = try options.adminGroupID()
                _ = try options.database()
            } else if let makeTables {
                try self.makeTables(for: makeTables, options, log)
            } else if let restore {
                try self.restore(from: restore, log)
            } else if let copyStore, let to {
                try move(from: copyStore, to: to, log)
            } else {
                try await Daemon(self, log).run(options)
            }
        } catch let error as Unusable {
            log.entry(.unusable, error.description)
            Systemd.notify("STATUS=\(error.description.replacing("\n", with: " "))")
            throw ExitCode(error.mayPass ? 75 : 78)
        }
    }

    /// What the file and the command line say together.
    func options() throws(Unusable) -> Options {
        var options = Options()
        if let config { options = try Options(file: config) }
        if let adminGroup { options.adminGroup = adminGroup }
        if let step = largestClockStep.flatMap(Options.step) { options.largestStep = step }
        if let retention = noticeRetention.flatMap(Options.retention) { options.noticeRetention = retention }
        if let trustClock { options.trust = trustClock }
        if let logLevel { options.logLevel = logLevel }
        if requireStore { options.requiresStore = true }
        if let store { options.store = store }
        if let node { options.node = node }
        if let witnessed { options.witnessed = witnessed }
        if let witnessedLost { options.witnessedLost = witnessedLost }
        guard options.store == nil || stateDirectory == nil else {
            throw Unusable("the store is either in a folder or in a database: leave out --state-directory, or store")
        }
        guard options.store == nil || restore == nil else {
            throw Unusable("a backup is restored to a state directory: leave store out; a database is restored by its own tools")
        }
        return options
    }

    private func makeTables(for role: String, _ options: Options, _ log: Logger) throws {
        guard let database = try options.database() else {
            throw Unusable("no database is named: give --store with a role that may make tables")
        }
        do {
            let made = try PostgreSQLStore.makeTables(database, for: role)
            log.notice(
                made.isEmpty ? "all tables were there; the role may use them" : "what was missing is made; the role may use it",
                metadata: ["role": "\(role)", "made": "\(made.isEmpty ? "nothing" : made.joined(separator: "; "))"])
        } catch let error as PostgreSQLStore.Unusable {
            throw Unusable(error)
        }
    }

    func openStateDirectory() throws -> StateDirectory {
        guard let path = stateDirectory ?? ProcessInfo.processInfo.environment["STATE_DIRECTORY"] else {
            throw Unusable("no state directory is named: give --state-directory, or start it under systemd with StateDirectory=")
        }
        do {
            return try StateDirectory(path)
        } catch {
            throw Unusable(error)
        }
    }

    /// How far a restore or a move is, for a person at a terminal: nothing ends where it cannot be shown.
    static func show(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(2, bytes, bytes.count)
    }

    private func restore(from backup: String, _ log: Logger) throws {
        let directory = try openStateDirectory()
        defer { directory.giveToOwner() }
        do {
            let isShown = isatty(2) == 1
            let restoration = try BackupFile.restore(backup, to: directory) { store in
                try Restoration(store) { count in
                    if isShown { Cased.show("\r\(count) cases compared") }
                }
            }
            if isShown { Cased.show("\r\u{1B}[K") }
            log.entry(
                .storeRestored, "the store was made from a backup; each case is what its journal says",
                [
                    "backup": "\(backup)", "cases": "\(restoration.caseCount)", "through": "\(restoration.lastSeq)",
                    "next_case": "C-\(restoration.lastCaseNumber + 1)",
                ])
        } catch let error as StateDirectory.Unusable {
            throw Unusable(error)
        } catch let error as BackupFile.Unfit {
            throw Unusable(error.description)
        } catch let error as UnfitStore {
            throw Unusable(error.description)
        } catch {
            throw Unusable("\(backup) cannot be restored (\(error)): take another backup")
        }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
