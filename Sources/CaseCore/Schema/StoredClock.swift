import WorkingTime

// A clock as events and cases hold it. Amounts are in quanta: days for day meters, milliseconds for the others.

extension Clock: Described {
    package static let members = Members<Clock>(
        Member(of: \.id),
        Member("generation", \.generation, "how often it started, was extended or had its limit changed"),
        Member(of: \.ledger),
        Member("original_due", \.originalDue, "when it was due first"),
        Member("rungs", { PassedRungs(places: $0.passedRungs) }, "the places of the rungs that have passed"),
        Member("level", \.level, "the highest level among them"),
        Member("extended", \.isExtended, unless: false, "whether it was extended"),
        Member("raised", \.raised, unless: 0, "how much of the budget keeps a promise against changed rules"),
        Member("expired_incomplete", \.hasExpiredIncomplete, unless: false, "whether it ended before the case could be granted"),
        Member("paused_promises", \.pausedPromises, unless: [], "what it was promised while it stands still"),
        Member("ended_at", \.endedAt, unless: nil, "when it ended"),
        make: {
            id, generation, ledger, originalDue, rungs, level, isExtended, raised, hasExpired, promises, endedAt throws(Mismatch) in
            guard (0..<ledger.budget).contains(raised), promises.allSatisfy({ ledger.meter.amounts.contains($0.left) }) else {
                throw Mismatch("is no account of a clock")
            }
            return Clock(
                id: id, generation: generation, ledger: ledger, originalDue: originalDue, passedRungs: rungs.places, level: level,
                isExtended: isExtended, raised: raised, hasExpiredIncomplete: hasExpired, pausedPromises: promises, endedAt: endedAt)
        })
}

extension Ledger: Described {
    package static let members = Members<Ledger>(
        Member("meter", \.meter, "what it counts"),
        Member("budget", \.budget, "how much there is"),
        Member(
            "segments", \.segments, "the stretches that it has run: from, to, consumed, and by how much it was extended since, unless 0"),
        Member("running_from", \.runningFrom, unless: nil, "since when it runs"),
        Member("rolls", \.rolls, unless: false, "whether a last day that is no working day is moved to the next one"),
        Member("pauses", \.pauses, unless: [], "its pauses to the millisecond, where it counts days: from, to"),
        make: { meter, budget, segments, runningFrom, rolls, pauses throws(Mismatch) in
            let ledger = Ledger(
                meter: meter, budget: budget, segments: segments, runningFrom: runningFrom, rolls: rolls, pauses: pauses)
            guard ledger.isSound else { throw Mismatch("is no account of a clock") }
            return ledger
        })
}

extension ClockID: Described {
    package static let members = Members<ClockID>(
        Member("clock", \.kind, "the clock"),
        Member("of", \.suspension, unless: nil, "of which suspension"),
        Member("office", \.office, unless: nil, "of which office's opinion"),
        make: { ClockID($0, of: $1, office: $2) })
}

extension PausedPromise: Described {
    package static let members = Members<PausedPromise>(
        Member("version", \.version, "the version by whose calendar it stood still"),
        Member("left", \.left, "how much was left"),
        make: { PausedPromise(version: $0, left: $1) })
}

extension Meter: Word {}

extension Ledger.Segment: Represented {
    package static var shape: Shape { .list(.integer) }

    package init(from source: Datum) throws(Mismatch) {
        let numbers = try [Int64](from: source)
        guard (3...4).contains(numbers.count) else { throw Mismatch("has \(numbers.count) numbers, not 3 or 4") }
        self.init(from: numbers[0], to: numbers[1], consumed: numbers[2], extendedSince: numbers.count == 4 ? numbers[3] : 0)
    }

    package func write(to writer: inout JSONWriter) {
        writer.array(of: [from, to, consumed] + (extendedSince == 0 ? [] : [extendedSince])) { $0.integer($1) }
    }
}

extension Ledger.Pause: Represented {
    package static var shape: Shape { .list(.integer) }

    package init(from source: Datum) throws(Mismatch) {
        let instants = try [Int64](from: source)
        let range = Instant.first.milliseconds...Instant.last.milliseconds
        guard (1...2).contains(instants.count), instants.allSatisfy({ range.contains($0) }) else {
            throw Mismatch("are no instants of a pause")
        }
        self.init(
            from: Instant(milliseconds: instants[0]), to: instants.count == 2 ? Instant(milliseconds: instants[1]) : nil)
    }

    package func write(to writer: inout JSONWriter) {
        writer.array(of: [from, to].compactMap { $0?.milliseconds }) { $0.integer($1) }
    }
}

/// The places of rungs, in rising order. A number says how many from the first: so it was written before the ladder of a running clock
/// could change.
private struct PassedRungs: Represented {
    let places: [Int]

    /// No ladder that a catalogue can hold has so many.
    private static let limit = 100_000

    init(places: [Int]) {
        self.places = places
    }

    static var shape: Shape { .list(.integer) }

    init(from source: Datum) throws(Mismatch) {
        if let count = source.integer {
            places = Array(0..<Int(max(0, min(count, Int64(PassedRungs.limit)))))
        } else {
            places = try [Int](from: source)
        }
        guard places.allSatisfy({ $0 < PassedRungs.limit }), zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw Mismatch("are no places of rungs")
        }
    }

    func write(to writer: inout JSONWriter) {
        places.write(to: &writer)
    }
}
