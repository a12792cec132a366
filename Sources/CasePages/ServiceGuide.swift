import CaseWire

/// What an applicant has to know of one matter.
package struct ServiceGuide {
    package let matter: JSONValue
    private let list: JSONValue
    private let language: Language
    package let words: Words
    private let index: String?

    /// - Parameters:
    ///   - list: the duty list in which the matter stands.
    ///   - index: the page beside this one from which all guides are found, where there is one.
    package init(_ matter: JSONValue, of list: JSONValue, language: Language, index: String? = nil) {
        self.index = index
        self.matter = matter
        self.list = list
        self.language = language
        words = language.words
    }

    package var facts: [(label: String, values: [String])] {
        func texts(_ name: String) -> [String] { (matter[name]?.array ?? []).compactMap(\.string) }
        func text(_ name: String) -> [String] { [matter.cell(name) ?? ""] }
        let materials = (matter["documents"]?.array ?? []).map { document in
            (document.cell("name") ?? "") + (document["optional"]?.bool == true ? words.optional : "")
        }
        let areas = (matter["areas"]?.array ?? []).map { "\($0.cell("area") ?? "") (\($0.cell("post_name") ?? ""))" }
        let silence = matter["silence_grants"]?.bool == true ? [words.silenceGrants] : []
        let supervisor = language.post(matter.cell("commissioner") ?? "", holder: matter.cell("commissioner_holder"), in: list)
        return [
            (words.department, text("department")), (words.office, text("office_name")), (words.basis, text("basis")),
            (words.conditions, texts("conditions")), (words.materials, materials), (words.steps, texts("steps")), (words.areas, areas),
            (words.channels, texts("channels").map(words.translated)), (words.window, text("window")),
            (words.statutory, text("statutory").map(words.translated)), (words.promised, text("promised").map(words.translated)),
            (words.silence, silence), (words.fees, text("fees")), (words.result, text("result")), (words.remarks, text("guide")),
            (words.complaints, text("complaints") + [supervisor ?? ""]), (words.issued, [language.issued(list)]),
        ].map { label, values in (label, values.filter { !$0.isEmpty }) }.filter { !$0.1.isEmpty }
    }

    package var html: String {
        Page.html(
            "guide",
            Content(
                title: matter.cell("name") ?? "", language: words.code, training: language.training(list),
                back: index.map { PageItem(text: words.guides, link: $0) }, facts: facts.map { PageFact($0.label, $0.values) }))
    }

    private struct Content: PageContent {
        let title: String
        let language: String
        let training: String?
        let back: PageItem?
        let facts: [PageFact]
    }
}

/// The page from which the guides are found, by department.
package struct GuideIndex {
    private let list: JSONValue
    private let language: Language
    private let words: Words
    private let link: (String) -> String

    /// - Parameter link: where the guide of a matter is; by default beside the index.
    package init(_ list: JSONValue, language: Language, link: @escaping (String) -> String = GuideIndex.fileName) {
        self.link = link
        self.list = list
        self.language = language
        words = language.words
    }

    /// The name of the file of a matter's guide. No two matters have the same, whatever they are called.
    package static func fileName(_ matter: String) -> String {
        let name = matter.unicodeScalars.map { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-": String(scalar)
            default: "_\(String(scalar.value, radix: 16))_"
            }
        }
        return "guide-\(name.joined()).html"
    }

    package var html: String {
        let departments = Dictionary(grouping: list["matters"]?.array ?? []) { $0.cell("department") ?? "" }
        return Page.html(
            "duty-list",
            TablePage(
                title: words.guides, language: words.code, training: language.training(list),
                facts: [PageFact(words.issued, [language.issued(list)])],
                sections: departments.sorted { $0.key < $1.key }.map(section)))
    }

    /// The matters of a department.
    package func section(_ department: String, _ matters: [JSONValue]) -> TablePage.Section {
        let headings = [words.matter, words.office, words.promised, words.channels].map { PageTable.Heading($0) }
        let rows = matters.map { matter in
            [
                [PageItem(text: matter.cell("name") ?? "", link: link(matter.cell("matter") ?? ""))],
                [PageItem(text: matter.cell("office_name") ?? "–")],
                [PageItem(text: (matter.cell("promised") ?? matter.cell("statutory")).map(words.translated) ?? "–")],
                [PageItem(text: language.list((matter["channels"]?.array ?? []).compactMap(\.string).map(words.translated)))],
            ]
        }
        return TablePage.Section(heading: department.isEmpty ? words.matters : department, remark: nil, table: PageTable(headings, rows))
    }
}
