import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import casectl

/// The live screen, as a value and on a terminal.
@Suite("The live screen")
struct TopTests {
    private let directory = TemporaryDirectory()

    private func office() throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for number in 0..<40 { _ = try client.call("case.submit", SmallOffice.submission("Warehouse \(number)")).get() }
        _ = try client.call("case.accept", .of(["case": "C-3", "acting": "otto"])).get()
        return daemon
    }

    /// Runs `casectl top` on a terminal of 24 rows and 80 columns, and does what a script says with it.
    private func run(_ steps: String, _ daemon: DaemonProcess) throws -> Program {
        let script = """
            import fcntl, os, pty, re, select, signal, struct, sys, termios, time
            child, terminal = pty.fork()
            if child == 0:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
                os.execvp(sys.argv[1], sys.argv[1:])
            seen = b""
            before = None
            def until(*texts):
                global seen
                end = time.monotonic() + 60
                while not all(text.encode() in seen for text in texts):
                    if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
                        os.kill(child, 9)
                        sys.exit("not seen: " + repr(texts) + " in " + repr(seen[-3000:]))
                    try:
                        part = os.read(terminal, 65536)
                    except OSError:
                        part = b""
                    if not part:
                        sys.exit("ended before " + repr(texts) + " in " + repr(seen[-1500:]))
                    seen += part
            def key(text):
                global seen
                seen = b""
                os.write(terminal, text.encode())
            def cooked():
                return bool(termios.tcgetattr(terminal)[3] & termios.ICANON) and bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
            def drain():
                global seen
                while True:
                    try:
                        part = os.read(terminal, 65536)
                    except OSError:
                        part = b""
                    if not part:
                        return
                    seen += part
            def check(holds, what):
                if not holds:
                    os.kill(child, 9)
                    sys.exit(what + ": " + repr(seen[-800:]))
            \(steps)
            """
        return try Program(
            "/usr/bin/env", ["python3", "-c", script, "\(DaemonProcess.programs)/casectl", "top"],
            environment: ["CASED_SOCKET": daemon.socket, "TERM": "xterm"])
    }

    @Test("Ctrl-Z gives the terminal back and fg takes it again; SIGTERM and SIGHUP give it back and end by the signal")
    func signals() throws {
        let daemon = try office()
        for number in ["SIGTERM", "SIGHUP", "SIGQUIT"] {
            let program = try run(
                """
                until("?1049h", "q quit")
                check(not cooked(), "keys are read one by one")
                key("\\x1a")
                until("?25h", "?1049l")
                check(os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1]), "it stops")
                check(cooked(), "the shell has its terminal")
                seen = b""
                os.kill(child, signal.SIGCONT)
                until("?1049h", "?25l", "q quit")
                check(not cooked(), "and loses it again")
                seen = b""
                os.kill(child, signal.\(number))
                until("?25h", "?1049l")
                drain()
                status = os.waitpid(child, 0)[1]
                check(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.\(number), "it ends by the signal")
                """, daemon)
            #expect(program.status == 0, "\(number): \(program.errors)")
        }
    }

    @Test("Keys order, turn round, filter, stand still, help and end, and a footer says so")
    func keys() throws {
        let daemon = try office()
        let program = try run(
            """
            until("?1049h", "sort: due", "C-1 ")
            key("s"); until("sort: left")
            key("s"); until("sort: case")
            key("r"); until("sort: -case", "C-40 ")
            key("r"); until("sort: case", "C-2 ")
            key("/in-review\\r"); until("filter: in-review", "C-3 ")
            check(b"C-2 " not in seen.split(b"filter: in-review")[-2].split(b"\\x1b[H")[-1], "only what is in review")
            key("f"); until("/in-review_")
            key("\\x1b"); until("filter: in-review")
            key("\\x1b"); until("C-2 ")
            key("f"); until("/_")
            key("nosuch\\r"); until("no case is meant by nosuch")
            key("\\x1b"); until("C-2 ")
            key(" "); until("paused")
            key(" "); until("sort: case")
            key("?"); until("any key goes back", "Ctrl-Z")
            key("x"); until("sort: case")
            key("jj\\x1b[Bk"); until("sort: case")
            key("q"); until("?25h", "?1049l")
            drain()
            check(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "it ends well")
            """, daemon)
        #expect(program.status == 0, "\(program.errors)")
    }

    @Test("A key changes what it says it does, and nothing else")
    func view() {
        var view = TopView()
        view.press(.up, pageSize: 5)
        #expect(view.place == 0)
        view.press(.down, pageSize: 5)
        view.press(.pageDown, pageSize: 5)
        #expect(view.place == 6)
        view.bound(to: 3)
        #expect(view.place == 2)
        for key in TopView.Key.keys(Array("/mine granted wa\u{7F}x\r".utf8)) { view.press(key, pageSize: 5) }
        #expect(view.filter == "mine granted wx" && view.place == 0 && view.parameters.map(\.name) == ["mine", "state"])
        #expect(TopView.Key.keys(Array("\u{1B}[A\u{1B}OBé\u{1B}".utf8)) == [.up, .down, .character("é"), .escape])
        for _ in TopView.Order.allCases { view.press(.character("s"), pageSize: 5) }
        #expect(view.order == .due)
        view.press(.character("?"), pageSize: 5)
        view.press(.character("s"), pageSize: 5)
        #expect(view.mode == .looking && view.order == .due, "a key that ends the help does nothing else")
        view.press(.character("q"), pageSize: 5)
        #expect(view.hasEnded)
    }
}
