import ArgumentParser
import CaseClient
import CaseCore
import CasePages
import CaseWire
import FoundationEssentials
import Glibc
import WorkingTime

/// How to reach the server, and how to show what it says.
struct Server: ParsableArguments {
    @Option(help: ArgumentHelp(Say.text("The server's socket."), valueName: "path"))
    var socket: String?

    @Flag(help: ArgumentHelp(Say.text("Print the result as JSON, for programs.")))
    var json = false

    @Option(
        help: ArgumentHelp(
            Say.text("Write the output into this file, which is replaced once all of it is there; what fails changes nothing."),
            valueName: "file"))
    var outputFile: String?

    @Option(
        name: .customLong("as"), help: ArgumentHelp(Say.text("Act for this person; only for a service that may."), valueName: "person"))
    var acting: String?

    func validate() throws {
        if let outputFile { StandardOutput.redirect(to: outputFile) }
    }

    private var path: String {
        socket ?? ProcessInfo.processInfo.environment["CASED_SOCKET"] ?? Client.defaultPath
    }

    /// How long a command that has a key keeps trying while the server restarts.
    private static let patience: TimeInterval = 10

    /// Asks the server, and ends the program with the right exit code where it says no.
    ///
    /// - Parameter told: hears what the server says before its answer.
    func call(_ method: Method, _ params: [JSONValue.Member] = [], told: ((JSONValue) -> Void)? = nil) throws -> JSONValue {
        let params = try JSONValue.object(Moment.resolved(params, of: method, self) + acting(on: method))
        return try answer(method) { client throws(Client.Unreachable) in try client.read(method.rawValue, params, told: told) }
    }

    func call(_ query: Query, _ params: [JSONValue.Member] = [], told: ((JSONValue) -> Void)? = nil) throws -> JSONValue {
        try call(Method.query(query), params, told: told)
    }

    /// A query that looks at many cases, with a bar of how many.
    func callShowingProgress(_ query: Query, _ params: [JSONValue.Member] = []) throws -> JSONValue {
        var progress: Progress?
        defer { progress?.end() }
        return try call(query, params + [.init("progress", .bool(true))]) { told in
            guard let done = told["cases"]?.integer, let total = told["of"]?.integer else { return }
            if progress == nil { progress = Progress(of: Int(total)) }
            progress?.show(Int(done))
        }
    }

    func call(_ administration: Method.Administration, _ params: [JSONValue.Member] = []) throws -> JSONValue {
        try call(Method.administration(administration), params)
    }

    /// A command on a case. It carries a key, so that trying again cannot do it twice.
    func mutate(_ method: Method, _ params: [JSONValue.Member], _ mutation: Mutation) throws -> JSONValue {
        let params = try JSONValue.object(Moment.resolved(params, of: method, self) + mutation.members + acting(on: method))
        return try answer(method) { client throws(Client.Unreachable) in try client.command(method.rawValue, params, key: mutation.key) }
    }

    private func acting(on method: Method) throws -> [JSONValue.Member] {
        guard let acting else { return [] }
        guard method.parameters.contains(where: { $0.name == "acting" }) else {
            throw Failure(code: .usage, message: "--as: nobody can be acted for here", hint: "leave --as out")
        }
        return [.init("acting", .string(acting))]
    }

    func client() throws(Client.Unreachable) -> Client {
        try Client(path: path)
    }

    func call(_ method: String, _ params: JSONValue) throws -> JSONValue {
        try answer { client throws(Client.Unreachable) in try client.read(method, params) }
    }

    /// - Parameter method: whose parameters a refusal may speak of; nil where somebody wrote them himself.
    private func answer(_ method: Method? = nil, _ ask: (PatientClient) throws(Client.Unreachable) -> Result<JSONValue, RemoteError>) throws
        -> JSONValue
    {
        let client = PatientClient(path: path, patience: Server.patience) { reason in
            StandardError.write("casectl: " + Say.line("\(Terminal.plain(reason)); trying again for \(Int(Server.patience)) s") + "\n")
        }
        let answered: Result<JSONValue, RemoteError>
        do throws(Client.Unreachable) { answered = try ask(client) } catch { throw Failure(unreachable: error) }
        switch answered {
        case .success(let result): return result
        case .failure(let error): throw Failure(error, of: method)
        }
    }

    /// Follows cases over restarts of the server; a refusal that stays is a failure.
    func follow(
        _ params: [JSONValue.Member], from cursor: inout String, timeout: () -> Int? = { nil }, began: (String) throws -> Void = { _ in },
        _ body: (JSONValue) throws -> Bool
    ) throws {
        do {
            let params = try JSONValue.object(Moment.resolved(params, of: .stream(.watch), self) + acting(on: .stream(.watch)))
            try PatientClient(path: path).follow(params, from: &cursor, timeout: timeout, began: began, body)
        } catch let error as RemoteError {
            throw Failure(error, of: .stream(.watch))
        } catch let error as Client.Unreachable where !error.isTimeout {
            throw Failure(unreachable: error)
        }
    }

