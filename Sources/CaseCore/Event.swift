import WorkingTime

/// What was recorded of one case at one instant: one row of the journal.
package struct Event: Sendable {
    package let file: CaseID
    /// 1 for the submission, then one more each time; of a reading, the one that was read.
    package let revision: Int
    package let at: Instant
    /// The name of the principal, see `Principal.name`.
    package let by: String
    package let via: ServiceID?
    /// The unix user that spoke; nil for the clock and the catalogue, and in events of the first versions.
    package let uid: UInt32?
    /// The holder of the post, where a substitute acted in its place.
    package let instead: PersonID?
    /// What happened.
    package let change: any Change
    /// The clocks that the event touched, as they stand after it.
    package let clocks: [Clock]
    /// What the seal of the office was set to, or would have been.
    package var seal: SignedStatement?
    /// What whoever acted has signed with a key of their own.
    package var signature: SignedStatement?

    package init(
        file: CaseID, revision: Int, at: Instant, by: String, via: ServiceID?, uid: UInt32? = nil, instead: PersonID? = nil,
        change: any Change,
        clocks: [Clock], seal: SignedStatement? = nil, signature: SignedStatement? = nil
    ) {
        self.file = file
        self.revision = revision
        self.at = at
        self.by = by
        self.via = via
        self.uid = uid
        self.instead = instead
        self.change = change
        self.clocks = clocks
        self.seal = seal
        self.signature = signature
    }
}

extension Event: Equatable {
    package static func == (a: Event, b: Event) -> Bool {
        a.file == b.file && a.revision == b.revision && a.at == b.at && a.by == b.by && a.via == b.via && a.uid == b.uid
            && a.instead == b.instead
            && a.clocks == b.clocks && a.seal == b.seal && a.signature == b.signature && a.change.isEqual(to: b.change)
    }
}

extension Event {
    /// A reading of a revision that somebody was shown, whatever has happened since.
    package func ofReading(at shown: Int) -> Event {
        Event(
            file: file, revision: max(1, min(shown, revision)), at: at, by: by, via: via, uid: uid, instead: instead, change: change,
            clocks: clocks, seal: seal, signature: signature)
    }
}

/// What a command does: the event that makes it so, and who is to be told.
package struct Step: Equatable, Sendable {
    package let event: Event
    package let notices: [Notice]

    package init(event: Event, notices: [Notice]) {
        (self.event, self.notices) = (event, notices)
    }
}

/// Somebody is to be told of an event.
package struct Notice: Hashable, Sendable {
    package let addressee: Addressee
    /// A person, else a post; an applicant's own id.
    package let recipient: String

    package init(addressee: Addressee, recipient: String) {
        self.addressee = addressee
        self.recipient = recipient
    }
}
