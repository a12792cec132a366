import CaseCore

extension EngineMachine {
    /// Brings changed rules to the next cases, in one transaction. False where it could not be made durable.
    package func reproject() -> Bool {
        guard var job = state.reprojection else { return true }
        let isDurable = commit { builder in
            let ids = try builder.reproject(job, limit: EngineMachine.reprojectionLimit)
            job.advance(past: ids, limit: EngineMachine.reprojectionLimit)
            builder.state.reprojection = job.isFinished ? nil : job
            if job.isFinished, job.isForRules {
                try builder.record(
                    .reprojectionFinished(version: job.version, caseCount: job.doneCount), by: Principal.catalog.name)
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
