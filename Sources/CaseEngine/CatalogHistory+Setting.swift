import CaseCore
import CaseWire
import WorkingTime

extension CatalogHistory {
    /// As the store keeps it: each user, and who they have been; the applicant ids of persons; the successions of names; and the keys that counted.
    var setting: String {
        String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    writer.key("users")
                    CatalogHistory.write(persons, to: &writer)
                    writer.key("identities")
                    writer.object { writer in
                        for (person, ids) in identities.sorted(by: { $0.key < $1.key }) {
                            writer.key(person.raw)
                            writer.array(of: ids.sorted()) { $0.string($1) }
                        }
                    }
                    writer.key("offices")
                    offices.write(to: &writer)
                    writer.key("posts")
                    posts.write(to: &writer)
                    writer.key("matters")
                    matters.write(to: &writer)
                    guard !keys.isEmpty else { return }
                    writer.key("keys")
                    writer.array(of: keys) { $1.write(to: &$0) }
                }
            }, as: UTF8.self)
    }

    private static func write<Key, Value>(_ sets: [Identifier<Key>: Set<Identifier<Value>>], to writer: inout JSONWriter) {
        writer.object { writer in
            for (name, values) in sets.sorted(by: { $0.key < $1.key }) {
                writer.key(name.raw)
                writer.array(of: values.sorted()) { $0.string($1.raw) }
            }
        }
    }

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let value = try? JSONReader.read(Array(setting.utf8)), let users = value["users"]?.members,
            let identities = value["identities"]?.members, let offices = value["offices"].flatMap(Succession<Office>.init(from:)),
            let posts = value["posts"].flatMap(Succession<Post>.init(from:)),
            let matters = value["matters"].flatMap(Succession<Matter>.init(from:))
        else { return nil }
        let persons = users.compactMap { user in user.value.strings.map { (Identifier<User>(user.name), Set($0.map { PersonID($0) })) } }
        let ids = identities.compactMap { person in person.value.strings.map { (PersonID(person.name), Set($0)) } }
        // A store from before there were any has none.
        let written = value["keys"]?.array ?? []
        let keys = written.compactMap(CountedKey.init(from:))
        guard persons.count == users.count, ids.count == identities.count, keys.count == written.count else { return nil }
        self.init(
            persons: Dictionary(persons) { $1 }, identities: Dictionary(ids) { $1 }, offices: offices, posts: posts, matters: matters,
            keys: keys)
    }
}

extension CountedKey {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("use", use.rawValue)
            $0.member("name", name)
            $0.member("owner", owner)
            $0.member("key", key)
            $0.member("from", span.from)
            $0.member("until", span.until)
        }
    }

    /// Nil where it is none.
    fileprivate init?(from value: JSONValue) {
        guard let use = value["use"]?.string.flatMap({ Use(rawValue: $0) }), let name = value["name"]?.string,
            let owner = value["owner"]?.string, let key = value["key"]?.string, let from = value["from"]?.string.flatMap({ Instant($0) }),
            let end = value["until"]
        else { return nil }
        let until = end.string.flatMap { Instant($0) }
        guard until != nil || end == .null else { return nil }
        self.init(use: use, name: name, owner: owner, key: key, span: KeySpan(from: from, until: until))
    }
}

extension Succession {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("present", present.map(\.raw).sorted())
            writer.key("gone")
            writer.object { writer in
                for (name, times) in gone.sorted(by: { $0.key < $1.key }) {
                    writer.key(name.raw)
                    writer.array(of: times) { $0.string($1.description) }
                }
            }
            // The one that is gone, and one that succeeds it.
            writer.key("heirs")
            let pairs = heirs.flatMap { former, heirs in heirs.map { [former, $0] } }
            writer.array(of: pairs.sorted { $0.lexicographicallyPrecedes($1) }) { writer, pair in
                writer.array(of: pair) { writer, bearer in
                    writer.object {
                        $0.member("name", bearer.name.raw)
                        $0.member("place", bearer.place)
                    }
                }
            }
        }
    }

    /// Nil where it is none.
    fileprivate init?(from value: JSONValue) {
        guard let present = value["present"]?.strings, let gone = value["gone"]?.members, let pairs = value["heirs"]?.array else {
            return nil
        }
        let times = gone.compactMap { entry -> (Identifier<Kind>, [Instant])? in
            guard let texts = entry.value.strings else { return nil }
            let times = texts.compactMap { Instant($0) }
            return times.count == texts.count ? (Identifier(entry.name), times) : nil
        }
        func bearer(_ value: JSONValue) -> Bearer? {
            guard let name = value["name"]?.string, let place = value["place"]?.integer.flatMap(Int.init(exactly:)) else { return nil }
            return Bearer(Identifier(name), place: place)
        }
        var heirs: [Bearer: Set<Bearer>] = [:]
        for pair in pairs {
            let bearers = (pair.array ?? []).compactMap(bearer)
            guard bearers.count == 2 else { return nil }
            heirs[bearers[0], default: []].insert(bearers[1])
        }
        let byName = Dictionary(times) { $1 }
        let isSound = heirs.allSatisfy { former, heirs in
            (0..<(byName[former.name]?.count ?? 0)).contains(former.place)
                && heirs.allSatisfy { (0...(byName[$0.name]?.count ?? 0)).contains($0.place) }
        }
        guard times.count == gone.count, isSound else { return nil }
        self.init(present: Set(present.map { Identifier($0) }), gone: byName, heirs: heirs)
    }
}

extension JSONValue {
    /// The texts of a list of nothing else.
    fileprivate var strings: [String]? {
        guard let texts = array?.map(\.string), !texts.contains(nil) else { return nil }
        return texts.compactMap { $0 }
    }
}
