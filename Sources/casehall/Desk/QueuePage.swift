import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// Cases in a list: those that wait for whoever asks, the most urgent first, or all that they may read. Filters and further pages are links.
enum QueuePage {
    /// So many cases of a queue are put in order; as `casectl queue`, it has those with a deadline before those without.
    private static let queueLimit = 200
    /// Rows of a page.
    private static let pageSize = 50

    // MARK: What waits

    /// `/desk`
    @Sendable static func mine(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let filter = CaseFilter(visit.query, path: "/desk", isMine: true)
        let cursor = try await visit.cursor(filter.members)
        let people = try await DeskPeople.now(visit)
        var (files, seen): ([JSONValue], Set<String>) = ([], [])
        for sort in ["due", "case"] {
            var after: String?
            repeat {
                let page = try await visit.read(
                    .list,
                    [.init("filter", .object(filter.members)), .init("sort", .string(sort)), .init("limit", .integer(queueLimit))]
                        + (after.map { [.init("after", .string($0))] } ?? []))
                files += (page["cases"]?.array ?? []).filter { seen.insert($0.cell("case") ?? "").inserted }
                after = page["next"]?.string
            } while after != nil && files.count < queueLimit
        }
        let words = visit.deskWords
        let count = Int((try await visit.read(.count, [.init("filter", .object(filter.members))]))["count"]?.integer ?? 0)
        files = Array(files.prefix(queueLimit))
        let place = max(0, min(queueLimit / pageSize, Int(visit.query["page"]) ?? 0))
        let shown = files.dropFirst(place * pageSize).prefix(pageSize)
        let more = files.count > (place + 1) * pageSize ? PageItem(text: words.further, link: filter.link(["page": "\(place + 1)"])) : nil
        let cut = count > files.count && files.count == queueLimit ? words.filled(words.queueCut, "\(count)", "\(queueLimit)") : nil
        let acts = people.functions(of: visit.visitor.acting ?? "").map { people.said($0, words) }
        return visit.hall.pages.page(
            "desk-queue",
            Content(
                title: words.queueTitle, language: visit.language.rawValue, training: visit.language.training(people.list),
                live: DeskLive(cursor: cursor, file: nil, link: visit.address, present: "", visit), actsAs: words.youActAs,
                colon: words.colon,
                acts: acts.isEmpty ? words.noPost : visit.language.list(acts), search: nil,
                filters: try await filters(filter, visit), cut: cut, emptiness: shown.isEmpty ? words.nothingWaits : nil,
                list: CaseList(shown.map { CaseList.Row($0, people, visit) }, words), more: more),
            visit)
    }

    // MARK: All

    /// `/desk/cases`
    @Sendable static func all(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let filter = CaseFilter(visit.query, path: "/desk/cases", isMine: false)
        let people = try await DeskPeople.now(visit)
        let page = try await visit.read(
            .list,
            [.init("filter", .object(filter.members)), .init("sort", .string("-case")), .init("limit", .integer(pageSize))]
                + (visit.query["after"].isEmpty ? [] : [.init("after", .string(visit.query["after"]))]))
        let words = visit.deskWords
        let files = page["cases"]?.array ?? []
        return visit.hall.pages.page(
            "desk-queue",
            Content(
                title: words.casesTitle, language: visit.language.rawValue, training: visit.language.training(people.list), live: nil,
                actsAs: "", colon: words.colon, acts: nil, search: Search(filter, words), filters: try await filters(filter, visit),
                cut: nil,
                emptiness: files.isEmpty ? words.noCases : nil, list: CaseList(files.map { CaseList.Row($0, people, visit) }, words),
                more: page["next"]?.string.map { PageItem(text: words.further, link: filter.link(["after": $0])) }),
            visit)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let live: DeskLive?
        let actsAs, colon: String
        let acts: String?
        let search: Search?
        let filters: [Filters]
        let cut, emptiness: String?
        let list: CaseList
        let more: PageItem?
    }

    /// A question that changes nothing: it stands in the address, with the filters that are chosen.
    private struct Search {
        let label, help, button, text: String
        let kept: [Kept]

        struct Kept {
            let name, value: String
        }

        init(_ filter: CaseFilter, _ words: DeskWords) {
            (label, help, button, text) = (words.searchCases, words.searchCasesHelp, words.search, filter.values["q"] ?? "")
            kept = filter.values.filter { $0.key != "q" }.sorted { $0.key < $1.key }.map { Kept(name: $0.key, value: $0.value) }
        }
    }

    // MARK: Filters

    /// The values of one filter, each a link.
    struct Filters {
        let label: String
        let choices: [Choice]

        struct Choice {
            let text, link: String
            let isChosen: Bool
        }
    }

