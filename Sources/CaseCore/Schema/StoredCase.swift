import WorkingTime

// The form in which a store keeps the fold of a case's events, so that a command need not read them all.

extension CaseFile: Described {
    package static let members = Members<CaseFile>(
        Member("case", \.id, "its number"),
        Member(of: \.origin),
        Member(of: \.progress),
        Member(of: \.timing),
        Member(of: \.participants),
        Member("orders", \.orders, unless: [], "its supervision orders, in the order in which they were opened"),
        Member("inspections", \.inspections, unless: [], "what was found about the decision, in the order of time"),
        Member("examinations", \.examinations, unless: [], "the steps of its examination that were taken, in the order of time"),
        Member("settlements", \.settlements, unless: [], "its fees that were settled"),
        Member(of: \.selection),
        Member(of: \.validity),
        Member(of: \.consultation),
        Member(of: \.erasure),
        make: {
            id, origin, progress, timing, participants, orders, inspections, examinations, settlements, selection, validity, consultation,
            erasure in
            var timing = timing
            if timing.version == Timing.pinned { timing.version = origin.catalogVersion }
            return CaseFile(
                id: id, origin: origin, progress: progress, timing: timing, participants: participants, orders: orders,
                inspections: inspections, examinations: examinations, settlements: settlements, selection: selection,
                validity: validity, consultation: consultation, erasure: erasure)
        })
}

extension CaseFile.Origin: Described {
    package static let members = Members<CaseFile.Origin>(
        Member("receipt", \.receipt, "what a public look-up needs"),
        Member(of: \.submission),
        Member("submitted_by", \.by, "who submitted it"),
        Member("submitted_via", \.via, unless: nil, "the service through which they did"),
        Member("submitted_at", \.at, "when"),
        Member("catalog_version", \.catalogVersion, "the version of the catalogue that governs it"),
        make: { CaseFile.Origin(receipt: $0, submission: $1, by: $2, via: $3, at: $4, catalogVersion: $5) })
}

extension CaseFile.Progress: Described {
    package static let members = Members<CaseFile.Progress>(
        Member("revision", \.revision, "the number of its last event"),
        Member("state", \.state, "where the file is"),
        Member(of: \.assignment),
        Member("materials", \.materials, "what was handed in"),
        Member("noticed", \.noticedItems, unless: nil, "what the first notice of missing materials named"),
        Member("received_at", \.receivedAt, "when the materials were received"),
        Member("recommendation", \.recommendation, unless: nil, "the opinion of the office"),
        Member("escalation", \.escalation, "the highest level that was reached"),
        Member("closed_at", \.closedAt, unless: nil, "when it was closed"),
        Member("delivered_at", \.deliveredAt, unless: nil, "when the decision was handed over"),
        Member("decided_by", \.decidedBy, unless: nil, "the leader who decided"),
        make: {
            CaseFile.Progress(
                revision: $0, state: $1, assignment: $2, materials: $3, noticedItems: $4, receivedAt: $5, recommendation: $6,
                escalation: $7, closedAt: $8, deliveredAt: $9, decidedBy: $10)
        })
}

extension CaseFile.Timing: Described {
    /// Stands for the version of the submission, where none is stored.
    fileprivate static let pinned = 0

    package static let members = Members<CaseFile.Timing>(
        Member("clocks", \.clocks, "its clocks, in the order in which they first started"),
        Member("clock_version", \.version, default: pinned, "the version of the catalogue that the clocks follow"),
        Member("suspensions", \.suspensions, unless: [], "why the clocks stand still"),
        // The first versions knew one suspension at most.
        Member("suspension", { _ in nil as Suspension? }, unless: nil, "the one suspension"),
        Member("extension", \.extension_, unless: nil, "the extension of the decision clock"),
        make: { clocks, version, suspensions, only, extended in
            CaseFile.Timing(
                clocks: clocks, version: version, suspensions: suspensions + [only].compactMap { $0 }, extension: extended)
        })
}

extension CaseFile.Participants: Described {
    package static let members = Members<CaseFile.Participants>(
        Member("handler", \.handler, unless: nil, "the officer to whom it is assigned"),
        Member("recused", \.recused, unless: [], "who has no part in it"),
        Member("submitters", { $0[.submitting] }, default: [], "who submitted it"),
        Member("examiners", { $0[.examining] }, default: [], "who examined it, and never decides it"),
        Member("approvers", { $0[.approving] }, default: [], "who had to do with its approval, and never supervises it"),
        Member("supervisors", { $0[.supervising] }, unless: [], "who supervised it, and never approves it"),
        Member("recusers", { $0[.recusing] }, unless: [], "who declared to have no part in it"),
        make: {
            CaseFile.Participants(
                handler: $0, recused: $1,
                involved: [.submitting: $2, .examining: $3, .approving: $4, .supervising: $5, .recusing: $6].filter { !$0.value.isEmpty })
        })
}

extension CaseFile.Extension: Described {
    package static let members = Members<CaseFile.Extension>(
        Member("by", \.by, "by how much"),
        Member("reason", \.reason, "why"),
        Member("at", \.at, "when"),
        make: { CaseFile.Extension(by: $0, reason: $1, at: $2) })
}

extension Assignment: Described {
    package static let members = Members<Assignment>(
        Member("office", \.office, "the one office"),
        Member("leader", \.leader, "the post of the one leader"),
        Member("commissioner", \.commissioner, "the post that supervises"),
        make: { Assignment(office: $0, leader: $1, commissioner: $2) })
}

extension SupervisionOrder: Described {
    package static let members = Members<SupervisionOrder>(
        Member("number", \.number, "its number in its case"),
        Member("to", \.recipient, "who has to answer"),
        Member("reason", \.reason, "what is asked, and why"),
        Member("due", \.due, "how long there is for the answer"),
        Member("by", \.openedBy, "who opened it"),
        Member("at", \.openedAt, "when"),
        Member("asked", \.asked, unless: [], "who could have answered, and who did"),
        Member("answer", \.answer, unless: nil, "the answer"),
        Member("finding", \.finding, unless: nil, "what was found; nothing while it is open"),
        Member("ended_at", \.endedAt, unless: nil, "when its case ended before it was closed"),
        make: {
            SupervisionOrder(
                number: $0, recipient: $1, reason: $2, due: $3, openedBy: $4, openedAt: $5, asked: $6, answer: $7, finding: $8,
                endedAt: $9)
        })
}
