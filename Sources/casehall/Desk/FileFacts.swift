import CaseCore
import CasePages
import CaseWire

/// What a case is: who applied for what, who examines, who decides.
struct FileFacts {
    let facts: [PageFact]

    init(_ file: JSONValue, _ matter: JSONValue, _ people: DeskPeople, _ times: DeskTimes, _ visit: Visit) {
        let (words, language) = (visit.deskWords, visit.language)
        func cell(_ name: String) -> [String] { file.cell(name).map { [$0] } ?? [] }
        func at(_ name: String) -> [String] { times(file.cell(name)).map { [$0] } ?? [] }
        let applicant = file["applicant"] ?? .null
        let office = matter.cell("office") == file.cell("office") ? matter.cell("office_name") ?? file.cell("office") : file.cell("office")
        var facts: [(String, [String])] = [
            (words.applicant, [[applicant.cell("name"), applicant.cell("id").map { "(\($0))" }].compactMap { $0 }.joined(separator: " ")]),
            (words.matter, [matter.cell("name") ?? file.cell("matter") ?? ""]),
            (language.words.office, [office ?? ""]), (words.handler, file.cell("handler").map { [people.name($0)] } ?? []),
            (language.words.leader, [people.post(file.cell("leader"), language) ?? file.cell("leader") ?? ""]),
            (language.words.commissioner, [people.post(file.cell("commissioner"), language) ?? file.cell("commissioner") ?? ""]),
            (words.area, cell("area")), (words.channel, file.cell("channel").map { [language.words.translated($0)] } ?? []),
            (words.receipt, cell("receipt")), (words.submittedAt, at("submitted_at")), (words.closedAt, at("closed_at")),
            (words.deliveredAt, at("delivered_at")),
            (words.recommended, file.cell("recommendation").map { [language.cell("recommendation", $0).capitalizedFirst] } ?? []),
            (words.timeliness, file.cell("timeliness").map { [language.cell("timeliness", $0).replacing("-", with: " ")] } ?? []),
            (words.missing, file.texts("missing").map { id in FileFacts.document(id, matter) }),
            (words.escalation, (file["escalation"]?.integer ?? 0) > 0 ? cell("escalation") : []),
            (words.recused, file.texts("recused").map(people.name)), (words.drawn, file.texts("draws")),
        ]
        for (name, label) in [("refers_to", words.isAbout), ("revocation", words.inQuestion), ("revoked", words.revokedBy)] {
            if let other = file.cell(name) ?? file[name]?.cell("case") { facts.append((label, [other])) }
        }
        if let given = file["extension"], given.members != nil {
            facts.append(
                (
                    words.extended,
                    [[language.oneUnit(given.cell("by") ?? ""), given.cell("reason")].compactMap { $0 }.joined(separator: ": ")]
                ))
        }
        if let asked = file["erasure_asked"] { facts.append((words.erasureAsked, [people.name(asked.cell("by") ?? "")])) }
        facts.append((words.erasedAt, at("erased_at")))
        for field in file["fields"]?.members ?? [] { facts.append((field.name, [field.value.string ?? ""])) }
        self.facts = facts.map { PageFact($0.0, $0.1.filter { !$0.isEmpty }) }.filter { !$0.items.isEmpty }
    }

    /// What people call a document of a matter.
    static func document(_ id: String, _ matter: JSONValue) -> String {
        matter["documents"]?.array?.first { $0.cell("material") == id }?.cell("name") ?? id
    }
}

/// Lists within a case: suspensions, steps of its examination, opinions, orders, fees, inspections. Those that it has none of are left out.
struct FileSections {
    let sections: [TablePage.Section]

    init(_ file: JSONValue, _ people: DeskPeople, _ times: DeskTimes, _ visit: Visit) {
        let (words, language) = (visit.deskWords, visit.language)
        func section(_ heading: String, _ member: String, _ columns: [String], _ row: (JSONValue) -> [String?]) -> TablePage.Section? {
            let records = file[member]?.array ?? []
            guard !records.isEmpty else { return nil }
            return TablePage.Section(
                heading: heading, remark: nil, table: PageTable(columns.map { .init($0) }, records.map { row($0).map { $0 ?? "" } }))
        }
        func outcome(_ text: String?) -> String? { text.map { language.cell("outcome", $0).replacing("-", with: " ").capitalizedFirst } }
        func name(_ id: String?) -> String? { id.map(people.name) }
        sections = [
            section(words.suspensions, "suspensions", [words.kind, words.since, words.basis, words.announced, words.note]) {
                [
                    language.cell("kind", $0.cell("kind") ?? "").replacing("-", with: " ").capitalizedFirst, times($0.cell("since")),
                    $0.cell("basis"), language.oneUnit($0.cell("expected") ?? ""), $0.cell("note"),
                ]
            },
            section(language.words.steps, "steps", [words.step, words.outcome, words.finding, words.who, words.when]) {
                [
                    $0.cell("name"), outcome($0.cell("outcome")) ?? words.notTaken, $0.cell("finding"), name($0.cell("by")),
                    times($0.cell("at")),
                ]
            },
            section(words.opinions, "opinions", [language.words.office, words.question, words.answer, words.due]) {
                let answer = $0["answer"].map { "\(outcome($0.cell("opinion")) ?? ""): \($0.cell("text") ?? "")" }
                return [
                    $0.cell("office"), $0.cell("question"),
                    answer ?? times($0.cell("withdrawn_at")).map { words.filled(words.withdrawnAt, $0) } ?? words.awaited,
                    $0.cell("due").map(language.oneUnit),
                ]
            },
            section(words.orders, "orders", [words.order, words.state, words.to, words.reason, words.due, words.answer, words.finding]) {
                [
                    $0.cell("order"), language.cell("state", $0.cell("state") ?? "").capitalizedFirst,
                    language.cell("told", $0.cell("to") ?? "").replacing("-", with: " ").capitalizedFirst, $0.cell("reason"),
                    times($0.cell("due"), isEnd: true), $0.cell("answer"), $0.cell("finding"),
                ]
            },
            section(language.words.fees, "fees", [words.fee, words.amount, words.state, words.reference, words.reason]) {
                [
                    $0.cell("name"), $0.cell("amount"), language.cell("state", $0.cell("state") ?? "").capitalizedFirst,
                    $0.cell("reference"), $0.cell("reason"),
                ]
            },
            section(words.inspections, "inspections", [words.outcome, words.finding, words.who, words.when]) {
                [outcome($0.cell("outcome")), $0.cell("finding"), name($0.cell("by")), times($0.cell("at"))]
            },
        ].compactMap { $0 }
    }
}
