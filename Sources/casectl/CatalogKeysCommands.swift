import ArgumentParser
import CaseWire
import Catalogue
import FoundationEssentials

extension CatalogGroup {
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Write a small catalogue to begin with."),
            discussion:
                "One office, one leader, one commissioner, an auditor, somebody who agrees to later versions, one matter; every other key stands there as a remark."
        )
        @Argument(help: ArgumentHelp("A folder that is empty or not there yet.", valueName: "dir")) var path: String

        func run() throws {
            try ending {
                try WholeFile.makeFolder(path)
                guard let found = try? FileManager.default.contentsOfDirectory(atPath: path) else {
                    throw Failure(code: .unwritable, message: "\(path) cannot be looked into", hint: "name another folder")
                }
                guard found.isEmpty else {
                    throw Failure(code: .usage, message: "\(path) is not empty, and nothing was written", hint: "name another folder")
                }
                for (name, text) in CatalogueBeginning.files.sorted(by: { $0.key < $1.key }) {
                    try WholeFile.write(text, to: "\(path)/\(name)")
                    StandardOutput.print(Terminal.plain("\(path)/\(name)"))
                }
                let folder = Terminal.plain(Invocation.quoted(path))
                StandardOutput.print(
                    """

                    Next: casectl catalog check \(folder)
                    Say in a file beside the folder who the unix users of this machine are, such as users.toml:
                      [user.alice]
                      person = "person-2"
                    Then: casectl catalog apply \(folder) --with users.toml
                    """)
            }
        }
    }

    struct ExplainKeys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain", abstract: Say.text("What the entries of a catalogue can hold."),
            discussion: """
                casectl catalog explain matter lists its keys; casectl catalog explain sla.NAME.CLOCK those of a table within it; casectl catalog \
                explain channels, or matter.channels, says all about one key: how it is written, whether it is needed, what stands for it, an example.
                """)
        @Argument(
            help: ArgumentHelp("A kind of entry, a table in one, or a key; by default all tables.", valueName: "name"),
            completion: .list(CatalogueTable.every.map(\.name) + ExplainKeys.keyNames))
        var table: String?

        private static var keyNames: [String] {
            Set(CatalogueTable.every.flatMap { $0.keys.map(\.name) }).sorted()
        }

        func run() throws {
            try ending {
                guard let table else {
                    let width = CatalogueTable.every.map(\.name.count).max() ?? 0
                    for one in CatalogueTable.every {
                        StandardOutput.print("\(one.name)\(String(repeating: " ", count: width - one.name.count))  \(one.summary)")
                    }
                    return
                }
                if let found = CatalogueTable.every.first(where: { $0.name == table }) { return StandardOutput.print(found.explanation) }
                let keys = CatalogueTable.keys(named: table)
                guard !keys.isEmpty else {
                    let whole = CatalogueTable.every.flatMap { table in table.keys.map { "\(table.name).\($0.name)" } }
                    let names = CatalogueTable.every.map(\.name) + ExplainKeys.keyNames + whole
                    throw Failure(
                        code: .usage, message: "a catalogue has no \(table)",
                        hint: Likeness.nearest(table, among: names).map { "did you mean \($0)?" }
                            ?? "casectl catalog explain lists its tables")
                }
                StandardOutput.print(keys.map { $0.key.explanation(in: $0.table) }.joined(separator: "\n"))
            }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Print the JSON Schema of a catalogue, for editors."),
            discussion: "An editor with taplo checks and completes by it, where the first line of a file is #:schema ./catalog.schema.json")

        func run() throws {
            try ending { StandardOutput.print(String(CatalogueTable.schema.dropLast())) }
        }
    }
}
