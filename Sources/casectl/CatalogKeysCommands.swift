import ArgumentParser
import CaseWire
import Catalogue
import FoundationEssentials

extension CatalogGroup {
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Write a small catalogue to begin with."),
            discussion:
                "One office, one leader, one commissioner, one matter; every other key stands there as a remark. Then: casectl catalog check DIR."
        )
        @Argument(help: ArgumentHelp("A folder that is empty or not there yet.", valueName: "dir")) var path: String

        func run() throws {
            try ending {
                do {
                    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                    guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
                        throw Failure(code: .usage, message: "\(path) is not empty, and nothing was written", hint: "name another folder")
                    }
                } catch let error as CocoaError {
                    throw Failure(code: .unwritable, message: "\(path) cannot be made: \(error.localizedDescription)", hint: nil)
                }
                for (name, text) in CatalogueBeginning.files.sorted(by: { $0.key < $1.key }) {
                    try WholeFile.write(text, to: "\(path)/\(name)")
                    StandardOutput.print("\(path)/\(name)")
                }
            }
        }
    }

    struct ExplainKeys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain", abstract: Say.text("What the entries of a catalogue can hold."),
            discussion: "casectl catalog explain matter lists its keys; casectl catalog explain sla.NAME.CLOCK those of a table within it.")
        @Argument(help: "A kind of entry, or a table in one; by default all of them.", completion: .list(CatalogueTable.every.map(\.name)))
        var table: String?

        func run() throws {
            try ending {
                guard let table else {
                    let width = CatalogueTable.every.map(\.name.count).max() ?? 0
                    for one in CatalogueTable.every {
                        StandardOutput.print("\(one.name)\(String(repeating: " ", count: width - one.name.count))  \(one.summary)")
                    }
                    return
                }
                guard let found = CatalogueTable.every.first(where: { $0.name == table }) else {
                    let names = CatalogueTable.every.map(\.name)
                    throw Failure(
                        code: .usage, message: "a catalogue has no \(table)",
                        hint: Likeness.nearest(table, among: names).map { "did you mean \($0)?" } ?? "casectl catalog explain lists them")
                }
                StandardOutput.print(found.explanation)
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
