import CaseCore
import WorkingTime

/// A stored text does not have the form that this version wrote: a fault, never an answer to a client.
package struct StoredFormFault: Error, CustomStringConvertible {
    package let description: String

    init(_ what: String, _ value: JSONValue?) {
        description = "stored text: \(what) is \(value.map(\.typeName) ?? "missing")"
    }

    init(_ mismatch: Mismatch) {
        description = "stored text: \(mismatch.path) \(mismatch.problem)"
    }
}

/// Typed access to the members of a stored object.
extension JSONValue {
    func text(_ name: String) throws(StoredFormFault) -> String {
        guard let text = self[name]?.string else { throw StoredFormFault(name, self[name]) }
        return text
    }

    func optionalText(_ name: String) -> String? {
        self[name]?.string
    }

    func number(_ name: String) throws(StoredFormFault) -> Int64 {
        guard let number = self[name]?.integer else { throw StoredFormFault(name, self[name]) }
        return number
    }

    /// A number of something that there is a number of: nothing that a damaged text says ends in an overflow.
    func count(_ name: String) throws(StoredFormFault) -> Int {
        let number = try number(name)
        guard (0...JSONValue.countLimit).contains(number) else { throw StoredFormFault(name, self[name]) }
        return Int(number)
    }

    private static let countLimit: Int64 = 1_000_000_000_000

    func instant(_ name: String) throws(StoredFormFault) -> Instant {
        guard let instant = Instant(try text(name)) else { throw StoredFormFault(name, self[name]) }
        return instant
    }

    func optionalInstant(_ name: String) -> Instant? {
        self[name]?.string.flatMap { Instant($0) }
    }

    func length(_ name: String) throws(StoredFormFault) -> Length {
        guard let length = try? Length(parsing: try text(name)) else { throw StoredFormFault(name, self[name]) }
        return length
    }

    func word<Word: RawRepresentable<String>>(_ name: String) throws(StoredFormFault) -> Word {
        guard let word = Word(rawValue: try text(name)) else { throw StoredFormFault(name, self[name]) }
        return word
    }

    func values(_ name: String) throws(StoredFormFault) -> [JSONValue] {
        guard let values = self[name]?.array else { throw StoredFormFault(name, self[name]) }
        return values
    }

    func object(_ name: String) throws(StoredFormFault) -> JSONValue {
        guard let value = self[name], value.members != nil else { throw StoredFormFault(name, self[name]) }
        return value
    }
}

extension JSONWriter {
    /// Written only where there is something to say.
    mutating func optional(_ name: StaticString, _ text: String?) {
        if let text { member(name, text) }
    }

    mutating func optional(_ name: StaticString, _ instant: Instant?) {
        if let instant { member(name, instant) }
    }
}

extension Assignment {
    func write(to writer: inout JSONWriter) {
        writer.member("office", office.raw)
        writer.member("leader", leader.raw)
        writer.member("commissioner", commissioner.raw)
    }

    init(stored value: JSONValue) throws(StoredFormFault) {
        self.init(
            office: OfficeID(try value.text("office")), leader: PostID(try value.text("leader")),
            commissioner: PostID(try value.text("commissioner")))
    }
}

extension ClockID {
    /// Two members: `of` says of which suspension.
    package func write(to writer: inout JSONWriter) {
        writer.member("clock", kind.rawValue)
        writer.optional("of", suspension?.rawValue)
    }

    init(stored value: JSONValue) throws(StoredFormFault) {
        self.init(try value.word("clock"), of: value.optionalText("of").flatMap { Suspension.Kind(rawValue: $0) })
    }
}

extension Represented {
    init(stored value: JSONValue) throws(StoredFormFault) {
        do { self = try Self(from: value) } catch { throw StoredFormFault(error) }
    }
}

extension Clock {
    /// Amounts are in quanta: days for day meters, milliseconds for the others.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            id.write(to: &writer)
            writer.member("generation", generation)
            writer.member("meter", ledger.meter.rawValue)
            writer.member("budget", ledger.budget)
            writer.key("segments")
            writer.array(of: ledger.segments) { writer, segment in
                writer.array(of: [segment.from, segment.to, segment.consumed]) { $0.integer($1) }
            }
            if let from = ledger.runningFrom { writer.member("running_from", from) }
            writer.member("original_due", originalDue)
            writer.key("rungs")
            writer.array(of: passedRungs) { $0.integer($1) }
            writer.member("level", level)
            if isExtended { writer.member("extended", true) }
            if hasExpiredIncomplete { writer.member("expired_incomplete", true) }
            if !pausedPromises.isEmpty {
                writer.key("paused_promises")
                writer.array(of: pausedPromises) { writer, promise in
                    writer.object {
                        $0.member("version", promise.version)
                        $0.member("left", promise.left)
                    }
                }
            }
            writer.optional("ended_at", endedAt)
        }
    }

    init(stored value: JSONValue) throws(StoredFormFault) {
        var segments: [Ledger.Segment] = []
        for segment in try value.values("segments") {
            guard let numbers = segment.array?.compactMap(\.integer), numbers.count == 3 else {
                throw StoredFormFault("a segment", segment)
            }
            segments.append(Ledger.Segment(from: numbers[0], to: numbers[1], consumed: numbers[2]))
        }
        let promises = try storedList(value["paused_promises"]?.array ?? []) { stored throws(StoredFormFault) in
            PausedPromise(version: try stored.count("version"), left: try stored.number("left"))
        }
        let ledger = Ledger(
            meter: try value.word("meter"), budget: try value.number("budget"), segments: segments,
            runningFrom: value["running_from"]?.integer)
        guard ledger.isSound, promises.allSatisfy({ ledger.meter.amounts.contains($0.left) }) else {
            throw StoredFormFault("the account of a clock", value)
        }
        self.init(
            id: try ClockID(stored: value), generation: try value.count("generation"), ledger: ledger,
            originalDue: try value.instant("original_due"), passedRungs: try Clock.rungs(stored: value),
            level: try value.count("level"), isExtended: value["extended"]?.bool ?? false,
            hasExpiredIncomplete: value["expired_incomplete"]?.bool ?? false, pausedPromises: promises,
            endedAt: value.optionalInstant("ended_at"))
    }
}

extension Clock {
    /// A number says how many rungs from the first: so it was written before the ladder of a running clock could change.
    fileprivate static func rungs(stored value: JSONValue) throws(StoredFormFault) -> [Int] {
        let rungs =
            if let count = value["rungs"]?.integer { Array(0..<max(0, min(count, rungLimit))) } else {
                try value.values("rungs").compactMap(\.integer)
            }
        guard rungs.allSatisfy({ (0..<rungLimit).contains($0) }), zip(rungs, rungs.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw StoredFormFault("the rungs of a clock", value["rungs"])
        }
        return rungs.map { Int($0) }
    }

    /// No ladder that a catalogue can hold has so many.
    private static let rungLimit: Int64 = 100_000
}

func storedList<Element>(
    _ values: [JSONValue], _ element: (JSONValue) throws(StoredFormFault) -> Element
) throws(StoredFormFault) -> [Element] {
    var elements: [Element] = []
    for value in values { elements.append(try element(value)) }
    return elements
}
