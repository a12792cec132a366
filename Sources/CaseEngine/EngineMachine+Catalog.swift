import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

extension EngineMachine {
    /// Makes a catalogue the next version, now or on the day that it names.
    func applyCatalog(_ request: WriteRequest, _ parameters: Parameters, _ principal: Principal) throws(WireError) {
        if let pending = state.pending {
            throw WireError(
                .ruleRefused, kind: "catalog.pending", "a catalogue waits for \(pending.effectiveAt), applied by \(pending.by)",
                hint: "casectl catalog cancel gives it up")
        }
        let plan = try CatalogPlan(parameters, context, for: .engine)
        if let obstacle = plan.obstacle { throw obstacle }
        guard !plan.changes.isEmpty else { return answer(request, .success(plan.result())) }
        if let effectiveAt = plan.catalog.register.effectiveAt, effectiveAt > present {
            let pending = PendingCatalog(effectiveAt: effectiveAt, by: principal.name, parameters: parameters.all)
            return keep(pending, .catalogScheduled(effectiveAt: effectiveAt), by: principal, request, plan.result())
        }
        if let error = install(plan, by: principal.name) { throw error }
        answer(request, .success(plan.result()))
    }

    /// Gives up a catalogue that has not taken effect.
    func cancelCatalog(_ request: WriteRequest, _ principal: Principal) throws(WireError) {
        guard let pending = state.pending else {
            throw WireError(.ruleRefused, kind: "catalog.none_pending", "no catalogue waits for its day")
        }
        let result = JSONWriter.bytes { $0.object { $0.member("effective", pending.effectiveAt) } }
        keep(nil, .catalogCancelled(effectiveAt: pending.effectiveAt), by: principal, request, result)
    }

    /// Lets a catalogue take effect whose day has come. Where it cannot any more, it stays, and the status says why; it is tried again
    /// every minute.
    ///
    /// What fell due before that day belongs to whom the catalogue before it named, also where nothing ran in between.
    func activatePending() {
        guard let pending = state.pending, pending.effectiveAt <= present, state.hold == nil else { return }
        if pending.obstacle != nil, context.time.passesByItself, present - pendingTriedAt < 60_000 { return }
        pendingTriedAt = present
        let before = pending.effectiveAt.advanced(byMilliseconds: -1)
        while let next = state.nextDeadline, next <= before, sweep(through: before) > 0 {}
        do throws(WireError) {
            let known = pendingCatalog.flatMap { $0.pending == pending.parameters ? $0.catalog : nil }
            let plan = try CatalogPlan(
                try Parameters(pending.parameters, of: .administration(.catalogApply)), context, known: known, for: .engine)
            pendingCatalog = (pending.parameters, plan.catalog)
            if let obstacle = plan.obstacle { throw obstacle }
            guard !plan.changes.isEmpty else { return giveUp(pending) }
            defer { pendingCatalog = nil }
            if let error = install(plan, by: pending.by) { throw error }
        } catch {
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

    /// Lets go of a catalogue that would change nothing any more.
    private func giveUp(_ pending: PendingCatalog) {
        pendingCatalog = nil
        commit { builder in
            builder.state.pending = nil
            try builder.record(.catalogCancelled(effectiveAt: pending.effectiveAt), by: Principal.catalog.name)
        } failing: { _ in
        }
    }

    private func keep(
        _ pending: PendingCatalog?, _ change: ServerChange, by principal: Principal, _ request: WriteRequest, _ result: [UInt8]
    ) {
        let isDurable = commit { builder in
            builder.state.pending = pending
            try builder.record(change, by: principal.name)
        } failing: {
            answer(request, .failure($0))
        }
        if isDurable { answer(request, .success(result)) }
    }

    /// Stores the version and hands running cases to whom it names, in one transaction.
    private func install(_ plan: CatalogPlan, by name: String) -> WireError? {
        let stored = StoredCatalog(
            version: plan.version, at: present, by: name, zones: ZoneFile.release, files: plan.catalog.files)
        let job = plan.job(after: state.recalculation)
        var failure: WireError?
        let isDurable = commitInParts { builder, part in
            builder.install(stored)
            builder.state.pending = nil
            if let job {
                try builder.record(.recalculationStarted(version: job.version, caseCount: job.caseCount), by: name)
            }
            for matter in plan.catalog.register.matters.values.sorted(by: { $0.id < $1.id }) where plan.moves(matter.id) {
                try builder.reroute(matter.id, to: matter.assignment, part: part)
            }
            if let job { builder.state.recalculation = job }
        } failing: {
            failure = $0
        }
        guard isDurable else { return failure ?? WireError(.internalError, "the catalogue could not be stored; the log says why") }
        context.catalogs.install(plan.catalog.register, as: plan.version)
        context.log.entry(.catalogApplied, "catalogue applied", ["version": "\(plan.version)", "actor": "\(name)"])
        return nil
    }
}
