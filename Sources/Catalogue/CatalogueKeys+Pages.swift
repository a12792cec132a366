import CaseCore
import WorkingTime

// What people and editors read of the keys.

extension CatalogueKey {
    /// What its value is, in words.
    package var kind: String {
        switch form {
        case .text: "text"
        case .name(of: let kind): kind == "sla" || "aeio".contains(kind.prefix(1)) ? "an \(kind)" : "a \(kind)"
        case .names(of: let kind): kind.hasSuffix("s") ? kind : "\(kind)s"
        case .map(of: let kind): "table of \(kind)s"
        case .texts: "texts"
        case .word(let words): words.joined(separator: " or ")
        case .flag: "true or false"
        case .number: "whole number"
        case .length: "length"
        case .day: "day"
        case .instant: "instant"
        case .dayOrInstant: "day or instant"
        case .someWords(let words): "\(words.joined(separator: " or ")), or a list"
        case .time: "time"
        case .windows: "windows"
        case .table: "table"
        case .tables: "tables"
        }
    }

    /// How its value is written.
    private var writing: String {
        switch form {
        case .text: "a text in quotes"
        case .name(of: let kind): "the name of \(self.kind), declared as [\(kind).NAME], in quotes"
        case .names(of: let kind): "a list of names, each declared as [\(kind).NAME]"
        case .map(of: let kind): "lines of a name of its own and the name of a \(kind)"
        case .texts: "a list of texts"
        case .word(let words): "one of \(words.map { "\"\($0)\"" }.joined(separator: ", "))"
        case .flag: "true or false"
        case .number: "a whole number"
        case .length: "a whole number and its unit in quotes: \(Length.units.joined(separator: ", "))"
        case .day: "a day without quotes, such as 2026-03-01"
        case .instant: "an instant with its offset, in quotes"
        case .dayOrInstant: "a day without quotes, such as 2026-03-01, or an instant with its offset, in quotes"
        case .someWords(let words): "one of \(words.map { "\"\($0)\"" }.joined(separator: ", ")), or a list of some"
        case .time: "a time of day in quotes; \"24:00\" is the end of the day"
        case .windows:
            "a list of stretches, in order and apart, such as \"09:00-12:00\"; over midnight \"22:00-06:00\", on the day on which it begins"
        case .table(let table): "a table: casectl catalog explain \(table.name)"
        case .tables(let table): "any number of tables: casectl catalog explain \(table.name)"
        }
    }

    /// All about it, for a terminal.
    ///
    /// - Parameter table: in which it stands.
    package func explanation(in table: CatalogueTable) -> String {
        """
        \(name), in [\(table.heading)]
          \(summary)
          value:   \(writing)
          needed:  \(isRequired ? "yes" : absence.map { "no; without it: \($0)" } ?? "no")
          example: \(name) = \(example)

        """
    }

    private var condition: String {
        isRequired ? "required" : absence.map { "by default \($0)" } ?? ""
    }

    fileprivate var row: String {
        "| `\(name)` | \(kind) | \(condition) | \(summary) | `\(example)` |\n"
    }

    /// For a terminal.
    fileprivate func line(width: Int) -> String {
        let parts = [name.padded(to: width), kind, condition].filter { !$0.isEmpty }
        return "  \(parts.joined(separator: "  "))\n  \("".padded(to: width))  \(summary), such as \(name) = \(example)\n"
    }

    /// What `WorkingWindow` reads, but that a window has a length.
    private static let windowPattern = "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"

    /// As a JSON Schema, without its last brace.
    fileprivate var schema: String {
        let description = #""description":\#(quoted(summary + (condition.isEmpty ? "" : " (\(condition))")))"#
        return switch form {
        case .text, .name, .length, .instant, .time: #"{"type":"string",\#(description)}"#
        case .texts, .names: #"{"type":"array","items":{"type":"string"},\#(description)}"#
        case .windows: #"{"type":"array","items":{"type":"string","pattern":"\#(CatalogueKey.windowPattern)"},\#(description)}"#
        case .map: #"{"type":"object","additionalProperties":{"type":"string"},\#(description)}"#
        case .word(let words): #"{"enum":[\#(words.map(quoted).joined(separator: ","))],\#(description)}"#
        case .flag: #"{"type":"boolean",\#(description)}"#
        case .number: #"{"type":"integer",\#(description)}"#
        case .day, .dayOrInstant: #"{\#(description)}"#
        case .someWords(let words):
            #"{"anyOf":[{"enum":[\#(words.map(quoted).joined(separator: ","))]},{"type":"array","items":{"enum":[\#(words.map(quoted).joined(separator: ","))]}}],\#(description)}"#
        case .table(let table): table.schema(description)
        case .tables(let table): #"{"type":"array","items":\#(table.schema(nil)),\#(description)}"#
        }
    }
}

