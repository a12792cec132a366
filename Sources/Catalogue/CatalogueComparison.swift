import CaseCore
import WorkingTime

/// What two versions of a catalogue say of the same entries, key by key, as it is written.
package struct CatalogueComparison: Sendable {
    /// A key whose value differs; nil where it is not there. Values are as TOML; of long ones the part in which they differ, with how much is left out of it.
    package struct KeyChange: Equatable, Sendable {
        /// From the entry on, such as `decision.budget` or `material[form].name`.
        package let key: String
        package let from: String?
        package let to: String?
    }

    /// An entry that differs, with what differs in it.
    package struct Entry: Sendable {
        package let change: EntryChange
        /// Where it stands: in the new version, or in the old one where it is removed; nil where it stands nowhere, or is not to be shown.
        package let file: String?
        package let line: Int?
        package let keys: [KeyChange]
        /// Keys that differ besides.
        package let omittedCount: Int
    }

    /// Keys that are shown of all entries together.
    package static let keyLimit = 1000
    /// Unicode scalars that are left of a value.
    private static let valueLimit = 500
    /// So many of them stand before the first that differs.
    private static let leadLimit = 100

    private let old: [String: String]
    private let new: [String: String]

    /// - Parameters:
    ///   - old: the files of one version, by their names.
    ///   - new: those of the other.
    package init(from old: [String: String], to new: [String: String]) {
        self.old = old
        self.new = new
    }

    /// The entries that differ.
    ///
    /// - Parameters:
    ///   - changes: which they are, by what they mean.
    ///   - showsUsers: whether it is shown which unix users are bound to whom.
    package func entries(_ changes: [EntryChange], showsUsers: Bool) -> [Entry] {
        guard !changes.isEmpty else { return [] }
        // What differs stands in files that differ, but for the lists of calendars.
        let namesLists = changes.contains { $0.entry.hasPrefix("calendar.") }
        let differing = Set(old.keys).union(new.keys).filter { namesLists || old[$0] != new[$0] }
        let was = WrittenEntry.all(in: old.filter { differing.contains($0.key) })
        let becomes = WrittenEntry.all(in: new.filter { differing.contains($0.key) })
        var left = CatalogueComparison.keyLimit
        return changes.map { change in
            guard showsUsers || !change.entry.hasPrefix("user.") else {
                return Entry(change: change, file: nil, line: nil, keys: [], omittedCount: 0)
            }
            let (before, after) = (was[change.entry], becomes[change.entry])
            var keys = CatalogueComparison.differences(before?.values ?? .init(), after?.values ?? .init())
            let lists = Set((before?.holidays ?? []) + (after?.holidays ?? [])).sorted()
            // The days of a calendar are those of its lists.
            for list in change.entry.hasPrefix("calendar.") ? lists : [] {
                let name = "holidays.\(list)"
                keys += CatalogueComparison.differences(was[name]?.values ?? .init(), becomes[name]?.values ?? .init()).map {
                    KeyChange(key: "\(name).\($0.key)", from: $0.from, to: $0.to)
                }
            }
            let shown = Array(keys.prefix(left))
            left -= shown.count
            let place = change.kind == .removed ? before : after
            return Entry(change: change, file: place?.file, line: place?.line, keys: shown, omittedCount: keys.count - shown.count)
        }
    }

    private static func differences(_ old: WrittenValues, _ new: WrittenValues) -> [KeyChange] {
        let keys = new.keys + old.keys.filter { new.values[$0] == nil }
        return keys.compactMap { key in
            let (from, to) = (old.values[key], new.values[key])
            return from == to ? nil : change(key, from: from, to: to)
        }
            + new.orders.sorted { $0.key < $1.key }.compactMap { key, order in
                guard let before = old.orders[key], isOtherOrder(before, order) else { return nil }
                return change("the order of \(key)", from: before.joined(separator: ", "), to: order.joined(separator: ", "))
            }
    }

    /// Whether what is in both lists comes in another order, or something new stands before what was there. That something came or went is said by
    /// its own keys, and days come in the order of the year.
    private static func isOtherOrder(_ before: [String], _ after: [String]) -> Bool {
        let kept = after.filter(before.contains)
        guard kept == before.filter(after.contains) else { return true }
        return !after.starts(with: kept) && !after.allSatisfy { Day($0) != nil }
    }

    private static func change(_ key: String, from: String?, to: String?) -> KeyChange {
        // Two long values that begin alike are shown from where they do not.
        let alike = from.flatMap { from in to.map { zip(from.unicodeScalars, $0.unicodeScalars).prefix { $0 == $1 }.count } } ?? 0
        let start = max(0, alike - leadLimit)
        return KeyChange(key: key, from: from.map { cut($0, from: start) }, to: to.map { cut($0, from: start) })
    }

    /// A value from so many scalars on, and up to so many of them; a short one is whole.
    private static func cut(_ value: String, from start: Int) -> String {
        let scalars = value.unicodeScalars
        guard scalars.count > valueLimit else { return value }
        func leftOut(_ count: Int) -> String { "[\(count) character\(count == 1 ? "" : "s") left out]" }
        let shown = scalars.dropFirst(start).prefix(valueLimit)
        let (skipped, rest) = (min(start, scalars.count), scalars.count - start - shown.count)
        return (skipped > 0 ? leftOut(skipped) + "…" : "") + String(shown) + (rest > 0 ? "…" + leftOut(rest) : "")
    }
}

