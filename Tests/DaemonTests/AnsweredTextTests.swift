import CaseTesting
import CaseWire
import Foundation
import Testing

/// What casectl makes of an answer in which every member says something. Such a one comes from no small office, so that a stand-in gives it.
@Suite("casectl on whole answers")
struct AnsweredTextTests {
    /// Listens, and runs a program that asks it.
    private static let standIn = """
        import json, os, socket, subprocess, sys, threading
        answers, words = json.load(open(sys.argv[1])), sys.argv[3:]
        place = socket.socket(socket.AF_UNIX)
        place.bind(sys.argv[2])
        place.listen()
        def talk(line):
            for text in line.makefile("r", encoding="utf-8"):
                asked = json.loads(text)
                answer = {"jsonrpc": "2.0", "id": asked["id"], "result": answers[asked["method"]]}
                line.sendall((json.dumps(answer) + "\\n").encode())
        def serve():
            while True:
                threading.Thread(target=talk, args=(place.accept()[0],), daemon=True).start()
        threading.Thread(target=serve, daemon=True).start()
        ended = subprocess.run(words, env={"CASED_SOCKET": sys.argv[2]})
        sys.stdout.flush()
        os._exit(ended.returncode)
        """

    private let directory = TemporaryDirectory()

    /// - Parameter answers: an object with a result for each method that is asked for.
    private func casectl(_ words: [String], _ answers: String) throws -> Program {
        let path = "\(directory.path)/answers.json"
        try answers.write(toFile: path, atomically: true, encoding: .utf8)
        unlink("\(directory.path)/s")
        return try Program(
            "/usr/bin/python3",
            ["-c", Self.standIn, path, "\(directory.path)/s", "\(DaemonProcess.programs)/casectl"] + words)
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.prefix { $0 == " " }
                + $0.split(separator: " ", omittingEmptySubsequences: false).drop(while: \.isEmpty)
                .joined(separator: " ").replacing(#/[ ]{2,}/#, with: "  ")
        }
    }

    private static let changes = """
        [
        {"change": "added", "entry": "person.new", "file": "office.toml", "line": 3, "keys": [{"key": "name", "from": null, "to": "\\"New\\""}],
        "more": 0},
        {"change": "changed", "entry": "matter.permit", "file": "matters.toml", "line": 1, "keys": [
        {"key": "basis", "from": "\\"a\\"", "to": "\\"b\\""}, {"key": "fees", "from": "\\"x\\"", "to": null},
        {"key": "guide", "from": null, "to": "\\"y\\u001b\\""}, {"key": "the order of material", "from": "form, plan", "to": "plan, form"}],
        "more": 7},
        {"change": "removed", "entry": "post.old", "file": null, "line": null, "keys": [{"key": "name", "from": "\\"Old\\"", "to": null}],
        "more": 0}]
        """