private func quoted(_ text: String) -> String {
    String(decoding: JSONWriter.string(text), as: UTF8.self)
}

extension JSONWriter {
    fileprivate static func string(_ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(text)
        return writer.bytes
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}

extension CatalogueTable {
    /// The keys that are meant by a name: a key by itself, or behind its table, with or without the names of entries between.
    package static func keys(named name: String) -> [(table: CatalogueTable, key: CatalogueKey)] {
        let parts = name.split(separator: ".").map(String.init)
        guard let last = parts.last else { return [] }
        return every.filter { parts.count == 1 || $0.isMeant(by: parts.dropLast()) }.compactMap { table in
            table.key(last).map { (table, $0) }
        }
    }

    /// Whether a heading without its brackets is one of this table: `matter`, `matter.permit`, `sla.fast.decision`.
    private func isMeant(by heading: some Collection<String>) -> Bool {
        let own = self.heading.split(separator: ".").map(String.init)
        func matches(_ pattern: [String]) -> Bool {
            pattern.count == heading.count && zip(pattern, heading).allSatisfy { $0 == $1 || $0.allSatisfy(\.isUppercase) }
        }
        return matches(own) || matches(own.filter { !$0.allSatisfy(\.isUppercase) }) || matches(own.filter { $0 != "NAME" })
    }

    fileprivate var heading: String {
        name.contains(".") ? name : "\(name).NAME"
    }

    /// The keys of all tables, for `docs/catalog.md`.
    package static var page: String {
        every.map { table in
            """
            ### `[\(table.heading)]`

            \(table.summary)

            | key | value | | | such as |
            |---|---|---|---|---|
            \(table.keys.map(\.row).joined())

            """
        }.joined()
    }

    /// The keys of one table, for a terminal.
    package var explanation: String {
        let width = keys.map(\.name.count).max() ?? 0
        return "[\(heading)]\n\(summary)\n\n" + keys.map { $0.line(width: width) }.joined()
    }

    /// - Parameter description: what a key says of it, as a member; nil for its own.
    fileprivate func schema(_ description: String?) -> String {
        let properties = keys.map { "\(quoted($0.name)):\($0.schema)" }.joined(separator: ",")
        let required = keys.filter(\.isRequired).map { quoted($0.name) }.joined(separator: ",")
        let own = description ?? #""description":\#(quoted(summary))"#
        return
            #"{"type":"object","additionalProperties":false,\#(own),"required":[\#(required)],"properties":{\#(properties)}}"#
    }

    /// A JSON Schema (draft 7) for editors that know TOML, such as those with taplo.
    package static var schema: String {
        let kinds = all.map { table in
            #"\#(quoted(table.name)):{"type":"object","description":\#(quoted(table.summary)),"additionalProperties":\#(table.schema(nil))}"#
        }
        return
            #"{"$schema":"http://json-schema.org/draft-07/schema#","title":"A catalogue of cased","type":"object","additionalProperties":false,"properties":{\#(kinds.joined(separator: ","))}}"#
            + "\n"
    }

    /// The text of an entry that is none, to show what there is.
    package var remark: String {
        "# \(summary)\n#\n" + beginning("NAME", [:]).split(separator: "\n").map { $0.hasPrefix("#") ? "\($0)\n" : "# \($0)\n" }.joined()
            + "\n"
    }

    /// The text of an entry to begin with: the given keys as they are given, the others as remarks with what they mean.
    package func beginning(_ entry: String, _ given: KeyValuePairs<String, String>) -> String {
        var text = "[\(name).\(entry)]\n"
        for key in keys {
            let value = given.first { $0.key == key.name }?.value
            text += value.map { "\(key.name) = \($0)\n" } ?? "# \(key.name) = \(key.example)  # \(key.summary)\n"
        }
        return text + "\n"
    }
}
