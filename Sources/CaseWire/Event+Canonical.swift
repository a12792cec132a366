import CaseCore
import WorkingTime

/// The canonical bytes of an event: one deterministic JSON line without its line feed. The journal keeps exactly these.
extension Event {
    package var canonicalBytes: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("case", file.description)
                writer.member("revision", revision)
                writer.member("at", at)
                writer.member("event", change.name)
                writer.member("by", by)
                writer.member("via", via?.raw)
                writer.optional("instead_of", instead?.raw)
                writer.key("data")
                change.write(to: &writer)
                writer.key("clocks")
                writer.array(of: clocks) { $1.write(to: &$0) }
            }
        }
    }

    package init(canonicalBytes bytes: some Collection<UInt8>) throws {
        try self.init(stored: try JSONReader.read(bytes))
    }

    init(stored value: JSONValue) throws {
        guard let file = CaseID(try value.text("case")) else { throw StoredFormFault("case", value["case"]) }
        self.init(
            file: file, revision: try value.count("revision"), at: try value.instant("at"), by: try value.text("by"),
            via: value.optionalText("via").map { ServiceID($0) }, instead: value.optionalText("instead_of").map { PersonID($0) },
            change: try Event.change(named: try value.text("event"), stored: try value.object("data")),
            clocks: try storedList(try value.values("clocks"), Clock.init(stored:)))
    }

    private static func change(named name: String, stored data: JSONValue) throws(StoredFormFault) -> any Change {
        guard let kind = Commands.change(named: name) else { throw StoredFormFault("event \(name)", nil) }
        do { return try kind.init(from: data) } catch { throw StoredFormFault(error) }
    }
}
