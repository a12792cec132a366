import CaseCore
import CaseStore
import Catalogue
import WorkingTime

extension EngineMachine {
    /// Looks at the machine's clock: what it was set by is adopted and recorded, or not believed, and then reaches nothing.
    func watchClock() {
        guard let clock else { return present = context.time.now }
        let look = clock.look(limit: largestStep)
        present = look.now
        if look.adopted != 0 {
            // They were said by the clock of before.
            (sweepsFrom, pendingTriedAt, lastForgettingAt) = (nil, .first, present)
            damaged = [:]
        }
        let before = state.hold
        let hold = look.disbelieved.map { ClockHold(since: before?.since ?? present, step: $0) }
        // How far it is ahead is looked at anew each time, and said once.
        guard (hold == nil) != (before == nil) || look.adopted != 0 else {
            if hold != before { keep(hold) }
            return keepAnchor(clock)
        }
        let step = hold?.step ?? look.adopted
        context.log.entry(
            .clockStepped, "the machine's clock was set",
            ["by_ms": "\(step)", "believed": hold == nil ? "yes" : "no: the daemon goes on by its own, see casectl clock confirm"])
        commit(isPlanned: false) { builder in
            // Another daemon on the same store can have said so.
            let before = builder.state.hold
            guard (hold == nil) != (before == nil) || look.adopted != 0 else { return }
            if step != 0 { try builder.record(.clockStepped(milliseconds: step, isHeld: hold != nil), by: Principal.clock.name) }
            if before != nil, hold == nil { try builder.record(.clockConfirmed, by: Principal.clock.name) }
            builder.state.hold = hold
        } failing: { _ in
            // Also where it could not be recorded, the clock is not believed.
            keep(hold)
        }
    }

    private func keep(_ hold: ClockHold?) {
        state.hold = hold
        shared.update { $0.state.hold = hold }
    }

    /// Makes the present durable once a minute where no command does.
    private func keepAnchor(_ clock: OwnClock) {
        guard present - anchoredAt >= 60_000 || present < anchoredAt else { return }
        commit(isPlanned: false) {
            StoreSettings.keep(clock.anchor, in: &$0)
        } failing: { _ in
        }
    }

    /// What ladders mean: every clock has a rung at its breach.
    private static let ladders = "breach"

    /// A deadline rests on its zone as well, and on what ladders mean: where either is another one, deadlines are looked up again, some cases at a
    /// time. Another release of the tz database is recorded.
    package func compareZones() {
        let zones = ZoneFile.release
        let lastZones = state.zones
        guard zones != lastZones || state.ladders != EngineMachine.ladders else { return }
        let isOtherwise = lastZones.map { $0 != zones } ?? false || state.ladders != EngineMachine.ladders && state.lastCaseNumber > 0
        let matters = isOtherwise ? context.catalogs.newest.matters.keys.sorted() : []
        let count = (try? context.store.read(for: .engine) { try $0.runningCounts().values.reduce(0) { $0 + $1.running } }) ?? 0
        // Changed rules that are still under way go along: every case is looked at anyway.
        let unfinished = state.recalculation
        let job = RecalculationJob(
            version: unfinished?.version ?? context.catalogs.newestVersion, earlierMatters: unfinished?.earlierMatters ?? [],
            isForRules: unfinished?.isForRules ?? false, isForZones: true, caseCount: count, matters: matters)
        let isDurable = commit { builder in
            builder.state.zones = zones
            builder.state.ladders = EngineMachine.ladders
            if let lastZones, lastZones != zones { try builder.record(.zonesChanged(from: lastZones, to: zones), by: Principal.clock.name) }
            if !job.isFinished { builder.state.recalculation = job }
        } failing: { _ in
        }
        guard isDurable, !job.isFinished, zones != lastZones else { return }
        context.log.entry(
            .zonesChanged, "the system's time zones have changed: deadlines are looked up again", ["release": "\(zones)"])
    }
}
