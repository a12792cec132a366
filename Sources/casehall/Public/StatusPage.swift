import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// Where a case is, for whoever has its receipt. The receipt is sent as a form is, so that it stands in no address.
struct StatusPage: FormPage {
    func show(_ visit: Visit, _ form: Form) async throws(DaemonTrouble) -> Answer {
        let words = visit.words
        return visit.hall.pages.page(
            "status-form",
            FormContent(
                title: words.status, language: visit.language.rawValue, training: nil, action: "/status",
                fields: [Field("receipt", words.receipt, form, words, help: words.receiptHelp, autocomplete: "off")], button: words.lookUp),
            visit, form)
    }

    private struct FormContent: PageContent {
        let title, language: String
        let training: String?
        let action: String
        let fields: [Field]
        let button: String
    }

    func take(_ visit: Visit, _ form: inout Form) async throws(DaemonTrouble) -> Answer? {
        let receipt = StatusPage.plain(form["receipt"])
        guard !receipt.isEmpty else {
            form.refuse("receipt", visit.words.receiptMissing)
            return nil
        }
        guard receipt.utf8.count <= StatusPage.receiptLimit else {
            form.refuse("receipt", visit.words.receiptUnknown)
            return nil
        }
        // Whoever guesses does it slowly.
        if let seconds = visit.hall.lookups.take(visit.client) {
            form.refuse("receipt", visit.words.tooManyLookups)
            var answer = try await show(visit, form)
            answer.status = .tooManyRequests
            answer.add(.retryAfter, "\(seconds)")
            return answer
        }
        do throws(DaemonTrouble) {
            let status = try await visit.hall.daemon.read(.get, [.init("receipt", .string(receipt))])
            return try await page(status, visit)
        } catch {
            guard case .refused(let refusal) = error, refusal.kind == "case.not_found" else { throw error }
            form.refuse("receipt", visit.words.receiptUnknown)
            return nil
        }
    }

    /// Spaces and dashes are as people please.
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !$0.properties.isWhitespace && !$0.properties.isDash })).uppercased()
    }

    private static let receiptLimit = 64

    // MARK: The state

    private func page(_ status: JSONValue, _ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let list = try await visit.hall.published.list(try await visit.hall.published.info())
        let matter = list["matters"]?.array?.first { $0.cell("matter") == status.cell("matter") } ?? .null
        let words = visit.words
        return visit.hall.pages.page(
            "status",
            Content(
                title: matter.cell("name") ?? status.cell("matter") ?? "", language: visit.language.rawValue,
                training: visit.language.training(list), facts: StatusPage.facts(status, matter, visit),
                proof: Proof(status, words),
                another: PageItem(text: words.another, link: "/status")),
            visit, Form())
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let facts: [PageFact]
        let proof: Proof?
        let another: PageItem
    }

    /// What it takes to check the seal of a decision without the hall.
    private struct Proof {
        let heading, text, keyLabel, key, statementLabel, statement, signatureLabel, signature, commandLabel, command: String
        let keys: PageItem

        /// Nil where there is no decision, or nothing was sealed.
        init?(_ status: JSONValue, _ words: HallWords) {
            guard let seal = status["seal"], let signature = seal.cell("signature") else { return nil }
            (heading, text, keyLabel) = (words.verifyHeading, words.verify, words.sealKey)
            key = [seal.cell("key"), seal.cell("fingerprint")].compactMap { $0 }.joined(separator: ", ")
            (statementLabel, statement) = (words.statement, seal.cell("statement") ?? "")
            (signatureLabel, self.signature, commandLabel) = (words.signature, signature, words.command)
            command = Verification.command(seal, by: status.cell("office") ?? "", for: "decision@cased")
            keys = PageItem(text: words.keys, link: "/keys")
        }
    }

    private static func facts(_ status: JSONValue, _ matter: JSONValue, _ visit: Visit) -> [PageFact] {
        let (words, language, zone) = (visit.words, visit.language, matter.matterZone)
        func at(_ name: String) -> [String] { status.instant(name).map { [language.instant($0, in: zone)] } ?? [] }
        func end(_ name: String) -> [String] { status.instant(name).map { [language.end($0, in: zone)] } ?? [] }
        let state = status.cell("state").flatMap { State(rawValue: $0) }.map(language.plainState) ?? status.cell("state") ?? ""
        let next = status.cell("waits_for").flatMap { Role(rawValue: $0) }.map(language.role)
        let suspended = status.texts("suspended").compactMap { Suspension.Kind(rawValue: $0) }
        let facts: [(String, [String])] = [
            (words.state, [state]), (words.receiptShown, [status.cell("receipt") ?? ""]), (words.submitted, at("submitted_at")),
            (language.words.office, [matter.cell("office_name") ?? status.cell("office") ?? ""]), (words.next, next.map { [$0] } ?? []),
            (words.missing, status.texts("missing_names")), (words.until, end("until")), (words.told, [status.cell("told") ?? ""]),
            (words.feesDue, status.texts("fees_due")), (words.decisionDue, end("decision_due")), (words.statutoryDue, end("statutory_due")),
            (words.suspended, suspended.map { language == .zh ? Glossary.suspension($0) : $0.rawValue.replacing("-", with: " ") }),
            (words.suspendedUntil, end("suspended_until")), (words.closed, at("closed_at")),
            (words.revoked, status["revoked"]?.instant("at").map { [language.instant($0, in: zone)] } ?? []),
        ]
        return facts.map { PageFact($0.0, $0.1.filter { !$0.isEmpty }) }.filter { !$0.items.isEmpty }
    }
}
