import CaseCore
import Evidence

/// A snapshot of a case as a store has it, beside the last event in it, whose leaf it was summed up with; the first event itself where that
/// is all.
package struct StoredFile {
    /// Nil where the first event is all, and where the snapshot is lost.
    let file: [UInt8]?
    /// There where `file` is.
    let sum: [UInt8]?
    /// Nil where the case has no event.
    let seq: Int64?
    let revision: Int64?
    package let leaf: [UInt8]?
    /// There where `file` is not.
    let event: [UInt8]?
    let opening: [UInt8]?

    /// In the order in which stores select it.
    package init(
        file: [UInt8]?, sum: [UInt8]?, seq: Int64?, revision: Int64?, leaf: [UInt8]?, event: [UInt8]?, opening: [UInt8]?
    ) {
        (self.file, self.sum, self.seq, self.revision) = (file, sum, seq, revision)
        (self.leaf, self.event, self.opening) = (leaf, event, opening)
    }

    /// What was recorded.
    ///
    /// - Throws: `DamagedRecord` where it is something else, or is lost.
    package func bytes(of id: CaseID) throws -> [UInt8] {
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
    /// As a store keeps it.
    ///
    /// - Throws: where there is none, or it is no hash.
    package init(kept bytes: [UInt8]?, of id: CaseID) throws(DamagedRecord) {
        guard let hash = bytes.flatMap({ MerkleHash($0) }) else { throw DamagedRecord(id, "the hash of an event is damaged") }
        self = hash
    }
}

extension RecordedEvent {
    /// As a store keeps it: its text, and its opening where it has one.
    ///
    /// - Throws: where the opening is none.
    package init(kept text: [UInt8], _ opening: [UInt8]?, of id: CaseID) throws(DamagedRecord) {
        guard let opening else {
            self.init(text: text)
            return
        }
        guard let opening = Opening(bytes: opening) else { throw DamagedRecord(id, "what an event says of persons is damaged") }
        self.init(text: text, opening: opening)
    }
}
