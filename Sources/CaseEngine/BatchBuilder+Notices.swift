import CaseCore
import CaseStore
import CaseWire

extension BatchBuilder {
    /// Notes that notices were taken, all of them or none. Each is to be the own of whoever says so, of a case that they may read; one that was
    /// taken before stays as it was, so that the same may be said again.
    ///
    /// - Throws: a `WireError` where one of them is not there, or not theirs, which is told in the same words.
    mutating func take(_ parameters: Parameters, by principal: Principal) throws -> [UInt8] {
        let seqs = Set((parameters.object("notices")?.array ?? []).compactMap(\.integer)).sorted()
        let limit = Method.Administration.takenNoticeLimit
        guard (1...limit).contains(seqs.count) else {
            throw WireError.parameter("notices", "names \(seqs.count) notices", hint: "name 1 to \(limit) of them at once")
        }
        let own = context.catalogs.newest.ownNotices(of: principal, at: now)
        let readScope = context.catalogs.readScope(of: principal, at: now)
        let taken = TakenNotice(at: now, by: principal.name)
        var (fresh, shown): ([Int64], [ShownTakenNotice]) = ([], [])
        for seq in seqs {
            guard let stored = try snapshot.notice(seq), own.covers(stored.row.notice), try isReadable(stored.row.id, readScope) else {
                throw WireError.notFound("notice", "notice \(seq) to you", hint: "casectl notices --mine lists yours")
            }
            let before = stored.taken ?? batch.takenNotices[seq]
            if before == nil { fresh.append(seq) }
            shown.append(ShownTakenNotice(seq, before ?? taken))
        }
        for seq in fresh { batch.takenNotices[seq] = taken }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("notices")
                writer.array(of: shown) { $1.write(to: &$0) }
            }
        }
    }

    private func isReadable(_ id: CaseID, _ readScope: ReadScope) throws -> Bool {
        try id == .server || snapshot.caseFile(id).map(readScope.covers) ?? false
    }
}
