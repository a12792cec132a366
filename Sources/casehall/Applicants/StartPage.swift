import CaseCore
import CasePages
import CaseWire

/// What an application takes, before it is begun; and what was begun before.
struct StartPage: ApplicantForm {
    func show(_ visit: Visit, _ form: Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer {
        let list = try await visit.dutyList()
        guard let entry = list.matter(visit.parameters["matter"]) else { return visit.hall.pages.trouble(.missing, visit) }
        let (matter, own) = (MatterForm(entry), visit.applicantWords)
        let begun = await drafts.drafts(of: applicant.id, at: visit.now).filter {
            $0.became == nil && $0.file == nil && $0.matter == matter.id
        }
        return visit.hall.pages.page(
            "apply",
            Content(
                title: own.applyFor(matter.name), language: visit.language.rawValue, training: visit.language.training(list),
                facts: needed(matter, visit), notOnline: matter.isOnline ? nil : own.notOnline(matter.window),
                begunHeading: begun.isEmpty ? nil : own.begunHeading,
                begun: begun.map { PageItem(text: DraftPage.label($0, matter.name, visit), link: DraftPage.path($0)) }, action: visit.path,
                keptText: own.keptText, button: matter.isOnline ? own.begin : nil,
                guide: PageItem(text: own.toGuide, link: PublicPages.path(matter.id))),
            visit, form)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let facts: [PageFact]
        let notOnline: String?
        let begunHeading: String?
        let begun: [PageItem]
        let action, keptText: String
        let button: String?
        let guide: PageItem
    }

    private func needed(_ matter: MatterForm, _ visit: Visit) -> [PageFact] {
        let (own, words) = (visit.applicantWords, visit.language.words)
        func marked(_ name: String, _ isRequired: Bool) -> String { name + (isRequired ? "" : visit.words.optional) }
        return [
            PageFact(words.conditions, matter.matter.texts("conditions")),
            PageFact(own.said, matter.fields.map { marked($0.name, $0.isRequired) }),
            PageFact(words.materials, matter.documents.map { marked($0.name, $0.isRequired) }),
            PageFact(own.filesAre, matter.documents.isEmpty ? [] : [own.fileHelp(visit.hall.options.fileLimit)]),
            PageFact(words.fees, [matter.matter.cell("fees") ?? ""].filter { !$0.isEmpty }),
        ].filter { !$0.items.isEmpty }
    }

    func take(_ visit: Visit, _ form: inout Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer? {
        let list = try await visit.dutyList()
        guard let entry = list.matter(visit.parameters["matter"]) else { return visit.hall.pages.trouble(.missing, visit) }
        let matter = MatterForm(entry)
        guard matter.isOnline else { return nil }
        // One that is still empty is begun once more.
        let others = await drafts.drafts(of: applicant.id, at: visit.now)
        if let empty = others.first(where: {
            $0.matter == matter.id && $0.became == nil && $0.file == nil && $0.texts.isEmpty && $0.materials.isEmpty
        }) {
            return .redirect(DraftPage.path(empty))
        }
        let draft = Draft(applicant: applicant.id, matter: matter.id, at: visit.now)
        do throws(DraftFolder.Trouble) {
            try await drafts.save(draft)
        } catch {
            form.refuse(nil, visit.applicantWords.sentence(error))
            return nil
        }
        return .redirect(DraftPage.path(draft))
    }
}
