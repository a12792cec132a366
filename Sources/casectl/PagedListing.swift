import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// How much of a list is shown, and from where; the same options wherever the server hands one out in pages.
struct PageRange: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Say.text("At most so many, of orders and inspections so many cases; by default 100 in a table and all in a form for programs."))
    )
    var limit: Int?
    @Option(help: ArgumentHelp(Say.text("Go on after the place that the list before ended with."))) var after: String?

    func validate() throws {
        try require(limit, of: "--limit", from: 1)
    }
}

/// A list that the server hands out page by page. A form for programs is whole, and holds no more than a page in memory.
struct PagedListing {
    let method: Query
    /// The member of an answer that holds the records of a page.
    let member: String
    let parameters: [JSONValue.Member]
    let columns: [Column]
    /// What a JSON document says before the records.
    var head: [JSONValue.Member] = []
    /// How many rows a table has unless somebody asks otherwise.
    var tableLimit = 100
    /// Whether a JSON document leaves out where it goes on where there is no more, as the method does.
    var isNextSparse = false
    /// Where the server left off is a number rather than a text.
    var isAfterNumber = false
    /// Orders that the server itself hands pages out by; any other is made of the whole list.
    var serverOrders: [String] = []
    /// Orders by which the server is asked one after the other, where none of them has all records; each record comes once.
    var passes: [String] = []
    /// What tells rows apart that are alike in what they are ordered by.
    var identity = [List.id]
    /// The rows that a record stands for, where it is not a row itself.
    var rows: ((JSONValue) -> [JSONValue])?
    /// Whether it may be of a while ago; nil for a list that may not.
    var freshness: Freshness?
    /// Called where there is nothing to be shown.
    var ifEmpty: () throws -> Void = {}

    /// What the server hands out at once.
    private static let pageSize = 500

    func show(_ output: Output, _ server: Server, _ range: PageRange) throws {
        let format = try output.format(server)
        let listing = Listing(columns: columns, records: [])
        switch format {
        case .table, .wide, .html, .openmetrics:
            var records: [JSONValue] = []
            let next = try pages(server, output, range.after, limit: range.limit ?? tableLimit) { records += $0 }
            let more = next.map { "\n\n\(Say.text("More: "))\(Terminal.plain(Invocation.again(after: $0)))" } ?? ""
            try Listing(columns: columns, records: records, footer: more, isPart: next != nil || range.after != nil)
                .show(output, server, whole: .null, isOrdered: true)
        case .json where output.columns == nil:
            guard rows == nil || output.sort == nil else {
                throw Failure(
                    code: .usage, message: "--sort orders rows, and this document holds what they are part of",
                    hint: "give -o jsonl, or --json=COLUMNS")
            }
            // Nothing is written before the first page has come: a list that failed is not half a document.
            let opening = "{" + head.map { "\(Listing.text(.string($0.name))):\(Listing.text($0.value))," }.joined() + "\"\(member)\":["
            var separator = opening
            let next = try pages(server, output, range.after, limit: range.limit, isWhole: true) { records in
                for record in records {
                    StandardOutput.data(separator + Listing.text(record))
                    separator = ","
                }
            }
            if separator == opening { StandardOutput.data(separator) }
            StandardOutput.data(isNextSparse && next == nil ? "]}\n" : "],\"next\":\(Listing.text(next ?? .null))}\n")
            remark(next)
        case .json:
            let chosen = try listing.chosen(output)
            var separator = "["
            let next = try pages(server, output, range.after, limit: range.limit) { records in
                for record in records {
                    StandardOutput.data(separator + Listing.text(Listing.projected(record, chosen ?? columns)))
                    separator = ","
                }
            }
            if separator != "," { StandardOutput.data(separator) }
            StandardOutput.data("]\n")
            remark(next)
        case .jsonl, .csv:
            let chosen = try listing.chosen(output)
            var head = format == .csv ? output.csv.head((chosen ?? columns).map(\.name)) : ""
            let next = try pages(server, output, range.after, limit: range.limit) { records in
                if !records.isEmpty { StandardOutput.data(head) }
                if !records.isEmpty { head = "" }
                Listing(columns: columns, records: records).write(output, format, chosen)
            }
            StandardOutput.data(head)
            remark(next)
        }
    }

    /// The first records, and a word to a person where there are more.
    func first(_ limit: Int, _ server: Server) throws -> [JSONValue] {
        var records: [JSONValue] = []
        let next = try unorderedPages(server, after: nil, limit: limit, isWhole: true) { records += $0 }
        if next != nil { StandardError.write("casectl: \(Say.line("these are the first \(limit); choose fewer, as with --due today"))\n") }
        return records
    }

    /// Hands over all records, one after the other.
    func each(_ server: Server, _ body: (JSONValue) throws -> Void) throws {
        _ = try unorderedPages(server, after: nil, limit: nil, isWhole: true) { try $0.forEach(body) }
    }

    /// The records in the order that was asked for, see `unorderedPages`.
    private func pages(
        _ server: Server, _ output: Output, _ first: String?, limit: Int?, isWhole: Bool = false, _ body: ([JSONValue]) throws -> Void
    ) throws -> JSONValue? {
        let isServers = output.groupBy == nil && output.sort.map(serverOrders.contains) ?? true
        guard !isServers, let ordering = try output.ordering(among: columns, identity: identity) else {
            let sort = serverOrders.isEmpty ? [] : text("sort", output.sort)
            return try unorderedPages(server, sort, after: first, limit: limit, isWhole: isWhole, body)
        }
        var ordered = try OrderedRows(ordering, limit: limit ?? Ordering.limit, after: first)
        func requireAll() throws {
            guard limit == nil, ordered.isCut else { return }
            throw Failure(
                code: .refused, message: "these are more than \(Ordering.limit), and no more are put in order",
                hint: "narrow the list, give --limit, or leave --sort out")
        }
        _ = try unorderedPages(server, after: nil, limit: nil, isWhole: isWhole) { records in
            ordered.add(records)
            try requireAll()
        }
        let (records, next) = ordered.end()
        try requireAll()
        try body(records)
        return next.isNull ? Optional.none : next
    }

