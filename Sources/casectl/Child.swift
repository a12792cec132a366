import ChildProcesses
import FoundationEssentials
import Glibc

/// Programs that casectl runs for a person: a pager, an editor, a command for each event. They have the terminal while they run.
enum Child {
    /// Runs a command by sh and waits for its end.
    ///
    /// As with system(3), Ctrl-C and Ctrl-\ are the child's while it runs.
    ///
    /// - Parameters:
    ///   - arguments: what the command finds as `$1` and so on.
    ///   - input: what it reads; nil for what this program would read.
    ///   - patience: in seconds; who has not ended by then is killed. Nil for no such limit.
    /// - Returns: its exit code; that of a shell where a signal ended it; `timeout` where it did not end in time.
    static func run(
        _ command: String, _ arguments: [String] = [], environment: [String: String] = [:], input: [UInt8]? = nil, patience: Int? = nil
    ) throws(ChildProcess.Failed) -> Int32 {
        StandardOutput.flush()
        // A parent that ignores the end of children would let nobody wait for one, and what this program ignores is nothing of the child.
        let before = [SIGINT, SIGQUIT].map { ($0, signal($0, SIG_IGN)) } + [SIGCHLD, SIGXFSZ].map { ($0, signal($0, SIG_DFL)) }
        defer { for (number, action) in before { signal(number, action) } }
        var pipe: (read: Int32, write: Int32)?
        if input != nil {
            var ends: [Int32] = [0, 0]
            guard Glibc.pipe(&ends) == 0 else {
                throw ChildProcess.Failed(description: "no pipe can be made: \(String(cString: strerror(errno)))")
            }
            // Only the end that it reads from is the child's.
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            pipe = (ends[0], ends[1])
        }
        let child: ChildProcess
        do throws(ChildProcess.Failed) {
            child = try ChildProcess(
                "/bin/sh", ["-c", command, "sh"] + arguments, environment: environment,
                input: pipe.map { .descriptor($0.read) } ?? .inherited, output: .inherited, errors: .inherited)
        } catch {
            if let pipe {
                close(pipe.read)
                close(pipe.write)
            }
            throw error
        }
        if let pipe, let input {
            close(pipe.read)
            write(input, to: pipe.write)
            close(pipe.write)
        }
        guard let status = patience.map({ child.wait(seconds: $0) }) ?? child.wait() else { return timeout }
        return status < 0 ? 128 - status : status
    }

    /// As timeout(1) has it.
    static let timeout: Int32 = 124

    /// A child that has seen enough closes its end, and that is no reason to die.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        _ = writeAll(bytes, to: descriptor)
    }
}
