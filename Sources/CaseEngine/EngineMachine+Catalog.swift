import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

extension EngineMachine {
    /// Makes a catalogue the next version, now or on the day that it names.
    func applyCatalog(_ request: WriteRequest, _ parameters: Parameters, _ principal: Principal) throws(WireError) {
        let author = CatalogAuthor(principal)
        let plan = try CatalogPlan(parameters, context, for: .engine)
        if let obstacle = plan.obstacle { throw obstacle }
        guard !plan.changes.isEmpty else { return answer(request, .success(plan.result())) }
        if let effectiveAt = plan.catalog.register.effectiveAt, effectiveAt > present {
            _ = try followingPending(plan, by: author)
            let pending = PendingCatalog(
                effectiveAt: effectiveAt, author: author, parameters: parameters.all, keepsUsers: plan.keepsUsers)
            let scheduled = ServerChange.catalogScheduled(effectiveAt: effectiveAt, digest: CatalogDigest.of(pending.files))
            return keep(pending, scheduled, by: principal, request, plan.result())
        }
        let before = state.pending
        let pending = try followingPending(plan, by: author)
        if let error = install(plan, by: author, pending: pending) { throw error }
        let toAgreeAgain = before?.confirmer != nil && pending?.confirmer == nil ? pending?.effectiveAt : nil
        answer(request, .success(plan.result(toAgreeAgain: toAgreeAgain)))
    }

    /// The catalogue that waits for its day, with what is changed at once.
    private func followingPending(_ plan: CatalogPlan, by author: CatalogAuthor) throws(WireError) -> PendingCatalog? {
        guard let pending = state.pending else { return nil }
        let stored: StoredCatalog?
        do {
            stored = try context.store.read(for: .engine) { try $0.catalog(version: nil) }
        } catch {
            throw context.failure("the newest catalogue could not be read", error)
        }
        return try pending.following(plan, from: stored?.files ?? [:], by: author, at: present)
    }

    /// Gives up a catalogue that has not taken effect.
    func cancelCatalog(_ request: WriteRequest, _ parameters: Parameters, _ principal: Principal) throws(WireError) {
        guard let pending = state.pending else {
            throw WireError(.ruleRefused, kind: "catalog.none_pending", "no catalogue waits for its day")
        }
        let isDryRun = parameters.boolean("dry_run") == true
        let result = JSONWriter.bytes {
            $0.object {
                $0.member("effective", pending.effectiveAt)
                if isDryRun { $0.member("dry_run", true) }
            }
        }
        if isDryRun { return answer(request, .success(result)) }
        keep(nil, .catalogCancelled(effectiveAt: pending.effectiveAt), by: principal, request, result)
    }

    /// Lets a catalogue take effect whose day has come. Where it cannot any more, it stays, and the status says why; it is tried again
    /// every minute.
    ///
    /// What fell due before that day belongs to whom the catalogue before it named, also where nothing ran in between.
    func activatePending() {
        guard let pending = state.pending, pending.effectiveAt <= present else { return }
        if pending.obstacle != nil, context.time.passesByItself, present - pendingTriedAt < 60_000 { return }
        pendingTriedAt = present
        let before = pending.effectiveAt.advanced(byMilliseconds: -1)
        while let next = state.nextDeadline, next <= before, sweep(through: before) > 0 {}
        do throws(WireError) {
            let plan = try CatalogPlan(
                try Parameters(pending.parameters, of: .administration(.catalogApply)), context, known: try completed(pending), for: .engine
            )
            if let obstacle = plan.obstacle { throw obstacle }
            guard !plan.changes.isEmpty else { return giveUp(pending) }
            defer { pendingCatalog = nil }
            if let error = install(plan, by: pending.author, isConfirmed: pending.confirmer != nil, pending: nil) { throw error }
        } catch {
            guard !isOvertaken else { return }
            if pending.obstacle != error.message {
                context.log.entry(
                    .catalogObstructed, "a catalogue cannot take effect",
                    ["effective": "\(pending.effectiveAt)", "why": "\(error.message)"])
            }
            state.pending?.obstacle = error.message
            let pending = state.pending
            shared.update { $0.state.pending = pending }
        }
    }

    /// What it says with the unix users that stay bound: where somebody agreed to it, those that count, and none that wait.
    private func completed(_ pending: PendingCatalog) throws(WireError) -> Catalogue {
        let changeCount = context.catalogs.changeCount
        if let known = pendingCatalog, known.pending == pending, known.changeCount == changeCount { return known.catalog }
        do throws(Catalogue.Refused) {
            let catalog = try pending.catalog(
                keepingUsersOf: pending.confirmer == nil ? context.catalogs.asWritten : context.catalogs.newest)
            pendingCatalog = (pending, changeCount, catalog)
            return catalog
        } catch {
            throw CatalogPlan.refusal(error)
        }
    }