    /// Asks for page after page until the limit is reached or there are no more.
    ///
    /// - Parameter isWhole: whether records are wanted as they come, rather than the rows that they stand for.
    /// - Returns: where a list goes on that was cut.
    private func unorderedPages(
        _ server: Server, _ sort: [JSONValue.Member] = [], after first: String?, limit: Int?, isWhole: Bool = false,
        _ body: ([JSONValue]) throws -> Void
    ) throws -> JSONValue? {
        guard sort.isEmpty, !passes.isEmpty else {
            return try pagesOfOnePass(server, sort, after: first, limit: limit, isWhole: isWhole, body)
        }
        // The numbers of cases, and nothing else of them, are kept meanwhile.
        var seen: Set<Int64> = []
        for (number, pass) in passes.enumerated() {
            _ = try pagesOfOnePass(server, text("sort", pass), after: nil, limit: nil, isWhole: isWhole) { records in
                try body(
                    records.filter { record in
                        guard let id = record.cell("case").flatMap({ CaseID($0)?.number }) else { return true }
                        return number < passes.count - 1 ? seen.insert(id).inserted : !seen.contains(id)
                    })
            }
        }
        return nil
    }

    private func pagesOfOnePass(
        _ server: Server, _ sort: [JSONValue.Member], after first: String?, limit: Int?, isWhole: Bool,
        _ body: ([JSONValue]) throws -> Void
    ) throws -> JSONValue? {
        var after = try first.map(place)
        var left = limit ?? .max
        var isEmpty = true
        var cutCount = 0
        var asOf: Instant?
        defer {
            Truncation.remark(cutCount)
            Freshness.remark(asOf)
        }
        repeat {
            let size = min(left, PagedListing.pageSize)
            let page = try server.call(
                method,
                parameters + (freshness?.members ?? []) + sort + [.init("limit", .integer(size))]
                    + (after.map { [.init("after", $0)] } ?? []))
            let records = page[member]?.array ?? []
            // Of several pages the oldest counts.
            asOf = [asOf, Freshness.instant(of: page)].compactMap { $0 }.min()
            isEmpty = isEmpty && records.isEmpty
            cutCount += records.count { $0["truncated"] != nil }
            try body(isWhole ? records : rows.map { records.flatMap($0) } ?? records)
            left -= size
            let next = page["next"] ?? .null
            after = next.isNull ? Optional.none : next
        } while after != nil && left > 0
        if isEmpty { try ifEmpty() }
        return after
    }

    private func place(_ text: String) throws -> JSONValue {
        guard isAfterNumber else { return .string(text) }
        guard let number = Int64(text) else {
            throw Failure(code: .usage, message: "--after \(text) is no number", hint: "give the one that the list before ended with")
        }
        return .integer(number)
    }

    /// Tells a person what a program did not ask for.
    private func remark(_ next: JSONValue?) {
        guard let next else { return }
        let place = Invocation.quoted(next.string ?? Listing.text(next))
        StandardError.write("casectl: \(Say.line("there are more; they begin with --after \(place)"))\n")
    }
}

/// Records that are too long for their place, of which the server sends a part.
enum Truncation {
    static func remark(_ count: Int) {
        guard count > 0 else { return }
        let said = Say.line(
            "\(count == 1 ? "one record is" : "\(count) records are") too long to be shown whole: `truncated` names what is cut; casectl history --json has all of a case"
        )
        StandardError.write("casectl: \(said)\n")
    }
}

/// The command that a person typed.
enum Invocation {
    /// The same command, going on after a place.
    static func again(after place: JSONValue) -> String {
        var words: [String] = []
        var isPlace = false
        for word in CommandLine.arguments.dropFirst() {
            if !isPlace, word != "--after", !word.hasPrefix("--after=") { words.append(word) }
            isPlace = word == "--after"
        }
        return (["casectl"] + (words + ["--after", place.string ?? Listing.text(place)]).map(quoted)).joined(separator: " ")
    }

    /// As a shell reads it. What a terminal could take for a command, or does not show, is written by its number.
    static func quoted(_ word: String) -> String {
        guard Terminal.plain(word) == word else {
            let escaped = word.unicodeScalars.map { scalar in
                switch scalar {
                case "'", "\\": "\\" + String(scalar)
                case _ where Terminal.plain(String(scalar)) != String(scalar):
                    scalar.value > 0xFFFF ? "\\U" + hexadecimal(scalar, 8) : "\\u" + hexadecimal(scalar, 4)
                default: String(scalar)
                }
            }
            return "$'" + escaped.joined() + "'"
        }
        let isPlain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", "@", "=", "+", ",", "%": true
                default: scalar.value > 0x7F
                }
            }
        return isPlain ? word : "'" + String(word.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined()) + "'"
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar, _ count: Int) -> String {
        let digits = String(scalar.value, radix: 16)
        return String(repeating: "0", count: count - digits.count) + digits
    }
}
