/// A file of a catalogue with what somebody else changed in the same file meanwhile, entry by entry: `[matter.permit]` and all tables below it
/// are one.
package struct CatalogueMerge {
    /// Entries that both changed, such as `post.leader`; where the texts cannot be taken apart, none is named.
    package struct Conflict: Error, Equatable {
        package let entries: [String]

        package init(entries: [String]) {
            self.entries = entries
        }
    }

    /// One table with the remarks before it, and its entry; empty for what stands before the first table.
    struct Block {
        let entry: String
        fileprivate(set) var text: String
    }

    /// - Parameters:
    ///   - own: what the change is put into.
    ///   - before: what both began with.
    ///   - after: what the change made of it.
    package static func merge(_ own: String, from before: String, to after: String) throws(Conflict) -> String {
        guard let own = blocks(own), let before = blocks(before), let after = blocks(after) else { throw Conflict(entries: []) }
        func texts(_ blocks: [Block]) -> [String: String] { Dictionary(blocks.map { ($0.entry, $0.text) }) { $0 + $1 } }
        let (mine, old, new) = (texts(own), texts(before), texts(after))
        let changed = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] && new[$0] != mine[$0] }
        let conflicts = changed.filter { mine[$0] != old[$0] }
        guard conflicts.isEmpty else { throw Conflict(entries: conflicts.sorted()) }
        var (merged, written) = ("", Set<String>())
        func add(_ text: String) { merged += (merged.isEmpty || merged.hasSuffix("\n") ? "" : "\n") + text }
        for block in own {
            if !changed.contains(block.entry) {
                add(block.text)
            } else if written.insert(block.entry).inserted, let text = new[block.entry] {
                add(text)
            }
        }
        for block in after where changed.contains(block.entry) && mine[block.entry] == nil { add(block.text) }
        return merged
    }

    /// Nil where a part is no TOML by itself, as where a line within a text begins with a bracket.
    static func blocks(_ text: String) -> [Block]? {
        var blocks = [Block(entry: "", text: "")]
        // Remarks and blank lines, which belong to what follows them.
        var remarks = ""
        // Only LF ends a line of TOML.
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            let start = line.drop { $0 == " " || $0 == "\t" }
            let whole = "\(Substring(line))\n"
            if start.first == "[" {
                let entry = SourceLines.keys(Substring(start.drop { $0 == "[" }), until: "]").prefix(2).joined(separator: ".")
                blocks.append(Block(entry: entry, text: remarks + whole))
                remarks = ""
            } else if start.isEmpty || start.first == "#" || start.first == "\r" {
                remarks += whole
            } else {
                blocks[blocks.count - 1].text += remarks + whole
                remarks = ""
            }
        }
        let found = blocks.filter { !$0.text.isEmpty }
        return found.allSatisfy { (try? TOMLText.table($0.text)) != nil } ? found : nil
    }
}

extension CatalogueMerge {
    /// The files of a catalogue with the calendars and the lists of holidays of another one in place of its own: what would come of these alone.
    /// Nil where they cannot be taken apart, as where they do not stand under headings of their own.
    package static func exchangingCalendars(of files: [String: String], for others: [String: String]) -> [String: String]? {
        guard let (_, rest) = parted(files), let (calendars, _) = parted(others) else { return nil }
        let name = ["calendars.toml", "calendars.new.toml"].first { rest[$0] == nil } ?? "calendars.\(rest.count).toml"
        return rest.merging([name: calendars]) { $1 }
    }

    /// Calendars and lists of holidays as one text, and the files without them.
    private static func parted(_ files: [String: String]) -> (calendars: String, rest: [String: String])? {
        var (calendars, rest) = ("", [String: String]())
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            guard let blocks = blocks(text) else { return nil }
            func isCalendar(_ block: Block) -> Bool { ["calendar", "holidays"].contains(block.entry.prefix { $0 != "." }) }
            let others = blocks.filter { !isCalendar($0) }.map(\.text).joined()
            guard let left = try? TOMLText.table(others), left["calendar"] == nil, left["holidays"] == nil else { return nil }
            calendars += blocks.filter(isCalendar).map(\.text).joined()
            rest[name] = others
        }
        return (calendars, rest)
    }
}
