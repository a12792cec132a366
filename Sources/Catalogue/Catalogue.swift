import CaseCore
import FoundationEssentials
import Glibc
import WorkingTime

/// One version of the catalogue: its files as they were written, and the register that they make.
package struct Catalogue: Sendable {
    package let files: [String: String]
    package let register: Register
    /// What may be so, and seldom is meant; none of a stored version.
    package let warnings: [Finding]
    /// The lists of holidays by name, each with the file that declares it.
    package let holidayLists: [String: (file: String, list: HolidayList)]

    /// All findings at once; never empty.
    package struct Refused: Error, CustomStringConvertible {
        package let findings: [Finding]

        package var description: String {
            findings.map(\.description).joined(separator: "\n")
        }

        /// - Parameter subject: what was read.
        package func message(_ subject: String) -> String {
            "\(subject) breaks \(findings.count == 1 ? "a rule" : "\(findings.count) rules")"
        }
    }

    package static let fileLimit = 1000

    /// Reads and checks the files of a catalogue, given by name.
    ///
    /// - Parameter isStored: it was checked when it was applied, by the rules of its day; rules that came later do not make it
    ///   unreadable.
    package init(files: [String: String], isStored: Bool = false) throws(Refused) {
        var reader = CatalogueReader(checksRules: !isStored)
        for (name, text) in files.sorted(by: { $0.key < $1.key }) { reader.read(text, file: name) }
        reader.assembleCalendars()
        if reader.findings.isEmpty, !isStored { reader.checkRules() }
        guard reader.findings.isEmpty else {
            throw Refused(findings: reader.findings.sorted { ($0.file, $0.line) < ($1.file, $1.line) })
        }
        self.files = files
        register = reader.register
        holidayLists = reader.declaredHolidayLists
        warnings = isStored ? [] : reader.register.warnings.map(reader.finding)
    }

    /// Refuses users of admins that are bound to somebody with a part in cases. Which users those are differs from machine to machine.
    package func requireUnboundAdmins(isAdmin: (Identifier<User>) -> Bool) throws(Refused) {
        try refuse(register.adminViolations(isAdmin: isAdmin))
    }

    /// What this machine says of the users that are bound: those that it does not know.
    ///
    /// - Parameter number: of the unix user of a name; nil where the machine knows none.
    /// - Throws: two entries for one user.
    package func userWarnings(number: (Identifier<User>) -> UInt32?) throws(Refused) -> [Finding] {
        try refuse(register.userViolations(number: number))
        return register.unknownUsers { number($0) != nil }.map(finding)
    }

    private func refuse(_ violations: [Violation]) throws(Refused) {
        if !violations.isEmpty { throw Refused(findings: violations.map(finding)) }
    }

    /// With the line of the entry that breaks the rule.
    private func finding(_ violation: Violation) -> Finding {
        var reader = CatalogueReader(checksRules: false)
        for (name, text) in files.sorted(by: { $0.key < $1.key }) { reader.read(text, file: name) }
        return reader.finding(violation)
    }

    /// The texts of all `.toml` files of a folder and the folders in it, by their path in it.
    package static func files(in directory: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: directory) where path.hasSuffix(".toml") {
            guard files.count < fileLimit else { throw CocoaError(.fileReadTooLarge) }
            files[path] = try String(contentsOfFile: directory + "/" + path, encoding: .utf8)
        }
        return files
    }
}

/// Gathers the entries of all files into a register.
struct CatalogueReader {
    let checksRules: Bool
    private(set) var register = Register()
    private(set) var findings: [Finding] = []
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
        let root: TOMLTable
        do throws(TOMLText.Unreadable) {
            root = try TOMLText.table(text)
        } catch {
            findings.append(Finding(file: file, line: error.line, rule: .form, message: error.message, mend: error.mend))
            return
        }
        readKinds(of: root)
    }

    private mutating func readKinds(of root: TOMLTable) {
        for kind in root.keys.sorted() {
            guard let described = CatalogueTable.kind(kind), let read = CatalogueReader.readers[kind] else {
                find(
                    [kind], .form, "there is no kind of entry called \(kind)",
                    mend: "one of \(CatalogueTable.all.map(\.name).sorted().joined(separator: ", "))")
                continue
            }
            guard let entries = root[kind]?.table else {
                find([kind], .form, "\(kind) is not a table", mend: "write [\(kind).name]")
                continue
            }
            for name in entries.keys.sorted() {
                let path = [kind, name]
                guard CatalogueReader.isName(name), let entry = entries[name]?.table else {
                    find(
                        path, .form, "\(kind) \"\(name)\" is not a named entry",
                        mend:
                            "write [\(kind).name], with a name of small letters, digits, dots, dashes and underscores that is not clock or catalog; a name with dots stands in quotes"
                    )
                    continue
                }
                if let first = origins[path] {
                    find(
                        path, .duplicate, "\(kind) \(name) is declared twice, first in \(first.file):\(first.lines.line(of: path))",
                        mend: "keep one")
                    continue
                }
                origins[path] = (file, lines)
                var reader = EntryReader(entry, at: path, as: described)
                read.body(&self, &reader, name)
                reader.finish()
                for finding in reader.findings { find(finding.path, finding.rule, finding.message, mend: finding.mend) }
            }
        }
    }

    /// The rules of the register, with the line of each entry that breaks one.
    mutating func checkRules() {
        for violation in register.violations { find(violation) }
    }

    /// Lays the lists of holidays on the weeks, once all of them are read.
    mutating func assembleCalendars() {
        guard findings.isEmpty else { return }
        for (name, entry) in calendars.sorted(by: { $0.key < $1.key }) {
            do throws(CalendarEntry.Refused) {
                register.calendars[Identifier(name)] = try entry.calendar(with: holidayLists, checksYears: checksRules)
            } catch {
                for violation in error.violations { find(violation) }
            }
        }
    }

    var declaredHolidayLists: [String: (file: String, list: HolidayList)] {
        Dictionary(
            uniqueKeysWithValues: holidayLists.map { ($0, (file: origins[["holidays", $0]]?.file ?? "", list: $1)) })
    }

    private mutating func find(_ violation: Violation) {
        findings.append(finding(violation))
    }

    func finding(_ violation: Violation) -> Finding {
        let origin = origins[Array(violation.path.prefix(2))]
        return Finding(
            file: origin?.file ?? "", line: origin?.lines.line(of: violation.path) ?? 1, rule: violation.rule,
            message: violation.message, mend: violation.mend)
    }

    private mutating func find(_ path: [String], _ rule: Violation.Rule, _ message: String, mend: String) {
        findings.append(Finding(file: file, line: lines.line(of: path), rule: rule, message: message, mend: mend))
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64 && name != "clock" && name != "catalog"
            && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || "._-".utf8.contains($0) }
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
                        mend: "add from = 2026-03-01 and to = 2026-03-15, the day after the last")
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
                if entry.findings.isEmpty {
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
            if entry.value("size")?.integer == nil { entry.find("size", .form, "\(entry.name) has no size", mend: "add size = 5") }
            catalogue.register.draws[id] = InspectionDraw(
                id: id, post: PostID(entry.text("post")), period: entry.word("every", unless: .month),
                size: entry.value("size")?.integer.flatMap(Int.init(exactly:)) ?? 1,
                matters: entry.value("matters") == nil ? nil : Set(entry.texts("matters").map { MatterID($0) }),
                calendar: Identifier(entry.text("calendar")))
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
                entry.find("year", .calendar, "\(entry.name) does not say of which year it is", mend: "add year = 2026")
            }
            catalogue.holidayLists[name] = HolidayList(&entry, year: year)
        },
    ]
}
