import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// An applicant's drafts and cases, the newest first, with what is next and who has to do it.
enum OwnCases {
    /// So many cases are on a page.
    private static let pageLength = 20

    @Sendable static func answer(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        guard let applicant = visit.applicant, let drafts = visit.hall.drafts else { return ApplicantPages.notHere(visit) }
        let own = visit.applicantWords
        let begun = await drafts.drafts(of: applicant.id, at: visit.now).filter { $0.became == nil }
        let list = try await visit.dutyList()
        var params: [JSONValue.Member] = [
            .init("filter", .object([.init("applicant", .string(applicant.id))])), .init("sort", "-case"),
            .init("limit", .integer(pageLength)),
        ]
        if !visit.query["after"].isEmpty { params.append(.init("after", .string(visit.query["after"]))) }
        let found = try await visit.read(.list, params)
        var rows: [[[PageItem]]] = []
        for file in found["cases"]?.array ?? [] where applicant.id.isSame(as: file["applicant"]?.cell("id")) {
            rows.append(try await row(file, list, visit))
        }
        let unread = try await NoticesPage.notices(of: applicant, taken: false, visit).count
        return visit.hall.pages.page(
            "my-cases",
            Content(
                title: own.myCases, language: visit.language.rawValue, training: visit.language.training(list),
                done: own.done[visit.query["done"]], greeting: own.loggedIn(applicant.name),
                unread: unread == 0 ? nil : PageItem(text: own.unread(unread), link: "/my/notices"),
                draftsHeading: begun.isEmpty ? nil : own.draftsHeading, draftsHelp: own.draftsHelp,
                drafts: begun.map { draft in
                    let matter = list.matter(draft.matter)?.cell("name") ?? draft.matter
                    return DraftRow(
                        text: DraftPage.label(draft, matter, visit), link: DraftPage.path(draft), matter: matter,
                        savedAt: own.saved(
                            visit.language.instant(Instant(seconds: draft.savedAt), in: list.matter(draft.matter)?.matterZone ?? .utc)))
                },
                casesHeading: own.casesHeading, noCases: rows.isEmpty ? own.noCases : nil,
                cases: rows.isEmpty
                    ? []
                    : [
                        PageTable(
                            [own.caseHeading, visit.language.words.matter, visit.words.state, own.light, visit.words.next, own.until].map {
                                PageTable.Heading($0)
                            }, rows)
                    ],
                older: found.cell("next").map {
                    PageItem(text: own.older, link: "/my?after=\(PercentEncoding.encoded($0))")
                }, apply: PageItem(text: own.applyForSomething, link: "/matters")),
            visit)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let done: String?
        let greeting: String
        let unread: PageItem?
        let draftsHeading: String?
        let draftsHelp: String
        let drafts: [DraftRow]
        let casesHeading: String
        let noCases: String?
        let cases: [PageTable]
        let older: PageItem?
        let apply: PageItem
    }

    private struct DraftRow {
        let text, link, matter, savedAt: String
    }

    private static func row(_ file: JSONValue, _ list: JSONValue, _ visit: Visit) async throws(DaemonTrouble) -> [[PageItem]] {
        let (own, language) = (visit.applicantWords, visit.language)
        let status = try await visit.read(.get, [.init("receipt", .string(file.cell("receipt") ?? ""))])
        let matter = list.matter(file.cell("matter")) ?? .null
        let id = file.cell("case") ?? ""
        let state = status.cell("state").flatMap { State(rawValue: $0) }.map(language.plainState) ?? ""
        let next = status.cell("waits_for").flatMap { Role(rawValue: $0) }
        // The office's own time, before it has accepted and after it is decided.
        let office = file["clocks"]?.array?.first { clock in
            [ClockKind.intake, .delivery].contains { clock.cell("clock") == $0.rawValue } && clock["ended_at"]?.isNull == true
        }
        let until = (status.instant("until") ?? status.instant("decision_due") ?? office?.instant("due")).map {
            language.end($0, in: matter.matterZone)
        }
        return [
            [PageItem(text: "\(id) · \(file.cell("title") ?? "")", link: OwnCase.path(id))],
            [PageItem(text: matter.cell("name") ?? file.cell("matter") ?? "")], [PageItem(text: state)],
            [PageItem(text: own.light(file.cell("light").flatMap { Light(rawValue: $0) } ?? .none))],
            [PageItem(text: next.map { own.role($0, language) } ?? "–")], [PageItem(text: until ?? "–")],
        ]
    }
}
