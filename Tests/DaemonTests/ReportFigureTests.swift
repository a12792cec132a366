import CaseTesting
import CaseWire
import Foundation
import FoundationXML
import Testing

/// Whether what a report shows is what the server counted.
@Suite("Figures of a report")
struct ReportFigureTests {
    private let directory = TemporaryDirectory()

    /// Two matters with decisions in time, past their promise and late over three months, one of them with a pause, and open cases of each light.
    private func office() throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-01-05T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        var number = 0
        func submit(_ matter: String, _ count: Int) throws {
            for _ in 0..<count { _ = try client.call("case.submit", SmallOffice.submission(matter: matter)).get() }
            number += count
        }
        func call(_ method: String, _ file: Int, _ members: [String: JSONValue] = [:], as person: String = "otto") throws {
            let common: [String: JSONValue] = ["case": .string("C-\(file)"), "acting": .string(person)]
            let all = common.merging(members) { $1 }.map { JSONValue.Member($0.key, $0.value) }
            _ = try client.call("case.\(method)", .object(all)).get()
        }
        func go(to day: String) throws { _ = try client.call("clock.advance", .of(["to": .string("2026-\(day)T01:00:00Z")])).get() }
        let recommendation: [String: JSONValue] = ["recommendation": "grant", "opinion": "x"]
        try submit("permit", 10)
        try submit("notice", 2)
        try submit("permit", 1)
        for file in 1...13 {
            try call("accept", file)
            if file != 10 { try call("recommend", file, recommendation) }
        }
        // Ten on each of the first ten working days, two past their promise, one past its limit.
        let days = ["01-06", "01-07", "01-08", "01-09", "01-12", "01-13", "01-14", "01-15", "01-16", "01-19"]
        for (place, day) in days.enumerated() {
            try go(to: day)
            if day == "01-07" { try call("suspend", 10, ["kind": "hearing", "basis": "x", "expected": "3 working-days"]) }
            if day == "01-12" {
                try call("resume", 10)
                try call("recommend", 10, recommendation)
            }
            try call("grant", place + 1, as: "lena")
        }
        try go(to: "01-21")
        for file in [11, 12] { try call("grant", file, as: "lena") }
        try go(to: "02-10")
        try call("grant", 13, as: "lena")
        try go(to: "03-02")
        try submit("permit", 4)
        try submit("notice", 1)
        try go(to: "03-13")
        try submit("permit", 3)
        try go(to: "03-19")
        try submit("permit", 2)
        try submit("notice", 5)
        try go(to: "03-20")
        return daemon
    }

    private func casectl(_ daemon: DaemonProcess, _ words: [String]) throws -> String {
        let program = try Program("casectl", words, environment: ["CASED_SOCKET": daemon.socket])
        #expect(program.status == 0, "\(words): \(program.errors)")
        return program.output
    }

    private func json(_ daemon: DaemonProcess, _ words: [String]) throws -> JSONValue {
        try JSONReader.read(Array(try casectl(daemon, words + ["--json"]).utf8))
    }

    // MARK: The page

    /// What each head of a column, and the label of each tile, stands for.
    private static let members = [
        "received, cases": "received", "open, cases now": "open", "overdue, cases now": "overdue", "decided, cases": "decided",
        "in time, cases": "in_time", "promise missed, cases": "promise_missed", "late, cases": "late",
        "in time, % of decided": "in_time_permille", "half were decided within, gross, working days": "handling_median",
        "half were decided within, net, working days": "handling_net_median",
        "nine tenths were decided within, gross, working days": "handling_p90",
        "nine tenths were decided within, net, working days": "handling_net_p90", "pauses, times": "pauses",
        "pauses near breach, times": "pauses_near_breach", "same-day pauses, times": "same_day_pauses", "extensions, times": "extensions",
        "corrections, times": "corrections", "repeated corrections, times": "repeated_corrections",
        "sent back by the leader, times": "returns", "last-moment decisions, times": "last_moment_decisions",
    ]

    private func figure(_ row: JSONValue, _ member: String) -> String {
        guard let number = row[member]?.integer else { return "–" }
        return member == "in_time_permille" ? "\(number / 10).\(number % 10)%" : "\(number)"
    }

    private struct Page {
        let root: XMLDocument

        init(_ text: String) throws {
            root = try XMLDocument(xmlString: text.replacing("<!DOCTYPE html>", with: "").replacing(/<meta [^>]*>/, with: ""))
        }

        func elements(_ path: String) throws -> [XMLElement] {
            try root.nodes(forXPath: path).compactMap { $0 as? XMLElement }
        }

        /// What stands under a heading, up to the next one.
        func section(_ heading: String, _ path: String) throws -> [XMLElement] {
            try elements(
                "//h2[text()=\"\(heading)\"]/following-sibling::*[preceding-sibling::h2[1][text()=\"\(heading)\"]]/descendant-or-self::\(path)"
            )
        }
    }

    /// One bar as somebody sees it.
    private struct Bar: Equatable {
        let permille: Int
        /// The series, the value by which it grows, and what is said of it.
        let parts: [String]
        let sum: String
    }

    private func bars(_ element: XMLElement) throws -> [Bar] {
        try element.nodes(forXPath: "span[@class='line']").compactMap { $0 as? XMLElement }.map { line in
            let bar = try #require(line.nodes(forXPath: "span[@class='bar']").first as? XMLElement)
            let width = try #require(bar.attribute(forName: "style")?.stringValue?.firstMatch(of: /calc\(([0-9]+)% \/ 10/)?.output.1)
            let parts = try bar.nodes(forXPath: "i").compactMap { $0 as? XMLElement }.map { part in
                ["class", "style", "title"].map { part.attribute(forName: $0)?.stringValue ?? "" }.joined(separator: " ")
            }
            return Bar(permille: Int(width)!, parts: parts, sum: try line.nodes(forXPath: "span[@class='sum']").first?.stringValue ?? "")
        }
    }

    private func part(_ series: String, _ value: Int64, _ name: String) -> [String] {
        value > 0 ? ["\(series) flex-grow:\(value) \(name): \(value)"] : []
    }

    private func label(_ element: XMLElement) throws -> String {
        try element.nodes(forXPath: "span[@class='label']").first?.stringValue ?? ""
    }

    @Test(
        "Every tile, cell and bar of the page is the figure of its row, and every month that of its own query",
        arguments: [[], ["--from", "2026-01-01", "--to", "2026-02-01"], ["--to", "2026-03-01", "--matter", "permit"]])
    func page(period: [String]) throws {
        let daemon = try office()
        let words = ["sla", "report", "--by", "matter"] + period
        let result = try json(daemon, words)
        let (rows, total) = (try #require(result["rows"]?.array), try #require(result["total"]))
        if period.isEmpty {
            let told = ["in_time", "promise_missed", "late", "open", "warned", "overdue", "received", "decided"]
            let figures = told.map { total[$0]?.integer ?? 0 }
            #expect(Set(figures).count >= 7 && !figures.contains(0), "figures that are alike tell nothing apart: \(figures)")
            #expect(figures == [10, 2, 1, 15, 3, 5, 28, 13])
            let handling = ["handling_median", "handling_net_median", "handling_p90", "handling_net_p90"].map { total[$0]?.integer }
            #expect(handling == [7, 7, 12, 12], "\(handling)")
            let permit = try #require(rows.first { $0["name"] == "permit" })
            #expect(["handling_p90", "handling_net_p90"].map { permit[$0]?.integer } == [10, 9], "a pause is left out")
        }
        let page = try Page(try casectl(daemon, words + ["-o", "html"]))
        // Tiles.
        let tiles = try page.elements("//div[@class='tiles']/div")
        let wanted = ["received", "decided", "in_time_permille", "handling_median", "handling_net_median", "open", "overdue"]
        #expect(tiles.count == wanted.count)
        for (tile, member) in zip(tiles, wanted) {
            #expect(try tile.nodes(forXPath: "b").first?.stringValue == figure(total, member), "\(member)")
            let label = try tile.nodes(forXPath: "span").first?.stringValue ?? ""
            #expect(Self.members[label.components(separatedBy: ";")[0]] == member, "\(label)")
            // A share of what was decided hides nothing that is still open.
            let overdue = total["overdue"]?.integer ?? 0
            #expect(
                label.contains("; not among them are \(overdue) open cases that are overdue") == (member == "in_time_permille"), "\(label)")
        }
        // Tables.
        for heading in ["Figures", "What asks for a look"] {
            let shown = try page.section(heading, "tbody/tr")
            #expect(shown.count == rows.count + 1)
            for (line, row) in zip(shown, rows + [total]) {
                let head = try line.nodes(forXPath: "th").first?.stringValue
                #expect(head == (row["title"]?.string.flatMap { $0 == "total" ? "Total" : $0 } ?? "Total"), "\(head ?? "")")
                let cells = try line.nodes(forXPath: "td").compactMap { $0 as? XMLElement }
                #expect(cells.count == (heading == "Figures" ? 12 : 8))
                for cell in cells {
                    let label = cell.attribute(forName: "data-label")?.stringValue ?? ""
                    let member = try #require(Self.members[label], "\(label)")
                    #expect(cell.stringValue == figure(row, member), "\(heading), \(label)")
                }
            }
            // A head says what its cells say on a card.
            let heads = try page.section(heading, "thead//th").dropFirst().map { head in
                let unit = try head.nodes(forXPath: "span").first?.stringValue ?? ""
                return (head.stringValue ?? "").replacing(" " + unit, with: ", " + unit)
            }
            let labels = try #require(shown.first).nodes(forXPath: "td").compactMap { $0 as? XMLElement }
                .map { $0.attribute(forName: "data-label")?.stringValue ?? "" }
            #expect(heads == labels)
        }
        // Bars, the longest of which is as long as there is room.
        func plot(_ heading: String, _ values: (JSONValue) -> [(String, Int64)]) throws {
            let entries = try page.section(heading, "li")
            #expect(entries.count == rows.count)
            let sums = rows.map { values($0).reduce(0) { $0 + $1.1 } }
            for ((entry, row), sum) in zip(zip(entries, rows), sums) {
                #expect(try label(entry) == row["title"]?.string)
                let parts = zip(["a", "b", "c"], values(row)).flatMap { part($0, $1.1, $1.0) }
                #expect(
                    try bars(entry) == [Bar(permille: Int(sum * 1000 / max(1, sums.max()!)), parts: parts, sum: "\(sum)")], "\(heading)")
                // Each number can be read: in its part, or behind the bar.
                for (name, value) in values(row) where value > 0 {
                    let text = entry.stringValue ?? ""
                    #expect(text.contains("\(value) \(name)"), "\(heading): \(text)")
                }
            }
        }
        func integer(_ row: JSONValue, _ name: String) -> Int64 { row[name]?.integer ?? 0 }
        try plot("Decisions against their promises") { row in
            [("in time", "in_time"), ("promise missed", "promise_missed"), ("late", "late")].map { ($0.0, integer(row, $0.1)) }
        }
        try plot("Open cases now") { row in
            let (open, warned, overdue) = (integer(row, "open"), integer(row, "warned"), integer(row, "overdue"))
            return [("on track", open - warned - overdue), ("warned", warned), ("overdue", overdue)]
        }
        // Months.
        let end = result["to"]?.string.map { $0 == "2026-02-01" ? 1 : 2 } ?? 3
        let filter = period.contains("--matter") ? ["--matter", "permit"] : []
        let names = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
        ]
        var months: [(name: String, values: [Int64])] = []
        for back in (0..<12).reversed() {
            let index = 2026 * 12 + end - 1 - back
            func first(_ index: Int) -> String { "\(index / 12)-\(index % 12 < 9 ? "0" : "")\(index % 12 + 1)-01" }
            let month = try json(daemon, ["sla", "report", "--from", first(index), "--to", first(index + 1)] + filter)["total"]
            months.append(
                ("\(names[index % 12].prefix(3)) \(index / 12)", ["received", "decided", "late"].map { month?[$0]?.integer ?? -1 }))
        }
        let longest = max(1, months.flatMap(\.values).max()!)
        let entries = try page.section("The last twelve months", "li")
        #expect(entries.count == months.count)
        for (entry, month) in zip(entries, months) {
            let said = try label(entry)
            #expect(said.hasPrefix(month.name.prefix(3)) && said.hasSuffix(month.name.suffix(4)), "\(said)")
            let wanted = zip(zip(["a", "b", "c"], ["received", "decided", "late"]), month.values).map { name, value in
                Bar(permille: Int(value * 1000 / longest), parts: part(name.0, value, name.1), sum: "\(value)")
            }
            #expect(try bars(entry) == wanted, "\(month)")
        }
        #expect(months.count { $0.values.contains { $0 > 0 } } >= 1)
        daemon.terminate()
    }

    // MARK: Metrics

    @Test("Every sample of the metrics is the figure of its row, and of the status what the status says")
    func metrics() throws {
        let daemon = try office()
        let result = try json(daemon, ["sla", "report", "--by", "matter"])
        let rows = try #require(result["rows"]?.array)
        var samples: [String: String] = [:]
        for line in try casectl(daemon, ["sla", "report", "--by", "matter", "-o", "openmetrics"]).split(separator: "\n") {
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { continue }
            #expect(samples.updateValue(String(line[line.index(after: space)...]), forKey: String(line[..<space])) == nil, "\(line)")
        }
        var seen = 0
        for row in rows {
            let name = try #require(row["name"]?.string)
            func expect(_ sample: String, further: String = "", _ member: JSONValue?) throws {
                #expect(try samples["cased_\(sample){matter=\"\(name)\"\(further)}"] == "\(#require(member?.integer))", "\(sample) \(name)")
                seen += 1
            }
            for gauge in ["open", "warned", "overdue"] { try expect("cases_\(gauge)", row[gauge]) }
            for counter in [
                "received", "granted", "refused", "deemed_granted", "closed_otherwise", "in_time", "promise_missed", "late", "pauses",
                "pauses_near_breach", "same_day_pauses", "extensions", "corrections", "repeated_corrections", "returns",
                "last_moment_decisions",
            ] {
                try expect("\(counter)_total", row[counter])
            }
            for bound in try #require(row["handling_within"]?.members) {
                try expect("handling_working_days_bucket", further: ",le=\"\(bound.name).0\"", bound.value)
            }
            try expect("handling_working_days_bucket", further: ",le=\"+Inf\"", row["decided"])
            try expect("handling_working_days_count", row["decided"])
            try expect("handling_working_days_sum", row["handling_days"])
        }
        #expect(seen == samples.count, "\(samples.count - seen) samples more than are known")
        // One to ten working days, and 26 of the late one; twice twelve.
        #expect(samples["cased_handling_working_days_sum{matter=\"permit\"}"] == "81")
        #expect(samples["cased_handling_working_days_sum{matter=\"notice\"}"] == "24")
        daemon.terminate()
    }
}
