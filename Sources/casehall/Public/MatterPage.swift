import CasePages
import CaseWire
import WorkingTime

/// The service guide of a matter: what it takes, how long it takes, when it would be decided, and who answers for it.
enum MatterPage {
    @Sendable static func answer(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let info = try await visit.hall.published.info()
        let list = try await visit.hall.published.list(info)
        guard let matter = list["matters"]?.array?.first(where: { $0.cell("matter") == visit.parameters["matter"] }) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        let guide = ServiceGuide(matter, of: list, language: visit.language)
        let (words, language) = (visit.words, visit.language)
        let module = matter.cell("module").map { [PageFact(words.module, [$0])] } ?? []
        return visit.hall.pages.page(
            "matter",
            Content(
                title: matter.cell("name") ?? "", language: language.rawValue, training: language.training(list),
                facts: guide.facts.map { PageFact($0.label, $0.values) } + module, dueHeading: words.dueNow, dueHelp: words.dueHelp,
                due: try await due(matter, info, visit), whoHeading: words.who, who: who(matter, list, language),
                back: PageItem(text: words.matters, link: "/matters")),
            visit)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let facts: [PageFact]
        let dueHeading, dueHelp: String
        let due: [PageFact]
        let whoHeading: String
        let who: [PageFact]
        let back: PageItem
    }

    /// The last day of what is promised, and of what the law gives, for a complete application that is accepted at this instant.
    private static func due(_ matter: JSONValue, _ info: JSONValue, _ visit: Visit) async throws(DaemonTrouble) -> [PageFact] {
        guard let calendar = matter.cell("calendar"), let now = info.cell("now") else { return [] }
        var facts: [PageFact] = []
        for (member, label) in [("promised", visit.words.decisionDue), ("statutory", visit.words.statutoryDue)] {
            guard let budget = matter.cell(member) else { continue }
            let due = try await visit.read(
                .calendarDue, [.init("calendar", .string(calendar)), .init("start", .string(now)), .init("budget", .string(budget))])
            guard let instant = due.instant("due") else { continue }
            let end = visit.language.end(instant, in: matter.matterZone)
            facts.append(PageFact(label, [end] + (due["provisional"]?.bool == true ? [visit.words.provisional] : [])))
        }
        return facts
    }

    /// Who examines, who decides, who supervises, and who acts for them today.
    private static func who(_ matter: JSONValue, _ list: JSONValue, _ language: Language) -> [PageFact] {
        let posts = list["posts"]?.array ?? []
        func post(_ member: String) -> [String] {
            let id = matter.cell(member) ?? ""
            let substitutes = posts.first { $0.cell("post") == id }.map(language.substitutes) ?? []
            return [language.post(id, holder: matter.cell("\(member)_holder"), in: list)].compactMap { $0 } + substitutes
        }
        return [
            PageFact(language.words.office, [matter.cell("office_name") ?? ""]), PageFact(language.words.leader, post("leader")),
            PageFact(language.words.commissioner, post("commissioner")),
        ].filter { !$0.items.isEmpty }
    }
}
