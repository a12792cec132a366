import CaseTesting
import Catalogue
import Foundation
import Testing

/// Texts that are no TOML, or hardly: each is refused with its line and a mend, and none ends the process.
@Suite("The form of TOML")
struct TOMLFormTests {
    private func findings(_ text: String) -> [Finding] {
        do throws(Catalogue.Refused) {
            _ = try Catalogue(files: ["x.toml": text])
            return []
        } catch {
            return error.findings
        }
    }

    @Test(
        "What is no TOML is refused with file, line and mend",
        arguments: [
            ("[审批处]", 1, "审批处 stands without quotes"), ("[office]\n[office.审批处]", 2, "审批处 stands without quotes"),
            ("[office.permits审]", 1, "审 stands without quotes"), ("审 = 1", 1, "审 stands without quotes"),
            ("[office.a]\nname = “Permits”", 2, "“ stands where a straight quote belongs"),
            ("name = ‘x’", 1, "‘ stands where a straight quote belongs"), ("name ＝ \"x\"", 1, "＝ is no character of TOML"),
            ("name = 审批", 1, "审批 stands without quotes"), ("name = a审", 1, "审 stands without quotes"),
            ("\n\nx = 2026-02-30", 3, "2026-02-30 is no value"), ("x = 2026-2-3", 1, "2026-2-3 is no value"),
            ("x = 2026-13-01", 1, "is no value"), ("x = 2026-02-06T25:00:00Z", 1, "is no value"), ("x = 09:00", 1, "is no value"),
            ("x = 2026-02-06T09:00:00+8", 1, "is no value"), ("x = 2026-02-06T09:00:00.", 1, "is no value"),
            ("\nx = [1, 2", 2, "an array does not end"), ("x = [1 2]", 1, "2 stands before , or ]"),
            ("x = [1,,2]", 1, ", stands before a value"),
            ("x = [\n1\n2 ]", 3, "2 stands before , or ]"), ("x = ]", 1, "] stands before a value"), ("[[x]", 1, "] stands before ]]"),
            ("[x", 1, "the line ends before ]"), ("[]", 1, "] stands before a name"), ("[x]]", 1, "] stands before the end of the line"),
            ("x", 1, "the line ends before ="), ("x =", 1, "the line ends before a value"), ("= 1", 1, "= stands before a name"),
            ("x = 1 y = 2", 1, "y stands before the end of the line"), ("x = \"a", 1, "a text does not end"),
            ("x = \"\"\"a\n\n", 1, "a long text does not end"), ("x = \"\\x\"", 1, "\\ begins no escape"),
            ("x = \"\\ud800\"", 1, "an escape needs 4"),
            ("x = \"\\u0000\"", 1, "U+0"), ("x = \"\u{1}\"", 1, "control character U+1"), ("# \u{1B}[2J", 1, "control character U+1B"),
            ("x = 01", 1, "01 is no value"), ("x = 1_", 1, "1_ is no value"), ("x = 99999999999999999999", 1, "is no value"),
            ("x = 1.", 1, "1. is no value"), ("x = .5", 1, ".5 is no value"), ("x = 0x", 1, "0x is no value"),
            ("x = yes", 1, "yes is no value"),
            ("x = { a = 1", 1, "the line ends before , or }"), ("x = { a = 1, }", 1, "} stands before a name"),
            ("x = 1\u{A0}", 1, "U+A0"), ("\u{202E}x = 1", 1, "U+202E"), ("x = 1\ry = 2", 1, "before the end of the line"),
        ])
    func refused(_ text: String, _ line: Int, _ sign: String) {
        let found = findings(text)
        #expect(found.count == 1 && found[0].line == line && found[0].file == "x.toml", "\(text.prefix(60)): \(found)")
        #expect(found.first.map { $0.message.contains(sign) && !$0.mend.isEmpty } == true, "\(text.prefix(60)): \(found)")
    }

