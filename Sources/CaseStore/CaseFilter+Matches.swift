import CaseCore
import WorkingTime

extension CaseFilter {
    /// Whether a case is meant. A store that looks columns up finds the same (`CaseTesting.StoreSuite`).
    ///
    /// - Parameter file: the case itself; nil for one that cannot be read, which nobody sees and no text is part of.
    package func matches(_ row: CaseRow, _ file: CaseFile?) -> Bool {
        let isRowOverdue = row.due.map { $0 <= now } ?? false
        let rowLight: Light = row.closedAt != nil ? .none : isRowOverdue ? .red : row.hasWarning ? .yellow : .green
        let conditions: [Bool] = [
            id.map { $0 == row.id } ?? true, state.map { $0 == row.state } ?? true, matter.map { $0 == row.matter } ?? true,
            office.map { $0 == row.office } ?? true, leader.map { $0 == row.leader } ?? true,
            commissioner.map { $0 == row.commissioner } ?? true, handler.map { $0 == row.handler } ?? true,
            applicant.map { $0 == row.applicant } ?? true, light.map { $0 == rowLight } ?? true,
            isOverdue.map { $0 == isRowOverdue } ?? true, isSuspended.map { $0 == row.isSuspended } ?? true,
            isProvisional.map { $0 == row.isProvisional } ?? true,
            hasOpenOrder.map { $0 == row.hasOpenOrder } ?? true,
            dueBefore.map { before in row.due.map { $0 < before } ?? false } ?? true,
            submittedAfter.map { row.submittedAt >= $0 } ?? true,
            submittedBefore.map { row.submittedAt < $0 } ?? true,
            closedAfter.map { after in row.closedAt.map { $0 >= after } ?? false } ?? true,
            closedBefore.map { before in row.closedAt.map { $0 < before } ?? false } ?? true,
            isDecided.map { $0 == row.state.isDecision } ?? true, isInspected.map { $0 == row.isInspected } ?? true,
            sight.map { sight in file.map(sight.covers) ?? false } ?? true,
            text.map { text in
                let text = Array(CaseFilter.folded(text).utf8)
                return [file?.title, file?.applicant.name].contains { field in
                    field.map { Array(CaseFilter.folded($0).utf8).contains(text) } ?? false
                }
            } ?? true,
        ]
        return conditions.allSatisfy { $0 }
    }
}
