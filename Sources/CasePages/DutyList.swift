import CaseWire
import WorkingTime

/// The list of powers and responsibilities as it is published: per office and post, what it answers for.
package struct DutyList {
    /// One power or duty of one post.
    package struct Entry {
        package let office: String
        package let post: String
        package let holder: String
        package let rank: String
        package let kind: Kind
        package let subject: String

        package enum Kind: String { case mainDuty = "main-duty", duty, examines, decides, supervises, audits }
    }

    private let result: JSONValue
    private let training: String?
    package let language: Language
    private let words: Words

    package init(_ result: JSONValue, language: Language) {
        self.result = result
        self.language = language
        words = language.words
        training = language.training(result)
    }

    package var matters: [JSONValue] {
        result["matters"]?.array ?? []
    }

    package var posts: [JSONValue] {
        result["posts"]?.array ?? []
    }

    /// In the order of offices and posts; posts outside the offices come last.
    private var entries: [Entry] {
        offices.flatMap { $0.posts.flatMap(powersAndDuties) }
    }

    /// The powers and duties of one post.
    private func powersAndDuties(of post: JSONValue) -> [Entry] {
        let name = post.cell("post") ?? ""
        func entry(_ kind: Entry.Kind, _ subject: String?) -> Entry? {
            subject.map {
                Entry(
                    office: post.cell("office_name") ?? post.cell("office") ?? "", post: post.cell("name") ?? name,
                    holder: post.cell("holder") ?? "", rank: post.cell("rank") ?? "", kind: kind, subject: $0)
            }
        }
        let duties = [entry(.mainDuty, post.cell("main_duty"))] + (post["duties"]?.array ?? []).map { entry(.duty, $0.string) }
        let powers = matters.flatMap { matter -> [Entry?] in
            [
                post.cell("office") != nil && matter.cell("office") == post.cell("office") ? entry(.examines, matter.cell("name")) : nil,
                matter.cell("leader") == name ? entry(.decides, matter.cell("name")) : nil,
                matter.cell("commissioner") == name ? entry(.supervises, matter.cell("name")) : nil,
            ]
        }
        let audits = post["audits"]?.bool == true ? entry(.audits, words.allMatters) : nil
        return (duties + powers + [audits]).compactMap { $0 }
    }

    // MARK: Forms

    /// RFC 4180, a row for each power and duty; behind them what each matter is subject to, whoever holds the posts, and where to complain.
    package var csv: String {
        let rows =
            [["office", "post", "holder", "rank", "kind", "subject"]]
            + entries.map { [$0.office, $0.post, $0.holder, $0.rank, $0.kind.rawValue, $0.subject] } + matterRows
            + complaints.map { ["", "", "", "", "complaints", $0] }
        return rows.map { CSV.row($0) }.joined()
    }

    /// What the page says of a matter and no post does, and who acts for a post today beside its holder.
    private var matterRows: [[String]] {
        let substitutes = offices.flatMap { office in
            office.posts.flatMap { post in
                language.substitutes(of: post).map {
                    [post.cell("office_name") ?? "", post.cell("name") ?? "", "", post.cell("rank") ?? "", "acts", $0]
                }
            }
        }
        let matters = matters.flatMap { matter -> [[String]] in
            let hasPosts = posts.contains { $0.cell("office") == matter.cell("office") }
            let examined = hasPosts ? [] : [("examines", matter.cell("name"))]
            let facts = ["statutory", "promised", "basis"].map { name in
                (name, matter.cell(name).map { "\(matter.cell("name") ?? ""): \($0)" })
            }
            return (examined + facts).compactMap { kind, subject in
                subject.map { [matter.cell("office_name") ?? "", "", "", "", kind, $0] }
            }
        }
        return substitutes + matters
    }

    package var html: String {
        Page.html("duty-list", content)
    }

    /// What `duty-list.mustache` names.
    package var content: TablePage {
        TablePage(
            title: words.dutyList, language: words.code, training: training,
            facts: facts, sections: [mattersSection] + offices.map(section))
    }

    package var facts: [PageFact] {
        [
            PageFact(words.administration, distinct(matters.compactMap { $0.cell("department") })),
            PageFact(words.issued, [language.issued(result)]), PageFact(words.complaints, complaints),
        ].filter { !$0.items.isEmpty }
    }

    /// Each once, in their order.
    private func distinct(_ texts: [String]) -> [String] {
        texts.enumerated().filter { !$0.element.isEmpty && !texts.prefix($0.offset).contains($0.element) }.map(\.element)
    }

    /// What departments say, and where none does the posts that supervise.
    private var complaints: [String] {
        let said = matters.compactMap { matter -> String? in
            guard let text = matter.cell("complaints"), !text.isEmpty else { return nil }
            return [matter.cell("department"), text].compactMap { $0 }.joined(separator: words.code == "zh" ? "：" : ": ")
        }
        return distinct(said.isEmpty ? matters.compactMap { named($0, "commissioner") } : said)
    }

    /// A post of a matter by its name, with who holds it.
    private func named(_ matter: JSONValue, _ member: String) -> String? {
        language.post(matter.cell(member) ?? "", holder: matter.cell("\(member)_holder"), in: result)
    }

    /// The same, one below the other, with who acts for it today.
    private func lines(_ matter: JSONValue, _ member: String) -> [String?] {
        let post = posts.first { $0.cell("post") == matter.cell(member) }
        return [post?.cell("name"), matter.cell("\(member)_holder")] + (post.map(language.substitutes) ?? [])
    }

    private var mattersSection: TablePage.Section {
        let headings = [words.matter, words.office, words.leader, words.commissioner, words.statutory, words.promised, words.basis]
        return TablePage.Section(
            heading: words.matters, remark: nil,
            table: PageTable(
                headings.map { PageTable.Heading($0) },
                matters.map { matter in
                    let cells: [[String?]] = [
                        [matter.cell("name")], [matter.cell("office_name")], lines(matter, "leader"), lines(matter, "commissioner"),
                        [matter.cell("statutory").map(words.translated)], [matter.cell("promised").map(words.translated)],
                        [matter.cell("basis")],
                    ]
                    return cells.map { cell in
                        let said = distinct(cell.compactMap { $0 })
                        return (said.isEmpty ? ["–"] : said).map { PageItem(text: $0) }
                    }
                }))
    }

    /// The posts of each office, in the order of offices; those outside the offices come last.
    private var offices: [(id: String?, posts: [JSONValue])] {
        let groups = Dictionary(grouping: posts) { $0.cell("office") }
        return groups.sorted { ($0.key ?? "~") < ($1.key ?? "~") }.map { group in
            (group.key, group.value.sorted { ($0.cell("post") ?? "") < ($1.cell("post") ?? "") })
        }
    }

    /// What an office examines is said once, and not of each of its posts.
    private func section(_ office: (id: String?, posts: [JSONValue])) -> TablePage.Section {
        let colon = words.code == "zh" ? "：" : ": "
        let examined = matters.filter { office.id != nil && $0.cell("office") == office.id }.compactMap { $0.cell("name") }
        let powers = office.posts.map { post in
            [Entry.Kind.decides, .supervises, .audits].compactMap { kind -> String? in
                let subjects = powersAndDuties(of: post).filter { $0.kind == kind }.map(\.subject)
                return subjects.isEmpty ? nil : (words.kinds[kind] ?? "") + colon + language.enumeration(subjects)
            }
        }
        let hasPowers = powers.contains { !$0.isEmpty }
        let headings = [words.post, words.holder, words.duties] + (hasPowers ? [words.powers] : [])
        let rows = zip(office.posts, powers).map { post, powers -> [[String]] in
            let duties = [post.cell("main_duty")].compactMap { $0 } + (post["duties"]?.array ?? []).compactMap(\.string)
            return [
                [post.cell("name") ?? post.cell("post") ?? ""], [post.cell("holder") ?? "–"] + language.substitutes(of: post),
                duties.isEmpty ? ["–"] : duties,
            ]
                + (hasPowers ? [powers.isEmpty ? ["–"] : powers] : [])
        }
        return TablePage.Section(
            heading: office.id == nil ? words.outside : office.posts.first?.cell("office_name") ?? office.id ?? "",
            remark: examined.isEmpty ? nil : (words.kinds[.examines] ?? "").capitalized + colon + language.enumeration(examined),
            table: PageTable(headings.map { PageTable.Heading($0) }, rows.map { $0.map { $0.map { PageItem(text: $0) } } }))
    }
}

