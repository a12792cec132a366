import ArgumentParser
import CasePages
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
                server.show(try server.call(.calendarWhy, parameters)) { Why.text($0, Times(server)) }
            }
        }

        private static func text(_ result: JSONValue, _ times: Times) -> String {
            func cell(_ name: String) -> String { result.cell(name) ?? "" }
            let weekday = Say.cell("weekday", cell("weekday"))
            let windows = (result["windows"]?.array ?? []).compactMap(\.string).joined(separator: " ")
            var lines = [
                Say.fill(
                    "{}, {}: {}", cell("day"), weekday, windows.isEmpty ? Say.fill("not worked") : Say.fill("worked {}", windows))
            ]
            let named = result.cell("name").map { Say.fill("\"{}\", by {}", $0, cell("entry")) }
            switch result.cell("rule").flatMap(DayReason.Rule.init) {
            case .holiday: lines.append(Say.fill("  a holiday: {}", named ?? ""))
            case .makeUp: lines.append(Say.fill("  a make-up working day: {}", named ?? ""))
            case .otherWindows: lines.append(Say.fill("  worked in other windows than its weekday: {}", named ?? ""))
            case .skipped: lines.append(Say.fill("  the zone {} skipped this day: it never was", cell("zone")))
            case .weekday, nil:
                let every = Say.fill("  as every {} by calendar.{}", weekday, cell("calendar"))
                lines.append(every + (named.map { Say.fill("; it is named, and no different: {}", $0) } ?? ""))
            }
            let overruled = (result["overruled"]?.array ?? []).compactMap(\.string)
            if !overruled.isEmpty {
                lines.append(Say.fill("  over the word of {}, which stand before it", overruled.joined(separator: Say.comma)))
            }
            let official = [cell("calendar"), cell("zone"), cell("valid_through")]
            if result["provisional"]?.bool == true, cell("day") <= cell("valid_through") {
                lines.append(
                    Say.fill(
                        "  provisional: calendar {} ({}) names no day of {}, nor of a year before: the week alone speaks", cell("calendar"),
                        cell("zone"), String(cell("day").prefix(4))))
            } else if result["provisional"]?.bool == true {
                lines.append(
                    Say.language.filled(
                        "  provisional: calendar {} ({}) is official through {}, and no year is published beyond that", official))
            } else if result["year_named"]?.bool == true {
                lines.append(Say.language.filled("  official: calendar {} ({}) is official through {}", official))
            } else {
                lines.append(
                    Say.language.filled(
                        "  official: calendar {} ({}) is official through {}, though it names no day of {}: the week alone speaks",
                        official + [String(cell("day").prefix(4))]))
            }
            let (version, by) = (cell("catalog_version"), cell("applied_by"))
            lines.append(Say.fill("  catalogue version {}, applied at {} by {}", version, times(result, "applied_at") ?? "", by))
            return lines.map(Terminal.plain).joined(separator: "\n") + times.remark
        }
    }
}
