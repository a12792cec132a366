import ArgumentParser
import CaseClient
import CaseCore
import CasePages
import CaseWire
import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

struct Bulk: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("Carry out one command on all cases that a filter means."),
        discussion: """
            First see what it would do: casectl bulk note --matter road-sign --set text="Office closed on 3 May" --dry-run. Then say how many \
            cases you expect: --expect 12. Where it is another number, nothing is done.

            Each case is changed only if it is still as it was listed. With the same --key, a run that was broken off goes on, and nothing \
            is done twice. Ctrl-C ends it between two cases.

            Examples: casectl bulk note --matter road-sign --set text="Office closed on 3 May" --dry-run; \
            casectl bulk note --matter road-sign --set text="Office closed on 3 May" --expect 12
            """)
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @Argument(help: "A command on a case, such as note, assign, escalate, accept, deliver.") var verb: String
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A parameter of the command; repeat it for more. A list has commas between.", valueName: "name=value"))
    var assignments: [String] = []
    @Flag(help: "Only list the cases.") var dryRun = false
    @Option(help: "Do it only if so many cases are meant.") var expect: Int?
    @Option(name: .customLong("key"), help: ArgumentHelp("The idempotency key of the whole run; by default a new one.", valueName: "key"))
    var givenKey: String?

    private var key: String {
        givenKey ?? Mutation.newKey
    }

    /// For so many seconds it waits for a server that restarts.
    private static let patience: TimeInterval = 10

    /// Requests that are on their way at once.
    private static let windowSize = 64

    func validate() throws {
        try require(expect, of: "--expect", from: 0)
        guard dryRun != (expect != nil) else {
            throw ValidationError(
                dryRun
                    ? "--dry-run does nothing, and --expect does it: give one of them"
                    : "give --dry-run to see which cases are meant, then --expect with their number")
        }
        let names = assignments.map { $0.prefix { $0 != "=" } }
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ValidationError("--set \(twice) is given twice")
        }
        for assignment in assignments where !assignment.contains("=") {
            throw ValidationError("--set \(assignment) has no value: write name=value")
        }
    }

    private var method: Method {
        get throws {
            let verbs = Commands.ofClients.filter { $0.subject == .file }
            let names = verbs.map { $0.method.dropping("case.").replacing("_", with: "-") }
            guard let place = names.firstIndex(of: verb) else {
                throw Failure(
                    code: .usage, message: "there is no command \(verb) on a case",
                    hint: Likeness.hint(verb, among: names))
            }
            return Method(verbs[place])
        }
    }

    func run() throws {
        try ending {
            let method = try method
            let parameters = try parameters(of: method)
            let cases = try meant()
            guard let expect else {
                guard !server.json else {
                    let meant = cases.map { JSONValue.object([.init("case", .string($0.id)), .init("revision", .integer($0.revision))]) }
                    return StandardOutput.data(Listing.text(.object([.init("cases", .array(meant))])) + "\n")
                }
                for file in cases {
                    StandardOutput.print(Terminal.plain("\(file.id)  \(Say.fill("revision {}", "\(file.revision)"))  \(file.title)"))
                }
                return StandardOutput.print(Say.line("\(cases.count) cases; to do it: --expect \(cases.count)"))
            }
            guard cases.count == expect else {
                throw Failure(
                    code: .refused, message: "\(cases.count) cases are meant, not \(expect): nothing was done",
                    hint: "look at them with --dry-run")
            }
            try carryOut(method, parameters, on: cases)
        }
    }

    private struct Meant {
        let id: String
        let revision: Int64
        let title: String
    }

    private func meant() throws -> [Meant] {
        var (cases, after): ([Meant], String?) = ([], nil)
        repeat {
            let page = try server.call(.list, [filter.member, .init("limit", .integer(1000))] + text("after", after))
            cases += (page["cases"]?.array ?? []).map {
                Meant(id: $0.cell("case") ?? "", revision: $0["revision"]?.integer ?? 0, title: $0.cell("title") ?? "")
            }
            after = page.cell("next")
        } while after != nil
        if cases.isEmpty { try filter.requireKnownNames(server) }
        return cases
    }

    /// The parameters that were set, each in the form that the method takes.
    private func parameters(of method: Method) throws -> [JSONValue.Member] {
        let given = try assignments.map { assignment -> JSONValue.Member in
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let parameter = method.parameters.first(where: { $0.name == parts[0] }), parameter.name != "case" else {
                let names = method.parameters.map(\.name).filter { $0 != "case" }
                throw Failure(
                    code: .usage, message: "\(verb) has no parameter \(parts[0])",
                    hint: Likeness.nearest(parts[0], among: names).map { "did you mean \($0)?" }
                        ?? "it takes \(names.joined(separator: ", "))")
            }
            switch parameter.givenShape {
            case .list: return .init(parts[0], .array(parts[1].split(separator: ",").map { .string(String($0)) }))
            case .orNull where parts[1].isEmpty: return .init(parts[0], .null)
            default: return .init(parts[0], .string(parts[1]))
            }
        }
        // Whatever is wrong with them is wrong with all cases: it is said before the first one.
        do throws(WireError) {
            _ = try Parameters(.object([.init("case", .string("C-1"))] + given), of: method)
        } catch {
            throw Failure(code: .usage, message: error.message, hint: error.hint)
        }
        return try Moment.resolved(given, of: method, server)
    }

    private func carryOut(_ method: Method, _ parameters: [JSONValue.Member], on cases: [Meant]) throws {
        let interrupt = Interrupt()
        var progress = Progress(of: cases.count)
        var client = try connected()
        var refused: [(id: String, error: RemoteError)] = []
        var (sent, done, doneBefore) = (0, 0, 0)
        var lastAnswer = Date()
        func request(_ file: Meant) -> [UInt8] {
            let members =
                [.init("case", .string(file.id)), .init("if_revision", .integer(file.revision))] + parameters
                + text("acting", server.acting) + [.init("idempotency_key", .string("\(key) \(file.id)"))]
            return Request(id: .string(file.id), method: method.rawValue, params: .object(members)).line
        }
        while done < cases.count, !(interrupt.isRaised && sent == done) {
            do throws(Client.Unreachable) {
                while sent < cases.count, sent - done < Bulk.windowSize, !interrupt.isRaised {
                    try client.send(request(cases[sent]))
                    sent += 1
                }
                let line = try client.receive()
                guard let reply = try? JSONReader.read(line) else { throw Client.Unreachable(description: "a reply is not JSON") }
                if let error = reply["error"].map(RemoteError.init) {
                    // Who restarts, or has no room just now, takes it a little later.
                    let left = lastAnswer.addingTimeInterval(Bulk.patience).timeIntervalSinceNow
                    if left > 0, error.mayPass(within: left) {
                        throw Client.Unreachable(description: error.message)
                    }
                    // The key of the run was used for this case, which has changed since.
                    if error.kind == "idempotency.key_reused" { doneBefore += 1 } else { refused.append((cases[done].id, error)) }
                }
                lastAnswer = Date()
                done += 1
                progress.show(done)
            } catch {
                // What was not answered is asked again under its key.
                sent = done
                usleep(200_000)
                client = try connected(after: error)
            }
        }
        progress.end()
        let counts = [
            ("done", done - doneBefore - refused.count), ("done_before", doneBefore), ("refused", refused.count),
            ("not_reached", cases.count - done),
        ]
        if server.json {
            let list = refused.map { JSONValue.object([.init("case", .string($0.id)), .init("message", .string($0.error.message))]) }
            StandardOutput.data(
                Listing.text(.object(counts.map { .init($0.0, .integer($0.1)) } + [.init("refusals", .array(list))])) + "\n")
        } else {
            for (id, error) in refused.prefix(20) {
                StandardError.write("casectl: \(id): \(Terminal.plain(Say.refusal(error.kind, error.message)))\n")
            }
            if refused.count > 20 { StandardError.write("casectl: \(Say.line("and \(refused.count - 20) more"))\n") }
            StandardOutput.print(counts.map { Say.line("\($0.1) \($0.0.replacing("_", with: " "))") }.joined(separator: Say.comma))
        }
        if interrupt.isRaised {
            throw Failure(code: .tryAgain, message: "it was broken off", hint: "the same command with --key \(key) goes on")
        }
        if !refused.isEmpty { throw ExitCode(Failure.Code.refused.rawValue) }
    }

    private func connected(after lost: Client.Unreachable? = nil) throws -> Client {
        let end = Date(timeIntervalSinceNow: lost == nil ? 0 : Bulk.patience)
        while true {
            do throws(Client.Unreachable) {
                return try server.client()
            } catch {
                guard Date() < end else { throw Failure(unreachable: error) }
                usleep(200_000)
            }
        }
    }
}

extension String {
    func dropping(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}

/// Whether somebody pressed Ctrl-C, for work that ends at a place of its own choice.
final class Interrupt {
    private final class Flag: Sendable {
        let isRaised = Mutex(false)
    }

    private let flag = Flag()
    private let source: any DispatchSourceSignal

    init() {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { @Sendable [flag] in flag.isRaised.withLock { $0 = true } }
        source.resume()
    }

    var isRaised: Bool {
        flag.isRaised.withLock { $0 }
    }

    deinit {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
