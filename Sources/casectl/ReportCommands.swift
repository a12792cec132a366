import ArgumentParser
import CasePages
import CaseWire
import FoundationEssentials
import Glibc
import WorkingTime

struct SLA: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sla", abstract: Say.text("How the promises are kept."), subcommands: [Report.self, Check.self])

    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Received, open, decided, in time and late; how long it took; what asks for a look."),
            discussion: """
                Of the filters, --matter, --office, --leader and --commissioner mean figures; the others mean single cases.

                Received and decided count within the period; open, warned, overdue and the oldest are as of now. A period has whole \
                days, each in the zone of the matter's calendar. Gross, a case takes the working days after that of its submission, \
                through its decision; net, those are left out on which its clocks stood still.

                Below the figures a table and a page list the overdue cases, the most late first, with who has to act: those that you \
                may read, which for an auditor or an admin goes on record as other lists do; --overdue-limit 0 leaves them out.

                For cron: --since-last FILE reports from where the last report ended through yesterday, and keeps the place in FILE. \
                Where calendars lie in several zones, yesterday is the last day that is over in all of them. \
                -o openmetrics writes totals for the node exporter's textfile directory, -o html a page that needs nothing else.

                Examples: casectl sla report --by matter; casectl sla report --from 2026-01-01 --to 2026-02-01 -o csv; \
                casectl sla report -o html --output-file report.html
                """)
        @OptionGroup var server: Server
        @OptionGroup var filter: Filter
        @OptionGroup var output: Output
        @Option(help: "The first day of the period, such as 2026-01-01, -7d or yesterday.") var from: String?
        @Option(help: "The day after the last one of the period: it is not part of it.") var to: String?
        @Option(help: "office, matter, leader, commissioner or department.") var by = "office"
        @Option(help: "Begin where the last report with this file ended, and end with yesterday.") var sinceLast: String?
        @Option(help: "At most so many overdue cases are listed, 0 to 1000; by default 20.") var overdueLimit: Int?
        @Option(help: "The language of an html page: en or zh; by default that of the terminal.") var language: Language?

        func validate() throws {
            if sinceLast != nil, from != nil || to != nil {
                throw ValidationError("--since-last sets the period: leave --from and --to out")
            }
            if output.format == .openmetrics, from != nil || to != nil || sinceLast != nil {
                throw ValidationError("metrics are totals over all time: leave the period out")
            }
            guard output.groupBy == nil else { throw ValidationError("--group-by is for lists of cases: a report is by --by") }
            if let sinceLast, let output = server.outputFile, WholeFile.isSame(sinceLast, output) {
                throw ValidationError("--since-last and --output-file are two files: what one holds would be lost")
            }
            guard language == nil || output.format == .html else {
                throw ValidationError("--language is for -o html; a table is in the language of the terminal")
            }
            try require(overdueLimit, of: "--overdue-limit", from: 0, through: 1000)
            guard overdueLimit == nil || output.listsOverdue(server) else {
                throw ValidationError(
                    "--overdue-limit is for a table or a page: this form has figures only, and casectl list --overdue the cases")
            }
        }

        private static let usualOverdueLimit = 20

        static let columns: [Column] = {
            func counts(_ names: [String], wide: Bool) -> [Column] { names.map { Column($0, number: true, wide: wide) } }
            return [Column("name"), Column("title", wide: true)]
                + [
                    ("received", false), ("open", false), ("warned", true), ("overdue", false), ("provisional", true), ("decided", false),
                    ("granted", true), ("refused", true), ("deemed_granted", true), ("closed_otherwise", true), ("in_time", false),
                    ("promise_missed", false), ("late", false),
                ].map { Column($0.0, number: true, wide: $0.1) }
                + [Column("rate", number: true) { Percent.text($0["in_time_permille"]?.integer) }]
                + counts(["handling_median", "handling_net_median", "handling_p90"], wide: false)
                + counts(["handling_net_p90"] + ReportWords.signs, wide: true)
                + [Column("oldest_open"), Column("oldest_submitted_at", wide: true, instant: true)]
        }()

        func run() throws {
            try ending {
                let place = try sinceLast.map { try ReportPlace($0) }
                var (from, to) = try server.period(from: from, to: to)
                if let place {
                    let today = try server.call(.slaReport, [filter.member]).cell("today")
                    (from, to) = (place.day.map { day in today.flatMap { Day($0) }.map { min(day, $0) } ?? day }?.description, today)
                }
                // No day has ended since: what there is now can still be said, and the place stays where it is.
                let ended = place?.day.flatMap { from == to ? $0.advanced(by: -1) : nil }
                let result = try server.call(.slaReport, text("by", by) + text("from", from) + text("to", to) + [filter.member])
                try requirePast(from, today: result.cell("today"))
                let found = result["rows"]?.array ?? []
                let ordered = try output.ordering(among: Report.columns)?.sorted(found) ?? found
                let rows = ordered + [result["total"] ?? .null]
                if rows.count == 1 { try filter.requireKnownNames(server) }
                switch try output.format(server) {
                case .table:
                    try show(result, rows, Listing(columns: Report.columns, records: rows), Report.columns.filter { !$0.isWide }, ended)
                case .wide: try show(result, rows, Listing(columns: Report.columns, records: rows), Report.columns, ended)
                case .html:
                    let page = ReportPage(
                        result, heading: try heading(result, ended, language ?? Say.language), months: try months(of: result),
                        overdue: try overdue(result), language ?? Say.language)
                    StandardOutput.data(page.html + "\n")
                case .openmetrics: StandardOutput.data(Metrics.text(result, by: by))
                case .json, .jsonl, .csv:
                    if ended != nil, let emptiness = try heading(result, ended, .en).emptiness {
                        StandardError.write("casectl: \(emptiness)\n")
                    }
                    try Listing(columns: Report.columns, records: rows).show(
                        output, server, whole: result.replacing("rows", with: .array(ordered)), isOrdered: true)
                }
                // The place moves only once the report is where it was to go.
                StandardOutput.flush()
                try StandardOutput.finish()
                if let to, ended == nil { try place?.move(to: to) }
            }
        }

        private func show(
            _ result: JSONValue, _ rows: [JSONValue], _ listing: Listing, _ columns: [Column], _ ended: Day?
        ) throws {
            let heading = try heading(result, ended, Say.language)
            let local = try LocalTime(server, isWanted: Terminal.isTerminal && !output.isUTC)
            let report = ReportText(
                heading: heading, columns: try listing.chosen(output) ?? columns, rows: ended == nil ? rows : [],
                overdue: try overdue(result), local: local)
            Terminal.page(report.text, isAllowed: !output.noPager)
        }

        private func heading(_ result: JSONValue, _ ended: Day?, _ language: Language) throws -> ReportHeading {
            let asked = (filter.member.value.members ?? []).compactMap { member in member.value.string.map { (member.name, $0) } }
            return ReportHeading(result, asked: asked, former: try former(result), ended: ended, language)
        }

        /// The names of those rows that the newest catalogue does not have: an office that was merged keeps what it received and decided.
        private func former(_ result: JSONValue) throws -> [String] {
            guard result["catalog_version"]?.integer ?? 0 > 0, by != "department" else { return [] }
            let list = try server.common(.catalogDutyList)
            let (matters, posts) = (list["matters"]?.array ?? [], list["posts"]?.array ?? [])
            let known: [String?] =
                switch by {
                case "matter": matters.map { $0.cell("matter") }
                case "office": (matters + posts).map { $0.cell("office") }
                default: posts.map { $0.cell("post") }
                }
            return (result["rows"]?.array ?? []).compactMap { $0.cell("name") }.filter { !known.contains($0) }
        }

        private func overdue(_ result: JSONValue) throws -> OverdueCases {
            try OverdueCases(
                server, filter, count: Int(result["total"]?["overdue"]?.integer ?? 0), limit: overdueLimit ?? Report.usualOverdueLimit,
                now: result.cell("at").flatMap { Instant($0) } ?? .first)
        }

        /// The figures of twelve months, the last one that of the period's end, or of today in the zone of the report.
        private func months(of result: JSONValue) throws -> [(first: Day, total: JSONValue)] {
            try ReportMonths.periods(of: result).map { month in
                let result = try server.call(
                    .slaReport, text("from", month.first.description) + text("to", month.next.description) + [filter.member])
                return (month.first, result["total"] ?? .null)
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Whether the promises are kept well enough, for monitoring."),
            discussion: """
                Exits with 0 where all is well, 1 for a warning, 2 where it is critical, 3 where it cannot be found out.

                Examples: casectl sla check; casectl sla check --plugin --warning 5 --critical 20
                """)
        @OptionGroup var server: Server
        @OptionGroup var filter: Filter
        @Flag(help: "One line as monitoring plugins print it, with performance data.") var plugin = false
        @Option(help: "Warn from so many overdue cases on; by default 1, or where it is critical.") var warning: Int?
        @Option(help: "Critical from so many overdue cases on; by default 10, or where the warning begins.") var critical: Int?
        @Option(help: "Warn where less than so many percent of the decided cases were in time, 0 to 100.") var rateWarning: Int?
        @Option(help: "Critical where less than so many percent of the decided cases were in time, 0 to 100.") var rateCritical: Int?
        @Option(help: "The first day for the rate, such as 2026-01-01.") var from: String?

        /// From how many overdue cases on; that of which nothing is said gives way to the other.
        private var limits: (warning: Int, critical: Int) {
            (warning ?? min(1, critical ?? 1), critical ?? max(10, warning ?? 10))
        }

        func validate() throws {
            try require(warning, of: "--warning", from: 0)
            try require(critical, of: "--critical", from: 0)
            try require(rateWarning, of: "--rate-warning", from: 0, through: 100)
            try require(rateCritical, of: "--rate-critical", from: 0, through: 100)
            if let warning, let critical, critical < warning {
                throw ValidationError("--critical \(critical) is milder than --warning \(warning): what is critical comes after a warning")
            }
            if let rateWarning, let rateCritical, rateCritical > rateWarning {
                throw ValidationError(
                    "--rate-critical \(rateCritical) is milder than --rate-warning \(rateWarning): what is critical comes after a warning")
            }
            if plugin, server.json { throw ValidationError("--plugin is one line and --json a document: leave one of them out") }
            if from != nil, rateWarning == nil, rateCritical == nil {
                throw ValidationError("--from is for the rate: give --rate-warning or --rate-critical")
            }
        }

        private enum Verdict: Int32 { case ok, warning, critical, unknown }

        func run() throws {
            do { try StandardOutput.begin() } catch let failure as Failure { Check.endUnknown(failure.message, isPlugin: plugin) }
            try ending {
                let (verdict, sentence, figures) = verdict()
                Check.say(verdict, sentence, figures, isPlugin: plugin, isJSON: server.json)
                if verdict != .ok { throw ExitCode(verdict.rawValue) }
            }
        }

        /// Ends the program where its options say nothing that could be checked.
        static func endUnknown(_ sentence: String, isPlugin: Bool) -> Never {
            say(.unknown, sentence, "", isPlugin: isPlugin)
            Check.exit(withError: ExitCode(Verdict.unknown.rawValue))
        }

        private static func say(_ verdict: Verdict, _ sentence: String, _ figures: String, isPlugin: Bool, isJSON: Bool = false) {
            guard !isJSON else {
                let members = [("verdict", "\(verdict)"), ("sentence", sentence), ("figures", figures)]
                return StandardOutput.data(Listing.text(.object(members.map { .init($0.0, .string($0.1)) })) + "\n")
            }
            let word = "\(verdict)".uppercased()
            // A plugin's line is a program's, in whatever language people speak.
            let said = Say.language == .zh ? "\(Say.line("\(verdict)"))：\(Say.line(sentence))" : "\(word): \(sentence)"
            StandardOutput.print(
                Terminal.plain(isPlugin ? "CASED \(word) - \(sentence)\(figures.isEmpty ? "" : " | \(figures)")" : said))
        }

        private func verdict() -> (Verdict, sentence: String, figures: String) {
            let total: JSONValue
            let held: Bool
            do {
                let from = try server.period(from: from, to: nil).from
                let report = try server.call(.slaReport, text("from", from) + [filter.member])
                try requirePast(from, today: report.cell("today"))
                if report["rows"]?.array?.isEmpty != false { try filter.requireKnownNames(server) }
                total = report["total"] ?? .null
                held = try server.call(.serverInfo)["clock_held"]?.members != nil
            } catch let failure as Failure {
                return (.unknown, failure.message + (failure.hint.map { ": \($0)" } ?? ""), "")
            } catch {
                return (.unknown, "\(error)", "")
            }
            func figure(_ name: String) -> Int { Int(total[name]?.integer ?? 0) }
            let (open, warned, overdue) = (figure("open"), figure("warned"), figure("overdue"))
            let permille = total["in_time_permille"]?.integer.map(Int.init)
            let (warning, critical) = limits
            var found: [(Verdict, String)] = []
            if overdue >= critical {
                found.append((.critical, "\(overdue) of \(open) open cases overdue"))
            } else if overdue >= warning {
                found.append((.warning, "\(overdue) of \(open) open cases overdue"))
            }
            if let permille, let rateCritical, permille < rateCritical * 10 {
                found.append((.critical, "\(Percent.text(Int64(permille)) ?? "") in time"))
            } else if let permille, let rateWarning, permille < rateWarning * 10 {
                found.append((.warning, "\(Percent.text(Int64(permille)) ?? "") in time"))
            }
            if held { found.append((.critical, "the machine's clock is not believed: casectl clock confirm")) }
            let figures =
                "open=\(open) warned=\(warned) overdue=\(overdue);\(warning);\(critical)"
                + (permille.map { " in_time=\($0 / 10).\($0 % 10)%" } ?? "")
            guard let worst = found.map(\.0).max(by: { $0.rawValue < $1.rawValue }) else {
                return (.ok, "\(open) open cases, none too many overdue", figures)
            }
            return (worst, found.map(\.1).joined(separator: ", "), figures)
        }
    }
}

