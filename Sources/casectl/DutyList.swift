import CaseWire

/// The list of powers and responsibilities as it is published: per office and post, what it answers for.
struct DutyList {
    /// One power or duty of one post.
    struct Entry {
        let office: String
        let post: String
        let holder: String
        let rank: String
        let kind: Kind
        let subject: String

        enum Kind: String { case mainDuty = "main-duty", duty, examines, decides, supervises, audits }
    }

    private let result: JSONValue
    private let training: String?
    private let words: Words

    init(_ result: JSONValue, language: Language) {
        self.result = result
        words = language.words
        training = language.training(result)
    }

    private var matters: [JSONValue] {
        result["matters"]?.array ?? []
    }

    private var posts: [JSONValue] {
        result["posts"]?.array ?? []
    }

    /// In the order of offices and posts; posts outside the offices come last.
    var entries: [Entry] {
        posts.sorted { ($0.cell("office") ?? "~", $0.cell("post") ?? "") < ($1.cell("office") ?? "~", $1.cell("post") ?? "") }.flatMap {
            post in
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
                    post.cell("office") != nil && matter.cell("office") == post.cell("office")
                        ? entry(.examines, matter.cell("name")) : nil,
                    matter.cell("leader") == name ? entry(.decides, matter.cell("name")) : nil,
                    matter.cell("commissioner") == name ? entry(.supervises, matter.cell("name")) : nil,
                ]
            }
            let audits = post["audits"]?.bool == true ? entry(.audits, words.allMatters) : nil
            return (duties + powers + [audits]).compactMap { $0 }
        }
    }

    // MARK: Forms

    /// Two tables for a terminal: the matters, then the posts.
    var table: String {
        var table = Table(["MATTER", "NAME", "OFFICE", "LEADER", "COMMISSIONER", "STATUTORY", "PROMISED"])
        for matter in matters {
            table.add(
                ["matter", "name", "office_name", "leader_holder", "commissioner_holder", "statutory", "promised"].map { matter.cell($0) })
        }
        var second = Table(["POST", "NAME", "RANK", "OFFICE", "HOLDER", "DUTIES"])
        for post in posts {
            let duties = [post.cell("main_duty")].compactMap { $0 } + (post["duties"]?.array ?? []).compactMap(\.string)
            second.add(
                ["post", "name", "rank", "office", "holder"].map { post.cell($0).flatMap { $0.isEmpty ? nil : $0 } }
                    + [duties.isEmpty ? nil : duties.joined(separator: "; ")])
        }
        return table.text + "\n\n" + second.text
    }

    /// RFC 4180, a row for each power and duty.
    var csv: String {
        let rows =
            [["office", "post", "holder", "rank", "kind", "subject"]]
            + entries.map { [$0.office, $0.post, $0.holder, $0.rank, $0.kind.rawValue, $0.subject] }
        return rows.map { CSV.row($0) }.joined()
    }

    var html: String {
        var sections = [
            Section(
                heading: words.matters,
                table: PageTable(
                    [words.matter, words.office, words.leader, words.commissioner, words.statutory, words.promised, words.basis],
                    matters.map { matter in
                        ["name", "office_name", "leader_holder", "commissioner_holder", "statutory", "promised", "basis"].map { name in
                            let text = matter.cell(name) ?? ""
                            return ["statutory", "promised"].contains(name) ? words.translated(text) : text
                        }
                    }))
        ]
        var offices: [(name: String, entries: [Entry])] = []
        for entry in entries {
            if offices.last?.name == entry.office {
                offices[offices.count - 1].entries.append(entry)
            } else {
                offices.append((entry.office, [entry]))
            }
        }
        sections += offices.map { office in
            Section(
                heading: office.name.isEmpty ? words.outside : office.name,
                table: PageTable(
                    [words.post, words.holder, words.kind, words.subject],
                    office.entries.map { [$0.post, $0.holder, words.kinds[$0.kind] ?? "", $0.subject] }, grouped: 2))
        }
        return Page.html(
            "duty-list",
            Content(
                title: words.dutyList, language: words.code, training: training,
                version: "\(words.version) \(result.cell("version") ?? "")", sections: sections
            ))
    }

    private struct Content: PageContent {
        let title: String
        let language: String
        let training: String?
        let version: String
        let sections: [Section]
    }

    private struct Section {
        let heading: String
        let table: PageTable
    }
}

/// What an applicant has to know of one matter.
struct ServiceGuide {
    private let matter: JSONValue
    private let words: Words
    private let training: String?

    /// - Parameter list: the duty list in which the matter stands.
    init(_ matter: JSONValue, of list: JSONValue, language: Language) {
        self.matter = matter
        training = language.training(list)
        words = language.words
    }

    private var facts: [(label: String, value: String)] {
        func list(_ name: String) -> String? {
            let values = (matter[name]?.array ?? []).compactMap(\.string).map { name == "channels" ? words.translated($0) : $0 }
            return values.isEmpty ? nil : values.joined(separator: "; ")
        }
        let areas = (matter["areas"]?.array ?? []).map { "\($0.cell("area") ?? "") (\($0.cell("post_name") ?? ""))" }
        let silence = matter["silence_grants"]?.bool == true ? words.silenceGrants : nil
        return [
            (words.department, matter.cell("department")), (words.office, matter.cell("office_name")),
            (words.basis, matter.cell("basis")), (words.conditions, list("conditions")), (words.materials, list("materials")),
            (words.steps, list("steps")), (words.areas, areas.joined(separator: "; ")), (words.channels, list("channels")),
            (words.window, matter.cell("window")),
            (words.statutory, matter.cell("statutory").map(words.translated)),
            (words.promised, matter.cell("promised").map(words.translated)), (words.silence, silence), (words.fees, matter.cell("fees")),
            (words.result, matter.cell("result")), (words.remarks, matter.cell("guide")),
        ].compactMap { label, value in value.flatMap { $0.isEmpty ? nil : (label, $0) } }
    }

    var text: String {
        var table = Table([words.matter, matter.cell("name") ?? ""])
        for fact in facts { table.add([fact.label, fact.value]) }
        return table.text
    }

    var html: String {
        Page.html(
            "guide",
            Content(
                title: matter.cell("name") ?? "", language: words.code, training: training,
                facts: facts.map { Fact(label: $0.label, value: $0.value) }))
    }

    private struct Content: PageContent {
        let title: String
        let language: String
        let training: String?
        let facts: [Fact]
    }

    private struct Fact {
        let label: String
        let value: String
    }
}
