import CaseCore
import CaseStore
import CaseWire
import Evidence

/// Erases what a case says of persons, in the batch that records it.
extension BatchBuilder {
    /// What an erasure changes beside the case: openings that the store has, by the places of their events, and rows of this batch.
    struct ErasedEvents {
        fileprivate var openings: [Int64: Opening] = [:]
        fileprivate var rows: [Int: JournalRow] = [:]
    }

    /// What becomes of the events of a case. It is asked before a word is recorded, the first one too: what cannot be erased is not asked for.
    ///
    /// - Throws: `Refusal` where an event says of persons what the tree covers.
    func erasedEvents(of id: CaseID) throws -> ErasedEvents {
        var erased = ErasedEvents()
        try snapshot.eachEvent(of: id) { entry in
            let event = try Event(canonicalBytes: entry.event)
            guard RecordedEvent(event, salt: { [UInt8](repeating: 0, count: Opening.saltLength) }).opening != nil else { return }
            guard let recorded = try snapshot.recorded(after: entry.seq - 1, PageLimit(rows: 1, bytes: 1)).first?.event,
                recorded.opening != nil
            else { throw Refusal.isRetained(id, .older) }
            do throws(RecordedEvent.Damage) {
                erased.openings[entry.seq] = try recorded.erased(event).opening
            } catch {
                throw DamagedRecord(id, "what revision \(entry.revision) says of persons is not what was recorded")
            }
        }
        for (place, row) in batch.journal.enumerated() where row.id == id && row.event.opening != nil {
            let event = try row.event.erased(Event(canonicalBytes: row.event.whole()))
            erased.rows[place] = JournalRow(id: row.id, revision: row.revision, at: row.at, event: event)
        }
        return erased
    }

    /// Erases them, once the second word is recorded.
    mutating func erase(_ erased: ErasedEvents, of file: CaseFile) {
        for (place, row) in erased.rows { batch.journal[place] = row }
        state.lastErasure = state.lastSeq
        batch.erasures.append(PersonalErasure(id: file.id, revision: file.revision, openings: erased.openings))
    }
}