extension Language {
    /// The day from which a version counts, and the version.
    package func issued(_ list: JSONValue) -> String {
        let when = list.cell("issued").flatMap { Day($0) }.map { day($0) } ?? ""
        let which = version(list.cell("version") ?? "")
        return self == .zh ? "\(when)（\(which)）" : "\(when) (\(which))"
    }

    /// Who acts for a post today, and until when, where that is not its holder alone.
    package func substitutes(of post: JSONValue) -> [String] {
        (post["substitutes"]?.array ?? []).map { substitute in
            let name = substitute.cell("name") ?? ""
            let last = substitute.cell("through").flatMap { Day($0) }.map { day($0) } ?? ""
            let isShared = substitute["shared"]?.bool == true
            return switch self {
            case .en: "\(name) acts\(isShared ? " as well" : "") through \(last)"
            case .zh: "\(name)\(isShared ? "共同" : "")代行至\(last)"
            }
        }
    }

    /// A post by its name, with who holds it.
    package func post(_ id: String, holder: String?, in list: JSONValue) -> String? {
        guard let name = (list["posts"]?.array ?? []).first(where: { $0.cell("post") == id })?.cell("name") ?? holder else { return nil }
        guard let holder, holder != name else { return name }
        return self == .zh ? "\(name)（\(holder)）" : "\(name) (\(holder))"
    }
}
