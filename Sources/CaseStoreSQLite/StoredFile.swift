import CaseCore
import CaseStore
import Evidence
import Foundation
import GRDB

/// A snapshot of a case as the store has it, beside the last event in it, whose leaf it was summed up with; the first event itself where that is
/// all.
struct StoredFile {
    /// Nil where the first event is all, and where the snapshot is lost.
    let file: [UInt8]?
    /// Nil in stores whose tree has not been made yet.
    let sum: [UInt8]?
    /// Nil where the case has no event.
    let seq: Int64?
    let revision: Int64?
    /// Nil in rows of older versions.
    let leaf: [UInt8]?
    /// There where it is needed.
    let event: [UInt8]?
    let opening: [UInt8]?

    /// In the order of the members above; of a case `c`.
    static let columns = """
        f.file AS file, f.sum AS sum, j.seq AS last_seq, j.revision AS last_revision, j.leaf AS leaf,
        CASE WHEN f.file IS NULL OR j.leaf IS NULL THEN j.event END AS event,
        (SELECT o.opening FROM openings o WHERE o.seq = j.seq AND f.file IS NULL) AS opening
        """
    static let tables = """
        LEFT JOIN files f ON f.case_id = c.id
        LEFT JOIN journal j ON j.case_id = c.id AND j.revision = (SELECT max(n.revision) FROM journal n WHERE n.case_id = c.id)
        """

    /// What was recorded.
    ///
    /// - Throws: `LostFile`, or `DamagedRecord` where it is something else.
    func bytes(of id: CaseID, _ snapshot: SQLiteSnapshot) throws -> [UInt8] {
        let last: MerkleHash =
            if let leaf { try MerkleHash(kept: leaf, of: id) } else if let seq {
                try snapshot.treeLeaf(seq, of: id, text: event ?? [])
            } else { .empty }
        if let file {
            guard sum.map({ $0 == FileSum.of(file, after: last) }) ?? true else {
                throw DamagedRecord(id, "its snapshot is not the one that was written after its last event")
            }
            return file
        }
        guard revision == 1, let seq, let event else { throw LostFile(id) }
        let recorded = try RecordedEvent(kept: event, opening, of: id)
        return try JournalEntry(seq: seq, id: id, revision: 1, recorded, leaf: last).event
    }
}

extension MerkleHash {
    init(kept bytes: [UInt8], of id: CaseID) throws(DamagedRecord) {
        guard let hash = MerkleHash(bytes) else { throw DamagedRecord(id, "the hash of an event is damaged") }
        self = hash
    }
}

extension RecordedEvent {
    init(kept text: [UInt8], _ opening: [UInt8]?, of id: CaseID) throws(DamagedRecord) {
        guard let opening else {
            self.init(text: text)
            return
        }
        guard let opening = Opening(bytes: opening) else { throw DamagedRecord(id, "what an event says of persons is damaged") }
        self.init(text: text, opening: opening)
    }
}