    @Test(
        "Values and keys of any depth are refused, and need no stack", arguments: [("a", ".a", 32), ("x = ", "[", 33), ("x = ", "{a=", 33)])
    func depth(_ begin: String, _ piece: String, _ least: Int) {
        for count in [least, 100_000] {
            let found = findings(begin + String(repeating: piece, count: count))
            #expect(
                found.count == 1 && found[0].message.contains("more than 32"), "\(piece), \(count): \(found.map { $0.message.prefix(80) })")
        }
    }

    @Test(
        "What is TOML is read",
        arguments: [
            "", "\u{FEFF}# a mark of the byte order", "# 审批处\r\n", "\"审批处\" = 1", "a.\"b.c\".'d' = 1", "[ a . b ]", "[[a]]\n[[a]]",
            "x = \"审 “curly” \\u00e9 \\U0001F600 \\\" \\\\\"", "x = '\\ “'", "x = \"\"\"\na \"\" b\\\n   c\"\"\"\"", "x = '''\n''a'''",
            "x = 1_000",
            "x = -0", "x = +9_223_372_036_854_775_807", "x = 0xdead_BEEF", "x = 0o17", "x = 0b1", "x = -1.5e+10", "x = 1e5", "x = +inf",
            "x = nan",
            "x = 2026-02-06", "x = 2026-02-06T09:00:00", "x = 2026-02-06 09:00:00.123+08:00", "x = 2026-02-06t09:00:00z", "x = 09:00:00",
            "x = [1, \"a\", [true], {b = 1}, # c\n 2,\n]", "x = {}", "x = {a = 1, b.c = [2]}", "x = 1 # c", "x = 1\r\ny = 2\r\n",
        ])
    func accepted(_ text: String) throws {
        _ = try TOMLText.table(text)
    }

    /// The texts of the examples, and pieces that tear them.
    private static let texts: [String] = {
        let root = "\(SharedData.project)/examples"
        let files = (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".toml") }
        return files.sorted().map { (try? String(contentsOfFile: "\(root)/\($0)", encoding: .utf8)) ?? "" }
            + SmallOffice.files().sorted { $0.key < $1.key }.map(\.value)
    }()

    private static let pieces: [String] =
        [
            "审批处", "“", "”", "‘", "＝", "，", "【", "[", "]", "[[", "]]", "{", "}", "=", ",", ".", "\"", "'", "\"\"\"", "'''", "\\", "\\u",
            "\\ud800",
            "\\U00110000", "#", "\n", "\r", "\r\n", "\t", " ", "\u{0}", "\u{1}", "\u{7F}", "\u{FEFF}", "\u{301}", "\u{202E}", "\u{3000}",
            "-", "+", "_",
            ":", "T", "Z", "0", "00", "1_", "0x", "0b2", "1e", "1e999", "inf", "nan", "true", "tru", "2026-02-30", "2026-02-06T", "09:00",
            "24:00:00",
            "9223372036854775808", "-", "--", "a.b", ".", "..", "{a=", "[1,", "x = ", "[x]\n", "[[x]]\n", "x.y = 1\n",
            "\u{1F468}\u{200D}\u{1F469}",
        ]

    private static let lines: [String] =
        texts.flatMap { $0.components(separatedBy: "\n") }
        + ["[office]", "office = 1", "office.permits = 1", "[[office]]", "[office.a.b]", "[[office.a]]"]

    /// Lines of the examples in another order: much of it is well formed, and declares things twice or as two kinds.
    private func shuffled(_ random: inout SeededRandom) -> String {
        (0..<Int.random(in: 1...12, using: &random)).map { _ in Self.lines.randomElement(using: &random)! }.joined(separator: "\n")
    }

    private func mutated(_ random: inout SeededRandom) -> String {
        if Bool.random(using: &random) { return shuffled(&random) }
        let text = Self.texts.randomElement(using: &random)!
        var scalars = Array(text.unicodeScalars)
        // A part of it, so that many are tried; it begins and ends anywhere.
        let start = Int.random(in: 0...scalars.count, using: &random)
        scalars = Array(scalars[start..<min(scalars.count, start + Int.random(in: 0...600, using: &random))])
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...scalars.count, using: &random)
            let end = min(scalars.count, place + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: scalars.removeSubrange(place..<end)
            case 1: scalars.insert(contentsOf: scalars[place..<end], at: Int.random(in: 0...scalars.count, using: &random))
            case 2 where place < end: scalars[place] = Unicode.Scalar(UInt8.random(in: 0...255, using: &random))
            default: scalars.insert(contentsOf: Self.pieces.randomElement(using: &random)!.unicodeScalars, at: place)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// How many a test run tries: a number in the environment tries more.
    private static let rounds = Int(ProcessInfo.processInfo.environment["MUTATED_CATALOGUES"] ?? "") ?? 20_000

    /// As another reader of TOML writes it down below.
    private static func described(_ value: TOMLValue) -> String {
        switch value {
        case .string(let text): "s" + text.unicodeScalars.map { String($0.value) }.joined(separator: ",")
        case .integer(let number): "i\(number)"
        case .float: "f"
        case .boolean(let flag): "b\(flag)"
        case .day(let day): "d\(day)"
        case .time: "t"
        case .array(let values): "[" + values.map(described).joined(separator: " ") + "]"
        case .table(let table):
            "{"
                + table.keys.map { key in "\(described(.string(key)))=\(described(table[key]!))" }.sorted().joined(separator: " ") + "}"
        }
    }

    private static let otherReader = """
        import json, sys, tomllib, datetime
        def describe(value):
            if isinstance(value, bool): return "btrue" if value else "bfalse"
            if isinstance(value, str): return "s" + ",".join(str(ord(c)) for c in value)
            if isinstance(value, int): return "i%d" % value
            if isinstance(value, float): return "f"
            if isinstance(value, datetime.datetime): return "t"
            if isinstance(value, datetime.date): return "d" + value.isoformat()
            if isinstance(value, datetime.time): return "t"
            if isinstance(value, list): return "[" + " ".join(describe(v) for v in value) + "]"
            return "{" + " ".join(sorted(describe(k) + "=" + describe(v) for k, v in value.items())) + "}"
        def read(text):
            try: return describe(tomllib.loads(text))
            except (tomllib.TOMLDecodeError, ValueError, RecursionError): return None
        json.dump([read(text) for text in json.load(open(sys.argv[1]))], sys.stdout)
        """

    @Test("Whatever is well formed means what it means to another reader of TOML, and both refuse the same", arguments: 0..<4)
    func otherReader(block: UInt64) throws {
        let program = "/usr/bin/env"
        guard try Program(program, ["python3", "-c", "import tomllib"]).status == 0 else {
            print("python3 has no tomllib: the reader of TOML was compared with no other")
            return
        }
        var random = SeededRandom(seed: 1000 + block)
        let folder = TemporaryDirectory()
        var texts = (0..<Self.rounds / 40).map { _ in mutated(&random) }
        // Declared in many ways, often twice.
        let names = ["a", "b", "a.b", "b.a", "a.b.c", "\"a\"", "'b'.a"]
        texts += (0..<Self.rounds / 20).map { _ in
            (0..<Int.random(in: 1...5, using: &random)).map { _ in
                let name = names.randomElement(using: &random)!
                return [
                    "[\(name)]", "[[\(name)]]", "\(name) = 1", "\(name) = {a = 1, b.c = 2}", "\(name) = [{a = 1}]",
                    "\(name) = \"\"\"\n x\\\n  y\"\"\"",
                ]
                .randomElement(using: &random)!
            }.joined(separator: "\n")
        }
        // A mark of the byte order is no part of what it is given.
        texts = texts.map { $0.unicodeScalars.first == "\u{FEFF}" ? String($0.unicodeScalars.dropFirst()) : $0 }
        let path = "\(folder.path)/texts.json"
        try JSONSerialization.data(withJSONObject: texts).write(to: URL(fileURLWithPath: path))
        let other = try Program(program, ["python3", "-c", Self.otherReader, path])
        let answers = try #require(try JSONSerialization.jsonObject(with: Data(other.output.utf8)) as? [Any], "\(other.errors)")
        #expect(answers.count == texts.count)
        var bothCount = 0
        for (text, answer) in zip(texts, answers) {
            let own = try? TOMLText.table(text)
            if let own, let theirs = answer as? String {
                bothCount += 1
                #expect(Self.described(.table(own)) == theirs, "\(text)")
            } else if own == nil, answer is String {
                // What is refused beyond the form: very long numbers and fractions, years before 1, values that are very deep.
                let isBeyond = text.contains("0.") || text.contains("e") || text.contains("[[[") || text.firstMatch(of: /[0-9_]{18}/) != nil
                #expect(isBeyond, "refused here only: \(text)")
            } else if own != nil {
                Issue.record("taken here only: \(text)")
            }
        }
        #expect(bothCount > texts.count / 20)
    }

    @Test("Mutated catalogues are read or refused with a line and a mend, and end nothing", arguments: 0..<8)
    func mutations(block: UInt64) {
        var random = SeededRandom(seed: block)
        var refusedCount = 0
        for _ in 0..<Self.rounds / 8 {
            let text = mutated(&random)
            let found = findings(text)
            if !found.isEmpty { refusedCount += 1 }
            #expect(found.allSatisfy { $0.line >= 1 && !$0.message.isEmpty && !$0.mend.isEmpty }, "\(text)")
        }
        #expect(refusedCount > Self.rounds / 16)
    }
}

