import ArgumentParser
import CaseWire
import Catalogue
import FoundationEssentials
import SystemPackage

// The files that a command about a catalogue is given.

extension CatalogGroup {
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
}
