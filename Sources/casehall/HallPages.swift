import CasePages
import Crypto
import Hummingbird
import NIOCore

/// Sets pages into the frame of the hall: its name, the way around, the language, what is wrong with a form.
struct HallPages: Sendable {
    private let names: [Language: String]
    private let templates = PageTemplates([
        "page": PackageResources.page_mustache, "bars": PackageResources.bars_mustache, "start": PackageResources.start_mustache,
        "matters": PackageResources.matters_mustache, "matter": PackageResources.matter_mustache,
        "status-form": PackageResources.status_form_mustache, "status": PackageResources.status_mustache,
        "trouble": PackageResources.trouble_mustache, "field": PackageResources.field_mustache,
        "search": PackageResources.search_mustache,
        "apply": PackageResources.apply_mustache,
        "application": PackageResources.application_mustache,
        "check": PackageResources.check_mustache,
        "question": PackageResources.question_mustache,
        "submitted": PackageResources.submitted_mustache,
        "my-cases": PackageResources.my_cases_mustache,
        "my-case": PackageResources.my_case_mustache,
        "correction": PackageResources.correction_mustache,
        "notices": PackageResources.notices_mustache,
        "my-decision": PackageResources.my_decision_mustache,
        "material": PackageResources.material_mustache,
        "desk-queue": PackageResources.desk_queue_mustache, "desk-live": PackageResources.desk_live_mustache,
        "desk-file": PackageResources.desk_file_mustache, "desk-timeline": PackageResources.desk_timeline_mustache,
        "desk-history": PackageResources.desk_history_mustache, "desk-action": PackageResources.desk_action_mustache,
        "desk-boxes": PackageResources.desk_boxes_mustache, "desk-supervision": PackageResources.desk_supervision_mustache,
        "desk-table": PackageResources.desk_table_mustache, "desk-draw": PackageResources.desk_draw_mustache,
        "desk-again": PackageResources.desk_again_mustache,
        "desk-message": PackageResources.desk_message_mustache,
    ])
    /// So much of an address is gone back to in another language.
    private static let backLimit = 1000
    private let style: ByteBuffer
    private let stylePath: String
    private let script = ByteBuffer(bytes: PackageResources.desk_js)
    let scriptPath: String

    init(names: [Language: String]) {
        self.names = names
        // Widths of bars are classes: a page may have no style of its own.
        let widths = (0...100).map { ".w\($0){width:\($0)%}" }.joined()
        let bytes =
            PageTemplates.style + PackageResources.hall_css + PackageResources.applicants_css + PackageResources.desk_css
            + Array(widths.utf8)
        style = ByteBuffer(bytes: bytes)
        stylePath = HallPages.path(bytes, "css")
        scriptPath = HallPages.path(PackageResources.desk_js, "js")
    }

    private static func path(_ bytes: [UInt8], _ ending: String) -> String {
        "/static/\(SHA256.hash(data: bytes).prefix(12).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()).\(ending)"
    }

    /// A file of the hall's own that is the same for everybody; nil where there is none by this path. Its name changes with it.
    func staticFile(_ path: String) -> Answer? {
        let (type, bytes): (String, ByteBuffer)
        switch path {
        case stylePath: (type, bytes) = ("text/css", style)
        case scriptPath: (type, bytes) = ("text/javascript", script)
        default: return nil
        }
        return Answer(
            status: .ok, contentType: "\(type); charset=utf-8", body: ResponseBody(byteBuffer: bytes), isPersonal: false,
            headers: [(.cacheControl, "public, max-age=31536000, immutable")])
    }

    /// - Parameters:
    ///   - template: the name of one of the templates.
    ///   - content: what it names, with a `title`.
    ///   - form: what was typed; what is wrong with it stands above the heading.
    func page(_ template: String, _ content: some PageContent, _ visit: Visit, _ form: Form? = nil, status: HTTPResponse.Status = .ok)
        -> Answer
    {
        var answer = Answer.page(templates.html(template, content, in: frame(visit, form)), status: status)
        answer.isPersonal = visit.visitor != .nobody || form != nil
        return answer
    }

    private struct Frame {
        let hall, skip, style, navigationLabel, footer: String
        let switchText, switchLink, switchCode: String
        let navigation: [Way]
        /// Of a form with errors, before the title of the page.
        let errorTitle: String?
        let summary: Summary?
        let token: String
    }

    private struct Way {
        let text, link: String
        let isCurrent: Bool
    }

