import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import ChildProcesses
import Evidence
import FoundationEssentials
import Glibc

/// Gives a command that whoever gives it can sign with a key of their own.
struct GiveSigned<Given: SignedCommand>: ParsableCommand {
    static var configuration: CommandConfiguration { Give<Given>.configuration }

    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var parameters: ParameterOptions<Given>
    @OptionGroup var signing: Signing

    func run() throws {
        try ending {
            let members = parameters.members
            try Give<Given>.give(members + (try signing.signature(Given.self, members, server)), mutation, server)
        }
    }
}

extension SignedCommand {
    static var signedTerminalCommand: any ParsableCommand.Type {
        GiveSigned<Self>.self
    }
}

/// Shows what is signed, asks, and lets ssh-keygen sign it: by a file, by the agent, or by a hardware key.
struct Signing: ParsableArguments {
    @Flag(help: ArgumentHelp(Say.text("Sign it with a key of your own, as the matter may ask: shows what is signed, and asks.")))
    var sign = false
    @Option(
        help: ArgumentHelp(
            Say.text("With --sign: the file of the key; by default the agent, with a key that the catalogue names for you."),
            valueName: "file"))
    var signingKey: String?
    @Flag(help: ArgumentHelp(Say.text("With --sign: do not ask."))) var yes = false

    func validate() throws {
        guard sign || signingKey == nil && !yes else { throw ValidationError("--signing-key and --yes go with --sign") }
    }

    /// The parameters that a signature is; none where nobody wants to sign.
    func signature(_ command: any SignedCommand.Type, _ members: [JSONValue.Member], _ server: Server) throws -> [JSONValue.Member] {
        guard sign else { return [] }
        let own = members.filter { $0.name != "case" }
        let made = try server.call(
            .statement,
            members.filter { $0.name == "case" } + [.init("command", .string(command.name.rawValue)), .init("parameters", .object(own))])
        guard let statement = made.cell("statement"), let signedAt = made["signed_at"], let salt = made.cell("salt") else {
            throw Failure(code: .unavailable, message: "the server gave no statement to sign", hint: nil)
        }
        let shown = try Signing.shown(members, server)
        try Signing.require(statement, of: command, members, about: shown, salt: salt)
        try ask(statement, shown + own)
        // For what it is signed is not the server's to say.
        let signature = try signed(statement, command.namespace, (made["keys"]?.array ?? []).compactMap(\.string))
        return [.init("signature", .string(signature)), .init("signed_at", signedAt), .init("salt", .string(salt))]
    }

    /// What the case says, as whoever signs sees it, by the names of the lines that commit to it.
    private static func shown(_ members: [JSONValue.Member], _ server: Server) throws -> [JSONValue.Member] {
        let file = try server.call(.get, members.filter { $0.name == "case" })
        let texts = [
            ("applicant-id", file["applicant"]?.cell("id")), ("applicant-name", file["applicant"]?.cell("name")),
            ("title", file.cell("title")),
        ]
        return texts.compactMap { name, text in text.map { .init(name, .string($0)) } }
    }

    /// That a statement is about what was typed and shown: a key of one's own is what the server cannot use.
    ///
    /// - Parameter shown: what the case says.
    static func require(
        _ statement: String, of command: any SignedCommand.Type, _ members: [JSONValue.Member], about shown: [JSONValue.Member],
        salt: String
    ) throws {
        let said = { (name: String) in members.first { $0.name == name }?.value.string }
        var wanted = [IntentStatement.kind, "command: \(command.name.rawValue)"]
        if let file = said("case") { wanted.append("case: \(file)") }
        if let recommendation = said("recommendation") { wanted.append("recommendation: \(recommendation)") }
        if let grounds = said("reasons") ?? said("opinion") ?? said("ground") {
            wanted.append(IntentStatement.line("reasons", apart: grounds, salt: salt))
        }
        wanted += shown.map { IntentStatement.line($0.name, apart: $0.value.string ?? "", salt: salt) }
        let lines = statement.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard StatementSalt.isSalt(salt), lines.first == IntentStatement.kind, Set(wanted).isSubset(of: lines) else {
            throw Failure(
                code: .refused, message: "what the server gives to sign is not what was typed: nothing was signed",
                hint: "is this the right socket? look at the statement with casectl rpc case.statement")
        }
    }

    private func ask(_ statement: String, _ own: [JSONValue.Member]) throws {
        let said = own.compactMap { member in member.value.string.map { "  \(member.name) = \($0)" } }
        let lines = statement.split(separator: "\n").map { "  \($0)" } + said
        StandardError.write(
            Say.line("This is what you sign:") + "\n" + lines.map { Terminal.plain(String($0)) + "\n" }.joined())
        guard !yes else { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(code: .usage, message: "nobody can be asked here", hint: "with --yes it is signed without asking")
        }
        StandardError.write(Say.line("Sign it? [y/N]") + " ")
        guard let answer = readLine(), answer.lowercased().hasPrefix("y") else {
            throw Failure(code: .refused, message: "nothing was signed, and nothing was given to the server", hint: nil)
        }
    }

    private func signed(_ statement: String, _ namespace: String, _ keys: [String]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("casectl-\(UUID().uuidString)").path
        guard mkdir(folder, 0o700) == 0 else {
            throw Failure(code: .uncreatable, message: "\(folder) cannot be made", hint: "look at TMPDIR")
        }
        defer {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        let path = "\(folder)/statement"
        try WholeFile.write(statement, to: path)
        guard signingKey != nil || !keys.isEmpty else {
            throw Failure(
                code: .refused, message: "the catalogue names no key with which you sign today",
                hint: "an admin adds a [signer.NAME] with your public key, and somebody else agrees to it")
        }
        // With a public key it is the agent that signs.
        let files = signingKey.map { [$0] } ?? keys.indices.map { "\(folder)/key\($0).pub" }
        if signingKey == nil { for (file, key) in zip(files, keys) { try WholeFile.write("\(key)\n", to: file) } }
        for file in files {
            let code = try run(namespace, file, path)
            guard code == 0 else { continue }
            if let signature = try? String(contentsOfFile: "\(path).sig", encoding: .utf8) { return signature }
        }
        throw Failure(
            code: .refused, message: "ssh-keygen made no signature",
            hint: signingKey == nil
                ? "add your key to the agent (ssh-add), or name its file with --signing-key" : "look at what it says above")
    }

    private func run(_ namespace: String, _ key: String, _ path: String) throws -> Int32 {
        do {
            return try Child.run(#"exec ssh-keygen -q -Y sign -n "$1" -f "$2" "$3" >&2"#, [namespace, key, path])
        } catch {
            throw Failure(code: .unavailable, message: "ssh-keygen cannot be started: \(error)", hint: "apt-get install openssh-client")
        }
    }
}
