import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// One case as its applicant sees it: where it is, what is asked, how its time stands, what happened, what was decided.
enum OwnCasePage {
    @Sendable static func answer(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        guard let applicant = visit.applicant else { return ApplicantPages.notHere(visit) }
        guard let own = try await OwnCase(visit.parameters["case"], of: applicant, visit) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        let (words, language) = (visit.applicantWords, visit.language)
        let history = try await visit.read(.history, [.init("case", .string(own.id)), .init("limit", .integer(historyLimit))])
        let isDecided = own.state?.isDecision == true
        return visit.hall.pages.page(
            "my-case",
            Content(
                title: "\(own.id) · \(own.file.cell("title") ?? "")", language: language.rawValue, training: language.training(own.list),
                done: words.done[visit.query["done"]],
                asked: own.asked.isEmpty
                    ? nil
                    : Asked(
                        askedHeading: words.askedHeading, items: own.asked.map { PageItem(text: $0.name) },
                        until: own.status.instant("until").map { words.askedUntil(language.end($0, in: own.matter.matterZone)) },
                        answer: PageItem(text: words.answerAsked, link: "\(OwnCase.path(own.id))/correct")),
                facts: facts(own, applicant, visit),
                decision: isDecided ? PageItem(text: words.toDecision, link: "\(OwnCase.path(own.id))/decision") : nil,
                materialsHeading: words.handedIn, noMaterials: own.materials.isEmpty ? words.nothing : nil,
                materials: own.materials.map { material in
                    let path = "\(OwnCase.path(own.id))/files/\(PercentEncoding.encoded(material.id))"
                    return Handed(
                        name: material.name, link: material.sha256 == nil ? nil : path,
                        how: material.sha256 == nil ? words.onPaper : words.asFile)
                },
                clocksHeading: words.clocksHeading, clocks: clocks(own, visit), historyHeading: words.historyHeading,
                history: (history["events"]?.array ?? []).filter(isForApplicants).map { event($0, own, visit) },
                historyCut: history.cell("next") == nil ? nil : words.historyCut(historyLimit),
                withdraw: own.state?.isOpen == true
                    ? PageItem(text: words.withdraw, link: "\(OwnCase.path(own.id))/withdraw") : nil,
                back: PageItem(text: words.myCases, link: "/my")),
            visit)
    }

    /// So many events are on the page.
    private static let historyLimit = 200

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let done: String?
        let asked: Asked?
        let facts: [PageFact]
        let decision: PageItem?
        let materialsHeading: String
        let noMaterials: String?
        let materials: [Handed]
        let clocksHeading: String
        let clocks: [PageItem]
        let historyHeading: String
        let history: [Happened]
        let historyCut: String?
        let withdraw: PageItem?
        let back: PageItem
    }

    private struct Asked {
        let askedHeading: String
        let items: [PageItem]
        let until: String?
        let answer: PageItem
    }

    private struct Handed {
        let name: String
        let link: String?
        let how: String
    }

    private struct Happened {
        let at, what: String
        let by: String?
        let saying: [PageItem]
    }

    private static func facts(_ own: OwnCase, _ applicant: Applicant, _ visit: Visit) -> [PageFact] {
        let words = visit.applicantWords
        let values = Dictionary((own.file["fields"]?.members ?? []).map { ($0.name, $0.value.string ?? "") }) { first, _ in first }
        let form = MatterForm(own.matter)
        let named = form.fields.compactMap { field in
            values[field.id.raw].map { PageFact(field.name, words.lines($0, field, visit.language)) }
        }
        let further = (own.file["fields"]?.members ?? []).filter { member in !form.fields.contains { $0.id.raw == member.name } }.map {
            PageFact($0.name, [$0.value.string ?? ""])
        }
        let title = PageFact(words.title, [own.file.cell("title") ?? ""])
        let who = PageFact(words.applicant, [applicant.name])
        let area = own.file.cell("area").map { area in [PageFact(words.area, [form.areas.first { $0.id == area }?.name ?? area])] } ?? []
        let matter = PageFact(visit.language.words.matter, [own.matter.cell("name") ?? own.file.cell("matter") ?? ""])
        let status = StatusPage.facts(own.status, own.matter, visit).map { fact in
            fact.label == visit.words.next && own.status.cell("waits_for") == Role.submitter.rawValue
                ? PageFact(fact.label, [words.you]) : fact
        }
        return [matter] + status + [title, who] + area + named + further
    }

    // MARK: Clocks in words

    private static func clocks(_ own: OwnCase, _ visit: Visit) -> [PageItem] {
        (own.file["clocks"]?.array ?? []).filter { $0["ended_at"]?.isNull == true && $0.cell("clock") != ClockKind.order.rawValue }.map {
            clock in
            PageItem(text: visit.applicantWords.clock(clock, own.matter.matterZone, visit.language))
        }
    }

    // MARK: History

    /// What the office and its supervisors write to each other is not for applicants. The daemon leaves it out for a service that submitted the case;
    /// one that is an admin as well sees it.
    private static func isForApplicants(_ event: JSONValue) -> Bool {
        !Event.internalNames.contains(event.cell("event") ?? "") && event["data"]?.cell("clock") != ClockKind.order.rawValue
    }

    private static func event(_ event: JSONValue, _ own: OwnCase, _ visit: Visit) -> Happened {
        let (words, language) = (visit.applicantWords, visit.language)
        let data = event["data"] ?? .null
        let said = ["reasons", "reason", "ground", "note", "basis"].compactMap { data.cell($0) }.filter { !$0.isEmpty }
        let names = (own.matter["documents"]?.array ?? [])
        let missing = data.texts("missing").map { id in names.first { $0.cell("material") == id }?.cell("name") ?? id }
        return Happened(
            at: event.instant("at").map { language.instant($0, in: own.matter.matterZone) } ?? "",
            what: words.event(event.cell("event") ?? "", language), by: who(event, own, visit),
            saying: (missing + said).map { PageItem(text: $0) })
    }

    /// A person of the office by name, or the applicant; nil for time and the catalogue.
    private static func who(_ event: JSONValue, _ own: OwnCase, _ visit: Visit) -> String? {
        if ["submitted", "corrected", "withdrawn"].contains(event.cell("event")) { return visit.applicantWords.you }
        guard let by = event.cell("by") else { return nil }
        let posts = own.list["posts"]?.array ?? []
        if let post = posts.first(where: { $0.cell("holder_id") == by }) {
            return visit.language.post(post.cell("post") ?? "", holder: post.cell("holder"), in: own.list)
        }
        let substitutes = posts.flatMap { $0["substitutes"]?.array ?? [] }
        return substitutes.first { $0.cell("person") == by }?.cell("name")
    }
}

