import ArgumentParser
import CaseCore
import CasePages
import CaseWire

/// The decision on a case, as somebody checks it who trusts nobody here.
struct Decision: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("Show the decision on a case: what was sealed and signed, and how to check it."),
        discussion:
            "Examples: casectl decision C-17; casectl decision C-17 --html > C-17.html; casectl decision C-17 --statement > statement")

    @OptionGroup var server: Server
    @Argument(help: ArgumentHelp(Say.text("The case, such as C-17.")), completion: Completion.cases) var file: String
    @Flag(help: ArgumentHelp(Say.text("As a page that can be printed."))) var html = false
    @Flag(help: ArgumentHelp(Say.text("Only the statement, to the byte as it is signed."))) var statement = false
    @Flag(help: ArgumentHelp(Say.text("Only the signature over it."))) var signature = false
    @Option(
        help: ArgumentHelp(
            Say.text("Which of them: decision@cased, the office's seal, or a person's such as grant@cased; by default the seal.")))
    var purpose: String?
    @Option(help: ArgumentHelp(Say.text("The language of the page: en or zh; by default that of the terminal."))) var language: Language?

    func validate() throws {
        try CaseName.require(file)
        if [html, statement, signature, server.json].count(where: { $0 }) > 1 {
            throw ValidationError("--html, --statement, --signature and --json exclude each other")
        }
        guard language == nil || html else { throw ValidationError("--language is for --html") }
        guard purpose == nil || statement || signature else { throw ValidationError("--purpose is for --statement or --signature") }
    }

    func run() throws {
        try ending {
            let result = try server.call(.decision, [.init("case", .string(file))])
            if statement || signature {
                let wanted = purpose ?? Decision.seal
                let signed = Verification.signed(result).first { $0.cell("namespace") == wanted }
                guard let text = signed?.cell(statement ? "statement" : "signature") else {
                    throw Failure(
                        code: .notFound, message: "nothing on \(file) is signed for \(wanted)",
                        hint: "casectl decision \(file) shows what is")
                }
                return StandardOutput.data(text)
            }
            if html {
                return StandardOutput.data(
                    DecisionPage(result, at: Times(server, matter: result.cell("matter"))(result, "at") ?? "", language ?? Say.language)
                        .html + "\n")
            }
            let times = Times(server, matter: result.cell("matter"))
            server.show(result) { Decision.text($0, at: times($0, "at")) + times.remark }
        }
    }

    private static let seal = "decision@cased"

    private static func text(_ result: JSONValue, at: String?) -> String {
        var facts = Table(of: "CASE", result.cell("case") ?? "")
        facts.add(["matter", result.cell("matter")])
        facts.add(["decision", result.cell("decision").map { Say.cell("event", $0) }])
        facts.add(["at", at])
        for name in ["by", "office"] { facts.add([name, result.cell(name)]) }
        var parts = [facts.text]
        if result["training"]?.bool == true { parts.append(Say.line("TRAINING: nothing here is an act of an administration.")) }
        if result["seal"]?.members == nil { parts.append(Say.line("Nothing was sealed: the catalogue named no seal.")) }
        for signed in Verification.signed(result) { parts.append(text(signed, result)) }
        return parts.joined(separator: "\n\n")
    }

    private static func text(_ signed: JSONValue, _ result: JSONValue) -> String {
        let statement = (signed.cell("statement") ?? "").split(separator: "\n").map { "  " + Terminal.plain(String($0)) }
        guard let signature = signed.cell("signature"), let namespace = signed.cell("namespace") else {
            return
                ([Say.line("No seal could be set: time decided, and no key counted or was at hand. It would have been set to:")] + statement)
                .joined(separator: "\n")
        }
        let (key, print) = (signed.cell("key") ?? "", signed.cell("fingerprint") ?? "")
        let heading =
            signed.cell("by").map { Say.fill("Signed by {} with key {}, {}, for {}:", $0, key, print, namespace) }
            ?? Say.fill("Sealed with seal {}, {}, for {}:", key, print, namespace)
        let said = (signed["said"]?.members ?? []).compactMap { member in
            member.value.string.map { "  \(member.name) = \(Terminal.plain($0))" }
        }
        let isErased = signed.cell("salt") == Erased.text
        let apart =
            isErased
            ? [Say.line("What its commitments are to was erased, with the salt.")]
            : said.isEmpty ? [] : [Say.fill("What its commitments are to, with the salt {}:", signed.cell("salt") ?? "")] + said
        let armor = signature.split(separator: "\n").map { Terminal.plain(String($0)) }
        return
            ([Terminal.plain(heading)] + statement + apart + armor + [Say.line("To check it without this program:")]
            + Verification.commands(signed, result).map { "  " + Terminal.plain($0) }).joined(separator: "\n")
    }
}
