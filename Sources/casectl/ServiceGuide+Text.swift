import CasePages
import CaseWire

extension ServiceGuide {
    /// For a terminal.
    var text: String {
        var table = Table([words.matter, matter.cell("name") ?? ""])
        for fact in facts { table.add([fact.label, fact.values.joined(separator: "; ")]) }
        return table.text
    }
}