    @Test("A plan in which everything happens says all of it, line by line")
    func plan() throws {
        let folder = TemporaryDirectory()
        for (name, text) in SmallOffice.files() { try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)")) }
        let answers = """
            {"catalog.plan": {"version": 3, "effective": "2026-04-01", "changes": \(Self.changes), "keeps_users": 2,
            "impact": [
            {"matter": "permit", "running": 4, "orphaned": false, "rerouted": true, "reprojected": true},
            {"matter": "notice", "running": 1, "orphaned": true, "rerouted": false, "reprojected": false},
            {"matter": "survey", "running": 9, "orphaned": false, "rerouted": false, "reprojected": false}],
            "leavers": [{"person": "otto", "cases": 5, "deliveries": 2, "office": "permits"}],
            "abandoned": [{"entry": "office.south", "cases": 6}],
            "stranded": {"count": 2, "cases": ["C-7", "C-8"]},
            "warnings": ["matters.toml:1: basis: matter.permit has no basis"],
            "waiting": [{"entry": "post.leader", "key": "holder", "from": "lena", "to": "bela"},
            {"entry": "post.officer", "key": "holder", "from": "otto", "to": null}],
            "agree_again": "2026-05-01", "second_words": [], "training": false,
            "reorganisation": {"abolished": ["south"], "created": [],
            "before": {"offices": 3, "average_staff_tenths": 47, "staff": 14, "leading_posts": 4, "ranks": {"senior": 2, "junior": 12}},
            "after": {"offices": 2, "average_staff_tenths": 70, "staff": 14, "leading_posts": 4, "ranks": {}},
            "duties": [{"duty": "answers mail", "from": "south-head", "to": "office-head"}]},
            "clocks": {"running": 11, "later": 1, "earlier": 2, "kept": 3, "breached": 4, "firm": 5, "moves": [
            {"case": "C-1", "clock": "decision", "from": "2026-04-02T16:00:00Z", "to": "2026-04-03T16:00:00Z", "kept": true, "breached": false},
            {"case": "C-2", "clock": "review", "from": "2026-04-04T16:00:00Z", "to": "2026-04-01T16:00:00Z", "kept": true, "breached": true},
            {"case": "C-3", "clock": "promise", "from": "2026-04-05T16:00:00Z", "to": "2026-04-06T16:00:00Z", "kept": false, "breached": false}]},
            "refused": "office south is abolished without a successor", "hint": "say succeeds"}}
            """
        let program = try casectl(["catalog", "plan", folder.path], answers)
        let wanted = """
            Version 3, from 2026-04-01
              added person.new (office.toml:3)
                name: "New"
              changed matter.permit (matters.toml:1)
                basis: "a" → "b"
                fees: "x" → not set
                guide: not set → "y\\u{1b}"
                the order of material: form, plan → plan, form
                and 7 more: --json lists the first 1000 of all entries
              removed post.old
                name: "Old"
              The unix users of the version before stay bound (2), as these files bind none; --without-users unbinds them
              running cases of permit (4) are handed over, and no clock moves for that; follow the new calendar and limits
              running cases of notice (1) would be left without their matter: refused
              running cases of survey (9) keep the version under which they were submitted
              otto leaves permits: open cases (5) fall to its head, and decided ones that wait for their delivery (2)
              closed cases of office.south (6) will be with nobody but auditors: say succeeds = ["…"] in the one that takes over
              running cases (2) would have nobody to decide them: whoever would had to do with them, or the post is empty: C-7, C-8
              warning: matters.toml:1: basis: matter.permit has no basis
              Waits for a second word, by another admin, an auditor or a post that confirms (casectl catalog confirm):
                post.leader holder: from lena to bela
                post.officer holder: from otto to nobody
              The catalogue for 2026-05-01 holds this too, and has to be agreed to again: casectl catalog confirm --pending
              Nobody but admins could agree to a later version: no auditor, and no holder of a post with confirms = true, has a unix user

                    OFFICES  AVERAGE STAFF  STAFF  LEADING POSTS  RANKS
            before  3  4.7  14  4  2 senior, 12 junior
            after  2  7.0  14  4  -

            DUTY  FROM  TO
            answers mail  south-head  office-head

            CLOCKS  LATER  EARLIER  KEPT  BREACHED  NOW OFFICIAL
            11  1  2  3  4  5
            Kept: their budgets are raised so that no deadline comes before what was promised; --allow-earlier shortens those whose end decides nothing.

            CASE  CLOCK  FROM  TO  REMARK
            C-1  decision  2026-04-02T16:00:00Z  2026-04-03T16:00:00Z  kept
            C-2  review  2026-04-04T16:00:00Z  2026-04-01T16:00:00Z  kept, breached
            C-3  promise  2026-04-05T16:00:00Z  2026-04-06T16:00:00Z  -

            """
        #expect(lines(program.output) == wanted.components(separatedBy: "\n"), "\(program.output)")
        #expect(program.status == 1)
        #expect(
            program.errors == "casectl: this would be refused: office south is abolished without a successor\n  say succeeds\n",
            "\(program.errors)")
    }

    @Test("A difference says what was not set before or is not set any more, and how many keys it leaves out")
    func difference() throws {
        let answers = """
            {"catalog.diff": {"from": 1, "to": 2, "changes": \(Self.changes),
            "appointments": [{"entry": "post.leader", "key": "holder", "from": null, "to": "bela"}]}}
            """
        let program = try casectl(["catalog", "diff", "1", "2"], answers)
        #expect(
            program.output == """
                From version 1 to version 2:
                  added person.new (office.toml:3)
                    name: "New"
                  changed matter.permit (matters.toml:1)
                    basis: "a" → "b"
                    fees: "x" → not set
                    guide: not set → "y\\u{1b}"
                    the order of material: form, plan → plan, form
                    and 7 more: --json lists the first 1000 of all entries
                  removed post.old
                    name: "Old"

                Who has which part:
                  post.leader holder: to bela

                """, "\(program.output) \(program.errors)")
    }

    // MARK: What a monitor hears

    private func report(open: Int = 3, overdue: Int = 0, permille: Int = 1000) -> String {
        """
        {"rows": [{"name": "permits"}], "today": "2026-03-20",
        "total": {"open": \(open), "warned": 0, "overdue": \(overdue), "in_time_permille": \(permille)}}
        """
    }

    @Test("A clock that nobody believes is critical, whatever the figures, and each limit is where it says")
    func check() throws {
        let believed = #"{"clock_held": null}"#
        let held = #"{"clock_held": {"since": "2026-03-20T01:00:00Z", "by_ms": 7200000}}"#
        for (words, report, info, status, sentence) in [
            ("", report(), held, 2, "CASED CRITICAL - the machine's clock is not believed: casectl clock confirm | open=3"),
            ("", report(), believed, 0, "CASED OK - 3 open cases, none too many overdue | open=3"),
            ("", report(overdue: 1), held, 2, "CASED CRITICAL - 1 of 3 open cases overdue, the machine's clock is not believed"),
            ("--warning 2", report(overdue: 1), believed, 0, "CASED OK"), ("--warning 2", report(overdue: 2), believed, 1, "CASED WARNING"),
            ("--warning 20", report(overdue: 15), believed, 0, "CASED OK"),
            ("--warning 20", report(overdue: 20), believed, 2, "CASED CRITICAL"),
            ("--critical 0", report(), believed, 2, "CASED CRITICAL"), ("", report(overdue: 10), believed, 2, "CASED CRITICAL"),
            ("--rate-warning 100", report(permille: 999), believed, 1, "CASED WARNING - 99.9% in time"),
            ("--rate-warning 100", report(), believed, 0, "CASED OK"),
            ("--rate-warning 95 --rate-critical 90", report(permille: 899), believed, 2, "CASED CRITICAL - 89.9% in time"),
            ("--rate-warning 95 --rate-critical 90", report(permille: 900), believed, 1, "CASED WARNING - 90.0% in time"),
            ("--rate-critical 0", report(permille: 0), believed, 0, "CASED OK"),
        ] {
            let program = try casectl(
                ["sla", "check", "--plugin"] + words.split(separator: " ").map(String.init),
                "{\"sla.report\": \(report), \"server.info\": \(info)}")
            #expect(program.status == status && program.output.hasPrefix(sentence), "\(words): \(program.status) \(program.output)")
        }
    }

    @Test("How late the latest deadline was is in seconds to the millisecond, and a clock that is held is 1")
    func statusMetrics() throws {
        let answers = """
            {"server.info": {"version": "1", "principal": {"known": true}, "lateness": {"maximum_ms": 61007}, "catalog_version": 4,
            "clock_held": {"since": "2026-03-20T01:00:00Z", "by_ms": 1}, "calendars": [{"calendar": "cn", "days": -2}]},
            "server.status": {"since": "2026-03-20T01:00:00.500Z", "store_bytes": 4096, "last_backup": "2026-03-19T01:00:00Z",
            "evidence": {"witnessed": {"size": 7, "at": "2026-03-19T02:00:00Z"}}, "store_fault": {"refuses_commands": true}}}
            """
        let metrics = try casectl(["status", "-o", "openmetrics"], answers).output.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            metrics == [
                "cased_build_info{version=\"1\"} 1", "cased_calendar_days_left{calendar=\"cn\"} -2", "cased_start_time_seconds 1773968400",
                "cased_store_bytes 4096", "cased_last_backup_time_seconds 1773882000", "cased_last_witnessed_time_seconds 1773885600",
                "cased_clock_held 1",
                "cased_store_refuses_commands 1", "cased_deadline_lateness_maximum_seconds 61.007", "cased_catalog_version 4",
            ], "\(metrics)")
    }
}
