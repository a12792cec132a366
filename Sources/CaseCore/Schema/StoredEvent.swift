import WorkingTime

// An event as the journal keeps it. The members stand in one order for ever, so that the same event is always written alike.

extension Event: Described {
    package static let members = Members<Event>(
        Member("case", \.file, "the case"),
        Member("revision", \.revision, "its number in the case, from 1"),
        Member("at", \.at, "when"),
        Member("event", \.change.name, "what happened"),
        Member("by", \.by, "who acted"),
        Member("via", \.via, default: nil, "the service through which they acted"),
        Member("instead_of", \.instead, unless: nil, "the holder of the post, where a substitute acted"),
        Member("uid", \.uid, unless: nil, "the unix user that spoke"),
        Member("data", { RecordedData(change: $0.change) }, "what the event says"),
        Member("clocks", \.clocks, "the clocks that it touched, as they stand after it"),
        Member("seal", \.seal, unless: nil, "what the office's seal was set to, or could not be set to"),
        Member("signature", \.signature, unless: nil, "what whoever acted has signed with a key of their own"),
        make: { file, revision, at, name, by, via, instead, uid, data, clocks, seal, signature throws(Mismatch) in
            Event(
                file: file, revision: revision, at: at, by: by, via: via, uid: uid, instead: instead, change: try data.change(named: name),
                clocks: clocks, seal: seal, signature: signature)
        })
}

/// What an event says; what it means depends on its name.
private struct RecordedData: Represented {
    private let change: (any Change)?
    private let datum: Datum

    init(change: any Change) {
        self.change = change
        datum = .null
    }

    static var shape: Shape { .any }

    init(from source: Datum) throws(Mismatch) {
        change = nil
        datum = source
    }

    func write(to writer: inout JSONWriter) {
        change?.write(to: &writer)
    }

    func change(named name: String) throws(Mismatch) -> any Change {
        guard let kind = Commands.change(named: name) else { throw Mismatch("is no event that this version knows").at("event") }
        do { return try kind.init(from: datum) } catch { throw error.at("data") }
    }

    static func == (a: RecordedData, b: RecordedData) -> Bool {
        a.datum == b.datum
    }
}