/// What came of a submission: its number and receipt, and what is next.
enum ConfirmationPage {
    @Sendable static func answer(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        guard let applicant = visit.applicant else { return ApplicantPages.notHere(visit) }
        guard let own = try await OwnCase(visit.parameters["case"], of: applicant, visit) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        let (words, language, zone) = (visit.applicantWords, visit.language, own.matter.matterZone)
        let intake = own.file["clocks"]?.array?.first { $0.cell("clock") == ClockKind.intake.rawValue }?.instant("due")
        let paper = own.materials.filter { $0.sha256 == nil }.map(\.name)
        let due = try await decisionDue(own, visit).map { [PageItem(text: words.decidedBy(language.end($0, in: zone)))] } ?? []
        return visit.hall.pages.page(
            "submitted",
            Content(
                title: words.submittedTitle, language: language.rawValue, training: language.training(own.list),
                numberLabel: words.number, number: own.id, receiptLabel: visit.words.receiptShown, receipt: own.file.cell("receipt") ?? "",
                receiptHelp: words.receiptUse, nextHeading: words.nextHeading,
                next: (paper.isEmpty ? [] : [PageItem(text: words.paperToBring(paper, MatterForm(own.matter).window, language))])
                    + [
                        PageItem(
                            text: words.looksAtIt(
                                own.matter.cell("office_name") ?? "", intake.map { language.end($0, in: zone) })),
                        PageItem(text: words.asksOnce),
                    ] + due,
                toCase: PageItem(text: words.toCase, link: OwnCase.path(own.id)), toCases: PageItem(text: words.myCases, link: "/my")),
            visit)
    }

    /// As the case has it; before it is accepted, as it would be if it was complete when it came.
    private static func decisionDue(_ own: OwnCase, _ visit: Visit) async throws(DaemonTrouble) -> Instant? {
        if let due = own.status.instant("decision_due") { return due }
        guard let calendar = own.matter.cell("calendar"), let start = own.file.cell("submitted_at"),
            let budget = own.matter.cell("promised") ?? own.matter.cell("statutory")
        else { return nil }
        let due = try await visit.read(
            .calendarDue, [.init("calendar", .string(calendar)), .init("start", .string(start)), .init("budget", .string(budget))])
        return due.instant("due")
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let numberLabel, number, receiptLabel, receipt, receiptHelp, nextHeading: String
        let next: [PageItem]
        let toCase, toCases: PageItem
    }
}
