import CaseCore
import WorkingTime

/// One version of the catalogue: its files as they were written, and the register that they make.
package struct Catalogue: Sendable {
    package let files: [String: String]
    package let register: Register
    /// What may be so, and seldom is meant; none of a stored version.
    package let warnings: [Finding]
    /// The lists of holidays by name, each with the file that declares it.
    package let holidayLists: [String: (file: String, list: HolidayList)]
    /// What each calendar says of an import: the lists that it names, and its words for make-up working days.
    private let imports: [(lists: [String], makeUpWords: [String])]

    /// All findings at once; never empty.
    package struct Refused: Error, CustomStringConvertible {
        package let findings: [Finding]
        /// What may be so besides, and seldom is meant.
        package let warnings: [Finding]

        package init(findings: [Finding], warnings: [Finding] = []) {
            self.findings = findings
            self.warnings = warnings
        }

        package var description: String {
            findings.map(\.description).joined(separator: "\n")
        }

        /// - Parameter subject: what was read.
        package func message(_ subject: String) -> String {
            "\(subject) breaks \(findings.count == 1 ? "a rule" : "\(findings.count) rules")"
        }
    }

    /// Reads and checks the files of a catalogue, given by name.
    ///
    /// What is wrong in one place keeps no other place from being looked at: each rule is asked of what could be read, and speaks where what it
    /// rests on is among that.
    ///
    /// - Parameters:
    ///   - unreadable: files that are no text.
    ///   - isStored: it was checked when it was applied, by the rules of its day; rules that came later do not make it unreadable.
    ///   - further: rules that only this machine, or this server, can ask.
    package init(
        files: [String: String], unreadable: [String: ForeignText] = [:], isStored: Bool = false,
        further: (Register) -> [Violation] = { _ in [] }
    ) throws(Refused) {
        var reader = CatalogueReader(checksRules: !isStored)
        for (name, text) in unreadable.sorted(by: { $0.key < $1.key }) { reader.note(text, file: name) }
        for (name, text) in files.sorted(by: { $0.key < $1.key }) { reader.read(text, file: name) }
        reader.assembleCalendars()
        if !isStored { reader.checkRules(further) }
        let found = isStored ? [] : reader.warnings
        guard reader.findings.isEmpty else { throw Refused(findings: reader.findings.inOrder, warnings: found) }
        self.files = files
        register = reader.register
        holidayLists = reader.declaredHolidayLists
        imports = reader.declaredImports
        warnings = found
    }

    /// Whether a calendar names a list of holidays.
    package func isNamed(list name: String) -> Bool {
        imports.contains { $0.lists.contains(name) }
    }

    /// The words by which an import into a list knows make-up working days, besides those that every import knows: of the calendars that name the
    /// list, or of all calendars while none does.
    package func makeUpWords(forList name: String) -> [String] {
        let naming = imports.filter { $0.lists.contains(name) }
        return (naming.isEmpty ? imports : naming).flatMap(\.makeUpWords)
    }

    /// Refuses users of admins that are bound to somebody with a part in cases. Which users those are differs from machine to machine.
    package func requireUnboundAdmins(isAdmin: (Identifier<User>) -> Bool) throws(Refused) {
        let violations = register.adminViolations(isAdmin: isAdmin)
        if !violations.isEmpty { throw Refused(findings: violations.map(finding)) }
    }

    /// What this machine says of the users that are bound: those that it does not know.
    ///
    /// - Parameter number: of the unix user of a name; nil where the machine knows none.
    package func userWarnings(number: (Identifier<User>) -> UInt32?) -> [Finding] {
        register.unknownUsers { number($0) != nil }.map(finding)
    }

    /// With the line of the entry that breaks the rule.
    private func finding(_ violation: Violation) -> Finding {
        var reader = CatalogueReader(checksRules: false)
        for (name, text) in files.sorted(by: { $0.key < $1.key }) { reader.read(text, file: name) }
        return reader.finding(violation)
    }

}

/// Gathers the entries of all files into a register.
struct CatalogueReader {
    let checksRules: Bool
    private(set) var register = Register()
    private(set) var findings: [Finding] = []
    private var damage = CatalogueDamage()
    private var told: Set<[String]> = []
    /// Where each entry was declared, by kind and name.
    private var origins: [[String]: (file: String, lines: SourceLines)] = [:]
    private var calendars: [String: CalendarEntry] = [:]
    private var holidayLists: [String: HolidayList] = [:]
    private var file = ""
    private var lines = SourceLines("")

    init(checksRules: Bool) {
        self.checksRules = checksRules
    }

