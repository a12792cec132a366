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
            let submission = Submission(
                matter: "permit", title: title, applicant: Applicant(id: "A", name: "Name"), fields: [:], channel: "online")
            let assignment = Assignment(office: "office", leader: "leader", commissioner: "commissioner")
            let event = Event(
                file: CaseID(number), revision: 1, at: instant(number), by: "hall", via: nil, instead: nil,
                change: Submitted(submission, materials: [], receipt: "R", assignment: assignment, catalogVersion: 1), clocks: [])
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
                participants: CaseFile.Participants(handler: handler, recused: [], examiners: []), orders: [], inspections: [])
            return CaseRow(
                id: file.id, file: isOpening ? nil : file.storedBytes, state: state, matter: matter, office: assignment.office,
                leader: assignment.leader, commissioner: assignment.commissioner, handler: handler, applicant: applicant,
                submittedBy: file.origin.by, submittedVia: file.origin.via, submittedAt: instant(number),
                closedAt: state.isOpen ? nil : instant(number + 1), isSuspended: suspended,
                isRunning: running, isProvisional: provisional, hasOpenOrder: ordered, isInspected: inspected, hasWarning: warned,
                timeliness: timeliness,
                nextDeadline: due.map(instant),
                due: due.map(instant))
        }
    }
}