extension Server {
    /// The days of a period as somebody wrote them. A report has whole days: what is none would lose its time in silence.
    fileprivate func period(from: String?, to: String?) throws -> (from: String?, to: String?) {
        let days = (
            from: try from.map { try Moment.wholeDay($0, "--from", self) }, to: try to.map { try Moment.wholeDay($0, "--to", self) }
        )
        if let first = days.from, let end = days.to, first >= end {
            throw Failure(
                code: .usage,
                message: first == end
                    ? "--to \(end) is the day after the last one, and --from the same: that is no day"
                    : "--to \(end) is before --from \(first)",
                hint: first == end ? "for that one day give --to \(end.advanced(by: 1))" : "swap them")
        }
        return (days.from?.description, days.to?.description)
    }
}

/// Refuses a period that has not begun: its figures would all be 0.
private func requirePast(_ from: String?, today: String?) throws {
    guard let from = from.flatMap({ Day($0) }), let today = today.flatMap({ Day($0) }), from > today else { return }
    throw Failure(code: .usage, message: "--from \(from) has not come yet", hint: "today is \(today)")
}

/// The file in which a job keeps where its last report ended.
struct ReportPlace {
    private let path: String
    /// The first day that was in no report; nil before the first one.
    let day: Day?

    init(_ path: String) throws {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            // Nobody reads a report whose end is not kept.
            try WholeFile.requireCreatable(path)
            day = nil
            return
        }
        try WholeFile.requireOrdinary(path)
        let text = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let day = text.flatMap({ Day($0) }) else {
            throw Failure(code: .usage, message: "\(path) holds no day", hint: "write one such as 2026-01-01 there, or remove it")
        }
        self.day = day
    }

    func move(to day: String) throws {
        try WholeFile.write(day + "\n", to: path)
    }
}
