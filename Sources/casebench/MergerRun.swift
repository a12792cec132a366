import CaseClient
import CaseTesting
import CaseWire
import Foundation

/// What it takes to merge a district's approval offices into one, with cases running and submissions going on.
struct MergerRun {
    private let total: Int

    init(total: Int) {
        self.total = total
    }

    func run() throws {
        let district = try District()
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory)
        let client = try daemon.client()
        try apply(district.files(isMerged: false), client)
        let matters = district.matterNames
        try LoadRun(socket: daemon.socket, connections: 8, window: 128).preload(total, matters: matters)
        let clocks = try sample(client)
        print(
            "\n\(district.departments.count) approval offices with \(matters.count) matters become one, with \(total) running cases; resident \(residentMiB(daemon)) MiB"
        )

        // Somebody goes on submitting while it happens.
        let socket = daemon.socket
        let load = Thread { _ = try? LoadRun(socket: socket, connections: 8, window: 16).preload(100_000, matters: matters) }
        let begun = try client.call("server.info").get()["now"]!
        load.start()
        let start = microseconds()
        try apply(district.files(isMerged: true), client)
        let seconds = (microseconds() - start) / 1_000_000
        print(String(format: "  applied in %.1f s while submissions went on; resident %@ MiB afterwards", seconds, residentMiB(daemon)))

        let old = try (0..<district.departments.count).reduce(0) { sum, number in
            try sum + count(client, office: "office-\(number)")
        }
        let lost = try total - count(client, office: "bureau", before: begun)
        print("  left with an old office \(old), lost \(lost), clocks that moved \(try zip(clocks, sample(client)).count { $0 != $1 })")
        daemon.kill()
    }

    private func apply(_ files: [String: String], _ client: Client) throws {
        if case .failure(let error) = try client.call("catalog.apply", SmallOffice.parameter(files)) {
            throw LoadRun.Unexpected(description: "the catalogue was refused: \(error.message) \(error.hint ?? "")")
        }
    }

    /// - Parameter instant: only cases that were submitted before.
    private func count(_ client: Client, office: String, before instant: JSONValue = .null) throws -> Int {
        let filter = JSONValue.of(["office": .string(office), "submitted_before": instant])
        return Int(try client.call("case.count", .of(["filter": filter])).get()["count"]?.integer ?? 0)
    }

    /// The clocks of some cases, to see that none moves.
    private func sample(_ client: Client) throws -> [JSONValue] {
        try stride(from: 1, to: total, by: max(1, total / 1000)).map { number in
            try client.call("case.get", .of(["case": .string("C-\(number)")])).get()["clocks"]!.array![0]["due"]!
        }
    }

    private func residentMiB(_ daemon: DaemonProcess) -> String {
        let status = (try? String(contentsOfFile: "/proc/\(daemon.processID)/status", encoding: .utf8)) ?? ""
        func value(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
            return (Int(line.split(whereSeparator: { !$0.isNumber }).first ?? "0") ?? 0) / 1024
        }
        return "\(value("VmRSS:")) (at most \(value("VmHWM:")))"
    }
}
