import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import WorkingTime

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("What server this is, how it does, and who you are to it."),
        discussion: """
            With --check, for monitoring: the exit code is 0 where all is well, 1 where somebody should look (a line with !), 2 where \
            deadlines or commands stand still, 3 where it cannot be found out. -o openmetrics is for the node exporter's textfile directory.

            Examples: casectl status; casectl status --check; casectl status -o openmetrics
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, openmetrics
    }

    @OptionGroup var server: Server
    @Option(name: [.customShort("o"), .customLong("output")], help: "table, json or openmetrics.") var format: Format?
    @Flag(help: "Exit as monitoring expects it.") var check = false
    @Flag(
        name: [.customLong("utc"), .customLong("iso")],
        help: ArgumentHelp(Say.text("Show instants as they are, in UTC, also on a terminal.")))
    var utc = false

    func validate() throws {
        guard !server.json || format == nil || format == .json else {
            throw ValidationError("--json is -o json, and -o \(format!.rawValue) is another form: leave one of them out")
        }
    }

    func run() throws {
        if check {
            do { try StandardOutput.begin() } catch let failure as Failure {
                StandardOutput.abandon()
                StandardError.write("UNKNOWN: \(Terminal.plain(failure.message))\n")
                throw ExitCode(Failure.unknown)
            }
        }
        try ending {
            let (info, status): (JSONValue, JSONValue)
            do {
                info = try server.call(.serverInfo)
                let isStranger = info["principal"]?["known"]?.bool == false && info["principal"]?["admin"]?.bool == false
                // How it does is for whom it knows. A program that asks is told so.
                status = isStranger && !check && format != .openmetrics ? .object([]) : try server.call(.serverStatus)
            } catch let failure as Failure where check {
                StandardOutput.print(Terminal.plain("UNKNOWN: \(failure.message)"))
                throw ExitCode(Failure.unknown)
            }
            switch format ?? (server.json ? .json : .table) {
            case .json:
                let whole = JSONValue.object((info.members ?? []) + [.init("status", status)])
                StandardOutput.data(String(decoding: JSONWriter.bytes { $0.value(whole) }, as: UTF8.self) + "\n")
            case .openmetrics: StandardOutput.data(StatusMetrics.text(info, status))
            case .table: Terminal.page(Status.text(info, status, Times(server, isUTC: utc || check)))
            }
            guard check else { return }
            let isRefusing = status["store_fault"]?["refuses_commands"]?.bool == true
            if isRefusing || info["clock_held"]?.members != nil || Status.standstill(info, status) != nil { throw ExitCode(2) }
            if Status.remarks(info, status).contains(where: { $0.hasPrefix("!") }) { throw ExitCode(1) }
        }
    }

    private static func text(_ info: JSONValue, _ status: JSONValue, _ times: Times) -> String {
        var table = Table(of: "SERVER", "\(info.cell("name") ?? "") \(info.cell("version") ?? "")")
        let now = info.cell("now").flatMap { Instant($0) }
        func ago(_ name: String) -> String? {
            status.cell(name).map { text in now.flatMap { RelativeTime.text(text, now: $0) }.map { "\(times(text)) (\($0))" } ?? times(text)
            }
        }
        table.add(["running since", ago("since")])
        table.add(["now", times(info, "now")])
        for (label, name) in [("clock", "clock"), ("catalogue version", "catalog_version")] {
            table.add([label, info.cell(name).map(Say.line)])
        }
        if info["training"]?.bool == true { table.add(["this is", Say.line("a store for training: one user may play everybody")]) }
        table.add(["open cases", info.cell("open")])
        if let lights = status["lights"], lights.members != nil {
            table.add(["lights", Say.line(["green", "yellow", "red"].map { "\(lights.cell($0) ?? "") \($0)" }.joined(separator: ", "))])
        }
        table.add(["next deadline", times(info, "next_deadline", isEnd: true)])
        table.add(["latest deadline was late by", (info["lateness"]?["maximum_ms"]?.integer).map(RelativeTime.length(milliseconds:))])
        let horizon = (info["calendars"]?.array ?? []).compactMap { $0.cell("valid_through") }.min()
        table.add(["calendars are official through", horizon])
        table.add(["time zones", info.cell("zones")])
        table.add(["store", (status["store_bytes"]?.integer).map(StoreSize.text)])
        let isInDatabase = status["database"] != nil
        let noBackup = Say.line(isInDatabase ? "by the database's own tools" : "none")
        table.add(["last backup", ago("last_backup") ?? (status["lights"] == nil ? nil : noBackup)])
        if let database = status["database"], database.members != nil { table.add(database: database) }
        if let evidence = status["evidence"], let origin = evidence.cell("origin") {
            table.add(["journal", Say.fill("{}, {} entries", origin, evidence.cell("size") ?? "")])
            table.add(["its key", evidence.cell("key_place").map(Say.line)])
        }
        if let witnessed = status["evidence"]?["witnessed"], witnessed.members != nil {
            let entries = witnessed.cell("size").map { Say.fill("{} entries, as of {}", $0, times(witnessed, "at") ?? "") }
            table.add(["last witnessed", entries ?? Say.line("what was witnessed cannot be read now")])
        }
        if let scrub = status["evidence"]?["scrub"] {
            let isRunning = scrub["began"]?.string != nil
            table.add([
                "store looked through",
                scrub.cell("ended").map { text in
                    now.flatMap { RelativeTime.text(text, now: $0) }.map { "\(times(text)) (\($0))" } ?? times(text)
                }
                    ?? (isRunning
                        ? Say.fill(
                            "{} pages, {} entries and {} cases so far", scrub.cell("pages") ?? "", scrub.cell("entries") ?? "",
                            scrub.cell("cases") ?? "")
                        : nil),
            ])
        }
        let watchdog = status["watchdog"] ?? .null
        table.add([
            "watchdog",
            watchdog.cell("interval_ms").map {
                Say.fill("every {} s, last at {}", "\((Int64($0) ?? 0) / 1000)", times(watchdog, "at") ?? "")
            },
        ])
        let principal = info["principal"] ?? .null
        let isStranger = status["lights"] == nil
        table.add([
            "you are",
            Say.line(
                (principal.cell("name") ?? "") + (principal["admin"]?.bool == true ? ", an admin" : "")
                    + (isStranger ? ", whom the catalogue does not know: lights, store and backups are shown to whom it does" : "")),
        ])
        let remarks = remarks(info, status, times).map(Say.line)
        return ([table.text] + (remarks.isEmpty ? [] : [""] + remarks).map(Terminal.plain)).joined(separator: "\n") + times.remark
    }

    /// A deadline passes within a second; what waits for longer than this waits for somebody, whatever the cause.
    private static let standstillMilliseconds: Int64 = 120_000

    /// Since when deadlines stand still that nobody has stopped; nil where they pass.
    private static func standstill(_ info: JSONValue, _ status: JSONValue) -> Instant? {
        guard let now = status.cell("now").flatMap({ Instant($0) }), let next = info.cell("next_deadline").flatMap({ Instant($0) }),
            now - next > standstillMilliseconds
        else { return nil }
        return next
    }

    /// What somebody should do something about, or wait for.
    private static func remarks(_ info: JSONValue, _ status: JSONValue, _ times: Times = Times(nil)) -> [String] {
        var remarks: [String] = []
        if let hold = info["clock_held"], hold.members != nil {
            let minutes = (hold["by_ms"]?.integer ?? 0) / 60_000
            let far = abs(minutes) < 120 ? "\(abs(minutes)) min" : "\(abs(minutes) / 60) h"
            remarks.append(
                "! since \(times(hold, "since") ?? "") the machine's clock is \(far) \(minutes < 0 ? "behind" : "ahead") and not believed: cased goes on by its own. Set it right, or say that it is: casectl clock confirm"
            )
        }
        if info["trusts_clock"]?.bool == true { remarks.append("whatever the machine's clock says is believed (trust-clock = always)") }
        if let since = standstill(info, status) {
            remarks.append(
                "! deadlines stand still: one has been due since \(times(since.description, isEnd: true)), and the server's log says why (journalctl -u cased)"
            )
        }
        if let fault = status["store_fault"], fault.members != nil {
            remarks.append("! the store, since \(times(fault, "since") ?? ""): \(fault.cell("what") ?? "")")
        }
        if let database = status["database"], database.members != nil { remarks += DatabaseRows.remarks(database) }
        if let last = status["evidence"]?["last_damage"], last.members != nil {
            let count = status["evidence"]?.cell("damages") ?? ""
            remarks.append(
                "! the store is not what was recorded (\(count) found; last at \(times(last, "at") ?? ""): \(last.cell("what") ?? "")). Nothing of it is shown: look at the disk, and restore a backup"
            )
        }
        for office in (status["unsealed_offices"]?.array ?? []).compactMap(\.string) {
            remarks.append("! office \(office) can decide nothing, as no seal of it can be set now: see docs/evidence.md, Keys")
        }
        if info["catalog_version"] == 0 {
            remarks.append("! there is no catalogue: nobody can submit a case until casectl catalog apply")
        }
        if let red = status["lights"]?["red"]?.integer, red > 0 {
            remarks.append("! \(red) cases are overdue: casectl list --overdue")
        }
        if let waiting = info["unconfirmed_catalog"], let count = waiting.cell("appointments") {
            let parts = "\(count) part\(count == "1" ? "" : "s")"
            remarks.append(
                "! since version \(waiting.cell("confirmed") ?? "") of the catalogue \(parts) wait\(count == "1" ? "s" : "") for a second word: casectl catalog versions"
            )
        }
        if let pending = info["pending_catalog"], pending.members != nil {
            let day = times(pending, "effective") ?? ""
            let isOpen = pending.cell("confirmed_by") == nil && info["training"]?.bool != true
            remarks.append(
                pending.cell("refused").map { "! the catalogue for \(day) cannot take effect: \($0)" }
                    ?? "\(isOpen ? "!" : " ") a catalogue by \(pending.cell("by") ?? "") takes effect at \(day)"
                    + (isOpen ? ", and nobody else has agreed to it: casectl catalog confirm --pending" : ""))
        }
        if let job = info["reprojection"], job.members != nil {
            remarks.append(
                "  catalogue version \(job.cell("catalog_version") ?? "") is moving clocks: \(job.cell("done") ?? "") of \(job.cell("cases") ?? "") cases done"
            )
        }
        for calendar in info["calendars"]?.array ?? [] where calendar["near"]?.bool == true {
            let days = calendar["days"]?.integer ?? 0
            let when = days < 0 ? "has not been official since" : "is official only through"
            remarks.append(
                "! calendar \(calendar.cell("calendar") ?? "") \(when) \(calendar.cell("valid_through") ?? ""): publish the next year (casectl calendar import)"
            )
        }
        return remarks
    }
}

/// How the server does, in the OpenMetrics text format.
enum StatusMetrics {
    static func text(_ info: JSONValue, _ status: JSONValue) -> String {
        func seconds(_ name: String, in part: JSONValue? = nil) -> String? {
            (part ?? status).cell(name).flatMap { Instant($0) }.map { "\($0.milliseconds / 1000)" }
        }
        var build = MetricFamily("build_info", .gauge, "which version of the server this is; always 1")
        build.add("", [("version", info.cell("version") ?? "")], "1")
        var calendars = MetricFamily(
            "calendar_days_left", .gauge, "for how many days from today a calendar is official; negative where it is no longer")
        for calendar in info["calendars"]?.array ?? [] {
            calendars.add("", [("calendar", calendar.cell("calendar") ?? "")], calendar.cell("days") ?? "0")
        }
        let gauges: [(name: String, unit: String?, help: String, value: String?)] = [
            ("start_time_seconds", "seconds", "when the server was started", seconds("since")),
            ("store_bytes", "bytes", "the size of the store", status.cell("store_bytes")),
            ("last_backup_time_seconds", "seconds", "when the store was last copied", seconds("last_backup")),
            (
                "last_witnessed_time_seconds", "seconds", "when a witness was last handed a new checkpoint of the journal",
                seconds("at", in: status["evidence"]?["witnessed"] ?? .null)
            ),
            (
                "clock_held", nil, "whether the machine's clock is not believed and waits for casectl clock confirm",
                info["clock_held"]?.members == nil ? "0" : "1"
            ),
            (
                "store_refuses_commands", nil, "whether the store takes no commands, such as on a full disk",
                status["store_fault"]?["refuses_commands"]?.bool == true ? "1" : "0"
            ),
            (
                "deadline_lateness_maximum_seconds", "seconds", "how late the latest deadline was passed",
                info["lateness"]?["maximum_ms"]?.integer.map { "\($0 / 1000).\("\(1000 + $0 % 1000)".dropFirst())" }
            ),
            ("catalog_version", nil, "the newest version of the catalogue", info.cell("catalog_version")),
        ]
        return build.text + calendars.text
            + gauges.map { gauge in
                var family = MetricFamily(gauge.name, .gauge, gauge.help, unit: gauge.unit)
                if let value = gauge.value { family.add("", [], value) }
                return family.text
            }.joined() + "# EOF\n"
    }
}
