import ArgumentParser
import CaseWire

struct CalendarGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "Count in working time.", subcommands: [Due.self, Measure.self])

    struct Due: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "When a budget ends.")
        @OptionGroup var server: Server
        @Argument(help: "A calendar of the catalogue.") var calendar: String
        @Argument(help: "From when, as an instant.") var start: String
        @Argument(help: "How long, such as \"20 working-days\".") var budget: String

        func run() throws {
            try ending {
                let parameters = [("calendar", calendar), ("start", start), ("budget", budget)].map {
                    JSONValue.Member($0.0, .string($0.1))
                }
                server.show(try server.call(.calendarDue, parameters)) {
                    ($0.cell("due") ?? "") + ($0["provisional"]?.bool == true ? " (provisional)" : "")
                }
            }
        }
    }

    struct Measure: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How much time lies between two instants.")
        @OptionGroup var server: Server
        @Argument(help: "A calendar of the catalogue.") var calendar: String
        @Argument(help: "From when, as an instant.") var from: String
        @Argument(help: "Until when.") var to: String
        @Option(help: "In which unit.") var unit = "working-days"

        func run() throws {
            try ending {
                let parameters = [("calendar", calendar), ("from", from), ("to", to), ("unit", unit)].map {
                    JSONValue.Member($0.0, .string($0.1))
                }
                server.show(try server.call(.calendarMeasure, parameters)) {
                    "\($0.cell("amount") ?? "") \($0.cell("unit") ?? "")"
                }
            }
        }
    }
}

struct ClockGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock", abstract: "The clock of a training instance.", subcommands: [Advance.self])

    struct Advance: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move a manual clock forward; what falls due on the way happens in order.")
        @OptionGroup var server: Server
        @Argument(help: "The new present, as an instant.") var to: String

        func run() throws {
            try ending {
                server.show(try server.call(.clockAdvance, [.init("to", .string(to))])) { "It is \($0.cell("now") ?? "")." }
            }
        }
    }
}

struct RPC: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rpc", abstract: "Send any method and print its result as JSON.")
    @OptionGroup var server: Server
    @Argument(help: "The method, such as case.get; rpc.discover lists them.") var method: String
    @Argument(help: "Its parameters as a JSON object; - reads them from standard input.") var parameters = "{}"

    func run() throws {
        try ending {
            var text = parameters
            if text == "-" {
                text = ""
                while let line = readLine(strippingNewline: false) { text += line }
            }
            let value: JSONValue
            do throws(JSONReader.Malformed) {
                value = try JSONReader.read(Array(text.utf8))
            } catch {
                throw Failure(code: .usage, message: "the parameters are not JSON: \(error.description)", hint: nil)
            }
            let result = try server.call(method, value, isRetryable: false)
            print(String(decoding: JSONWriter.bytes { $0.value(result) }, as: UTF8.self))
        }
    }
}
