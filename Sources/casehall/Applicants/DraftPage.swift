import CaseCore
import CasePages
import CaseWire

/// The form of an application. Whatever is sent is kept first, then looked at.
struct DraftPage: ApplicantForm {
    var takesFiles: Bool { true }

    static func path(_ draft: Draft) -> String {
        draft.file.map { "/my/cases/\($0)/correct" } ?? "/my/drafts/\(draft.id)"
    }

    /// How a draft is called among others.
    static func label(_ draft: Draft, _ matter: String, _ visit: Visit) -> String {
        let title = Form.trimmed(draft.texts["title"] ?? "")
        return draft.file.map { visit.applicantWords.correctionOf($0) } ?? (title.isEmpty ? matter : title)
    }

    func show(_ visit: Visit, _ form: Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer {
        guard let draft = await drafts.draft(visit.parameters["draft"], of: applicant.id, at: visit.now) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        if let became = draft.became { return .redirect("/my/cases/\(became)/submitted") }
        if draft.file != nil { return .redirect(DraftPage.path(draft)) }
        let list = try await visit.dutyList()
        guard let entry = list.matter(draft.matter) else { return visit.hall.pages.trouble(.missing, visit) }
        return page(visit, form, draft, MatterForm(entry), list)
    }

    private func page(_ visit: Visit, _ form: Form, _ draft: Draft, _ matter: MatterForm, _ list: JSONValue) -> Answer {
        let own = visit.applicantWords
        // What was typed last comes before what was kept.
        let shown = form.texts.isEmpty ? Form(draft.form.texts, errors: form.errors) : form
        return visit.hall.pages.page(
            "application",
            Content(
                title: matter.name, language: visit.language.rawValue, training: visit.language.training(list), action: visit.path,
                fields: matter.fields(shown, visit), materialsHeading: matter.documents.isEmpty ? nil : visit.language.words.materials,
                materialsHelp: own.fileHelp(visit.hall.options.fileLimit),
                materials: matter.documents.map {
                    MaterialField($0, draft, shown, matter, filesAt: "\(DraftPage.path(draft))/files", visit)
                },
                keptText: own.keptText, continueText: own.continueText, saveText: own.saveText,
                removeDraft: PageItem(text: own.removeDraft, link: "\(DraftPage.path(draft))/remove")),
            visit, shown)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let action: String
        let fields: [Field]
        let materialsHeading: String?
        let materialsHelp: String
        let materials: [MaterialField]
        let keptText, continueText, saveText: String
        let removeDraft: PageItem
    }

    func take(_ visit: Visit, _ form: inout Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer? {
        guard var draft = await drafts.draft(visit.parameters["draft"], of: applicant.id, at: visit.now), draft.file == nil else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        if let became = draft.became { return .redirect("/my/cases/\(became)/submitted") }
        draft.take(form)
        draft.savedAt = visit.now
        do throws(DraftFolder.Trouble) {
            try await drafts.save(draft)
        } catch {
            form.refuse(nil, visit.applicantWords.sentence(error))
            return nil
        }
        let list = try await visit.dutyList()
        guard let entry = list.matter(draft.matter) else { return visit.hall.pages.trouble(.missing, visit) }
        let matter = MatterForm(entry)
        if form["do"] == "save", form.errors.isEmpty { return .redirect("/my?done=saved") }
        matter.check(draft, &form, visit)
        guard form.errors.isEmpty else { return nil }
        try await CheckPage.ask(matter, draft, for: applicant, &form, visit)
        return form.errors.isEmpty ? .redirect("\(DraftPage.path(draft))/check") : nil
    }
}

/// Whether a draft is to go, before it does.
struct RemovalPage: ApplicantForm {
    func show(_ visit: Visit, _ form: Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer {
        let own = visit.applicantWords
        guard let draft = await drafts.draft(visit.parameters["draft"], of: applicant.id, at: visit.now), draft.became == nil else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        let list = try await visit.dutyList()
        let name = list.matter(draft.matter)?.cell("name") ?? draft.matter
        return visit.hall.pages.page(
            "question",
            QuestionContent(
                title: own.removeDraftTitle, language: visit.language.rawValue, training: nil, action: visit.path,
                facts: [PageFact(own.draft, [DraftPage.label(draft, name, visit)]), PageFact(visit.language.words.matter, [name])],
                text: own.removeDraftText, fields: [], button: own.removeDraft,
                back: PageItem(text: own.keepDraft, link: DraftPage.path(draft))),
            visit, form)
    }

    func take(_ visit: Visit, _ form: inout Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer? {
        guard let draft = await drafts.draft(visit.parameters["draft"], of: applicant.id, at: visit.now), draft.became == nil else {
            return .redirect("/my")
        }
        await drafts.remove(draft)
        return .redirect("/my?done=removed")
    }
}

/// A question before something that cannot be undone.
struct QuestionContent: PageContent {
    let title, language: String
    let training: String?
    let action: String
    let facts: [PageFact]
    let text: String
    let fields: [Field]
    let button: String
    let back: PageItem
}
