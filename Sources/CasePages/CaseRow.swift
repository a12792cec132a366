import CaseCore
import CaseWire

/// What a list of cases says of one, beside what it is: who has to act, on which clock, and how much of that is left.
package struct CaseRow {
    private let file: JSONValue

    /// - Parameter file: as `case.list` and `case.get` show it.
    package init(_ file: JSONValue) {
        self.file = file
    }

    /// Who has to act next, such as `office otto; order: leader Lena`; nil where nothing is left to be done.
    package var next: String? {
        let steps = CaseRow.waiting.compactMap { member, what in
            file[member]?.cell("role").map { role in
                ([what, role].compactMap { $0 } + (file[member]?["names"]?.array ?? []).compactMap(\.string)).joined(separator: " ")
            }
        }
        return steps.isEmpty ? nil : steps.joined(separator: "; ")
    }

    /// Who has to act, and on what beside the case itself.
    fileprivate static let waiting: [(member: String, what: String?)] = [
        ("waits_for", nil), ("order_waits_for", "order:"), ("inspection_waits_for", "inspection:"),
    ]

    /// The clock that runs out first. Of a file that waits for the applicant their own, as the others are the office's.
    package var earliestClock: JSONValue? {
        let clocks = (file["clocks"]?.array ?? []).filter { $0.cell("due") != nil }
        let own = file["waits_for"]?.cell("role") == Role.submitter.rawValue ? clocks.filter { $0.cell("clock") == "correction" } : []
        return (own.isEmpty ? clocks : own).min { $0.cell("due")! < $1.cell("due")! }
    }

    /// How much of that clock is left, with its unit, such as `3 working-days` or `over by 1 working-days`.
    package var left: String? {
        earliestClock.flatMap { clock in
            guard let left = clock["left"]?.integer, let unit = clock.cell("unit") else { return nil }
            // A day clock is over by nothing until the first day after its end has passed.
            let isOver = left < 0 || clock["overdue"]?.bool == true
            return (isOver ? left == 0 ? "over by less than 1 " : "over by \(-left) " : "\(left) ") + unit
        }
    }
}

extension Language {
    /// `CaseRow.next` as people read it.
    package func nextStep(_ text: String) -> String {
        guard self == .zh else { return text }
        return text.split(separator: "; ").map { step in
            let words = step.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let label = CaseRow.waiting.compactMap(\.what).first { $0 == words.first }
            let rest = label == nil ? words[...] : words.dropFirst()
            return (label.map { self.text($0) + " " } ?? "") + ([rest.first.map(function) ?? ""] + rest.dropFirst()).joined(separator: " ")
        }.joined(separator: "; ")
    }

    /// `CaseRow.left` as people read it.
    package func timeLeft(_ text: String) -> String {
        for over in ["over by less than ", "over by "] where text.hasPrefix(over) {
            return self.text(over) + length(Language.inLargerUnits(String(text.dropFirst(over.count))))
        }
        return length(Language.inLargerUnits(text))
    }

    /// Many minutes as whole hours, and many hours of the clock as whole days: nobody reads five digits of minutes.
    package static func inLargerUnits(_ length: String) -> String {
        let parts = length.split(separator: " ").map(String.init)
        guard parts.count == 2, let amount = Int(parts[0]), amount >= 120 else { return length }
        switch parts[1] {
        case "working-minutes": return "\(amount / 60) working-hours"
        case "minutes": return amount < 2 * 1440 ? "\(amount / 60) hours" : "\(amount / 1440) calendar-days"
        default: return length
        }
    }
}
