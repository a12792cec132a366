import CaseClient
import CaseTesting
import CaseWire
import ChildProcesses
import Foundation

/// What an admin and another service feel while a thousand connections of one hostile user do their worst, beside what they feel alone.
///
/// The parts are programs of their own under users of their own, so it takes root.
struct HostileRun {
    /// What a part does, named on its command line.
    enum Part: String, CaseIterable {
        /// Somebody whom the catalogue does not know asks how the server does, over and over.
        case strangers
        /// Lines of a megabyte that do not end.
        case unfinished
        /// Lists of a thousand cases that nobody reads.
        case untaken
        /// Watches of the whole journal that nobody reads.
        case watches
        /// A text is looked for in all cases, over and over; the replies are read.
        case searches
        /// Histories of a case with thousands of notes, over and over; the replies are read.
        case histories
        /// Requests are sent and their connection is closed, over and over.
        case abandoned
        /// Lines of brackets, over and over, by somebody whom the catalogue does not know; the replies are not read.
        case brackets
        /// Blank lines, over and over, by somebody whom the catalogue does not know.
        case blanks
        /// Thousands of small requests behind some whose replies are not read.
        case waiting
        /// Requests whose replies are not read, all the lines that the socket holds, and gone, over and over.
        case hangups
        /// Connections that do nothing, of as many users as it takes to have all places.
        case places

        /// Whether the catalogue knows who does it.
        var isKnown: Bool {
            switch self {
            case .strangers, .brackets, .blanks, .hangups: false
            default: true
            }
        }
    }

    private static let hostile: uid_t = 48_001
    private static let stranger: uid_t = 48_002
    private static let service: uid_t = 48_003
    /// Others who take places.
    private static let crowd = (48_010...48_013).map { uid_t($0) }
    private static let connectionCount = 1000
    private static let noteCount = 3000
    private static let seconds = 4.0

    let total: Int

    func run() throws {
        guard getuid() == 0 else { throw LoadRun.Unexpected(description: "--hostile speaks as several users: run it as root") }
        let directory = TemporaryDirectory()
        // Others have to reach the socket.
        chmod(directory.path, 0o755)
        let daemon = try DaemonProcess(in: directory, watchdogMicroseconds: 4_000_000)
        chmod(daemon.socket, 0o666)
        let admin = try daemon.client()
        var files = SmallOffice.files()
        let users = [(HostileRun.hostile, "hostile"), (HostileRun.service, "other")] + HostileRun.crowd.map { ($0, "hostile") }
        for name in ["hostile", "other"] { files["office.toml"]! += "[service.\(name)]\nname = \"\(name)\"\nacts-for = [\"anyone\"]\n" }
        for (user, name) in users { files["office.toml"]! += "[user.\(user)]\nservice = \"\(name)\"\n" }
        _ = try admin.call("catalog.apply", SmallOffice.parameter(files)).get()
        // The cases are those of the hostile service, which may read them all.
        try part(.preload, HostileRun.hostile, daemon, ["\(total)"]).finish()

        print(
            """

            \(HostileRun.connectionCount) hostile connections of each kind beside \(total) open cases, \(Int(HostileRun.seconds)) s each: what an admin's server.info and another \
            service's submission take, in ms (median and most), and times what the median is alone; what the daemon holds; whether the watchdog was told that all is well
            kind           info               submission            MiB   watchdog   after: info   submission
            """)
        let alone = try feel(daemon, admin)
        print(line("alone", alone, alone, daemon, "yes", nil))
        for kind in Part.allCases {
            let parts = try start(kind, daemon)
            for part in parts { try part.waitUntilReady() }
            let pings = daemon.watchdogPings()
            let felt = try feel(daemon, admin)
            let during = residentMiB(daemon)
            while daemon.watchdogPings() == 0, pings == 0 { usleep(10_000) }
            for part in parts { part.end() }
            let after = try feel(daemon, admin)
            print(line(kind.rawValue, felt, alone, daemon, "yes", after, resident: during))
        }
        daemon.terminate()
    }