    /// Asks what is the same for everybody, beside what somebody is acted for.
    func common(_ query: Query, _ params: [JSONValue.Member] = []) throws -> JSONValue {
        try call(query.rawValue, .object(params))
    }

    /// The server's present, which may be a manual clock's.
    func now() throws -> Instant? {
        try common(.serverInfo).cell("now").flatMap { Instant($0) }
    }

    /// Prints a result: as JSON where that was asked for, else as the command puts it.
    func show(_ result: JSONValue, _ text: (JSONValue) -> String) {
        if json {
            StandardOutput.data(String(decoding: JSONWriter.bytes { $0.value(result) }, as: UTF8.self) + "\n")
        } else {
            Terminal.page(text(result))
        }
    }
}

/// What every command on a case takes.
struct Mutation: ParsableArguments {
    @Option(help: ArgumentHelp(Say.text("Refuse unless the case is at this revision."), valueName: "n"))
    var ifRevision: Int?

    @Option(
        name: .customLong("key"),
        help: ArgumentHelp(
            Say.text("The idempotency key; by default a new one. The same key gets the first answer again."), valueName: "key"))
    var givenKey: String?

    @OptionGroup var dryRun: DryRun

    /// The same for all that one run of the program asks.
    var key: String {
        givenKey ?? Mutation.newKey
    }

    func validate() throws {
        try require(ifRevision, of: "--if-revision", from: 1)
    }

    static let newKey = UUID().uuidString.lowercased()

    var members: [JSONValue.Member] {
        (ifRevision.map { [.init("if_revision", .integer($0))] } ?? []) + dryRun.members
    }
}

/// Why a command did not succeed, as a person reads it and a script tests it.
struct Failure: Error, CustomStringConvertible {
    enum Code: Int32 {
        case refused = 1
        case usage = 64
        /// Two histories of one journal: what somebody kept of it is not its beginning.
        case forked = 65
        case notFound = 66
        case unavailable = 69
        /// Somebody was first; and, as `uncreatable`, what sysexits calls EX_CANTCREAT. Either way nothing was done.
        case conflict = 73
        case unwritable = 74
        case tryAgain = 75
        case notPermitted = 77

        /// A file that was named for output cannot be made.
        static let uncreatable = Code.conflict
    }

    /// What monitoring knows as unknown.
    static let unknown: Int32 = 3

    let code: Code
    /// In English, as monitoring reads it.
    let message: String
    let hint: String?
    /// Of what the server refused.
    let kind: String?

    init(code: Code, message: String, hint: String?) {
        self.code = code
        self.message = message
        self.hint = hint
        kind = nil
    }

    /// - Parameter method: whose parameters were options of the command.
    init(_ error: RemoteError, of method: Method? = nil) {
        code =
            switch error.code {
            case 4000..<5000: .tryAgain
            case 5400, -32602, -32601, -32600, -32700: .usage
            case 5403: .notPermitted
            case 5404: .notFound
            case 5409, 5410, 5422: .conflict
            default: .refused
            }
        kind = error.kind
        message = method.map { $0.inOptions(error.message, about: error.details.cell("parameter")) } ?? error.message
        let findings = (error.details["findings"]?.array ?? []).compactMap(\.string)
        let mend = error.hint.map { hint in method.map { $0.inOptions(hint) } ?? hint }
        hint = findings.count > 1 ? findings.joined(separator: "\n") : mend
    }

    init(unreachable error: Client.Unreachable) {
        self.init(
            code: .unavailable, message: error.description,
            hint: error.isDenied
                ? "whoever may connect is in the group of the socket: usermod --append --groups cased USER, then log in anew"
                : "is it running? See systemctl status cased, or name its socket with --socket")
    }

    var isTransient: Bool {
        code == .tryAgain || code == .unavailable
    }

    /// For people, in their language.
    var description: String {
        let lines = hint?.split(separator: "\n").map { "\n  " + Terminal.plain(Say.singular(Say.line(String($0)))) } ?? []
        let message = DashedText.plain(message)
        return Terminal.plain(kind.map { Say.refusal($0, message) } ?? Say.singular(Say.line(message))) + lines.joined()
    }
}

extension ParsableCommand {
    /// Runs a body, and turns a failure into its message on standard error and its exit code.
    func ending(_ body: () throws -> Void) throws {
        do {
            do {
                try StandardOutput.begin()
                try body()
            } catch let error as ExitCode {
                // A verdict is said by the exit code, and what it rests on by the output.
                try StandardOutput.finish()
                throw error
            }
            try StandardOutput.finish()
        } catch let failure as Failure {
            StandardOutput.abandon()
            StandardError.write("casectl: \(failure.description)\n")
            throw ExitCode(
                [.unwritable, .uncreatable].contains(failure.code) ? StandardOutput.failureCode(failure.code) : failure.code.rawValue)
        } catch {
            StandardOutput.abandon()
            throw error
        }
    }
}
