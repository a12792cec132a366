import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing

extension Drills {
    static let asked = ConditionTrait.enabled(if: areAsked, Comment(rawValue: how))
}

/// Disks that fail under a daemon that works: whatever happens, what was acknowledged is there, once.
@Suite("Drills", .serialized, Drills.asked)
struct DrillTests {
    @Test("Forty power cuts of an ext4 file system lose nothing that was acknowledged; with synchronous=NORMAL they do")
    func powerCuts() throws {
        let seed = UInt64(Date().timeIntervalSince1970)
        var random = SeededRandom(seed: seed)
        let disk = try Disk(megabytes: 64)
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, state: "\(disk.path)/state", manualClock: Load.clock)
        let load = try Load(daemon)
        for round in 0..<40 {
            try load.send(.random(in: 20..<200, using: &random))
            try load.receive(.random(in: 0..<load.waitingCount, using: &random))
            daemon.send(SIGSTOP)
            // What is in the socket by now was said.
            load.receiveWhatIsThere()
            let copy = try disk.copy()
            daemon.send(SIGCONT)
            try copy.mounted { path in
                let other = try DaemonProcess(in: TemporaryDirectory(), state: "\(path)/state", manualClock: Load.clock)
                try load.check(other, "seed \(seed), round \(round)", sampling: &random)
                #expect(other.terminate() == 0)
            }
        }
        print("\(load.acknowledged.count) acknowledged over forty power cuts, seed \(seed)")
        #expect(daemon.terminate() == 0)
        #expect(try lostWithoutSynchronization() > 0, "the drill cannot see a loss")
    }

    /// How many commits are lost of a writer that does not synchronise, by the same cuts.
    private func lostWithoutSynchronization() throws -> Int {
        let disk = try Disk(megabytes: 64)
        let writer = """
            import sqlite3, sys
            store = sqlite3.connect(sys.argv[1], isolation_level=None)
            store.execute("PRAGMA journal_mode = WAL"); store.execute("PRAGMA synchronous = NORMAL"); store.execute("PRAGMA wal_autocheckpoint = 0")
            store.execute("CREATE TABLE t (n INTEGER)")
            for n in range(int(sys.argv[2])): store.execute("INSERT INTO t VALUES (?)", (n,))
            # The process ends without closing the file, as by a cut.
            import os; os._exit(0)
            """
        let count = 500
        #expect(try Program("/usr/bin/python3", ["-c", writer, "\(disk.path)/control.sqlite", "\(count)"]).status == 0)
        var present = count
        try disk.copy().mounted { path in
            let reader = """
                import sqlite3, sys
                try: print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM t").fetchone()[0])
                except sqlite3.Error: print(0)
                """
            let read = try Program("/usr/bin/python3", ["-c", reader, "\(path)/control.sqlite"])
            present = try #require(Int(read.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        print("with synchronous=NORMAL, \(count - present) of \(count) commits are lost")
        return count - present
    }

    @Test("A disk without room: each command is refused with a word that says so, and taken once there is room")
    func fullDisk() throws {
        let disk = try Disk(megabytes: 24)
        let daemon = try DaemonProcess(in: TemporaryDirectory(), state: "\(disk.path)/state", manualClock: Load.clock)
        let load = try Load(daemon)
        try load.send(100)
        try load.receive(100)
        _ = try Program("/usr/bin/env", ["dd", "if=/dev/zero", "of=\(disk.path)/filler", "bs=4096"])
        // What is left in the log's blocks is used up.
        var refusals: Set<String> = []
        for _ in 0..<50 {
            try load.send(100)
            refusals.formUnion(try load.receive(100))
        }
        #expect(refusals == ["store.full"])
        func check() throws -> Int32 { try Program("casectl", ["status", "--check"], environment: ["CASED_SOCKET": daemon.socket]).status }
        #expect(try check() == 2)
        #expect(unlink("\(disk.path)/filler") == 0)
        try load.send(100)
        #expect(try load.receive(100).isEmpty)
        #expect(try check() == 0)
        try load.check(daemon, "after the disk was full")
        #expect(daemon.log.split(separator: "\n").count < 30, "the log says it once: \(daemon.log)")
        #expect(daemon.terminate() == 0)
    }

    @Test(
        "A file system that turns read-only by an error, and a disk that takes no more writes: a typed refusal or a clean end, and nothing lost",
        arguments: ["read-only", "writes fail"])
    func failingDisk(kind: String) throws {
        // Behind the second there is less than it promises.
        let small = kind == "read-only" ? nil : try SmallFolder(megabytes: 20)
        let disk = try Disk(megabytes: 64, in: small?.path)
        let daemon = try DaemonProcess(in: TemporaryDirectory(), state: "\(disk.path)/state", manualClock: Load.clock)
        let load = try Load(daemon)
        try load.send(200)
        try load.receive(200)
        if kind == "read-only" { try disk.fail() }
        var refusals: Set<String> = []
        do throws(Client.Unreachable) {
            for _ in 0..<400 {
                try load.send(50)
                refusals.formUnion(try load.receive(50))
            }
        } catch {
            // It has ended, and says nothing that it does not know.
            load.receiveWhatIsThere()
            #expect(daemon.wait() != 0)
        }
        #expect(refusals.isSubset(of: ["store.full", "internal"]), "\(refusals)")
        daemon.kill()
        #expect(daemon.log.contains("store failed") || !refusals.isEmpty, "the drill has failed nothing: \(daemon.log)")
        small?.grow(megabytes: 100)
        try disk.repaired { path in
            let other = try DaemonProcess(in: TemporaryDirectory(), state: "\(path)/state", manualClock: Load.clock)
            try load.check(other, kind)
            #expect(other.terminate() == 0)
        }
    }

    @Test("Without a descriptor left, those who are there are served, the log says it once, and others come in when somebody goes")
    func descriptors() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: Load.clock)
        let load = try Load(daemon)
        let held = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.processID)/fd").count
        #expect(try Program("/usr/bin/env", ["prlimit", "--pid", "\(daemon.processID)", "--nofile=\(held + 10)"]).status == 0)
        do {
            // More than fit wait in the socket's backlog.
            let others = try (0..<60).map { _ in try Client(path: daemon.socket) }
            try load.send(300)
            #expect(try load.receive(300).isEmpty)
            withExtendedLifetime(others) {}
        }
        _ = try daemon.client().call("server.info").get()
        try load.check(daemon, "after descriptors were used up")
        #expect(daemon.log.split(separator: "\n").count < 30, "\(daemon.log)")
        #expect(daemon.terminate() == 0)
    }

    @Test(
        "A state folder that vanishes: nothing is acknowledged from then on, the end is for a person to look at, and all is where the folder went"
    )
    func vanishingFolder() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: Load.clock)
        let load = try Load(daemon)
        try load.send(200)
        try load.receive(100)
        #expect(rename("\(directory.path)/state", "\(directory.path)/elsewhere") == 0)
        load.receiveWhatIsThere()
        #expect(throws: Client.Unreachable.self) {
            for _ in 0..<100 {
                try load.send(10)
                try load.receive(load.waitingCount)
            }
        }
        #expect(daemon.wait() == 78)
        let other = try DaemonProcess(in: TemporaryDirectory(), state: "\(directory.path)/elsewhere", manualClock: Load.clock)
        try load.check(other, "after the folder had vanished")
        #expect(other.terminate() == 0)
    }
}

