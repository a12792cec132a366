import Dispatch
import Glibc
import Synchronization

/// The terminal's other screen, without echo, for as long as it is used. Whatever ends or stops the program, the terminal is as it was before:
/// Ctrl-Z gives it back and `fg` takes it again, SIGTERM and SIGHUP give it back and end.
final class FullScreen {
    private let state = State()
    private var sources: [any DispatchSourceSignal] = []

    init() {
        let state = state
        state.take()
        let queue = DispatchQueue(label: "terminal")
        for number in [SIGINT, SIGTSTP, SIGWINCH, SIGTERM, SIGHUP, SIGQUIT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { @Sendable in state.heard(number) }
            source.resume()
            sources.append(source)
        }
    }

    func end() {
        state.give()
        for source in sources { source.cancel() }
        sources = []
    }

    /// Whether somebody wants to end, by Ctrl-C.
    var isToEnd: Bool {
        state.hasEnded.withLock { $0 }
    }

    /// Draws over what is there, so that nothing flickers.
    func draw(_ lines: [String]) {
        state.write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    }

    /// What was typed within so many milliseconds, as bytes; empty where nothing was, or where the screen has to be drawn anew; nil where the
    /// terminal has gone.
    func typed(within milliseconds: Int64) -> [UInt8]? {
        var left = milliseconds
        while left > 0 {
            let isStale = state.isStale.withLock { stale in
                defer { stale = false }
                return stale
            }
            if isToEnd || isStale { return [] }
            let part = min(left, 100)
            left -= part
            var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            guard poll(&input, 1, Int32(part)) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(0, &bytes, bytes.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return nil }
            return Array(bytes.prefix(count))
        }
        return []
    }

    /// What signals find, on a thread of their own.
    private final class State: Sendable {
        let hasEnded = Mutex(false)
        let isStale = Mutex(false)
        private let terminal = Mutex((before: termios(), isTaken: false))

        func heard(_ number: Int32) {
            switch number {
            case SIGINT: hasEnded.withLock { $0 = true }
            case SIGTSTP: stop()
            case SIGWINCH: isStale.withLock { $0 = true }
            default: die(of: number)
            }
        }

        func take() {
            terminal.withLock { State.take(&$0.before, &$0.isTaken) }
        }

        func give() {
            terminal.withLock { State.give(&$0.before, &$0.isTaken) }
        }

        func write(_ text: String) {
            terminal.withLock { if $0.isTaken { State.write(text) } }
        }

        /// Gives the terminal back, stops as a job does, and takes it again when the job goes on in front.
        func stop() {
            terminal.withLock { terminal in
                State.give(&terminal.before, &terminal.isTaken)
                // To this thread, so that it does nothing more before the process stands still.
                pthread_kill(pthread_self(), SIGSTOP)
                State.take(&terminal.before, &terminal.isTaken)
            }
            isStale.withLock { $0 = true }
        }

        /// Ends by the signal, so that whoever started the program sees why. Nothing is drawn any more.
        func die(of number: Int32) {
            terminal.withLock { terminal in
                State.give(&terminal.before, &terminal.isTaken)
                var set = sigset_t()
                sigemptyset(&set)
                sigaddset(&set, number)
                pthread_sigmask(SIG_UNBLOCK, &set, nil)
                // Dispatch puts its own handler back for as long as a source listens, also between these two.
                while true {
                    signal(number, SIG_DFL)
                    kill(getpid(), number)
                    usleep(1000)
                }
            }
        }

        private static func take(_ before: inout termios, _ isTaken: inout Bool) {
            guard !isTaken else { return }
            tcgetattr(0, &before)
            var raw = before
            raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
            // Where the job goes on behind, this stops it until it is in front.
            tcsetattr(0, TCSANOW, &raw)
            write("\u{1B}[?1049h\u{1B}[?25l")
            isTaken = true
        }

        private static func give(_ before: inout termios, _ isTaken: inout Bool) {
            guard isTaken else { return }
            write("\u{1B}[?25h\u{1B}[?1049l")
            tcsetattr(0, TCSANOW, &before)
            isTaken = false
        }

        private static func write(_ text: String) {
            StandardOutput.write(text)
            StandardOutput.flush()
        }
    }
}
