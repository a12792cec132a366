import Foundation

/// Runs one of the built programs, or any other, to its end.
package struct Program {
    package let status: Int32
    package let output: String
    package let errors: String

    /// - Parameter name: a program of this build, or an absolute path.
    package init(_ name: String, _ arguments: [String] = [], environment: [String: String] = [:], input: String = "") throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: name.hasPrefix("/") ? name : "\(DaemonProcess.programs)/\(name)")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let directory = TemporaryDirectory()
        // Files, so that much output cannot block the program.
        let paths = ["in", "out", "err"].map { "\(directory.path)/\($0)" }
        try Data(input.utf8).write(to: URL(fileURLWithPath: paths[0]))
        for path in paths[1...] where !FileManager.default.createFile(atPath: path, contents: nil) {
            throw DaemonProcess.Failed(description: "\(path) cannot be made")
        }
        process.standardInput = FileHandle(forReadingAtPath: paths[0])
        process.standardOutput = FileHandle(forWritingAtPath: paths[1])
        process.standardError = FileHandle(forWritingAtPath: paths[2])
        try process.run()
        process.waitUntilExit()
        status = process.terminationStatus
        output = try String(contentsOfFile: paths[1], encoding: .utf8)
        errors = try String(contentsOfFile: paths[2], encoding: .utf8)
    }
}
