import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension StoreSuite {
    /// Rows to write.
    enum Sample {
        static func instant(_ number: Int64) -> Instant {
            Instant(seconds: number)
        }

        /// The first event of a case.
        static func opening(_ number: Int64, title: String = "Title") -> JournalRow {
            let submission = Submission(matter: "permit", title: title, applicant: Applicant(id: "A", name: "Name"))
            let assignment = Assignment(office: "office", leader: "leader", commissioner: "commissioner")
            let event = Event(
                file: CaseID(number), revision: 1, at: instant(number), by: "hall", via: nil, instead: nil,
                change: Submitted(submission, receipt: "R", assignment: assignment, catalogVersion: 1), clocks: [])
            return JournalRow(id: event.file, revision: 1, at: event.at, event: event.canonicalBytes)
        }

        /// A case of the given number, submitted at the second of its number.
        static func row(
            _ number: Int64, state: State = .inReview, matter: MatterID = "permit", due: Int64?, warned: Bool = false,
            title: String = "Title", suspended: Bool = false, running: Bool = true, provisional: Bool = false, ordered: Bool = false,
            timeliness: Timeliness? = nil, office: OfficeID = "office", submitter: String = "hall", via: ServiceID? = nil,
            leader: PostID = "leader", commissioner: PostID = "commissioner", handler: PersonID? = nil, applicant: String = "A",
            inspected: Bool = false, isOpening: Bool = false
        ) -> CaseRow {
            let assignment = Assignment(office: office, leader: leader, commissioner: commissioner)
            let file = CaseFile(
                id: CaseID(number), receipt: "R", matter: matter, title: title, applicant: Applicant(id: applicant, name: "Name"),
                channel: "online", fields: [:], submittedBy: submitter, submittedVia: via, submittedAt: instant(number),
                catalogVersion: 1, revision: 1, state: state, assignment: assignment, handler: handler, materials: [],
                noticedItems: nil, receivedAt: instant(number), suspensions: [], recommendation: nil, escalation: 0, orders: [],
                clocks: [], clockVersion: 1, extension: nil, closedAt: nil, deliveredAt: nil)
            return CaseRow(
                id: file.id, file: isOpening ? nil : file.storedBytes, state: state, matter: matter, office: assignment.office,
                leader: assignment.leader, commissioner: assignment.commissioner, handler: handler, applicant: applicant,
                submittedBy: file.submittedBy, submittedVia: file.submittedVia, submittedAt: instant(number),
                closedAt: state.isOpen ? nil : instant(number + 1), isSuspended: suspended,
                isRunning: running, isProvisional: provisional, hasOpenOrder: ordered, isInspected: inspected, hasWarning: warned,
                timeliness: timeliness,
                nextDeadline: due.map(instant),
                due: due.map(instant))
        }
    }
}
