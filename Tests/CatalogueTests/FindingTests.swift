import CaseCore
import CaseTesting
import Foundation
import Testing

@testable import Catalogue

/// What is wrong in one place keeps no other place from being looked at, and has one finding.
@Suite("All findings of a catalogue")
struct FindingTests {
    private static let base = SmallOffice.files(user: 4711)
    private static let mark = "zz-"

    /// The same administration once more, beside the other one: every name that the good catalogue declares is another one.
    private static func second(_ files: [String: String]) -> [String: String] {
        let names = base.values.flatMap { text in
            text.split(separator: "\n").compactMap { line -> String? in
                guard line.hasPrefix("["), !line.hasPrefix("[user.") else { return nil }
                return SourceLines.keys(line.drop { $0 == "[" }, until: "]").dropFirst().first
            }
        }
        var second: [String: String] = [:]
        for (file, text) in files {
            // Whom a rung tells has the same words.
            let lines = text.replacing("4711", with: "4712").split(separator: "\n", omittingEmptySubsequences: false).map { line in
                guard !line.contains("notify") else { return String(line) }
                return Set(names).union(["Supervises the time limits"]).reduce(into: String(line)) { line, name in
                    line.replace("\"\(name)\"", with: "\"\(mark)\(name)\"")
                    for end in ["]", "."] { line.replace(".\(name)\(end)", with: ".\(mark)\(name)\(end)") }
                    if line.hasPrefix("["), line.hasSuffix(".\(name)") { line.replace(".\(name)", with: ".\(mark)\(name)") }
                }
            }
            second[mark + file] = lines.joined(separator: "\n")
        }
        return second
    }

    private static func findings(_ files: [String: String]) -> Set<String> {
        let found: [Finding]
        do throws(Catalogue.Refused) { found = try Catalogue(files: files).warnings } catch { found = error.findings + error.warnings }
        // That one office has a key for its seal is said of every other one that has none, in whichever catalogue.
        return Set(found.map(\.description).filter { !$0.contains(": seal: approval office ") })
    }

    /// What is found besides what may be said of the good catalogue.
    private static func added(_ files: [String: String]) -> [String] {
        findings(files).subtracting(findings(base)).sorted()
    }

    private static func wrong(_ name: String) throws -> [String: String] {
        let wrong = try CatalogueTests.Wrong(name)
        var files = base
        files[wrong.file]!.replace(wrong.from, with: wrong.to, maxReplacements: name == "an-approval-office-without-staff" ? 2 : 1)
        return files
    }

