import WorkingTime

/// Who has read cases by lists as an auditor, and until when that counts: whoever did has supervised every case that was submitted by then.
///
/// Which cases a list or a watch showed is not kept for each of them: an auditor reads by lists what there is.
package struct ListReadings: Equatable, Sendable {
    /// How long one counts for the cases that come after it, in milliseconds: a watch goes on, and a list that is asked again within
    /// the hour shows them.
    private static let span: Int64 = 86_400_000
    /// A later one changes nothing for so long, in milliseconds: what is asked again within the hour is on record already.
    private static let rest: Int64 = 3_600_000

    /// One for each who ever read so: a person, and the unix user or the service that spoke.
    package private(set) var until: [Participant: Instant]

    package init(until: [Participant: Instant] = [:]) {
        self.until = until
    }

    /// Takes in a reading, as the server's history has it.
    package mutating func note(_ readers: Set<Participant>, at instant: Instant) {
        for reader in readers where until[reader].map({ $0 - instant <= ListReadings.span - ListReadings.rest }) ?? true {
            until[reader] = instant.advanced(byMilliseconds: ListReadings.span)
        }
    }

    /// Everybody who has supervised a case that was submitted then.
    func readers(of submittedAt: Instant) -> Set<Participant> {
        Set(until.lazy.filter { $0.value >= submittedAt }.map(\.key))
    }

    func includes(_ who: Set<Participant>, of submittedAt: Instant) -> Bool {
        !until.isEmpty && who.contains { until[$0].map { $0 >= submittedAt } ?? false }
    }
}

extension CaseFile {
    /// Everybody who has supervised it so far.
    func supervisors(in register: Register) -> Set<Participant> {
        participants[.supervising].union(register.listReadings.readers(of: origin.at))
    }

    /// Whether somebody is one of its supervisors.
    func isSupervised(by who: Set<Participant>, in register: Register) -> Bool {
        participants.isInvolved(who, .supervising) || register.listReadings.includes(who, of: origin.at)
    }
}

extension Principal {
    /// As whom somebody is known to what they read by lists.
    package var readers: Set<Participant> {
        Set([Participant(named: name), via.map { Participant(speaker: $0) }, uid.map { Participant(user: $0) }].compactMap { $0 })
    }
}