    private struct Summary {
        let heading: String
        let lines: [Line]

        struct Line {
            let text: String
            /// The field; nil where it is about all of the form.
            let field: String?
        }
    }

    private func frame(_ visit: Visit, _ form: Form?) -> Frame {
        let (words, other) = (visit.words, visit.language == .en ? Language.zh : .en)
        let errors = form?.errors ?? []
        let own =
            (visit.visitor.acting == nil ? [] : DeskPages.ways(visit.deskWords))
            + (visit.applicant == nil ? [] : [(visit.applicantWords.myCases, "/my"), (visit.applicantWords.notices, "/my/notices")])
        let ways =
            own + [
                (words.start, "/"), (words.matters, "/matters"), (words.status, "/status"), (words.dutyList, "/duty-list"),
                (words.figures, "/figures"),
            ]
        return Frame(
            hall: names[visit.language] ?? "", skip: words.skip, style: stylePath, navigationLabel: words.navigation, footer: words.footer,
            switchText: other.hallWords.languageName,
            switchLink: "/language/\(other.rawValue)?back=\(PercentEncoding.encoded(String(visit.address.prefix(HallPages.backLimit))))",
            switchCode: other.rawValue, navigation: ways.map { Way(text: $0.0, link: $0.1, isCurrent: $0.1 == visit.path) },
            errorTitle: errors.isEmpty ? nil : words.errorTitle,
            summary: errors.isEmpty
                ? nil : Summary(heading: words.errorHeading, lines: errors.map { Summary.Line(text: $0.text, field: $0.field) }),
            token: form == nil ? "" : visit.formToken)
    }

    // MARK: Where there is no page

    func trouble(_ trouble: Trouble, _ visit: Visit) -> Answer {
        var answer = page(
            "trouble",
            TroubleContent(
                title: visit.words.title(of: trouble), language: visit.language.rawValue, training: nil, text: sentence(trouble, visit),
                home: visit.words.toStart),
            visit, status: trouble.status)
        answer.isPersonal = true
        if let seconds = trouble.retryAfter { answer.add(.retryAfter, "\(seconds)") }
        if case .method(let methods) = trouble { answer.add(.allow, methods.joined(separator: ", ")) }
        return answer
    }

    private struct TroubleContent: PageContent {
        let title, language: String
        let training: String?
        let text, home: String
    }

    func sentence(_ trouble: Trouble, _ visit: Visit) -> String {
        if case .refused(let kind, let message) = trouble { return visit.language.refusal(kind, message) }
        return visit.words.sentence(of: trouble)
    }
}

/// A field of a form, as `field.mustache` shows it: its label, what helps, what is wrong with it, and what was typed.
struct Field {
    let name, label: String
    let help: String?
    let error: String?
    let value: String
    /// What describes it to screen readers: the help, and what is wrong.
    let describedBy: String?
    let isRequired: Bool
    /// Marked behind the label where it is not required.
    let optional: String?
    let isLong: Bool
    let isFile: Bool
    /// Of a field that asks for one of several.
    let choices: [Choice]
    let hasChoices: Bool
    /// For the browser to fill in; nil where it should not.
    let autocomplete: String?

    struct Choice {
        let value, text: String
        let isChosen: Bool
    }

    enum Kind { case line, long, file, choice([(value: String, text: String)]) }

    init(
        _ name: String, _ label: String, _ form: Form, _ words: HallWords, help: String? = nil, isRequired: Bool = true, kind: Kind = .line,
        autocomplete: String? = nil
    ) {
        (self.name, self.label, self.help, self.isRequired, self.autocomplete) = (name, label, help, isRequired, autocomplete)
        value = form.typed(name)
        error = form.error(name)
        let ids = [help.map { _ in "\(name)-help" }, error.map { _ in "\(name)-error" }].compactMap { $0 }
        describedBy = ids.isEmpty ? nil : ids.joined(separator: " ")
        optional = isRequired ? nil : words.optional
        let typed = value
        switch kind {
        case .line: (isLong, isFile, choices) = (false, false, [])
        case .long: (isLong, isFile, choices) = (true, false, [])
        case .file: (isLong, isFile, choices) = (false, true, [])
        case .choice(let all):
            (isLong, isFile, choices) = (false, false, all.map { Choice(value: $0.value, text: $0.text, isChosen: $0.value == typed) })
        }
        hasChoices = !choices.isEmpty
    }
}
