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
    /// There where `file` is.
    let sum: [UInt8]?
    /// Nil where the case has no event.
    let seq: Int64?
    let revision: Int64?
    let leaf: [UInt8]?
    /// There where `file` is not.
    let event: [UInt8]?
    let opening: [UInt8]?

    /// In the order of the members above; of a case `c`.
    static let columns = """
        f.file AS file, f.sum AS sum, j.seq AS last_seq, j.revision AS last_revision, j.leaf AS leaf,
        CASE WHEN f.file IS NULL THEN j.event END AS event,
        (SELECT o.opening FROM openings o WHERE o.seq = j.seq AND f.file IS NULL) AS opening
        """
    static let tables = """
        LEFT JOIN files f ON f.case_id = c.id
        LEFT JOIN journal j ON j.case_id = c.id AND j.revision = (SELECT max(n.revision) FROM journal n WHERE n.case_id = c.id)
        """

    /// What was recorded.
    ///
    /// - Throws: `DamagedRecord` where it is something else, or is lost.
    func bytes(of id: CaseID) throws -> [UInt8] {
        if let file {
            guard sum == FileSum.of(file, after: try leaf.map { try MerkleHash(kept: $0, of: id) } ?? .empty) else {
                throw DamagedRecord(id, "its snapshot is not the one that was written after its last event")
            }
            return file
        }
        guard revision == 1, let seq, let event else { throw DamagedRecord(id, "its snapshot is lost") }
        return try JournalEntry(
            seq: seq, id: id, revision: 1, RecordedEvent(kept: event, opening, of: id), leaf: MerkleHash(kept: leaf, of: id)
        ).event
    }
}

extension MerkleHash {
    init(kept bytes: [UInt8]?, of id: CaseID) throws(DamagedRecord) {
        guard let hash = bytes.flatMap({ MerkleHash($0) }) else { throw DamagedRecord(id, "the hash of an event is damaged") }
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