    private static func filters(_ filter: CaseFilter, _ visit: Visit) async throws(DaemonTrouble) -> [Filters] {
        let (words, language) = (visit.deskWords, visit.language)
        func choices(_ name: String, _ all: [(value: String, text: String)]) async throws(DaemonTrouble) -> [Filters.Choice] {
            let chosen = filter.values[name]
            var choices = [Filters.Choice(text: words.any, link: filter.link([name: nil]), isChosen: chosen == nil)]
            for (value, text) in all {
                let count =
                    try await visit.read(.count, [.init("filter", .object(filter.with(name, value).members))])["count"]?.integer ?? 0
                guard count > 0 || chosen == value else { continue }
                choices.append(Filters.Choice(text: "\(text) \(count)", link: filter.link([name: value]), isChosen: chosen == value))
            }
            return choices
        }
        return [
            Filters(
                label: words.light,
                choices: try await choices("light", [Light.red, .yellow, .green].map { ($0.rawValue, words.light($0)) })),
            Filters(
                label: words.state,
                choices: try await choices(
                    "state",
                    (filter.isMine ? State.allCases : State.open).map { ($0.rawValue, language.state($0).capitalizedFirst) }
                        + (filter.isMine ? [] : [(CaseFilter.closed, words.closedCases)]))),
        ].filter { $0.choices.count > 1 }
    }
}

/// Which cases are meant, as the address says it.
struct CaseFilter {
    let isMine: Bool
    let path: String
    private(set) var values: [String: String] = [:]

    /// Stands for all states in which a case has ended.
    static let closed = "closed"
    private static let names = ["light", "state", "matter", "office", "commissioner", "handler", "q", "suspended"]

    init(_ query: Form, path: String, isMine: Bool) {
        (self.path, self.isMine) = (path, isMine)
        for name in CaseFilter.names where !query[name].isEmpty { values[name] = query[name] }
    }

    /// As `filter` of the wire.
    var members: [JSONValue.Member] {
        let states = isMine ? [] : State.open.map { JSONValue.string($0.rawValue) }
        var members: [JSONValue.Member] = isMine ? [.init("mine", .bool(true))] : []
        if values["state"] == nil, !states.isEmpty { members.append(.init("state", .array(states))) }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "q": members.append(.init("text", .string(value)))
            case "state" where value == CaseFilter.closed:
                members.append(.init("state", .array(State.closed.map { .string($0.rawValue) })))
            case "suspended": members.append(.init("suspended", .bool(true)))
            default: members.append(.init(name, .string(value)))
            }
        }
        return members
    }

    func with(_ name: String, _ value: String?) -> CaseFilter {
        var other = self
        other.values[name] = value
        return other
    }

    /// The same list with some of it otherwise; the first page of it, where no other is named.
    func link(_ changes: [String: String?]) -> String {
        let values = values.merging(changes.compactMapValues { $0 }) { $1 }.filter { changes[$0.key] != .some(nil) }
        let query = values.sorted { $0.key < $1.key }.map { "\($0.key)=\(PercentEncoding.encoded($0.value))" }.joined(separator: "&")
        return query.isEmpty ? path : "\(path)?\(query)"
    }
}

/// Cases as rows of a table; on a narrow screen each is a card.
struct CaseList {
    let headings: Headings
    let rows: [Row]

    struct Headings {
        let file, light, state, next, clock, left, due, matter, actsAs: String
    }

    init(_ rows: [Row], _ words: DeskWords) {
        self.rows = rows
        headings = Headings(
            file: words.file, light: words.light, state: words.state, next: words.nextStep, clock: words.clock, left: words.left,
            due: words.due, matter: words.matter, actsAs: words.youActAs)
    }

    struct Row {
        let number, link, title: String
        let lightClass, lightWord, state: String
        let nextStep, clock, left, due, matter, actsAs: String

        init(_ file: JSONValue, _ people: DeskPeople, _ visit: Visit) {
            let (words, language, row) = (visit.deskWords, visit.language, CaseRow(file))
            let matter = people.matter(file.cell("matter"))
            number = file.cell("case") ?? ""
            link = DeskPages.path(number)
            title = file.cell("title") ?? ""
            let light = file.cell("light").flatMap { Light(rawValue: $0) } ?? Light.none
            (lightClass, lightWord) = ("light-\(light.rawValue)", words.light(light))
            let suspended = file["suspended"]?.members == nil ? "" : (language == .zh ? "，" : ", ") + words.suspendedState
            state = (file.cell("state").flatMap { State(rawValue: $0) }.map(language.state) ?? "").capitalizedFirst + suspended
            nextStep = DeskStep.said(row, people, language) ?? words.nobodyNext
            clock = row.earliestClock?.cell("clock").map { language.cell("clock", $0).capitalizedFirst } ?? ""
            left = row.left.map(language.timeLeft) ?? ""
            due = row.earliestClock?.instant("due").map { language.end($0, in: matter.matterZone) } ?? ""
            self.matter = matter.cell("name") ?? file.cell("matter") ?? ""
            actsAs = language.list(people.functions(of: visit.visitor.acting ?? "", on: file).map { people.said($0, words) })
        }
    }
}

/// Who has to act next, by their names.
enum DeskStep {
    static func said(_ row: CaseRow, _ people: DeskPeople, _ language: Language) -> String? {
        row.next.map { next in
            let named = next.split(separator: " ", omittingEmptySubsequences: false).map { word in
                word.hasSuffix(";") ? people.name(String(word.dropLast())) + ";" : people.name(String(word))
            }
            return language.nextStep(named.joined(separator: " ")).capitalizedFirst
        }
    }
}

extension String {
    /// With a capital at its beginning, where its letters have some.
    var capitalizedFirst: String {
        prefix(1).uppercased() + dropFirst()
    }
}
