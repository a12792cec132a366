import ArgumentParser
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
                let minute = (try? Length(parsing: budget))?.meter.countsDays == true ? nil : try minute(result.cell("due"))
                server.show(result) {
                    "\($0.cell("due") ?? ""), \(minute ?? "the end of \($0.cell("last_day") ?? "")")"
                        + ($0["provisional"]?.bool == true ? " (provisional)" : "")
                }
            }
        }

        private func minute(_ due: String?) throws -> String? {
            guard let due, let local = try LocalTime(server, calendar: calendar) else { return nil }
            return local.text(due).map { "\($0) in \(local.zoneName)" }
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
                    "\($0.cell("amount") ?? "") \($0.cell("unit") ?? "")"
                }
            }
        }
    }
}
