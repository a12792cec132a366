import CaseCore
import CasePages
import CaseWire

/// What the office asked for, and nothing else, is handed in.
struct CorrectionPage: ApplicantForm {
    var takesFiles: Bool { true }

    func show(_ visit: Visit, _ form: Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer {
        guard let own = try await OwnCase(visit.parameters["case"], of: applicant, visit) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        guard !own.asked.isEmpty else { return .redirect(OwnCase.path(own.id)) }
        let (words, language) = (visit.applicantWords, visit.language)
        let draft = await begun(own, applicant, drafts, visit)
        let shown = form.texts.isEmpty ? Form(draft?.form.texts ?? [], errors: form.errors) : form
        let matter = MatterForm(own.matter)
        return visit.hall.pages.page(
            "correction",
            Content(
                title: words.correctionOf(own.id), language: language.rawValue, training: language.training(own.list), action: visit.path,
                revision: own.file.cell("revision") ?? "",
                facts: [
                    PageFact(words.title, [own.file.cell("title") ?? ""]), PageFact(visit.words.told, [own.status.cell("told") ?? ""]),
                    PageFact(visit.words.until, own.status.instant("until").map { [language.end($0, in: own.matter.matterZone)] } ?? []),
                ].filter { !$0.items.allSatisfy(\.text.isEmpty) },
                materialsHeading: words.askedHeading, materialsHelp: words.fileHelp(visit.hall.options.fileLimit),
                materials: own.asked.map { document in
                    MaterialField(document, draft, shown, matter, filesAt: "/my/drafts/\(draft?.id ?? "")/files", visit)
                }, fields: [Field("note", words.note, shown, visit.words, isRequired: false, kind: .long)], button: words.handInAsked,
                saveText: words.saveText, back: PageItem(text: words.backToCase, link: OwnCase.path(own.id))),
            visit, shown)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let action, revision: String
        let facts: [PageFact]
        let materialsHeading, materialsHelp: String
        let materials: [MaterialField]
        let fields: [Field]
        let button, saveText: String
        let back: PageItem
    }

    private func begun(_ own: OwnCase, _ applicant: Applicant, _ drafts: DraftFolder, _ visit: Visit) async -> Draft? {
        await drafts.drafts(of: applicant.id, at: visit.now).first { $0.file == own.id && $0.became == nil }
    }

    func take(_ visit: Visit, _ form: inout Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer? {
        guard let own = try await OwnCase(visit.parameters["case"], of: applicant, visit) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        // A second press comes when the first has done it.
        guard !own.asked.isEmpty, let revision = Int64(form["revision"]) else { return .redirect(OwnCase.path(own.id)) }
        let matter = MatterForm(own.matter)
        var draft =
            await begun(own, applicant, drafts, visit)
            ?? Draft(applicant: applicant.id, matter: own.file.cell("matter") ?? "", file: own.id, at: visit.now)
        draft.take(form)
        draft.savedAt = visit.now
        do throws(DraftFolder.Trouble) {
            try await drafts.save(draft)
        } catch {
            form.refuse(nil, visit.applicantWords.sentence(error))
            return nil
        }
        if form["do"] == "save", form.errors.isEmpty { return .redirect("/my?done=saved") }
        matter.checkMaterials(own.asked, draft, &form, visit)
        guard form.errors.isEmpty else { return nil }
        do throws(DaemonTrouble) {
            // The key says to which request this answers: pressed twice, it is one answer.
            _ = try await visit.command(
                "case.correct",
                [
                    .init("case", .string(own.id)), .init("materials", matter.materials(draft, own.asked)),
                    .init("note", .string(Form.trimmed(draft.texts["note"] ?? ""))),
                ], key: "correct-\(own.id)-\(revision)")
        } catch {
            guard case .refused(let refusal) = error, refusal.kind == "idempotency.key_reused" else { throw error }
            return .redirect(OwnCase.path(own.id))
        }
        await drafts.remove(draft)
        return .redirect("\(OwnCase.path(own.id))?done=corrected")
    }
}

/// Whether a case is to be taken back, before it is.
struct WithdrawalPage: ApplicantForm {
    func show(_ visit: Visit, _ form: Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer {
        guard let own = try await OwnCase(visit.parameters["case"], of: applicant, visit) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        guard own.state?.isOpen == true else { return .redirect(OwnCase.path(own.id)) }
        let words = visit.applicantWords
        return visit.hall.pages.page(
            "question",
            QuestionContent(
                title: words.withdrawTitle, language: visit.language.rawValue, training: visit.language.training(own.list),
                action: visit.path,
                facts: [
                    PageFact(words.caseHeading, [own.id]), PageFact(words.title, [own.file.cell("title") ?? ""]),
                    PageFact(visit.language.words.matter, [own.matter.cell("name") ?? ""]),
                ], text: words.withdrawText, fields: [Field("reason", words.reason, form, visit.words, isRequired: false, kind: .long)],
                button: words.withdraw, back: PageItem(text: words.keepCase, link: OwnCase.path(own.id))),
            visit, form)
    }

    func take(_ visit: Visit, _ form: inout Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer? {
        guard let own = try await OwnCase(visit.parameters["case"], of: applicant, visit) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        guard own.state?.isOpen == true else { return .redirect(OwnCase.path(own.id)) }
        do throws(DaemonTrouble) {
            _ = try await visit.command(
                "case.withdraw", [.init("case", .string(own.id)), .init("reason", .string(form["reason"]))], key: "withdraw-\(own.id)")
        } catch {
            guard case .refused(let refusal) = error, refusal.kind == "idempotency.key_reused" else { throw error }
        }
        return .redirect("\(OwnCase.path(own.id))?done=withdrawn")
    }
}
