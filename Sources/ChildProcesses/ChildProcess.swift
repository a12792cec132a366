import FoundationEssentials
import Glibc

/// A program that was started, in the process group of this one: what it reads from a terminal and writes there is its own business. One whose
/// time is limited has a group of its own, with which it ends.
///
/// Foundation's `Process` puts a child into a group of its own, where a pager or an editor is stopped at its first look at the
/// terminal; and it learns of an end through a descriptor that a child started at the same moment can inherit, and then waits for
/// ever.
package final class ChildProcess {
    /// Where a stream of the child comes from, or goes.
    package enum Stream {
        /// This program's own.
        case inherited
        case nothing
        /// A file by its path: made anew for output, added to for errors.
        case file(String)
        case descriptor(Int32)
    }

    package struct Failed: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    package let processID: Int32
    /// Whether it leads a process group of its own.
    private let isGroup: Bool
    private var status: Int32?

    /// - Parameters:
    ///   - path: the program's file.
    ///   - environment: what it finds besides this program's own.
    ///   - inOwnGroup: whether signals are for all that it starts.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: Stream = .nothing, output: Stream = .nothing,
        errors: Stream = .nothing, inOwnGroup: Bool = false
    ) throws(Failed) {
        // What comes behind it would be cut off in silence.
        guard !(arguments + environment.values).contains(where: { $0.utf8.contains(0) }) else {
            throw Failed(description: "\(path) cannot be given a text with U+0000")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (stream, number, flags) in [
            (input, Int32(0), O_RDONLY), (output, 1, O_WRONLY | O_CREAT | O_TRUNC), (errors, 2, O_WRONLY | O_CREAT | O_APPEND),
        ] {
            switch stream {
            case .inherited: break
            case .nothing: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", flags & ~O_CREAT, 0)
            case .file(let path): posix_spawn_file_actions_addopen(&actions, number, path, flags, 0o600)
            case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
            }
        }
        // No signal is blocked or ignored in the child.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let group = inOwnGroup ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))

        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for word in words + settings { free(word) } }
        var child: Int32 = 0
        let failure = posix_spawn(&child, path, &actions, &attributes, &words, &settings)
        guard failure == 0 else { throw Failed(description: "\(path) cannot be started: \(String(cString: strerror(failure)))") }
        (processID, isGroup) = (child, inOwnGroup)
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

    /// Waits for the end, and kills who has not ended after so many seconds (nil for any time), or once nobody wants to wait any more. Nil for that.
    package func wait(seconds: Int?, unless isUnwanted: () -> Bool = { false }) -> Int32? {
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        var pause: UInt32 = 500
        while isRunning {
            guard end.map({ ContinuousClock.now < $0 }) ?? true, !isUnwanted() else {
                send(SIGKILL)
                wait()
                return nil
            }
            usleep(pause)
            pause = min(2 * pause, 50_000)
        }
        return wait()
    }

    package func send(_ signal: Int32) {
        if isRunning { kill(isGroup ? -processID : processID, signal) }
    }

    /// Kills what is left of its group once it has ended itself.
    package func killGroup() {
        if isGroup { kill(-processID, SIGKILL) }
    }

    private func reap(_ options: Int32) {
        guard status == nil else { return }
        var word: Int32 = 0
        let found = waitpid(processID, &word, options)
        // Somebody else has waited for it, or nobody can: how it ended is not to be had.
        if found < 0, errno == ECHILD { status = 127 }
        guard found == processID else { return }
        status = word & 0x7F == 0 ? word >> 8 & 0xFF : -(word & 0x7F)
    }

    deinit {
        send(SIGKILL)
        wait()
    }
}
