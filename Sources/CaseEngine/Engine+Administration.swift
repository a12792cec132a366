import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

extension Engine {
    /// Carries out what is about the server rather than about one case.
    func administrate(_ command: Command) {
        do throws(WireError) {
            let principal = try context.principals.principal(of: command.peer, acting: nil)
            guard principal.isAdmin else {
                throw WireError(
                    .permissionDenied, "\(command.method.rawValue) is for admins", hint: "run it as root or as the user of cased")
            }
            switch command.method {
            case .catalogApply: try applyCatalog(command, principal)
            case .clockConfirm: try confirmClock(command, principal)
            case .clockAdvance: try advanceClock(command)
            default: preconditionFailure("\(command.method.rawValue) is no administration")
            }
        } catch {
            command.reply(.failure(error))
        }
    }

    /// Makes a catalogue the next version and hands running cases to whom it names, in one transaction.
    private func applyCatalog(_ command: Command, _ principal: Principal) throws(WireError) {
        let plan = try CatalogPlan(command.parameters, context)
        if let obstacle = plan.obstacle { throw obstacle }
        guard !plan.changes.isEmpty else { return command.reply(.success(plan.result())) }

        let stored = StoredCatalog(
            version: plan.version, at: present, by: principal.name, zones: ZoneFile.release, files: plan.catalog.files)
        let job = plan.job(after: gauges.reprojection)
        let isDurable = commit { builder in
            builder.install(stored)
            if let job {
                StoreSettings.keep(job, in: &builder)
                try builder.record(
                    .reprojectionStarted(version: job.version, caseCount: job.caseCount), by: principal.name)
            }
            for matter in plan.catalog.register.matters.values.sorted(by: { $0.id < $1.id }) where plan.moves(matter.id) {
                try builder.reroute(matter.id, to: matter.assignment)
            }
        } failing: {
            command.reply(.failure($0))
        }
        guard isDurable else { return }
        context.catalogs.install(plan.catalog.register, as: plan.version)
        if let job { set(reprojection: job) }
        context.log.notice("catalogue applied", metadata: ["version": "\(plan.version)", "by": "\(principal.name)"])
        command.reply(.success(plan.result()))
    }

    /// Takes somebody's word that the clock is right after a jump: deadlines pass again.
    private func confirmClock(_ command: Command, _ principal: Principal) throws(WireError) {
        guard let hold = gauges.hold else {
            throw WireError(
                .ruleRefused, kind: "clock.not_held", "no deadline waits: the clock has not jumped",
                hint: "casectl clock history shows its steps")
        }
        let isDurable = commit { builder in
            try builder.record(.clockConfirmed, by: principal.name)
            StoreSettings.keep(nil as ClockHold?, in: &builder)
        } failing: {
            command.reply(.failure($0))
        }
        guard isDurable else { return }
        set(hold: nil)
        context.log.notice("the clock was confirmed; deadlines pass again", metadata: ["by": "\(principal.name)"])
        let result = JSONWriter.bytes { writer in
            writer.object {
                $0.member("now", present)
                $0.member("held_since", hold.since)
                $0.member("by_ms", hold.step)
            }
        }
        command.reply(.success(result))
    }

    /// Moves a manual clock; whatever falls due on the way happens at its own instant, in order.
    private func advanceClock(_ command: Command) throws(WireError) {
        guard let time = context.time as? ManualTime else {
            throw WireError(
                .ruleRefused, kind: "clock.not_manual", "this server runs on the system's clock",
                hint: "start a training instance with --manual-clock and a state directory of its own")
        }
        guard let target = command.parameters.instant("to") else { preconditionFailure("clock.advance without to") }
        guard target >= time.now else {
            throw .parameter("to", "is before the present, \(time.now)", hint: "time does not go backward")
        }
        // What follows happens under the new rules.
        while gauges.reprojection != nil {
            guard reproject() else { throw WireError(.internalError, "changed rules did not reach all cases; the log says why") }
        }
        while let next = gauges.nextDeadline, next <= target {
            move(time, to: next)
            guard sweep() > 0 else {
                throw WireError(.internalError, "the clock stopped at \(time.now); the log says why")
            }
        }
        move(time, to: target)
        commit { builder in
            StoreSettings.keep(target, in: &builder)
            let result = JSONWriter.bytes { $0.object { $0.member("now", target) } }
            builder.reply(.success(result), to: command)
        } failing: {
            command.reply(.failure($0))
        }
    }

    private func move(_ time: ManualTime, to instant: Instant) {
        time.advance(to: instant)
        present = time.now
    }
}
