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