    /// Lets go of a catalogue that would change nothing any more.
    private func giveUp(_ pending: PendingCatalog) {
        pendingCatalog = nil
        let inForce = context.catalogs.newest
        commit { builder in
            builder.state.pending = nil
            try builder.record(.catalogCancelled(effectiveAt: pending.effectiveAt), by: CatalogAuthor(.catalog), to: inForce, from: inForce)
        } failing: { _ in
        }
    }

    /// Stores that a catalogue waits for its day, or no longer does.
    func keep(
        _ pending: PendingCatalog?, _ change: ServerChange, by principal: Principal, _ request: WriteRequest, _ result: [UInt8]
    ) {
        let inForce = context.catalogs.newest
        let isDurable = commit { builder in
            builder.state.pending = pending
            try builder.record(change, by: CatalogAuthor(principal), to: inForce, from: inForce)
        } failing: {
            answer(request, .failure($0))
        }
        if isDurable { answer(request, .success(result)) }
    }

    /// When the names are gone that a version leaves out: not before the last case was closed, whatever the clock says now. Nil where it has all.
    func instantOfGoing(under inForce: Register) throws -> Instant? {
        guard state.history.loses(inForce) else { return nil }
        return try max(present, context.store.read(for: .engine) { try $0.lastClosedAt() } ?? present)
    }

    /// Stores the version and hands running cases to whom it names, in one transaction. Parts that it gives wait for a second word.
    private func install(
        _ plan: CatalogPlan, by author: CatalogAuthor, isConfirmed: Bool = false, pending: PendingCatalog?
    ) -> WireError? {
        let stored = StoredCatalog(
            version: plan.version, at: present, by: author.name, zones: ZoneFile.release, files: plan.catalog.files)
        let register = plan.catalog.register
        let (former, written) = (context.catalogs.newest, context.catalogs.asWritten)
        let inForce = isConfirmed ? register : plan.inForce
        let isCounting = inForce.appointments(to: register).isEmpty
        var unconfirmed = isCounting ? nil : state.unconfirmed ?? Unconfirmed(confirmed: context.catalogs.newestVersion, versions: [])
        unconfirmed?.add(plan.version, by: author)
        if let unconfirmed, unconfirmed.versions.count > Unconfirmed.limit {
            return WireError(
                .ruleRefused, kind: "catalog.too_many_unconfirmed", "\(Unconfirmed.limit) versions wait for a second word already",
                hint: "let somebody else confirm them: casectl catalog confirm")
        }
        let appointments = written.appointments(to: register)
        let goneAt: Instant?
        do {
            goneAt = try instantOfGoing(under: inForce)
        } catch {
            return context.failure("when the last case was closed could not be read", error)
        }
        let applied = ServerChange.catalogApplied(
            version: plan.version, digest: CatalogDigest.of(stored.files), confirmed: unconfirmed?.confirmed ?? plan.version,
            appointments: Array(appointments.prefix(ServerChange.appointmentLimit)), appointmentCount: appointments.count, goneAt: goneAt,
            waiting: pending?.waiting)
        let job = plan.job(after: state.recalculation)
        var failure: WireError?
        let isDurable = commitInParts { builder, part in
            builder.install(stored)
            builder.state.pending = pending
            builder.state.unconfirmed = unconfirmed
            builder.state.history.note(inForce, at: goneAt ?? present)
            builder.state.draws.follow(inForce.announcedDraws, at: present)
            try builder.record(applied, by: author, to: inForce, from: former)
            if let job {
                try builder.record(
                    .recalculationStarted(version: job.version, caseCount: job.caseCount), by: author.name, uid: author.uid)
            }
            try builder.reroute(from: former, to: inForce, part: part)
            if let job { builder.state.recalculation = job }
        } adopting: {
            context.catalogs.install(register, as: plan.version, inForce: inForce, history: state.history)
            context.principals.learnUsers()
        } failing: {
            failure = $0
        }
        guard isDurable else { return failure ?? WireError(.internalError, "the catalogue could not be stored; the log says why") }
        context.log.entry(.catalogApplied, "catalogue applied", ["version": "\(plan.version)", "actor": "\(author.name)"])
        return nil
    }
}
