import ArgumentParser
import CasePages
import CaseWire
import FoundationEssentials

// What of a catalogue is published.

extension CatalogGroup {
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
}
