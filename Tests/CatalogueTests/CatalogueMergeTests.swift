import CaseTesting
import Catalogue
import Testing

/// A change at once, carried into the file of a catalogue for a later day.
@Suite("A file that two have changed")
struct CatalogueMergeTests {
    private static let before = """
        # The offices.
        [office.permits]
        name = "Permits"
        [office.permits.more]
        text = "a"

        # Who decides.
        [post.leader]
        holder = "lena"
        [[list.a]]
        id = 1
        [[list.a]]
        id = 2
        [post.clerk]
        holder = "carl"
        """

    @Test("Entries of which only one was changed, added or left out are those of whoever did, remarks before them with them")
    func taken() throws {
        let own = Self.before.replacing("\"Permits\"", with: "\"Counter\"").replacing("[post.clerk]\nholder = \"carl\"", with: "")
        let after =
            Self.before.replacing("\"lena\"", with: "\"bela\"").replacing("# Who decides.", with: "# Who decides now.")
            + "\n[post.new]\nholder = \"nora\"\n"
        let merged = try CatalogueMerge.merge(own, from: Self.before, to: after)
        for part in ["\"Counter\"", "# Who decides now.\n[post.leader]\nholder = \"bela\"", "[post.new]\nholder = \"nora\"", "id = 2"] {
            #expect(merged.contains(part), "\(part): \(merged)")
        }
        #expect(!merged.contains("post.clerk") && !merged.contains("\"Permits\""))
    }

    @Test(
        "An entry that both changed otherwise is a conflict that names it, also by a table below it or a place in a list",
        arguments: [
            ("\"lena\"", "\"bela\"", "\"lena\"", "\"nora\"", "post.leader"),
            ("\"Permits\"", "\"A\"", "text = \"a\"", "text = \"b\"", "office.permits"),
            ("id = 1", "id = 3", "id = 2", "id = 4", "list.a"),
            ("[post.clerk]\nholder = \"carl\"", "", "\"carl\"", "\"nora\"", "post.clerk"),
        ])
    func conflict(from: String, to: String, otherFrom: String, otherTo: String, entry: String) {
        let (own, after) = (Self.before.replacing(from, with: to), Self.before.replacing(otherFrom, with: otherTo))
        #expect(throws: CatalogueMerge.Conflict(entries: [entry])) { try CatalogueMerge.merge(own, from: Self.before, to: after) }
        #expect(throws: Never.self) { try CatalogueMerge.merge(own, from: Self.before, to: own) }
    }

    @Test("A text that cannot be taken apart between its tables is a conflict of the whole file")
    func whole() {
        let before = "[post.leader]\nduties = [\n[\"a\"],\n]\n"
        #expect(throws: CatalogueMerge.Conflict(entries: [])) {
            try CatalogueMerge.merge(before + "[post.b]\n", from: before, to: before + "[post.c]\n")
        }
    }

    @Test(
        "Whatever is changed at random on both sides, the result has each entry as one of them has it, or there is a conflict",
        arguments: 0..<60)
    func random(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        func changed(_ entries: [String: Int]) -> [String: Int] {
            var entries = entries
            for name in ["a.a", "a.b", "b.a", "b.b", "c.a"] {
                switch Int.random(in: 0..<6, using: &random) {
                case 0: entries[name] = nil
                case 1, 2: entries[name] = Int.random(in: 0..<4, using: &random)
                default: break
                }
            }
            return entries
        }
        func text(_ entries: [String: Int]) -> String {
            entries.keys.shuffled(using: &random).map { "# of \($0)\n[\($0)]\nvalue = \(entries[$0]!)\n" }.joined()
        }
        let before = changed([:])
        let (own, after) = (changed(before), changed(before))
        let names = Set(before.keys).union(own.keys).union(after.keys)
        let conflicts = names.filter { own[$0] != before[$0] && after[$0] != before[$0] && own[$0] != after[$0] }
        let texts = (text(own), text(before), text(after))
        guard conflicts.isEmpty else {
            #expect(throws: CatalogueMerge.Conflict(entries: conflicts.sorted())) {
                try CatalogueMerge.merge(texts.0, from: texts.1, to: texts.2)
            }
            return
        }
        let merged = try CatalogueMerge.merge(texts.0, from: texts.1, to: texts.2)
        for name in names {
            let expected = own[name] == before[name] ? after[name] : own[name]
            #expect(merged.contains("[\(name)]\n") == (expected != nil), "\(name) in \(merged)")
            if let expected { #expect(merged.contains("[\(name)]\nvalue = \(expected)\n"), "\(name) in \(merged)") }
        }
    }

    @Test("The calendars of another catalogue take the place of a catalogue's own, and all else stays as it is written")
    func calendars() throws {
        let files = SmallOffice.files()
        var others = files
        others["sla.toml"] = "# none\n"
        others["city.toml"] = "[holidays.city]\nyear = 2026\n"
        others["calendar.toml"] = files["calendar.toml"]!.replacing("valid-through", with: "holidays = [\"city\"]\nvalid-through")
        let exchanged = try #require(CatalogueMerge.exchangingCalendars(of: files, for: others))
        let (old, new) = (try Catalogue(files: files).register, try Catalogue(files: exchanged).register)
        #expect(new.calendars["cn"]?.exceptions == old.calendars["cn"]?.exceptions && new.policies == old.policies)
        #expect(try Catalogue(files: exchanged).holidayLists.keys.sorted() == ["city"])
        #expect(exchanged["sla.toml"] == files["sla.toml"])
        // Without headings nobody can tell them apart.
        others["calendar.toml"] = "calendar = { cn = { zone = \"UTC\" } }\n"
        #expect(CatalogueMerge.exchangingCalendars(of: files, for: others) == nil)
    }
}
