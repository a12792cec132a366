import ArgumentParser
import CaseClient
import CaseTesting
import CaseWire
import Foundation

/// Many commits of all kinds, most of them one after the other: whether the last are as fast as the first, and the daemon as small.
struct SoakRun {
    /// Commits that are measured together.
    static let window = 20_000
    /// Whole lives in a window, five commands each, and watches that are opened and closed.
    private static let lifeCount = 200
    private static let watchCount = 20
    /// A copy of the whole store is made in one window of so many.
    private static let windowsPerBackup = 10
    /// What the last tenth has to reach, as a share of the second tenth: the first warms up.
    private static let leastShare = 0.9
    /// How much the daemon may have grown since the second tenth, in MiB.
    private static let mostGrowth = 8.0
    /// And how many more threads, or descriptors.
    private static let mostMore = 4.0

    private let total: Int

    init(total: Int) {
        self.total = total
    }

    private struct Window {
        let perSecond: Double
        let resident: Double
        let threads: Double
        let descriptors: Double
    }

    func run() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory)
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files(1))).get()
        print(
            """

            one connection, one submission a commit; each with a rung three seconds later; and in each window of \(SoakRun.window): \(SoakRun.lifeCount) whole \
            lives, \(SoakRun.watchCount) watches, a report, a list, a new catalogue; in one of \(SoakRun.windowsPerBackup) a backup
               commits   commits/s   resident MiB   threads   descriptors   log pages   bytes a command
            """)
        var windows: [Window] = []
        let state = "\(directory.path)/state"
        for number in 1...total / SoakRun.window {
            // Lives are commits as well.
            let load = try LoadRun(socket: daemon.socket, connections: 1, window: 1)
            let result = try load.submit(SoakRun.window - 5 * SoakRun.lifeCount, tag: "soak-\(number)")
            _ = try LoadRun(socket: daemon.socket, connections: 4, window: 1).lifecycles(SoakRun.lifeCount)
            try others(daemon, client, number)
            let (threads, descriptors) = (count("/proc/\(daemon.processID)/task"), count("/proc/\(daemon.processID)/fd"))
            windows.append(
                Window(
                    perSecond: result.perSecond, resident: residentMiB(daemon), threads: Double(threads), descriptors: Double(descriptors)))
            let info = try client.call("server.info").get()
            let commands = Double(info["work"]?["commands"]?.integer ?? 1)
            let bytes = Double(size("\(state)/cased.sqlite") + size("\(state)/cased.sqlite-wal"))
            print(
                String(
                    format: "%10d  %10.0f  %13.1f  %8d  %12d  %10d  %16.0f", number * SoakRun.window, result.perSecond,
                    windows.last!.resident, threads, descriptors,
                    size("\(state)/cased.sqlite-wal") / 4096, bytes / commands))
        }
        let rungs = try client.call("server.info").get()["lateness"]?.members?.filter { $0.name != "maximum_ms" }
            .reduce(0) { $0 + ($1.value.integer ?? 0) }
        print("\(rungs ?? 0) rungs have passed")
        daemon.terminate()
        try judge(windows)
    }

    private func judge(_ windows: [Window]) throws {
        let tenth = max(1, windows.count / 10)
        let (second, last) = (windows.dropFirst(tenth).prefix(tenth), windows.suffix(tenth))
        func mean(_ windows: some Collection<Window>, _ value: (Window) -> Double) -> Double {
            windows.map(value).reduce(0, +) / Double(windows.count)
        }
        let share = mean(last, \.perSecond) / mean(second, \.perSecond)
        let growth = mean(last, \.resident) - mean(second, \.resident)
        let (threads, files) = (mean(last, \.threads) - mean(second, \.threads), mean(last, \.descriptors) - mean(second, \.descriptors))
        print(
            String(
                format: "the last tenth has %.2f of the second tenth's speed, and %.1f MiB, %.1f threads and %.1f descriptors more", share,
                growth, threads, files))
        guard share >= SoakRun.leastShare, growth <= SoakRun.mostGrowth, threads <= SoakRun.mostMore, files <= SoakRun.mostMore else {
            print(
                "this is not flat: at least \(SoakRun.leastShare), and at most \(SoakRun.mostGrowth) MiB and \(SoakRun.mostMore) of the others more, is"
            )
            throw ExitCode.failure
        }
        if total < 500_000 { print("so short a run still fills caches: 500000 commits and more tell a leak from that") }
    }

    /// What clients do beside commits.
    private func others(_ daemon: DaemonProcess, _ client: Client, _ number: Int) throws {
        for _ in 0..<SoakRun.watchCount { _ = try daemon.client().call("case.watch").get() }
        _ = try client.call("sla.report").get()
        _ = try client.call("case.list", .of(["sort": "due", "limit": 100])).get()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files(number + 1))).get()
        guard number % SoakRun.windowsPerBackup == 0 else { return }
        let copy = TemporaryDirectory()
        let backup = try Program("casectl", ["backup", "\(copy.path)/copy.sqlite"], environment: ["CASED_SOCKET": daemon.socket])
        guard backup.status == 0 else { throw LoadRun.Unexpected(description: "backup: \(backup.errors)") }
    }

    /// The catalogue of a window: rungs pass soon, and a name is new.
    private func files(_ version: Int) -> [String: String] {
        var files = SmallOffice.files()
        files["sla.toml"] = files["sla.toml"]!.replacing(
            "budget = \"5 working-days\"\nladder = [{ at = \"80%\", level = 1, notify = [\"office-head\"] }]",
            with: "budget = \"1 minute\"\nladder = [{ at = \"5%\", level = 1, notify = [\"office-head\"] }]")
        files["version.toml"] = "[person.newcomer]\nname = \"Newcomer \(version)\"\n"
        return files
    }

    private func size(_ path: String) -> Int {
        var entry = stat()
        return stat(path, &entry) == 0 ? Int(entry.st_size) : 0
    }

    private func count(_ folder: String) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
    }
}
