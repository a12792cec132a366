import CaseCore
import Evidence
import WorkingTime

/// Everything that a group of commands does, for one transaction.
package struct Batch: Sendable {
    /// In the order in which they happened.
    package var journal: [JournalRow] = []
    /// Places in the journal up to this one are left out: a store that was lost can have given them out.
    package var journalFloor: Int64 = 0
    /// Tiles of the tree over the journal that became full with these rows.
    package var tiles: [TileGrowth.FullTile] = []
    /// What was signed of the tree as these rows leave it.
    package var checkpoint: CheckpointRow?
    /// Of checkpoints from before this instant, all but the last of each hour go.
    package var thinnedCheckpoints: Instant?
    /// At most one of a case: its newest.
    package var cases: [CaseRow] = []
    package var answers: [AnswerRow] = []
    package var notices: [NoticeRow] = []
    /// Places of notices up to this one are left out.
    package var noticeFloor: Int64 = 0
    /// Whether all that only repeats what the journal says is forgotten first: deadlines and figures. It is written anew then.
    package var forgetsDerived = false
    /// Whether of `cases`, all of which the store has, nothing is written but their columns.
    package var onlyColumns = false
    /// What is added to the figures that reports are made of.
    package var rollups: [RollupKey: Rollup] = [:]
    package var catalog: StoredCatalog?
    package var settings: [String: String] = [:]
    package var forgottenAnswers: Forgetting?
    /// Those that nobody has taken, the oldest first: given before an instant, and at most so many.
    package var forgottenNotices: Forgetting?
    /// Those that were taken, the longest ago first: taken before an instant, and at most so many.
    package var forgottenTakenNotices: Forgetting?
    /// What is erased with the rest: it comes last, so that it holds of rows of the same batch as well.
    package var erasures: [PersonalErasure] = []
    /// Notices that somebody has taken, by their places; one that was taken before stays as it was.
    package var takenNotices: [Int64: TakenNotice] = [:]

    /// The oldest that go: those from before an instant, and at most so many.
    package struct Forgetting: Sendable, Equatable {
        package let before: Instant
        package let limit: Int

        package init(before: Instant, limit: Int) {
            self.before = before
            self.limit = limit
        }
    }

    package init() {}

    package var isEmpty: Bool {
        journal.isEmpty && cases.isEmpty && answers.isEmpty && notices.isEmpty && rollups.isEmpty && catalog == nil && settings.isEmpty
            && forgottenAnswers == nil && forgottenNotices == nil && forgottenTakenNotices == nil && takenNotices.isEmpty && !forgetsDerived
            && checkpoint == nil && thinnedCheckpoints == nil && erasures.isEmpty
    }
}

/// What a case says of persons is erased, in all that the store keeps beside its row. Keys that had their answer before go: what is kept of
/// them is a digest of what was asked, which names could be tried against. Notices to its applicant are to `Erased.text` from then on.
package struct PersonalErasure: Sendable, Equatable {
    package let id: CaseID
    /// Of the event that says so.
    package let revision: Int
    /// What takes the place of openings, by the places of their rows in the journal.
    package let openings: [Int64: Opening]

    package init(id: CaseID, revision: Int, openings: [Int64: Opening]) {
        (self.id, self.revision, self.openings) = (id, revision, openings)
    }
}

/// One event: unique on case and revision; the readings of a case are -1, -2 and so on. The bytes are canonical and are kept as they are.
package struct JournalRow: Sendable, Equatable {
    package let id: CaseID
    package let revision: Int
    package let at: Instant
    package let event: RecordedEvent
    /// That of its text in the tree.
    package let leaf: MerkleHash

    package init(id: CaseID, revision: Int, at: Instant, event: RecordedEvent) {
        self.id = id
        self.revision = revision
        self.at = at
        self.event = event
        leaf = event.leaf
    }
}

/// A row of the journal in its place, as it was recorded.
package struct JournalEntry: Sendable, Equatable {
    package let seq: Int64
    package let id: CaseID
    package let revision: Int
    /// The canonical text, with what it says of persons.
    package let event: [UInt8]
    /// Whether what it said of persons was erased.
    package let isErased: Bool

    /// - Parameters:
    ///   - recorded: what the store has.
    ///   - leaf: the hash that the tree has of it; nil where it has to be looked for there.
    /// - Throws: `DamagedRecord` where it is not what was recorded.
    package init(seq: Int64, id: CaseID, revision: Int, _ recorded: RecordedEvent, leaf: MerkleHash) throws(DamagedRecord) {
        guard recorded.leaf == leaf else { throw DamagedRecord(id, "revision \(revision) is not the text that was recorded") }
        do throws(RecordedEvent.Damage) {
            event = try recorded.whole()
        } catch {
            throw DamagedRecord(id, "what revision \(revision) says of persons is not what was recorded")
        }
        (self.seq, self.id, self.revision, isErased) = (seq, id, revision, recorded.isErased)
    }

    private init(_ entry: JournalEntry, event: [UInt8]) {
        (seq, id, revision, isErased, self.event) = (entry.seq, entry.id, entry.revision, entry.isErased, event)
    }

    /// The same in its place, as somebody sees it who does not see all of it.
    package func with(event: [UInt8]) -> JournalEntry {
        JournalEntry(self, event: event)
    }
}

/// An error that can say that a store is not what was recorded.
package protocol DamageReport: Error {
    /// Nil where it says something else.
    var damage: DamagedRecord? { get }
}

