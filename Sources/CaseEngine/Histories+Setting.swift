import CaseCore
import CaseWire
import WorkingTime

extension ListReadings {
    /// As the store keeps them: who, and until when.
    var setting: String {
        String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    for (reader, instant) in until.sorted(by: { $0.key < $1.key }) {
                        writer.key(reader.name)
                        writer.string(instant.description)
                    }
                }
            }, as: UTF8.self)
    }

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let members = (try? JSONReader.read(Array(setting.utf8)))?.members else { return nil }
        var until: [Participant: Instant] = [:]
        for member in members {
            guard let instant = member.value.string.flatMap({ Instant($0) }) else { return nil }
            until[Participant(named: member.name)] = instant
        }
        self.init(until: until)
    }

    /// Takes in a row of the server's history. One from before rows said who supervised by it was read as an auditor, where somebody with a
    /// name read.
    mutating func note(serverEvent event: JSONValue) {
        guard event["event"]?.string == ServerChange.casesReadName, let name = event["by"]?.string,
            let instant = event["at"]?.string.flatMap({ Instant($0) })
        else { return }
        let readers = event["data"]?["readers"]?.array?.compactMap(\.string) ?? (name.hasPrefix("uid:") ? [] : [name])
        note(Set(readers.map { Participant(named: $0) }), at: instant)
    }
}

extension CatalogHistory {
    /// As the store keeps it: each user, and who they have been; offices and posts; which of them were gone, when last, and what succeeded them.
    var setting: String {
        String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    writer.key("users")
                    writer.object { writer in
                        for (user, persons) in persons.sorted(by: { $0.key < $1.key }) {
                            writer.key(user.raw)
                            writer.array(of: persons.sorted()) { $0.string($1.raw) }
                        }
                    }
                    writer.member("offices", offices.map(\.raw).sorted())
                    writer.member("posts", posts.map(\.raw).sorted())
                    CatalogHistory.write("gone_offices", gone.offices, to: &writer) { $1.string($0.description) }
                    CatalogHistory.write("gone_posts", gone.posts, to: &writer) { $1.string($0.description) }
                    CatalogHistory.write("successors", gone.successors, to: &writer) { successors, writer in
                        writer.array(of: successors.sorted()) { $0.string($1.raw) }
                    }
                }
            }, as: UTF8.self)
    }

    private static func write<Kind, Value>(
        _ key: String, _ members: [Identifier<Kind>: Value], to writer: inout JSONWriter, _ write: (Value, inout JSONWriter) -> Void
    ) {
        writer.key(key)
        writer.object { writer in
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                writer.key(name.raw)
                write(value, &writer)
            }
        }
    }

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let value = try? JSONReader.read(Array(setting.utf8)),
            let persons = CatalogHistory.members(value["users"], of: User.self, CatalogHistory.names(of: Person.self)),
            let offices = CatalogHistory.names(of: Office.self)(value["offices"]),
            let posts = CatalogHistory.names(of: Post.self)(value["posts"]),
            let goneOffices = CatalogHistory.members(value["gone_offices"], of: Office.self, CatalogHistory.instant),
            let gonePosts = CatalogHistory.members(value["gone_posts"], of: Post.self, CatalogHistory.instant),
            let successors = CatalogHistory.members(value["successors"], of: Office.self, CatalogHistory.names(of: Office.self))
        else { return nil }
        self.init(
            persons: persons, offices: offices, posts: posts, gone: Gone(offices: goneOffices, posts: gonePosts, successors: successors))
    }

    private static func names<Kind>(of kind: Kind.Type) -> (JSONValue?) -> Set<Identifier<Kind>>? {
        { value in
            guard let names = value?.array?.map(\.string), !names.contains(nil) else { return nil }
            return Set(names.compactMap { $0.map { Identifier($0) } })
        }
    }

    private static func instant(_ value: JSONValue) -> Instant? {
        value.string.flatMap { Instant($0) }
    }

    private static func members<Kind, Value>(
        _ object: JSONValue?, of kind: Kind.Type, _ read: (JSONValue) -> Value?
    ) -> [Identifier<Kind>: Value]? {
        guard let members = object?.members else { return nil }
        let values = members.compactMap { member in read(member.value).map { (Identifier<Kind>(member.name), $0) } }
        return values.count == members.count ? Dictionary(values) { $1 } : nil
    }
}
