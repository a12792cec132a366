import ChildProcesses
import Dispatch
import Foundation

/// Runs one of the built programs, or any other, to its end: see `waitOrKill`.
package struct Program {
    package let status: Int32
    package let output: String
    package let errors: String

    /// - Parameter name: a program of this build, or an absolute path.
    package init(_ name: String, _ arguments: [String] = [], environment: [String: String] = [:], input: String = "") throws {
        let directory = TemporaryDirectory()
        // Files, so that much output cannot block the program.
        let (inputPath, outputPath, errorPath) = ("\(directory.path)/in", "\(directory.path)/out", "\(directory.path)/err")
        try Data(input.utf8).write(to: URL(fileURLWithPath: inputPath))
        let child = try ChildProcess(
            name.hasPrefix("/") ? name : "\(DaemonProcess.programs)/\(name)", arguments, environment: environment, input: .file(inputPath),
            output: .file(outputPath), errors: .file(errorPath))
        status = child.waitOrKill()
        output = try String(contentsOfFile: outputPath, encoding: .utf8)
        errors = try String(contentsOfFile: errorPath, encoding: .utf8)
    }
}

extension ChildProcess {
    /// In seconds. Nothing that a test runs takes nearly so long to end.
    private static let limit = 300.0

    /// Waits for its end, and returns its exit code; one that does not end is killed, so that a test fails and does not stand still.
    @discardableResult
    package func waitOrKill() -> Int32 {
        let processID = processID
        let end = DispatchWorkItem { kill(processID, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + ChildProcess.limit, execute: end)
        defer { end.cancel() }
        return wait()
    }
}
