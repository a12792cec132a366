import ChildProcesses
import FoundationEssentials
import Glibc

/// Programs that casectl runs for a person: a pager, an editor, a command for each event. They have the terminal while they run.
enum Child {
    /// Runs a command by sh and waits for its end.
    ///
    /// As with system(3), Ctrl-C and Ctrl-\ are the child's while it runs.
    ///
    /// - Parameters:
    ///   - arguments: what the command finds as `$1` and so on.
    ///   - input: what it reads; nil for what this program would read.
    /// - Returns: its exit code; that of a shell where a signal ended it.
    static func run(
        _ command: String, _ arguments: [String] = [], environment: [String: String] = [:], input: [UInt8]? = nil
    ) throws(ChildProcess.Failed) -> Int32 {
        let before = [SIGINT, SIGQUIT].map { ($0, signal($0, SIG_IGN)) }
        defer { for (number, action) in before { signal(number, action) } }
        return try started(command, arguments, environment, isFed: input != nil) { child, feed in
            if let input { feed.write(input) }
            return code(child.wait())
        }
    }

    /// How a command ended that has so much time.
    enum End: Equatable {
        /// With an exit code; that of a shell where a signal ended it.
        case ended(Int32)
        /// It was killed, with all that it had started.
        case late
        /// So was it, since this signal asked casectl to end.
        case stopped(by: Int32)
    }

    /// Runs a command by sh and waits for so many seconds, or for its end where that is nil. Whatever asks casectl to end ends the command too, and
    /// what it has started: it has a process group of its own.
    ///
    /// - Parameter isSharing: whether the command has the terminal, where casectl has it: then it is in casectl's group, and Ctrl-C and Ctrl-\ are
    ///   its own.
    static func run(
        _ command: String, _ arguments: [String] = [], environment: [String: String] = [:], input: [UInt8], patience: Int?,
        isSharing: Bool = false
    ) throws(ChildProcess.Failed) -> End {
        try limited(command, arguments, environment, input, patience, isSharing: isSharing, nil)
    }

    /// The same for a command that answers on its standard output.
    ///
    /// - Parameter limit: in bytes; a command that says more is killed.
    /// - Returns: what it said until it ended; nil for more than that.
    static func answer(
        _ command: String, input: [UInt8], patience: Int, limit: Int
    ) throws(ChildProcess.Failed) -> (end: End, output: [UInt8]?) {
        let listener = try Listener(limit: limit)
        let end = try limited(command, [], [:], input, patience, isSharing: false, listener)
        return (end, listener.isFull ? nil : listener.bytes)
    }

    private static func limited(
        _ command: String, _ arguments: [String], _ environment: [String: String], _ input: [UInt8], _ patience: Int?, isSharing: Bool,
        _ listener: Listener?
    ) throws(ChildProcess.Failed) -> End {
        let isInFront = isSharing && hasTerminal
        let before = (isInFront ? [SIGINT, SIGQUIT] : []).map { ($0, signal($0, SIG_IGN)) }
        defer { for (number, action) in before { signal(number, action) } }
        let stop = StopSignals()
        defer { stop.letThrough() }
        return try started(command, arguments, environment, isFed: true, inOwnGroup: !isInFront, listener) { child, feed in
            feed.begin(input)
            var asked: ContinuousClock.Instant?
            let status = child.wait(seconds: patience) {
                feed.goOn()
                if let listener {
                    listener.goOn()
                    if listener.isFull { return true }
                }
                guard let number = stop.pending else { return false }
                // It may end in its own way first.
                if asked == nil { child.send(number) }
                asked = asked ?? .now
                return .now - asked! > .seconds(Child.grace)
            }
            listener?.goOn()
            if let number = stop.take() {
                // A shell lets nothing in its background hear of Ctrl-C.
                child.killGroup()
                return .stopped(by: number)
            }
            return status.map { .ended(code($0)) } ?? .late
        }
    }

    /// Whether this program is in front on a terminal.
    private static var hasTerminal: Bool {
        let terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        return tcgetpgrp(terminal) == getpgrp()
    }

    /// How long a command has, in seconds, that was asked to end.
    private static let grace = 2

    private static func code(_ status: Int32) -> Int32 {
        status < 0 ? 128 - status : status
    }

