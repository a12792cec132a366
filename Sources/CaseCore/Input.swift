import WorkingTime

/// What can be asked of a case, by somebody or by the passing of time.
package enum Input: Equatable, Sendable {
    case submit(Submission)
    case accept
    case requestCorrection(missing: [MaterialID], note: String)
    case correct(materials: [SubmittedMaterial], note: String)
    case decline(ground: String, competent: String?)
    case assign(PersonID?)
    case suspend(Suspension.Kind, basis: String, expected: Length, note: String)
    /// Which suspension has ended; it has to be said where several have not.
    case resume(Suspension.Kind?)
    case extend(ClockKind, by: Length, reason: String)
    case recommend(Recommendation, opinion: String)
    case `return`(reason: String)
    case grant(reasons: String)
    case refuse(reasons: String)
    case withdraw(reason: String)
    case deliver(how: String)
    case note(String)
    case escalate(reason: String)
    case openOrder(reason: String, to: SupervisionOrder.Recipient, due: Length)
    case answerOrder(Int, answer: String)
    case closeOrder(Int, finding: String)
    /// Somebody has no part in this case, and says why.
    case recuse(reason: String)
    /// What an auditor, or the commissioner, found when looking at a decided case.
    case inspect(Inspection.Outcome, finding: String, draw: String?)
    /// An auditor has read the case; `what` names the reading.
    case read(String)
    case reroute(Assignment)
    case reproject(Reprojection)

    // The passing of time. `due` is the instant that came.
    case deemAccept(due: Instant)
    case lapse(due: Instant)
    case deemGrant(due: Instant)
    case passRung(ClockID, rung: Int, due: Instant)

    /// An input without its data: a row of the lifecycle table, a word on the wire.
    package enum Kind: String, CaseIterable, Sendable {
        case submit, accept
        case requestCorrection = "request-correction"
        case correct, decline, assign, suspend, resume, extend, recommend
        case `return`, grant, refuse, withdraw, deliver, note, escalate
        case openOrder = "open-order"
        case answerOrder = "answer-order"
        case closeOrder = "close-order"
        case recuse, inspect, read, reroute, reproject
        case deemAccept = "deem-accept"
        case lapse
        case deemGrant = "deem-grant"
        case passRung = "pass-rung"
    }

    package var kind: Kind {
        switch self {
        case .submit: .submit
        case .accept: .accept
        case .requestCorrection: .requestCorrection
        case .correct: .correct
        case .decline: .decline
        case .assign: .assign
        case .suspend: .suspend
        case .resume: .resume
        case .extend: .extend
        case .recommend: .recommend
        case .return: .return
        case .grant: .grant
        case .refuse: .refuse
        case .withdraw: .withdraw
        case .deliver: .deliver
        case .note: .note
        case .escalate: .escalate
        case .openOrder: .openOrder
        case .answerOrder: .answerOrder
        case .closeOrder: .closeOrder
        case .recuse: .recuse
        case .inspect: .inspect
        case .read: .read
        case .reroute: .reroute
        case .reproject: .reproject
        case .deemAccept: .deemAccept
        case .lapse: .lapse
        case .deemGrant: .deemGrant
        case .passRung: .passRung
        }
    }
}

/// What an applicant hands in.
package struct Submission: Equatable, Sendable {
    package var matter: MatterID
    package var title: String
    package var applicant: Applicant
    package var materials: [SubmittedMaterial]
    /// In the order in which they came.
    package var fields: [Field]
    package var channel: String

    package init(
        matter: MatterID, title: String, applicant: Applicant, materials: [SubmittedMaterial] = [], fields: [Field] = [],
        channel: String = "online"
    ) {
        self.matter = matter
        self.title = title
        self.applicant = applicant
        self.materials = materials
        self.fields = fields
        self.channel = channel
    }
}

package struct Applicant: Equatable, Sendable {
    package var id: String
    package var name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

package struct Field: Equatable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A document that was handed in: which of the matter's materials it is, and where its content is kept.
package struct SubmittedMaterial: Equatable, Sendable {
    package var id: MaterialID
    package var sha256: String?
    package var uri: String?

    package init(id: MaterialID, sha256: String? = nil, uri: String? = nil) {
        self.id = id
        self.sha256 = sha256
        self.uri = uri
    }
}

package enum Recommendation: String, CaseIterable, Sendable {
    case grant, refuse
}

/// Who answers for a case: exactly one of each.
package struct Assignment: Hashable, Sendable {
    package var office: OfficeID
    package var leader: PostID
    package var commissioner: PostID

    package init(office: OfficeID, leader: PostID, commissioner: PostID) {
        self.office = office
        self.leader = leader
        self.commissioner = commissioner
    }
}

/// Why the clocks of an open case stand still.
package struct Suspension: Equatable, Sendable {
    /// Art. 45 of the Administrative Licensing Law and what is handled alike.
    package enum Kind: String, CaseIterable, Sendable {
        case hearing
        case expertReview = "expert-review"
        case inspection, appraisal
        case applicant
        case forceMajeure = "force-majeure"
    }

    package var kind: Kind
    package var basis: String
    package var expected: Length
    package var note: String
    package var since: Instant

    package init(kind: Kind, basis: String, expected: Length, note: String, since: Instant) {
        self.kind = kind
        self.basis = basis
        self.expected = expected
        self.note = note
        self.since = since
    }
}
