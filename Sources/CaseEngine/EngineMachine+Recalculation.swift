import CaseCore

extension EngineMachine {
    /// Brings changed rules to the next cases, in one transaction. False where it could not be made durable.
    package func recalculate() -> Bool {
        guard var job = state.recalculation else { return true }
        let isDurable = commit(isPlanned: false) { builder in
            // Others have done some of it perhaps, or all.
            guard let next = builder.state.recalculation else { return }
            job = next
            let ids = try builder.recalculate(job, limit: EngineMachine.recalculationLimit)
            job.advance(past: ids, limit: EngineMachine.recalculationLimit)
            builder.state.recalculation = job.isFinished ? nil : job
            if job.isFinished, job.isForRules {
                try builder.record(
                    .recalculationFinished(version: job.version, caseCount: job.doneCount), by: Principal.catalog.name)
            }
        } failing: { _ in
        }
        guard isDurable else { return false }
        if job.isFinished {
            context.log.entry(
                .clocksMoved, "changed rules have reached all running cases",
                ["version": "\(job.version)", "cases": "\(job.doneCount)"])
        }
        return true
    }
}
