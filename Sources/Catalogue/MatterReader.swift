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
        if table.value("limit") == nil {
            table.find(nil, .form, "\(table.name) has no limit", mend: "add limit = \"10 working-days\"", missing: "limit")
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
    let (materials, fields, steps, areas) = (readMaterials(&entry), readFields(&entry), readSteps(&entry), readAreas(&entry))
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
        materials: materials, fields: fields, areas: areas, steps: steps, basis: entry.optionalText("basis") ?? "",
        department: entry.optionalText("department").map { DepartmentID($0) }, guide: guide,
        kind: entry.word("kind", unless: .approval), revokes: Set(entry.texts("revokes").map { MatterID($0) }),
        consulted: consulted, signatories: Set(entry.words("signature")), retention: retention(&entry))
}

/// A year at least: by then nobody gives a key again, no draw of the last quarter is left, and each notice was handed over.
private func retention(_ entry: inout EntryReader) -> Length? {
    guard let length = entry.optionalLength("retention") else { return nil }
    let isLong =
        switch length.meter {
        case .months: length.quanta >= 12
        case .calendarDays: length.quanta >= 365
        case .workingDays, .workingMinutes, .minutes: false
        }
    guard isLong else {
        entry.find(
            "retention", .unit, "\(entry.name) keeps what is said of persons for \(length)",
            mend: "write a year or more, in months, weeks or calendar-days, as in \"120 months\"")
        return nil
    }
    return length
}

/// Reads `[[matter.NAME.opinion]]`.
private func consultedOffice(_ table: inout EntryReader) -> Matter.Consulted? {
    let office = table.text("office")
    let due = table.optionalLength("due")
    if table.value("due") == nil {
        table.find(nil, .form, "\(table.name) has no due", mend: "add due = \"10 working-days\"", missing: "due")
    }
    let clock = table.optionalText("clock") ?? "runs"
    if clock != "runs", clock != "suspends" {
        table.find("clock", .form, "\(table.name) has clock = \"\(clock)\"", mend: "write \"runs\" or \"suspends\"")
    }
    table.finish()
    return due.map { Matter.Consulted(office: OfficeID(office), due: $0, suspends: clock == "suspends") }
}

/// `[[matter.NAME.material]]`.
private func readMaterials(_ entry: inout EntryReader) -> [Material] {
    readList(&entry, "material") { material, id in
        let value = Material(
            id: MaterialID(id), name: material.optionalText("name") ?? id, isRequired: !material.boolean("optional"),
            kind: material.word("kind", unless: .document), amount: material.optionalText("amount") ?? "")
        if value.kind == .fee, value.amount.isEmpty {
            material.find(
                nil, .form, "\(material.name) is a fee without an amount", mend: "add amount = \"120.00 CNY\", as it is published")
        }
        if value.kind != .fee, !value.amount.isEmpty {
            material.find("amount", .form, "\(material.name) has an amount and is no fee", mend: "add kind = \"fee\", or leave amount out")
        }
        return value
    }
}

/// `[[matter.NAME.field]]`.
private func readFields(_ entry: inout EntryReader) -> [MatterField] {
    let fields = readList(&entry, "field") { field, id in
        let kind = field.word("kind", unless: MatterField.Kind.line)
        let longest = field.value("longest").map { $0.integer.flatMap(Int.init(exactly:)) ?? 0 }
        if let longest, !(1...MatterField.longestLimit).contains(longest) {
            field.find(
                "longest", .form, "\(field.name) has a longest that is no number from 1 to \(MatterField.longestLimit)",
                mend: "write how many characters it may have: longest = 40")
        }
        let choices = field.texts("choices")
        if kind == .choice, !(1...MatterField.choiceLimit).contains(choices.count) {
            field.find(
                nil, .form, "\(field.name) is a choice of \(choices.count)",
                mend: "add choices = [\"east\", \"west\"], at most \(MatterField.choiceLimit)")
        }
        if kind != .choice, !choices.isEmpty {
            field.find("choices", .form, "\(field.name) has choices and is no choice", mend: "add kind = \"choice\", or leave choices out")
        }
        return MatterField(
            id: FieldID(id), name: field.optionalText("name") ?? id, kind: kind, isRequired: !field.boolean("optional"), longest: longest,
            help: field.optionalText("help") ?? "", choices: choices)
    }
    if fields.count > MatterField.limit {
        entry.find(
            "field", .form, "\(entry.name) has \(fields.count) fields, and \(MatterField.limit) are allowed",
            mend: "let several of them be one text")
    }
    return fields
}

/// `[[matter.NAME.step]]`.
private func readSteps(_ entry: inout EntryReader) -> [ExaminationStep] {
    readList(&entry, "step") { step, id in
        ExaminationStep(
            id: StepID(id), name: step.optionalText("name") ?? id, post: step.optionalText("post").map { PostID($0) })
    }
}

/// Tables that have an id of their own each.
private func readList<Value>(_ entry: inout EntryReader, _ key: String, _ make: (inout EntryReader, String) -> Value) -> [Value] {
    var ids: [String] = []
    let values = entry.tables(key).map { table in
        var table = table
        let id = table.text("id")
        let value = make(&table, id)
        if !id.isEmpty, !CatalogueReader.isName(id) { table.find("id", .form, "\"\(id)\" is no name", mend: nameForm) }
        table.finish()
        entry.include(table)
        ids.append(id)
        return value
    }
    for (id, group) in Dictionary(grouping: ids, by: { $0 }).sorted(by: { $0.key < $1.key }) where group.count > 1 {
        entry.find(key, .duplicate, "\(entry.name) lists \(key) \(id) twice", mend: "keep one")
    }
    return values
}

/// `[matter.NAME.areas]`.
private func readAreas(_ entry: inout EntryReader) -> [AreaID: PostID] {
    guard let names = entry.names("areas") else { return [:] }
    if names.isEmpty {
        entry.find(
            "areas", .area, "\(entry.name) has areas that name none", mend: "name one, as in north = \"officer\", or leave areas out")
    }
    for area in names.keys.sorted() where !CatalogueReader.isName(area) {
        entry.find("areas", .form, "area \"\(area)\" is no name", mend: nameForm)
    }
    return Dictionary(uniqueKeysWithValues: names.map { (AreaID($0), PostID($1)) })
}

private let nameForm = "use small letters, digits, dots, dashes and underscores"
