// What people type, to a daemon that a test has started.
extension DaemonProcess {
    /// Runs casectl to its end, with this daemon's socket.
    package func casectl(_ words: String...) throws -> Program {
        try casectl(words)
    }

    /// - Parameter environment: further variables.
    package func casectl(_ words: [String], environment: [String: String] = [:]) throws -> Program {
        try Program("casectl", words, environment: environment.merging(["CASED_SOCKET": socket]) { $1 })
    }
}