    /// - Parameter use: what is done with the command until it has ended, and with the end of the pipe from which it reads, where it is fed.
    private static func started<End>(
        _ command: String, _ arguments: [String], _ environment: [String: String], isFed: Bool, inOwnGroup: Bool = false,
        _ listener: Listener? = nil, _ use: (ChildProcess, Feed) -> End
    ) throws(ChildProcess.Failed) -> End {
        StandardOutput.flush()
        // A parent that ignores the end of children would let nobody wait for one, and what this program ignores is nothing of the child. A
        // child that has seen enough closes its end, and that is no reason to die.
        let before = [(SIGCHLD, SIG_DFL), (SIGXFSZ, SIG_DFL), (SIGPIPE, SIG_IGN)].map { ($0.0, signal($0.0, $0.1)) }
        defer { for (number, action) in before { signal(number, action) } }
        let ends = isFed ? try pipeEnds() : [-1, -1]
        let feed = Feed(to: ends[1])
        defer { feed.end() }
        let child: ChildProcess
        do {
            defer {
                if isFed { close(ends[0]) }
                listener?.letGo()
            }
            child = try ChildProcess(
                "/bin/sh", ["-c", command, "sh"] + arguments, environment: environment,
                input: isFed ? .descriptor(ends[0]) : .inherited, output: listener.map { .descriptor($0.mouth) } ?? .inherited,
                errors: .inherited,
                inOwnGroup: inOwnGroup)
        }
        return use(child, feed)
    }

    /// A pipe of which the child has only what it is given as a stream.
    private static func pipeEnds() throws(ChildProcess.Failed) -> [Int32] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw ChildProcess.Failed(description: "no pipe can be made: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return ends
    }

    /// What a command writes, up to so many bytes, as it writes it.
    private final class Listener {
        /// Where the command writes.
        private(set) var mouth: Int32
        private let ear: Int32
        private let limit: Int
        private(set) var bytes: [UInt8] = []

        init(limit: Int) throws(ChildProcess.Failed) {
            let ends = try pipeEnds()
            (ear, mouth, self.limit) = (ends[0], ends[1], limit)
            _ = fcntl(ear, F_SETFL, O_NONBLOCK)
        }

        /// Whether it has said more than is heard.
        var isFull: Bool {
            bytes.count > limit
        }

        /// Takes what there is.
        func goOn() {
            var room = [UInt8](repeating: 0, count: 1 << 16)
            while !isFull {
                let count = read(ear, &room, room.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                bytes += room[..<count]
            }
        }

        /// The command alone has the other end.
        func letGo() {
            if mouth >= 0 { close(mouth) }
            mouth = -1
        }

        deinit {
            letGo()
            close(ear)
        }
    }

    /// What a command reads, as it reads it: one that reads nothing holds up nobody.
    private final class Feed {
        private var descriptor: Int32
        private var left: ArraySlice<UInt8> = []

        init(to descriptor: Int32) {
            self.descriptor = descriptor
        }

        func begin(_ bytes: [UInt8]) {
            left = bytes[...]
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            goOn()
        }

        /// Writes what there is room for, and ends once all of it is written, or nobody reads.
        func goOn() {
            while descriptor >= 0, !left.isEmpty {
                let count = left.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN { return }
                left = count > 0 ? left.dropFirst(count) : []
            }
            end()
        }

        func end() {
            guard descriptor >= 0 else { return }
            close(descriptor)
            descriptor = -1
        }

        /// All of it, however long the command takes to read it.
        func write(_ bytes: [UInt8]) {
            _ = writeAll(bytes, to: descriptor)
            end()
        }
    }
}

/// What asks a program to end, held back while something runs that has to end first. What this program ignores stays ignored.
private struct StopSignals {
    private let numbers: [Int32]

    init() {
        let state = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let mask = state.split(separator: "\n").first { $0.hasPrefix("SigIgn:") }?.split(separator: "\t").last
        let ignored = mask.flatMap { UInt64($0, radix: 16) } ?? 0
        numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].filter { ignored & (1 << UInt64($0 - 1)) == 0 }
        var set = set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    private var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        return set
    }

    /// One that has come; nil for none.
    var pending: Int32? {
        var found = sigset_t()
        sigpending(&found)
        return numbers.first { sigismember(&found, $0) == 1 }
    }

    /// Takes one that has come, so that it does not end this program by itself.
    func take() -> Int32? {
        guard pending != nil else { return nil }
        var (set, moment) = (set, timespec())
        let number = sigtimedwait(&set, nil, &moment)
        return number > 0 ? number : nil
    }

    func letThrough() {
        var set = set
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
}
