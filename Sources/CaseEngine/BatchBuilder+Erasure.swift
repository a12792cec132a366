import CaseCore
import CaseStore
import CaseWire
import Evidence

/// Erases what a case says of persons, in the batch that records it.
extension BatchBuilder {
    /// What an erasure does to the store, once the core has said yes and its event is recorded.
    ///
    /// - Parameter agreed: a second word erases; a first one only sees that it could be done.
    /// - Throws: `Refusal` where an event says of persons what the tree covers.
    mutating func carryOut(_ agreed: ErasureAgreed, on file: CaseFile) throws {
        let openings = try erasedOpenings(of: file.id)
        guard agreed.isErased else { return }
        for place in batch.journal.indices where batch.journal[place].id == file.id && batch.journal[place].event.opening != nil {
            let row = batch.journal[place]
            let erased = try row.event.erased(Event(canonicalBytes: row.event.whole()))
            batch.journal[place] = JournalRow(id: row.id, revision: row.revision, at: row.at, event: erased)
        }
        batch.erasures.append(PersonalErasure(id: file.id, revision: file.revision, openings: openings))
    }

    /// The openings of a case's events that the store has, as they are once they were erased, by the places of the events.
    private func erasedOpenings(of id: CaseID) throws -> [Int64: Opening] {
        var openings: [Int64: Opening] = [:]
        try snapshot.eachEvent(of: id) { entry in
            let event = try Event(canonicalBytes: entry.event)
            guard RecordedEvent(event, salt: { [UInt8](repeating: 0, count: Opening.saltLength) }).opening != nil else { return }
            guard let recorded = try snapshot.recorded(after: entry.seq - 1, PageLimit(rows: 1, bytes: 1)).first?.event,
                recorded.opening != nil
            else { throw Refusal.isRetained(id, .older) }
            do throws(RecordedEvent.Damage) {
                openings[entry.seq] = try recorded.erased(event).opening
            } catch {
                throw DamagedRecord(id, "what revision \(entry.revision) says of persons is not what was recorded")
            }
        }
        return openings
    }
}
