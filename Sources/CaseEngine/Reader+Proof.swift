import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension Reader {
    /// That nobody can both approve and supervise, and that nobody but a leader decides: by the catalogue that counts, or a version, and for
    /// whoever reads all cases, in the running ones.
    func proof(_ parameters: Parameters, for viewer: Viewer, _ caller: Caller) throws -> [UInt8] {
        let newest = context.catalogs.newestVersion
        let version = parameters.integer("version").map(Int.init) ?? newest
        guard let register = try version == newest ? context.catalogs.newest : context.catalogs.register(version), newest > 0 else {
            throw WireError.notFound("catalog", version == 0 ? "catalogue yet" : "catalogue version \(version)")
        }
        var proof = SeparationCheck(register, isTraining: context.catalogs.isTraining)
        let looksAtCases = version == newest && viewer.readScope.isEverything
        if looksAtCases {
            try context.eachRunningCase(for: caller) { proof.look(at: $0, under: try context.catalogs.terms(of: $0)) }
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("version", version)
                writer.member("holds", proof.conflicts.isEmpty)
                writer.member("principals", proof.principalCount)
                writer.member("checks", proof.checkCount)
                writer.member("conflicts", proof.conflicts)
                writer.key("cases")
                if looksAtCases { writer.integer(proof.caseCount) } else { writer.null() }
                writer.key("versions")
                writer.array(of: proof.versions.sorted()) { $0.integer($1) }
                writer.member("stranded", proof.strandedCount)
                writer.member("stranded_cases", proof.stranded.map(\.description))
                writer.member("trusted", proof.trusted)
                writer.key("matters")
                writer.array(of: proof.rows) { writer, row in
                    writer.object {
                        $0.member("matter", row.matter.raw)
                        $0.member("deciders", row.deciders.map(\.raw))
                        $0.member("supervisors", row.supervisors.map(\.raw))
                        $0.member("silence_grants", row.silenceGrants)
                    }
                }
            }
        }
    }
}

extension Engine.Context {
    private static let chunk = 500
    /// After so many cases the caller is told.
    private static let tellEvery = 2_000

    /// Goes through running cases, by matter and number.
    ///
    /// - Parameters:
    ///   - matters: of which; by default of all.
    ///   - caller: is told how far it is.
    /// - Throws: what `body` throws, faults of the store, a stored case that cannot be read, or that the caller has gone.
    func eachRunningCase(of matters: [MatterID]? = nil, for caller: Caller, _ body: (CaseFile) throws -> Void) throws {
        let counts = try store.read { try $0.runningCounts() }
        let matters = matters ?? counts.keys.sorted()
        let total = matters.reduce(0) { $0 + (counts[$1]?.running ?? 0) }
        var count = 0
        for matter in matters {
            var after: CaseID?
            repeat {
                try caller.stay()
                if count > 0, count % Engine.Context.tellEvery == 0 { caller.tell(count, of: total) }
                // A read of its own for each part, so that none holds up the store's upkeep.
                let part = try store.read { snapshot in
                    let ids = try snapshot.runningCases(of: matter, after: after, limit: Engine.Context.chunk)
                    var (files, total, last): ([CaseFile], Int, CaseID?) = ([], 0, nil)
                    for id in ids where total < PageLimit.stretch.bytes {
                        last = id
                        guard let file = try snapshot.file(id) else { continue }
                        total += file.count
                        files.append(try snapshot.caseFile(file))
                    }
                    return (files: files, last: last)
                }
                for file in part.files { try body(file) }
                count += part.files.count
                after = part.last
            } while after != nil
        }
    }
}
