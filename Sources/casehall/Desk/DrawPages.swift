import CasePages
import CaseWire

/// Which cases were drawn for inspection, by rules that were announced before: what anybody needs to do a draw over.
enum DrawPages {
    /// `/desk/draws`
    @Sendable static func list(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let (words, language) = (visit.deskWords, visit.language)
        let people = try await DeskPeople.now(visit)
        let page = try await visit.hall.daemon.read(
            .drawList, visit.query["after"].isEmpty ? [] : [.init("after", .string(visit.query["after"]))])
        let times = DeskTimes(people.list["matters"]?.array?.first ?? .null, language)
        let (draws, made) = (page["draws"]?.array ?? [], page["made"]?.array ?? [])
        let announced = PageTable(
            [
                .init(words.draw), .init(language.words.post), .init(words.every), .init(words.size, isNumber: true), .init(words.matter),
                .init(words.nextDraw), .init(words.commitment),
            ],
            draws.map { draw in
                [
                    draw.cell("name") ?? "", people.post(draw.cell("post"), language) ?? "",
                    language.cell("every", draw.cell("every") ?? ""), draw.cell("size") ?? "",
                    language.list(draw.texts("matters").map { people.matter($0).cell("name") ?? $0 }), draw.cell("next") ?? "",
                    draw.cell("commitment") ?? "",
                ]
            })
        let done = PageTable(
            [
                .init(words.draw), .init(language.words.post), .init(words.when), .init(words.population, isNumber: true),
                .init(words.drawnCases),
            ],
            made.map { draw in
                let name = draw.cell("draw") ?? ""
                return [
                    [
                        PageItem(
                            text: name,
                            link: "/desk/draws/"
                                + name.split(separator: "/").map { PercentEncoding.encoded(String($0)) }.joined(separator: "/"))
                    ],
                    [PageItem(text: people.post(draw.cell("post"), language) ?? "")],
                    [PageItem(text: times(draw.cell("made_at")) ?? "")], [PageItem(text: draw.cell("population") ?? "")],
                    draw.texts("drawn").map { PageItem(text: $0, link: DeskPages.path($0)) },
                ]
            })
        let sections =
            (draws.isEmpty ? [] : [TablePage.Section(heading: words.announcedDraws, remark: nil, table: announced)])
            + (made.isEmpty ? [] : [TablePage.Section(heading: words.madeDraws, remark: nil, table: done)])
        return visit.hall.pages.page(
            "desk-table",
            DeskTable(
                title: words.draws, language: language.rawValue, training: language.training(people.list), remark: words.drawsRemark,
                emptiness: sections.isEmpty ? words.noDraws : nil, sections: sections,
                more: page["next"]?.string.map {
                    PageItem(text: words.further, link: "/desk/draws?after=\(PercentEncoding.encoded($0))")
                }), visit)
    }

    /// `/desk/draws/{draw}/{day}`
    @Sendable static func draw(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let (words, language) = (visit.deskWords, visit.language)
        let name = "\(visit.parameters["draw"] ?? "")/\(visit.parameters["day"] ?? "")"
        let people = try await DeskPeople.now(visit)
        let result = try await visit.hall.daemon.read(.drawGet, [.init("draw", .string(name))])
        let (rule, made) = (result["committed"] ?? .null, result["made"] ?? .null)
        let times = DeskTimes(people.list["matters"]?.array?.first ?? .null, language)
        let facts: [(String, [String])] = [
            (language.words.post, [people.post(rule.cell("post"), language) ?? ""]), (words.closedFrom, [times(rule.cell("from")) ?? ""]),
            (words.closedBefore, [times(rule.cell("to"), isEnd: true) ?? ""]),
            (words.committedAt, [times(result.cell("committed_at")) ?? ""]),
            (words.commitment, [rule.cell("commitment") ?? ""]), (words.when, [times(result.cell("made_at")) ?? ""]),
            (words.secret, [made.cell("secret") ?? ""]), (words.head, ["\(made.cell("head_seq") ?? "") \(made.cell("head_sha256") ?? "")"]),
            (words.seed, [made.cell("seed") ?? ""]), (words.population, [made.cell("population") ?? ""]),
            (words.size, [rule.cell("size") ?? ""]), (words.drawnCases, made.texts("drawn")),
        ]
        return visit.hall.pages.page(
            "desk-draw",
            Content(
                title: "\(words.draw) \(name)", language: language.rawValue, training: language.training(people.list),
                remark: words.redo, facts: facts.map { PageFact($0.0, $0.1.filter { !$0.isEmpty }) }.filter { !$0.items.isEmpty },
                cases: made.texts("drawn").map { PageItem(text: $0, link: DeskPages.path($0)) },
                back: PageItem(text: words.draws, link: "/desk/draws")),
            visit)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let remark: String
        let facts: [PageFact]
        let cases: [PageItem]
        let back: PageItem
    }
}
