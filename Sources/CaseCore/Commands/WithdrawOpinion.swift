import WorkingTime

/// The office goes on without the opinion for which it asked.
package struct WithdrawOpinion: CaseCommand, ClientCommand {
    package var office: OfficeID
    package var reason: String

    package init(_ office: OfficeID, reason: String) {
        self.office = office
        self.reason = reason
    }

    package static let declaration = Declaration(
        "withdraw-opinion", "Go on without the opinion for which another office was asked.", by: [.office],
        .staying(in: [.inReview, .withLeader]), whileSuspended: true, involvement: [.approving])

    package static let members = Members<WithdrawOpinion>(
        Member("office", \.office, "the office that was asked"), Member("reason", \.reason, limit: ByteLimit.prose, "why"),
        make: { WithdrawOpinion($0, reason: $1) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard file.consultation.requests.contains(where: \.isOpen) else {
            throw .noOpenOpinion(file.consultation.requests.last?.office ?? OfficeID(""))
        }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> OpinionWithdrawn {
        try requireText(reason, "reason")
        file.end(try file.openRequest(to: office), &draft)
        draft.tell(.officeHead, file.head(of: office, in: draft.terms.register))
        return OpinionWithdrawn(office, reason: reason)
    }
}

package struct OpinionWithdrawn: Change {
    package var office: OfficeID
    package var reason: String

    package init(_ office: OfficeID, reason: String) {
        self.office = office
        self.reason = reason
    }

    package static let name = "opinion-withdrawn"
    package static let members = Members<OpinionWithdrawn>(
        Member("office", \.office, "who was asked"), Member("reason", \.reason, apart: Erased.text, "why"),
        make: { OpinionWithdrawn($0, reason: $1) })

    package func canFollow(_ file: CaseFile) -> Bool {
        file.consultation.open(to: office) != nil
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.consultation.update(to: office) { $0.withdrawnAt = instant }
    }
}
