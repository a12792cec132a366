import ArgumentParser
import CaseWire

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What server this is, how it does, and who you are to it.")
    @OptionGroup var server: Server

    func run() throws {
        try ending {
            server.show(try server.call(.serverInfo)) { info in
                var table = Table(["SERVER", "\(info.cell("name") ?? "") \(info.cell("version") ?? "")"])
                for (label, name) in [
                    ("now", "now"), ("clock", "clock"), ("catalogue version", "catalog_version"), ("open cases", "open"),
                    ("next deadline", "next_deadline"), ("time zones", "zones"),
                ] {
                    table.add([label, info.cell(name)])
                }
                table.add(["latest deadline was late by", info["lateness"]?.cell("maximum_ms").map { "\($0) ms" }])
                let principal = info["principal"] ?? .null
                table.add(["you are", (principal.cell("name") ?? "") + (principal["admin"]?.bool == true ? ", an admin" : "")])
                return ([table.text] + Status.remarks(info).map(Terminal.plain)).joined(separator: "\n")
            }
        }
    }

    /// What somebody should do something about, or wait for.
    private static func remarks(_ info: JSONValue) -> [String] {
        var remarks: [String] = []
        if let hold = info["clock_held"], hold.members != nil {
            let hours = (hold["by_ms"]?.integer ?? 0) / 3_600_000
            remarks.append(
                "! the machine's clock jumped by \(hours) h at \(hold.cell("since") ?? ""): no deadline passes until casectl clock confirm")
        }
        if let pending = info["pending_catalog"], pending.members != nil {
            let day = pending.cell("effective") ?? ""
            remarks.append(
                pending.cell("refused").map { "! the catalogue for \(day) cannot take effect: \($0)" }
                    ?? "  a catalogue by \(pending.cell("by") ?? "") takes effect at \(day)")
        }
        if let job = info["reprojection"], job.members != nil {
            remarks.append(
                "  catalogue version \(job.cell("catalog_version") ?? "") is moving clocks: \(job.cell("done") ?? "") of \(job.cell("cases") ?? "") cases done"
            )
        }
        for calendar in info["calendars"]?.array ?? [] where calendar["near"]?.bool == true {
            let days = calendar["days"]?.integer ?? 0
            let when = days < 0 ? "has not been official since" : "is official only through"
            remarks.append(
                "! calendar \(calendar.cell("calendar") ?? "") \(when) \(calendar.cell("valid_through") ?? ""): publish the next year (casectl calendar import)"
            )
        }
        return remarks.isEmpty ? [] : [""] + remarks
    }
}
