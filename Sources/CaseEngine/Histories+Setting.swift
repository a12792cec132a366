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

    /// Takes in a row of the server's history, in a store from before readings by lists were kept by themselves: what a person read, and
    /// not a unix user without a name, was read as an auditor.
    mutating func note(serverEvent event: JSONValue) {
        guard event["event"]?.string == ServerChange.casesReadName, let name = event["by"]?.string, !name.hasPrefix("uid:"),
            let instant = event["at"]?.string.flatMap({ Instant($0) })
        else { return }
        let user = event["uid"]?.integer.flatMap { UInt32(exactly: $0) }.map { Participant(user: $0) }
        note(Set([Participant(named: name), user].compactMap { $0 }), at: instant)
    }
}

extension UserHistory {
    /// As the store keeps it: each user, and who they have been.
    var setting: String {
        String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    for (user, persons) in persons.sorted(by: { $0.key < $1.key }) {
                        writer.key(user.raw)
                        writer.array(of: persons.sorted()) { $0.string($1.raw) }
                    }
                }
            }, as: UTF8.self)
    }

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let members = (try? JSONReader.read(Array(setting.utf8)))?.members else { return nil }
        var persons: [Identifier<User>: Set<PersonID>] = [:]
        for member in members {
            guard let names = member.value.array?.map(\.string), !names.contains(nil) else { return nil }
            persons[Identifier(member.name)] = Set(names.compactMap { $0 }.map { PersonID($0) })
        }
        self.init(persons: persons)
    }
}
