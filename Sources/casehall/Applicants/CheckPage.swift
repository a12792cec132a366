import CaseCore
import CasePages
import CaseWire

/// All answers once more, before they are handed in. The draft is the key of the submission: however often the button is pressed, one case comes of
/// it.
struct CheckPage: ApplicantForm {
    /// Asks cased whether it would take an application as it is, and says beside the fields what it would not.
    static func ask(_ matter: MatterForm, _ draft: Draft, for applicant: Applicant, _ form: inout Form, _ visit: Visit)
        async throws(DaemonTrouble)
    {
        do throws(DaemonTrouble) {
            _ = try await visit.command(
                "case.submit", matter.submission(draft, for: applicant) + [.init("dry_run", .bool(true))], key: "asked-\(draft.id)")
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            form.refuse(field(refusal.details.cell("parameter"), matter), visit.language.refusal(refusal.kind, refusal.message))
        }
    }

    /// The field of the form for a parameter of `case.submit`; nil where there is none.
    private static func field(_ parameter: String?, _ matter: MatterForm) -> String? {
        switch parameter {
        case "title": "title"
        case "area": "area"
        case let parameter?:
            matter.fields.first { "fields.\($0.id)" == parameter }.map { MatterForm.name($0.id) }
        case nil: nil
        }
    }

    func show(_ visit: Visit, _ form: Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer {
        guard let draft = await drafts.draft(visit.parameters["draft"], of: applicant.id, at: visit.now), draft.file == nil else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        if let became = draft.became { return .redirect("/my/cases/\(became)/submitted") }
        let list = try await visit.dutyList()
        guard let entry = list.matter(draft.matter) else { return visit.hall.pages.trouble(.missing, visit) }
        let (matter, own) = (MatterForm(entry), visit.applicantWords)
        var checked = Form()
        matter.check(draft, &checked, visit)
        // Whoever comes here by an address has not answered all of it.
        guard checked.errors.isEmpty else { return .redirect(DraftPage.path(draft)) }
        return visit.hall.pages.page(
            "check",
            Content(
                title: own.checkTitle, language: visit.language.rawValue, training: visit.language.training(list), action: visit.path,
                shown: draft.digest, answers: answers(matter, draft, applicant, visit), checkText: own.checkText, button: own.submit,
                fees: matter.matter.cell("fees").flatMap { $0.isEmpty ? nil : own.feesLater($0) }),
            visit, form)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let action, shown: String
        let answers: [CheckedAnswer]
        let checkText, button: String
        let fees: String?
    }

    /// One answer, and the way back to its field.
    private struct CheckedAnswer {
        let question: String
        let items: [PageItem]
        let change: PageItem?
    }

    private func answers(_ matter: MatterForm, _ draft: Draft, _ applicant: Applicant, _ visit: Visit) -> [CheckedAnswer] {
        let own = visit.applicantWords
        func answer(_ question: String, _ items: [PageItem], _ field: String) -> CheckedAnswer {
            CheckedAnswer(
                question: question, items: items, change: PageItem(text: own.change, link: "\(DraftPage.path(draft))#\(field)"))
        }
        func text(_ question: String, _ lines: [String], _ field: String) -> CheckedAnswer {
            answer(question, (lines.isEmpty ? [own.nothing] : lines).map { PageItem(text: $0) }, field)
        }
        let title = text(own.title, [Form.trimmed(draft.texts["title"] ?? "")], "title")
        let area = matter.areas.first { $0.id.isSame(as: Form.trimmed(draft.texts["area"] ?? "")) }
        let values = Dictionary(uniqueKeysWithValues: matter.values(draft).map { ($0.field.id, $0.value) })
        let fixed = [
            CheckedAnswer(question: visit.language.words.matter, items: [PageItem(text: matter.name)], change: nil),
            CheckedAnswer(question: own.applicant, items: [PageItem(text: applicant.name), PageItem(text: applicant.id)], change: nil),
        ]
        return fixed + [title] + (area.map { [text(own.area, [$0.name], "area")] } ?? [])
            + matter.fields.map { field in
                text(field.name, values[field.id].map { own.lines($0, field, visit.language) } ?? [], MatterForm.name(field.id))
            }
            + matter.documents.map { document in
                let item =
                    switch draft.materials[document.id] {
                    case .file(let name, let size, _):
                        PageItem(
                            text: "\(name) (\(own.size(size)))",
                            link: "\(DraftPage.path(draft))/files/\(PercentEncoding.encoded(document.id))")
                    case .paper: PageItem(text: own.onPaper)
                    case nil: PageItem(text: own.nothing)
                    }
                return answer(document.name, [item], MatterForm.file(document.id))
            }
    }

    func take(_ visit: Visit, _ form: inout Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer? {
        guard let draft = await drafts.draft(visit.parameters["draft"], of: applicant.id, at: visit.now), draft.file == nil else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        if let became = draft.became { return .redirect("/my/cases/\(became)/submitted") }
        let own = visit.applicantWords
        guard form["shown"] == draft.digest else {
            form.refuse(nil, own.changedMeanwhile)
            return nil
        }
        let list = try await visit.dutyList()
        guard let entry = list.matter(draft.matter) else { return visit.hall.pages.trouble(.missing, visit) }
        let matter = MatterForm(entry)
        var checked = Form()
        matter.check(draft, &checked, visit)
        guard checked.errors.isEmpty else { return .redirect(DraftPage.path(draft)) }
        let file: JSONValue
        do throws(DaemonTrouble) {
            file = try await visit.command("case.submit", matter.submission(draft, for: applicant), key: "draft-\(draft.id)")
        } catch {
            guard case .refused(let refusal) = error, refusal.kind == "idempotency.key_reused" else { throw error }
            // It was handed in before, and changed since: that answer had been lost.
            form.refuse(nil, own.handedInBefore)
            return nil
        }
        guard let number = file.cell("case") else { return visit.hall.pages.trouble(.fault, visit) }
        // Where it cannot be ended it stays, and comes to the same case once more.
        try? await drafts.save(draft.ended(as: number, at: visit.now))
        return .redirect("/my/cases/\(number)/submitted")
    }
}
