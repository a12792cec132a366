import Foundation

/// A program that was started, with its streams in files.
///
/// Foundation's `Process` learns of an end through a descriptor that a child started at the same moment can inherit, and
/// then waits for ever; tests start many at once.
package final class ChildProcess {
    package let processID: Int32
    private var status: Int32?

    /// - Parameters:
    ///   - path: the program's file.
    ///   - streams: files for standard input, output and error; `/dev/null` where none is named.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String = "/dev/null",
        output: String = "/dev/null",
        errors: String = "/dev/null"
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // No signal is blocked or ignored in the child.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for word in words + settings { free(word) } }
        var child: Int32 = 0
        let failure = posix_spawn(&child, path, &actions, &attributes, &words, &settings)
        guard failure == 0 else {
            throw DaemonProcess.Failed(description: "\(path) cannot be started: \(String(cString: strerror(failure)))")
        }
        processID = child
    }

    package var isRunning: Bool {
        reap(WNOHANG)
        return status == nil
    }

    /// Waits for the end. The exit code, or minus the number of the signal that ended it.
    @discardableResult
    package func wait() -> Int32 {
        while status == nil { reap(0) }
        return status!
    }

    package func send(_ signal: Int32) {
        if isRunning { kill(processID, signal) }
    }

    private func reap(_ options: Int32) {
        guard status == nil else { return }
        var word: Int32 = 0
        guard waitpid(processID, &word, options) == processID else { return }
        status = word & 0x7F == 0 ? word >> 8 & 0xFF : -(word & 0x7F)
    }

    deinit {
        send(SIGKILL)
        wait()
    }
}
