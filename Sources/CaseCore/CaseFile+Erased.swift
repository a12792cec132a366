import WorkingTime

extension CaseFile {
    /// Takes out all that is kept apart in its events (`Member` with `apart`): what is left is the fold of the events once they were erased.
    mutating func erase(at instant: Instant) {
        erasure.erasedAt = instant
        origin = origin.erased
        timing.extension_?.reason = Erased.text
        orders = orders.map(\.erased)
        inspections = inspections.map {
            Inspection(outcome: $0.outcome, finding: Erased.text, draw: $0.draw, by: $0.by, at: $0.at)
        }
        examinations = examinations.map {
            Examination(step: $0.step, outcome: $0.outcome, finding: Erased.text, by: $0.by, at: $0.at)
        }
        settlements = settlements.map(\.erased)
        consultation = Consultation(requests: consultation.requests.map(\.erased))
    }
}

extension CaseFile.Origin {
    fileprivate var erased: CaseFile.Origin {
        var left = submission
        left.title = Erased.text
        left.applicant = Applicant(id: Erased.text, name: Erased.text)
        left.fields = Fields()
        return CaseFile.Origin(receipt: receipt, submission: left, by: by, via: via, at: at, catalogVersion: catalogVersion)
    }
}

extension SupervisionOrder {
    fileprivate var erased: SupervisionOrder {
        SupervisionOrder(
            number: number, recipient: recipient, reason: Erased.text, due: due, openedBy: openedBy, openedAt: openedAt, asked: asked,
            answer: answer.map { _ in Erased.text }, finding: finding.map { _ in Erased.text }, endedAt: endedAt)
    }
}

extension Settlement {
    fileprivate var erased: Settlement {
        Settlement(
            material: material, state: state, reference: reference.isEmpty ? "" : Erased.text, reason: reason.isEmpty ? "" : Erased.text,
            by: by, at: at)
    }
}

extension OpinionRequest {
    fileprivate var erased: OpinionRequest {
        OpinionRequest(
            office: office, question: Erased.text, due: due, suspends: suspends, by: by, at: at, isOverdue: isOverdue,
            answer: answer.map { Answer(opinion: $0.opinion, text: Erased.text, by: $0.by, at: $0.at) }, withdrawnAt: withdrawnAt)
    }
}