    private func start(_ kind: Part, _ daemon: DaemonProcess) throws -> [PartProcess] {
        switch kind {
        case .places: try (HostileRun.crowd + [HostileRun.hostile]).map { try part(.hostile(kind), $0, daemon) }
        default: [try part(.hostile(kind), kind.isKnown ? HostileRun.hostile : HostileRun.stranger, daemon)]
        }
    }

    private struct Felt {
        var info: (median: Double, most: Double)
        var submission: (median: Double, most: Double)
    }

    /// Measures both for a while.
    private func feel(_ daemon: DaemonProcess, _ admin: Client) throws -> Felt {
        let submissions = try part(.submissions, HostileRun.service, daemon)
        var times: [Double] = []
        let end = microseconds() + HostileRun.seconds * 1e6
        repeat {
            let start = microseconds()
            _ = try admin.call("server.info").get()
            times.append((microseconds() - start) / 1000)
            _ = daemon.watchdogPings()
        } while microseconds() < end
        let numbers = try submissions.finish().split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard numbers.count == 2 else { throw LoadRun.Unexpected(description: "the other service was not served") }
        return Felt(info: HostileRun.summary(times), submission: (numbers[0], numbers[1]))
    }

    private static func summary(_ times: [Double]) -> (median: Double, most: Double) {
        let sorted = times.sorted()
        return (sorted[sorted.count / 2], sorted.last!)
    }

    private func line(
        _ name: String, _ felt: Felt, _ alone: Felt, _ daemon: DaemonProcess, _ watchdog: String, _ after: Felt?, resident: Double? = nil
    ) -> String {
        func column(_ felt: (median: Double, most: Double), _ alone: (median: Double, most: Double)) -> String {
            String(format: "%7.2f %8.1f  ×%-5.1f", felt.median, felt.most, felt.median / alone.median)
        }
        let later = after.map {
            String(format: "×%-10.1f  ×%.1f", $0.info.median / alone.info.median, $0.submission.median / alone.submission.median)
        }
        return "\(pad(name, 12)) \(column(felt.info, alone.info)) \(column(felt.submission, alone.submission)) "
            + String(format: "%6.0f", resident ?? residentMiB(daemon)) + "   \(pad(watchdog, 8)) \(later ?? "")"
    }

    // MARK: Parts

    private enum Work {
        case hostile(Part)
        case submissions
        case preload

        var name: String {
            switch self {
            case .hostile(let kind): kind.rawValue
            case .submissions: "submissions"
            case .preload: "preload"
            }
        }
    }

    private func part(_ work: Work, _ user: uid_t, _ daemon: DaemonProcess, _ more: [String] = []) throws -> PartProcess {
        try PartProcess(user: user, ["--hostile-part", work.name, "--socket", daemon.socket] + more)
    }

    /// What a part does once it is started: this program, as somebody else.
    static func runPart(_ name: String, socket: String, count: Int) throws {
        switch (name, Part(rawValue: name)) {
        case ("submissions", _): try submissions(socket)
        case ("preload", _): try preload(socket, count)
        case (_, let kind?): try beHostile(kind, socket)
        default: throw LoadRun.Unexpected(description: "there is no part \(name)")
        }
    }

    private static func submissions(_ socket: String) throws {
        let client = try Client(path: socket)
        var times: [Double] = []
        let end = microseconds() + seconds * 1e6
        repeat {
            let start = microseconds()
            _ = try client.call("case.submit", SmallOffice.submission("Of another service")).get()
            times.append((microseconds() - start) / 1000)
        } while microseconds() < end
        let (median, most) = summary(times)
        print("\(median) \(most)")
    }

    private static func preload(_ socket: String, _ count: Int) throws {
        try LoadRun(socket: socket, connections: 8, window: 128).preload(count)
        let client = try Client(path: socket)
        let file = try client.call("case.submit", SmallOffice.submission("Noted")).get()
        let text = String(repeating: "word ", count: 200)
        for number in 0..<noteCount {
            _ = try client.call("case.note", .of(["case": file["case"]!, "text": .string("\(number) \(text)")])).get()
        }
    }

