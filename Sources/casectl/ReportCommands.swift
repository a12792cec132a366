import ArgumentParser
import CaseWire

struct SLA: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sla", abstract: "How the promises are kept.", subcommands: [Report.self])

    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Received, open, decided, in time and late.",
            discussion: "Received and decided count within the period; open and overdue are as of now.")
        @OptionGroup var server: Server
        @Option(help: "The period's beginning, as an instant.") var from: String?
        @Option(help: "Its end, not included.") var to: String?
        @Option(help: "office, matter, leader, commissioner or department.") var by = "office"

        func run() throws {
            try ending {
                var parameters = [JSONValue.Member("by", .string(by))]
                if let from { parameters.append(.init("from", .string(from))) }
                if let to { parameters.append(.init("to", .string(to))) }
                server.show(try server.call(.slaReport, parameters)) { result in
                    let columns = [
                        "received", "open", "overdue", "decided", "granted", "refused", "deemed_granted", "closed_otherwise",
                        "in_time", "promise_missed", "late",
                    ]
                    let headings = columns.map { $0.replacing("_", with: " ").uppercased() }
                    var table = Table([by.uppercased()] + headings, numbers: headings)
                    for row in result["rows"]?.array ?? [] { table.add((["name"] + columns).map { row.cell($0) }) }
                    if let total = result["total"] { table.add((["name"] + columns).map { total.cell($0) }) }
                    return table.text
                }
            }
        }
    }
}

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What server this is, how it does, and who you are to it.")
    @OptionGroup var server: Server

    func run() throws {
        try ending {
            server.show(try server.call(.serverInfo)) { info in
                var table = Table(["SERVER", "\(info.cell("name") ?? "") \(info.cell("version") ?? "")"])
                for (label, name) in [
                    ("now", "now"), ("clock", "clock"), ("catalogue version", "catalog_version"), ("open cases", "open"),
                    ("next deadline", "next_deadline"),
                ] {
                    table.add([label, info.cell(name)])
                }
                table.add(["latest deadline was late by", info["lateness"]?.cell("maximum_ms").map { "\($0) ms" }])
                let principal = info["principal"] ?? .null
                table.add(["you are", (principal.cell("name") ?? "") + (principal["admin"]?.bool == true ? ", an admin" : "")])
                return table.text
            }
        }
    }
}
