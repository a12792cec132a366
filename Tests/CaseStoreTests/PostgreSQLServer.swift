import CaseTesting
import ChildProcesses
import Foundation
import Synchronization

@testable import CaseStorePostgreSQL

/// A PostgreSQL of a test's own, in a folder of its own, on a socket there and nowhere else. It goes with the test's process, however that
/// ends.
final class PostgreSQLServer: Sendable {
    private static let programs = "/usr/lib/postgresql/15/bin"
    private static let user = "/usr/bin/setpriv"

    /// Whether one can be started: it refuses to run as root.
    static let isThere =
        FileManager.default.isExecutableFile(atPath: "\(programs)/postgres")
        && (geteuid() != 0 || FileManager.default.isExecutableFile(atPath: user) && getpwnam("postgres") != nil)
    /// Why not, and what mends that.
    static let whereFrom = "PostgreSQL is not installed: apt-get install postgresql-15"

    /// The one that most tests share.
    static let shared = try! PostgreSQLServer()

    let folder: String
    private let directory = TemporaryDirectory()
    /// Nobody else has the other end: when it closes, the server is stopped and its folder goes.
    private let life: Int32
    private nonisolated(unsafe) let guardian: ChildProcess
    private let databaseCount = Mutex(0)
    private let isTemplateMade = Mutex(false)

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private static let script = """
        cd "$2" && mkdir run && cd run || exit 1
        trap : HUP INT TERM
        make() {
            if [ -n "$4" ]
            then "$1/pg_basebackup" -h "$4" -U postgres -D data --write-recovery-conf --checkpoint=fast --no-sync
            else "$1/initdb" -D data -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync $3
            fi
        }
        if make "$@" > log 2>&1 &&
            printf '%s\\n' "listen_addresses = ''" "unix_socket_directories = '$2/run'" "max_connections = 200" >> data/postgresql.conf &&
            "$1/pg_ctl" -D data -w -t 60 -l log start > /dev/null 2>&1
        then echo ready; else tail -n 3 log; fi
        exec > /dev/null
        cat
        "$1/pg_ctl" -D data -w -m immediate stop
        cd / && rm -rf "$2/run"
        """

    /// - Parameters:
    ///   - hasChecksums: whether its pages have sums.
    ///   - primary: whom it follows, with all databases of that one; nil for a server of its own.
    init(hasChecksums: Bool = true, following primary: PostgreSQLServer? = nil) throws {
        directory.keepUntilExit()
        folder = "\(directory.path)/run"
        if geteuid() == 0, let owner = getpwnam("postgres") { chown(directory.path, owner.pointee.pw_uid, owner.pointee.pw_gid) }
        var (input, output): ([Int32], [Int32]) = ([0, 0], [0, 0])
        pipe(&input)
        pipe(&output)
        for descriptor in input + output { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let words = PostgreSQLServer.words(
            "/bin/sh",
            [
                "-c", PostgreSQLServer.script, "sh", PostgreSQLServer.programs, directory.path, hasChecksums ? "--data-checksums" : "",
                primary?.folder ?? "",
            ])
        guardian = try ChildProcess(words[0], Array(words[1...]), input: .descriptor(input[0]), output: .descriptor(output[1]))
        life = input[1]
        Glibc.close(input[0])
        Glibc.close(output[1])
        let said = try FileHandle(fileDescriptor: output[0], closeOnDealloc: true).readToEnd() ?? Data()
        guard said == Data("ready\n".utf8) else { throw Failed(description: String(decoding: said, as: UTF8.self)) }
    }

    deinit {
        Glibc.close(life)
        guardian.wait()
    }

    /// A program as the user to whom the server belongs.
    private static func words(_ program: String, _ arguments: [String]) -> [String] {
        geteuid() == 0 ? [user, "--reuid=postgres", "--regid=postgres", "--init-groups", program] + arguments : [program] + arguments
    }

    /// Stops it, and starts it again.
    ///
    /// - Parameters:
    ///   - isCrash: whether it is stopped as a crash stops it.
    ///   - options: of the program.
    ///   - change: is done in between, to the folder of the data.
    func restart(isCrash: Bool = false, options: String = "", _ change: (_ data: String) throws -> Void = { _ in }) throws {
        func control(_ arguments: String...) throws {
            let words = PostgreSQLServer.words("\(PostgreSQLServer.programs)/pg_ctl", ["-D", "\(folder)/data", "-w"] + arguments)
            let program = try Program(words[0], Array(words[1...]))
            guard program.status == 0 else { throw Failed(description: program.output + program.errors) }
        }
        try control("-m", isCrash ? "immediate" : "fast", "stop")
        try change("\(folder)/data")
        try control("-l", "\(folder)/log", "-o", options, "start")
    }

    /// Stops it, changes a byte of a table, and starts it again.
    func damage(_ table: String, of database: String) throws {
        let path = try session(database).run([Statement("SELECT pg_relation_filepath('\(table)')")], until: .now + .seconds(60))[0][0].text(
            0)
        try restart { data in
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(data)/\(path)"))
            try file.seek(toOffset: 8000)
            guard let byte = try file.read(upToCount: 1)?.first else { throw Failed(description: "\(table) is empty") }
            try file.seek(toOffset: 8000)
            try file.write(contentsOf: Data([byte ^ 1]))
            try file.close()
        }
    }

    /// Lets all of its processes stand still while something is done, as a machine does that hangs.
    func pausing(_ body: () throws -> Void) throws {
        let text = try String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8)
        guard let first = text.split(separator: "\n").first.flatMap({ Int32($0) }) else { throw Failed(description: "it has no process") }
        // It makes no others once it stands.
        var paused = [first]
        kill(first, SIGSTOP)
        defer { for process in paused { kill(process, SIGCONT) } }
        let children = try String(contentsOfFile: "/proc/\(first)/task/\(first)/children", encoding: .utf8)
        paused += children.split(separator: " ").compactMap { Int32($0) }
        for process in paused { kill(process, SIGSTOP) }
        try body()
    }