extension JSONWriter {
    /// Entries that differ, with their keys.
    package mutating func changes(_ entries: [CatalogueComparison.Entry]) {
        array(of: entries) { writer, entry in
            writer.object { writer in
                writer.member("change", entry.change.kind.rawValue)
                writer.member("entry", entry.change.entry)
                writer.member("file", entry.file)
                writer.member("line", orNull: entry.line)
                writer.key("keys")
                writer.array(of: entry.keys) { writer, key in
                    writer.object {
                        $0.member("key", key.key)
                        $0.member("from", key.from)
                        $0.member("to", key.to)
                    }
                }
                writer.member("more", entry.omittedCount)
            }
        }
    }
}

/// An entry as it is written.
private struct WrittenEntry: Sendable {
    let file: String
    let line: Int
    let values: WrittenValues
    /// Of a calendar: the lists that it names.
    let holidays: [String]

    static func all(in files: [String: String]) -> [String: WrittenEntry] {
        var entries: [String: WrittenEntry] = [:]
        for (file, text) in files.sorted(by: { $0.key < $1.key }) {
            guard let root = try? TOMLText.table(text) else { continue }
            let lines = SourceLines(text)
            for kind in root.keys {
                guard let table = root[kind]?.table else { continue }
                for name in table.keys {
                    guard let entry = table[name]?.table, entries["\(kind).\(name)"] == nil else { continue }
                    entries["\(kind).\(name)"] = WrittenEntry(
                        file: file, line: lines.line(of: [kind, name]), values: WrittenValues(entry),
                        holidays: entry["holidays"]?.array?.compactMap(\.string) ?? [])
                }
            }
        }
        return entries
    }
}

/// The values of an entry under their whole keys.
private struct WrittenValues: Sendable {
    private(set) var keys: [String] = []
    private(set) var values: [String: String] = [:]
    /// The names of the tables of each list, in their order.
    private(set) var orders: [String: [String]] = [:]

    init() {}

    init(_ table: TOMLTable) {
        add(table, under: "")
    }

    private mutating func add(_ table: TOMLTable, under prefix: String) {
        for key in table.keys.sorted() {
            let whole = prefix + key
            switch table[key]! {
            case .table(let inner) where !inner.keys.isEmpty: add(inner, under: "\(whole).")
            case .array(let elements) where !elements.isEmpty && elements.allSatisfy({ $0.table != nil }):
                var names: [String] = []
                for (place, element) in elements.enumerated() {
                    let name = WrittenValues.name(of: element.table!)
                    names.append(name.map { names.contains($0) ? "\($0) \(place + 1)" : $0 } ?? "\(place + 1)")
                    add(element.table!, under: "\(whole)[\(names.last!)].")
                }
                orders[whole] = names
            case let value:
                keys.append(whole)
                values[whole] = value.text
            }
        }
    }

    /// By what a table is told from others of its list.
    private static func name(of table: TOMLTable) -> String? {
        ["id", "on", "from", "office", "at"].lazy.compactMap { key in
            table[key].flatMap { $0.string ?? $0.day?.description }
        }.first
    }
}

extension TOMLValue {
    /// As TOML writes it.
    fileprivate var text: String {
        switch self {
        case .string(let text): String(decoding: JSONWriter.bytes { $0.string(text) }, as: UTF8.self)
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .day(let day): day.description
        case .time(let text): text
        case .array(let values): "[\(values.map(\.text).joined(separator: ", "))]"
        case .table(let table):
            "{ \(table.keys.sorted().map { "\($0) = \(table[$0]!.text)" }.joined(separator: ", ")) }"
        }
    }
}
