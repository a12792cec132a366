import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

extension EngineMachine {
    /// Takes the word of a second one for the parts that a change of the catalogue gives.
    func confirmCatalog(_ request: WriteRequest, _ parameters: Parameters, _ principal: Principal) throws(WireError) {
        guard context.catalogs.newest.confirms(principal) else {
            throw WireError(
                .permissionDenied, "\(principal.name) cannot agree to a change of the catalogue",
                hint: "another admin does, an auditor, or the holder of a post with confirms = true")
        }
        if parameters.boolean("pending") ?? (state.unconfirmed == nil && parameters.integer("version") == nil) {
            try confirmPending(request, parameters, principal)
        } else {
            try confirmVersions(request, parameters, principal)
        }
    }

    /// The parts that a catalogue will give on its day.
    private func confirmPending(_ request: WriteRequest, _ parameters: Parameters, _ principal: Principal) throws(WireError) {
        guard var pending = state.pending, pending.confirmer == nil else { throw EngineMachine.nothingWaits }
        let digest = CatalogDigest.of(pending.files)
        for author in [pending.author] + pending.contributors + (state.unconfirmed?.versions.map(\.author) ?? []) {
            try EngineMachine.require(author, digest, parameters, principal)
        }
        let appointments: [Appointment]
        do {
            let counting = context.catalogs.newest
            appointments = counting.appointments(to: try pending.catalog(keepingUsersOf: counting, isStored: true).register)
        } catch {
            throw context.failure("the catalogue that waits for its day could not be read", error)
        }
        try EngineMachine.requireOthersGain(appointments, principal)
        pending.confirmer = CatalogAuthor(principal)
        let isDryRun = parameters.boolean("dry_run") == true
        let result = EngineMachine.confirmation(nil, digest, effectiveAt: pending.effectiveAt, appointments, isDryRun: isDryRun)
        if isDryRun { return answer(request, .success(result)) }
        keep(pending, .catalogConfirmed(version: nil, digest: digest, goneAt: nil), by: principal, request, result)
    }

    /// The parts that a version gives, and those before it to which nobody else has agreed.
    private func confirmVersions(_ request: WriteRequest, _ parameters: Parameters, _ principal: Principal) throws(WireError) {
        guard let unconfirmed = state.unconfirmed, let last = unconfirmed.versions.last?.number else { throw EngineMachine.nothingWaits }
        let version = parameters.integer("version").map(Int.init) ?? last
        guard unconfirmed.versions.contains(where: { $0.number == version }) else { throw EngineMachine.nothingWaits }
        let (digest, inForce, goneAt): (String, Register, Instant?)
        do {
            digest = try CatalogDigest.of(context.store.read(for: .engine) { try $0.catalog(version: version) }?.files ?? [:])
            inForce = try context.catalogs.inForce(confirmedThrough: version)
            goneAt = try instantOfGoing(under: inForce)
        } catch {
            throw context.failure("a version of the catalogue could not be read", error)
        }
        for earlier in unconfirmed.versions where earlier.number <= version {
            try EngineMachine.require(earlier.author, digest, parameters, principal)
        }
        let former = context.catalogs.newest
        try EngineMachine.requireOthersGain(former.appointments(to: inForce), principal)
        let change = Reorganisation(from: former, to: inForce)
        let moved = inForce.matters.values.filter { former.matters[$0.id].map { $0.assignment } ?? $0.assignment != $0.assignment }
        if let sentence = moved.map(\.id).sorted().compactMap({ change.obstacle(to: $0) }).first {
            throw WireError(
                .ruleRefused, kind: "catalog.no_successor", sentence, hint: "add succeeds = [\"…\"] to the office that takes over")
        }
        let isDryRun = parameters.boolean("dry_run") == true
        let result = EngineMachine.confirmation(
            version, digest, effectiveAt: nil, former.appointments(to: inForce), isDryRun: isDryRun)
        if isDryRun { return answer(request, .success(result)) }
        var failure: WireError?
        let isDurable = commitInParts { builder, part in
            builder.state.unconfirmed = unconfirmed.confirmed(through: version)
            builder.state.history.note(inForce, at: goneAt ?? present)
            builder.state.draws.follow(inForce.announcedDraws, at: present)
            try builder.record(
                .catalogConfirmed(version: version, digest: digest, goneAt: goneAt), by: CatalogAuthor(principal), to: inForce, from: former
            )
            try builder.reroute(from: former, to: inForce, part: part)
        } adopting: {
            context.catalogs.install(
                context.catalogs.asWritten, as: context.catalogs.newestVersion, inForce: inForce, history: state.history)
            context.principals.learnUsers()
        } failing: {
            failure = $0
        }
        guard isDurable else { throw failure ?? WireError(.internalError, "the word could not be stored; the log says why") }
        context.log.entry(.catalogConfirmed, "catalogue confirmed", ["version": "\(version)", "actor": "\(principal.name)"])
        answer(request, .success(result))
    }

    /// Refuses the word of its author, and one for another catalogue than the one that was looked at.
    private static func require(
        _ author: CatalogAuthor, _ digest: String, _ parameters: Parameters, _ principal: Principal
    ) throws(WireError) {
        guard !author.isSame(as: principal) else {
            throw WireError(
                .permissionDenied, kind: "catalog.second_word", "\(principal.name) asked for it; the second word is somebody else's",
                hint: "another admin gives it, an auditor, or the holder of a post with confirms = true")
        }
        // The first digits are enough, as lists show them.
        if let meant = parameters.text("digest"), meant.utf8.count < 16 || !digest.hasPrefix(meant) {
            throw WireError(
                .conflict, kind: "catalog.version_conflict", "it is \(digest), not \(meant)",
                hint: "look at it again: casectl catalog versions")
        }
    }

    /// Refuses the word of whoever gets a part by it.
    private static func requireOthersGain(_ appointments: [Appointment], _ principal: Principal) throws(WireError) {
        guard let gain = appointments.first(where: { $0.gives(to: principal) }) else { return }
        throw WireError(
            .permissionDenied, kind: "catalog.second_word",
            "\(principal.name) gets \(gain.entry) by it; the second word is somebody else's",
            hint: "an admin gives it, another auditor, or the holder of a post with confirms = true")
    }

    private static func confirmation(
        _ version: Int?, _ digest: String, effectiveAt: Instant?, _ appointments: [Appointment], isDryRun: Bool
    ) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object {
                $0.member("version", orNull: version)
                $0.member("digest", digest)
                $0.member("effective", effectiveAt)
                $0.key("appointments")
                $0.array(of: appointments) { $1.write(to: &$0) }
                if isDryRun { $0.member("dry_run", true) }
            }
        }
    }

    private static let nothingWaits = WireError(
        .ruleRefused, kind: "catalog.none_unconfirmed", "no such catalogue waits for a second word",
        hint: "casectl catalog versions shows what does")
}
