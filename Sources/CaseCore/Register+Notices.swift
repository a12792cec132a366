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
    /// what counts.
    package func noticesOfChange(from former: Register, on day: Day) -> [Notice] {
        var notices: Set<Notice> = []
        for register in [former, self] {
            let supervising = Set(register.matters.values.map(\.assignment.commissioner))
            for (posts, addressee) in [
                (Array(supervising), Addressee.commissioner), (register.auditingPosts, .auditor), (register.confirmingPosts, .confirmer),
            ] {
                let recipients = posts.flatMap { register.recipients(for: $0, on: day) }
                notices.formUnion(recipients.map { Notice(addressee: addressee, recipient: $0) })
            }
        }
        return notices.sorted { ($0.addressee.rawValue, $0.recipient) < ($1.addressee.rawValue, $1.recipient) }
    }
}