/// Names within the sentences of the reader.
@Suite("What the reader of TOML says of names")
struct TOMLSentenceTests {
    @Test(
        "A sentence about a name keeps its own spaces, and shows of the name what nobody could see",
        arguments: [
            ("name = 1\nname = 2\n", 2, "name is declared twice"), ("[a.b]\n[a.b]\n", 2, "a.b is declared twice"),
            ("[[a]]\n[a]\n", 2, "a is declared twice"), ("[a]\n[[a]]\n", 2, "a is declared twice"),
            ("a = 1\na.b = 2\n", 2, "a.b is declared twice"),
            ("a = { b = 1, b = 2 }\n", 1, "b is declared twice"), ("a = 1\n[a.b]\n", 2, "a is a value, and no table"),
            ("\"a b\" = 1\n\"a b\" = 2\n", 2, "a b is declared twice"),
            ("[\"a\u{202E}b\".c]\n[\"a\u{202E}b\".c]\n", 2, "aU+202Eb.c is declared twice"),
            ("\"a\\u001Bb\" = 1\n[\"a\\u001Bb\".c]\n", 2, "aU+1Bb is a value, and no table"),
        ])
    func names(text: String, line: Int, message: String) throws {
        let fault = #expect(throws: TOMLText.Unreadable.self) { try TOMLText.table(text) }
        #expect(fault?.line == line && fault?.message == message, "\(fault?.message ?? "")")
    }
}
