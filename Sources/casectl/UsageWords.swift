import ArgumentParser
import CaseCore
import CasePages
import CaseWire

/// What is said to whoever wrote a command line that the parser does not take.
enum UsageWords {
    /// The number of the first word that is not UTF-8, and how it looks; nil where all are. What is garbled here would be kept garbled for ever.
    static var foreignWord: (number: Int, shown: String)? {
        for number in 1..<max(1, Int(CommandLine.argc)) {
            guard let word = CommandLine.unsafeArgv[number], String(validatingCString: word) == nil else { continue }
            return (number, Terminal.plain(String(cString: word)))
        }
        return nil
    }

    /// The same for people.
    static func refusal(of word: (number: Int, shown: String)) -> String {
        "Error: argument \(word.number) of the command line is not UTF-8, and would be kept garbled: \(word.shown)"
    }

    /// What the parser says, with a likely mend rather than an unlikely one.
    ///
    /// - Parameters:
    ///   - words: the command line.
    ///   - help: the help of its command, which names its options.
    static func mended(_ message: String, words: [String], help: String) -> String {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let first = lines.first else { return message }
        if let found = first.firstMatch(of: /^(Error: Unknown option '([^']*)')/) {
            let option = String(found.2)
            var said = String(found.1)
            if let other = likely(option, help: help) { said += ". Did you mean '\(other)'?" }
            lines[0] = said
            if option.count == 2 || option.contains(" ") { lines.insert(dashHint, at: 1) }
        } else if first.contains("nexpected argument"), let command = words.first, words.count(where: isCase) > 1,
            Commands.ofClients.contains(where: { $0.terminalName == command && $0.subject == .file })
        {
            lines.insert("for several cases: casectl bulk \(command)", at: 1)
        } else if first.contains("Missing value for") || first.contains("Missing expected argument"),
            words.contains(where: { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0 != "-o" })
        {
            lines.insert(dashHint, at: 1)
        }
        return lines.joined(separator: "\n")
    }

    private static let dashHint = "A text that looks like an option stands behind --, or as in --title=-h."

    /// What somebody means most likely by an option that there is not: what is written nearly so, or what elsewhere is called so.
    private static func likely(_ option: String, help: String) -> String? {
        let name = String(option.drop { $0 == "-" }.prefix { $0 != "=" })
        let options = Set(help.matches(of: /--([a-z][a-z-]*)/).map { String($0.1) })
        if ["csv", "jsonl", "wide", "html", "table", "xes", "openmetrics"].contains(name), options.contains("output") {
            return "-o \(name)"
        }
        if let other = others[name], options.contains(other) { return "--\(other)" }
        return name.count < 3 ? nil : Likeness.nearest(name, among: options.sorted()).map { "--\($0)" }
    }

    private static let others = [
        "user": "person", "who": "person", "since": "submitted-after", "after-date": "submitted-after", "order-by": "sort",
        "group": "group-by",
        "search": "text", "find": "text", "status": "state", "file": "output-file", "max": "limit", "first": "limit",
    ]

    /// Commands by other names.
    static func meant(_ word: String) -> String? {
        [
            "approve": "grant", "reject": "refuse", "deny": "refuse", "ls": "list", "find": "list", "search": "list", "view": "show",
            "cat": "show",
            "get": "show", "log": "history", "comment": "note", "cancel": "withdraw", "pause": "suspend", "stop": "suspend",
            "continue": "resume",
            "inbox": "queue", "todo": "queue", "create": "submit", "new": "submit", "whoami": "status", "why": "explain",
        ][word]
    }

    private static func isCase(_ word: String) -> Bool {
        CaseID(word) != nil
    }

    /// In the reader's language, line by line.
    static func said(_ message: String) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let text = String(line)
            for (beginning, chinese) in [("Error: ", "错误："), ("Usage: ", "用法："), ("Help:  ", "说明：")]
            where Say.language == .zh && text.hasPrefix(beginning) {
                return chinese + Say.line(String(text.dropFirst(beginning.count)))
            }
            return Say.line(text)
        }.joined(separator: "\n")
    }
}

/// The id of a case as people write it.
enum CaseName {
    /// What is wrong with it, and what is meant; nil for one that may be a case, and for what is written quite otherwise.
    static func fault(_ text: String) -> String? {
        guard let found = text.wholeMatch(of: /[cC]?[-_ ]?0*([1-9][0-9]{0,8})/), text != "C-\(found.1)" else { return nil }
        return "\(text) is no case. Did you mean C-\(found.1)?"
    }

    /// Refuses a case that there is not, or not for whoever asks.
    static func requireReadable(_ file: String, _ server: Server) throws {
        guard try server.call(.count, [.init("filter", .object([.init("case", .string(file))]))])["count"]?.integer == 0 else { return }
        throw Failure(code: .notFound, message: "there is no case \(file) that you may read", hint: "casectl list shows the cases")
    }

    static func require(_ text: String?) throws {
        if let fault = text.flatMap(fault) { throw ValidationError(fault) }
    }
}
