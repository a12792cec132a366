import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import WorkingTime

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("Show one case, or the public status behind a receipt."),
        discussion: "Examples: casectl show C-17; casectl show C-17 --json")
    @OptionGroup var server: Server
    @Argument(help: ArgumentHelp(Say.text("The case, such as C-17, or a receipt such as 7QK2-M9XD-4RTA.")), completion: Completion.cases)
    var file: String
    @Flag(
        name: [.customLong("utc"), .customLong("iso")],
        help: ArgumentHelp(Say.text("Show instants as they are, in UTC, also on a terminal.")))
    var utc = false

    func validate() throws {
        try CaseName.require(file)
    }

    func run() throws {
        try ending {
            let name = file.hasPrefix("C-") ? "case" : "receipt"
            let result = try server.call(.get, [.init(name, .string(file))])
            defer { if result["truncated"] != nil { Truncation.remark(1) } }
            let local = try LocalTime(server, isWanted: Terminal.isTerminal && !utc && !server.json, matter: result.cell("matter"))
            func when(_ text: String?, isEnd: Bool = false) -> String? { text.map { local?.text($0, isEnd: isEnd) ?? $0 } }
            let desk = try server.json || name == "receipt" ? nil : Desk(result, server) { when($0) ?? $0 }
            let names = try server.json ? [:] : Desk.names(server, of: result)
            server.show(result) { file in
                var facts = Table(of: file.cell("case") == nil ? "RECEIPT" : "CASE", file.cell("case") ?? file.cell("receipt") ?? "")
                for name in [
                    "title", "matter", "state", "light", "escalation", "office", "area", "handler", "leader", "commissioner",
                    "channel", "receipt", "submitted_at", "closed_at", "delivered_at", "recommendation", "timeliness",
                    "catalog_version", "revision",
                ] where file.cell(name) != nil {
                    if name == "receipt", desk == nil { continue }
                    let state = desk == nil && name == "state" ? file.cell(name).flatMap { State(rawValue: $0) }.map(Say.state) : nil
                    facts.add([name.replacing("_", with: " "), state ?? Desk.named(name, file, names) ?? when(file.cell(name))])
                }
                if let next = List.next.value(file).map(List.next.said) ?? Show.waits(file) {
                    facts.add(["waits for", next])
                }
                if let told = file.cell("told") { facts.add(["reasons", told]) }
                if let due = when(file.cell("decision_due"), isEnd: true) { facts.add(["to be decided by", due]) }
                if let due = when(file.cell("statutory_due"), isEnd: true) { facts.add(["by law, by", due]) }
                if let fees = file["fees_due"]?.array { facts.add(["fees due", fees.compactMap(\.string).joined(separator: ", ")]) }
                if let missing = (file["missing_names"] ?? file["missing"])?.array {
                    let until = when(file.cell("until"), isEnd: true).map { ", \(Say.text("until")) \($0)" } ?? ""
                    facts.add(["missing", missing.compactMap(\.string).joined(separator: ", ") + until])
                }
                if let applicant = file["applicant"] {
                    facts.add(["applicant", "\(applicant.cell("name") ?? "") (\(applicant.cell("id") ?? ""))"])
                }
                for (name, label) in [("refers_to", "is about"), ("revocation", "in question by"), ("revoked", "revoked by")] {
                    guard let other = file.cell(name) ?? file[name]?.cell("case") else { continue }
                    let since = when(file[name]?.cell("at")).map { ", \($0)" } ?? ""
                    facts.add([label, other + since])
                }
                if let erased = when(file.cell("erased_at")) {
                    facts.add(["erased", erased])
                } else if let asked = file["erasure_asked"] {
                    facts.add(["erasure asked", Say.fill("by {} at {}", asked.cell("by") ?? "", when(asked.cell("at")) ?? "")])
                }
                if let kinds = file["suspended"]?.array {
                    let until = when(file.cell("suspended_until"), isEnd: true).map { ", \(Say.text("until")) \($0)" } ?? ""
                    facts.add(["suspended", kinds.compactMap(\.string).map { Say.cell("kind", $0) }.joined(separator: Say.comma) + until])
                }
                for suspended in file["suspensions"]?.array ?? [] {
                    facts.add([
                        "suspended",
                        Say.fill(
                            "{} since {}, {}", Say.cell("kind", suspended.cell("kind") ?? ""), when(suspended.cell("since")) ?? "",
                            suspended.cell("basis") ?? ""),
                    ])
                }
                for request in file["opinions"]?.array ?? [] { facts.add(["opinion", Show.opinion(request, when: { when($0) })]) }
                if let given = file["extension"], given.members != nil {
                    facts.add([
                        "extended",
                        Say.fill(
                            "by {} at {}: {}", Say.language.oneUnit(given.cell("by") ?? ""), when(given.cell("at")) ?? "",
                            given.cell("reason") ?? ""),
                    ])
                }
                if let materials = file["materials"]?.array, !materials.isEmpty {
                    facts.add(["materials", materials.compactMap { $0.string ?? $0.cell("id") }.joined(separator: ", ")])
                }
                for step in file["steps"]?.array ?? [] {
                    let taken = step.cell("outcome").map {
                        Say.fill(
                            "{}, by {} at {}", "\(Say.cell("outcome", $0)): \(step.cell("finding") ?? "")", step.cell("by") ?? "",
                            when(step.cell("at")) ?? "")
                    }
                    facts.add(["step \(step.cell("step") ?? "")", taken ?? Say.line("not taken yet")])
                }
                for fee in file["fees"]?.array ?? [] {
                    let details = ["reference", "reason"].compactMap { fee.cell($0) }.filter { !$0.isEmpty }
                    let author = fee.cell("by").map { [Say.fill("by {} at {}", $0, when(fee.cell("at")) ?? "")] } ?? []
                    facts.add([
                        "fee \(fee.cell("material") ?? "")",
                        ([fee.cell("amount") ?? "", Say.cell("state", fee.cell("state") ?? "")] + details + author).joined(separator: ", "),
                    ])
                }
                for order in file["orders"]?.array ?? [] {
                    facts.add(["order \(order.cell("order") ?? "")", Show.order(order) { when($0, isEnd: true) }])
                }
                for said in desk?.said ?? [] { facts.add([said.label, said.text]) }
                if let draws = file["draws"]?.array { facts.add(["draws", draws.compactMap(\.string).joined(separator: ", ")]) }
                for field in file["fields"]?.members ?? [] { facts.add(["field \(field.name)", field.value.string]) }
                let may = [desk?.may, local?.remark].compactMap { $0 }.map { "\n\n" + $0 }.joined()
                guard let clocks = file["clocks"]?.array, !clocks.isEmpty else { return facts.text + may }
                var table = Table(["CLOCK", "UNIT", "BUDGET", "USED", "LEFT", "DUE", "STATUS"], numbers: ["BUDGET", "USED", "LEFT"])
                for clock in clocks {
                    let name = [clock.cell("clock"), clock.cell("of") ?? clock.cell("office")].compactMap { $0 }.joined(separator: " ")
                    table.add(
                        [name] + ["unit", "budget", "consumed", "left"].map { clock.cell($0) }
                            + [when(clock.cell("due"), isEnd: true), status(clock) { when($0) }])
                }
                return facts.text + "\n\n" + table.text + may
            }
        }
    }

    /// For whom a case waits, as an applicant is told it: a decision has only to be handed over.
    private static func waits(_ file: JSONValue) -> String? {
        guard let role = file.cell("waits_for") else { return nil }
        let isClosed = file.cell("state").flatMap { State(rawValue: $0) }?.isOpen == false
        return isClosed ? Say.text("the office, to hand over the decision") : Say.role(role)
    }

    private static func order(_ order: JSONValue, due: (String?) -> String?) -> String {
        let parts = [
            order.cell("state").map { Say.cell("state", $0) }, order.cell("to").map { Say.fill("to {}", Say.cell("told", $0)) },
            order.cell("by").map { Say.fill("from {}", $0) }, due(order.cell("due")).map { Say.fill("due {}", $0) }, order.cell("reason"),
            order.cell("answer").map { Say.fill("answer: {}", $0) }, order["answer"]?.cell("text").map { Say.fill("answer: {}", $0) },
            order["finding"]?.cell("text").map { Say.fill("found: {}", $0) },
        ]
        return parts.compactMap { $0 }.joined(separator: "; ")
    }

    private static func opinion(_ request: JSONValue, when: (String?) -> String?) -> String {
        let said =
            request["answer"].map { "\(Say.cell("outcome", $0.cell("opinion") ?? "")): \($0.cell("text") ?? "")" }
            ?? when(request.cell("withdrawn_at")).map { Say.fill("withdrawn {}", $0) }
            ?? (request["overdue"] == nil ? Say.line("awaited") : Say.cell("status", "overdue"))
        return Say.fill(
            "{}, asked {}: {}; {}", request.cell("office") ?? "", when(request.cell("at")) ?? "", request.cell("question") ?? "", said)
    }

    private func status(_ clock: JSONValue, when: (String?) -> String?) -> String {
        let words = [
            clock["overdue"]?.bool == true ? "overdue" : nil, clock["paused"]?.bool == true ? "paused" : nil,
            clock["provisional"]?.bool == true ? "provisional" : nil, when(clock.cell("ended_at")).map { Say.fill("ended {}", $0) },
        ].compactMap { $0 }
        return words.isEmpty ? "running" : words.joined(separator: ", ")
    }
}

struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("The journal of one case."),
        discussion: "Examples: casectl history C-17 --last 20; casectl history C-17 -o csv")
    @OptionGroup var server: Server
    @OptionGroup var output: Output
    @OptionGroup var range: PageRange
    @OptionGroup var freshness: Freshness
    @Option(help: ArgumentHelp(Say.text("Only the last so many events, without who has read them."))) var last: Int?
    @OptionGroup var file: OneCase

    func validate() throws {
        try require(last, of: "--last", from: 1)
    }

    private static let columns = [
        Column("revision", number: true), Column("at", instant: true), Column("event"),
        Column("by") { event in [event.cell("by"), event.cell("instead_of").map { "for \($0)" }].compactMap { $0 }.joined(separator: " ") },
        Column("via"), Column("what") { History.what($0) }.seen { History.what($0, in: Say.language, $1) },
        Column("seq", number: true, wide: true),
    ]

    func run() throws {
        try ending {
            try PagedListing(
                method: .history, member: "events",
                parameters: [file.member] + (last.map { [.init("last", .integer($0))] } ?? []), columns: History.columns,
                head: [file.member],
                tableLimit: .max, isNextSparse: true, identity: [Column("seq")], freshness: freshness
            ).show(output, server, range)
        }
    }

    /// What an event says. Without further ado as programs read it.
    ///
    /// - Parameter times: how its instants are said.
    static func what(_ event: JSONValue, in reader: Language? = nil, _ times: Times = Times(nil)) -> String? {
        EventWords.what(event, in: reader) { times($0, isEnd: $1) }
    }
}
