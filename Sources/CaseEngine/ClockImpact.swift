import CaseCore
import CaseStore
import CaseWire
import WorkingTime

/// What changed rules would do to the clocks of the running cases, looked up case by case.
struct ClockImpact {
    /// Cases that are listed one by one; all of them are counted.
    static let listLimit = 100

    private var clockCount = 0
    private var laterCount = 0
    private var earlierCount = 0
    private var keptCount = 0
    private var breachCount = 0
    private var firmCount = 0
    private var listed: [(file: CaseID, move: ClockMove)] = []
    private let now: Instant

    /// - Throws: faults of the store, a stored case that cannot be read, or that the caller has gone.
    init(_ plan: CatalogPlan, _ context: Engine.Context, for caller: Caller) throws {
        now = context.time.now
        // Most cases of a matter were submitted under few versions.
        var (matter, terms): (MatterID?, [Int: Terms]) = (nil, [:])
        try context.eachRunningCase(of: plan.impact.filter(\.isRecalculated).map(\.matter), for: caller) { file in
            if file.matter != matter { (matter, terms) = (file.matter, [:]) }
            try look(at: file, plan, context, &terms)
        }
    }

    /// - Parameter planned: what would govern cases of this matter, by the version under which they were submitted.
    private mutating func look(
        at file: CaseFile, _ plan: CatalogPlan, _ context: Engine.Context, _ planned: inout [Int: Terms]
    ) throws {
        let former = try context.catalogs.terms(of: file)
        if planned[file.origin.catalogVersion] == nil, let pinned = try context.catalogs.register(file.origin.catalogVersion) {
            let register = plan.catalog.register
            planned[file.origin.catalogVersion] = Terms(matter: file.matter, pinned: pinned, rules: register, newest: register)
        }
        guard let terms = planned[file.origin.catalogVersion],
            let change = try file.respond(
                to: Recalculate(version: plan.version, former: former, allowsEarlier: plan.allowsEarlier), by: .catalog, under: terms,
                at: now
            ).event.change as? Recalculated
        else { return }
        clockCount += file.clocks.count(where: \.isLive)
        for move in change.moves {
            if move.isLater { laterCount += 1 }
            if move.isEarlier { earlierCount += 1 }
            if move.isKept { keptCount += 1 }
            if move.isFirm { firmCount += 1 }
            if move.isBreach(at: now) { breachCount += 1 }
            if listed.count < ClockImpact.listLimit { listed.append((file.id, move)) }
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("running", clockCount)
            writer.member("later", laterCount)
            writer.member("earlier", earlierCount)
            writer.member("kept", keptCount)
            writer.member("breached", breachCount)
            writer.member("firm", firmCount)
            writer.key("moves")
            writer.array(of: listed) { writer, entry in
                writer.object { writer in
                    writer.member("case", entry.file.description)
                    writer.member("clock", entry.move.clock.kind.rawValue)
                    writer.member("from", entry.move.from)
                    writer.member("to", entry.move.to)
                    writer.member("kept", entry.move.isKept)
                    writer.member("breached", entry.move.isBreach(at: now))
                    writer.member("firm", entry.move.isFirm)
                }
            }
        }
    }
}
