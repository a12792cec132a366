import ArgumentParser
import CaseWire
import WorkingTime

extension CalendarGroup {
    struct Why: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Why a day counts as a working day or does not, and by which list."),
            discussion: "Examples: casectl calendar why 2026-02-14; casectl calendar why tomorrow --calendar cn --version 3")
        @OptionGroup var server: Server
        @Argument(help: "A day, such as 2026-02-14 or tomorrow.", transform: DashedText.text) var day: String
        @Option(help: "A calendar of the catalogue; by default its only one.") var calendar: String?
        @Option(help: "By this version of the catalogue; by default the newest.") var version: Int?

        func run() throws {
            try ending {
                let parameters =
                    [JSONValue.Member("day", .string(day))] + (calendar.map { [.init("calendar", .string($0))] } ?? [])
                    + (version.map { [.init("version", .integer($0))] } ?? [])
                server.show(try server.call(.calendarWhy, parameters)) { Why.text($0) }
            }
        }

        private static func text(_ result: JSONValue) -> String {
            func cell(_ name: String) -> String { result.cell(name) ?? "" }
            let windows = (result["windows"]?.array ?? []).compactMap(\.string).joined(separator: " ")
            var lines = ["\(cell("day")), \(cell("weekday")): \(windows.isEmpty ? "not worked" : "worked \(windows)")"]
            let named = result.cell("name").map { "\"\($0)\", by \(cell("entry"))" }
            switch result.cell("rule").flatMap(DayReason.Rule.init) {
            case .holiday: lines.append("  a holiday: \(named ?? "")")
            case .makeUp: lines.append("  a make-up working day: \(named ?? "")")
            case .otherWindows: lines.append("  worked in other windows than its weekday: \(named ?? "")")
            case .skipped: lines.append("  the zone \(cell("zone")) skipped this day: it never was")
            case .weekday, nil:
                lines.append(
                    "  as every \(cell("weekday")) by calendar.\(cell("calendar"))"
                        + (named.map { "; it is named, and no different: \($0)" } ?? ""))
            }
            let overruled = (result["overruled"]?.array ?? []).compactMap(\.string)
            if !overruled.isEmpty { lines.append("  over the word of \(overruled.joined(separator: ", ")), which stand before it") }
            let through = "calendar \(cell("calendar")) (\(cell("zone"))) is official through \(cell("valid_through"))"
            if result["provisional"]?.bool == true {
                lines.append("  provisional: \(through), and no year is published beyond that")
            } else if result["year_named"]?.bool == true {
                lines.append("  official: \(through)")
            } else {
                lines.append("  official: \(through), though it names no day of \(cell("day").prefix(4)): the week alone speaks")
            }
            lines.append("  catalogue version \(cell("catalog_version")), applied at \(cell("applied_at")) by \(cell("applied_by"))")
            return lines.map(Terminal.plain).joined(separator: "\n")
        }
    }
}
