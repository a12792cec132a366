import CaseCore
import CaseWire

/// Running cases whose last decider a new catalogue would take: whoever would act for the leader had to do with them otherwise.
struct StrandedCases {
    /// Cases that are named; all of them are counted.
    static let listLimit = 100

    private var count = 0
    private var listed: [CaseID] = []

    /// - Throws: faults of the store, a stored case that cannot be read, or that the caller has gone.
    init(_ plan: CatalogPlan, _ context: Engine.Context, for caller: Caller) throws {
        let old = context.catalogs.newest
        // Until somebody agrees, and then.
        let outcomes = [plan.inForce, plan.catalog.register].map { context.catalogs.completing($0, at: context.time.now) }
        let changed = old.matters.values.filter { matter in
            outcomes.contains { new in
                guard let successor = new.matters[matter.id] else { return false }
                let (before, after) = (old.everyActor(for: matter.assignment.leader), new.everyActor(for: successor.assignment.leader))
                return before != after || after.contains { old.persons[$0]?.identities != new.persons[$0]?.identities }
            }
        }
        try context.eachRunningCase(of: changed.map(\.id).sorted(), for: caller) { file in
            guard file.state.isOpen, outcomes.contains(where: { file.deciders(in: $0).isEmpty }), !file.deciders(in: old).isEmpty else {
                return
            }
            count += 1
            if listed.count < StrandedCases.listLimit { listed.append(file.id) }
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("count", count)
            $0.member("cases", listed.map(\.description))
        }
    }
}
