import CaseTesting
import Foundation
import Testing

/// What no source of the project does, found by reading them all.
@Suite("Tidiness")
struct TidyTests {
    private static let sources: [String] = {
        let root = "\(SharedData.project)/Sources"
        let all = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(".swift") }.map { "\(root)/\($0)" }.sorted()
    }()

    @Test(
        "A function that is kept in a generic box is found, one that is passed is not",
        arguments: [
            ("let a = Mutex<(@Sendable () -> Void)?>(nil)", 1), ("let a: Mutex<() -> Void>", 1), ("var a: [(Int) -> Int] = []", 1),
            ("var a: [String: () throws -> Int]", 1), ("var a: Dictionary<Int,\n    (Int) -> Int>", 1),
            ("func a<Row>(_ rows: [Row], _ body: (Row) -> Void)", 0), ("let a = [{ (b: Int) -> Int in b }]", 0),
            ("if a < b { let c: () -> Void = d }", 0), ("// Mutex<() -> Void>", 0), ("let a = \"Mutex<() -> Void>\"", 0),
            ("let a = Mutex(Box()); struct Box { var body: () -> Void }", 0),
        ])
    func finder(_ source: String, _ count: Int) {
        #expect(boxedFunctions(in: source).count == count, "\(source)")
    }

    /// Each access to such a function wraps it once more: calls get slower and slower, and the stack ends.
    @Test("No function is kept directly in a generic box")
    func functionsInBoxes() throws {
        #expect(!Self.sources.isEmpty)
        let texts = try Self.sources.map { try String(contentsOfFile: $0, encoding: .utf8) }
        let names = texts.flatMap { $0.matches(of: /typealias (\w+) = [^\n]*->/).map { String($0.1) } }
        for (path, text) in zip(Self.sources, texts) {
            for line in boxedFunctions(in: spelledOut(names, in: text)) {
                Issue.record("\(path):\(line): keep the function in a struct or class, and that in the box")
            }
        }
    }

    @Test("A function behind another name is found as well")
    func namedFunctions() {
        #expect(boxedFunctions(in: spelledOut(["Handler"], in: "let a: Mutex<Handler?>; let b: [MyHandler]")) == [1])
    }

    private func spelledOut(_ names: [String], in source: String) -> String {
        names.reduce(source) { $0.replacing(try! Regex("\\b\($1)\\b"), with: "() -> Void") }
    }

    @Test("A file that a user names is written by one hand, which replaces nothing but ordinary files")
    func files() throws {
        let writers = try Self.sources.filter { path in
            try path.contains("/casectl/")
                && String(contentsOfFile: path, encoding: .utf8).firstMatch(
                    of: /\.write\(to:|toFile:|atomically|createFile\(|rename\(|O_CREAT|moveItem|copyItem|forWriting/) != nil
        }
        #expect(writers.map { ($0 as NSString).lastPathComponent } == ["WholeFile.swift"])
    }

    @Test("An instant of a record reaches people by the one door that says it in their zone")
    func instants() throws {
        // What these say is for programs, or for mails and pages, which have a zone of their own.
        let others = [
            "CalendarCommands", "ListCommands", "Moment", "LocalTime", "Metrics", "ExportCommand", "NoticeDelivery", "NoticeWords",
            "MailMessage", "ReportHeading", "OverdueCases",
        ]
        for path in Self.sources where path.contains("/casectl/") && !others.contains(where: { path.hasSuffix("/\($0).swift") }) {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for line in text.split(separator: "\n") {
                guard line.contains(/\.cell\("(?:at|due|now|since|until|effective|agree_again|next_deadline|last_backup|[a-z]+_at)"\)/)
                else { continue }
                let isSaid = line.contains(/due\(|when\(|times\(|RelativeTime|Instant\(|CASED_|local|!= nil|original/)
                if !isSaid { Issue.record("\(path): \(line): an instant is said by Times") }
            }
        }
    }

    @Test("What casectl writes for programs leaves by the one door that escapes it for terminals")
    func outputForPrograms() throws {
        for path in Self.sources where path.contains("/casectl/") {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for found in text.matches(of: /StandardOutput\.(print|write)\([^\n]*(JSONWriter|CSV\.|XES\.|Listing\.text|\.html|Metrics\.)/) {
                Issue.record("\(path): \(found.0)")
            }
        }
    }

    @Test("Each template escapes by the project's own rule, and puts nothing on a page as it is")
    func templates() throws {
        let folder = "\(SharedData.project)/Sources/CasePages/Templates"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(!names.isEmpty)
        let pages = try ["Page", "Bars", "ReportPage", "DutyList", "ServiceGuide", "DecisionPage"].map {
            try String(contentsOfFile: "\(folder)/../\($0).swift", encoding: .utf8)
        }
        .joined()
        for name in names {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            // PageTemplates puts the rule in front of each.
            #expect(!text.contains("{{{") && !text.contains("{{&") && !text.contains("{{%"), "\(name)")
            // What nobody hands over is left out without a word.
            for member in text.matches(of: /{{#?([A-Za-z]+)}}/).map(\.1) {
                #expect(pages.contains("let \(member):"), "\(name) names \(member)")
            }
        }
    }

    @Test("Each fault that make mutants puts in has its place in the sources, once")
    func mutants() throws {
        let folder = "\(SharedData.project)/Tests/Mutants"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".txt") }
        #expect(names.count >= 25)
        for name in names {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            let fault = try #require(
                text.wholeMatch(of: /--- found by [a-z]+\n--- in ([^\n]*)\n([\s\S]*?)\n--- write\n[\s\S]*/),
                "\(name)")
            let source = try String(contentsOfFile: "\(SharedData.project)/\(fault.1)", encoding: .utf8)
            #expect(source.ranges(of: fault.2).count == 1, "\(name): write it anew")
        }
    }

    @Test(
        "A file that a document of the project's builders names is there",
        arguments: ["ARCHITECTURE.md", "HACKING.md", "docs/reliability.md"])
    func namedFiles(document: String) throws {
        let text = try String(contentsOfFile: "\(SharedData.project)/\(document)", encoding: .utf8)
        let files = try #require(FileManager.default.enumerator(atPath: "\(SharedData.project)")).lazy.compactMap { $0 as? String }
            .filter { !$0.hasPrefix(".") }
        let there = Set(files.flatMap { path in [path, (path as NSString).lastPathComponent] })
        let named = text.matches(of: /`([A-Za-z\/+.]+(?:\.swift|\.md|\.io))`/).map { String($0.1) }
        #expect(named.count >= 3)
        for name in named {
            let isThere = there.contains(name) || there.contains { $0.hasSuffix("/\(name)") }
            #expect(isThere, "\(document) names \(name)")
        }
    }

    @Test("Programs for people write through streams that notice when they cannot: no bare print, no handle that ends the process")
    func streams() throws {
        for path in Self.sources where !path.contains("/casebench/") && !path.contains("/casesim/") && !path.contains("/casefuzz/") {
            for (number, line) in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            where !line.drop(while: \.isWhitespace).hasPrefix("//") {
                let isBare = line.firstMatch(of: /(^|[^\w.])print\(/) != nil && line.firstMatch(of: /func print\(/) == nil
                #expect(!isBare, "\(path):\(number + 1): print says nothing where it cannot write")
                #expect(!line.contains("FileHandle.standardOutput") && !line.contains("FileHandle.standardError"), "\(path):\(number + 1)")
            }
        }
    }

    @Test("Children are started in the process group of their parent: Foundation's are not")
    func children() throws {
        for path in Self.sources {
            #expect(
                try String(contentsOfFile: path, encoding: .utf8).firstMatch(of: /(^|[^\w.])(Foundation\.)?Process(\(\)|\.run\(|\.init\()/)
                    == nil, "\(path)")
        }
    }

    /// The lines on which a function type stands among generic arguments, or as the element of an array or a dictionary.
    private func boxedFunctions(in source: String) -> [Int] {
        var (found, brackets, line) = ([Int](), [Character](), 1)
        var rest = Substring(source)
        var last: Character = "\n"
        while let character = rest.first {
            if rest.hasPrefix("//") {
                rest = rest.drop { !$0.isNewline }
                continue
            }
            if let literal = ["\"\"\"", "\""].first(where: rest.hasPrefix) {
                rest = rest.dropFirst(literal.count)
                while !rest.isEmpty, !rest.hasPrefix(literal) {
                    if rest.first!.isNewline { line += 1 }
                    rest = rest.dropFirst(rest.first == "\\" ? 2 : 1)
                }
                rest = rest.dropFirst(literal.count)
                continue
            }
            switch character {
            case _ where character.isNewline: line += 1
            case "(", "[", "{": brackets.append(character)
            // Operators have spaces around them.
            case "<" where last.isLetter || last.isNumber: brackets.append(character)
            case ")", "]", "}": _ = brackets.popLast()
            case ">" where last == "-":
                if brackets.reversed().prefix(while: { $0 != "{" }).contains(where: "<[".contains) { found.append(line) }
            case ">" where brackets.last == "<": brackets.removeLast()
            default: break
            }
            last = character
            rest = rest.dropFirst()
        }
        return found
    }
}
