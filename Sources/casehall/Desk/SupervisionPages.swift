import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// What commissioners and auditors see of all that they supervise: lights, orders, figures with their signs, what was done to the clock of the
/// machine. To look at it takes nothing but what cased lets a person read.
enum SupervisionPages {
    // MARK: Lights

    /// `/desk/supervision`
    @Sendable static func lights(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let (words, language) = (visit.deskWords, visit.language)
        let people = try await DeskPeople.now(visit)
        let functions = people.functions(of: visit.visitor.acting ?? "").filter(people.supervises)
        var sections: [Section] = []
        for function in functions {
            let filter: [JSONValue.Member] =
                function.audits ? [] : [.init("filter", .object([.init("commissioner", .string(function.post))]))]
            let report = try await visit.hall.daemon.read(.slaReport, filter + [.init("by", .string("matter"))])
            sections.append(section(function, report, people, visit))
        }
        return visit.hall.pages.page(
            "desk-supervision",
            Content(
                title: words.supervisionTitle, language: language.rawValue, training: language.training(people.list),
                emptiness: sections.isEmpty ? words.supervisesNothing : nil, lights: sections,
                ways: [
                    PageItem(text: words.orders, link: "/desk/orders"),
                    PageItem(text: words.figuresAndSigns, link: "/desk/supervision/figures"),
                    PageItem(text: words.suspendedCases, link: "/desk/cases?suspended=1"), PageItem(text: words.draws, link: "/desk/draws"),
                    PageItem(text: words.machineClock, link: "/desk/supervision/clock"),
                ], separation: words.separation),
            visit)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let emptiness: String?
        let lights: [Section]
        let ways: [PageItem]
        let separation: String
    }

    /// What one post supervises.
    private struct Section {
        let heading: String
        let tiles: [Tile]
        let table: PageTable?

        struct Tile {
            let figure, text, tileLink, tileClass: String
        }
    }

    private static func section(_ function: DeskPeople.Function, _ report: JSONValue, _ people: DeskPeople, _ visit: Visit) -> Section {
        let words = visit.deskWords
        let filter = CaseFilter(Form(function.audits ? [] : [("commissioner", function.post)]), path: "/desk/cases", isMine: false)
        func count(_ row: JSONValue, _ member: String) -> Int64 { row[member]?.integer ?? 0 }
        func green(_ row: JSONValue) -> Int64 { count(row, "open") - count(row, "warned") - count(row, "overdue") }
        let total = report["total"] ?? .null
        let tiles = [(Light.red, count(total, "overdue")), (.yellow, count(total, "warned")), (.green, green(total))].map { light, count in
            Section.Tile(
                figure: "\(count)", text: words.light(light), tileLink: filter.link(["light": light.rawValue]),
                tileClass: "light-\(light.rawValue)")
        }
        let rows = (report["rows"]?.array ?? []).filter { count($0, "open") > 0 }
        let table = PageTable(
            [
                .init(words.matter), .init(words.light(.red), isNumber: true), .init(words.light(.yellow), isNumber: true),
                .init(words.light(.green), isNumber: true), .init(words.oldest),
            ],
            rows.map { row in
                let matter = row.cell("name") ?? ""
                func link(_ light: Light, _ count: Int64) -> [PageItem] {
                    [PageItem(text: "\(count)", link: count > 0 ? filter.link(["light": light.rawValue, "matter": matter]) : nil)]
                }
                return [
                    [PageItem(text: row.cell("title") ?? matter, link: filter.link(["matter": matter]))],
                    link(.red, count(row, "overdue")), link(.yellow, count(row, "warned")), link(.green, green(row)),
                    [
                        PageItem(
                            text: row.instant("oldest_submitted_at").map {
                                visit.language.instant($0, in: people.matter(matter).matterZone)
                            }
                                ?? "")
                    ],
                ]
            })
        return Section(heading: people.said(function, words), tiles: tiles, table: rows.isEmpty ? nil : table)
    }

    // MARK: Orders

