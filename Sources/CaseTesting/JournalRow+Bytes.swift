import CaseCore
import CaseStore
import Evidence
import WorkingTime

extension JournalRow {
    /// A row whose text says nothing of persons.
    package init(id: CaseID, revision: Int, at: Instant, event: [UInt8]) {
        self.init(id: id, revision: revision, at: at, event: RecordedEvent(text: event))
    }

    /// What is read of it.
    package var whole: [UInt8] {
        try! event.whole()
    }
}
