import ArgumentParser
import CaseWire
import Catalogue
import ChildProcesses
import FoundationEssentials
import Glibc
import SystemPackage

extension CatalogGroup {
    /// Opens a file in somebody's editor.
    struct Edit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Edit a file of a catalogue, check it, and show what it would change."),
            discussion: """
                Opens the file in VISUAL, EDITOR or vi. With findings it asks whether to edit again; without a terminal to ask on it exits \
                with 1. What is then planned is shown against the server; casectl catalog apply makes it so.
                """)
        @OptionGroup var server: Server
        @OptionGroup var folder: Folder
        @Argument(help: "The file in it, such as matters.toml.") var file: String

        func run() throws {
            try ending {
                let known = try folder.read().names.filter { $0.hasSuffix(".toml") }
                // What is not of the catalogue would be neither checked nor applied.
                guard known.contains(file) else {
                    throw Failure(
                        code: .notFound, message: "there is no \(file) in \(folder.path)",
                        hint: Likeness.nearest(file, among: known).map { "did you mean \($0)?" }
                            ?? "one of \(known.joined(separator: ", "))")
                }
                // A further file is where it was named.
                let further = folder.with.first { FilePath($0).lastComponent?.string == file }
                let path = further ?? "\(folder.path)/\(file)"
                repeat { try open(path) } while try isToBeEditedAgain()
                let plan = try server.call(.catalogPlan, [try folder.member()])
                server.show(plan) { CatalogGroup.describe($0, Times(server)) }
                try CatalogGroup.requireAllowed(plan)
                if !server.json, !(plan["changes"]?.array ?? []).isEmpty {
                    let with = folder.with.map { " --with \(Invocation.quoted($0))" }.joined()
                    StandardOutput.print("")
                    StandardOutput.print(
                        Terminal.plain(Say.line("To make it so: casectl catalog apply \(Invocation.quoted(folder.path))\(with)")))
                }
            }
        }

        private func open(_ path: String) throws {
            let environment = ProcessInfo.processInfo.environment
            let editor = [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
            let status: Int32
            // The editor may have arguments; the path is one word, whatever is in it.
            do throws(ChildProcess.Failed) { status = try Child.run("\(editor) \"$1\"", [path]) } catch {
                throw Failure(code: .unavailable, message: "the editor cannot be run: \(error)", hint: "set EDITOR")
            }
            guard status == 0 else {
                throw Failure(code: .refused, message: "the editor ended with \(status)", hint: "\(path) is as it left it")
            }
        }

        /// Prints the findings; false where there are none.
        private func isToBeEditedAgain() throws -> Bool {
            let files = try folder.read()
            do throws(Catalogue.Refused) {
                _ = try files.catalogue()
                return false
            } catch {
                for line in error.findings.lines { StandardError.write(Terminal.plain(line) + "\n") }
                guard isatty(0) == 1 else { throw ExitCode(Failure.Code.refused.rawValue) }
                StandardOutput.print(Say.line("Edit again? [Y/n]") + " ", terminator: "")
                StandardOutput.flush()
                guard let answer = readLine(), !answer.lowercased().hasPrefix("n") else { throw ExitCode(Failure.Code.refused.rawValue) }
                return true
            }
        }
    }
}