/// Submissions with keys, and what was said to them.
private final class Load {
    static let clock = "2026-02-06T01:00:00Z"

    private let client: Client
    private var sent: [[UInt8]] = []
    /// Replies are in the order of requests.
    private var heardCount = 0
    /// The request and its reply, of those that were acknowledged.
    private(set) var acknowledged: [(line: [UInt8], reply: [UInt8])] = []

    init(_ daemon: DaemonProcess) throws {
        client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
    }

    var waitingCount: Int {
        sent.count - heardCount
    }

    func send(_ count: Int) throws(Client.Unreachable) {
        for _ in 0..<count {
            let key = "d-\(sent.count)"
            let params = SmallOffice.submission(key, key: key)
            sent.append(Request(id: .string(key), method: "case.submit", params: params).line)
            try client.send(sent[sent.count - 1])
        }
    }

    /// - Returns: the kinds of refusals among the replies.
    @discardableResult
    func receive(_ count: Int) throws(Client.Unreachable) -> Set<String> {
        var refusals: Set<String> = []
        for _ in 0..<count {
            let reply = try client.receive()
            if let error = try? JSONReader.read(reply)["error"] {
                refusals.insert(error["data"]?["kind"]?.string ?? "\(error)")
            } else {
                acknowledged.append((sent[heardCount], reply))
            }
            heardCount += 1
        }
        return refusals
    }