    // MARK: Databases

    /// How a database of its is named on a command line.
    func words(_ database: String, user: String = "postgres") -> String {
        "host=\(folder) dbname=\(database) user=\(user)"
    }

    func target(_ database: String, user: String = "postgres") throws -> DatabaseTarget {
        try DatabaseTarget(words(database, user: user))
    }

    /// - Returns: the name of a new database, without tables.
    func emptyDatabase(_ options: String = "") throws -> String {
        let name = databaseCount.withLock { count in
            count += 1
            return "d\(count)"
        }
        try run("CREATE DATABASE \(name) \(options)")
        return name
    }

    /// The name of a new database with tables, which the role `daemon` may use and not change.
    func database() throws -> String {
        try isTemplateMade.withLock { isMade in
            guard !isMade else { return }
            try run("CREATE ROLE daemon LOGIN")
            try run("CREATE DATABASE made")
            _ = try PostgreSQLStore.makeTables(target("made"), for: "daemon")
            isMade = true
        }
        return try emptyDatabase("TEMPLATE made")
    }

    /// The store of a new database, as the daemon would have it.
    func store(readLimit: Duration = PostgreSQLStore.readLimit) throws -> (store: PostgreSQLStore, database: String) {
        let database = try database()
        return (try PostgreSQLStore(target(database, user: "daemon"), readLimit: readLimit), database)
    }

    func session(_ database: String = "postgres", user: String = "postgres") throws -> Session {
        try target(database, user: user).open(for: .seconds(30))
    }

    /// Runs a text of statements.
    func run(_ script: String, on database: String = "postgres") throws {
        try session(database).run(script: script, until: .now + .seconds(60))
    }

    /// What a query for one number finds.
    func number(_ sql: String, on database: String = "postgres") throws -> Int64 {
        try session(database).run([Statement(sql)], until: .now + .seconds(60))[0][0].integer(0)
    }

    /// Asks for a number until it is above 0, and returns it.
    func wait(_ sql: String, on database: String = "postgres") throws -> Int64 {
        let session = try session(database)
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let number = try session.run([Statement(sql)], until: end)[0][0].integer(0)
            if number > 0 { return number }
        }
        throw Failed(description: "nothing has come of \(sql)")
    }
}

/// Something that a thread does beside a test.
final class Beside<Value: Sendable>: Sendable {
    private let outcome = Mutex<Result<Value, any Error>?>(nil)
    private let end = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Value) {
        Thread.detachNewThread { [self] in
            let result = Result { try body() }
            outcome.withLock { $0 = result }
            end.signal()
        }
    }

    var hasEnded: Bool {
        outcome.withLock { $0 != nil }
    }

    /// Waits for it.
    func value() throws -> Value {
        end.wait()
        return try outcome.withLock { $0! }.get()
    }
}
