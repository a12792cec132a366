import ArgumentParser
import CasePages
import CaseWire
import WorkingTime

struct CalendarGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: Say.text("Count in working time, look at calendars, take over published ones."),
        subcommands: [Due.self, Measure.self, Month.self, Why.self, Diff.self, Import.self])

    struct Due: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("When a budget ends."),
            discussion: "Examples: casectl calendar due cn today \"20 working-days\"; casectl calendar due cn 2026-03-24 48h")
        @OptionGroup var server: Server
        @Argument(help: "A calendar of the catalogue.") var calendar: String
        @Argument(help: "From when: a day or an instant, such as today.", transform: DashedText.text) var start: String
        @Argument(help: "How long, such as \"20 working-days\" or \"2 months\".") var budget: String
        @Flag(help: "Move a last day that is not worked to the next one that is.") var rolls = false

        func run() throws {
            try ending {
                let parameters =
                    [("calendar", calendar), ("start", start), ("budget", budget)].map { JSONValue.Member($0.0, .string($0.1)) }
                    + (rolls ? [JSONValue.Member("rolls", .bool(true))] : [])
                let result = try server.call(.calendarDue, parameters)
                // Minutes end within a day, and days with it.
                let isWholeDays = (try? Length(parsing: budget))?.meter.countsDays == true
                let local = try LocalTime(server, calendar: calendar)
                server.show(result) { Terminal.plain(text($0, isWholeDays, local)) }
            }
        }

        /// What a person on a terminal reads is said by the calendar; elsewhere the instant comes first, as it is.
        private func text(_ result: JSONValue, _ isWholeDays: Bool, _ local: LocalTime?) -> String {
            let due = result.cell("due") ?? ""
            let said = local.flatMap { local in local.text(due, isEnd: isWholeDays).map { Say.fill("{} in {}", $0, local.zoneName) } }
            let provisional = result["provisional"]?.bool == true ? Say.fill(" (provisional)") : ""
            if Terminal.isTerminal, let said { return said + provisional }
            let day = result.cell("last_day") ?? ""
            return due + Say.comma + (isWholeDays ? Say.fill("the end of {}", day) : said ?? day) + provisional
        }
    }

    struct Measure: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: Say.text("How much time lies between two instants."))
        @OptionGroup var server: Server
        @Argument(help: "A calendar of the catalogue.") var calendar: String
        @Argument(help: "From when: a day or an instant, such as -7d.", transform: DashedText.text) var from: String
        @Argument(help: "Until when.", transform: DashedText.text) var to: String
        @Option(help: "In which unit.") var unit = "working-days"

        func run() throws {
            try ending {
                let parameters = [("calendar", calendar), ("from", from), ("to", to), ("unit", unit)].map {
                    JSONValue.Member($0.0, .string($0.1))
                }
                server.show(try server.call(.calendarMeasure, parameters)) {
                    Say.language.oneUnit("\($0.cell("amount") ?? "") \($0.cell("unit") ?? "")")
                }
            }
        }
    }
}
