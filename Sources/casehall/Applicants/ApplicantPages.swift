import CaseCore
import CasePages
import CaseWire

/// What applicants do in the hall: apply, follow their own cases, answer what is asked.
enum ApplicantPages {
    static func add(to routes: inout Routes) {
        routes.add("/my", .show(OwnCases.answer))
        routes.add("/my/notices", .form(ForApplicants(NoticesPage())))
        routes.add("/my/apply/{matter}", .form(ForApplicants(StartPage())))
        routes.add("/my/drafts/{draft}", .form(ForApplicants(DraftPage())))
        routes.add("/my/drafts/{draft}/check", .form(ForApplicants(CheckPage())))
        routes.add("/my/drafts/{draft}/remove", .form(ForApplicants(RemovalPage())))
        routes.add("/my/drafts/{draft}/files/{material}", .show(OwnFiles.ofDraft))
        routes.add("/my/cases/{case}", .show(OwnCasePage.answer))
        routes.add("/my/cases/{case}/submitted", .show(ConfirmationPage.answer))
        routes.add("/my/cases/{case}/correct", .form(ForApplicants(CorrectionPage())))
        routes.add("/my/cases/{case}/withdraw", .form(ForApplicants(WithdrawalPage())))
        routes.add("/my/cases/{case}/files/{material}", .show(OwnFiles.ofCase))
        routes.add("/my/cases/{case}/decision", .show(OwnDecision.answer))
        routes.add("/my/cases/{case}/decision/{signature}/{file}", .show(OwnDecision.file))
    }

    /// For whoever is no applicant, and in a hall that takes no applications.
    static func notHere(_ visit: Visit) -> Answer {
        let words = visit.applicantWords
        let isApplicant = visit.applicant != nil
        return visit.hall.pages.page(
            "trouble",
            Content(
                title: isApplicant ? words.noFolderTitle : words.logInTitle, language: visit.language.rawValue, training: nil,
                text: isApplicant ? words.noFolder : words.logIn, home: visit.words.toStart),
            visit, status: .forbidden)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let text, home: String
    }
}

extension Visit {
    /// Who asks, where that is an applicant.
    var applicant: Applicant? {
        if case .applicant(let id, let name) = visitor { return Applicant(id: id, name: name) }
        return nil
    }

    var applicantWords: ApplicantWords {
        language == .zh ? .chinese : .english
    }

    /// The list of powers and duties, or, while cased does not answer, as it was last: what was typed is shown again all the same.
    func dutyList() async throws(DaemonTrouble) -> JSONValue {
        try await hall.published.latestList()
    }
}

extension JSONValue {
    /// Of the duty list: a matter; nothing where there is none of that name.
    func matter(_ id: String?) -> JSONValue? {
        self["matters"]?.array?.first { $0.cell("matter") == id }
    }
}

/// A form for applicants.
protocol ApplicantForm: Sendable {
    /// See `FormPage`.
    func show(_ visit: Visit, _ form: Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer
    func take(_ visit: Visit, _ form: inout Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer?
    /// Whether files come with it.
    var takesFiles: Bool { get }
}

extension ApplicantForm {
    var takesFiles: Bool { false }
}

/// Shows a form to applicants, and to nobody else.
struct ForApplicants: FormPage {
    private let page: any ApplicantForm

    init(_ page: any ApplicantForm) {
        self.page = page
    }

    var takesFiles: Bool { page.takesFiles }

    func show(_ visit: Visit, _ form: Form) async throws(DaemonTrouble) -> Answer {
        guard let applicant = visit.applicant, let drafts = visit.hall.drafts else { return ApplicantPages.notHere(visit) }
        return try await page.show(visit, form, for: applicant, drafts)
    }

    func take(_ visit: Visit, _ form: inout Form) async throws(DaemonTrouble) -> Answer? {
        guard let applicant = visit.applicant, let drafts = visit.hall.drafts else { return ApplicantPages.notHere(visit) }
        return try await page.take(visit, &form, for: applicant, drafts)
    }
}