    private static func beHostile(_ kind: Part, _ socket: String) throws {
        func line(_ method: String, _ params: JSONValue = .object([])) -> [UInt8] {
            Request(id: .number(literal: "1"), method: method, params: params).line
        }
        let info = try? Client(path: socket).call("server.info").get()
        let last = "C-\(info?["open"]?.integer ?? 1)"
        let list = line("case.list", .of(["limit": .integer(1000)]))
        let search = line("case.count", .of(["filter": .of(["text": "nowhere"])]))
        let history = line("case.history", .of(["case": .string(last)]))
        let brackets = line("server.info", .of(["x": .array(Array(repeating: .array([.array([])]), count: 2000))])) + [0x0A]
        let flood =
            kind == .blanks
            ? Array(repeating: UInt8(ascii: "\n"), count: 1 << 16) : Array([brackets, brackets, brackets, brackets].joined())
        let untaken = Array(repeating: line("rpc.discover"), count: 5).joined(separator: [0x0A]) + [0x0A]
        let waiting = untaken + Array(repeating: Array("1\n".utf8), count: 8000).joined()
        var clients: [Client] = []
        for _ in 0..<connectionCount {
            guard let client = try? Client(path: socket) else { break }
            client.setSendTimeout(milliseconds: kind == .brackets || kind == .blanks ? 1 : 50)
            clients.append(client)
            switch kind {
            case .unfinished: try? client.sendRaw(Array(repeating: UInt8(ascii: "x"), count: (1 << 20) - 1))
            case .untaken: for _ in 0..<4 { try? client.send(list) }
            case .watches: try? client.send(line("case.watch", .of(["from": "start"])))
            case .waiting: try? client.sendRaw(waiting)
            case .strangers, .searches, .histories, .abandoned, .brackets, .blanks, .hangups, .places: break
            }
        }
        print("ready")
        fflush(nil)
        while true {
            switch kind {
            case .unfinished, .untaken, .watches, .waiting, .places: sleep(1)
            case .brackets, .blanks: for client in clients { try? client.sendRaw(flood) }
            case .hangups:
                for place in clients.indices {
                    try? clients[place].sendRaw(Array(repeating: Array(untaken), count: 20).flatMap { $0 })
                    while (try? clients[place].sendRaw(flood)) != nil {}
                    if let next = try? Client(path: socket) {
                        next.setSendTimeout(milliseconds: 1)
                        clients[place] = next
                    }
                }
            case .strangers, .searches, .histories:
                let asked = kind == .strangers ? line("server.status") : kind == .searches ? search : history
                for client in clients { try? client.send(asked) }
                for client in clients { _ = try? client.receive() }
            case .abandoned:
                for place in clients.indices {
                    for _ in 0..<8 { try? clients[place].send(place % 2 == 0 ? search : list) }
                    if let next = try? Client(path: socket) { clients[place] = next }
                }
            }
        }
    }
}

/// A part of the run, as another user.
private final class PartProcess {
    private let process: ChildProcess
    private let output = Pipe()
    private var said = ""

    init(user: uid_t, _ arguments: [String]) throws {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        process = try ChildProcess(
            "/usr/bin/setpriv", ["--reuid=\(user)", "--regid=\(user)", "--clear-groups", own] + arguments,
            output: .descriptor(output.fileHandleForWriting.fileDescriptor), errors: .inherited)
        try output.fileHandleForWriting.close()
    }

    func waitUntilReady() throws {
        while !said.contains("ready") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw LoadRun.Unexpected(description: "a hostile part has ended") }
            said += String(decoding: data, as: UTF8.self)
        }
    }

    /// Waits for its end.
    @discardableResult
    func finish() throws -> String {
        let data = output.fileHandleForReading.readDataToEndOfFile()
        guard process.wait() == 0 else { throw LoadRun.Unexpected(description: "a part of the run failed") }
        return said + String(decoding: data, as: UTF8.self)
    }

    func end() {
        process.send(SIGKILL)
        process.wait()
    }
}
