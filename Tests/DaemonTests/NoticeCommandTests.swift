import CaseClient
import CaseCore
import CaseTesting
import CaseWire
import ChildProcesses
import Foundation
import Testing

/// Notices as people read them, and as they are handed over.
@Suite("Notices by casectl")
struct NoticeCommandTests {
    private let directory = TemporaryDirectory()
    private static let start = "2026-02-06T01:00:00Z"

    private func office(_ files: [String: String] = SmallOffice.files()) throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: Self.start)
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        return daemon
    }

    /// Submits a case and brings it before the leader: lena is told, and so is the applicant.
    private func recommend(_ title: String, at daemon: DaemonProcess) throws {
        let client = try daemon.client()
        let file = try client.call("case.submit", SmallOffice.submission(title)).get()["case"]!
        _ = try client.call("case.accept", .of(["case": file, "acting": "otto"])).get()
        let given: JSONValue = .of(["case": file, "recommendation": "grant", "opinion": "fine", "acting": "otto"])
        _ = try client.call("case.recommend", given).get()
    }

    private func casectl(_ arguments: [String], at daemon: DaemonProcess) throws -> Program {
        try Program("casectl", arguments, environment: ["CASED_SOCKET": daemon.socket, "OUT": directory.path])
    }

    private func notices(_ arguments: String..., at daemon: DaemonProcess) throws -> Program {
        try casectl(["notices"] + arguments, at: daemon)
    }

    private func advance(to instant: String, _ daemon: DaemonProcess) throws {
        _ = try daemon.client().call("clock.advance", .of(["to": .string(instant)])).get()
    }

    // MARK: To read and to take

    @Test("What is new to somebody says what happened, what is to be done and since when; once it is taken it is new no more")
    func reading() throws {
        let daemon = try office()
        for title in ["Old", "New"] { try recommend(title, at: daemon) }
        let table = try notices("--mine", "--untaken", "--as", "lena", at: daemon)
        let rows = table.output.split(separator: "\n")
        #expect(table.status == 0 && rows.count == 3, "\(table.output)\(table.errors)")
        #expect(rows[0].contains("WHAT") && rows[0].contains("TO DO") && rows[0].contains("AT") && rows[0].hasSuffix("TITLE"))
        #expect(rows[1].hasSuffix("New") && rows[2].hasSuffix("Old"), "the newest comes first")
        #expect(rows[1].contains("C-2") && rows[1].contains("the case is ready for a decision") && rows[1].contains("decide (lena)"))
        let seqs = try notices("--mine", "--as", "lena", "-o", "csv", "--columns", "seq", at: daemon).output
            .split(whereSeparator: \.isNewline).dropFirst().map(String.init)
        let taken = try notices("take", seqs[0], "--as", "lena", at: daemon)
        #expect(taken.status == 0 && taken.output.contains("\(seqs[0])  taken by lena at 2026-02-06T01:00:00Z"), "\(taken.errors)")
        #expect(try notices("take", seqs[0], "--as", "lena", at: daemon).output == taken.output)
        let others = try notices("take", seqs[1], "--as", "otto", at: daemon)
        #expect(others.status == 66 && others.errors.contains("no notice \(seqs[1]) to you"), "\(others.errors)")
        #expect(try notices("--mine", "--untaken", "--as", "lena", "--json=seq", at: daemon).output == "[{\"seq\":\(seqs[1])}]\n")
        #expect(try notices("take", "--all", "--as", "lena", at: daemon).output.hasPrefix("\(seqs[1])  taken by lena"))
        #expect(try notices("take", "--all", "--as", "lena", at: daemon).output == "There is nothing to be taken.\n")
        #expect(try notices("--mine", "--as", "lena", "-o", "jsonl", at: daemon).output.split(separator: "\n").count == 2)
        for wrong in [["take"], ["take", "1", "--all"], ["take", "x"]] {
            #expect(try casectl(["notices"] + wrong, at: daemon).status == 64, "\(wrong)")
        }
        daemon.terminate()
    }

    @Test("All that is new is taken over many pages, and what comes meanwhile is not")
    func takingAll() throws {
        let daemon = try office()
        for number in 0..<25 { try recommend("Case \(number)", at: daemon) }
        let taken = try notices("take", "--all", "--as", "lena", at: daemon)
        #expect(taken.status == 0 && taken.output == "25 notices are taken.\n", "\(taken.output)\(taken.errors)")
        try recommend("Later", at: daemon)
        #expect(try notices("--mine", "--untaken", "--as", "lena", "-o", "jsonl", at: daemon).output.split(separator: "\n").count == 1)
        daemon.terminate()
    }

    @Test("A day in --since begins where the calendar lies, an instant is one; what is neither is refused")
    func since() throws {
        let daemon = try office()
        // 23:59 on the 6th in Shanghai, and midnight.
        for (instant, title) in [("2026-02-06T15:59:59Z", "Friday"), ("2026-02-06T16:00:00Z", "Saturday")] {
            try advance(to: instant, daemon)
            try recommend(title, at: daemon)
        }
        for (since, titles) in [
            ("2026-02-06", "Saturday\r\nFriday\r\n"), ("2026-02-07", "Saturday\r\n"), ("2026-02-06T15:59:59Z", "Saturday\r\nFriday\r\n"),
            ("2026-02-06T16:00:00Z", "Saturday\r\n"), ("2026-02-08", ""),
        ] {
            let found = try notices("--mine", "--as", "lena", "--since", since, "-o", "csv", "--columns", "title", at: daemon)
            #expect(found.output == "title\r\n\(titles)", "\(since): \(found.output)\(found.errors)")
        }
        let wrong = try notices("--since", "someday", at: daemon)
        #expect(wrong.status == 64 && wrong.errors.contains("--since someday is no day and no instant"), "\(wrong.errors)")
        daemon.terminate()
    }

    @Test("Somebody whom nobody knows is no empty answer: it is said, with the nearest name")
    func names() throws {
        let daemon = try office()
        try recommend("Warehouse", at: daemon)
        for option in ["--person", "--recipient"] {
            for (name, likely) in [("lenaa", "lena"), ("comissioner", "commissioner")] {
                let wrong = try notices(option, name, at: daemon)
                #expect(wrong.status == 66 && wrong.errors.contains("did you mean \(likely)?"), "\(wrong.errors)")
                #expect(wrong.output.isEmpty)
            }
            // Known, and told nothing; an applicant is not in the catalogue.
            for name in ["bela", "officer", "91230100MA", "office permits", "applicant:91230100MA", "applicant:92350200XK/77"] {
                let known = try notices(option, name, at: daemon)
                #expect(known.status == 0 && known.errors.isEmpty, "\(name): \(known.errors)")
            }
            let rows = try notices(option, "applicant:91230100MA", "-o", "jsonl", at: daemon).output.split(separator: "\n")
            #expect(rows.count == 1, "as the file of addresses writes it")
            let applicant = try notices(option, "92350200XK/77", at: daemon)
            #expect(applicant.status == 0 && applicant.errors.contains("no person or post 92350200XK/77"), "\(applicant.errors)")
        }
        daemon.terminate()
    }

    // MARK: To hand over

    private var place: String { "\(directory.path)/place" }

    private func deliver(_ arguments: [String], at daemon: DaemonProcess) throws -> Program {
        try casectl(["notices", "deliver", "--cursor-file", place] + arguments, at: daemon)
    }

    /// Runs a command for each notice; what it wrote to `$OUT/told` is read and removed.
    private func told(by command: String, _ arguments: String..., at daemon: DaemonProcess) throws -> (lines: [String], Program) {
        let program = try deliver(["--exec", command] + arguments, at: daemon)
        let path = "\(directory.path)/told"
        let lines = ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
        try? FileManager.default.removeItem(atPath: path)
        return (lines, program)
    }

    /// Notes the recipient and the title.
    private static let note = #"printf '%s %s\n' "$CASED_RECIPIENT" "$CASED_TITLE" >> "$OUT/told""#

    @Test("A first run begins with what comes after it, or with all there is; each notice is handed over once where nothing fails")
    func beginning() throws {
        let daemon = try office()
        try recommend("Early", at: daemon)
        let first = try told(by: Self.note, at: daemon)
        #expect(first.1.status == 0 && first.lines.isEmpty && first.1.output.isEmpty, "\(first.1.errors)")
        try recommend("Later", at: daemon)
        let second = try told(by: Self.note, at: daemon)
        #expect(second.lines == ["91230100MA Later", "lena Later"] && second.1.output.hasPrefix("2 handed over, 0 given up"))
        #expect(try told(by: Self.note, at: daemon).lines.isEmpty)
        try FileManager.default.removeItem(atPath: place)
        let all = try told(by: Self.note, "--from", "start", at: daemon)
        #expect(all.lines.suffix(4) == ["91230100MA Early", "lena Early", "91230100MA Later", "lena Later"], "\(all.lines)")
        #expect(all.lines.dropLast(4).allSatisfy { ["cora ", "ada "].contains($0) }, "the server's own come first")
        daemon.terminate()
    }

    @Test(
        "Wherever a run is killed after a hand-over, the next one repeats that notice and goes on: none is lost, and none comes out of its order"
    )
    func kill() throws {
        let daemon = try office()
        _ = try told(by: Self.note, at: daemon)
        for number in 1...3 { try recommend("Case \(number)", at: daemon) }
        let all = (1...3).flatMap { ["91230100MA Case \($0)", "lena Case \($0)"] }
        let before = try String(contentsOfFile: place, encoding: .utf8)
        for count in 1...all.count {
            try before.write(toFile: place, atomically: true, encoding: .utf8)
            // Whoever is told last ends its parent, after it was told.
            let deadly = Self.note + #"; if [ "$(wc -l < "$OUT/told")" = \#(count) ]; then kill -9 $PPID; fi"#
            let cut = try told(by: deadly, at: daemon)
            #expect(cut.1.status != 0 && cut.lines == Array(all.prefix(count)), "\(count): \(cut.lines)")
            let rest = try told(by: Self.note, at: daemon)
            #expect(rest.1.status == 0 && rest.lines == Array(all.dropFirst(count - 1)), "\(count): \(rest.lines) \(rest.1.errors)")
        }
        daemon.terminate()
    }

    @Test(
        "Who cannot be told holds up nobody else; they are tried again, later and later, in their order, and are given up after their time")
    func failing() throws {
        let daemon = try office()
        let failing = Self.note + #"; test "$CASED_RECIPIENT" != lena"#
        _ = try told(by: failing, at: daemon)
        try recommend("One", at: daemon)
        let first = try told(by: failing, at: daemon)
        #expect(first.lines == ["91230100MA One", "lena One"] && first.1.status == 0, "\(first.1.errors)")
        #expect(first.1.errors.contains("to lena is tried again later: it ended with 1"), "\(first.1.errors)")
        try recommend("Two", at: daemon)
        // What is new to her waits behind what failed, and nobody else does.
        #expect(try told(by: failing, at: daemon).lines == ["91230100MA Two"])
        for (minute, isTried) in [(1, true), (2, false), (3, true), (6, false), (7, true)] {
            try advance(to: "2026-02-06T01:0\(minute):00Z", daemon)
            #expect(try told(by: failing, at: daemon).lines == (isTried ? ["lena One"] : []), "minute \(minute)")
        }
        // The way is mended: all comes, in its order.
        try advance(to: "2026-02-06T02:00:00Z", daemon)
        let mended = try told(by: Self.note, at: daemon)
        #expect(mended.lines == ["lena One", "lena Two"] && mended.1.output.hasPrefix("2 handed over, 0 given up, 0 recipients"))
        // It is broken for longer than is tried.
        try recommend("Three", at: daemon)
        _ = try told(by: failing, at: daemon)
        try advance(to: "2026-02-07T02:00:00Z", daemon)
        try recommend("Four", at: daemon)
        #expect(try told(by: failing, at: daemon).1.status == 0)
        try advance(to: "2026-02-09T02:00:00Z", daemon)
        let over = try told(by: failing, at: daemon)
        #expect(over.1.status == 1 && over.1.errors.contains("to lena is given up: it ended with 1"), "\(over.1.errors)")
        #expect(over.lines.filter { $0.hasPrefix("lena ") } == ["lena Three"])
        #expect(try notices("--mine", "--untaken", "--as", "lena", "-o", "jsonl", at: daemon).output.split(separator: "\n").count == 4)
        try advance(to: "2026-02-09T05:00:00Z", daemon)
        #expect(try told(by: Self.note, at: daemon).lines.filter { $0.hasPrefix("lena ") } == ["lena Four"])
        daemon.terminate()
    }

    @Test("Where the command cannot be run, or the place cannot be kept, nothing is passed over")
    func unusable() throws {
        let daemon = try office()
        _ = try told(by: Self.note, at: daemon)
        try recommend("One", at: daemon)
        let before = try String(contentsOfFile: place, encoding: .utf8)
        let missing = try told(by: "no-such-command", at: daemon)
        #expect(missing.1.status == 69 && missing.1.errors.contains("cannot be run"), "\(missing.1.errors)")
        #expect(try String(contentsOfFile: place, encoding: .utf8) == before)
        for (arguments, sign) in [
            ([], "either --sendmail or --exec"), (["--exec", "true", "--sendmail", "/x"], "either"), (["--sendmail", "/x"], "--addresses"),
            (["--exec", "true", "--sender", "a b"], "is no address"),
            (["--exec", "true", "--give-up-after", "3 working-days"], "is no length"),
        ] {
            let wrong = try deliver(arguments, at: daemon)
            #expect(wrong.status == 64 && wrong.errors.contains(sign), "\(arguments): \(wrong.errors)")
        }
        let damaged = [("-1", "0", "1"), ("1", "-1", "1"), ("1", "0", "-1"), ("9223372036854775807", "0", "1")].map {
            after, waiting, failures in
            #"{"after":\#(after),"at":null,"waiting":{"lena":{"after":\#(waiting),"failures":\#(failures),"#
                + #""since":"2026-02-06T01:00:00Z","next":"2026-02-06T01:00:00Z"}}}"#
        }
        for text in damaged + ["", "{}", "[1]", #"{"after":1}"#, #"{"after":1,"at":null,"waiting":{"a":{}}}"#] {
            try text.write(toFile: place, atomically: true, encoding: .utf8)
            let damaged = try deliver(["--exec", "true"], at: daemon)
            #expect(damaged.status == 64 && damaged.errors.contains("holds no place of a delivery"), "\(text): \(damaged.errors)")
        }
        // However often something has failed by then, it fails once more.
        try damaged[0].replacing("\"after\":-1", with: "\"after\":999").replacing(
            "\"failures\":1", with: "\"failures\":9223372036854775807"
        )
        .write(toFile: place, atomically: true, encoding: .utf8)
        #expect(try deliver(["--exec", "false"], at: daemon).status == 0)
        try before.write(toFile: place, atomically: true, encoding: .utf8)
        // A second run meanwhile is refused.
        let nested = try told(
            by: #"casectl notices deliver --cursor-file "$OUT/place" --exec true 2> /dev/null; test $? = 75 && echo refused >> "$OUT/told""#
                .replacing("casectl ", with: "'\(DaemonProcess.programs)/casectl' "), at: daemon)
        #expect(nested.lines == ["refused", "refused"] && nested.1.status == 0, "\(nested.1.errors)")
        daemon.terminate()
    }

    /// Whether a process runs whose number a command wrote.
    private func isRunning(_ name: String) throws -> Bool {
        let number = try String(contentsOfFile: "\(directory.path)/\(name)", encoding: .utf8).trimmingCharacters(
            in: .whitespacesAndNewlines)
        guard let state = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else { return false }
        return state.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    @Test(
        "A command that does not end in its time is killed with all that it started, and counts as failed; nobody else waits for it twice")
    func hanging() throws {
        #expect(try ChildProcess("/bin/sleep", ["1000"]).wait(seconds: 0) == nil)
        #expect(try ChildProcess("/bin/sh", ["-c", "exit 7"]).wait(seconds: 300) == 7)
        let daemon = try office()
        _ = try told(by: Self.note, at: daemon)
        try recommend("One", at: daemon)
        let hangs = #"if [ "$CASED_RECIPIENT" = lena ]; then sleep 1000 & echo $! > "$OUT/child"; wait; fi; "# + Self.note
        let late = try told(by: hangs, "--patience", "1", at: daemon)
        #expect(late.lines == ["91230100MA One"] && late.1.status == 0, "\(late.lines) \(late.1.errors)")
        #expect(late.1.errors.contains("to lena is tried again later: it did not end within 1 s"), "\(late.1.errors)")
        #expect(try !isRunning("child"), "what it had started runs on")
        #expect(late.1.output.hasPrefix("1 handed over, 0 given up, 1 recipients"))
        // What is new to others comes before another try.
        try recommend("Two", at: daemon)
        try advance(to: "2026-02-06T01:01:00Z", daemon)
        let order = try told(by: Self.note, at: daemon)
        #expect(order.lines == ["91230100MA Two", "lena One", "lena Two"], "\(order.lines)")
        daemon.terminate()
    }

    @Test(
        "Whoever ends a delivery ends the command too; what was being handed over has not failed, and comes again",
        arguments: [SIGINT, SIGTERM])
    func stopping(_ signal: Int32) throws {
        let daemon = try office()
        _ = try told(by: Self.note, at: daemon)
        try recommend("One", at: daemon)
        let before = try String(contentsOfFile: place, encoding: .utf8)
        let stopping = #"trap '' INT TERM; sleep 1000 & echo $! > "$OUT/child"; kill -\#(signal) $PPID; wait; wait"#
        let stopped = try told(by: stopping, at: daemon)
        #expect(stopped.1.status == 128 + signal, "\(stopped.1.status) \(stopped.1.errors)")
        #expect(stopped.1.errors.contains("the delivery was stopped") && !stopped.1.errors.contains("tried again"), "\(stopped.1.errors)")
        #expect(try String(contentsOfFile: place, encoding: .utf8) == before)
        #expect(try !isRunning("child"))
        #expect(try told(by: Self.note, at: daemon).lines == ["91230100MA One", "lena One"])
        daemon.terminate()
    }

    @Test("An end with 127 for one recipient is theirs alone, and for all it is the command's, for whom nothing has failed")
    func unusableForOne() throws {
        let daemon = try office()
        _ = try told(by: Self.note, at: daemon)
        try recommend("One", at: daemon)
        let one = try told(by: Self.note + #"; test "$CASED_RECIPIENT" = lena || exit 127"#, at: daemon)
        #expect(one.1.status == 0 && one.lines == ["91230100MA One", "lena One"], "\(one.1.errors)")
        #expect(one.1.errors.contains("to applicant:91230100MA is tried again later: it ended with 127"), "\(one.1.errors)")
        try advance(to: "2026-02-06T01:01:00Z", daemon)
        try recommend("Two", at: daemon)
        #expect(try told(by: Self.note, at: daemon).lines == ["lena Two", "91230100MA One", "91230100MA Two"])
        daemon.terminate()
    }

    @Test("Whoever waits for more notices than a page holds gets all of them, in their order")
    func manyWaiting() throws {
        let daemon = try office()
        _ = try told(by: Self.note, at: daemon)
        let count = 205
        for number in 1...count { try recommend("Case \(number)", at: daemon) }
        let failed = try told(by: #"test "$CASED_RECIPIENT" != lena"#, at: daemon)
        #expect(failed.1.status == 0, "\(failed.1.errors)")
        try advance(to: "2026-02-06T01:01:00Z", daemon)
        let all = try told(by: Self.note, at: daemon)
        #expect(all.lines == (1...count).map { "lena Case \($0)" }, "\(all.lines.count)")
        daemon.terminate()
    }

    @Test("The place is in no file that holds something else, by whatever name or link")
    func sameFile() throws {
        let daemon = try office()
        _ = try told(by: Self.note, at: daemon)
        let before = try String(contentsOfFile: place, encoding: .utf8)
        let folder = directory.path
        for (name, target) in [("link", "place"), ("book", "place"), ("ahead", "unmade")] {
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: "\(folder)/\(target)")
        }
        for arguments in [
            ["--output-file", place], ["--output-file", "\(folder)/link"], ["--output-file", "\(folder)/./place"],
            ["--output-file", "\(place).lock"], ["--addresses", "\(folder)/book"],
        ] {
            let refused = try deliver(["--exec", "true"] + arguments, at: daemon)
            #expect(refused.status == 64 && refused.errors.contains("are two files"), "\(arguments): \(refused.errors)")
        }
        #expect(try String(contentsOfFile: place, encoding: .utf8) == before)
        let last = try write("2026-02-01\n", to: "last")
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/report", withDestinationPath: last)
        for arguments in [
            ["sla", "report", "--since-last", last, "--output-file", "\(folder)/report"],
            ["backup", last, "--output-file", "\(folder)/report"],
        ] {
            let refused = try casectl(arguments, at: daemon)
            #expect(refused.status == 64, "\(arguments): \(refused.errors)")
        }
        #expect(try String(contentsOfFile: last, encoding: .utf8) == "2026-02-01\n")
        daemon.terminate()
    }

    @Test("A title is no part of a command, and is cut nowhere")
    func hostileTitle() throws {
        let daemon = try office()
        _ = try told(by: Self.note, at: daemon)
        for title in ["$(touch owned)`touch owned`;touch owned", "a\u{0}b", "-n x"] { try recommend(title, at: daemon) }
        let told = try told(by: #"test "$CASED_RECIPIENT" != lena || printf '%s\n' "$CASED_TITLE" >> "$OUT/told""#, at: daemon)
        #expect(told.lines == ["$(touch owned)`touch owned`;touch owned", #"a\u{0}b"#, "-n x"], "\(told.lines) \(told.1.errors)")
        #expect(!FileManager.default.fileExists(atPath: "owned"))
        daemon.terminate()
    }

    @Test("Whoever has no address is named once, with whom the file may mean; applicants are counted together")
    func withoutAddress() throws {
        let daemon = try office()
        let book = try write("lenaa lena@example.org\n", to: "addresses")
        func run() throws -> Program { try deliver(["--exec", "true", "--addresses", book], at: daemon) }
        _ = try run()
        for title in ["One", "Two"] { try recommend(title, at: daemon) }
        let lines = try run().errors.split(separator: "\n")
        #expect(
            lines == [
                "casectl: lena has no address (--addresses has lenaa): 2 notices passed over",
                "casectl: applicant:91230100MA has no address: 2 notices passed over",
            ], "\(lines)")
        for id in ["91-A", "91-B"] {
            let applicant: JSONValue = .of(["id": .string(id), "name": "Somebody"])
            let members = SmallOffice.submission("Three").members!.map { $0.name == "applicant" ? .init("applicant", applicant) : $0 }
            let file = try daemon.client().call("case.submit", .object(members)).get()["case"]!
            _ = try daemon.client().call("case.accept", .of(["case": file, "acting": "otto"])).get()
        }
        #expect(try run().errors == "casectl: 2 applicants have no address: 2 notices passed over\n")
        daemon.terminate()
    }

    /// A program that takes mails as sendmail does, one file each, and refuses those to whom `$OUT/refused` names.
    private func sendmail() throws -> String {
        let path = "\(directory.path)/sendmail"
        let script = """
            #!/bin/sh
            number=$(ls "$OUT" | grep -c '^mail-')
            printf '%s\\n' "$@" > "$OUT/words-$number"
            cat > "$OUT/mail-$number"
            for address; do :; done
            ! grep -qxF -- "$address" "$OUT/refused" 2> /dev/null
            """
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    /// The mails that were taken, as a mail reader's own parser reads them.
    private func mails() throws -> [JSONValue] {
        let reader = """
            import email, email.policy, glob, json, os, sys
            mails = []
            for number in range(len(glob.glob(sys.argv[1] + "/mail-*"))):
                raw = open(f"{sys.argv[1]}/mail-{number}", "rb").read()
                mail = email.message_from_bytes(raw, policy=email.policy.default)
                assert all(len(line) <= 78 for line in raw.split(b"\\n")), raw
                assert raw.isascii() and b"\\r" not in raw, raw
                mails.append({"names": sorted(mail.keys()), "to": mail["To"], "subject": mail["Subject"], "id": mail["Message-ID"],
                              "language": mail["Content-Language"], "automatic": mail["Auto-Submitted"], "from": mail["From"], "text": mail.get_content(),
                              "words": open(f"{sys.argv[1]}/words-{number}").read().split("\\n")[:-1]})
            print(json.dumps(mails))
            """
        let program = try Program("/usr/bin/python3", ["-c", reader, directory.path])
        #expect(program.status == 0, "\(program.errors)")
        return try JSONReader.read(Array(program.output.utf8)).array ?? []
    }

    private func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: "\(directory.path)/\(name)", atomically: true, encoding: .utf8)
        return "\(directory.path)/\(name)"
    }

    @Test("Mails say in each reader's language what happened and what is to be done; whoever has no address is passed over and named")
    func mail() throws {
        let daemon = try office()
        let program = try sendmail()
        let book = try write(
            "# who is where\n\nlena  lena@example.org  zh   # the leader\napplicant:91230100MA park@example.org\n", to: "addresses")
        func run(_ further: String...) throws -> Program {
            try deliver(["--sendmail", program, "--addresses", book] + further, at: daemon)
        }
        #expect(try run().status == 0)
        try recommend("仓库七号", at: daemon)
        _ = try daemon.client().call("order.open", .of(["case": "C-1", "reason": "slow", "due": "3 working-days", "acting": "cora"])).get()
        let sent = try run("--sender", "cased@example.org")
        #expect(sent.status == 0 && sent.output.hasPrefix("2 handed over, 0 given up, 0"), "\(sent.output)\(sent.errors)")
        #expect(sent.errors.contains("has no address: one notice passed over"), "\(sent.errors)")
        let mails = try mails()
        try #require(mails.count == 2)
        let (park, lena) = (mails[0], mails[1])
        #expect(park["words"]?.array == ["-i", "-f", "cased@example.org", "--", "park@example.org"])
        #expect(park["to"] == "park@example.org" && park["from"] == "cased@example.org" && park["language"] == "en")
        #expect(park["subject"] == "C-1: the case was accepted: 仓库七号")
        for line in [
            "What: the case was accepted\n", "Case: C-1, 仓库七号\nReceipt: ", "When: Fri 6 Feb 09:00 (Asia/Shanghai)\n",
            "As of: Fri 6 Feb 09:00 (Asia/Shanghai)\nTo be done: nothing by you at present\n",
        ] {
            #expect(park["text"]?.string?.contains(line) == true, "\(line): \(park["text"]!)")
        }
        for inside in ["casectl", "lena", "Due"] {
            #expect(park["text"]?.string?.contains(inside) == false, "\(inside) is not an applicant's")
        }
        #expect(lena["to"] == "lena@example.org" && lena["language"] == "zh" && lena["subject"] == "C-1：案件已报请决定：仓库七号")
        for line in ["案件：C-1, 仓库七号", "时间：2026年2月6日 09:00（Asia/Shanghai）", "待办：作出决定（lena）", "casectl show C-1", "casectl notices take "] {
            #expect(lena["text"]?.string?.contains(line) == true, "\(line): \(lena["text"]!)")
        }
        // The order is due first.
        #expect(lena["text"]?.string?.contains("期限：2026年2月11日当日截止") == true, "\(lena["text"]!)")
        #expect(park["id"] != lena["id"])
        // What is missing is the applicant's to hand in, by then.
        let missing = SmallOffice.submission("Quay", materials: [])
        _ = try daemon.client().call("case.submit", missing).get()
        _ = try daemon.client().call(
            "case.request_correction", .of(["case": "C-2", "missing": ["form"], "note": "page 2\nDue: never", "acting": "otto"])
        ).get()
        #expect(try run().status == 0)
        let asked = try #require(try self.mails().last?["text"]?.string)
        #expect(asked.contains("To be done: hand in what is missing\nDue: Sun 8 Mar, end of day"), "\(asked)")
        #expect(asked.contains("Missing: form\nWhy: page 2\n    Due: never\nUntil: Sun 8 Mar, end of day (Asia/Shanghai)\n"), "\(asked)")
        daemon.terminate()
    }

    @Test("A mail is in the language of its reader, whatever that of the process; one that comes late says what was then and what is now")
    func lateMail() throws {
        let daemon = try office()
        let program = try sendmail()
        let book = try write("hana hana@example.org\nlena lena@example.org zh\n", to: "addresses")
        func run() throws -> Program {
            try Program(
                "casectl", ["notices", "deliver", "--cursor-file", place, "--addresses", book, "--sendmail", program],
                environment: ["CASED_SOCKET": daemon.socket, "OUT": directory.path, "LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"])
        }
        #expect(try run().status == 0)
        let client = try daemon.client()
        let file = try client.call("case.submit", SmallOffice.submission("Quay")).get()["case"]!
        try advance(to: "2026-02-12T16:00:00Z", daemon)
        _ = try client.call("case.accept", .of(["case": file, "acting": "otto"])).get()
        let given: JSONValue = .of(["case": file, "recommendation": "grant", "opinion": "fine", "acting": "otto"])
        _ = try client.call("case.recommend", given).get()
        try advance(to: "2026-02-13T01:00:00Z", daemon)
        #expect(try run().status == 0)
        let text = try #require(try mails().first?["text"]?.string)
        for part in [
            "What: the time to accept the case is near its end\n", "When: Fri 13 Feb 00:00 (Asia/Shanghai)\n",
            "Until: Fri 13 Feb, end of day (Asia/Shanghai)\nRaised to level: 1\n\n", "As of: Fri 13 Feb 09:00 (Asia/Shanghai)\n",
            "To be done: decide (lena)\n", "More: casectl show C-1",
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
        #expect(text.unicodeScalars.allSatisfy { $0.value < 0x3000 }, "\(text)")
        // A table says the same.
        let table = try notices("--recipient", "hana", "-o", "csv", "--columns", "what,until,to_do", at: daemon).output
        #expect(table.contains("the time to accept the case is near its end,2026-02-13T16:00:00.000Z,decide (lena)"), "\(table)")
        daemon.terminate()
    }

    @Test("What is to be done about an order is the order: answer it, then close it, and once it is closed the next step of the case")
    func orderToDo() throws {
        let daemon = try office()
        let client = try daemon.client()
        let file = try client.call("case.submit", SmallOffice.submission("Quay")).get()["case"]!
        _ = try client.call("case.accept", .of(["case": file, "acting": "otto"])).get()
        _ = try client.call("order.open", .of(["case": file, "reason": "slow", "due": "3 working-days", "acting": "cora"])).get()
        func toDo(_ person: String) throws -> String {
            try notices("--recipient", person, "-o", "csv", "--columns", "to_do", at: daemon).output
                .split(whereSeparator: \.isNewline).dropFirst().first.map(String.init) ?? ""
        }
        #expect(try toDo("otto") == "answer O-1-1 (otto)")
        _ = try client.call("order.answer", .of(["order": "O-1-1", "answer": "soon", "acting": "otto"])).get()
        #expect(try toDo("cora") == "close O-1-1 (cora)")
        _ = try client.call("order.close", .of(["order": "O-1-1", "finding": "done", "acting": "cora"])).get()
        #expect(try toDo("otto") == "examine it and recommend (otto)")
        daemon.terminate()
    }

    @Test("A digest is one mail for all that somebody is told in a run; where it fails, all of it comes again with what is new since")
    func digest() throws {
        let daemon = try office()
        let program = try sendmail()
        let book = try write("applicant:91230100MA park@example.org\nlena lena@example.org\n", to: "addresses")
        func run() throws -> Program { try deliver(["--sendmail", program, "--addresses", book, "--digest"], at: daemon) }
        #expect(try run().status == 0)
        for title in ["One", "Two"] { try recommend(title, at: daemon) }
        _ = try write("lena@example.org\n", to: "refused")
        let first = try run()
        #expect(first.output.hasPrefix("2 handed over, 0 given up, 1 recipients"), "\(first.output)\(first.errors)")
        try FileManager.default.removeItem(atPath: "\(directory.path)/refused")
        try recommend("Three", at: daemon)
        try advance(to: "2026-02-06T01:01:00Z", daemon)
        let second = try run()
        #expect(second.output.hasPrefix("4 handed over, 0 given up, 0 recipients"), "\(second.output)\(second.errors)")
        let mails = try mails()
        #expect(mails.map { $0["to"] } == ["park@example.org", "lena@example.org", "park@example.org", "lena@example.org"])
        #expect(mails.map { $0["subject"] }.last == "3 notices: C-1, C-2, C-3")
        #expect(mails.first?["subject"] == "2 notices: C-1, C-2" && mails[2]["subject"] == "C-3: the case was accepted: Three")
        let text = try #require(mails.last?["text"]?.string)
        #expect(text.split(separator: "* * *").count == 3 && text.contains("Case: C-2, Two\n"), "\(text)")
        #expect(try run().output.isEmpty)
        #expect(try deliver(["--exec", "true", "--digest"], at: daemon).status == 64)
        daemon.terminate()
    }

    @Test("No text from outside ends a header, adds one, or is read by a shell; a mail that comes twice has the same id")
    func hostileMail() throws {
        let daemon = try office()
        let program = try sendmail()
        let (lena, sender) = ("a`touch${IFS}owned`|x@example.org", "|touch${IFS}owned@example.org")
        let book = try write("applicant:91230100MA park@example.org\nlena \(lena) zh\n", to: "addresses")
        func run() throws -> Program {
            try Program(
                "casectl",
                ["notices", "deliver", "--cursor-file", place, "--addresses", book, "--sendmail", program, "--sender", sender],
                environment: ["CASED_SOCKET": daemon.socket, "OUT": directory.path])
        }
        #expect(try run().status == 0)
        let titles = [
            "x\r\nBcc: evil@example.org\r\n\r\nbody", "x\nBcc: evil@example.org", "\u{2028}Bcc: evil@example.org", "=?utf-8?B?QmNj?=",
            "$(touch owned) `touch owned`; touch owned #'\"", String(repeating: "长", count: 300), String(repeating: "w", count: 900),
            "e\u{301}=\u{301}?\u{301}", " \u{1B}[2J ", "👩‍👩‍👧‍👦\u{202E}gnp.exe", "\"@example.org, other@example.org", ".\n.\nQUIT",
        ]
        for title in titles { try recommend(title, at: daemon) }
        #expect(try run().status == 0)
        let mails = try mails()
        #expect(mails.count == 2 * titles.count)
        for (place, mail) in mails.enumerated() {
            let isLena = !place.isMultiple(of: 2)
            #expect(
                mail["names"]?.array == [
                    "Auto-Submitted", "Content-Language", "Content-Transfer-Encoding", "Content-Type", "From", "MIME-Version", "Message-ID",
                    "Subject",
                    "To",
                ], "\(mail)")
            #expect(mail["automatic"] == "auto-generated", "an answering machine answers it")
            let address = isLena ? lena : "park@example.org"
            #expect(mail["to"]?.string == address)
            #expect(mail["words"]?.array == ["-i", "-f", .string(sender), "--", .string(address)])
            let title = titles[place / 2]
            // As a terminal may be shown it: with controls spelled out.
            let shown = title.unicodeScalars.map { scalar in
                [.control, .lineSeparator, .format].contains(scalar.properties.generalCategory) && scalar.value != 0x200D
                    ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
            }.joined()
            let subject = try #require(mail["subject"]?.string)
            #expect(
                subject.hasPrefix("C-\(place / 2 + 1)") && subject.trimmingSuffix.hasSuffix(String(shown.prefix(100)).trimmingSuffix),
                "\(subject)")
            #expect(mail["text"]?.string?.contains(shown) == true, "\(mail)")
        }
        #expect(!FileManager.default.fileExists(atPath: "owned"))
        // What failed comes again under the same id.
        _ = try write("\(lena)\n", to: "refused")
        try recommend("Again", at: daemon)
        #expect(try run().errors.contains("tried again later"))
        try FileManager.default.removeItem(atPath: "\(directory.path)/refused")
        try advance(to: "2026-02-06T01:01:00Z", daemon)
        #expect(try run().status == 0)
        let again = try self.mails().suffix(2)
        #expect(again.first?["id"] == again.last?["id"] && again.first?["to"]?.string == lena)
        daemon.terminate()
    }

    @Test("A file of addresses that cannot be used says which line is wrong")
    func addresses() throws {
        let daemon = try office()
        for (text, line) in [
            ("lena\n", 1), ("a a@b\nlena -oQ/tmp\n", 2), ("lena lena@example.org,evil@example.org", 1), ("lena <lena@example.org>", 1),
            ("lena a@b zh\nlena c@d\n", 2), ("lena 张敏@example.org", 1), ("lena \"|/bin/sh\"", 1),
            ("lena \(String(repeating: "a", count: 255))", 1),
        ] {
            let book = try write(text, to: "addresses")
            let wrong = try deliver(["--exec", "true", "--addresses", book], at: daemon)
            #expect(wrong.status == 64 && wrong.errors.contains("line \(line)"), "\(text): \(wrong.errors)")
        }
        #expect(try deliver(["--exec", "true", "--addresses", "\(directory.path)/none"], at: daemon).status == 64)
        #expect(!FileManager.default.fileExists(atPath: place))
        daemon.terminate()
    }

    @Test("Whoever has left the catalogue is told nothing more, not even what had waited for them")
    func leaver() throws {
        let daemon = try office()
        let failing = Self.note + #"; test "$CASED_RECIPIENT" != lena"#
        _ = try told(by: failing, at: daemon)
        try recommend("One", at: daemon)
        _ = try told(by: failing, at: daemon)
        try recommend("Two", at: daemon)
        var files = SmallOffice.files()
        files["office.toml"]!.replace("holder = \"lena\"", with: "holder = \"lars\"")
        files["office.toml"]!.replace("[person.lena]\nname = \"Lena\"", with: "[person.lars]\nname = \"Lars\"")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        try advance(to: "2026-02-06T01:05:00Z", daemon)
        let after = try told(by: Self.note, at: daemon)
        #expect(after.1.status == 0 && after.lines.allSatisfy { !$0.hasPrefix("lena ") }, "\(after.lines)")
        #expect(after.1.errors.contains("lena is not in the catalogue: 2 notices passed over"), "\(after.1.errors)")
        #expect(after.1.output.contains("0 recipients to be tried again"))
        daemon.terminate()
    }

    @Test(
        "In a restored store it goes on with what is younger than what was handed over, and in another one with all; over a restart nothing comes twice"
    )
    func stores() throws {
        var daemon = try office()
        _ = try told(by: Self.note, at: daemon)
        try recommend("One", at: daemon)
        #expect(try told(by: Self.note, at: daemon).lines.count == 2)
        let copy = "\(directory.path)/copy.sqlite"
        #expect(try casectl(["backup", copy], at: daemon).status == 0)
        try advance(to: "2026-02-06T02:00:00Z", daemon)
        try recommend("Lost", at: daemon)
        #expect(try told(by: Self.note, at: daemon).lines == ["91230100MA Lost", "lena Lost"])
        daemon.terminate()
        daemon = try DaemonProcess(in: directory, manualClock: Self.start)
        #expect(try told(by: Self.note, at: daemon).lines.isEmpty, "over a restart")
        daemon.terminate()

        let restored = "\(directory.path)/restored"
        #expect(try Program("cased", ["--state-directory", restored, "--restore", copy]).status == 0)
        daemon = try DaemonProcess(in: directory, state: restored, manualClock: Self.start)
        let nothing = try told(by: Self.note, at: daemon)
        #expect(nothing.lines.isEmpty && nothing.1.status == 0 && nothing.1.errors.contains("a store was restored"), "\(nothing.1.errors)")
        try advance(to: "2026-02-06T03:00:00Z", daemon)
        try recommend("Two", at: daemon)
        #expect(try told(by: Self.note, at: daemon).lines == ["91230100MA Two", "lena Two"])
        #expect(try told(by: Self.note, at: daemon).lines.isEmpty)
        daemon.terminate()

        daemon = try DaemonProcess(in: directory, state: "\(directory.path)/other", manualClock: "2026-02-07T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        try recommend("Elsewhere", at: daemon)
        let other = try told(by: Self.note, at: daemon)
        #expect(other.lines == ["ada ", "cora ", "91230100MA Elsewhere", "lena Elsewhere"], "\(other.lines) \(other.1.errors)")
        daemon.terminate()
    }

    @Test("Each event that people can be told of has words in both languages")
    func words() throws {
        let source = try String(contentsOfFile: "\(SharedData.project)/Sources/casectl/NoticeWords.swift", encoding: .utf8)
        let names =
            Commands.recordedShapes.map(\.name) + [
                ServerChange.catalogAppliedName, ServerChange.catalogConfirmedName, ServerChange.catalogScheduledName,
                ServerChange.catalogCancelledName,
            ]
        for name in names {
            let words = source.matches(
                of: try Regex("\"\(name)\": \\(\"([^\"]+)\", \"([^\"]+)\"\\)", as: (Substring, Substring, Substring).self))
            #expect(words.count == 1, "\(name)")
            #expect(words.first.map { $0.output.2.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } } == true, "\(name)")
        }
    }

    @Test("How long taken notices stay is an option, in whole days, and never more than those that nobody takes")
    func retention() throws {
        for text in ["30 days", "5 working-days", "48 hours", "401 calendar-days", "x"] {
            let wrong = try Program("cased", ["--check-config", "--notice-retention", text])
            #expect(wrong.status == 64 && wrong.errors.contains("is no length of whole days"), "\(text): \(wrong.errors)")
            let config = try write("notice-retention = \"\(text)\"\n", to: "cased.toml")
            #expect(try Program("cased", ["--check-config", "--config", config]).status == 78, "\(text)")
        }
        let config = try write("notice-retention = \"1 calendar-day\"\n", to: "cased.toml")
        let daemon = try DaemonProcess(in: directory, manualClock: Self.start, arguments: ["--config", config])
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        try recommend("One", at: daemon)
        #expect(try notices("take", "--all", "--as", "lena", at: daemon).status == 0)
        for (instant, isThere) in [("2026-02-07T01:00:00Z", true), ("2026-02-07T01:02:00Z", false)] {
            try advance(to: instant, daemon)
            try recommend("Next", at: daemon)
            let taken = try daemon.client().call("notice.list", .of(["taken": true])).get()["notices"]?.array ?? []
            #expect(taken.count == (isThere ? 1 : 0), "\(instant)")
        }
        daemon.terminate()
    }
}

extension String {
    /// Without white space at its end, which a header does not keep.
    fileprivate var trimmingSuffix: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
