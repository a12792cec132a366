import ArgumentParser
import CaseCore
import CaseWire
import Catalogue
import FoundationEssentials

extension CatalogGroup {
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
}
