import CaseCore
import CaseStore
import Dispatch

extension Engine {
    func set(reprojection: ReprojectionJob?) {
        shared.update { $0.reprojection = reprojection }
    }

    /// Cases of one transaction to which changed rules are brought.
    static let reprojectionLimit = 128

    /// Brings changed rules to the next cases, unless commands are to have their share of the time first.
    ///
    /// - Parameter commandCount: what was carried out in this turn.
    /// - Returns: whether there is more to do; the engine comes again for it.
    func reprojectInTurn(commandCount: Int) -> Bool {
        guard gauges.reprojection != nil else { return false }
        reprojectionPace.note(commandCount: commandCount)
        if reprojectionPace.isDue {
            let start = DispatchTime.now()
            reprojectionPace.note(batchFrom: start, succeeded: reproject())
        }
        guard gauges.reprojection != nil else { return false }
        if let time = reprojectionPace.nextWakeUp() {
            executor.queue.asyncAfter(deadline: time) { @Sendable [self] in
                assumeIsolated {
                    $0.reprojectionPace.wokeUp()
                    $0.turn()
                }
            }
        }
        return true
    }

    /// One transaction of it. False where it could not be made durable.
    func reproject() -> Bool {
        guard var job = gauges.reprojection else { return true }
        let isDurable = commit { builder in
            let ids = try builder.reproject(job, limit: Engine.reprojectionLimit)
            job.advance(past: ids, limit: Engine.reprojectionLimit)
            StoreSettings.keep(job, in: &builder)
            if job.isFinished, !job.isForZones {
                try builder.record(
                    .reprojectionFinished(version: job.version, caseCount: job.doneCount), by: Principal.catalog.name)
            }
        } failing: { _ in
        }
        guard isDurable else { return false }
        set(reprojection: job.isFinished ? nil : job)
        if job.isFinished {
            context.log.entry(
                .clocksMoved, "changed rules have reached all running cases",
                ["version": "\(job.version)", "cases": "\(job.doneCount)"])
        }
        return true
    }
}
