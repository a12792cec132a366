import WorkingTime

/// Something that somebody is told, with its place among all notices.
package struct ShownNotice: ShownObject {
    private let seq: Int64
    private let file: CaseID?
    private let revision: Int
    private let at: Instant
    private let event: String
    private let notice: Notice

    package init(_ notice: Notice, seq: Int64, of file: CaseID, revision: Int, at: Instant, event: String) {
        self.seq = seq
        self.file = file == .server ? nil : file
        self.revision = revision
        self.at = at
        self.event = event
        self.notice = notice
    }

    package static let name = "notice"
    package static let members: [ShownMember<ShownNotice>] = [
        ShownMember("seq", \.seq, "its place among all notices"),
        ShownMember("case", \.file, "the case; null where it is of the server"),
        ShownMember("revision", \.revision, "the number of the event in the case, or among the server's"),
        ShownMember("at", \.at, "when it was given"),
        ShownMember("event", \.event, "what happened"),
        ShownMember("addressee", \.notice.addressee, "as what somebody is told"),
        ShownMember("recipient", \.notice.recipient, "who is told: a person, else a post; an applicant's id"),
    ]
}
