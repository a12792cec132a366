import WorkingTime

extension Register {
    /// Whoever acts for a post on a day; the post itself where nobody does.
    func recipients(for post: PostID, on day: Day) -> [String] {
        let acting = actors(for: post, on: day).map(\.person.raw)
        return acting.isEmpty ? [holder(of: post)?.raw ?? post.raw] : acting
    }

    var auditingPosts: [PostID] {
        posts.values.filter(\.isAuditing).map(\.id).sorted()
    }

    var confirmingPosts: [PostID] {
        posts.values.filter(\.isConfirming).map(\.id).sorted()
    }

    /// Who is told that the catalogue changes: whoever supervises a matter, the auditors, and whoever may agree to it, by what counted and by
    /// what counts. It is about no case, so that its day is that of each calendar.
    package func noticesOfChange(from former: Register, at now: Instant) -> [Notice] {
        var notices: Set<Notice> = []
        for register in [former, self] {
            let supervising = Set(register.matters.values.map(\.assignment.commissioner))
            for (posts, addressee) in [
                (Array(supervising), Addressee.commissioner), (register.auditingPosts, .auditor), (register.confirmingPosts, .confirmer),
            ] {
                let recipients = posts.flatMap { post in register.days(at: now).flatMap { register.recipients(for: post, on: $0) } }
                notices.formUnion(recipients.map { Notice(addressee: addressee, recipient: $0) })
            }
        }
        // Whoever audits and may agree to it besides is told once.
        notices = notices.filter { $0.addressee != .confirmer || !notices.contains(Notice(addressee: .auditor, recipient: $0.recipient)) }
        return notices.sorted { ($0.addressee.rawValue, $0.recipient) < ($1.addressee.rawValue, $1.recipient) }
    }

    /// The days that an instant lies on, by the zones of the calendars; by UTC where there is no calendar.
    func days(at now: Instant) -> Set<Day> {
        let days = Set(calendars.values.map { $0.zone.day(of: now) })
        return days.isEmpty ? [Zone.utc.day(of: now)] : days
    }

    /// The office of an addressee that has no head.
    private static let officePrefix = "office "

    /// How a notice names an office that has no head.
    package static func recipient(_ office: OfficeID) -> String {
        officePrefix + office.raw
    }

    /// What people call the recipient of a notice who is no applicant; nil where the catalogue has nobody of that name any more.
    package func name(ofRecipient recipient: String) -> String? {
        if recipient.hasPrefix(Register.officePrefix) {
            return offices[OfficeID(String(recipient.dropFirst(Register.officePrefix.count)))]?.name
        }
        return persons[PersonID(recipient)]?.name ?? posts[PostID(recipient)]?.name
    }

    /// Which notices are a principal's own now: those to them by name, to a post for which they act, or to their office where it has no head; as
    /// an applicant those under one of their ids. A service has those to the applicants of the cases that it may read.
    package func ownNotices(of principal: Principal, at now: Instant) -> OwnNotices {
        switch principal.identity {
        case .clock, .catalog, .user, .file: return OwnNotices()
        case .service: return OwnNotices(coversAllApplicants: true)
        case .person(let person, via: _):
            let mine = posts.values.filter { post in
                days(at: now).contains { actors(for: post.id, on: $0).contains { $0.person == person } }
            }
            let ids = Set([person] + (otherIDs[person] ?? []))
            return OwnNotices(
                names: Set(ids.map(\.raw) + mine.map(\.id.raw) + mine.compactMap(\.office).map(Register.recipient)),
                applicants: ids.reduce(into: []) { $0.formUnion(persons[$1]?.identities ?? former.identities[$1] ?? []) })
        }
    }
}

/// Which notices are somebody's own, by whom they name.
package struct OwnNotices: Equatable, Sendable {
    /// Recipients who are no applicants.
    package var names: Set<String> = []
    /// Ids of applicants.
    package var applicants: Set<String> = []
    /// Whether it is those to all applicants.
    package var coversAllApplicants = false

    package init(names: Set<String> = [], applicants: Set<String> = [], coversAllApplicants: Bool = false) {
        (self.names, self.applicants, self.coversAllApplicants) = (names, applicants, coversAllApplicants)
    }

    package func covers(_ notice: Notice) -> Bool {
        notice.addressee == .applicant
            ? coversAllApplicants || applicants.contains(notice.recipient) : names.contains(notice.recipient)
    }
}
