import CaseCore
import CaseStore
import Logging
import WorkingTime

/// What a changed catalogue does to running cases.
extension BatchBuilder {
    /// Hands the open cases of a matter over to whoever the new catalogue names.
    ///
    /// - Parameter part: takes what has been gathered so far, so that it need not be held in memory.
    private mutating func reroute(
        _ matter: MatterID, under inForce: Register, to assignment: Assignment, officers: Set<PersonID>, leavers: Set<PersonID>?,
        part: (Batch) throws -> Void
    ) throws {
        var after: CaseID?
        repeat {
            // Where only officers leave, theirs are few among many.
            let ids =
                try leavers.map { leavers in
                    var filter = CaseFilter(now: now)
                    filter.conditions = [
                        .not(.isClosed), .equal(.matter, matter.raw), .isAny(.handler, leavers.sorted().map { .text($0.raw) }),
                    ]
                    return try snapshot.ids(filter, after: after, limit: 1000)
                } ?? snapshot.runningCases(of: matter, after: after, limit: 1000)
            for id in ids {
                let loaded: CaseFile?
                do { loaded = try load(id) } catch let error as DamagedRecord {
                    // There is nothing left of it to hand over.
                    context.log.entry(.caseDamaged, "a case cannot be handed over", ["case": "\(id)", "fault": "\(error)"])
                    continue
                }
                guard var file = loaded, file.state.isOpen else { continue }
                let released = file.handler.flatMap { officers.contains($0) ? nil : $0 }
                guard file.assignment != assignment || released != nil else { continue }
                try act(
                    Reroute(assignment, releasing: released), by: .catalog, on: &file,
                    try context.catalogs.terms(of: file, in: snapshot).with(newest: inForce))
            }
            after = ids.last
            try part(try takePart())
        } while after != nil
    }

    /// Hands running cases over where what counts names others for their matters, or somebody leaves their office.
    mutating func reroute(from former: Register, to inForce: Register, part: (Batch) throws -> Void) throws {
        for matter in inForce.matters.values.sorted(by: { $0.id < $1.id }) {
            guard let before = former.matters[matter.id] else { continue }
            let officers = inForce.officers(of: matter.assignment.office)
            let leavers = former.officers(of: before.assignment.office).subtracting(officers)
            let isMoved = before.assignment != matter.assignment
            guard isMoved || !leavers.isEmpty else { continue }
            try reroute(
                matter.id, under: state.history.completing(inForce, isTraining: context.catalogs.isTraining), to: matter.assignment,
                officers: officers, leavers: isMoved ? nil : leavers, part: part)
        }
    }

    /// Brings changed rules to the next cases, and says which they were.
    mutating func recalculate(_ job: RecalculationJob, limit: Int) throws -> [CaseID] {
        let ids = try job.cases(snapshot, limit: limit)
        try snapshot.foresee(Foreseen(cases: ids))
        for id in ids {
            do {
                guard var file = try load(id) else { throw IncompleteStore(description: "\(id) has no file") }
                _ = try currentTerms(of: &file)
                // Its row is written anew in any case: zones may have changed.
                if state.recalculation?.isForZones == true { touched.insert(id) }
            } catch {
                if context.outage.note(error) == nil {
                    context.log.entry(.caseDamaged, "changed rules cannot reach a case", ["case": "\(id)", "fault": "\(error)"])
                }
            }
        }
        return ids
    }

    /// What governs a case now. Changed rules that have not come to it come first.
    mutating func currentTerms(of file: inout CaseFile) throws -> Terms {
        let present = try context.catalogs.terms(of: file, in: snapshot)
        guard let job = state.recalculation, file.timing.version < job.version, file.clocks.contains(where: \.isLive),
            let terms = try context.catalogs.terms(
                file.matter, version: file.origin.catalogVersion, clockVersion: job.version, former: file.formerVersions, in: snapshot),
            !terms.hasRules(of: present)
        else { return present }
        let recalculate = Recalculate(version: job.version, former: present, allowsEarlier: job.earlierMatters.contains(file.matter))
        try act(recalculate, by: .catalog, on: &file, terms)
        return try context.catalogs.terms(of: file, in: snapshot)
    }
}
