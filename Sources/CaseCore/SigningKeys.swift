import WorkingTime

/// The key with which the decisions of an office are sealed, as the catalogue publishes it.
package struct Seal: Sendable, Equatable {
    package let id: Identifier<Seal>
    package let office: OfficeID
    /// The public half, a line of OpenSSH without its comment.
    package let key: String
    package let validity: KeyValidity

    package init(id: Identifier<Seal>, office: OfficeID, key: String, validity: KeyValidity) {
        self.id = id
        self.office = office
        self.key = key
        self.validity = validity
    }
}

/// A key with which a person signs what they decide or recommend.
package struct Signer: Sendable, Equatable {
    package let id: Identifier<Signer>
    package let person: PersonID
    /// The public half, a line of OpenSSH without its comment.
    package let key: String
    package let validity: KeyValidity

    package init(id: Identifier<Signer>, person: PersonID, key: String, validity: KeyValidity) {
        self.id = id
        self.person = person
        self.key = key
        self.validity = validity
    }
}

/// Whose own signature a matter asks for.
package enum Signatory: String, Word {
    /// Whoever decides signs the decision.
    case leader
    /// Whoever examines signs the recommendation, or that the submission is not accepted.
    case handler
}

/// When a key counts, as it is written.
package struct KeyValidity: Sendable, Equatable {
    /// A day, from its first instant on, or an instant.
    package enum Moment: Sendable, Equatable, CustomStringConvertible {
        case day(Day)
        case instant(Instant)

        /// - Parameter zone: in which days begin.
        func instant(in zone: Zone) -> Instant {
            switch self {
            case .day(let day): zone.instant(on: day, timeOfDay: 0)
            case .instant(let instant): instant
            }
        }

        package var description: String {
            switch self {
            case .day(let day): day.description
            case .instant(let instant): instant.description
            }
        }
    }

    package let from: Moment
    /// Not included; nil where there is no end.
    package let until: Moment?

    package init(from: Moment, until: Moment? = nil) {
        self.from = from
        self.until = until
    }

    func span(in zone: Zone) -> KeySpan {
        KeySpan(from: from.instant(in: zone), until: until?.instant(in: zone))
    }

    /// The same for no longer than in another span; nil where nothing is left.
    ///
    /// - Parameter own: its own span.
    func within(_ former: KeySpan, own: KeySpan) -> KeyValidity? {
        let common = own.within(former)
        if common == own { return self }
        return common.isEmpty ? nil : KeyValidity(from: .instant(common.from), until: common.until.map { .instant($0) })
    }
}

/// From one instant until before another, or for ever.
package struct KeySpan: Sendable, Hashable {
    package let from: Instant
    /// Not included; nil where there is no end.
    package let until: Instant?

    package init(from: Instant, until: Instant? = nil) {
        self.from = from
        self.until = until
    }

    package func contains(_ instant: Instant) -> Bool {
        from <= instant && until.map { instant < $0 } ?? true
    }

    var isEmpty: Bool { until.map { $0 <= from } ?? false }

    /// Whether others together leave no instant of it out.
    func isCovered(by others: [KeySpan]) -> Bool {
        func end(_ span: KeySpan) -> Int64 { span.until?.milliseconds ?? .max }
        var reached = from.milliseconds
        for other in others.sorted(by: { $0.from < $1.from }) where other.from.milliseconds <= reached {
            reached = max(reached, end(other))
        }
        return reached >= end(self)
    }

    func within(_ other: KeySpan) -> KeySpan {
        KeySpan(from: max(from, other.from), until: [until, other.until].compactMap { $0 }.min())
    }
}

extension Register {
    /// Whether the decisions of approval offices are sealed.
    package var sealsDecisions: Bool { !seals.isEmpty || keepsSealing }

    package func span(of seal: Seal) -> KeySpan {
        seal.validity.span(in: zone { $0.assignment.office == seal.office })
    }

    package func span(of signer: Signer) -> KeySpan {
        signer.validity.span(in: zone(ofSigner: signer.person))
    }

    /// The seals of an office that count at an instant, the newest first.
    package func seals(of office: OfficeID, at instant: Instant) -> [Seal] {
        seals.values.filter { $0.office == office && span(of: $0).contains(instant) }
            .sorted { (span(of: $0).from, $0.id) > (span(of: $1).from, $1.id) }
    }

    /// The keys of a person that count at an instant, by their names.
    package func signers(of person: PersonID, at instant: Instant) -> [Signer] {
        signers.values.filter { $0.person == person && span(of: $0).contains(instant) }.sorted { $0.id < $1.id }
    }

    /// Days begin in the zone of the first matter that somebody decides or examines.
    private func zone(ofSigner person: PersonID) -> Zone {
        zone { holder(of: $0.assignment.leader) == person || officers(of: $0.assignment.office).contains(person) }
    }

    /// The zone of the first matter that is meant, by name; where there is none, of the first calendar.
    private func zone(where isMeant: (Matter) -> Bool) -> Zone {
        let matter = matters.values.filter(isMeant).min { $0.id < $1.id }
        let calendar = matter.flatMap { policies[$0.policy] }.flatMap { calendars[$0.calendar] }
        return (calendar ?? calendars.min { $0.key < $1.key }?.value)?.zone ?? Zone(name: "UTC", firstOffset: 0, changes: [])
    }

    /// What of the keys counts while nobody but the author of this version has agreed to it: those that counted before, for no longer. A seal
    /// stays as it was where what is left of the office's does not cover its time, so that nobody alone ends that decisions are sealed: by
    /// leaving a key out, by another one in its place, or by an earlier end.
    mutating func keepKeys(of before: Register) {
        let written = self
        let (formerSeals, formerSigners) = (before.seals.values.sorted { $0.id < $1.id }, before.signers.values.sorted { $0.id < $1.id })
        seals = seals.compactMapValues { seal in
            let former = formerSeals.filter { $0.office == seal.office && $0.key == seal.key }.map(before.span)
            return former.lazy.compactMap { seal.validity.within($0, own: written.span(of: seal)) }.first.map {
                Seal(id: seal.id, office: seal.office, key: seal.key, validity: $0)
            }
        }
        for seal in formerSeals where offices[seal.office] != nil {
            let left = seals.values.filter { $0.office == seal.office }.map(span)
            if !before.span(of: seal).isCovered(by: left) { seals[seal.id] = seal }
        }
        keepsSealing = before.sealsDecisions
        signers = signers.compactMapValues { signer in
            let former = formerSigners.filter { $0.person == signer.person && $0.key == signer.key }.map(before.span)
            return former.lazy.compactMap { signer.validity.within($0, own: written.span(of: signer)) }.first.map {
                Signer(id: signer.id, person: signer.person, key: signer.key, validity: $0)
            }
        }
    }
}
