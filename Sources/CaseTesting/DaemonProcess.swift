import CaseClient
import CaseWire
import ChildProcesses
import Foundation

/// A real `cased`, as a process of its own, from the build that this program belongs to.
package final class DaemonProcess {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    package let socket: String
    private let process: ChildProcess
    private let logPath: String
    /// Where it says that all is well; nil where nobody asked for that.
    private let notify: NotifySocket?
    /// Stays as long as the daemon does.
    private let directory: TemporaryDirectory

    /// The folder in which the built programs lie.
    package static let programs: String = {
        // Tests run inside a bundle, or a runner of the toolchain that has loaded it; programs run as themselves.
        let places = CommandLine.arguments + [Bundle.main.executablePath ?? ""]
        for place in places {
            var folder = URL(fileURLWithPath: place).resolvingSymlinksInPath().deletingLastPathComponent()
            for _ in 0..<3 {
                if FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("cased").path) { return folder.path }
                folder.deleteLastPathComponent()
            }
        }
        preconditionFailure("the program cased is not where this one was built: build the whole package first")
    }()

    /// Starts a daemon and waits until it is ready.
    ///
    /// - Parameters:
    ///   - state: its state directory; by default one in the folder.
    ///   - database: how the database is named that keeps its store; nil where a state directory does.
    ///   - watchdogMicroseconds: within how long it is to say that all is well, see `watchdogPings`.
    ///   - isTraining: whether a store that is made is one in which one user plays everybody; a manual clock implies it.
    /// - Throws: `Failed` with what it logged where it ends before that.
    package init(
        in directory: TemporaryDirectory, state: String? = nil, database: String? = nil, manualClock: String? = nil,
        isTraining: Bool = true,
        arguments: [String] = [], environment: [String: String] = [:], watchdogMicroseconds: Int? = nil
    ) throws {
        self.directory = directory
        let folder = directory.path
        socket = "\(folder)/cased.sock"
        logPath = "\(folder)/cased.log"
        let isNew = !FileManager.default.fileExists(atPath: "\(state ?? "\(folder)/state")/cased.sqlite")
        let place = database.map { ["--store", $0] } ?? ["--state-directory", state ?? "\(folder)/state"]
        // It says READY=1 here, as it would to systemd.
        let notify = try NotifySocket("\(folder)/notify.sock")
        self.notify = watchdogMicroseconds == nil ? nil : notify
        let watchdog = watchdogMicroseconds.map { ["WATCHDOG_USEC": "\($0)"] } ?? [:]
        process = try ChildProcess(
            DaemonProcess.programs + "/cased",
            place + ["--socket", socket] + (manualClock.map { ["--manual-clock", $0] } ?? [])
                + (isTraining && isNew ? ["--training"] : [])
                + arguments,
            environment: environment.merging(["NOTIFY_SOCKET": notify.path]) { $1 }.merging(watchdog) { $1 }, errors: .file(logPath))
        while true {
            if let message = notify.receive(milliseconds: 200) {
                if message.contains("READY=1") { return }
            } else if !process.isRunning {
                throw Failed(description: "cased ended with \(process.waitOrKill()): \(log)")
            }
        }
    }

    package var log: String {
        (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
    }

    /// How often it has said that all is well since this was last asked. Whoever asked for that asks often: what nobody takes holds it up.
    package func watchdogPings() -> Int {
        var count = 0
        while let message = notify?.receive(milliseconds: 0) { if message.contains("WATCHDOG=1") { count += 1 } }
        return count
    }

    package var processID: Int32 {
        process.processID
    }

    /// How long a test waits for an answer, in milliseconds, before it fails and does not stand still. Nothing takes nearly so long.
    package static let patience = 300_000

    /// A client that stops at any answer that the published description does not know.
    package func client() throws -> Client {
        let client = try Client(path: socket)
        client.setTimeout(milliseconds: DaemonProcess.patience)
        client.observer = { name, reply in
            let ofResult = reply["result"].flatMap { result in Method(rawValue: name)?.description.result.difference(result) }
            guard let difference = ofResult ?? Transcript.undescribed(reply) else { return }
            preconditionFailure("\(name) answered what protocol/openrpc.json does not describe: \(difference)")
        }
        return client
    }

    /// Stops it as systemd does, and returns its exit code.
    @discardableResult
    package func terminate() -> Int32 {
        process.send(SIGTERM)
        return process.waitOrKill()
    }

    package func send(_ signal: Int32) {
        process.send(signal)
    }

    /// Waits until it ends by itself, and returns its exit code.
    package func wait() -> Int32 {
        process.waitOrKill()
    }

    /// Ends it as a power cut does.
    package func kill() {
        process.send(SIGKILL)
        process.waitOrKill()
    }
}
