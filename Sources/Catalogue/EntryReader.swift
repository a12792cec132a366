import CaseCore
import WorkingTime

/// Reads the keys of one table, and notes what is missing, misspelt or of the wrong form.
struct EntryReader {
    let path: [String]
    let table: TOMLTable
    /// What it can hold: nothing else is asked for.
    private let described: CatalogueTable
    private(set) var findings: [EntryFinding] = []
    private var known: Set<String> = []

    init(_ table: TOMLTable, at path: [String], as described: CatalogueTable) {
        self.table = table
        self.path = path
        self.described = described
    }

    var name: String {
        path.joined(separator: ".")
    }

    /// - Parameter missing: the key that is not there.
    mutating func find(_ key: String?, _ rule: Violation.Rule, _ message: String, mend: String, missing: String? = nil) {
        findings.append(
            EntryFinding(path: path + (key.map { [$0] } ?? []), missing: missing, rule: rule, message: message, mend: mend))
    }

    mutating func value(_ key: String) -> TOMLValue? {
        precondition(described.key(key) != nil, "\(described.name) has no key \(key) in its description")
        known.insert(key)
        return table[key]
    }

    mutating func optionalText(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string else {
            find(key, .form, "\(name) has a \(key) that is \(value.kind)", mend: "write one text in quotes")
            return nil
        }
        return text
    }

    mutating func text(_ key: String, rule: Violation.Rule = .form, mend: String? = nil) -> String {
        guard value(key) != nil else {
            find(nil, rule, "\(name) has no \(key)", mend: mend ?? "add \(key) = \"…\"", missing: key)
            return ""
        }
        return optionalText(key) ?? ""
    }

    /// A name that must be there exactly once: a list is refused with the rule that says so.
    mutating func exactlyOne(_ key: String, _ rule: Violation.Rule) -> String {
        if let list = value(key)?.array {
            find(
                key, rule, "\(name) names \(list.count) \(key)s", mend: "name exactly one: \(key) = \"…\"")
            return ""
        }
        return text(key, rule: rule, mend: "name exactly one: \(key) = \"…\"")
    }

    mutating func boolean(_ key: String) -> Bool {
        guard let value = value(key) else { return false }
        guard let flag = value.boolean else {
            find(key, .form, "\(name) has a \(key) that is \(value.kind)", mend: "write true or false")
            return false
        }
        return flag
    }

    /// One of the words of a kind.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, unless usual: Word) -> Word {
        guard let text = optionalText(key) else { return usual }
        if let word = Word(rawValue: text) { return word }
        find(
            key, .form, "\(name) has \(key) = \"\(text)\"",
            mend: "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        return usual
    }

    mutating func texts(_ key: String) -> [String] {
        guard let value = value(key) else { return [] }
        guard let list = value.array, list.allSatisfy({ $0.string != nil }) else {
            find(key, .form, "\(name) has \(key) that are \(value.kind)", mend: "write a list of texts: \(key) = [\"…\"]")
            return []
        }
        return list.compactMap(\.string)
    }

    /// Names, each under a name of its own; nil where there is no such table.
    mutating func names(_ key: String) -> [String: String]? {
        guard let value = value(key) else { return nil }
        guard let table = value.table, table.keys.allSatisfy({ table[$0]?.string != nil }) else {
            find(
                key, .form, "\(name) has \(key) that are no table of names",
                mend: "write [\(name).\(key)], and under it lines of NAME = \"…\"")
            return nil
        }
        return Dictionary(uniqueKeysWithValues: table.keys.map { ($0, table[$0]!.string!) })
    }

    mutating func optionalLength(_ key: String) -> Length? {
        guard let value = value(key) else { return nil }
        if let number = value.integer {
            find(key, .unit, "\(name) has a \(key) of \(number) without a unit", mend: "write it as in \"\(number) working-days\"")
            return nil
        }
        guard let text = optionalText(key) else { return nil }
        return length(text, key)
    }

    mutating func length(_ text: String, _ key: String) -> Length? {
        do {
            return try Length(parsing: text)
        } catch {
            find(key, .unit, "\(name): \(error.description)", mend: "give a whole number and a unit")
            return nil
        }
    }

    mutating func tables(_ key: String) -> [(EntryReader)] {
        guard let value = value(key) else { return [] }
        guard let list = value.array, list.allSatisfy({ $0.table != nil }) else {
            find(key, .form, "\(name) has a \(key) that is \(value.kind)", mend: "write [[\(name).\(key)]]")
            return []
        }
        guard case .tables(let inner)? = described.key(key)?.form else { preconditionFailure("\(key) holds no tables") }
        return list.enumerated().map { EntryReader($1.table!, at: path + [key, String($0)], as: inner) }
    }

