import CaseTesting
import ChildProcesses
import Foundation

/// A well-known work queue, which makes each job durable by itself, with the same payloads over the same kind of socket.
enum Beanstalkd {
    private static let program = "/usr/bin/beanstalkd"

    /// - Returns: nil where Debian's beanstalkd is not installed.
    static func run(_ count: Int, connections: Int, window: Int) throws -> LoadRun.Result? {
        guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
        let directory = TemporaryDirectory()
        let socket = "\(directory.path)/queue"
        // Each write of its log is synchronised before the reply.
        let process = try ChildProcess(
            program, ["-f", "0", "-b", directory.path, "-l", "unix:\(socket)"], errors: .file("\(directory.path)/errors"))
        defer {
            process.send(SIGTERM)
            _ = process.wait()
        }
        let end = Date(timeIntervalSinceNow: 10)
        while !FileManager.default.fileExists(atPath: socket) {
            guard process.isRunning, Date() < end else { throw LoadRun.Unexpected(description: "beanstalkd does not start") }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return try LoadRun(socket: socket, connections: connections, window: window).put(count)
    }
}
