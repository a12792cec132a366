import ArgumentParser
import CaseWire

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List cases.")
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @Option(help: "case, -case or due.") var sort = "case"
    @Option(help: "At most so many, up to 1000.") var limit = 100
    @Option(help: "Go on after the place that the page before ended with.") var after: String?

    func run() throws {
        try ending {
            var parameters = [filter.member, .init("sort", .string(sort)), .init("limit", .integer(limit))]
            if let after { parameters.append(.init("after", .string(after))) }
            server.show(try server.call(.list, parameters)) { result in
                var table = Table(
                    ["CASE", "LIGHT", "STATE", "MATTER", "HANDLER", "LEADER", "DUE", "ESC", "TITLE"], numbers: ["ESC"])
                for file in result["cases"]?.array ?? [] {
                    let state = (file.cell("state") ?? "") + (file["suspended"]?.members == nil ? "" : ", suspended")
                    table.add([
                        file.cell("case"), file.cell("light"), state, file.cell("matter"), file.cell("handler"),
                        file.cell("leader"), earliestDue(file), file.cell("escalation"), file.cell("title"),
                    ])
                }
                let more = result.cell("next").map { "\n\nMore: casectl list --after \($0)" } ?? ""
                return table.text + more
            }
        }
    }

    private func earliestDue(_ file: JSONValue) -> String? {
        let clock = (file["clocks"]?.array ?? []).filter { $0.cell("due") != nil }.min { $0.cell("due")! < $1.cell("due")! }
        return clock.flatMap { $0.cell("due") }.map { $0 + (clock?["provisional"]?.bool == true ? " provisional" : "") }
    }
}

struct Count: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Count cases.")
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter

    func run() throws {
        try ending { server.show(try server.call(.count, [filter.member])) { $0.cell("count") ?? "" } }
    }
}

struct Notices: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Who was to be told of what.")
    @OptionGroup var server: Server
    @Option(help: "Only notices to this person, post or applicant.") var recipient: String?
    @Option(help: "At most so many, up to 1000.") var limit = 100
    @Option(help: "Go on after this number.") var after: Int?

    func run() throws {
        try ending {
            var parameters = [JSONValue.Member("limit", .integer(limit))]
            if let recipient { parameters.append(.init("recipient", .string(recipient))) }
            if let after { parameters.append(.init("after", .integer(after))) }
            server.show(try server.call(.noticeList, parameters)) { result in
                var table = Table(["SEQ", "AT", "CASE", "EVENT", "TO", "AS"], numbers: ["SEQ"])
                for notice in result["notices"]?.array ?? [] {
                    table.add(["seq", "at", "case", "event", "recipient", "addressee"].map { notice.cell($0) })
                }
                return table.text
            }
        }
    }
}
