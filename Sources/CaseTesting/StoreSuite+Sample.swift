import CaseCore
import CaseStore
import CaseWire
import Evidence
import WorkingTime

extension StoreSuite {
    /// Rows to write.
    enum Sample {
        static func instant(_ number: Int64) -> Instant {
            Instant(seconds: number)
        }

        /// The first event of a case.
        static func opening(_ number: Int64, title: String = "Title") -> JournalRow {
            let submission = Submission(
                matter: "permit", title: title, applicant: Applicant(id: "A", name: "Name"), fields: [:], channel: "online")
            let assignment = Assignment(office: "office", leader: "leader", commissioner: "commissioner")
            let event = Event(
                file: CaseID(number), revision: 1, at: instant(number), by: "hall", via: nil, instead: nil,
                change: Submitted(submission, materials: [], receipt: "R", assignment: assignment, catalogVersion: 1), clocks: [])
            return JournalRow(
                id: event.file, revision: 1, at: event.at, event: RecordedEvent(event, salt: { [UInt8](repeating: 7, count: 16) }))
        }

        /// A case of the given number, submitted at the second of its number.
        static func row(
            _ number: Int64, state: State = .inReview, matter: MatterID = "permit", due: Int64?, warned: Bool = false,
            title: String = "Title", suspended: Bool = false, running: Bool = true, provisional: Bool = false, ordered: Bool = false,
            timeliness: Timeliness? = nil, office: OfficeID = "office", submitter: String = "hall", via: ServiceID? = nil,
            leader: PostID = "leader", commissioner: PostID = "commissioner", handler: PersonID? = nil, applicant: String = "A",
            inspected: Bool = false, revoked: Bool = false, asked: [String] = [], isOpening: Bool = false
        ) -> CaseRow {
            let assignment = Assignment(office: office, leader: leader, commissioner: commissioner)
            let submission = Submission(
                matter: matter, title: title, applicant: Applicant(id: applicant, name: "Name"), fields: [:], channel: "online")
            let file = CaseFile(
                id: CaseID(number),
                origin: CaseFile.Origin(
                    receipt: "R", submission: submission, by: submitter, via: via, at: instant(number), catalogVersion: 1),
                progress: CaseFile.Progress(
                    revision: 1, state: state, assignment: assignment, materials: [], noticedItems: nil, receivedAt: instant(number),
                    recommendation: nil, escalation: 0, closedAt: nil, deliveredAt: nil, decidedBy: nil),
                timing: CaseFile.Timing(clocks: [], version: 1, suspensions: [], extension: nil),
                participants: CaseFile.Participants(handler: handler, recused: [], involved: [:]), orders: [], inspections: [])
            var row = CaseRow(
                id: file.id, file: isOpening ? nil : file.storedBytes,
                values: CaseColumn.all.map { $0.isProjected ? $0.absence : $0.ownValue(of: file) }, nextDeadline: due.map(instant),
                due: due.map(instant))
            row.texts = CaseTexts(file)
            row[.closedAt] = ColumnValue(state.isOpen ? nil : instant(number + 1))
            for (column, isSo) in [
                (CaseColumn.suspended, suspended), (.running, running), (.provisional, provisional), (.ordered, ordered),
                (.inspected, inspected), (.warned, warned), (.revoked, revoked),
            ] {
                row[column] = ColumnValue(isSo)
            }
            for column in [CaseColumn.consulted, .awaited] where !asked.isEmpty { row[column] = .text(CaseCondition.listed(asked)) }
            row[.timeliness] = ColumnValue(timeliness?.rawValue)
            return row
        }
    }
}

extension CaseRow {
    /// A case that waits for its office, of which these bytes are all that can be read.
    package init(_ number: Int64, file: [UInt8], submittedAt: Instant, next: Instant?, due: Instant? = nil) {
        self.init(id: CaseID(number), file: file, values: CaseColumn.all.map(\.absence), nextDeadline: next, due: due)
        let texts: [(CaseColumn, String)] = [
            (.state, State.submitted.rawValue), (.matter, "permit"), (.office, "permits"), (.leader, "leader"),
            (.commissioner, "commissioner"), (.applicant, "A"), (.submittedBy, "hall"),
        ]
        for (column, text) in texts { self[column] = .text(text) }
        self[.submittedAt] = ColumnValue(submittedAt)
        self[.running] = .integer(1)
    }

    /// - Precondition: the column holds a text.
    func text(_ column: CaseColumn) -> String {
        guard case .text(let text) = self[column] else { preconditionFailure("\(column.name) of \(id) is no text") }
        return text
    }
}
