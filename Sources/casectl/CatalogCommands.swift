import ArgumentParser
import CaseCore
import CaseWire
import Catalogue
import FoundationEssentials
import Glibc
import SystemPackage

struct CatalogGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: Say.text("The list of powers and responsibilities."),
        subcommands: [
            Init.self, ExplainKeys.self, Schema.self, Check.self, Edit.self, Plan.self, Apply.self, Confirm.self,
            Cancel.self, Versions.self, Diff.self, Get.self, Publish.self,
            Guide.self, Guides.self,
        ])

    /// The folder of a catalogue.
    struct Folder: ParsableArguments {
        @Argument(help: ArgumentHelp("The folder with the catalogue's .toml files.", valueName: "dir")) var path: String
        @OptionGroup var further: Further

        var with: [String] { further.with }

        func read() throws -> CatalogueFolder {
            try CatalogGroup.folder(path, with: with)
        }

        func member() throws -> JSONValue.Member {
            try CatalogGroup.checked(read())
        }
    }

    /// Files that a catalogue is made of besides.
    struct Further: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "A further file, such as one that binds this machine's unix users.",
                valueName: "file"))
        var with: [String] = []
    }

    static func folder(_ path: String, with further: [String]) throws -> CatalogueFolder {
        do {
            var folder = try CatalogueFolder(path)
            for file in further {
                let name = FilePath(file).lastComponent?.string ?? file
                guard !folder.names.contains(name) else {
                    throw Failure(code: .usage, message: "\(path) has a \(name) already", hint: "give the further file another name")
                }
                try folder.add(file, as: name)
            }
            guard !folder.names.isEmpty else {
                throw Failure(code: .notFound, message: "\(path) holds no .toml file", hint: "name the folder of a catalogue")
            }
            return folder
        } catch let error as CatalogueFolder.Unreadable {
            throw Failure(
                code: .notFound, message: "\(error.path) cannot be read: \(error.reason)",
                hint: error.path == path ? "name the folder of a catalogue" : nil)
        }
    }

    /// The files, once it is seen that all of them are texts, and that they bind no unix user of this machine twice, by its name and by its number:
    /// the server sees neither.
    static func checked(_ folder: CatalogueFolder) throws(Failure) -> JSONValue.Member {
        do throws(Catalogue.Refused) {
            _ = try folder.catalogue { $0.userViolations(number: MachineUsers.number) }
        } catch  where !folder.foreign.isEmpty || error.findings.contains(where: { $0.rule == .oneUser }) {
            throw Failure(code: .refused, message: error.message("the catalogue"), hint: error.findings.lines.joined(separator: "\n"))
        } catch {
            // The server says what it is.
        }
        return member(folder.files)
    }

    static func member(_ files: [String: String]) -> JSONValue.Member {
        .init("files", .object(files.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))
    }

    /// A catalogue that could become the next version: of a folder, or one that was there.
    struct Candidate: ParsableArguments {
        @Argument(help: ArgumentHelp("The folder with the catalogue's .toml files; none with --version.", valueName: "dir"))
        var path: String?
        @OptionGroup var further: Further
        @Option(help: "The files of this version, to go back to it.") var version: Int?

        /// Asked for by the commands: where a group of options refuses its own, the parser takes `--version` for the question which casectl this is.
        func requireRange() throws {
            try require(version, of: "--version", from: 1)
        }

        func member(_ server: Server) throws -> JSONValue.Member {
            switch (path, version) {
            case (let path?, nil): return try CatalogGroup.checked(CatalogGroup.folder(path, with: further.with))
            case (nil, let version?) where further.with.isEmpty:
                let stored = try server.call(.catalogGet, [.init("version", .integer(version))])
                return .init("files", stored["files"] ?? .object([]))
            default:
                throw Failure(
                    code: .usage, message: "either a folder or --version is needed", hint: "name one of them; --with goes with a folder")
            }
        }
    }

    /// What has to be allowed on purpose.
    struct Earlier: ParsableArguments {
        @Flag(
            help:
                "Let deadlines of running cases come earlier; by default none comes before what was promised.")
        var allowEarlier = false
        @Flag(help: "Let the number of posts, leading posts or ranks change together with offices.")
        var allowEstablishmentChange = false
        @Flag(help: "Let nobody but admins be left who could agree to a later version.")
        var allowSingleWord = false
        @Flag(help: "Bind no unix user where the files bind none; by default those of the newest version stay bound.")
        var withoutUsers = false

        var members: [JSONValue.Member] {
            (allowEarlier ? [.init("allow_earlier", .bool(true))] : [])
                + (allowEstablishmentChange ? [.init("allow_establishment_change", .bool(true))] : [])
                + (allowSingleWord ? [.init("allow_single_word", .bool(true))] : [])
                + (withoutUsers ? [.init("without_users", .bool(true))] : [])
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Check a catalogue, without a server."),
            discussion: """
                Prints every finding with file, line, rule and mend, and exits with 1 where there is one. What could not be read in one place keeps \
                no other place from being looked at. The first 100 findings are printed, the first 1,000 with --json, and how many more there are.
                """)
        @OptionGroup var folder: Folder
        @Flag(help: "Print the findings as JSON, for programs.") var json = false

        /// Findings that a program is given; of more, how many there are.
        private static let jsonLimit = 1000

        func run() throws {
            try ending {
                let files = try folder.read()
                do throws(Catalogue.Refused) {
                    let catalog = try files.catalogue { $0.userViolations(number: MachineUsers.number) }
                    let warnings = catalog.warnings + catalog.userWarnings(number: MachineUsers.number)
                    StandardOutput.print(
                        json
                            ? text([], warnings, catalog.register.concentration)
                            : describe(catalog.register, warnings, fileCount: files.names.count))
                } catch {
                    StandardOutput.print(
                        json
                            ? text(error.findings, error.warnings, [])
                            : (error.findings.lines + warningLines(error.warnings)).map(Terminal.plain).joined(separator: "\n"))
                    throw ExitCode(Failure.Code.refused.rawValue)
                }
            }
        }

        private func warningLines(_ warnings: [Finding]) -> [String] {
            warnings.lines.map { Say.line("warning: \($0)") }
        }

        private func describe(_ register: Register, _ warnings: [Finding], fileCount: Int) -> String {
            var table = Table(["DEPARTMENT", "MATTERS", "IN ONE OFFICE", "AT ONE WINDOW", "ONLINE"], numbers: ["MATTERS"])
            for figure in register.concentration {
                func share(_ count: Int) -> String { Say.fill("{} of {}", "\(count)", "\(figure.matterCount)") }
                table.add([
                    figure.department.raw, String(figure.matterCount), share(figure.inOfficeCount), share(figure.atWindowCount),
                    share(figure.onlineCount),
                ])
            }
            return
                Say.line("\(fileCount) files, \(register.offices.count) offices, \(register.matters.count) matters: no findings") + "\n"
                + warningLines(warnings).map { Terminal.plain($0) + "\n" }.joined() + "\n" + table.text
        }

        private func text(_ findings: [Finding], _ warnings: [Finding], _ concentration: [Concentration]) -> String {
            String(
                decoding: JSONWriter.bytes { writer in
                    writer.object { writer in
                        for (name, findings) in [("findings", findings), ("warnings", warnings)] {
                            writer.key(name)
                            writer.array(of: findings.prefix(Check.jsonLimit)) { writer, finding in
                                writer.object {
                                    $0.member("file", finding.file)
                                    $0.member("line", finding.line)
                                    $0.member("rule", finding.rule.rawValue)
                                    $0.member("number", finding.rule.number)
                                    $0.member("message", finding.message)
                                    $0.member("mend", finding.mend)
                                }
                            }
                        }
                        writer.member("more", max(0, findings.count - Check.jsonLimit) + max(0, warnings.count - Check.jsonLimit))
                        writer.key("concentration")
                        writer.array(of: concentration) { writer, figure in
                            writer.object {
                                $0.member("department", figure.department.raw)
                                $0.member("matters", figure.matterCount)
                                $0.member("in_office", figure.inOfficeCount)
                                $0.member("at_window", figure.atWindowCount)
                                $0.member("online", figure.onlineCount)
                            }
                        }
                    }
                }, as: UTF8.self)
        }
    }

    struct Plan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("What a catalogue would change, for which running cases, and whose deadlines move."),
            discussion: """
                Exits with 1 where apply would be refused, and says why.

                Examples: casectl catalog plan catalog; casectl catalog plan --version 3
                """)
        @OptionGroup var server: Server
        @OptionGroup var candidate: Candidate
        @OptionGroup var earlier: Earlier

        func validate() throws {
            try candidate.requireRange()
        }

        func run() throws {
            try ending {
                let plan = try server.callShowingProgress(.catalogPlan, [candidate.member(server)] + earlier.members)
                server.show(plan) { CatalogGroup.describe($0, Times(server)) }
                try CatalogGroup.requireAllowed(plan)
            }
        }
    }

    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Make a catalogue the next version."),
            discussion: """
                Changed calendars and limits reach the running cases one bounded batch after the other, beside other work; \
                casectl status shows how far that is, and --wait waits for it.

                Examples: casectl catalog apply catalog --if-version 3 --wait; casectl catalog apply --version 3
                """)
        @OptionGroup var server: Server
        @OptionGroup var candidate: Candidate
        @Option(help: "Refuse unless the newest version is this one, as the plan said.") var ifVersion: Int?
        @OptionGroup var earlier: Earlier
        @Flag(help: "Wait until changed rules have reached all running cases.") var wait = false

        func validate() throws {
            try candidate.requireRange()
            try require(ifVersion, of: "--if-version", from: 0)
        }

        func run() throws {
            try ending {
                let parameters =
                    [try candidate.member(server)] + (ifVersion.map { [.init("if_version", .integer($0))] } ?? []) + earlier.members
                server.show(try server.call(.catalogApply, parameters)) { CatalogGroup.describe($0, Times(server)) }
                if wait { try waitForClocks() }
            }
        }

        /// Says on a terminal how far it is.
        private func waitForClocks() throws {
            var progress: Progress?
            while let job = try server.call(.serverInfo)["reprojection"], let total = job["cases"]?.integer {
                if progress == nil { progress = Progress(of: Int(total)) }
                progress?.show(Int(job["done"]?.integer ?? 0))
                usleep(200_000)
            }
            progress?.end()
        }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: Say.text("Give up a catalogue that waits for its day."))
        @OptionGroup var server: Server

        func run() throws {
            try ending {
                server.show(try server.call(.catalogCancel)) {
                    Say.fill("The catalogue for {} is given up.", Times(server)($0, "effective") ?? "")
                }
            }
        }
    }

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: Say.text("Print the files of a version."))
        @OptionGroup var server: Server
        @Option(help: "A version; by default the newest.") var version: Int?
        @Flag(help: "The catalogue that waits for its day.") var pending = false

        func validate() throws {
            try require(version, of: "--version", from: 1)
            guard version == nil || !pending else { throw ValidationError("--pending goes with no --version: leave one of them out") }
        }

        func run() throws {
            try ending {
                let parameters =
                    (version.map { [JSONValue.Member("version", .integer($0))] } ?? []) + (pending ? [.init("pending", .bool(true))] : [])
                server.show(try server.call(.catalogGet, parameters)) { result in
                    (result["files"]?.members ?? []).map { file in
                        let lines = (file.value.string ?? "").split(separator: "\n", omittingEmptySubsequences: false)
                        return "# \(Terminal.plain(file.name))\n" + lines.map { Terminal.plain(String($0)) }.joined(separator: "\n")
                    }.joined(separator: "\n")
                }
            }
        }
    }

    struct Publish: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "duty-list", abstract: Say.text("The list of powers and responsibilities, for publication."),
            discussion: "As html it is a page that needs nothing else, to publish and to print.")

        enum Format: String, CaseIterable, ExpressibleByArgument { case table, csv, html }

        @OptionGroup var server: Server
        @Option(help: "A version; by default the newest.") var version: Int?
        @Option(help: "table, csv or html.") var format: Format?
        @Option(help: "The language of a table or a page: en or zh; by default that of the terminal.") var language: Language?

        func validate() throws {
            try require(version, of: "--version", from: 1)
            guard !server.json || format == nil else {
                throw ValidationError("--json is a form, and --format \(format!.rawValue) is another: leave one of them out")
            }
            guard language == nil || !server.json && format != .csv else {
                throw ValidationError("--language is for what people read: what programs read is the same in all")
            }
        }

        func run() throws {
            try ending {
                let parameters = version.map { [JSONValue.Member("version", .integer($0))] } ?? []
                server.show(try server.call(.catalogDutyList, parameters)) { result in
                    // What programs read is the same for everybody.
                    let list = DutyList(result, language: format == .csv ? .en : language ?? Say.language)
                    return switch format {
                    case .table, nil: list.table
                    case .csv: list.csv
                    case .html: list.html
                    }
                }
            }
        }
    }

    struct Guide: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: Say.text("The service guide of a matter: what an applicant has to know."))

        enum Format: String, CaseIterable, ExpressibleByArgument { case text, html }

        @OptionGroup var server: Server
        @Argument(help: "The matter, as the duty list names it.") var matter: String
        @Option(help: "text or html.") var format: Format?
        @Option(help: "en or zh; by default the language of the terminal.") var language: Language?

        func validate() throws {
            guard !server.json || format == nil && language == nil else {
                throw ValidationError("--json is for programs: leave --format and --language out")
            }
        }

        func run() throws {
            try ending {
                let result = try server.call(.catalogDutyList)
                guard let found = result["matters"]?.array?.first(where: { $0.cell("matter") == matter }) else {
                    let known = (result["matters"]?.array ?? []).compactMap { $0.cell("matter") }
                    throw Failure(
                        code: .notFound, message: "there is no matter \"\(matter)\"",
                        hint: Likeness.nearest(matter, among: known).map { "did you mean \($0)?" } ?? "casectl catalog duty-list lists them"
                    )
                }
                server.show(found) { found in
                    let guide = ServiceGuide(found, of: result, language: language ?? Say.language)
                    return format == .html ? guide.html : guide.text
                }
            }
        }
    }

    /// Refuses what a plan says could not be applied.
    static func requireAllowed(_ plan: JSONValue) throws(Failure) {
        guard let refused = plan.cell("refused") else { return }
        throw Failure(code: .refused, message: "this would be refused: \(refused)", hint: plan.cell("hint"))
    }

    static func describe(_ result: JSONValue, _ times: Times) -> String {
        let changes = result["changes"]?.array ?? []
        guard !changes.isEmpty else {
            return Say.line("Nothing changes: version \(result.cell("version") ?? "") holds the same.")
        }
        var lines = ["Version \(result.cell("version") ?? "")" + (times(result, "effective").map { ", from \($0)" } ?? "")]
        lines += changeLines(changes, hasKeys: result["version"]?.integer != 1)
        if let count = result["keeps_users"]?.integer {
            lines.append(
                count == 0
                    ? "  No unix user is bound: these files bind none, and neither did the version before"
                    : "  The unix users of the version before stay bound (\(count)), as these files bind none; --without-users unbinds them"
            )
        }
        for impact in result["impact"]?.array ?? [] {
            let words = [
                impact["orphaned"]?.bool == true ? "would be left without their matter: refused" : nil,
                impact["rerouted"]?.bool == true ? "are handed over, and no clock moves for that" : nil,
                impact["reprojected"]?.bool == true ? "follow the new calendar and limits" : nil,
            ].compactMap { $0 }
            let what = words.isEmpty ? "keep the version under which they were submitted" : words.joined(separator: "; ")
            lines.append("  running cases of \(impact.cell("matter") ?? "") (\(impact.cell("running") ?? "")) \(what)")
        }
        let waiting = result["waiting"]?.array ?? []
        lines += (result["leavers"]?.array ?? []).map {
            "  \($0.cell("person") ?? "") leaves \($0.cell("office") ?? ""): open cases (\($0.cell("cases") ?? "")) fall to its head, and decided ones that wait for their delivery (\($0.cell("deliveries") ?? ""))"
        }
        lines += (result["abandoned"]?.array ?? []).map {
            "  closed cases of \($0.cell("entry") ?? "") (\($0.cell("cases") ?? "")) will be with nobody but auditors: say succeeds = [\"…\"] in the one that takes over"
        }
        if let stranded = result["stranded"], stranded["count"]?.integer ?? 0 > 0 {
            let cases = (stranded["cases"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
            lines.append(
                "  running cases (\(stranded.cell("count") ?? "")) would have nobody to decide them: whoever would had to do with them, or the post is empty: \(cases)"
            )
        }
        lines += (result["warnings"]?.array ?? []).compactMap(\.string).map { "  warning: \($0)" }
        if !waiting.isEmpty {
            lines.append("  Waits for a second word, by another admin, an auditor or a post that confirms (casectl catalog confirm):")
            lines += waiting.map { "    \(appointment($0))" }
        }
        if let day = times(result, "agree_again") {
            lines.append("  The catalogue for \(day) holds this too, and has to be agreed to again: casectl catalog confirm --pending")
        }
        if result["second_words"]?.array?.isEmpty == true, result["training"] != true {
            lines.append(
                "  Nobody but admins could agree to a later version: no auditor, and no holder of a post with confirms = true, has a unix user"
            )
        }
        let tables = (result["reorganisation"].map(reorganisation) ?? []) + (result["clocks"].map { clocks($0, times) } ?? [])
        return (fitted(lines.map(Say.line).map(Terminal.plain)) + tables).joined(separator: "\n") + times.remark
    }

    /// Offices before and after, and the duties that change hands; nothing where neither changes.
    private static func reorganisation(_ change: JSONValue) -> [String] {
        var parts: [String] = []
        let names = ["abolished", "created"].map { (change[$0]?.array ?? []).compactMap(\.string) }
        if !names[0].isEmpty || !names[1].isEmpty {
            var table = Table(["", "OFFICES", "AVERAGE STAFF", "STAFF", "LEADING POSTS", "RANKS"])
            for name in ["before", "after"] {
                let figures = change[name] ?? .null
                let tenths = figures["average_staff_tenths"]?.integer ?? 0
                let ranks = (figures["ranks"]?.members ?? []).map { "\($0.value.integer ?? 0) \($0.name)" }.joined(separator: ", ")
                table.add([
                    Say.line(name), figures.cell("offices"), "\(tenths / 10).\(tenths % 10)", figures.cell("staff"),
                    figures.cell("leading_posts"),
                    ranks.isEmpty ? nil : ranks,
                ])
            }
            parts += ["", table.text]
        }
        let duties = change["duties"]?.array ?? []
        if !duties.isEmpty {
            var table = Table(["DUTY", "FROM", "TO"])
            for duty in duties { table.add(["duty", "from", "to"].map { duty.cell($0) }) }
            parts += ["", table.text]
        }
        return parts
    }

    /// What becomes of the running clocks: totals, then one by one.
    static func clocks(_ impact: JSONValue, _ times: Times) -> [String] {
        guard impact.cell("running") != "0" else { return [] }
        var totals = Table(["CLOCKS", "LATER", "EARLIER", "KEPT", "BREACHED", "NOW OFFICIAL"])
        totals.add(["running", "later", "earlier", "kept", "breached", "firm"].map { impact.cell($0) })
        let kept =
            impact.cell("kept") == "0"
            ? []
            : [
                "Kept: their budgets are raised so that no deadline comes before what was promised; --allow-earlier shortens those whose end decides nothing."
            ]
        var moves = Table(["CASE", "CLOCK", "FROM", "TO", "REMARK"])
        for move in impact["moves"]?.array ?? [] {
            let remark = [move["kept"]?.bool == true ? "kept" : nil, move["breached"]?.bool == true ? "breached" : nil].compactMap { $0 }
            let (from, to) = (times(move, "from", isEnd: true), times(move, "to", isEnd: true))
            moves.add([move.cell("case"), move.cell("clock"), from, to, remark.isEmpty ? nil : Say.line(remark.joined(separator: ", "))])
        }
        return ["", totals.text] + kept.map(Say.line) + ["", moves.text]
    }
}
