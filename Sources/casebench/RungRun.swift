import CaseClient
import CaseTesting
import CaseWire
import Foundation

/// Many rungs that fell due while the daemon was away, and what they cost others when it is back.
struct RungRun {
    private let total: Int

    init(total: Int) {
        self.total = total
    }

    func run() throws {
        let directory = TemporaryDirectory()
        var daemon = try DaemonProcess(in: directory)
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files())).get()
        try LoadRun(socket: daemon.socket, connections: 8, window: 128).preload(total, matters: ["notice"])
        daemon.terminate()
        print("\n\(total) rungs that fell due at once")
        // A minute of the budget has to be over for the last of them.
        Thread.sleep(forTimeInterval: 62)

        for isLoaded in [false, true] {
            // Both start from the same store.
            let copy = TemporaryDirectory()
            try FileManager.default.removeItem(atPath: copy.path)
            try FileManager.default.copyItem(atPath: directory.path, toPath: copy.path)
            let start = microseconds()
            daemon = try DaemonProcess(in: copy)
            let client = try daemon.client()
            var during: LoadRun.Result?
            let load = try LoadRun(socket: daemon.socket, connections: 64, window: 1)
            if isLoaded { during = try load.submit(total / 4, tag: "d") }
            let passedMeanwhile = try passed(client)
            while try passed(client) < total { Thread.sleep(forTimeInterval: 0.01) }
            let seconds = (microseconds() - start) / 1_000_000
            guard let during else {
                print("  alone: passed \(String(format: "%.1f", seconds)) s after the start, start-up included")
                daemon.terminate()
                continue
            }
            let quiet = try load.submit(total / 4, tag: "q")
            print("  64 connections, one at a time: passed after \(String(format: "%.1f", seconds)) s")
            print("  meanwhile \(during), \(passedMeanwhile) passed by its end")
            print("  quiet     \(quiet)  p99 ratio \(String(format: "%.1f", during.p99 / quiet.p99))")
            daemon.terminate()
        }
    }

    /// The small office, with a first rung that comes a minute after the submission of a notice.
    private func files() -> [String: String] {
        var files = SmallOffice.files()
        files["sla.toml"] = files["sla.toml"]!.replacing(
            "budget = \"5 working-days\"\nladder = [{ at = \"80%\", level = 1, notify = [\"office-head\"] }]",
            with: "budget = \"100 minutes\"\nladder = [{ at = \"1%\", level = 1, notify = [\"office-head\"] }]")
        return files
    }

    private func passed(_ client: Client) throws -> Int {
        let lateness = try client.call("server.info").get()["lateness"]
        return (lateness?.members ?? []).filter { $0.name != "maximum_ms" }.reduce(0) { $0 + Int($1.value.integer ?? 0) }
    }
}
