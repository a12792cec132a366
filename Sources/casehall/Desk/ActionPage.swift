import CaseClient
import CaseCore
import CasePages
import CaseWire
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// One command on one case: its form, and the signature of whoever gives it, where the matter asks for that. Each form carries the revision that
/// was seen and a key: what two people do at once is done once, and the second is told what has happened meanwhile, with all that they typed.
struct ActionPage: FormPage {
    // What a form carries beside the parameters, by the names of hidden fields.
    private static let revision = "if-revision"
    private static let seen = "seen-revision"
    private static let key = "key"
    private static let statement = "statement"
    private static let signedAt = "signed-at"
    private static let salt = "salt"
    private static let signature = "signature"
    /// By the names of buttons other than that of the act.
    private static let insert = "insert-text"
    private static let sign = "sign"
    private static let saveStatement = "save-statement"

    /// So many of the events since are shown.
    private static let meanwhileLimit = 20

    // MARK: Shown

    func show(_ visit: Visit, _ form: Form) async throws(DaemonTrouble) -> Answer {
        guard visit.visitor.acting != nil else { return DeskPages.nobody(visit) }
        guard let command = ActionPage.command(visit) else { return visit.hall.pages.trouble(.missing, visit) }
        let id = visit.parameters["case"] ?? ""
        let one: [JSONValue.Member] = [.init("case", .string(id))]
        let isNew = form.typed(ActionPage.key).isEmpty
        do throws(DaemonTrouble) {
            let cursor = try await visit.cursor(one)
            let file = try await visit.read(.get, one)
            if isNew {
                let answer = try await visit.read(.can, one + [.init("command", .string(command.name.rawValue))])
                if answer["permitted"]?.bool != true { return refused(command, answer, id, visit) }
            }
            return try await page(command, file, cursor, ActionPage.begun(form, file), visit)
        } catch {
            guard !isNew else {
                guard case .refused(let refusal) = error else { throw error }
                return DeskPages.refused(refusal, visit)
            }
            return kept(command, form, visit)
        }
    }

    /// What was typed, to be sent again once cased answers: nothing of it needs the case to be shown.
    private func kept(_ command: any ClientCommand.Type, _ form: Form, _ visit: Visit) -> Answer {
        let (words, id) = (visit.deskWords, visit.parameters["case"] ?? "")
        let own = form.texts.filter { !["token", ActionPage.insert, ActionPage.sign, ActionPage.saveStatement].contains($0.name) }
        let asked = Set(ActionForm.parameters(of: command).map(\.name))
        let typed = own.filter { asked.contains($0.name) && !$0.text.isEmpty }
        return visit.hall.pages.page(
            "desk-again",
            Kept(
                title: words.act(command.name).button, language: visit.language.rawValue, training: nil, remark: words.kept,
                facts: typed.map { PageFact(words.label($0.name, of: command.name), [$0.text]) },
                action: "\(DeskPages.path(id))/\(command.name)", hidden: own.map { Hidden(name: $0.name, value: $0.text) },
                button: words.act(command.name).button),
            visit, form)
    }

    private struct Kept: PageContent {
        let title, language: String
        let training: String?
        let remark: String
        let facts: [PageFact]
        let action: String
        let hidden: [Hidden]
        let button: String
    }

    /// A form that was not shown before gets the revision that is seen, and a key.
    private static func begun(_ form: Form, _ file: JSONValue) -> Form {
        var form = form
        let revision = file.cell("revision") ?? ""
        if form.typed(key).isEmpty { form.set(key, newKey()) }
        for name in [ActionPage.revision, seen] where form.typed(name).isEmpty { form.set(name, revision) }
        return form
    }

    private static func newKey() -> String {
        "desk-" + Base64URL.text((0..<16).map { _ in UInt8.random(in: 0...255) })
    }

    static func command(_ visit: Visit) -> (any ClientCommand.Type)? {
        Possibilities.commands.first { $0.name.rawValue == visit.parameters["command"] }
    }

    private func refused(_ command: any ClientCommand.Type, _ answer: JSONValue, _ id: String, _ visit: Visit) -> Answer {
        let kind = answer.cell("kind") ?? ""
        return DeskPages.refused(
            RemoteError(
                .object([
                    .init("code", .integer(0)), .init("message", answer["message"] ?? .null),
                    .init("data", .object([.init("kind", .string(kind)), .init("hint", answer["hint"] ?? .null)])),
                ])), visit, back: PageItem(text: visit.deskWords.toFile, link: DeskPages.path(id)))
    }

