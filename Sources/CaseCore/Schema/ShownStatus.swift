import WorkingTime

/// What a public status look-up shows: where the file is, what has to come from the applicant and until when, why it takes longer (Art. 42), and
/// nothing about persons.
package struct ShownStatus: ShownObject {
    private let file: CaseFile
    private let terms: Terms
    private let now: Instant
    private let told: String?
    private let seal: ShownSeal?

    /// - Parameters:
    ///   - told: what the office or the leader last said to the applicant, see `told(by:of:)`.
    ///   - seal: that of the decision, where there is one.
    package init(_ file: CaseFile, under terms: Terms, at now: Instant, told: String? = nil, seal: SignedStatement? = nil) {
        self.seal = seal.map(ShownSeal.init)
        self.file = file
        self.terms = terms
        self.now = now
        self.told = told
    }

    /// What an event tells the applicant of a case as it stands: the reasons of its end, or the remark of the notice that asks for what is
    /// missing; nil for others.
    package static func told(by change: any Change, of file: CaseFile) -> String? {
        let text: String? =
            switch change {
            case let change as Granted: change.reasons
            case let change as Refused: change.reasons
            case let change as Declined: change.ground
            case let change as CorrectionRequested where file.state == .correction: change.note
            default: nil
            }
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What the office asked for and has not got, or what was not handed in with the submission.
    private var awaitedItems: [MaterialID] {
        guard file.state.isOpen else { return [] }
        guard file.state == .correction else { return file.missingMaterials(under: terms) }
        return (file.progress.noticedItems ?? []).filter { id in !file.materials.contains { $0.id == id } }
    }

    private var awaitedNames: [String] {
        awaitedItems.map { id in terms.matter.materials.first { $0.id == id }?.name ?? id.raw }
    }

    /// By when it is to be decided, as it was promised or else as the law says.
    private var decisionDue: Instant? {
        [.promise, .decision].compactMap { file.liveClock($0)?.ledger.due(on: terms.calendar) }.min()
    }

    /// By when the law wants it decided, where an earlier day was promised.
    private var statutoryDue: Instant? {
        guard file.liveClock(.promise) != nil else { return nil }
        return file.liveClock(.decision)?.ledger.due(on: terms.calendar)
    }

    private var suspensionEnd: Instant? {
        file.clocks.filter { $0.kind == .suspension && $0.isLive }.compactMap { $0.ledger.due(on: terms.calendar) }.max()
    }

    package static let name = "status"
    package static let members: [ShownMember<ShownStatus>] = [
        ShownMember("receipt", \.file.origin.receipt, "the receipt"),
        ShownMember("matter", \.file.matter, "the matter"),
        ShownMember("state", \.file.state, "where the file is"),
        ShownMember("office", \.file.assignment.office, "the one office"),
        ShownMember("submitted_at", \.file.origin.at, "when it was submitted"),
        ShownMember("closed_at", \.file.closedAt, "when it was closed"),
        ShownMember("extension", \.file.timing.extension_, "why it takes longer"),
        ShownMember(of: \.file.validity) { $0 == "revoked" },
        ShownMember(
            "waits_for", { $0.file.nextStep(under: $0.terms, at: $0.now)?.role }, unless: nil,
            "in what function somebody has to act next; nothing where nothing is left to be done"),
        ShownMember("missing", \.awaitedItems, unless: [], "required materials that the applicant has not handed in"),
        ShownMember(
            "until", { $0.file.liveClock(.correction)?.ledger.due(on: $0.terms.calendar) }, unless: nil,
            "by when; it lapses then"),
        ShownMember("missing_names", \.awaitedNames, unless: [], "what people call that"),
        ShownMember("told", \.told, unless: nil, "the reasons, or what the notice said that asks for it"),
        ShownMember("seal", \.seal, unless: nil, "the seal of the decision, for whoever checks it"),
        ShownMember("fees_due", { $0.file.state.isOpen ? $0.file.feesDue(under: $0.terms) : [] }, unless: [], "fees that are not settled"),
        ShownMember("decision_due", \.decisionDue, unless: nil, "by when it is to be decided, as it was promised or as the law says"),
        ShownMember("statutory_due", \.statutoryDue, unless: nil, "by when the law wants it decided, where an earlier day was promised"),
        ShownMember("suspended", { $0.file.suspensions.map(\.kind) }, unless: [], "why its clocks stand still"),
        ShownMember("suspended_until", \.suspensionEnd, unless: nil, "until when that was announced"),
    ]
}

/// The seal of a decision as everybody with the receipt may see it: without the salt, by which the commitments of its statement could be opened.
package struct ShownSeal: ShownObject, Equatable {
    private let signed: SignedStatement

    fileprivate init(_ signed: SignedStatement) {
        self.signed = signed
    }

    package static let name = "seal"
    package static let members: [ShownMember<ShownSeal>] = [
        ShownMember("key", \.signed.key, "the seal, as the catalogue names it; nothing where none could be set"),
        ShownMember("fingerprint", \.signed.fingerprint, "of the key"),
        ShownMember("statement", \.signed.statement, "what is signed, to the byte"),
        ShownMember("signature", \.signed.signature, "as ssh-keygen -Y sign writes it"),
    ]
}
