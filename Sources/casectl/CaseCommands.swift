import ArgumentParser
import CaseWire

/// A command on one case: how its options become parameters.
protocol CaseCommand: ParsableCommand {
    static var method: Method { get }
    var server: Server { get }
    var mutation: Mutation { get }
    var parameters: [JSONValue.Member] { get }
}

extension CaseCommand {
    func run() throws {
        try ending {
            server.show(try server.mutate(Self.method, parameters, mutation)) { file in
                let due = (file["clocks"]?.array ?? []).compactMap { clock in
                    clock.cell("due").map { "\(clock.cell("clock") ?? "") due \($0)" }
                }
                let parts = [file.cell("case"), file.cell("state"), "revision \(file.cell("revision") ?? "")"] + due
                let suspended = file["suspended"]?.members == nil ? [] : ["suspended"]
                return Terminal.plain((parts.compactMap { $0 } + suspended).joined(separator: "  "))
            }
        }
    }

    static func describe(_ abstract: String) -> CommandConfiguration {
        CommandConfiguration(commandName: method.rawValue.dropping("case.").replacing("_", with: "-"), abstract: abstract)
    }
}

/// The case that a command is about.
struct OneCase: ParsableArguments {
    @Argument(help: ArgumentHelp("The case, such as C-17.", valueName: "case"), completion: Completion.cases)
    var id: String

    var member: JSONValue.Member {
        .init("case", .string(id))
    }
}

func text(_ name: String, _ value: String?) -> [JSONValue.Member] {
    value.map { [JSONValue.Member(name, .string($0))] } ?? []
}

private func texts(_ name: String, _ values: [String]) -> JSONValue.Member {
    JSONValue.Member(name, .array(values.map(JSONValue.string)))
}

struct Submit: CaseCommand {
    static let method = Method.submit
    static let configuration = describe("Submit a case.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @Argument(help: "The matter, as the duty list names it.", completion: Completion.matters) var matter: String
    @Option(help: "What it is about.") var title: String
    @Option(help: "The applicant's id.") var applicantId: String
    @Option(help: "The applicant's name.") var applicantName: String
    @Option(name: .customLong("material"), help: "A material that is handed in; repeat it for more.") var materials: [String] = []
    @Option(name: .customLong("field"), help: "Further data as NAME=VALUE; repeat it for more.") var fields: [String] = []
    @Option(help: "How it came in.") var channel = "window"

    func validate() throws {
        for field in fields where !field.contains("=") {
            throw ValidationError("--field \(field) has no value: write NAME=VALUE")
        }
    }

    var parameters: [JSONValue.Member] {
        let pairs = fields.map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return JSONValue.Member(String(parts[0]), .string(String(parts[1])))
        }
        return [
            .init("matter", .string(matter)), .init("title", .string(title)),
            .init("applicant", .object([.init("id", .string(applicantId)), .init("name", .string(applicantName))])),
            texts("materials", materials), .init("fields", .object(pairs)), .init("channel", .string(channel)),
        ]
    }
}