    private func page(
        _ command: any ClientCommand.Type, _ file: JSONValue, _ cursor: String, _ form: Form, _ visit: Visit
    ) async throws(DaemonTrouble) -> Answer {
        let (words, language, id) = (visit.deskWords, visit.language, file.cell("case") ?? "")
        let people = try await DeskPeople.now(visit)
        let matter = people.matter(file.cell("matter"))
        let times = DeskTimes(matter, language)
        let since = Int64(form.typed(ActionPage.seen)) ?? 0
        var meanwhile: [Timeline.Entry] = []
        if (file["revision"]?.integer ?? 0) > since {
            let last = try await visit.read(
                .history, [.init("case", .string(id)), .init("last", .integer(ActionPage.meanwhileLimit))])
            meanwhile = (last["events"]?.array ?? []).filter { ($0["revision"]?.integer ?? 0) > since }.map(
                Timeline(people, times, visit).entry)
        }
        let texts = ReasonTexts.texts(command.name, file, matter, visit)
        let act = words.act(command.name)
        let signed = command as? any SignedCommand.Type
        let light = file.cell("light").flatMap { Light(rawValue: $0) } ?? Light.none
        let others = visit.hall.presence.others(than: visit.visitor.acting ?? "", at: id, now: visit.now)
        return visit.hall.pages.page(
            "desk-action",
            Content(
                title: act.button, language: language.rawValue, training: language.training(people.list),
                live: DeskLive(
                    cursor: cursor, file: id, link: DeskPages.path(id), opensBeside: true, present: people.list(others, language), visit),
                back: PageItem(text: "\(id) \(file.cell("title") ?? "")", link: DeskPages.path(id)),
                lightClass: "light-\(light.rawValue)", lightWord: words.light(light),
                stateText: (file.cell("state").flatMap { State(rawValue: $0) }.map(language.state) ?? "").capitalizedFirst,
                effect: act.effect,
                opinion: ActionPage.opinion(command, file, words),
                meanwhile: meanwhile.isEmpty
                    ? nil : Meanwhile(meanwhileHeading: words.meanwhile, remark: words.meanwhileRemark, timeline: meanwhile),
                action: "\(DeskPages.path(id))/\(command.name)",
                hidden: [ActionPage.revision, ActionPage.seen, ActionPage.key, ActionPage.statement, ActionPage.signedAt, ActionPage.salt]
                    .map { Hidden(name: $0, value: form.typed($0)) }.filter { !$0.value.isEmpty },
                items: ActionForm(command: command, file: file, people: people, visit: visit).items(form), textsHeading: words.textsHeading,
                texts: texts.isEmpty ? nil : Texts(texts: texts, insertName: ActionPage.insert, insertLabel: words.insert),
                signing: signed.map { Signing(form, id, $0, visit) }, button: act.button),
            visit, form)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let live: DeskLive?
        let back: PageItem
        let lightClass, lightWord, stateText, effect: String
        let opinion: PageFact?
        let meanwhile: Meanwhile?
        let action: String
        let hidden: [Hidden]
        let items: [ActionForm.Item]
        let textsHeading: String
        let texts: Texts?
        let signing: Signing?
        let button: String
    }

    private struct Hidden {
        let name, value: String
    }

    private struct Texts {
        let texts: [ReasonTexts.Text]
        let insertName, insertLabel: String
    }

    private struct Meanwhile {
        let meanwhileHeading, remark: String
        let timeline: [Timeline.Entry]
    }

    /// The statement that is to be signed, once it is asked for, and how.
    private struct Signing {
        let signHeading, signHelp, signButton, signName: String
        let statement: String?
        let statementLabel, steps, commandLine, saveButton, saveName: String
        let field: Field

        init(_ form: Form, _ id: String, _ command: any SignedCommand.Type, _ visit: Visit) {
            let words = visit.deskWords
            (signHeading, signHelp, signButton, signName) = (words.signHeading, words.signHelp, words.signButton, ActionPage.sign)
            let text = form.typed(ActionPage.statement)
            statement = text.isEmpty ? nil : ActionForm.lines(text)
            (statementLabel, steps) = (words.statementLabel, words.signSteps)
            commandLine = "ssh-keygen -Y sign -n \(command.namespace) -f ~/.ssh/id_ed25519 \(ActionPage.statementName(id))"
            (saveButton, saveName) = (words.saveStatement, ActionPage.saveStatement)
            field = Field(ActionPage.signature, words.signature, form, visit.words, help: words.signatureHelp, kind: .long)
        }
    }

    private static func statementName(_ id: String) -> String {
        "statement-\(id).txt"
    }

    /// What the office recommends, where somebody decides.
    private static func opinion(_ command: any ClientCommand.Type, _ file: JSONValue, _ words: DeskWords) -> PageFact? {
        guard [Grant.name, Refuse.name, Return.name].contains(command.name), let recommended = file.cell("recommendation") else {
            return nil
        }
        return PageFact(words.recommended, [words.recommendation(recommended)])
    }

    // MARK: Taken

