import CaseClient
import CaseTesting
import CaseWire
import Foundation

/// What a changed calendar costs others while it makes its way through all open cases.
struct RecalculationRun {
    private let total: Int

    init(total: Int) {
        self.total = total
    }

    func run() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory)
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        let load = try LoadRun(socket: daemon.socket, connections: 8, window: 128)
        try load.preload(total)
        print("\na changed calendar on its way through \(total) open cases")

        let start = microseconds()
        let plan = try client.call("catalog.plan", SmallOffice.parameter(changed(day: "2026-12-29"))).get()
        print(
            "  plan: \(String(format: "%.1f", (microseconds() - start) / 1_000_000)) s for \(plan["clocks"]?["running"]?.integer ?? 0) clocks, \(plan["clocks"]?["later"]?.integer ?? 0) later"
        )
        // Each measurement beside its own undisturbed one, with a change of its own.
        let forms: [(connections: Int, window: Int, count: Int)] = [(64, 16, 60_000), (64, 1, 30_000), (1, 1, 2000)]
        for (place, form) in forms.enumerated() {
            let run = try LoadRun(socket: daemon.socket, connections: form.connections, window: form.window)
            let before = try run.submit(form.count, tag: "b\(place)")
            _ = try client.call("catalog.apply", SmallOffice.parameter(changed(day: "2026-12-2\(place)"))).get()
            let done = try progress(client)
            let during = try run.submit(form.count, tag: "d\(place)")
            let now = try progress(client)
            guard let now, let done else {
                print("  \(form.connections) connections: the change was through before the measurement: take more cases")
                continue
            }
            let share = String(format: "%.2f", during.perSecond / before.perSecond)
            print(
                "  \(pad("\(form.connections) connections", 15)) \(pad("\(form.window) at a time", 13)) before \(before)\n  \(pad("", 29)) during \(during)  ratio \(share), \(now - done) cases reached meanwhile"
            )
            let restStart = microseconds()
            let left = try waitForEnd(client)
            let seconds = (microseconds() - restStart) / 1_000_000
            print("  \(pad("", 29)) then alone: \(String(format: "%.0f", Double(left) / max(0.001, seconds))) cases /s")
        }
        daemon.terminate()
    }

    /// The small office with one holiday more.
    private func changed(day: String) -> [String: String] {
        var files = SmallOffice.files()
        files["calendar.toml"]! += "[[calendar.cn.holiday]]\nname = \"declared\"\non = \(day)\n"
        return files
    }

    /// Cases that are done; nil when all are.
    private func progress(_ client: Client) throws -> Int? {
        try client.call("server.info").get()["reprojection"]?["done"]?.integer.map { Int($0) }
    }

    private func waitForEnd(_ client: Client) throws -> Int {
        let first = try client.call("server.info").get()["reprojection"]
        let left = Int((first?["cases"]?.integer ?? 0) - (first?["done"]?.integer ?? 0))
        while try progress(client) != nil { Thread.sleep(forTimeInterval: 0.05) }
        return left
    }
}
