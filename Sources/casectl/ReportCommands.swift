import ArgumentParser
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
                days, in the zone of the calendars.

                For cron: --since-last FILE reports from where the last report ended through yesterday, and keeps the place in FILE. \
                -o openmetrics writes totals for the node exporter's textfile directory, -o html a page that needs nothing else.
                """)
        @OptionGroup var server: Server
        @OptionGroup var filter: Filter
        @OptionGroup var output: Output
        @Option(help: "The first day of the period, such as 2026-01-01.") var from: String?
        @Option(help: "The day after its last.") var to: String?
        @Option(help: "office, matter, leader, commissioner or department.") var by = "office"
        @Option(help: "Begin where the last report with this file ended, and end with yesterday.") var sinceLast: String?
        @Option(help: "The language of an html page: en or zh.") var language: Language = .en

        func validate() throws {
            if sinceLast != nil, from != nil || to != nil {
                throw ValidationError("--since-last sets the period: leave --from and --to out")
            }
            if output.format == .openmetrics, from != nil || to != nil || sinceLast != nil {
                throw ValidationError("metrics are totals over all time: leave the period out")
            }
        }

        static let columns =
            [Column("name"), Column("title", wide: true)]
            + [
                ("received", false), ("open", false), ("warned", true), ("overdue", false), ("provisional", true), ("decided", false),
                ("granted", true), ("refused", true), ("deemed_granted", true), ("closed_otherwise", true), ("in_time", false),
                ("promise_missed", false), ("late", false),
            ].map { Column($0.0, number: true, wide: $0.1) }
            + [
                Column("rate", number: true) { Percent.text($0["in_time_permille"]?.integer) },
                Column("handling_median", number: true), Column("handling_p90", number: true),
            ]
            + [
                "pauses", "extensions", "corrections", "pauses_near_breach", "same_day_pauses", "repeated_corrections",
                "last_moment_decisions",
            ].map { Column($0, number: true, wide: true) }
            + [Column("oldest_open"), Column("oldest_submitted_at", wide: true, instant: true)]

        func run() throws {
            try ending {
                let (from, to) = try sinceLast.map(period) ?? (from, to)
                let result = try server.call(.slaReport, text("by", by) + text("from", from) + text("to", to) + [filter.member])
                let rows = (result["rows"]?.array ?? []) + [result["total"] ?? .null]
                if rows.count == 1 { try filter.requireKnownNames(server) }
                switch output.format {
                case .html: StandardOutput.data(ReportPage(result, months: try months(through: to), language: language).html + "\n")
                case .openmetrics: StandardOutput.data(Metrics.text(result, by: by))
                default: try Listing(columns: Report.columns, records: rows).show(output, server, whole: result)
                }
                // The place moves only once the report is where it was to go.
                StandardOutput.flush()
                try StandardOutput.finish()
                if let sinceLast, let to { try keep(to, in: sinceLast) }
            }
        }

        // MARK: Periods

        /// From the place in a file to the beginning of the server's today.
        private func period(_ path: String) throws -> (from: String?, to: String?) {
            // The day of an instant, as the server sees it in the zone of its calendars.
            let today = try server.call(.slaReport, text("from", try server.now()?.description)).cell("from")
            guard FileManager.default.fileExists(atPath: path) else { return (nil, today) }
            try WholeFile.requireOrdinary(path)
            let text = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
            guard let day = text.flatMap({ Day($0) }) else {
                throw Failure(code: .usage, message: "\(path) holds no day", hint: "write one such as 2026-01-01 there, or remove it")
            }
            return (day.description, today)
        }

        private func keep(_ day: String, in path: String) throws {
            try WholeFile.write(day + "\n", to: path)
        }

        /// The figures of twelve months, the last one that of the period's end.
        private func months(through to: String?) throws -> [(month: String, total: JSONValue)] {
            let end = try to.flatMap { Day($0) }?.advanced(by: -1) ?? server.now().map { Zone.utc.day(of: $0) } ?? Day(number: 0)
            let (year, month, _) = end.components
            return try (0..<12).reversed().map { back in
                let index = year * 12 + month - 1 - back
                func first(_ index: Int) -> Day { Day(year: index / 12, month: index % 12 + 1, day: 1) ?? end }
                let (from, to) = (first(index), first(index + 1))
                let result = try server.call(.slaReport, text("from", from.description) + text("to", to.description) + [filter.member])
                return (String(from.description.prefix(7)), result["total"] ?? .null)
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Whether the promises are kept well enough, for monitoring."),
            discussion: "Exits with 0 where all is well, 1 for a warning, 2 where it is critical, 3 where it cannot be found out.")
        @OptionGroup var server: Server
        @OptionGroup var filter: Filter
        @Flag(help: "One line as monitoring plugins print it, with performance data.") var plugin = false
        @Option(help: "Warn from so many overdue cases on.") var warning = 1
        @Option(help: "Critical from so many overdue cases on.") var critical = 10
        @Option(help: "Warn where less than so many percent of the decided cases were in time.") var rateWarning: Int?
        @Option(help: "Critical where less than so many percent of the decided cases were in time.") var rateCritical: Int?
        @Option(help: "The first day for the rate, such as 2026-01-01.") var from: String?

        private enum Verdict: Int32 { case ok, warning, critical, unknown }

        func run() throws {
            do { try StandardOutput.begin() } catch { Check.endUnknown("\(error)", isPlugin: plugin) }
            try ending {
                let (verdict, sentence, figures) = verdict()
                Check.say(verdict, sentence, figures, isPlugin: plugin)
                if verdict != .ok { throw ExitCode(verdict.rawValue) }
            }
        }

        /// Ends the program where its options say nothing that could be checked.
        static func endUnknown(_ sentence: String, isPlugin: Bool) -> Never {
            say(.unknown, sentence, "", isPlugin: isPlugin)
            Check.exit(withError: ExitCode(Verdict.unknown.rawValue))
        }

        private static func say(_ verdict: Verdict, _ sentence: String, _ figures: String, isPlugin: Bool) {
            let word = "\(verdict)".uppercased()
            StandardOutput.print(
                Terminal.plain(isPlugin ? "CASED \(word) - \(sentence)\(figures.isEmpty ? "" : " | \(figures)")" : "\(word): \(sentence)"))
        }

        private func verdict() -> (Verdict, sentence: String, figures: String) {
            let total: JSONValue
            let held: Bool
            do {
                let report = try server.call(.slaReport, text("from", from) + [filter.member])
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

/// A share of a thousand as people read it.
enum Percent {
    static func text(_ permille: Int64?) -> String? {
        permille.map { "\($0 / 10).\($0 % 10)%" }
    }
}
