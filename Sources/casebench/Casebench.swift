import ArgumentParser
import CaseCore
import CaseTesting
import CaseWire
import Foundation

/// Measures a daemon of its own on a temporary folder, and beside it what the same disk and library can do at best.
@main
struct Casebench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "casebench",
        abstract: "Measure cased: durable submissions, lifecycles, latency, start-up and memory.",
        discussion: """
            Starts a cased of its own. Every figure that counts is a ratio within one run, since machines and their loads \
            differ. Build it with optimisation: make bench.
            """,
        version: productVersion)

    @Option(help: "Submissions of the longest measurement.") var count = 60_000
    @Option(help: "Open cases for start-up time and memory; 0 leaves that out.") var preload = 0
    @Flag(help: "Only the measurements of --preload.") var onlyPreload = false
    @Option(help: "Open cases that a changed calendar has to reach; 0 leaves that out.") var recalculate = 0
    @Flag(help: "Only the measurements of --reproject.") var onlyRecalculate = false
    @Option(help: "Running cases of a merger of a district's offices, and only that; needs the district's items beside the project.")
    var merge = 0
    @Option(help: "Rungs that fall due at once while the daemon is away, and only that.") var rungs = 0
    @Option(help: "Closed cases for a report, and only that.") var report = 0
    @Flag(help: "Only the measurements of JSON.") var onlyCodec = false
    @Option(help: "Commits of one connection, one after the other, to see that nothing slows down or grows; and only that.") var soak = 0

    @Option(
        help:
            "The store on a database, as libpq names it, without tables in it and with a user who may make some: beside libpq itself, and several nodes beside one; and only that."
    )
    var store: String?
    @Flag(help: "Notes on a case that many follow, and only that.") var watches = false
    @Option(
        help: "Open cases beside which a thousand hostile connections of each kind do their worst, and only that; as root.")
    var hostile = 0
    @Option(help: .hidden) var hostilePart: String?
    @Option(help: .hidden) var socket = ""
    @Argument(help: .hidden) var partCount = 0

    func validate() throws {
        guard count >= 1000, preload >= 0, recalculate >= 0 else {
            throw ValidationError("--count is at least 1000, --preload and --reproject at least 0")
        }
        guard soak == 0 || soak >= 3 * SoakRun.window else {
            throw ValidationError("--soak is at least \(3 * SoakRun.window): the first \(SoakRun.window) are not compared")
        }
    }

    func run() throws {
        if let hostilePart { return try HostileRun.runPart(hostilePart, socket: socket, count: partCount) }
        print("\(ProcessInfo.processInfo.activeProcessorCount) cores, load \(load)")
        guard hostile == 0 else {
            try HostileRun(total: hostile).run()
            return print("\nload now \(load)")
        }
        if let store {
            try StoreRun(database: store, count: count).run()
            return print("\nload now \(load)")
        }
        guard !watches else {
            try WatchRun().run()
            return print("\nload now \(load)")
        }
        guard merge == 0 else { return try MergerRun(total: merge).run() }
        guard rungs == 0 else { return try RungRun(total: rungs).run() }
        guard report == 0 else { return try ReportRun(total: report).run() }
        guard !onlyCodec else { return try CodecRun().print() }
        guard soak == 0 else {
            try SoakRun(total: soak).run()
            return print("\nload now \(load)")
        }
        if !onlyPreload, !onlyRecalculate {
            AlgebraRun().print()
            try CodecRun().print()
            try speed()
        }
        if preload > 0, !onlyRecalculate { try size() }
        if recalculate > 0 {
            try RecalculationRun(total: recalculate).run()
            print("\nload now \(load)")
        }
    }

    private var load: String {
        var averages = [Double](repeating: 0, count: 3)
        getloadavg(&averages, 3)
        return String(format: "%.2f", averages[0])
    }

    private func speed() throws {
        let directory = TemporaryDirectory()
        var daemon = try DaemonProcess(in: directory)
        try prepare(daemon)

        print("\ndurable submissions, each with an idempotency key")
        var single = 0.0
        for (connections, window, share) in [(1, 1, 20), (1, 256, 3), (64, 1, 3), (64, 16, 1)] {
            let run = try LoadRun(socket: daemon.socket, connections: connections, window: window)
            let before = try work(daemon)
            let result = try run.submit(count / share, tag: "s\(connections)x\(window)")
            let after = try work(daemon)
            let mean = Double(after.commands - before.commands) / Double(max(1, after.batches - before.batches))
            print(
                "  \(pad("\(connections) connections", 15)) \(pad(window == 1 ? "one at a time" : "\(window) at a time", 15)) \(result)  \(String(format: "%.0f", mean)) a commit"
            )
            if connections == 1, window == 1 { single = result.perSecond }
            if connections == 64, window == 16 {
                let objects = try objects(daemon, after: before.cases, count: count)
                // No other program touches the file while the daemon lives.
                daemon.terminate()
                let rows = try RawSQLite.rows(in: directory.path, since: before.cases, count: count)
                func compare(_ what: String, _ ours: Double, _ theirs: Double) {
                    print("  \(pad(what, 46)) \(String(format: "%8.0f", theirs)) /s  ratio \(String(format: "%.2f", ours / theirs))")
                }
                for batch in [Int(mean), 1024] {
                    let raw = try RawSQLite.write(rows, batch: max(1, batch), in: directory.path)
                    compare("raw SQLite, the same rows, \(batch) a commit", result.perSecond, raw)
                }
                let first = try RawSQLite.write(
                    try FirstVersion.rows(rows, objects: objects), batch: max(1, Int(mean)), in: directory.path, schema: FirstVersion.schema
                )
                compare("raw SQLite, version 0.1's rows, \(Int(mean)) a commit", result.perSecond, first)
                let alone = try RawSQLite.write(Array(rows.prefix(count / 20)), batch: 1, in: directory.path)
                compare("raw SQLite, 1 a commit, to one at a time", single, alone)
                if let queue = try Beanstalkd.run(count / 10, connections: 64, window: 16) {
                    compare("beanstalkd -f 0, the same payloads", result.perSecond, queue.perSecond)
                } else {
                    print("  beanstalkd is not installed: apt-get install beanstalkd")
                }
                daemon = try DaemonProcess(in: directory)
            }
        }
        let run = try LoadRun(socket: daemon.socket, connections: 64, window: 4)
        let result = try run.lifecycles(count / 10)
        print("\nfull lifecycles (submit, accept, recommend, grant, deliver)\n  64 connections  4 at a time     \(result)")
        daemon.terminate()
        try lateness()
        print("\nload now \(load)")
    }

    /// How late rungs pass on a real clock, most of them at the same instants.
    private func lateness() throws {
        var files = SmallOffice.files()
        files["sla.toml"] = files["sla.toml"]!.replacing(
            "budget = \"5 working-days\"\nladder = [{ at = \"80%\", level = 1, notify = [\"office-head\"] }]",
            with: """
                budget = "1 minute"
                ladder = [{ at = "2%", level = 1, notify = ["office-head"] }, { at = "4%", level = 2, notify = ["office-head"] }]
                """)
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory)
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        _ = try LoadRun(socket: daemon.socket, connections: 8, window: 16).preload(1000)
        var passed = 0
        var info = JSONValue.null
        while passed < 2000 {
            info = try client.call("server.info").get()["lateness"]!
            passed = (info.members ?? []).filter { $0.name != "maximum_ms" }.reduce(0) { $0 + Int($1.value.integer ?? 0) }
        }
        print("\nlateness of 2,000 rungs of 1,000 cases on a real clock: at most \(info["maximum_ms"]?.integer ?? -1) ms")
        daemon.terminate()
    }

    /// Start-up and memory with few and with many open cases.
    private func size() throws {
        let directory = TemporaryDirectory()
        print(
            "\nopen cases   start-up to READY   resident after start   after 1,000 submissions, a list, a count and a report   "
                + "server.status   sla.report   what top asks   a leader's queue of ten   an officer's of all")
        for total in [1000, preload] {
            var daemon = try DaemonProcess(in: directory)
            try prepare(daemon)
            let present = try work(daemon).cases
            try LoadRun(socket: daemon.socket, connections: 8, window: 128).preload(total - present)
            daemon.terminate()

            let clock = ContinuousClock()
            let start = clock.now
            daemon = try DaemonProcess(in: directory)
            let startUp = clock.now - start
            let fresh = residentMiB(daemon)
            let client = try daemon.client()
            _ = try LoadRun(socket: daemon.socket, connections: 8, window: 16).preload(1000)
            _ = try client.call("case.list", .of(["sort": "due", "limit": .integer(1000)]))
            _ = try client.call("case.count", .of(["filter": .of(["overdue": .bool(true)])]))
            _ = try client.call("sla.report")
            func took(_ body: () throws -> Void) rethrows -> String {
                var times: [Double] = []
                for _ in 0..<5 {
                    let start = clock.now
                    try body()
                    times.append((clock.now - start) / .milliseconds(1))
                }
                return String(format: "%.1f ms", times.sorted()[2])
            }
            let status = try took { _ = try client.call("server.status").get() }
            let report = try took { _ = try client.call("sla.report").get() }
            let top = try took {
                _ = try client.call("server.info").get()
                _ = try client.call("sla.report").get()
                _ = try client.call("case.list", .of(["sort": "due", "limit": .integer(40)])).get()
            }
            for number in 1...10 {
                for (method, params) in [
                    ("case.accept", JSONValue.object([])), ("case.recommend", .of(["recommendation": "grant", "opinion": "in order"])),
                ] {
                    let own: [JSONValue.Member] = [.init("case", .string("C-\(present + number)")), .init("acting", "otto")]
                    _ = try client.call(method, .object(own + (params.members ?? []))).get()
                }
            }
            let queues = try ["lena", "otto"].map { person in
                try took {
                    for sort in ["due", "case"] {
                        let mine = JSONValue.of(["filter": .of(["mine": .bool(true)]), "limit": 500])
                        let own: [JSONValue.Member] = [.init("sort", .string(sort)), .init("acting", .string(person))]
                        _ = try client.call("case.list", .object((mine.members ?? []) + own)).get()
                    }
                }
            }
            print(
                "\(pad("\(total)", 12)) \(pad(String(format: "%.3f s", startUp / .seconds(1)), 19)) \(pad(String(format: "%.1f MiB", fresh), 22)) \(pad(String(format: "%.1f MiB", residentMiB(daemon)), 60)) \(pad(status, 15)) \(pad(report, 12)) \(pad(top, 15)) \(pad(queues[0], 24)) \(queues[1])"
            )
            daemon.terminate()
        }
    }

    /// The latest cases as clients see them, in the order of their numbers.
    private func objects(_ daemon: DaemonProcess, after first: Int, count: Int) throws -> [[UInt8]] {
        let client = try daemon.client()
        var objects: [[UInt8]] = []
        var cursor: JSONValue?
        while objects.count < count {
            let page = try client.call(
                "case.list",
                .object(
                    [.init("sort", "-case"), .init("limit", .integer(Int64(min(1000, count - objects.count))))]
                        + (cursor.map { [.init("after", $0)] } ?? []))
            ).get()
            objects += (page["cases"]?.array ?? []).map { object in JSONWriter.bytes { $0.value(object) } }
            cursor = page["next"]
        }
        return objects.reversed()
    }

    private func work(_ daemon: DaemonProcess) throws -> (batches: Int, commands: Int, cases: Int) {
        let info = try daemon.client().call("server.info").get()
        func count(_ value: JSONValue?) -> Int { Int(value?.integer ?? 0) }
        return (count(info["work"]?["batches"]), count(info["work"]?["commands"]), count(info["open"]))
    }

}

func prepare(_ daemon: DaemonProcess) throws {
    let client = try daemon.client()
    if case .failure(let error) = try client.call("catalog.apply", SmallOffice.parameter()) {
        throw ValidationError("the catalogue was refused: \(error.message)")
    }
}

func residentMiB(_ daemon: DaemonProcess) -> Double {
    let status = (try? String(contentsOfFile: "/proc/\(daemon.processID)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (Double(line.split(whereSeparator: { !$0.isNumber }).first ?? "0") ?? 0) / 1024
}

func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