    /// What a fault says that stands in a text besides the good catalogue: two faults with such words in common are not apart.
    private static func words(_ files: [String: String]) -> Set<Substring> {
        let known = Set(base.values.flatMap { $0.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "-" }) })
        return Set(files.values.flatMap { $0.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "-" }) }).subtracting(known)
    }

    @Test("Of two faults both are found, whatever stages find them, and nothing besides: a fault hides none and makes none")
    func pairs() throws {
        let names = CatalogueTests.Wrong.names.filter { $0 != "an-approval-office-without-a-key" }
        let faults = try names.map { name in
            let files = try Self.wrong(name)
            return (
                name: name, files: files, words: Self.words(files), first: Self.findings(files.merging(Self.second(Self.base)) { $1 }),
                second: Self.findings(Self.base.merging(Self.second(files)) { $1 })
            )
        }
        let good = Self.findings(Self.base.merging(Self.second(Self.base)) { $1 })
        #expect(good.allSatisfy { $0.contains(": breach: ") }, "\(good)")
        var count = 0
        for (place, one) in faults.enumerated() {
            #expect(!one.first.isSubset(of: good) && !one.second.isSubset(of: good), "\(one.name)")
            for step in [1, 7, 31] {
                let other = faults[(place + step) % faults.count]
                // One machine has one user root, by its name and by its number.
                let haveRoot = one.name.hasPrefix("root-") && other.name.hasPrefix("root-")
                guard one.words.isDisjoint(with: other.words), !haveRoot else { continue }
                let found = Self.findings(one.files.merging(Self.second(other.files)) { $1 })
                let expected = one.first.filter { !$0.hasPrefix(Self.mark) }.union(other.second.filter { $0.hasPrefix(Self.mark) })
                #expect(
                    found == expected,
                    "\(one.name) beside \(other.name): hidden \(expected.subtracting(found)), besides \(found.subtracting(expected))")
                count += 1
            }
        }
        #expect(count > names.count * 2, "\(count) pairs")
    }

    @Test("A fault in the form of one file, an unknown name in another, a rule and a warning in a third are found at once")
    func stages() throws {
        var files = Self.base
        files["sla.toml"]!.replace("budget = \"30 calendar-days\"", with: "budget = 30 calendar-days")
        files["office.toml"]!.replace("holder = \"hana\"", with: "holder = \"hanna\"")
        files["office.toml"]!.replace("seal = \"Seal of the permit office\"\n", with: "")
        files["matters.toml"]!.replace("basis = \"Notice Act, § 3\"\n", with: "")
        files["audit.toml"]!.replace("audits = true", with: "audits = \"yes\"")
        let found = Self.added(files)
        for (file, message) in [
            ("sla.toml", "stands before the end of the line"),
            ("office.toml", "unknown-name: there is no person \"hanna\"; did you mean hana? correct the name"),
            ("office.toml", "six-requirements: approval office permits lacks its dedicated seal"),
            ("matters.toml", "silence: silence would grant notice, which names no law that says so"),
            ("matters.toml", "basis: notice names no law"), ("audit.toml", "form: post.auditor has a audits that is a text"),
        ] {
            #expect(found.contains { $0.hasPrefix("\(file):") && $0.contains(message) }, "\(message): \(found)")
        }
        #expect(found.count == 6, "\(found)")
    }

    @Test("Behind a fault in the form of a file the rest of it is read on, up to a number of faults that is stated")
    func reading() throws {
        var files = Self.base
        files["office.toml"]!.replace("holder = \"otto\"", with: "holder = otto")
        files["office.toml"]!.replace("[person.bela]", with: "[person.bela")
        files["office.toml"]!.replace("name = \"Cora\"", with: "colour = \"Cora\"")
        let found = Self.added(files)
        #expect(found.count == 4, "\(found)")
        for message in ["otto is no value", "before ]", "person.cora has an unknown key colour", "person.cora has no name"] {
            #expect(found.contains { $0.contains(message) }, "\(message): \(found)")
        }
        let many = (0..<250).map { "[person.p\($0)]\nname = x\n" }.joined()
        let faults = Self.added(Self.base.merging(["many.toml": many]) { $1 })
        #expect(faults.count == 100)
    }

    @Test("A key that is misspelt is not missing besides, and is told what may be meant")
    func misspelt() throws {
        var files = Self.base
        files["matters.toml"]!.replace("office = \"permits\"\nleader", with: "ofice = \"permits\"\nleader", maxReplacements: 1)
        let found = Self.added(files)
        #expect(found.count == 1 && found.first!.contains("unknown key ofice; did you mean office? it takes"), "\(found)")
    }

    @Test("Of many findings the first hundred are said, and how many there are besides")
    func limit() throws {
        var files = Self.base
        files["more.toml"] = (0..<137).map { "[person.p\($0)]\nnam = \"x\"\n" }.joined()
        let refused = #expect(throws: Catalogue.Refused.self) { try Catalogue(files: files) }
        let lines = try #require(refused).findings.lines
        #expect(lines.count == 101 && lines.last == "and 37 more")
    }

    @Test(
        "A file in another encoding is named, with what it is in and how to mend it, and the others are looked at",
        arguments: [
            ("UTF-16", [0xFF, 0xFE], "UTF-16"), ("UTF-16BE", [], "UTF-16BE"), ("UTF-16LE", [], "UTF-16LE"), ("GB18030", [], "GB18030"),
            ("UTF-32LE", [0xFF, 0xFE, 0, 0], "UTF-32"), ("WINDOWS-1252", [], "WINDOWS-1252"),
        ] as [(String, [UInt8], String)])
    func encodings(name: String, mark: [UInt8], said: String) throws {
        let directory = TemporaryDirectory()
        var files = Self.base
        let bureau = name == "WINDOWS-1252" ? "Büro für Bäche" : "建设工程规划许可局"
        files["office.toml"]!.replace("name = \"Bureau\"", with: "name = \"\(bureau)\"")
        files["matters.toml"]!.replace("leader = \"leader\"", with: "leader = \"leeder\"", maxReplacements: 1)
        for (file, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(directory.path)/\(file)")) }
        let path = "\(directory.path)/office.toml"
        let converted = try Program(
            "/bin/sh", ["-c", "iconv -f UTF-8 -t \(name == "UTF-16" ? "UTF-16LE" : name) \"$0\" > \"$0.x\" && mv \"$0.x\" \"$0\"", path])
        #expect(converted.status == 0)
        try (Data(mark) + Data(contentsOf: URL(filePath: path))).write(to: URL(filePath: path))
        let folder = try CatalogueFolder(directory.path)
        #expect(folder.foreign.keys.sorted() == ["office.toml"])
        let refused = #expect(throws: Catalogue.Refused.self) { try folder.catalogue() }
        let found = try #require(refused).findings
        // The post leader may be in the file that nobody can read, leeder is not.
        #expect(found.count == 2 && found.contains { $0.message == "there is no post \"leeder\"" }, "\(found)")
        let finding = try #require(found.first { $0.file == "office.toml" })
        #expect(finding.mend.contains("iconv -f \(said) -t UTF-8 \(path)"), "\(finding)")
        // What it says does mend it.
        let command = try #require(finding.mend.split(separator: "UTF-8: ", maxSplits: 1).last)
        #expect(try Program("/bin/sh", ["-c", String(command)]).status == 0)
        let mended = try CatalogueFolder(directory.path)
        #expect(mended.foreign.isEmpty && mended.files["office.toml"] == files["office.toml"])
    }

    @Test("A file of which nobody knows what it is in is named with its first byte")
    func unknown() throws {
        let bytes = Array("[person.a]\nname = \"".utf8) + [0xFF, 0xFF, 0xFF, 0x80] + Array("\"\n".utf8)
        let text = try #require(ForeignText(bytes, at: "a b.toml"))
        #expect(text.encoding == .unknown(0xFF) && text.line == 2 && text.message.contains("0xFF"))
        #expect(ForeignText(Array("name = \"建设\"\n".utf8), at: "a") == nil && ForeignText([], at: "a") == nil)
        #expect(ForeignText([0x61, 0], at: "a")?.encoding == .utf16(isBigEndian: false))
        #expect(ForeignText([0x61, 0x62, 0x63, 0x64, 0x65, 0], at: "a")?.message == "the file holds NUL, and is no text")
    }
}