    mutating func read(_ text: String, file: String) {
        self.file = file
        lines = SourceLines(text)
        let reading = TOMLText.reading(text, kinds: Set(CatalogueReader.readers.keys))
        for fault in reading.faults {
            findings.append(Finding(file: file, line: fault.line, rule: .form, message: fault.message, mend: fault.mend))
        }
        for entry in reading.damaged {
            damage.note(entry, keys: nil)
            if origins[entry] == nil { origins[entry] = (file, lines) }
        }
        for text in reading.lost { damage.lose(text) }
        readKinds(of: reading.table, except: Set(reading.damaged))
    }

    /// A file that could not be read, with the name that it has.
    mutating func note(_ text: ForeignText, file: String) {
        findings.append(Finding(file: file, line: text.line, rule: .form, message: text.message, mend: text.mend))
        damage.lose(text.approximate)
    }

    private mutating func readKinds(of root: TOMLTable, except damaged: Set<[String]>) {
        for kind in root.keys.sorted() {
            guard let described = CatalogueTable.kind(kind), let read = CatalogueReader.readers[kind] else {
                let kinds = CatalogueTable.all.map(\.name).sorted()
                let meant = Likeness.nearest(kind, among: kinds).map { "did you mean \($0)? " } ?? ""
                find(
                    [kind], .form, "there is no kind of entry called \(kind)", mend: "\(meant)one of \(kinds.joined(separator: ", "))")
                if let table = root[kind] { damage.lose(table.names) }
                continue
            }
            guard let entries = root[kind]?.table else {
                find([kind], .form, "\(kind) is not a table", mend: "write [\(kind).name]")
                continue
            }
            for name in entries.keys.sorted() where !damaged.contains([kind, name]) {
                let path = [kind, name]
                guard CatalogueReader.isName(name, of: kind), let entry = entries[name]?.table else {
                    find(
                        path, .form, "\(kind) \"\(name)\" is not a named entry",
                        mend:
                            "write [\(kind).name], with a name of small letters, digits, dots, dashes and underscores that is not clock or catalog; a name with dots stands in quotes"
                    )
                    if let value = entries[name] { damage.lose("\(name)\n\(value.names)") }
                    continue
                }
                if let first = origins[path] {
                    find(
                        path, .duplicate, "\(kind) \(name) is declared twice, first in \(first.file):\(first.lines.line(of: path))",
                        mend: "keep one")
                    // Nobody can tell which of them is meant.
                    damage.note(path, keys: nil)
                    continue
                }
                origins[path] = (file, lines)
                var reader = EntryReader(entry, at: path, as: described)
                read.body(&self, &reader, name)
                reader.finish()
                for finding in reader.findings { find(finding.path, finding.rule, finding.message, mend: finding.mend) }
                if !reader.findings.isEmpty { damage.note(path, keys: reader.damagedKeys) }
            }
        }
    }

    /// The rules of the register, with the line of each entry that breaks one: first whether every name is known, since what a wrong name stands
    /// for is damaged.
    ///
    /// - Parameter further: rules that stand outside.
    mutating func checkRules(_ further: (Register) -> [Violation]) {
        let violations = register.violations + further(register)
        let unknown = violations.filter { $0.rule == .unknownName }
        for violation in unknown { find(violation) }
        for violation in unknown {
            guard case .undeclared(_, let name)? = violation.premises.first, violation.path.count > 2 else { continue }
            damage.note(Array(violation.path.prefix(2)), keys: [violation.path[2]: .like(name)])
        }
        for violation in violations where violation.rule != .unknownName { find(violation) }
    }

    /// What may be so, and seldom is meant.
    var warnings: [Finding] {
        register.warnings.filter(isKnown).map(finding)
    }

    /// Lays the lists of holidays on the weeks, once all of them are read. A calendar that has no list that it names, or no year, is declared, and
    /// no part of the register.
    mutating func assembleCalendars() {
        for (name, entry) in calendars.sorted(by: { $0.key < $1.key }) {
            do throws(CalendarEntry.Refused) {
                register.calendars[Identifier(name)] = try entry.calendar(with: holidayLists, checksYears: checksRules)
            } catch {
                for violation in error.violations { find(violation) }
            }
        }
    }

    /// Whether all that a violation rests on could be read.
    private func isKnown(_ violation: Violation) -> Bool {
        !([.key(violation.path)] + violation.premises).contains { damage.concerns($0, isDeclared: origins[$0.entry] != nil) }
    }

