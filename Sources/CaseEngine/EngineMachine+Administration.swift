import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

extension EngineMachine {
    /// Carries out what is about the server rather than about one case.
    func administrate(_ request: WriteRequest, _ administration: Method.Administration, _ parameters: Parameters) {
        do throws(WireError) {
            let principal = try context.principals.principal(of: request.peer, acting: nil)
            guard principal.isAdmin || administration == .catalogConfirm else {
                throw WireError(
                    .permissionDenied, "\(administration.rawValue) is for admins", hint: "run it as root or as the user of cased")
            }
            switch administration {
            case .catalogApply: try applyCatalog(request, parameters, principal)
            case .catalogConfirm: try confirmCatalog(request, parameters, principal)
            case .catalogCancel: try cancelCatalog(request, parameters, principal)
            case .clockConfirm: try confirmClock(request, principal)
            case .clockAdvance: try advanceClock(request, parameters)
            case .noticeTake: preconditionFailure("notices are taken among commands")
            }
        } catch {
            answer(request, .failure(error))
        }
    }

    /// Takes somebody's word that the machine's clock is right, and goes on by it.
    private func confirmClock(_ request: WriteRequest, _ principal: Principal) throws(WireError) {
        guard let hold = state.hold, let clock else {
            throw WireError(
                .ruleRefused, kind: "clock.not_held", "the machine's clock is believed: there is nothing to confirm",
                hint: "casectl clock history shows its steps")
        }
        let own = present
        let isDurable = clock.believingMachine { now in
            present = now
            return commit { builder in
                try builder.record(.clockConfirmed, by: principal)
                builder.state.hold = nil
            } failing: {
                answer(request, .failure($0))
            }
        }
        guard isDurable else { return present = own }
        (sweepsFrom, pendingTriedAt, lastForgettingAt, damaged) = (nil, .first, present, [:])
        context.log.entry(.clockConfirmed, "the machine's clock was confirmed; the daemon goes by it", ["actor": "\(principal.name)"])
        let result = JSONWriter.bytes { writer in
            writer.object {
                $0.member("now", present)
                $0.member("held_since", hold.since)
                $0.member("by_ms", hold.step)
            }
        }
        answer(request, .success(result))
    }

    /// Moves a manual clock; whatever falls due on the way happens at its own instant, in order.
    private func advanceClock(_ request: WriteRequest, _ parameters: Parameters) throws(WireError) {
        guard let time = context.time as? ManualTime else {
            throw WireError(
                .ruleRefused, kind: "clock.not_manual", "this server runs on the system's clock",
                hint: "start a training instance with --manual-clock and a state directory of its own")
        }
        guard let target = parameters.instant("to") else { preconditionFailure("clock.advance without to") }
        guard target >= time.now else {
            throw .parameter("to", "is before the present, \(time.now)", hint: "time does not go backward")
        }
        guard target < ManualTime.end else {
            throw .parameter("to", "is not before \(ManualTime.end)", hint: "a manual clock goes no further")
        }
        // What follows happens under the new rules.
        while state.recalculation != nil {
            guard recalculate() else { throw stopped("changed rules did not reach all cases") }
        }
        drawsFrom = nil
        while let next = nextStep, next <= target {
            move(time, to: next)
            try takeEffect()
            while isDrawDue { passDraws() }
            guard drawsFrom == nil else { throw stopped("a draw was not made") }
            guard let deadline = state.nextDeadline, deadline <= next else { continue }
            guard sweep() > 0 else {
                throw stopped("deadlines did not pass")
            }
        }
        move(time, to: target)
        commit { builder in
            StoreSettings.keep(target, in: &builder)
            let result = JSONWriter.bytes { $0.object { $0.member("now", target) } }
            builder.reply(.success(result), to: request)
        } failing: { error in
            answer(request, .failure(isFull || context.outage.trouble != nil ? stopped("the clock is not kept") : error))
        }
    }

    /// The next deadline or draw, or the day on which a reorganisation begins.
    private var nextStep: Instant? {
        [state.nextDeadline, state.pending?.effectiveAt, nextDraw.map { max($0, present) }].compactMap { $0 }.min()
    }

    /// Lets a reorganisation begin whose time has come.
    private func takeEffect() throws(WireError) {
        activatePending()
        if let pending = state.pending, pending.effectiveAt <= present {
            throw WireError(
                .ruleRefused, kind: "catalog.pending",
                "the catalogue for \(pending.effectiveAt) cannot take effect: \(pending.obstacle ?? "")",
                hint: "casectl catalog cancel, and apply one that can")
        }
        while state.recalculation != nil {
            guard recalculate() else { throw stopped("changed rules did not reach all cases") }
        }
    }

    /// Why the clock is not where it was to go. What has passed on the way stays.
    private func stopped(_ what: String) -> WireError {
        guard context.outage.trouble == nil else {
            return WireError(
                .storeUnreachable, "the store cannot be reached now: \(what), and the clock stopped at \(present)",
                hint: "try again later: it goes on from there")
        }
        guard isFull else { return WireError(.internalError, "\(what), and the clock stopped at \(present); the log says why") }
        return WireError(
            .storeFull, "no space is left for the store: \(what), and the clock stopped at \(present)",
            hint: "make room and try again: it goes on from there")
    }

    private func move(_ time: ManualTime, to instant: Instant) {
        time.advance(to: instant)
        present = time.now
    }
}