    func receiveWhatIsThere() {
        client.setTimeout(milliseconds: 50)
        while waitingCount > 0, (try? receive(1)) != nil {}
        client.setTimeout(milliseconds: DaemonProcess.patience)
    }

    func check(_ daemon: DaemonProcess, _ when: String) throws {
        var random = SeededRandom(seed: 1)
        try check(daemon, when, sampling: &random)
    }

    /// The daemon knows each that was acknowledged, and answers it as it did.
    func check(_ daemon: DaemonProcess, _ when: String, sampling random: inout SeededRandom) throws {
        let other = try daemon.client()
        let count = try other.call("case.count").get()["count"]!.integer!
        #expect(count >= acknowledged.count && count <= sent.count, "\(count) cases of \(acknowledged.count) acknowledged, \(when)")
        // The last ones, which a cut would take, and some others.
        let others = acknowledged.dropLast(300).shuffled(using: &random).prefix(100)
        for (line, reply) in acknowledged.suffix(300) + others {
            try other.send(line)
            #expect(try other.receive() == reply, "\(when)")
        }
        #expect(try other.call("case.count").get()["count"]!.integer! == count, "an answer has become a case, \(when)")
    }
}

/// A file system in a file, mounted.
private final class Disk {
    let path: String
    private let image: String
    private let folder: TemporaryDirectory

    init(megabytes: Int, in place: String? = nil) throws {
        folder = TemporaryDirectory()
        (path, image) = ("\(folder.path)/disk", "\(place ?? folder.path)/image")
        try Self.command("truncate", "-s", "\(megabytes)M", image)
        try Self.command("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
        try Self.mount(image, at: path)
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    static func command(_ words: String...) throws {
        let program = try Program("/usr/bin/env", words, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
        if program.status != 0 { throw Failed(description: "\(words): \(program.errors)") }
    }

    private static func mount(_ image: String, at path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try command("mount", "-t", "ext4", "-o", "loop,errors=remount-ro", image, path)
    }

    /// The file system stops taking writes, as after an error of its disk.
    func fail() throws {
        let mounts = try String(contentsOfFile: "/proc/mounts", encoding: .utf8).split(separator: "\n")
        let device = try #require(mounts.first { $0.contains(" \(path) ") }).split(separator: " ")[0].split(separator: "/").last!
        try "drill".write(toFile: "/sys/fs/ext4/\(device)/trigger_fs_error", atomically: false, encoding: .utf8)
    }

    /// What the disk holds at this moment; what the machine has only in its memory is not in it.
    func copy() throws -> Copy {
        let copy = Copy()
        try Self.command("cp", "--sparse=always", image, copy.image)
        return copy
    }

    /// The same disk, mounted again after a check.
    func repaired(_ body: (String) throws -> Void) throws {
        try Self.command("umount", path)
        // 1 is: errors were mended.
        _ = try Program("/usr/bin/env", ["e2fsck", "-fy", image], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
        try Self.mount(image, at: path)
        try body(path)
    }

    deinit {
        try? Self.command("umount", "-l", path)
    }

    final class Copy {
        private let folder = TemporaryDirectory()
        fileprivate var image: String { "\(folder.path)/image" }

        func mounted(_ body: (String) throws -> Void) throws {
            let path = "\(folder.path)/disk"
            try Disk.mount(image, at: path)
            defer { try? Disk.command("umount", path) }
            try body(path)
        }
    }
}

/// A folder in memory with little room.
private final class SmallFolder {
    let path: String
    private let folder = TemporaryDirectory()

    init(megabytes: Int) throws {
        path = folder.path
        try Disk.command("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "cased-drill", path)
    }

    func grow(megabytes: Int) {
        try? Disk.command("mount", "-o", "remount,size=\(megabytes)m", path)
    }

    deinit {
        try? Disk.command("umount", "-l", path)
    }
}
