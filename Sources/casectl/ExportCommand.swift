import ArgumentParser
import CaseClient
import CaseCore
import CasePages
import CaseWire
import FoundationEssentials
import Glibc
import WorkingTime

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("Write the journal of cases for other programs: as XES for process mining, as CSV or as JSON lines."),
        discussion: """
            With a period it has the events of that time, and of cases that have none nothing.

            Examples: casectl export -o csv; casectl export --case C-17 --case C-21; casectl export -o xes --events=-read; \
            casectl export --from 2026-01-01 --to 2026-02-01

            It reads a page of cases after the other and writes as it reads; it holds no more than a page in memory. JSON lines hold all of \
            an event; CSV has a row for each, without its data; XES has what of its data is text.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case xes, csv, jsonl }

    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @Option(
        name: [.customLong("format"), .customShort("o"), .customLong("output")], help: "xes (IEEE 1849), csv or jsonl; by default jsonl.")
    var format: Format?
    @Option(
        help: ArgumentHelp(
            "Only these events, with commas between, or all but those with a dash in front, such as -read,-rung-passed.",
            valueName: "events")) var events: String?
    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("Only this case; several with commas between, or repeat it.", valueName: "case"), completion: Completion.cases)
    var named: [String] = []
    @Option(help: "Only events since this day or instant.") var from: String?
    @Option(help: "Only events before this day or instant: it is not part of the period.") var to: String?
    @OptionGroup var csv: CSVForm

    private var files: [String] {
        var seen: Set<String> = []
        return named.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }.filter {
            seen.insert($0).inserted
        }
    }

    private static let columns = ["case", "seq", "revision", "at", "event", "by", "instead_of", "via", "matter", "title", "state"]

    func validate() throws {
        guard !server.json || format == nil || format == .jsonl else {
            throw ValidationError("--json is -o jsonl: leave one of them out")
        }
        try csv.validate(isCSV: format == .csv)
        for file in files { try CaseName.require(file) }
    }

    /// Whether an event is written.
    private func choice() throws -> (String?) -> Bool {
        let names = events?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
        let left = names.filter { $0.hasPrefix("-") }.map { String($0.dropFirst()) }
        let chosen = names.filter { !$0.hasPrefix("-") }
        let known = Set(Commands.all.map { $0.recorded.name }).sorted()
        for name in left + chosen where !known.contains(name) {
            throw Failure(
                code: .usage, message: "--events: there is no event \(name)",
                hint: Likeness.hint(name, among: known))
        }
        guard left.isEmpty || chosen.isEmpty else {
            throw Failure(code: .usage, message: "--events names some to take and some to leave out", hint: "do one of both")
        }
        return { event in chosen.isEmpty ? !left.contains(event ?? "") : chosen.contains(event ?? "") }
    }

    /// The time whose events are wanted, half-open.
    private struct Period {
        var from: Instant?
        var to: Instant?

        var isAllTime: Bool {
            from == nil && to == nil
        }

        func contains(_ text: String?) -> Bool {
            guard !isAllTime, let at = text.flatMap({ Instant($0) }) else { return true }
            return from.map { $0 <= at } ?? true && to.map { at < $0 } ?? true
        }

        /// A case that was submitted later has no such event.
        func narrowed(_ filter: Filter) -> Filter {
            guard let to, !filter.asks("submitted_before") else { return filter }
            return filter.and("submitted_before", .string(to.description))
        }
    }

    private func period() throws -> Period {
        let period = Period(
            from: try from.flatMap { Instant(try Moment.instant($0, "--from", server)) },
            to: try to.flatMap { Instant(try Moment.instant($0, "--to", server)) })
        if let from = period.from, let to = period.to, to <= from {
            throw Failure(
                code: .usage, message: "--to \(self.to ?? "") is not behind --from \(self.from ?? "")",
                hint: "the period ends before --to: for one day give the next one there")
        }
        return period
    }

    func run() throws {
        try ending {
            let format = format ?? .jsonl
            let isChosen = try choice()
            let period = try period()
            let isWanted = { (event: JSONValue) in isChosen(event.cell("event")) && period.contains(event.cell("at")) }
            let client: Client
            do throws(Client.Unreachable) { client = try server.client() } catch { throw Failure(unreachable: error) }
            let filters = files.isEmpty ? [period.narrowed(filter)] : files.map { period.narrowed(filter).and("case", .string($0)) }
            for file in files { try CaseName.requireReadable(file, server) }
            let total = try filters.reduce(0) { try $0 + Int(server.call(.count, [$1.member])["count"]?.integer ?? 0) }
            if total == 0 { try filter.requireKnownNames(server) }
            switch format {
            case .xes: StandardOutput.data(XES.head)
            case .csv: StandardOutput.data(csv.head(Export.columns))
            case .jsonl: break
            }
            var progress = Progress(of: total)
            var done = 0
            for filter in filters {
                var after: String?
                repeat {
                    let page = try server.call(.list, [filter.member, .init("limit", .integer(100))] + text("after", after))
                    let files = page["cases"]?.array ?? []
                    for (file, first) in zip(files, try histories(of: files, client)) {
                        try write(file, first, format, hasEmptyTraces: period.isAllTime, isWanted)
                        done += 1
                        progress.show(done)
                    }
                    after = page.cell("next")
                } while after != nil
            }
            if format == .xes { StandardOutput.data(XES.tail) }
            StandardOutput.flush()
            progress.end()
        }
    }

    /// The journals of a page, or their beginnings, asked for in one go.
    private func histories(of files: [JSONValue], _ client: Client) throws -> [JSONValue] {
        var refused: Failure?
        var all: [JSONValue] = []
        do throws(Client.Unreachable) {
            for file in files {
                let params = JSONValue.object([.init("case", file["case"] ?? .null)] + text("acting", server.acting))
                try client.send(Request(id: .string(file.cell("case") ?? ""), method: Query.history.rawValue, params: params).line)
            }
            for _ in files {
                let line = try client.receive()
                guard let reply = try? JSONReader.read(line) else { throw Client.Unreachable(description: "a reply is not JSON") }
                if let error = reply["error"] { refused = refused ?? Failure(RemoteError(error)) }
                all.append(reply["result"] ?? .null)
            }
        } catch {
            throw Failure(unreachable: error)
        }
        if let refused { throw refused }
        return all
    }

    /// - Parameters:
    ///   - page: the beginning of its journal; the rest is asked for as it is written.
    ///   - hasEmptyTraces: whether XES names a case of which no event is wanted.
    private func write(
        _ file: JSONValue, _ page: JSONValue, _ format: Format, hasEmptyTraces: Bool, _ isWanted: (JSONValue) -> Bool
    ) throws {
        var hasBegun = false
        func begin() {
            if format == .xes, !hasBegun { StandardOutput.data(XES.head(of: file)) }
            hasBegun = true
        }
        if hasEmptyTraces { begin() }
        var page = page
        while true {
            for event in page["events"]?.array ?? [] where isWanted(event) {
                begin()
                switch format {
                case .jsonl: StandardOutput.data(String(decoding: JSONWriter.bytes { $0.value(event) }, as: UTF8.self) + "\n")
                case .csv: StandardOutput.data(csv.row(Export.columns.map { event.cell($0) ?? file.cell($0) ?? "" }))
                case .xes: StandardOutput.data(XES.event(event))
                }
            }
            guard let next = page.cell("next") else { break }
            page = try server.call(.history, [.init("case", file["case"] ?? .null), .init("after", .string(next))])
        }
        if format == .xes, hasBegun { StandardOutput.data(XES.traceTail) }
    }
}

/// The eXtensible Event Stream of IEEE 1849, which process-mining tools read.
private enum XES {
    static let head = """
        <?xml version="1.0" encoding="UTF-8"?>
        <log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
        <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
        <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
        <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
        <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
        <classifier name="Activity" keys="concept:name"/>

        """
    static let tail = "</log>\n"

    static let traceTail = "</trace>\n"

    static func head(of file: JSONValue) -> String {
        let about = ["matter", "title", "office", "leader", "channel", "state"].map { string($0, file.cell($0)) }.joined()
        return "<trace>\n" + string("concept:name", file.cell("case")) + about
    }

    static func event(_ event: JSONValue) -> String {
        let data = (event["data"]?.members ?? []).map { member in string("data:\(member.name)", member.value.string) }.joined()
        return "<event>\n" + string("concept:name", event.cell("event")) + string("lifecycle:transition", "complete")
            + string("org:resource", event.cell("by")) + string("org:group", event.cell("via"))
            + "<date key=\"time:timestamp\" value=\"\(Escaped.xml(event.cell("at") ?? ""))\"/>\n" + data + "</event>\n"
    }

    private static func string(_ key: String, _ value: String?) -> String {
        value.map { "<string key=\"\(Escaped.xml(key))\" value=\"\(Escaped.xml($0))\"/>\n" } ?? ""
    }
}
