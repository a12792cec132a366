import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import Crypto
import FoundationEssentials

extension InspectGroup {
    struct Draws: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("List the draws that the catalogue announces, and those that were made, the newest first."))
        @OptionGroup var server: Server
        @OptionGroup var range: PageRange

        func run() throws {
            try ending {
                let limit = range.limit.map { [JSONValue.Member("limit", .integer($0))] } ?? []
                server.show(try server.call(.drawList, limit + text("after", range.after))) { result in
                    var announced = Table(["NAME", "POST", "EVERY", "SIZE", "MATTERS", "NEXT", "COMMITMENT"], numbers: ["SIZE"])
                    for draw in result["draws"]?.array ?? [] {
                        let matters = (draw["matters"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
                        announced.add(
                            ["name", "post", "every", "size"].map { draw.cell($0) } + [
                                matters.isEmpty ? nil : matters, draw.cell("next"), draw.cell("commitment"),
                            ])
                    }
                    let times = Times(server)
                    var made = Table(["DRAW", "POST", "AT", "FROM", "MISSED", "DRAWN"], numbers: ["FROM", "MISSED"])
                    for draw in result["made"]?.array ?? [] {
                        made.add(
                            [draw.cell("draw"), draw.cell("post"), times(draw, "made_at"), draw.cell("population"), draw.cell("missed")]
                                + [InspectGroup.cases(draw["drawn"])])
                    }
                    let more =
                        result.cell("next").map { "\n\n\(Say.text("More: "))\(Terminal.plain(Invocation.again(after: .string($0))))" } ?? ""
                    return announced.text + "\n\n" + made.text + more + times.remark
                }
            }
        }
    }

    struct Drawn: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "draw", abstract: Say.text("Show a draw; with --json the file by which anybody can redo it."))
        @OptionGroup var server: Server
        @Argument(help: "Its name and the first day of its period, such as monthly/2026-03-01.") var draw: String

        func run() throws {
            try ending {
                server.show(try server.call(.drawGet, [.init("draw", .string(draw))])) { result in
                    let (rule, made) = (result["committed"] ?? .null, result["made"] ?? .null)
                    let times = Times(server)
                    var facts = Table(of: "DRAW", made.cell("draw") ?? "")
                    for (name, value) in [
                        ("post", rule.cell("post")), ("closed from", times(rule, "from")), ("closed before", times(rule, "to")),
                        ("committed at", times(result, "committed_at")), ("commitment", rule.cell("commitment")),
                        ("made at", times(result, "made_at")), ("secret", made.cell("secret")), ("head", made.cell("head_seq")),
                        ("head sha256", made.cell("head_sha256")), ("seed", made.cell("seed")), ("from cases", made.cell("population")),
                        ("size", rule.cell("size")), ("missed before", rule.cell("missed")), ("drawn", InspectGroup.cases(made["drawn"])),
                    ] {
                        facts.add([name, value])
                    }
                    return facts.text + times.remark
                }
            }
        }
    }

    struct Redo: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Do a draw over from its published file, without a server."),
            discussion: """
                The file is what `casectl inspect draw NAME/DAY --json` prints. Exits with 1 where something in it is not so. By hand: \
                printf '%s %s' SEED C-17 | sha256sum
                """)
        @OptionGroup var server: Server
        @Argument(help: ArgumentHelp("The published file; - for standard input.", valueName: "file")) var path: String
        @Flag(help: "Ask the server as well whether this is the draw that it made.") var againstServer = false

        func run() throws {
            try ending {
                let value = try file()
                let draw: PublishedDraw
                do throws(Mismatch) {
                    draw = try PublishedDraw(from: value)
                } catch {
                    throw Failure(code: .refused, message: "\(path): \(error.path ?? "it") \(error.problem)", hint: error.hint)
                }
                let reckoning = DrawReckoning { text in
                    SHA256.hash(data: Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                }
                var checks = reckoning.checks(of: draw)
                let name = draw.committed.rule.draw.description
                if againstServer {
                    checks.append(("the server made this draw", try server.call(.drawGet, [.init("draw", .string(name))]) == value))
                }
                StandardOutput.print(checks.map { ($0.holds ? "yes  " : "NO   ") + $0.what }.joined(separator: "\n"))
                StandardOutput.print(
                    "\n\(Terminal.plain(name)): \(draw.made.drawn.count) of \(draw.population.ids.count): "
                        + "\(draw.made.drawn.map(\.description).joined(separator: ", "))")
                StandardOutput.print(
                    "\nNot checked: that these cases were closed then, that the journal's head is what it says, and when both events were recorded"
                        + (againstServer ? ", but by the server's own word." : "; --against-server asks the server."))
                guard checks.allSatisfy(\.holds) else { throw ExitCode(Failure.Code.refused.rawValue) }
            }
        }

        private func file() throws -> JSONValue {
            var bytes: [UInt8] = []
            if path == "-" {
                while let line = readLine(strippingNewline: false) { bytes += line.utf8 }
            } else {
                guard let data = FileManager.default.contents(atPath: path) else {
                    throw Failure(code: .notFound, message: "\(path) cannot be read", hint: "name the published file")
                }
                bytes = Array(data)
            }
            guard let value = try? JSONReader.read(bytes) else {
                throw Failure(
                    code: .refused, message: "\(path) is not JSON", hint: "casectl inspect draw NAME/DAY --json prints such a file")
            }
            return value
        }
    }

    fileprivate static func cases(_ list: JSONValue?) -> String {
        (list?.array ?? []).compactMap(\.string).joined(separator: ", ")
    }
}
