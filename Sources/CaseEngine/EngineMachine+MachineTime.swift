import CaseCore
import CaseStore
import Catalogue
import WorkingTime

extension EngineMachine {
    /// Finds out whether the clock was set, records it, and lets deadlines wait after a jump that is too far to believe.
    func watchClock() {
        let (now, step) = clockWatch.look()
        present = now
        guard step != 0 else { return }
        // They were said by the clock of before.
        (sweepsFrom, pendingTriedAt, lastForgettingAt) = (nil, .first, now)
        damaged = [:]
        var hold = state.hold
        hold?.step += step
        if hold == nil, step > largestStep { hold = ClockHold(since: now, step: step) }
        // Set back to about where it was: nothing is left to confirm.
        let isLifted = hold.map { $0.step <= largestStep } ?? false
        context.log.entry(
            .clockStepped, "the machine's clock was set",
            ["by_ms": "\(step)", "deadlines": "\(hold == nil || isLifted ? "pass" : "wait for casectl clock confirm")"])
        commit { builder in
            try builder.record(.clockStepped(milliseconds: step, isHeld: hold != nil && !isLifted), by: Principal.clock.name)
            if isLifted { try builder.record(.clockConfirmed, by: Principal.clock.name) }
            builder.state.hold = isLifted ? nil : hold
        } failing: { _ in
            // Also where it could not be recorded, the clock is not believed.
            let hold = isLifted ? nil : hold
            state.hold = hold
            shared.update { $0.state.hold = hold }
        }
    }

    /// A deadline rests on its zone as well: another release of the tz database is recorded, and deadlines are looked up again.
    package func compareZones() {
        let zones = ZoneFile.release
        let lastZones = state.zones
        guard zones != lastZones else { return }
        let matters = lastZones == nil ? [] : context.catalogs.newest.matters.keys.sorted()
        let count = (try? context.store.read(for: .engine) { try $0.runningCounts().values.reduce(0) { $0 + $1.running } }) ?? 0
        // Changed rules that are still under way go along: every case is looked at anyway.
        let unfinished = state.recalculation
        let job = RecalculationJob(
            version: unfinished?.version ?? context.catalogs.newestVersion, earlierMatters: unfinished?.earlierMatters ?? [],
            isForRules: unfinished?.isForRules ?? false, isForZones: true, caseCount: count, matters: matters)
        let isDurable = commit { builder in
            builder.state.zones = zones
            if let lastZones { try builder.record(.zonesChanged(from: lastZones, to: zones), by: Principal.clock.name) }
            if !job.isFinished { builder.state.recalculation = job }
        } failing: { _ in
        }
        guard isDurable, !job.isFinished else { return }
        context.log.entry(
            .zonesChanged, "the system's time zones have changed: deadlines are looked up again", ["release": "\(zones)"])
    }
}
