import CaseCore
import WorkingTime

/// Reads `[matter.NAME]`.
func matter(_ entry: inout EntryReader, _ name: String) -> Matter {
    let office = entry.exactlyOne("office", .oneOffice)
    let leader = entry.exactlyOne("leader", .oneLeader)
    let commissioner = entry.exactlyOne("commissioner", .oneCommissioner)
    var budgets: [ClockKind: Length] = [:]
    for kind in ClockKind.allCases where kind.traits.isSetByMatters {
        budgets[kind] = entry.optionalLength(kind.rawValue)
    }
    var prolongation: Matter.Extension?
    if var table = entry.table("extension") {
        let limit = table.optionalLength("limit")
        if limit == nil, table.findings.isEmpty {
            table.find(nil, .form, "\(table.name) has no limit", mend: "add limit = \"10 working-days\"")
        }
        let authority = table.exactlyOne("authority", .form)
        prolongation = limit.map { Matter.Extension(limit: $0, authority: PostID(authority)) }
        table.finish()
        entry.include(table)
    }
    let silence = entry.optionalText("silence") ?? "nothing"
    if silence != "grants", silence != "nothing" {
        entry.find("silence", .form, "\(entry.name) has silence = \"\(silence)\"", mend: "write \"grants\" or leave it out")
    }
    let materials = entry.tables("material").enumerated().map { place, material in
        var material = material
        let id = material.text("id")
        let value = Material(
            id: MaterialID(id), name: material.optionalText("name") ?? id, isRequired: !material.boolean("optional"))
        if !id.isEmpty, !CatalogueReader.isName(id) {
            material.find("id", .form, "\"\(id)\" is no name", mend: "use small letters, digits, dots, dashes and underscores")
        }
        material.finish()
        entry.include(material)
        return value
    }
    for (id, group) in Dictionary(grouping: materials, by: \.id) where group.count > 1 {
        entry.find("material", .duplicate, "\(entry.name) lists material \(id) twice", mend: "keep one")
    }
    let consulted = entry.tables("opinion").compactMap { table in
        var table = table
        defer { entry.include(table) }
        return consultedOffice(&table)
    }
    for (office, group) in Dictionary(grouping: consulted, by: \.office) where group.count > 1 {
        entry.find("opinion", .duplicate, "\(entry.name) asks \(office) twice", mend: "keep one")
    }
    let guide = Matter.Guide(
        channels: entry.texts("channels"), window: entry.optionalText("window").map { Identifier($0) },
        conditions: entry.texts("conditions"), fees: entry.optionalText("fees") ?? "",
        result: entry.optionalText("result") ?? "", text: entry.optionalText("guide") ?? "")
    return Matter(
        id: MatterID(name), name: entry.text("name"),
        assignment: Assignment(office: OfficeID(office), leader: PostID(leader), commissioner: PostID(commissioner)),
        policy: Identifier(entry.text("sla")), budgets: budgets, extension: prolongation, silenceGrants: silence == "grants",
        materials: materials, basis: entry.optionalText("basis") ?? "",
        department: entry.optionalText("department").map { DepartmentID($0) }, guide: guide,
        kind: entry.word("kind", unless: .approval), revokes: Set(entry.texts("revokes").map { MatterID($0) }),
        consulted: consulted)
}

/// Reads `[[matter.NAME.opinion]]`.
private func consultedOffice(_ table: inout EntryReader) -> Matter.Consulted? {
    let office = table.text("office")
    let due = table.optionalLength("due")
    if due == nil, table.findings.isEmpty {
        table.find(nil, .form, "\(table.name) has no due", mend: "add due = \"10 working-days\"")
    }
    let clock = table.optionalText("clock") ?? "runs"
    if clock != "runs", clock != "suspends" {
        table.find("clock", .form, "\(table.name) has clock = \"\(clock)\"", mend: "write \"runs\" or \"suspends\"")
    }
    table.finish()
    return due.map { Matter.Consulted(office: OfficeID(office), due: $0, suspends: clock == "suspends") }
}
