import CasePages
import CaseWire

extension DutyList {
    /// Two tables for a terminal, the matters and then the posts, and of when the list is.
    var table: String {
        var table = Table(["MATTER", "NAME", "OFFICE", "LEADER", "COMMISSIONER", "STATUTORY", "PROMISED"])
        for matter in matters {
            table.add(
                ["matter", "name", "office_name"].map { matter.cell($0) } + ["leader", "commissioner"].map { acting(matter, $0) }
                    + ["statutory", "promised"].map { matter.cell($0).map(language.oneUnit) })
        }
        var second = Table(["POST", "NAME", "RANK", "OFFICE", "HOLDER", "DUTIES"])
        for post in posts {
            let duties = [post.cell("main_duty")].compactMap { $0 } + (post["duties"]?.array ?? []).compactMap(\.string)
            second.add(
                ["post", "name", "rank", "office"].map { post.cell($0).flatMap { $0.isEmpty ? nil : $0 } }
                    + [said([post.cell("holder")] + language.substitutes(of: post)), duties.isEmpty ? nil : duties.joined(separator: "; ")])
        }
        let facts = facts.map { "\($0.label): " + $0.items.map { Terminal.plain($0.text) }.joined(separator: "; ") }
        return [table.text, second.text, facts.joined(separator: "\n")].joined(separator: "\n\n")
    }

    /// Who holds a post of a matter, and who acts for it today, on one line.
    private func acting(_ matter: JSONValue, _ member: String) -> String? {
        let post = posts.first { $0.cell("post") == matter.cell(member) }
        return said([matter.cell("\(member)_holder")] + (post.map(language.substitutes) ?? []))
    }

    private func said(_ texts: [String?]) -> String? {
        let texts = texts.compactMap { $0 }.filter { !$0.isEmpty }
        return texts.isEmpty ? nil : texts.joined(separator: "; ")
    }
}
