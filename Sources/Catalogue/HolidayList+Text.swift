import WorkingTime

extension HolidayList {
    /// Days that follow each other and are alike.
    package struct Run: Equatable, Sendable {
        package let from: Day
        package let to: Day
        package let entry: Entry
    }

    /// A day of which two lists speak differently; nil where one of them does not name it.
    package struct Difference: Equatable, Sendable {
        package let day: Day
        package let before: Entry?
        package let after: Entry?
    }

    package var runs: [Run] {
        days.sorted { $0.key < $1.key }.reduce(into: []) { runs, day in
            if let last = runs.last, last.to.advanced(by: 1) == day.key, last.entry == day.value {
                runs[runs.count - 1] = Run(from: last.from, to: day.key, entry: day.value)
            } else {
                runs.append(Run(from: day.key, to: day.key, entry: day.value))
            }
        }
    }

    /// What a person has to look at before this list takes the place of another: each day that differs, before and after.
    package func differences(from old: HolidayList?) -> [Difference] {
        Set(days.keys).union(old?.days.keys.map { $0 } ?? []).sorted().compactMap { day in
            let (before, after) = (old?.days[day], days[day])
            return before == after ? nil : Difference(day: day, before: before, after: after)
        }
    }

    /// The entries of a file besides one list, such as `holidays.cn-2025`: what would be lost where the list takes the place of the file.
    package static func entries(in file: String, besides name: String) -> [String] {
        guard let table = try? TOMLText.table(file) else { return ["what is no TOML"] }
        return table.keys.sorted().flatMap { kind in
            (table[kind]?.table?.keys.sorted() ?? []).map { "\(kind).\($0)" }
        }.filter { $0 != "holidays.\(name)" }
    }

    /// The file of a catalogue that declares it.
    package func text(name: String) -> String {
        var lines = ["[holidays.\(quoted(name))]"]
        if let year { lines.append("year = \(year)") }
        if !source.isEmpty { lines.append("source = \(quoted(source))") }
        for run in runs {
            let (table, windows): (String, [WorkingWindow]?) =
                switch run.entry.kind {
                case .off: ("holiday", nil)
                case .partly(let windows): ("holiday", windows)
                case .worked(let windows): ("make-up", windows)
                }
            lines += ["", "[[holidays.\(quoted(name)).\(table)]]", "name = \(quoted(run.entry.name))"]
            lines += run.from == run.to ? ["on = \(run.from)"] : ["from = \(run.from)", "to = \(run.to)"]
            if let windows { lines.append("windows = [\(windows.map { quoted($0.description) }.joined(separator: ", "))]") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A basic string of TOML.
    private func quoted(_ text: String) -> String {
        "\""
            + text.unicodeScalars.map { scalar in
                switch scalar {
                case "\"": "\\\""
                case "\\": "\\\\"
                case "\u{0}"..."\u{1F}", "\u{7F}":
                    "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count) + String(scalar.value, radix: 16)
                default: String(scalar)
                }
            }.joined() + "\""
    }
}