    var declaredHolidayLists: [String: (file: String, list: HolidayList)] {
        Dictionary(
            uniqueKeysWithValues: holidayLists.map { ($0, (file: origins[["holidays", $0]]?.file ?? "", list: $1)) })
    }

    var declaredImports: [(lists: [String], makeUpWords: [String])] {
        calendars.sorted { $0.key < $1.key }.map { (lists: $1.lists, makeUpWords: $1.makeUpWords) }
    }

    private mutating func find(_ violation: Violation) {
        // This machine may say of a user what its name says already.
        guard isKnown(violation), told.insert([violation.message] + violation.path).inserted else { return }
        findings.append(finding(violation))
    }

    func finding(_ violation: Violation) -> Finding {
        let origin = origins[Array(violation.path.prefix(2))]
        return Finding(
            file: origin?.file ?? "", line: origin?.lines.line(of: violation.path) ?? 1, rule: violation.rule,
            message: violation.message, mend: (meant(by: violation).map { "did you mean \($0)? " } ?? "") + violation.mend)
    }

    /// The name that may be meant by one that is unknown.
    private func meant(by violation: Violation) -> String? {
        guard case .undeclared(let kind, let name)? = violation.premises.first, findings.count < Finding.shownLimit else { return nil }
        return Likeness.nearest(name, among: origins.keys.filter { $0[0] == kind }.map { $0[1] }.sorted())
    }

