import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// One case on one page: how it stands and what whoever asks may do with it, what was said and handed in, and all that happened, in one line of time.
enum FilePage {
    /// So many of the last events stand on the page; the others behind a link.
    private static let eventCount = 100

    /// `/desk/cases/{case}`
    @Sendable static func show(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let id = visit.parameters["case"] ?? ""
        let cursor = try await visit.cursor([.init("case", .string(id))])
        let one: [JSONValue.Member] = [.init("case", .string(id))]
        let file = try await visit.read(.get, one)
        let people = try await DeskPeople.now(visit)
        let matter = people.matter(file.cell("matter"))
        let possible = try await possibilities(id, visit)
        let events = try await visit.read(.history, one + [.init("last", .integer(eventCount))])["events"]?.array ?? []
        let explained = try await visit.read(.explain, one)
        let present = note(id, possible, people, visit)
        let (words, language, row) = (visit.deskWords, visit.language, CaseRow(file))
        let times = DeskTimes(matter, language)
        let light = file.cell("light").flatMap { Light(rawValue: $0) } ?? Light.none
        let clocks = (file["clocks"]?.array ?? []).filter { $0["ended_at"]?.isNull != false }.map { ClockLine($0, times, words) }
        let timeline = Timeline(people, times, visit)
        return visit.hall.pages.page(
            "desk-file",
            Content(
                title: "\(id) \(file.cell("title") ?? "")", language: language.rawValue, training: language.training(people.list),
                done: done(events, people, visit),
                live: DeskLive(cursor: cursor, file: id, link: DeskPages.path(id), present: present, visit),
                asideLabel: words.stands, lightClass: "light-\(light.rawValue)", lightWord: words.light(light),
                stateText: (file.cell("state").flatMap { State(rawValue: $0) }.map(language.state) ?? "").capitalizedFirst,
                suspendedText: file["suspended"]?.members == nil ? nil : words.suspendedState,
                nextHeading: words.nextStep, next: DeskStep.said(row, people, language) ?? words.nothingLeft,
                actsHeading: words.youActAs,
                acts: language.list(people.functions(of: visit.visitor.acting ?? "", on: file).map { people.said($0, words) }),
                clocksHeading: words.clocks, clocks: clocks, doHeading: words.youMay,
                ways: possible.now.map { PageItem(text: words.act($0.name).button, link: "\(DeskPages.path(id))/\($0.name)") },
                nothing: possible.now.isEmpty ? words.nothingNow : nil,
                notNow: possible.later.isEmpty
                    ? nil
                    : NotNow(
                        heading: words.notNow,
                        reasons: possible.later.map { reason, commands in
                            NotNow.Reason(
                                acts: language.list(commands.map { words.act($0.name).button }),
                                why: reason.capitalizedFirst)
                        }),
                factsHeading: words.facts, facts: FileFacts(file, matter, people, times, visit).facts, materialsHeading: words.materials,
                materials: try await MaterialItem.all(file, matter, visit), noMaterials: words.noMaterials,
                sections: FileSections(file, people, times, visit).sections, timelineHeading: words.timeline,
                timeline: events.reversed().map(timeline.entry),
                older: events.first.map { ($0["revision"]?.integer ?? 1) > 1 } == true
                    ? PageItem(text: words.allEvents, link: "\(DeskPages.path(id))/history") : nil,
                explainedHeading: words.explained,
                explained: (explained["clocks"]?.array ?? []).map {
                    ExplainedClock($0, explained["catalogs"]?.array ?? [], times, visit)
                }),
            visit)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let done: String?
        let live: DeskLive?
        let asideLabel, lightClass, lightWord, stateText: String
        let suspendedText: String?
        let nextHeading, next: String
        let actsHeading, acts: String
        let clocksHeading: String
        let clocks: [ClockLine]
        let doHeading: String
        let ways: [PageItem]
        let nothing: String?
        let notNow: NotNow?
        let factsHeading: String
        let facts: [PageFact]
        let materialsHeading: String
        let materials: [MaterialItem]
        let noMaterials: String
        let sections: [TablePage.Section]
        let timelineHeading: String
        let timeline: [Timeline.Entry]
        let older: PageItem?
        let explainedHeading: String
        let explained: [ExplainedClock]
    }

    /// What somebody could do but for where the file is, or for something they can mend.
    private struct NotNow {
        let heading: String
        let reasons: [Reason]

        struct Reason {
            let acts, why: String
        }
    }

    /// What cased says of each command, in the order of the commands.
    private static func possibilities(_ id: String, _ visit: Visit) async throws(DaemonTrouble) -> Possibilities {
        var possible = Possibilities()
        for command in Possibilities.commands {
            let answer = try await visit.read(
                .can, [.init("case", .string(id)), .init("command", .string(command.name.rawValue))])
            possible.add(command, answer, in: visit.language)
        }
        return possible
    }

    /// Notes that whoever works on the case looks at it, and says who else does. Who supervises is not told to those who are supervised.
    private static func note(_ id: String, _ possible: Possibilities, _ people: DeskPeople, _ visit: Visit) -> String {
        let person = visit.visitor.acting ?? ""
        let presence = visit.hall.presence
        let works = (possible.now + possible.later.flatMap(\.commands)).contains { command in
            command.declaration.involvement.contains(.approving)
        }
        if works { presence.note(person, at: id, now: visit.now) }
        return people.list(presence.others(than: person, at: id, now: visit.now), visit.language)
    }