struct Accept: CaseCommand {
    static let method = Method.accept
    static let configuration = describe("Accept a complete submission; the time to decide begins.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    var parameters: [JSONValue.Member] { [file.member] }
}

struct Resume: CaseCommand {
    static let method = Method.resume
    static let configuration = describe("Let the clocks of a suspended case run on.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "Which suspension has ended; needed where there are several.") var kind: String?
    var parameters: [JSONValue.Member] { [file.member] + text("kind", kind) }
}

struct RequestCorrection: CaseCommand {
    static let method = Method.requestCorrection
    static let configuration = describe("Name all missing materials, once; the applicant's time begins.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(name: .customLong("missing"), help: "A missing material; repeat it for all of them.") var missing: [String]
    @Option(help: "A remark to the applicant.") var note: String?
    var parameters: [JSONValue.Member] { [file.member, texts("missing", missing)] + text("note", note) }
}

struct Correct: CaseCommand {
    static let method = Method.correct
    static let configuration = describe("Supply materials that were missing.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(name: .customLong("material"), help: "A material that is supplied; repeat it for more.") var materials: [String]
    @Option(help: "A remark.") var note: String?
    var parameters: [JSONValue.Member] { [file.member, texts("materials", materials)] + text("note", note) }
}

struct Decline: CaseCommand {
    static let method = Method.decline
    static let configuration = describe("Do not accept the submission.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "Why.") var ground: String
    @Option(help: "The organ that is competent.") var competent: String?
    var parameters: [JSONValue.Member] { [file.member] + text("ground", ground) + text("competent", competent) }
}

struct Assign: CaseCommand {
    static let method = Method.assign
    static let configuration = describe("Assign the case to an officer of its office.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Argument(help: "The officer; nobody unless said.") var handler: String?
    var parameters: [JSONValue.Member] { [file.member, .init("handler", handler.map(JSONValue.string) ?? .null)] }
}

struct Suspend: CaseCommand {
    static let method = Method.suspend
    static let configuration = describe("Stop the clocks for a lawful reason.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "hearing, expert-review, inspection, appraisal, applicant or force-majeure.") var kind: String
    @Option(help: "The legal basis.") var basis: String
    @Option(help: "The announced length, such as \"15 working-days\".") var expected: String
    @Option(help: "A remark.") var note: String?
    var parameters: [JSONValue.Member] {
        [file.member] + text("kind", kind) + text("basis", basis) + text("expected", expected) + text("note", note)
    }
}

struct Extend: CaseCommand {
    static let method = Method.extend
    static let configuration = describe("Extend the decision clock, once, before it is overdue.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "The clock.") var clock = "decision"
    @Option(help: "By how much, such as \"10 working-days\".") var by: String
    @Option(help: "Why; the applicant is told.") var reason: String
    var parameters: [JSONValue.Member] { [file.member] + text("clock", clock) + text("by", by) + text("reason", reason) }
}

struct Recommend: CaseCommand {
    static let method = Method.recommend
    static let configuration = describe("Close the examination with an opinion; the file goes to the leader.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Argument(help: "grant or refuse.") var recommendation: String
    @Option(help: "The written opinion.") var opinion: String
    var parameters: [JSONValue.Member] {
        [file.member] + text("recommendation", recommendation) + text("opinion", opinion)
    }
}

struct Return: CaseCommand {
    static let method = Method.return
    static let configuration = describe("Send the file back to the office.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "Why.") var reason: String
    var parameters: [JSONValue.Member] { [file.member] + text("reason", reason) }
}

struct Grant: CaseCommand {
    static let method = Method.grant
    static let configuration = describe("Decide: granted.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "Why.") var reasons: String?
    var parameters: [JSONValue.Member] { [file.member] + text("reasons", reasons) }
}

struct Refuse: CaseCommand {
    static let method = Method.refuse
    static let configuration = describe("Decide: refused, with reasons.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "Why.") var reasons: String
    var parameters: [JSONValue.Member] { [file.member] + text("reasons", reasons) }
}

struct Withdraw: CaseCommand {
    static let method = Method.withdraw
    static let configuration = describe("Withdraw a submission.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "Why.") var reason: String?
    var parameters: [JSONValue.Member] { [file.member] + text("reason", reason) }
}

struct Deliver: CaseCommand {
    static let method = Method.deliver
    static let configuration = describe("Record that the decision was handed over.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "By which way.") var how: String
    var parameters: [JSONValue.Member] { [file.member] + text("how", how) }
}

struct Note: CaseCommand {
    static let method = Method.note
    static let configuration = describe("Add a note.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Argument(help: "The note.") var text: String
    var parameters: [JSONValue.Member] { [file.member, .init("text", .string(text))] }
}

struct Escalate: CaseCommand {
    static let method = Method.escalate
    static let configuration = describe("Raise a case one level: leader, commissioner and department head are told.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "Why.") var reason: String
    var parameters: [JSONValue.Member] { [file.member] + text("reason", reason) }
}

struct Recuse: CaseCommand {
    static let method = Method.recuse
    static let configuration = describe("Declare to have no part in a case; the declared substitute takes the step.")
    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var file: OneCase
    @Option(help: "Why.") var reason: String
    var parameters: [JSONValue.Member] { [file.member] + text("reason", reason) }
}
