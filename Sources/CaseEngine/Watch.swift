import CaseCore
import CaseStore
import CaseWire
import WorkingTime

/// One client's following of cases: what it wants to hear of, and how far it has heard.
///
/// Nothing is kept for a client that reads slowly. It has a place in the journal, and what comes after is read when there is room
/// for it; so nothing is lost, and nothing waits in memory.
package struct Watch: Sendable {
    package let name: String
    /// How long nothing may be sent, in milliseconds, before a bookmark is.
    package let heartbeat: Int64
    let filter: CaseFilter
    /// Who follows: the peer, and the person for whom a service acts. As whom is asked anew at each delivery.
    let speaker: Speaker
    /// What goes on record of it where it is followed as an auditor or an admin.
    let reading: Reading
    /// As whom it last did, and when: as somebody else it does at once, and an hour later again. Nil where it never has.
    var onRecord: (oversight: ReadScope.Oversight, at: Instant)?
    let identity: Principal.Identity
    /// Whether it has ended: who opened it is not the same any more.
    package private(set) var isEnded = false
    /// How far the cases have been sent as they stand; nil where that is not asked, or done.
    var snapshot: SnapshotPlace?
    /// The journal has been looked through up to here.
    package internal(set) var seq: Int64

    /// Behind which case the next part of a snapshot begins, and how many were sent.
    struct SnapshotPlace: Sendable {
        var after: CaseCursor?
        var count = 0
    }

    struct Speaker: Sendable {
        let peer: Peer
        let acting: String?
    }

    init(
        _ name: String, _ filter: CaseFilter, by speaker: Speaker, _ principal: Principal, _ reading: Reading,
        onRecord oversight: ReadScope.Oversight?, at now: Instant, after seq: Int64, heartbeat: Int64
    ) {
        (self.name, self.filter, self.speaker, self.seq, self.heartbeat) = (name, filter, speaker, seq, heartbeat)
        (self.reading, onRecord) = (reading, oversight.map { ($0, now) })
        identity = principal.identity
    }

    mutating func end() {
        isEnded = true
    }

    /// Marks of which a case has one where the watch hears of it; nil where it may hear of any.
    package var marks: Set<CaseMark>? {
        CaseCondition.all(filter.conditions).marks
    }

    /// Goes on behind a place: nothing before it is wanted.
    package mutating func pass(to seq: Int64) {
        self.seq = max(self.seq, seq)
    }

    /// Whether cases as they stand are still to be sent: its place in the journal is none to go on from by itself.
    package var isInSnapshot: Bool {
        snapshot != nil
    }

    /// A day, in milliseconds.
    static let longestHeartbeat: Int64 = 86_400_000

    /// Whether something is to be read for it: cases as they stand, or what the journal has grown by.
    package func isBehind(_ lastSeq: Int64) -> Bool {
        snapshot != nil || seq < lastSeq
    }
}
