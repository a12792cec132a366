import WorkingTime

/// What a public status look-up shows: where the file is, what has to come from the applicant and until when, why it takes longer (Art. 42), and
/// nothing about persons.
package struct ShownStatus: ShownObject {
    private let file: CaseFile
    private let terms: Terms
    private let now: Instant

    package init(_ file: CaseFile, under terms: Terms, at now: Instant) {
        self.file = file
        self.terms = terms
        self.now = now
    }

    /// What the office asked for and has not got.
    private var awaitedItems: [MaterialID] {
        guard file.state == .correction else { return [] }
        return (file.progress.noticedItems ?? []).filter { id in !file.materials.contains { $0.id == id } }
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
        ShownMember("missing", \.awaitedItems, unless: [], "what the applicant still has to hand in"),
        ShownMember(
            "until", { $0.file.liveClock(.correction)?.ledger.due(on: $0.terms.calendar) }, unless: nil,
            "by when; it lapses then"),
        ShownMember("suspended", { $0.file.suspensions.map(\.kind) }, unless: [], "why its clocks stand still"),
    ]
}