    private mutating func find(_ path: [String], _ rule: Violation.Rule, _ message: String, mend: String) {
        findings.append(Finding(file: file, line: lines.line(of: path), rule: rule, message: message, mend: mend))
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64 && name != "clock" && name != "catalog"
            && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || "._-".utf8.contains($0) }
    }

    /// A unix user can be one of a single node: `otto@n1`.
    private static func isName(_ name: String, of kind: String) -> Bool {
        guard kind == "user", let place = name.utf8.lastIndex(of: UInt8(ascii: "@")) else { return isName(name) }
        return isName(String(name[..<place])) && isName(name[name.utf8.index(after: place)...].lowercased())
    }

    /// How an entry of one kind is read.
    private struct Read: Sendable {
        let body: @Sendable (inout CatalogueReader, inout EntryReader, String) -> Void

        init(_ body: @escaping @Sendable (inout CatalogueReader, inout EntryReader, String) -> Void) {
            self.body = body
        }
    }

    private static let readers: [String: Read] = [
        "department": Read { catalogue, entry, name in
            let id = DepartmentID(name)
            catalogue.register.departments[id] = Department(
                id: id, name: entry.text("name"), head: entry.optionalText("head").map { PostID($0) },
                complaints: entry.optionalText("complaints") ?? "")
        },
        "office": Read { catalogue, entry, name in
            let id = OfficeID(name)
            catalogue.register.offices[id] = Office(
                id: id, name: entry.text("name"), kind: entry.word("kind", unless: .approval),
                department: DepartmentID(entry.text("department")), module: entry.optionalText("module").map { Identifier($0) },
                head: PostID(entry.text("head")),
                standing: Office.Standing(
                    function: entry.optionalText("function") ?? "", authorisation: entry.optionalText("authorisation") ?? "",
                    rules: entry.texts("rules"), seal: entry.optionalText("seal") ?? ""),
                succeeds: entry.texts("succeeds").map { OfficeID($0) })
        },
        "module": Read { catalogue, entry, name in
            let id = Identifier<Module>(name)
            catalogue.register.modules[id] = Module(id: id, name: entry.text("name"), kind: entry.word("kind", unless: .business))
        },
        "window": Read { catalogue, entry, name in
            let id = Identifier<Window>(name)
            catalogue.register.windows[id] = Window(
                id: id, name: entry.text("name"), office: OfficeID(entry.text("office")), place: entry.optionalText("place") ?? "")
        },
        "post": Read { catalogue, entry, name in
            let id = PostID(name)
            catalogue.register.posts[id] = Post(
                id: id, name: entry.text("name"), office: entry.optionalText("office").map { OfficeID($0) },
                holder: entry.optionalText("holder").map { PersonID($0) },
                substitute: entry.optionalText("substitute").map { PostID($0) }, rank: entry.optionalText("rank") ?? "",
                isLeading: entry.boolean("leading"), isAuditing: entry.boolean("audits"),
                isConfirming: entry.boolean("confirms"), succeeds: entry.texts("succeeds").map { PostID($0) },
                mainDuty: entry.optionalText("main-duty"),
                duties: entry.texts("duties"))
        },
        "substitution": Read { catalogue, entry, name in
            let id = Identifier<Substitution>(name)
            let (post, by, from, to) = (entry.text("post"), entry.text("by"), entry.day("from"), entry.day("to"))
            let isShared = entry.boolean("shared")
            guard let from, let to else {
                if entry.findings.isEmpty {
                    entry.find(
                        nil, .substitution, "\(entry.name) is not dated",
                        mend: "add from = 2026-03-01 and to = 2026-03-15, the day after the last", missing: from == nil ? "from" : "to")
                }
                return
            }
            catalogue.register.substitutions[id] = Substitution(
                id: id, post: PostID(post), by: PostID(by), from: from, to: to, isShared: isShared)
        },
        "reorganisation": Read { catalogue, entry, _ in
            _ = entry.optionalText("name")
            let text = entry.text("effective")
            guard let effectiveAt = Instant(text) else {
                if entry.value("effective")?.string != nil {
                    entry.find(
                        "effective", .form, "\(entry.name) has effective = \"\(text)\"",
                        mend: "write an instant with its offset, such as \"2026-07-01T00:00:00+08:00\"")
                }
                return
            }
            catalogue.register.effectiveAt = max(catalogue.register.effectiveAt ?? effectiveAt, effectiveAt)
        },
        "person": Read { catalogue, entry, name in
            let id = PersonID(name)
            catalogue.register.persons[id] = Person(id: id, name: entry.text("name"), identities: Set(entry.texts("identity")))
        },
        "service": Read { catalogue, entry, name in
            let id = ServiceID(name)
            let persons = entry.texts("acts-for")
            catalogue.register.services[id] = Service(
                id: id, name: entry.text("name"),
                actsFor: persons == ["anyone"] ? .anyone : .persons(Set(persons.map { PersonID($0) })),
                matters: entry.value("matters") == nil ? nil : Set(entry.texts("matters").map { MatterID($0) }))
        },
        "user": Read { catalogue, entry, name in
            let id = Identifier<User>(name)
            switch (entry.optionalText("person"), entry.optionalText("service")) {
            case (let person?, nil): catalogue.register.users[id] = User(id: id, binding: .person(PersonID(person)))
            case (nil, let service?): catalogue.register.users[id] = User(id: id, binding: .service(ServiceID(service)))
            case (nil, nil), (_?, _?):
                entry.find(nil, .form, "\(entry.name) is bound to nobody, or to two", mend: "name one person or one service")
            }
        },
        "matter": Read { catalogue, entry, name in catalogue.register.matters[MatterID(name)] = matter(&entry, name) },
        "draw": Read { catalogue, entry, name in
            let id = Identifier<InspectionDraw>(name)
            if entry.value("size")?.integer == nil {
                entry.find("size", .form, "\(entry.name) has no size", mend: "add size = 5", missing: "size")
            }
            catalogue.register.draws[id] = InspectionDraw(
                id: id, post: PostID(entry.text("post")), period: entry.word("every", unless: .month),
                size: entry.value("size")?.integer.flatMap(Int.init(exactly:)) ?? 1,
                matters: entry.value("matters") == nil ? nil : Set(entry.texts("matters").map { MatterID($0) }),
                calendar: Identifier(entry.text("calendar")))
        },
        "seal": Read { catalogue, entry, name in
            let office = entry.text("office")
            guard let (key, validity) = signingKey(&entry, isHardwareTaken: false) else { return }
            let id = Identifier<Seal>(name)
            catalogue.register.seals[id] = Seal(id: id, office: OfficeID(office), key: key, validity: validity)
        },
        "signer": Read { catalogue, entry, name in
            let person = entry.text("person")
            guard let (key, validity) = signingKey(&entry, isHardwareTaken: true) else { return }
            let id = Identifier<Signer>(name)
            catalogue.register.signers[id] = Signer(id: id, person: PersonID(person), key: key, validity: validity)
        },
        "sla": Read { catalogue, entry, name in
            let id = Identifier<Policy>(name)
            catalogue.register.policies[id] = policy(&entry, id)
        },
        "calendar": Read { catalogue, entry, name in
            if let calendar = CalendarEntry(&entry, name) { catalogue.calendars[name] = calendar }
        },
        "holidays": Read { catalogue, entry, name in
            let year = entry.value("year")?.integer.flatMap(Int.init(exactly:))
            if year.map({ !(1900...2999).contains($0) }) ?? true {
                entry.find("year", .calendar, "\(entry.name) does not say of which year it is", mend: "add year = 2026", missing: "year")
            }
            catalogue.holidayLists[name] = HolidayList(&entry, year: year)
        },
    ]
}