    mutating func table(_ key: String) -> EntryReader? {
        guard let value = value(key) else { return nil }
        guard let table = value.table else {
            find(key, .form, "\(name) has a \(key) that is \(value.kind)", mend: "write [\(name).\(key)]")
            return nil
        }
        guard case .table(let inner)? = described.key(key)?.form else { preconditionFailure("\(key) is no table") }
        return EntryReader(table, at: path + [key], as: inner)
    }

    mutating func day(_ key: String) -> Day? {
        guard let value = value(key) else { return nil }
        if let day = value.day ?? value.string.flatMap({ Day($0) }) { return day }
        find(key, .form, "\(name) has a \(key) that is no date", mend: "write it as in 2026-10-01")
        return nil
    }

    /// A day, or an instant with its offset.
    mutating func moment(_ key: String) -> KeyValidity.Moment? {
        guard let value = value(key) else { return nil }
        if let day = value.day ?? value.string.flatMap({ Day($0) }) { return .day(day) }
        if let instant = value.string.flatMap({ Instant($0) }) { return .instant(instant) }
        find(
            key, .form, "\(name) has a \(key) that is neither a day nor an instant",
            mend: "write 2026-03-01, or \"2026-03-01T00:00:00+08:00\"")
        return nil
    }

    /// One word or a list of some.
    mutating func words<Word: RawRepresentable<String> & CaseIterable>(_ key: String) -> [Word] {
        guard let value = value(key) else { return [] }
        let texts = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        let words = texts.compactMap { Word(rawValue: $0) }
        if words.isEmpty || words.count != value.array?.count ?? 1 {
            let known = Word.allCases.map { "\"\($0.rawValue)\"" }
            find(
                key, .form, "\(name) has a \(key) that is not one of \(known.joined(separator: ", ")), nor a list of some",
                mend: "write \(key) = \(known[0]), or \(key) = [\(known.joined(separator: ", "))]")
        }
        return words
    }

    mutating func windows(_ key: String) -> [WorkingWindow] {
        let texts = texts(key)
        let windows = texts.map { WorkingWindow($0) }
        if let place = windows.firstIndex(where: { $0 == nil }) {
            find(
                key, .calendar, "\(name) has the window \"\(texts[place])\", which is no stretch of time",
                mend: "write it as in \"09:00-12:00\", over midnight as in \"22:00-06:00\", and a whole day as \"00:00-24:00\"")
            return []
        }
        let stretches = windows.compactMap { $0 }
        guard let (one, next) = zip(stretches, stretches.dropFirst()).first(where: { $0.to > $1.from }) else { return stretches }
        find(
            key, .calendar, "\(name) has the window \(next) after \(one), which is not over by then",
            mend: "write windows in order and apart, as in [\"09:00-12:00\", \"14:00-17:00\"]; one over midnight is the last of its day")
        return []
    }

    mutating func include(_ reader: EntryReader) {
        findings += reader.findings
    }

    /// Notes the keys that nobody asked for. Call it last.
    mutating func finish() {
        let absent = known.filter { table[$0] == nil }.sorted()
        for key in table.keys.sorted() where !known.contains(key) {
            let meant = Likeness.nearest(key, among: absent)
            // What is misspelt is not missing besides.
            if let meant { findings.removeAll { $0.missing == meant && ($0.path == path || $0.path == path + [meant]) } }
            find(
                key, .form, "\(name) has an unknown key \(key)",
                mend: "\(meant.map { "did you mean \($0)? " } ?? "")it takes \(known.sorted().joined(separator: ", "))")
            findings[findings.count - 1].mayBe = absent
        }
    }

    /// The keys of the whole entry whose values the findings leave open; nil where that is all of them.
    var damagedKeys: [String: CatalogueDamage.Value]? {
        var keys: [String: CatalogueDamage.Value] = [:]
        for finding in findings {
            if finding.path.count > 2 {
                let written = CatalogueDamage.Value.within(table[finding.path[2]]?.names ?? "")
                if finding.path.count == 3 { for key in finding.mayBe { keys[key] = written } }
                keys[finding.path[2]] = table[finding.path[2]] == nil ? .anything : written
            } else if let missing = finding.missing {
                keys[missing] = .anything
            } else {
                return nil
            }
        }
        return keys
    }
}

/// What is wrong with one table of an entry.
struct EntryFinding {
    let path: [String]
    /// The key that is not there.
    let missing: String?
    let rule: Violation.Rule
    let message: String
    let mend: String
    /// Of an unknown key: those that are not there, and may be meant.
    fileprivate(set) var mayBe: [String] = []
}
