import ChildProcesses
import Dispatch
import Foundation

/// Runs one of the built programs, or any other, to its end: a daemon that should have refused to start, and did not, is killed, so that
/// a test fails and does not stand still.
package struct Program {
    package let status: Int32
    package let output: String
    package let errors: String

    /// In seconds. Nothing that a test runs takes nearly so long.
    private static let limit = 300.0

    /// - Parameter name: a program of this build, or an absolute path.
    package init(_ name: String, _ arguments: [String] = [], environment: [String: String] = [:], input: String = "") throws {
        let directory = TemporaryDirectory()
        // Files, so that much output cannot block the program.
        let (inputPath, outputPath, errorPath) = ("\(directory.path)/in", "\(directory.path)/out", "\(directory.path)/err")
        try Data(input.utf8).write(to: URL(fileURLWithPath: inputPath))
        let child = try ChildProcess(
            name.hasPrefix("/") ? name : "\(DaemonProcess.programs)/\(name)", arguments, environment: environment, input: .file(inputPath),
            output: .file(outputPath), errors: .file(errorPath))
        let processID = child.processID
        let end = DispatchWorkItem { kill(processID, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + Program.limit, execute: end)
        status = child.wait()
        end.cancel()
        output = try String(contentsOfFile: outputPath, encoding: .utf8)
        errors = try String(contentsOfFile: errorPath, encoding: .utf8)
    }
}