    func take(_ visit: Visit, _ form: inout Form) async throws(DaemonTrouble) -> Answer? {
        guard visit.visitor.acting != nil else { return DeskPages.nobody(visit) }
        guard let command = ActionPage.command(visit) else { return visit.hall.pages.trouble(.missing, visit) }
        let id = visit.parameters["case"] ?? ""
        if form.typed(ActionPage.key).isEmpty { form.set(ActionPage.key, ActionPage.newKey()) }
        if !form.typed(ActionPage.saveStatement).isEmpty { return ActionPage.statementFile(form, id) }
        let file = try await visit.read(.get, [.init("case", .string(id))])
        let people = try await DeskPeople.now(visit)
        if let place = Int(form[ActionPage.insert]) { return try await inserted(place, command, file, people, visit, form) }
        var members = ActionForm(command: command, file: file, people: people, visit: visit).members(&form)
        guard form.errors.isEmpty else { return nil }
        if !form.typed(ActionPage.sign).isEmpty {
            try await ask(command, id, members, visit, &form)
            return try await show(visit, form)
        }
        for (field, name) in [(ActionPage.signature, "signature"), (ActionPage.signedAt, "signed_at"), (ActionPage.salt, "salt")]
        where !form[ActionPage.signature].isEmpty {
            let text = ActionForm.lines(form[field])
            members.append(.init(name, .string(field == ActionPage.signature ? text + "\n" : text)))
        }
        if case .file = command.subject { members.insert(.init("case", .string(id)), at: 0) }
        if let revision = Int(form[ActionPage.revision]) { members.append(.init("if_revision", .integer(revision))) }
        do throws(DaemonTrouble) {
            let done = try await visit.command(Method(command).rawValue, members, key: form[ActionPage.key])
            return .redirect("\(DeskPages.path(id))?done=\(done.cell("revision") ?? "")")
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            return try await refused(refusal, command, id, members, visit, &form)
        }
    }

    /// Says in the form what cased said no to; all that was typed stays.
    private func refused(
        _ refusal: RemoteError, _ command: any ClientCommand.Type, _ id: String, _ members: [JSONValue.Member], _ visit: Visit,
        _ form: inout Form
    ) async throws(DaemonTrouble) -> Answer? {
        let words = visit.deskWords
        switch refusal.kind {
        case "revision.conflict":
            let file = try await visit.read(.get, [.init("case", .string(id))])
            form.set(ActionPage.revision, file.cell("revision") ?? "")
            form.refuse(nil, words.changedMeanwhile)
            var answer = try await show(visit, form)
            answer.status = .conflict
            return answer
        case "idempotency.key_reused":
            // It was sent before and came through; what is typed now is another request.
            form.set(ActionPage.key, ActionPage.newKey())
            form.refuse(nil, words.alreadySent)
            return nil
        case "signature.missing", "signature.wrong":
            let own = Set(ActionForm.parameters(of: command).map(\.name))
            form.refuse(ActionPage.signature, visit.language.refusal(refusal.kind, refusal.message))
            try await ask(command, id, members.filter { own.contains($0.name) }, visit, &form)
            return nil
        default:
            let text = DeskPages.sentence(visit.language.refusal(refusal.kind, refusal.message), visit)
            let parameter = refusal.details.cell("parameter")
            let isOwn = ActionForm.parameters(of: command).contains { $0.name == parameter }
            let hint = refusal.hint.map { visit.language.line($0) }
            let other = refusal.kind == DeskPages.otherSide ? visit.hall.options.otherHall.map { "\(words.otherHall): \($0)" } : nil
            form.refuse(
                isOwn ? parameter : nil, [text, hint, other].compactMap { $0 }.joined(separator: visit.language == .zh ? "。" : ". "))
            return nil
        }
    }

    /// Fetches what is to be signed for what was typed.
    private func ask(
        _ command: any ClientCommand.Type, _ id: String, _ members: [JSONValue.Member], _ visit: Visit, _ form: inout Form
    ) async throws(DaemonTrouble) {
        let made = try await visit.read(
            .statement,
            [.init("case", .string(id)), .init("command", .string(command.name.rawValue)), .init("parameters", .object(members))])
        form.set(ActionPage.statement, made.cell("statement") ?? "")
        form.set(ActionPage.signedAt, made.cell("signed_at") ?? "")
        form.set(ActionPage.salt, made.cell("salt") ?? "")
        form.set(ActionPage.signature, "")
    }

    /// The statement as a file, to the byte.
    private static func statementFile(_ form: Form, _ id: String) -> Answer {
        var answer = Answer(
            status: .ok, contentType: "text/plain; charset=utf-8",
            body: ResponseBody(byteBuffer: ByteBuffer(string: ActionForm.lines(form.typed(statement)))))
        answer.add(.contentDisposition, "attachment; filename*=UTF-8''\(PercentEncoding.encoded(statementName(id)))")
        return answer
    }

    /// The form with a text put behind what was typed.
    private func inserted(
        _ place: Int, _ command: any ClientCommand.Type, _ file: JSONValue, _ people: DeskPeople, _ visit: Visit, _ form: Form
    ) async throws(DaemonTrouble) -> Answer {
        var form = form
        let texts = ReasonTexts.texts(command.name, file, people.matter(file.cell("matter")), visit)
        if let field = ReasonTexts.fields[command.name], let text = texts.first(where: { $0.place == place }) {
            form.set(field, ReasonTexts.joined(form.typed(field), text.words))
        }
        return try await show(visit, form)
    }
}