    /// `/desk/orders`: those that are not closed, of cases that whoever asks may read.
    @Sendable static func orders(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let (words, language) = (visit.deskWords, visit.language)
        let people = try await DeskPeople.now(visit)
        let page = try await visit.read(
            .orderList,
            [.init("limit", .integer(100))] + (visit.query["after"].isEmpty ? [] : [.init("after", .string(visit.query["after"]))]))
        let orders = page["orders"]?.array ?? []
        let zone = people.list["matters"]?.array?.first ?? .null
        let times = DeskTimes(zone, language)
        let table = PageTable(
            [
                .init(words.order), .init(words.file), .init(words.state), .init(words.to), .init(words.reason), .init(words.due),
                .init(words.answer),
            ],
            orders.map { order in
                let file = order.cell("case") ?? ""
                return [
                    [PageItem(text: order.cell("order") ?? "")], [PageItem(text: file, link: DeskPages.path(file))],
                    [PageItem(text: language.cell("state", order.cell("state") ?? "").capitalizedFirst)],
                    [PageItem(text: language.cell("told", order.cell("to") ?? "").replacing("-", with: " ").capitalizedFirst)],
                    [PageItem(text: order.cell("reason") ?? "")], [PageItem(text: times(order.cell("due"), isEnd: true) ?? "")],
                    [PageItem(text: order.cell("answer") ?? "")],
                ]
            })
        return visit.hall.pages.page(
            "desk-table",
            DeskTable(
                title: words.ordersTitle, language: language.rawValue, training: language.training(people.list), remark: words.ordersRemark,
                emptiness: orders.isEmpty ? words.noOrders : nil,
                sections: orders.isEmpty ? [] : [.init(heading: words.orders, remark: nil, table: table)],
                more: page["next"]?.string.map {
                    PageItem(text: words.further, link: "/desk/orders?after=\(PercentEncoding.encoded($0))")
                }), visit)
    }

    // MARK: Figures

    /// `/desk/supervision/figures`: the figures of the cases that one post supervises, with the signs of clocks that are played with.
    @Sendable static func figures(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let people = try await DeskPeople.now(visit)
        let post = people.functions(of: visit.visitor.acting ?? "").first { people.supervises($0) && !$0.audits }?.post
        let filter: [JSONValue.Member] = post.map { [.init("commissioner", .string($0))] } ?? []
        let asked: [JSONValue.Member] = filter.isEmpty ? [] : [.init("filter", .object(filter))]
        let result = try await visit.hall.daemon.read(.slaReport, asked + [.init("by", .string("office"))])
        var months: [(first: Day, total: JSONValue)] = []
        for month in ReportMonths.periods(of: result) {
            let figures = try await visit.hall.daemon.read(
                .slaReport,
                asked + [.init("from", .string(month.first.description)), .init("to", .string(month.next.description))])
            months.append((month.first, figures["total"] ?? .null))
        }
        let late =
            try await visit.read(
                .list,
                [
                    .init("filter", .object(filter + [.init("overdue", .bool(true))])), .init("sort", .string("due")),
                    .init("limit", .integer(overdueLimit)),
                ])["cases"]?.array ?? []
        let overdue = OverdueCases(
            late, of: people.list, count: Int(result["total"]?["overdue"]?.integer ?? 0), limit: overdueLimit,
            now: result.instant("at") ?? .first)
        let heading = ReportHeading(
            result, asked: post.map { [(name: "commissioner", value: $0)] } ?? [], ended: nil, visit.language)
        return visit.hall.pages.page(
            "report", ReportPage(result, heading: heading, months: months, overdue: overdue, visit.language).content, visit)
    }

    private static let overdueLimit = 20

    // MARK: The clock of the machine

    /// `/desk/supervision/clock`: what happened to the daemon's clock and the rules it counts by, the newest last.
    @Sendable static func clock(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let (words, language) = (visit.deskWords, visit.language)
        let people = try await DeskPeople.now(visit)
        let page = try await visit.hall.daemon.read(
            .serverHistory,
            [.init("limit", .integer(200))] + (visit.query["after"].isEmpty ? [] : [.init("after", .string(visit.query["after"]))]))
        let events = (page["events"]?.array ?? []).filter { clockEvents.contains($0.cell("event") ?? "") }
        let times = DeskTimes(people.list["matters"]?.array?.first ?? .null, language)
        let table = PageTable(
            [.init(words.when), .init(words.what), .init(words.who), .init(words.notes)],
            events.map { event in
                [
                    times(event.cell("at")) ?? "", Timeline.name(event, language),
                    event.cell("by").map { language.cell("by", people.name($0)) } ?? "",
                    EventWords.what(event, in: language) { times($0, isEnd: $1) ?? $0 } ?? "",
                ]
            })
        return visit.hall.pages.page(
            "desk-table",
            DeskTable(
                title: words.machineClock, language: language.rawValue, training: language.training(people.list),
                remark: words.machineClockRemark, emptiness: events.isEmpty ? words.noClockEvents : nil,
                sections: events.isEmpty ? [] : [.init(heading: words.timeline, remark: nil, table: table)],
                more: page["next"]?.string.map {
                    PageItem(text: words.further, link: "/desk/supervision/clock?after=\(PercentEncoding.encoded($0))")
                }), visit)
    }

    private static let clockEvents: Set = [
        "clock-stepped", "clock-confirmed", "reprojection-started", "reprojection-finished", "zones-changed", "catalog-applied",
        "catalog-confirmed",
    ]
}

/// A page of tables, with what is to be known of them.
struct DeskTable: PageContent {
    let title, language: String
    let training: String?
    let remark: String
    let emptiness: String?
    let sections: [TablePage.Section]
    let more: PageItem?
}
