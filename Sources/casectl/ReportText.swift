import CasePages
import CaseWire
import WorkingTime

/// A report for a terminal or a mail: a heading, the figures with their units, and the cases that are overdue.
struct ReportText {
    let heading: ReportHeading
    let columns: [Column]
    let rows: [JSONValue]
    let overdue: OverdueCases
    /// How instants are said; nil as they are.
    let local: LocalTime?

    var text: String {
        let words = Say.language.reportWords
        let facts = heading.facts.map {
            "\($0.label)\(String(repeating: " ", count: max(1, 16 - Terminal.width($0.label))))\(Terminal.plain($0.value))"
        }
        let parts: [String?] = [
            ([words.title] + facts).joined(separator: "\n"), heading.emptiness, rows.isEmpty ? nil : figures, heading.former,
            Say.language.remark(on: overdue),
            overdue.entries.isEmpty ? nil : list,
        ]
        return parts.compactMap { $0 }.joined(separator: "\n\n")
    }

    private var figures: String {
        let units = Say.language.reportWords.units
        var table = Table(columns.map(\.heading), numbers: columns.filter(\.isNumber).map(\.heading))
        table.add(columns.map { units[$0.name] ?? "" })
        for row in rows {
            table.add(
                columns.map { column in
                    let value = column.value(row)
                    return column.isInstant ? value.flatMap { local?.text($0) } ?? value : value
                })
        }
        return table.text
    }

    private var list: String {
        let words = Say.language.reportWords
        var table = Table(
            [words.number, words.matter, words.state, words.waitsFor, words.clock, words.due, words.late].map { $0.uppercased() })
        for entry in overdue.entries {
            table.add([
                entry.file, entry.matter, entry.state.map(Say.language.state), Say.language.waitsFor(entry),
                entry.clock.map(Say.language.clock),
                Say.language.due(entry, amongZones: heading.zoneCount), Say.language.late(entry),
            ])
        }
        return table.text
    }
}
