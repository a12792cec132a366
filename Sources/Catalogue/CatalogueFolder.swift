import CaseCore
import FoundationEssentials

/// The files of a catalogue as they are on disk.
package struct CatalogueFolder: Sendable {
    /// Their texts, by their paths in the folder.
    package private(set) var files: [String: String] = [:]
    /// Those that are no UTF-8.
    package private(set) var foreign: [String: ForeignText] = [:]

    package static let fileLimit = 1000

    /// A file that cannot be read, and why.
    package struct Unreadable: Error {
        package let path: String
        package let reason: String
    }

    /// All `.toml` files of a folder and the folders in it.
    package init(_ directory: String) throws(Unreadable) {
        let paths: [String]
        do { paths = try FileManager.default.subpathsOfDirectory(atPath: directory).filter { $0.hasSuffix(".toml") } } catch {
            throw Unreadable(path: directory, reason: CatalogueFolder.reason(error))
        }
        guard paths.count <= CatalogueFolder.fileLimit else {
            throw Unreadable(path: directory, reason: "it holds \(paths.count) files, and \(CatalogueFolder.fileLimit) are allowed")
        }
        for path in paths { try add("\(directory)/\(path)", as: path) }
    }

    /// One more file.
    package mutating func add(_ path: String, as name: String) throws(Unreadable) {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw Unreadable(path: path, reason: CatalogueFolder.reason(error))
        }
        let bytes = Array(data)
        if let text = ForeignText(bytes, at: path) {
            foreign[name] = text
        } else {
            files[name] = String(decoding: bytes, as: UTF8.self)
        }
    }

    package var names: [String] {
        (Array(files.keys) + foreign.keys).sorted()
    }

    /// What the files say, all of them.
    package func catalogue(further: (Register) -> [Violation] = { _ in [] }) throws(Catalogue.Refused) -> Catalogue {
        try Catalogue(files: files, unreadable: foreign, further: further)
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is no such file or folder"
        case .fileReadNoPermission?: "permission is denied"
        default: "\(error)"
        }
    }
}
