import ChildProcesses
import Foundation

/// Runs one of the built programs, or any other, to its end.
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
        status = child.wait()
        output = try String(contentsOfFile: outputPath, encoding: .utf8)
        errors = try String(contentsOfFile: errorPath, encoding: .utf8)
    }
}
