import ArgumentParser
import CasePages
import CaseWire
import FoundationEssentials

extension CatalogGroup {
    struct Guides: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("The service guides of all matters as pages, and an index of them."),
            discussion: """
                index.html leads to a page for each matter; each page needs nothing else. Files of matters that are gone stay, and are \
                named: remove them when nobody looks for them any more.
                """)

        @OptionGroup var server: Server
        @Argument(help: ArgumentHelp("The folder to write them to; it is made where it is missing.", valueName: "dir")) var directory:
            String
        @Option(help: "en or zh; by default the language of the terminal.") var language: Language?

        func run() throws {
            try ending {
                let list = try server.call(.catalogDutyList)
                let matters = list["matters"]?.array ?? []
                let language = language ?? Say.language
                let pages = matters.map { matter in
                    (
                        name: GuideIndex.fileName(matter.cell("matter") ?? ""),
                        text: ServiceGuide(matter, of: list, language: language, index: "index.html").html + "\n"
                    )
                }
                try WholeFile.makeFolder(directory)
                // Whoever comes by the index finds what it names.
                try WholeFile.write(
                    together: pages + [("index.html", GuideIndex(list, language: language).html + "\n")], in: directory)
                let names = Set(pages.map(\.name))
                let found = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
                let left = found.filter { $0.hasPrefix("guide-") && $0.hasSuffix(".html") && !names.contains($0) }.sorted()
                if !left.isEmpty {
                    StandardError.write(
                        "casectl: no matter has these pages any more: \(left.map(Terminal.plain).joined(separator: ", "))\n")
                }
                server.show(.object([.init("guides", .integer(matters.count)), .init("index", .string("\(directory)/index.html"))])) { _ in
                    "\(matters.count) guide\(matters.count == 1 ? "" : "s") and their index are in \(Terminal.plain(directory))."
                }
            }
        }
    }
}
