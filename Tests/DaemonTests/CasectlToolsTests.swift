import CaseClient
import CaseTesting
import CaseWire
import ChildProcesses
import Foundation
import FoundationXML
import Testing

/// What admins and cron jobs type, over a real daemon.
@Suite("casectl's tools")
struct CasectlToolsTests {
    private let directory = TemporaryDirectory()

    /// A daemon with some cases: the first granted, the second in review, the others submitted.
    private func started(_ count: Int = 4) throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for number in 1...count { _ = try client.call("case.submit", SmallOffice.submission("仓库 \(number) 📦, \"A\" <b>\u{1}")).get() }
        for (method, params) in [
            ("case.accept", JSONValue.of(["case": "C-1", "acting": "otto"])), ("case.accept", .of(["case": "C-2", "acting": "otto"])),
            ("case.recommend", .of(["case": "C-1", "recommendation": "grant", "opinion": "x", "acting": "otto"])),
            ("case.grant", .of(["case": "C-1", "acting": "lena"])),
        ] {
            _ = try client.call(method, params).get()
        }
        return daemon
    }

    @Test("A list is a table, JSON, JSON lines or CSV, with the columns that are asked for")
    func formats() throws {
        let daemon = try started()
        let table = try daemon.casectl(["list"]).output.split(separator: "\n")
        #expect(table.count == 5 && table[0].hasPrefix("CASE  LIGHT") && !table[0].contains("RECEIPT"))
        #expect(try daemon.casectl(["list", "-o", "wide"]).output.contains("RECEIPT"))
        let picked = try daemon.casectl(["list", "--columns", "state,case", "--limit", "1"]).output
        #expect(picked.hasPrefix("STATE    CASE\ngranted  C-1\n"), "\(picked)")
        #expect(try daemon.casectl(["list", "--json=case,state", "--limit", "1"]).output == #"[{"case":"C-1","state":"granted"}]"# + "\n")
        let lines = try daemon.casectl(["list", "-o", "jsonl"]).output.split(separator: "\n")
        #expect(try lines.map { try JSONReader.read(Array($0.utf8))["case"]?.string } == ["C-1", "C-2", "C-3", "C-4"])
        let csv = try daemon.casectl(["history", "C-1", "-o", "csv"]).output.components(separatedBy: "\r\n")
        #expect(csv[0].hasPrefix("revision,at,event,by") && csv.count == 6 && csv[1].contains("\"仓库 1 📦, \"\"A\"\" <b>"))
        let wrong = try daemon.casectl(["list", "--columns", "stat"])
        #expect(wrong.status == 64 && wrong.errors.contains("did you mean state?"))
        #expect(try daemon.casectl(["list", "-o", "html"]).status == 64)
        daemon.terminate()
    }

    @Test("A bulk command does what was expected and no more, each case once, also when it is run again under its key")
    func bulk() throws {
        let daemon = try started(150)
        let arguments = ["bulk", "note", "--state", "submitted", "--set", "text=closed on 3 May", "--as", "hana"]
        let dry = try daemon.casectl(arguments + ["--dry-run"])
        #expect(dry.output.hasSuffix("148 cases; to do it: --expect 148\n"))
        let other = try daemon.casectl(arguments + ["--expect", "147"])
        #expect(other.status == 1 && other.errors.contains("nothing was done"))
        let done = try daemon.casectl(arguments + ["--expect", "148", "--key", "k1"])
        #expect(done.status == 0 && done.output == "148 done, 0 done before, 0 refused, 0 not reached\n", "\(done.errors)")
        let client = try daemon.client()
        func noteCount() throws -> Int {
            try client.call("case.history", .of(["case": "C-150"])).get()["events"]!.array!.count { $0["event"]?.string == "noted" }
        }
        #expect(try noteCount() == 1)
        let again = try daemon.casectl(arguments + ["--expect", "148", "--key", "k1"])
        #expect(again.status == 0 && again.output == "0 done, 148 done before, 0 refused, 0 not reached\n")
        #expect(try noteCount() == 1)
        let refused = try daemon.casectl(["bulk", "grant", "--state", "in-review", "--expect", "1", "--as", "lena"])
        #expect(refused.status == 1 && refused.errors.contains("C-2: a case that is in-review does not take grant"))
        for (wrong, hint) in [
            (["bulk", "gront", "--dry-run"], "did you mean grant?"),
            (["bulk", "note", "--set", "txt=x", "--dry-run"], "did you mean text?"),
            (["bulk", "note", "--dry-run"], "parameter text is missing"),
            (["bulk", "suspend", "--set", "kind=tea", "--dry-run"], "one of hearing"),
        ] {
            let program = try daemon.casectl(wrong)
            #expect(program.status == 64 && program.errors.contains(hint), "\(wrong): \(program.errors)")
        }
        daemon.terminate()
    }

    @Test("wait ends when a case is decided, knows when it never will be, and gives up in time")
    func wait() async throws {
        let daemon = try started()
        #expect(try daemon.casectl(["wait", "C-1"]).output == "granted\n")
        let never = try daemon.casectl(["wait", "C-1", "--for", "withdrawn"])
        #expect(never.status == 1 && never.errors.contains("cannot be withdrawn any more"))
        #expect(try daemon.casectl(["wait", "C-9"]).status == 66)
        #expect(try daemon.casectl(["wait", "C-2", "--for", "grnted"]).errors.contains("did you mean granted?"))
        // It waits while somebody decides: the program is started first.
        let output = "\(directory.path)/waited"
        let waiting = try ChildProcess(
            "\(DaemonProcess.programs)/casectl", ["wait", "C-2", "--for", "closed"], environment: ["CASED_SOCKET": daemon.socket],
            output: .file(output))
        let client = try daemon.client()
        _ = try client.call("case.withdraw", .of(["case": "C-2"])).get()
        #expect(waiting.waitOrKill() == 0)
        #expect(try String(contentsOfFile: output, encoding: .utf8) == "withdrawn\n")
        daemon.terminate()
    }

    @Test("Waiting for a line, and following cases, end when the time is over")
    func timeout() throws {
        let daemon = try started()
        let client = try daemon.client()
        client.setTimeout(milliseconds: 20)
        #expect { try client.receive() } throws: { ($0 as? Client.Unreachable)?.isTimeout == true }
        var place = "now"
        #expect {
            try PatientClient(path: daemon.socket).follow([:], from: &place, timeout: { 20 }) { _ in true }
        } throws: { ($0 as? Client.Unreachable)?.isTimeout == true }
        daemon.terminate()
    }

    @Test(
        "watch and wait go on over a power cut and over a restart, and a bulk command that meets one does each case once",
        arguments: [false, true])
    func restarts(isOrderly: Bool) throws {
        var daemon = try started(400)
        let (heard, waited, bulk) = ("\(directory.path)/heard", "\(directory.path)/waited", "\(directory.path)/bulk")
        func run(_ arguments: [String], _ output: String) throws -> ChildProcess {
            try ChildProcess(
                "\(DaemonProcess.programs)/casectl", arguments, environment: ["CASED_SOCKET": daemon.socket], output: .file(output))
        }
        let watching = try run(["watch", "--from", "start", "--state", "granted", "--count", "2"], heard)
        let waiting = try run(["wait", "C-2"], waited)
        let noting = try run(
            ["bulk", "note", "--state", "submitted", "--set", "text=x", "--as", "hana", "--expect", "398", "--key", "k"], bulk)
        // Each has begun before the cut.
        while try !String(contentsOfFile: heard, encoding: .utf8).contains("C-1") {}
        while try daemon.client().call("case.get", .of(["case": "C-3"])).get()["revision"] == 1 {}
        // One that ends by itself takes its socket with it.
        if isOrderly { daemon.terminate() } else { daemon.kill() }
        daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("case.recommend", .of(["case": "C-2", "recommendation": "grant", "opinion": "x", "acting": "otto"])).get()
        _ = try client.call("case.grant", .of(["case": "C-2", "acting": "lena"])).get()
        #expect(waiting.waitOrKill() == 0 && watching.waitOrKill() == 0)
        #expect(try String(contentsOfFile: waited, encoding: .utf8) == "granted\n")
        #expect(try String(contentsOfFile: heard, encoding: .utf8).split(separator: "\n").count == 2)
        #expect(noting.waitOrKill() == 0)
        #expect(try String(contentsOfFile: bulk, encoding: .utf8) == "398 done, 0 done before, 0 refused, 0 not reached\n")
        for number in [3, 200, 400] {
            let events = try client.call("case.history", .of(["case": .string("C-\(number)")])).get()["events"]!.array!
            #expect(events.count { $0["event"]?.string == "noted" } == 1, "C-\(number)")
        }
        daemon.terminate()
    }

    @Test("One screen of top shows lights, queues and the next deadlines, with wide characters in line")
    func top() throws {
        let daemon = try started()
        let screen = try daemon.casectl(["top", "--once"]).output
        #expect(screen.contains("3 open   ● 0 overdue   ● 0 warned   ● 3 on track"))
        #expect(screen.contains("Permit office          2           0          1            0"), "\(screen)")
        #expect(screen.contains("C-3   green") && !screen.unicodeScalars.contains("\u{1B}") && !screen.unicodeScalars.contains("\u{1}"))
        daemon.terminate()
    }

    @Test("The journal is exported as XES that parses, with a trace for each case, and as CSV and JSON lines with every event")
    func export() throws {
        let daemon = try started()
        let xes = try XMLDocument(xmlString: try daemon.casectl(["export", "--format", "xes"]).output)
        let traces = xes.rootElement()!.elements(forName: "trace")
        #expect(traces.count == 4)
        func attribute(_ name: String, _ element: XMLElement) -> String? { element.attributes?.first { $0.name == name }?.stringValue }
        let names = traces[0].elements(forName: "event").map { event in
            event.elements(forName: "string").first { attribute("key", $0) == "concept:name" }.flatMap { attribute("value", $0) }
        }
        #expect(names == ["submitted", "accepted", "recommended", "granted"])
        let csv = try daemon.casectl(["export", "--format", "csv"]).output.components(separatedBy: "\r\n").dropLast()
        let lines = try daemon.casectl(["export", "--format", "jsonl", "--state", "granted"]).output.split(separator: "\n")
        #expect(csv.count == 1 + 8 && lines.count == 4)
        daemon.terminate()
    }

    @Test("A report is a page that parses, metrics that end as OpenMetrics do, and a period that goes on from the last one")
    func reports() throws {
        let daemon = try started()
        for language in ["en", "zh"] {
            let page = try daemon.casectl(["sla", "report", "-o", "html", "--language", language, "--by", "matter"]).output
            let document = try XMLDocument(
                xmlString: page.replacing("<!DOCTYPE html>", with: "").replacing(/<meta [^>]*>/, with: ""))
            #expect(
                document.rootElement()?.name == "html" && page.contains("class=\"bars\"") && !page.contains("<script")
                    && !page.contains("http"))
        }
        let metrics = try daemon.casectl(["sla", "report", "-o", "openmetrics"]).output
        #expect(metrics.contains("cased_received_total{office=\"permits\"} 4\n") && metrics.hasSuffix("\n# EOF\n"))
        #expect(metrics.contains("# TYPE cased_cases_open gauge\n") && metrics.contains("cased_cases_open{office=\"permits\"} 3\n"))
        let csv = try daemon.casectl(["sla", "report", "-o", "csv", "--columns", "name,received,decided,rate"]).output
        #expect(csv == "name,received,decided,rate\r\npermits,4,1,100.0%\r\ntotal,4,1,100.0%\r\n", "\(csv)")
        let place = "\(directory.path)/last"
        func received() throws -> String {
            let report = try daemon.casectl(["sla", "report", "--since-last", place, "-o", "csv", "--columns", "received"])
            #expect(report.status == 0, "\(report.errors)")
            return report.output.components(separatedBy: "\r\n").dropLast().last ?? ""
        }
        // Today is not over: its cases are tomorrow's report.
        #expect(try received() == "0")
        _ = try daemon.client().call("clock.advance", .of(["to": "2026-02-07T01:00:00Z"])).get()
        #expect(try received() == "4")
        #expect(try received() == "0")
        #expect(try String(contentsOfFile: place, encoding: .utf8) == "2026-02-07\n")
        let again = try daemon.casectl(["sla", "report", "--since-last", place])
        let sentence = "No whole day has passed since 6 February 2026, with which the last report ended."
        #expect(again.status == 0 && again.output.contains(sentence) && !again.output.contains("RECEIVED"), "\(again)")
        #expect(try daemon.casectl(["sla", "report", "--since-last", place, "-o", "csv"]).errors == "casectl: \(sentence)\n")
        let page = try daemon.casectl(["sla", "report", "--since-last", place, "-o", "html", "--language", "zh"]).output
        #expect(page.contains("自上次报表截止日2026年2月6日以来，尚未经过完整的一日。"))
        #expect(try String(contentsOfFile: place, encoding: .utf8) == "2026-02-07\n")
        daemon.terminate()
    }

    @Test(
        "A report says whose, of which days, cases, zone, catalogue and instant it is, what a column counts, and an empty period in words")
    func heading() throws {
        let daemon = try started()
        let report = try daemon.casectl(["sla", "report", "--from", "2026-02-01", "--to", "2026-02-07", "--matter", "permit"]).output
        for line in [
            "Administration  Bureau", "Cases           matter permit", "Period          1 February 2026 through 6 February 2026",
            "Days            Asia/Shanghai", "Catalogue       version 1", "Made            6 February 2026, 09:00 (2026-02-06T01:00:00Z)",
            "No case is overdue.",
        ] {
            #expect(report.split(separator: "\n").contains { $0 == line }, "\(line): \(report)")
        }
        let lines = report.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let head = try #require(lines.firstIndex { $0.first == "NAME" })
        #expect(lines[head + 1].count { $0 == "cases" } == 7 && lines[head + 1].count { $0 == "working" } == 3, "\(report)")
        #expect(!report.contains("nothing was received"))
        let empty = try daemon.casectl(["sla", "report", "--from", "2026-01-01", "--to", "2026-02-01"]).output
        #expect(empty.contains("In this period nothing was received, decided or otherwise done."))
        let page = try daemon.casectl(["sla", "report", "--to", "2026-02-01", "-o", "html", "--language", "zh"]).output
        #expect(page.contains("本期间内没有收件、办结或其他办理事项。") && page.contains("截至2026年1月31日"))
        daemon.terminate()
    }

    @Test("Below the figures a report lists the overdue cases, the most late first, with who has to act, up to a limit that it states")
    func overdueCases() throws {
        let daemon = try started()
        _ = try daemon.client().call("clock.advance", .of(["to": "2026-02-11T01:00:00Z"])).get()
        _ = try daemon.client().call("case.submit", SmallOffice.submission()).get()
        _ = try daemon.client().call("clock.advance", .of(["to": "2026-04-30T01:00:00Z"])).get()
        let report = try daemon.casectl(["sla", "report", "--overdue-limit", "3"]).output
        let lines = report.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex { $0.hasPrefix("CASE ") })
        #expect(lines[start - 1] == "4 cases are overdue; these are the first 3, the most late first.", "\(report)")
        #expect(lines.count == start + 4)
        #expect(lines[start + 1].hasPrefix("C-2 ") && lines[start + 1].contains("office: Otto (otto)"), "\(report)")
        #expect(lines[start + 1].contains(" review ") && lines[start + 1].hasSuffix("working hours"), "\(report)")
        let all = try daemon.casectl(["sla", "report", "-o", "html", "--language", "zh"]).output
        #expect(all.contains("共有 4 件逾期，按逾期时间由长到短排列。") && all.contains("审查机构：Otto (otto)"))
        #expect(all.matches(of: />C-[0-9]+</).count == 4)
        let none = try daemon.casectl(["sla", "report", "--overdue-limit", "0"])
        #expect(none.status == 0 && !none.output.contains("are overdue"))
        #expect(try daemon.casectl(["sla", "report", "--overdue-limit", "1001"]).status == 64)
        daemon.terminate()
    }

    @Test("Months and days of a report are those of the calendar's zone; with several, those of the zone where a day ends last")
    func months() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-03-31T16:30:00Z")
        var files = SmallOffice.files()
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        func months() throws -> [String] {
            let page = try daemon.casectl(["sla", "report", "-o", "html"]).output
            return page.matches(of: /<span class="label">([A-Z][a-z]{2} [0-9]{4})</).map { String($0.output.1) }
        }
        #expect(try months().first == "May 2025" && months().last == "Apr 2026" && months().count == 12)
        files["calendar.toml"]! += SmallOffice.calendar.replacing("calendar.cn", with: "calendar.de")
            .replacing("Asia/Shanghai", with: "Europe/Berlin")
        files["sla.toml"]! += SmallOffice.files()["sla.toml"]!.replacing("sla.licensing", with: "sla.away").replacing(
            "\"cn\"", with: "\"de\"")
        let notice = files["matters.toml"]!.range(of: "[matter.notice]")!.lowerBound
        files["matters.toml"]!.replaceSubrange(
            notice..., with: files["matters.toml"]![notice...].replacing("sla = \"licensing\"", with: "sla = \"away\""))
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        #expect(try months().last == "Mar 2026")
        let place = "\(directory.path)/last"
        let report = try daemon.casectl(["sla", "report", "--since-last", place])
        #expect(report.status == 0 && report.output.contains("through 30 March 2026"), "\(report)")
        #expect(report.output.contains("a day is over when it is in Europe/Berlin, where that is last"))
        #expect(try String(contentsOfFile: place, encoding: .utf8) == "2026-03-31\n")
        for matter in ["permit", "notice"] { _ = try daemon.client().call("case.submit", SmallOffice.submission(matter: matter)).get() }
        for file in ["C-1", "C-2"] {
            _ = try daemon.client().call("case.accept", .of(["case": .string(file), "acting": "otto"])).get()
            _ = try daemon.client().call(
                "case.recommend", .of(["case": .string(file), "recommendation": "grant", "opinion": "x", "acting": "otto"])
            ).get()
        }
        _ = try daemon.client().call("clock.advance", .of(["to": "2026-04-17T12:00:00Z"])).get()
        let late = try daemon.casectl(["sla", "report"]).output.split(separator: "\n").filter { $0.hasPrefix("C-") }
        // Ten working days from 31 March in the one zone, and from 1 April in the other.
        #expect(late.count == 2 && late[0].contains("15 April 2026, end of day, Europe/Berlin"), "\(late)")
        #expect(late[1].contains("16 April 2026, end of day, Asia/Shanghai"), "\(late)")
        daemon.terminate()
    }

    @Test("Metrics are read by a strict reader of OpenMetrics, with a histogram of handling and lengths of time in seconds")
    func metrics() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for number in 1...2 {
            _ = try client.call("case.submit", SmallOffice.submission()).get()
            let file = JSONValue.string("C-\(number)")
            _ = try client.call("case.accept", .of(["case": file, "acting": "otto"])).get()
            _ = try client.call("case.recommend", .of(["case": file, "recommendation": "grant", "opinion": "x", "acting": "otto"])).get()
            _ = try client.call("clock.advance", .of(["to": .string("2026-02-\(10 + 3 * number)T01:00:00Z")])).get()
            _ = try client.call("case.grant", .of(["case": file, "acting": "lena"])).get()
        }
        let reader = """
            import json, sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            from prometheus_client.parser import text_string_to_metric_families as of_older_form
            texts = [open(path, newline="").read() for path in sys.argv[1:]]
            families = [f for text in texts for f in text_string_to_metric_families(text)]
            older = {(s.name, *sorted(s.labels.items())) for text in texts for f in of_older_form(text) for s in f.samples}
            assert older == {(s.name, *sorted(s.labels.items())) for f in families for s in f.samples}, older
            json.dump([[s.name, f.type, f.unit, s.labels, float(s.value)] for f in families for s in f.samples], sys.stdout)
            """
        var paths: [String] = []
        for command in [["sla", "report"], ["status"]] {
            let output = try daemon.casectl(command + ["-o", "openmetrics"])
            #expect(output.status == 0 && output.output.hasSuffix("\n# EOF\n"))
            paths.append("\(directory.path)/\(command[0]).prom")
            try output.output.write(toFile: paths.last!, atomically: true, encoding: .utf8)
        }
        let read = try Program("/usr/bin/python3", ["-c", reader] + paths)
        #expect(read.status == 0, "\(read.errors)")
        let samples = try JSONReader.read(Array(read.output.utf8)).array ?? []
        func value(_ name: String, _ labels: [String: String]) -> String? {
            samples.first { sample in
                sample.array?[0].string == name && labels.allSatisfy { sample.array?[3][$0.key]?.string == $0.value }
            }.flatMap { sample -> String? in
                guard case .number(let literal)? = sample.array?[4] else { return nil }
                return literal
            }
        }
        let office = ["office": "permits"]
        #expect(value("cased_received_total", office) == "2.0" && value("cased_returns_total", office) == "0.0")
        let within = ["1.0": "1.0", "3.0": "1.0", "5.0": "2.0", "+Inf": "2.0"]
        for (bound, count) in within {
            #expect(value("cased_handling_working_days_bucket", office.merging(["le": bound]) { $1 }) == count, "\(bound)")
        }
        #expect(
            value("cased_handling_working_days_count", office) == "2.0" && value("cased_calendar_days_left", ["calendar": "cn"]) == "318.0")
        #expect(value("cased_build_info", [:]) == "1.0" && value("cased_deadline_lateness_maximum_seconds", [:]) != nil)
        let names = samples.compactMap { $0.array?[0].string }
        #expect(!names.contains { $0.contains("milliseconds") || $0.contains("_ms") })
        daemon.terminate()
    }

    @Test("Monitoring hears 0, 1, 2 or 3")
    func check() throws {
        let daemon = try started()
        let fine = try daemon.casectl(["sla", "check", "--plugin"])
        #expect(fine.status == 0 && fine.output.hasPrefix("CASED OK - ") && fine.output.contains("| open=3 warned=0 overdue=0;1;10"))
        _ = try daemon.client().call("clock.advance", .of(["to": "2026-04-30T01:00:00Z"])).get()
        let warning = try daemon.casectl(["sla", "check", "--plugin"])
        #expect(warning.status == 1 && warning.output.hasPrefix("CASED WARNING - 3 of 3 open cases overdue"))
        #expect(try daemon.casectl(["sla", "check", "--critical", "2"]).status == 2)
        #expect(try daemon.casectl(["sla", "check", "--warning", "3", "--critical", "3"]).status == 2)
        daemon.terminate()
        let gone = try daemon.casectl(["sla", "check", "--plugin"])
        #expect(gone.status == 3 && gone.output.hasPrefix("CASED UNKNOWN - "))
    }

    @Test("Editing a catalogue's file ends with its findings, or with what it would change")
    func edit() throws {
        let daemon = try started()
        let catalog = "\(directory.path)/a catalogue"
        try FileManager.default.createDirectory(atPath: catalog, withIntermediateDirectories: true)
        for (name, text) in SmallOffice.files() { try text.write(toFile: "\(catalog)/\(name)", atomically: true, encoding: .utf8) }
        func edit(_ editor: String, _ file: String = "matters.toml") throws -> Program {
            try daemon.casectl(["catalog", "edit", catalog, file], environment: ["EDITOR": editor, "VISUAL": editor])
        }
        let changed = try edit("sed -i 's/name = \"Notice\"/name = \"Notification\"/'")
        #expect(
            changed.status == 0 && changed.output.contains("changed matter.notice") && changed.output.contains("catalog apply"),
            "\(changed)")
        let wrong = try edit("sed -i 's/office = \"permits\"/office = \"permts\"/'")
        #expect(wrong.status == 1 && wrong.errors.contains("matters.toml:3: unknown-name"), "\(wrong)")
        #expect(try edit("true", "maters.toml").errors.contains("did you mean matters.toml?"))
        // What lies outside the catalogue is none of its files; a further one is where it was named.
        let users = "\(directory.path)/users.toml"
        try "# nobody\n".write(toFile: users, atomically: true, encoding: .utf8)
        for outside in ["../users.toml", users, "../a catalogue/matters.toml"] {
            let refused = try edit("sed -i s/nobody/somebody/", outside)
            #expect(refused.status == 66 && refused.errors.contains("there is no \(outside) in"), "\(refused.errors)")
        }
        #expect(try String(contentsOfFile: users, encoding: .utf8) == "# nobody\n")
        _ = try daemon.casectl(
            ["catalog", "edit", catalog, "users.toml", "--with", users], environment: ["EDITOR": "sed -i s/nobody/somebody/"])
        #expect(try String(contentsOfFile: users, encoding: .utf8) == "# somebody\n")
        #expect(!FileManager.default.fileExists(atPath: "\(catalog)/users.toml"))
        #expect(try edit("false").status == 1)
        daemon.terminate()
    }

    @Test(
        "A shell completes cases and matters that the server knows, and a misspelt matter is recognised",
        arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        let daemon = try started()
        let script = try daemon.casectl(["--generate-completion-script", shell])
        #expect(script.status == 0 && script.output.contains("casectl"))
        // The scripts ask the program like this.
        let cases = try daemon.casectl(["---completion", "show", "--", "positional@0", "1", "0"])
        #expect(cases.output.split(whereSeparator: \.isNewline).contains("C-4"), "\(cases)")
        let submitted = try daemon.casectl(["submit", "permt", "--title", "t", "--applicant-id", "a", "--applicant-name", "b"])
        #expect(submitted.status == 66 && submitted.errors.contains("did you mean permit?"), "\(submitted.errors)")
        daemon.terminate()
    }
}