/// What a store holds of a case is not what was recorded of it. It is never served.
package struct DamagedRecord: DamageReport, CustomStringConvertible {
    /// Case 0 for what the server says of itself.
    package let id: CaseID
    package let what: String

    package init(_ id: CaseID, _ what: String) {
        (self.id, self.what) = (id, what)
    }

    package var damage: DamagedRecord? { self }

    package var description: String {
        id == .server ? what : "\(id): \(what)"
    }
}

/// Where the journal ended at an instant. On a machine whose clock is not set back, it stays so once that has passed.
package struct JournalHead: Sendable, Equatable {
    package let seq: Int64
    /// The text that the tree covers.
    package let event: [UInt8]

    package init(seq: Int64, event: [UInt8]) {
        self.seq = seq
        self.event = event
    }

    /// As stores count days: from 1970, in UTC.
    package static func day(of instant: Instant) -> Int64 {
        Int64(Zone.utc.day(of: instant).number)
    }
}

/// A case as it stands: the file's bytes, and beside them what lists and sweeps look for.
package struct CaseRow: Sendable, Equatable {
    package let id: CaseID
    /// Nil where its first event is all that has happened: the journal has it, and nothing is stored twice.
    package let file: [UInt8]?
    /// Nil where a store has them, as it has of each case that was opened before: they never change.
    package var texts: CaseTexts?
    /// In the order of `CaseColumn.all`.
    package private(set) var values: [ColumnValue]
    /// The next rung or expiry.
    package var nextDeadline: Instant?
    /// The earliest due instant: the case is overdue from then on.
    package var due: Instant?

    package init(id: CaseID, file: [UInt8]?, values: [ColumnValue], nextDeadline: Instant?, due: Instant?) {
        precondition(values.count == CaseColumn.all.count, "\(values.count) values")
        self.id = id
        self.file = file
        self.values = values
        self.nextDeadline = nextDeadline
        self.due = due
    }

    package subscript(_ column: CaseColumn) -> ColumnValue {
        get { values[column.place] }
        set { values[column.place] = newValue }
    }
}

/// Whose key it is: keys are scoped to whoever speaks, by whatever unix user.
package struct IdempotencyKey: Hashable, Sendable {
    package let principal: String
    package let key: String

    package init(principal: String, key: String) {
        self.principal = principal
        self.key = key
    }

    /// By their bytes, as stores compare texts: two compositions of one letter are two.
    package static func == (a: IdempotencyKey, b: IdempotencyKey) -> Bool {
        a.key.utf8.elementsEqual(b.key.utf8) && a.principal.utf8.elementsEqual(b.principal.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in key.utf8 { hasher.combine(byte) }
    }
}

package struct AnswerRow: Sendable, Equatable {
    package let key: IdempotencyKey
    package let at: Instant
    package let answer: StoredAnswer

    package init(key: IdempotencyKey, at: Instant, answer: StoredAnswer) {
        self.key = key
        self.at = at
        self.answer = answer
    }
}

/// Where the first answer to a key stands in the journal, and a digest of what was asked.
package struct StoredAnswer: Sendable, Equatable {
    package let digest: [UInt8]
    package let id: CaseID
    /// The case as of this revision was the answer.
    package let revision: Int

    package init(digest: [UInt8], id: CaseID, revision: Int) {
        self.digest = digest
        self.id = id
        self.revision = revision
    }
}

/// A row of the outbox: somebody is to be told of an event.
package struct NoticeRow: Sendable, Equatable {
    package let id: CaseID
    package let revision: Int
    package let at: Instant
    package let event: String
    package let notice: Notice

    package init(id: CaseID, revision: Int, at: Instant, event: String, notice: Notice) {
        self.id = id
        self.revision = revision
        self.at = at
        self.event = event
        self.notice = notice
    }
}

package struct StoredNotice: Sendable, Equatable {
    package let seq: Int64
    package let row: NoticeRow
    /// Nil as long as nobody has taken it.
    package let taken: TakenNotice?

    /// How much it takes in a reply, about.
    package var byteCount: Int {
        row.event.utf8.count + row.notice.recipient.utf8.count + 128
    }

    package init(seq: Int64, row: NoticeRow, taken: TakenNotice? = nil) {
        self.seq = seq
        self.row = row
        self.taken = taken
    }
}

/// Which notices are meant; all of it holds.
package struct NoticeFilter: Sendable {
    /// Of which cases, and of the server to whom; nil for all.
    package var readScope: ReadScope?
    /// To whom, as the notice says it; nil for everybody.
    package var recipient: String?
    /// In what function; nil for any.
    package var addressee: Addressee?
    /// Whose own they are; nil for everybody's.
    package var own: OwnNotices?
    /// When they were given at the earliest.
    package var since: Instant?
    /// Whether somebody has taken them; nil for either.
    package var isTaken: Bool?

    package init(readScope: ReadScope? = nil) {
        self.readScope = readScope
    }
}

/// A version of the catalogue: its files by name.
package struct StoredCatalog: Sendable, Equatable {
    package let version: Int
    package let at: Instant
    package let by: String
    /// The release of the tz database with which it was checked.
    package let zones: String
    package let files: [String: String]

    package init(version: Int, at: Instant, by: String, zones: String, files: [String: String]) {
        self.version = version
        self.at = at
        self.by = by
        self.zones = zones
        self.files = files
    }
}
