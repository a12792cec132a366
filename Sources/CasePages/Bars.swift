/// A plot of horizontal bars, as `bars.mustache` shows it: made of the page's own text, so that it is as large as that on every screen. Each
/// series has a hue and a lightness of its own, so that it is told apart in grey and in print; each part has its number in or behind it.
package struct Bars {
    /// In which colours: `judging` for good, middling and bad, `plain` for what is none of these.
    package let palette: String
    package let keys: [Key]
    package let entries: [Entry]

    package struct Key {
        /// The class of its colour, `a` to `c`.
        package let series: String
        package let text: String
    }

    package struct Entry {
        package let label: String
        package let lines: [Line]
    }

    /// One bar.
    package struct Line {
        /// In thousandths of the longest bar.
        package let permille: Int
        package let parts: [Part]
        /// The sum behind it.
        package let sum: String
        /// Those parts that are too narrow for their number.
        package let rest: [Part]
    }

    package struct Part {
        package let series: String
        package let value: Int
        package let name: String
        /// Whether the number stands in the part.
        package let isLabelled: Bool
        /// In hundredths of the longest bar, at least one.
        package let percent: Int
    }

    /// What is plotted for one label.
    package struct Row {
        package let label: String
        package let values: [Int]
    }

    private static let series = ["a", "b", "c"]

    /// A bar a row, its parts one after the other, with the sum behind it.
    package static func stacked(_ rows: [Row], legend: [String]) -> Bars {
        let longest = max(1, rows.map { $0.values.reduce(0, +) }.max() ?? 1)
        let entries = rows.map { row in
            let parts = row.values.enumerated().filter { $0.element > 0 }.map { place, value in
                Part(
                    series: series[place], value: value, name: legend[place], isLabelled: isWide(value, of: longest),
                    percent: max(1, value * 100 / longest))
            }
            let sum = row.values.reduce(0, +)
            return Entry(
                label: row.label,
                lines: [Line(permille: sum * 1000 / longest, parts: parts, sum: "\(sum)", rest: parts.filter { !$0.isLabelled })])
        }
        return Bars(palette: "judging", keys: keys(legend), entries: entries)
    }

    /// A bar for each value of each row.
    package static func grouped(_ rows: [Row], legend: [String]) -> Bars {
        let longest = max(1, rows.flatMap(\.values).max() ?? 1)
        let entries = rows.map { row in
            Entry(
                label: row.label,
                lines: row.values.enumerated().map { place, value in
                    let part = Part(
                        series: series[place], value: value, name: legend[place], isLabelled: false, percent: max(1, value * 100 / longest))
                    return Line(permille: value * 1000 / longest, parts: value > 0 ? [part] : [], sum: "\(value)", rest: [])
                })
        }
        return Bars(palette: "plain", keys: keys(legend), entries: entries)
    }

    private static func keys(_ legend: [String]) -> [Key] {
        zip(series, legend).map { Key(series: $0, text: $1) }
    }

    /// Whether the digits of a number fit into its part of the longest bar on the narrowest screen.
    private static func isWide(_ value: Int, of longest: Int) -> Bool {
        value * 1000 / longest >= 25 + 35 * "\(value)".count
    }
}
