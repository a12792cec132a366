import CasePages
import CaseWire
import HTTPTypes
import Hummingbird
import NIOCore
import WorkingTime

/// What everybody may see.
enum PublicPages {
    static func add(to routes: inout Routes) {
        routes.add("/", .show(start))
        routes.add("/matters", .show(matters))
        routes.add("/matters/{matter}", .show(MatterPage.answer))
        routes.add("/duty-list", .show(dutyList))
        routes.add("/figures", .show(figures))
        routes.add("/status", .form(StatusPage()))
        routes.add("/keys", .show(keys))
        routes.add("/language/{language}", .show(language))
    }

    @Sendable private static func dutyList(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let list = try await visit.hall.published.list(try await visit.hall.published.info())
        return visit.hall.pages.page("duty-list", DutyList(list, language: visit.language).content, visit)
    }

    /// The keys of all seals, as ssh-keygen reads them.
    @Sendable private static func keys(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let text = try await visit.hall.daemon.read(.signers).cell("allowed_signers") ?? ""
        return Answer(
            status: .ok, contentType: "text/plain; charset=utf-8", body: ResponseBody(byteBuffer: ByteBuffer(string: text)),
            isPersonal: false,
            headers: [(.contentDisposition, "attachment; filename=\"allowed_signers\"")])
    }

    @Sendable private static func figures(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let figures = try await visit.hall.published.figures(try await visit.hall.published.info())
        let result = figures.result
        // Which cases are overdue is nobody's business but that of who may read them.
        let overdue = OverdueCases(
            [], of: .null, count: Int(result["total"]?["overdue"]?.integer ?? 0), limit: 0, now: result.instant("at") ?? .first)
        let page = ReportPage(
            result, heading: ReportHeading(result, asked: [], ended: nil, visit.language), months: figures.months, overdue: overdue,
            visit.language)
        return visit.hall.pages.page("report", page.content, visit)
    }

    @Sendable private static func language(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        guard let language = visit.parameters["language"].flatMap({ Language(rawValue: $0) }) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        return visit.hall.switched(to: language, visit)
    }

    // MARK: Matters

    @Sendable private static func start(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let list = try await visit.hall.published.list(try await visit.hall.published.info())
        let matters = list["matters"]?.array ?? []
        return visit.hall.pages.page(
            "start",
            StartContent(
                title: visit.words.welcomeTitle, language: visit.language.rawValue, training: visit.language.training(list),
                welcome: visit.words.welcome, search: SearchBox("", visit.words),
                groups: [
                    Group(visit.words.departments, "department", matters, visit), Group(visit.words.modules, "module", matters, visit),
                ].filter { !$0.items.isEmpty }),
            visit)
    }

    private struct StartContent: PageContent {
        let title, language: String
        let training: String?
        let welcome: String
        let search: SearchBox
        let groups: [Group]
    }

    private struct Group {
        let heading: String
        let items: [Item]

        struct Item {
            let text, link, count: String
        }

        init(_ heading: String, _ member: String, _ matters: [JSONValue], _ visit: Visit) {
            self.heading = heading
            let named = matters.compactMap { $0.cell(member) }.filter { !$0.isEmpty }
            items = Dictionary(grouping: named) { $0 }.sorted { $0.key < $1.key }.map { name, all in
                Item(
                    text: name, link: "/matters?\(member)=\(PercentEncoding.encoded(name))",
                    count: visit.language == .zh
                        ? "\(all.count) \(visit.words.count)" : all.count == 1 ? "1 matter" : "\(all.count) \(visit.words.count)")
            }
        }
    }

    /// A search is a question and changes nothing: it stands in the address.
    struct SearchBox {
        let label, help, button, text: String

        init(_ text: String, _ words: HallWords) {
            (label, help, button, self.text) = (words.searchLabel, words.searchHelp, words.search, text)
        }
    }

    @Sendable private static func matters(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let list = try await visit.hall.published.list(try await visit.hall.published.info())
        let asked = visit.query["q"]
        var matters = list["matters"]?.array ?? []
        for member in ["department", "module"] where !visit.query[member].isEmpty {
            matters = matters.filter { $0.cell(member) == visit.query[member] }
        }
        matters = matters.filter { MatterSearch.fits($0, asked) }
        let departments = Dictionary(grouping: matters) { $0.cell("department") ?? "" }.sorted { $0.key < $1.key }
        let isFiltered = !asked.isEmpty || !visit.query["department"].isEmpty || !visit.query["module"].isEmpty
        return visit.hall.pages.page(
            "matters",
            MattersContent(
                title: isFiltered ? visit.words.found : visit.words.matters, language: visit.language.rawValue,
                training: visit.language.training(list), search: SearchBox(asked, visit.words),
                emptiness: matters.isEmpty ? visit.words.foundNothing : nil,
                sections: departments.map { GuideIndex(list, language: visit.language, link: path(_:)).section($0.key, $0.value) }),
            visit)
    }

    private struct MattersContent: PageContent {
        let title, language: String
        let training: String?
        let search: SearchBox
        let emptiness: String?
        let sections: [TablePage.Section]
    }

    /// Where the guide of a matter is.
    static func path(_ matter: String) -> String {
        "/matters/\(PercentEncoding.encoded(matter))"
    }
}

/// Which matters somebody means who types some words.
enum MatterSearch {
    /// Whether each of the words stands somewhere in what is said of a matter, in whatever case.
    static func fits(_ matter: JSONValue, _ asked: String) -> Bool {
        let words = asked.lowercased().split { $0.isWhitespace || $0 == "　" }
        guard !words.isEmpty else { return true }
        let said =
            ["name", "matter", "department", "module", "office_name", "basis", "result", "guide"].compactMap { matter.cell($0) }
            + ["materials", "conditions"].flatMap { matter.texts($0) }
        let text = said.joined(separator: "\n").lowercased()
        return words.allSatisfy { text.contains($0) }
    }
}
