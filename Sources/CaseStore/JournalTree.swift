import CaseCore
import Evidence
import WorkingTime

// Where the rows of the journal stand in the tree over it: one leaf for each, in its order. Empty places of the journal have none.

/// Empty places of the journal: `count` of them, before `seq`.
package struct JournalGap: Sendable, Equatable {
    package let seq: Int64
    package let count: Int64

    package init(seq: Int64, count: Int64) {
        (self.seq, self.count) = (seq, count)
    }
}

extension [JournalGap] {
    /// The index in the tree, from 0, of a place in the journal that is not empty.
    package func leaf(of seq: Int64) -> Int64 {
        seq - 1 - prefix { $0.seq <= seq }.reduce(0) { $0 + $1.count }
    }

    /// The place in the journal of an index in the tree.
    package func seq(ofLeaf index: Int64) -> Int64 {
        var (empty, passed): (Int64, Int64) = (0, 0)
        for gap in self {
            passed += gap.count
            if index >= gap.seq - 1 - passed { empty = passed }
        }
        return index + 1 + empty
    }
}

/// A row of the journal as the tree covers it.
package struct RecordedEntry: Sendable, Equatable {
    package let seq: Int64
    package let id: CaseID
    package let revision: Int
    package let event: RecordedEvent
    /// What stands beside it.
    package let leaf: MerkleHash

    package init(seq: Int64, id: CaseID, revision: Int, event: RecordedEvent, leaf: MerkleHash) {
        (self.seq, self.id, self.revision, self.event, self.leaf) = (seq, id, revision, event, leaf)
    }
}

/// What was signed of the tree.
package struct CheckpointRow: Sendable, Equatable {
    /// How many leaves it had.
    package let size: Int64
    /// By the clock of the server; the note itself says nothing of time.
    package let at: Instant
    /// The note with its signatures (C2SP `tlog-checkpoint`).
    package let note: [UInt8]

    package init(size: Int64, at: Instant, note: [UInt8]) {
        (self.size, self.at, self.note) = (size, at, note)
    }
}
