import CaseCore
import CaseStore
import Logging
import WorkingTime

/// The columns beside the cases of a store. One that a version brings is filled once, when the store is opened: lists, queues and restores
/// then say of older cases what they say of new ones.
enum ColumnFilling {
    private static let settingName = "columns"
    private static let separator: Character = "|"

    /// What came after stores began to note which columns are filled.
    private static let later: [CaseColumn] = [.asking, .orderFor, .stepPost, .recused, .drawn, .deliveredAt]

    /// The columns that hold what they should of every case.
    static func filled(_ snapshot: any StoreSnapshot) throws -> [CaseColumn] {
        guard let noted = try snapshot.setting(settingName) else { return CaseColumn.all.filter { !later.contains($0) } }
        let names = Set(noted.split(separator: separator).map(String.init))
        return CaseColumn.all.filter { names.contains($0.name) }
    }

    /// Notes that all are filled.
    static func note(in batch: inout Batch) {
        batch.settings[settingName] = CaseColumn.all.map(\.name).joined(separator: String(separator))
    }

    /// Fills what is not, in many commits: whoever ends in their midst begins anew. A damaged case is left as it is.
    static func prepare(_ store: any CaseStore, _ catalogs: CatalogBook, log: Logger, progress: () -> Void) throws {
        let filled = try store.read(for: .engine) { try ColumnFilling.filled($0) }
        let added = CaseColumn.all.filter { !filled.contains($0) }
        guard !added.isEmpty else { return }
        var last: CaseID?
        repeat {
            last = try store.commit(planningParts: { snapshot, part in
                var batch = Batch()
                batch.onlyColumns = true
                // An order that was open when its case ended ends now: they are looked at once more.
                var ended = Batch()
                let ids = try snapshot.ids(CaseFilter(now: Instant(seconds: 0)), after: last, limit: 1000)
                for id in ids {
                    do {
                        guard let file = try snapshot.caseFile(id) else { continue }
                        let row = CaseRow(file, under: try catalogs.terms(of: file, in: snapshot))
                        guard added.contains(where: { row[$0] != $0.absence }) else { continue }
                        batch.cases.append(row)
                        if !file.state.isOpen, file.openOrder != nil { ended.cases.append(row) }
                    } catch {
                        log.entry(.caseDamaged, "a case is not brought to this version", ["case": "\(id)", "fault": "\(error)"])
                    }
                }
                for batch in [batch, ended] where !batch.cases.isEmpty { try part(batch) }
                return ids.last
            })
            progress()
        } while last != nil
        var batch = Batch()
        note(in: &batch)
        try store.commit(batch)
    }
}