    /// What was done by the form from which this page comes.
    private static func done(_ events: [JSONValue], _ people: DeskPeople, _ visit: Visit) -> String? {
        guard let revision = Int64(visit.query["done"]), let event = events.last(where: { $0["revision"]?.integer == revision }),
            event.cell("by") == visit.visitor.acting
        else { return nil }
        return visit.deskWords.filled(visit.deskWords.done, Timeline.name(event, visit.language))
    }

    // MARK: All that happened

    /// `/desk/cases/{case}/history`
    @Sendable static func history(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let id = visit.parameters["case"] ?? ""
        let one: [JSONValue.Member] = [.init("case", .string(id))]
        let file = try await visit.read(.get, one)
        let people = try await DeskPeople.now(visit)
        let page = try await visit.read(
            .history,
            one + [.init("limit", .integer(eventCount))]
                + (visit.query["after"].isEmpty ? [] : [.init("after", .string(visit.query["after"]))]))
        let timeline = Timeline(people, DeskTimes(people.matter(file.cell("matter")), visit.language), visit)
        let words = visit.deskWords
        return visit.hall.pages.page(
            "desk-history",
            HistoryContent(
                title: "\(id) \(words.timeline)", language: visit.language.rawValue, training: visit.language.training(people.list),
                timeline: (page["events"]?.array ?? []).map(timeline.entry),
                more: page["next"]?.string.map {
                    PageItem(text: words.further, link: "\(visit.path)?after=\(PercentEncoding.encoded($0))")
                }, back: PageItem(text: words.toFile, link: DeskPages.path(id))),
            visit)
    }

    private struct HistoryContent: PageContent {
        let title, language: String
        let training: String?
        let timeline: [Timeline.Entry]
        let more: PageItem?
        let back: PageItem
    }
}

/// Instants in the zone of the case's calendar.
struct DeskTimes: Sendable {
    let zone: Zone
    let language: Language

    init(_ matter: JSONValue, _ language: Language) {
        (zone, self.language) = (matter.matterZone, language)
    }

    /// - Parameter isEnd: whether something ends then.
    func callAsFunction(_ text: String?, isEnd: Bool = false) -> String? {
        text.flatMap { Instant($0) }.map { isEnd ? language.end($0, in: zone) : language.instant($0, in: zone) }
    }
}

/// A clock that has not ended, in the pane beside the file.
struct ClockLine {
    let clockName: String
    let left: String
    let due: String?
    let status: String?

    init(_ clock: JSONValue, _ times: DeskTimes, _ words: DeskWords) {
        let language = times.language
        let of = clock.cell("of").map { language.cell("kind", $0).replacing("-", with: " ") } ?? clock.cell("office")
        clockName = ([language.cell("clock", clock.cell("clock") ?? "")] + (of.map { [$0] } ?? [])).joined(separator: " ").capitalizedFirst
        let budget = language.length(Language.inLargerUnits("\(clock.cell("budget") ?? "") \(clock.cell("unit") ?? "")"))
        let isOver = clock["overdue"]?.bool == true || (clock["left"]?.integer ?? 0) < 0
        let amount = clock["left"]?.integer ?? 0
        let said = isOver ? amount == 0 ? "over by less than 1" : "over by \(-amount)" : "\(amount)"
        let rest = language.timeLeft("\(said) \(clock.cell("unit") ?? "")")
        left = isOver ? rest : words.filled(words.leftOf, rest, budget)
        due = times(clock.cell("due"), isEnd: true)
        let states = [
            clock["overdue"]?.bool == true ? "overdue" : nil, clock["paused"]?.bool == true ? "paused" : nil,
            clock["provisional"]?.bool == true ? "provisional" : nil,
        ].compactMap { $0 }
        status = states.isEmpty ? nil : language.list(states.map { language.cell("status", $0) })
    }
}

/// How a clock came about, behind its name.
struct ExplainedClock {
    let summary: String
    let lines: [String]
    let steps: PageTable
    let count: PageTable?

    init(_ clock: JSONValue, _ catalogs: [JSONValue], _ times: DeskTimes, _ visit: Visit) {
        let (language, words) = (visit.language, visit.deskWords)
        let said = ClockExplanation(clock, catalogs, hasLocalTime: true, language) { times($0, isEnd: $1) ?? $0 }
        let end = said.end.map(language.line)
        summary = "\(said.name.capitalizedFirst)\(words.colon)\(said.budget)\(words.stop)\(end.first ?? "")"
        lines = said.foundations.filter { !$0.isEmpty }.map { language.line($0).capitalizedFirst } + end.dropFirst()
        steps = PageTable(
            [.init(words.when), .init(words.who), .init(words.what)],
            said.steps.map { [$0.at ?? "", $0.by, language.cell("what_happened", $0.what).capitalizedFirst] })
        let rows = said.count
        count =
            rows.isEmpty
            ? nil
            : PageTable(
                [
                    .init(words.from), .init(words.to), .init(words.counted, isNumber: true), .init(words.inAll, isNumber: true),
                    .init(words.notes),
                ],
                rows.map {
                    [$0.from ?? "", $0.to ?? "", $0.counted ?? "", $0.total ?? "", $0.notes.map { language.cell("notes", $0) } ?? ""]
                })
    }
}
