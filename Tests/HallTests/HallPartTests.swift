import CasePages
import CaseTesting
import CaseWire
import Crypto
import Foundation
import Testing

@testable import casehall

@Suite("Parts of the hall")
struct HallPartTests {
    @Test("A client has its burst, waits, and has it again; others have theirs")
    func clients() {
        let limits = ClientLimits(3, in: 60)
        let second: UInt64 = 1_000_000_000
        #expect((0..<3).allSatisfy { _ in limits.take("a", at: second) == nil })
        #expect(limits.take("a", at: second) == 20)
        #expect(limits.take("b", at: second) == nil)
        #expect(limits.take("a", at: 22 * second) == nil)
        #expect(limits.take("a", at: 22 * second) != nil)
    }

    @Test("Addresses of one customer are one client, however they are written, and those of two are two")
    func networks() {
        let same = ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::9", "2001:DB8:0001:2:ffff::", "2001:db8:1:2:0:0:0:1"]
        #expect(Set(same.map(ClientAddress.network)).count == 1)
        #expect(Set(["2001:db8::1", "2001:db8:0:0:7::", "2001:db8::ffff:0:0:1"].map(ClientAddress.network)).count == 1)
        #expect(ClientAddress.network("2001:db8:1:3::9") != ClientAddress.network("2001:db8:1:2::9"))
        for (address, client) in [("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("unknown", "unknown"), ("", "")] {
            #expect(ClientAddress.network(address) == client)
        }
    }

    @Test("A session is that of its visitor, until its time, and of nobody who changes a digit of it")
    func sessions() throws {
        let sessions = try Sessions(HallOptions.parse(["--session-lifetime", "100"]))
        let visitors: [Visitor] = [
            .nobody, .person(id: "otto"), .applicant(id: "otto", name: ""), .applicant(id: "o", name: "tto"), .person(id: "lena"),
        ]
        for visitor in visitors {
            let session = sessions.new(for: visitor, now: 1000)
            let cookie = sessions.cookie(session)
            for other in visitors { #expect((sessions.session(cookie, of: other, now: 1001) != nil) == (other == visitor)) }
            #expect(sessions.session(cookie, of: visitor, now: 1100) == nil)
            #expect(sessions.renewed(session, now: 1040) == nil && sessions.renewed(session, now: 1060)?.expires == 1160)
            for place in cookie.indices where cookie[place] != "." && place != cookie.indices.last {
                var other = cookie
                other.replaceSubrange(place...place, with: cookie[place] == "1" ? "2" : "1")
                #expect(sessions.session(other, of: visitor, now: 1001) == nil)
            }
        }
        let (one, two) = (sessions.new(for: .nobody, now: 0), sessions.new(for: .nobody, now: 0))
        #expect(
            one.id != two.id && !sessions.isFormToken(sessions.formToken(one), of: two)
                && sessions.isFormToken(sessions.formToken(one), of: one))
        #expect(try Sessions(HallOptions.parse([])).session(sessions.cookie(one), of: .nobody, now: 1) == nil)
    }

    @Test("The language is that which the browser likes best, and Chinese where it names neither")
    func languages() {
        for (header, language) in [
            ("", "zh"), ("en", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en;q=0.2, zh;q=0.1", "en"), ("fr, de", "zh"), ("en;q=0", "zh"),
            ("en;q=x", "zh"),
        ] { #expect(Language.preferred(header).rawValue == language, "\(header)") }
    }

    // MARK: Files

    private func options(_ arguments: [String] = []) throws -> HallOptions {
        try HallOptions.parse(arguments)
    }

    @Test("A file is kept under its digest, once, for its owner alone, and what did not come whole is gone")
    func materials() async throws {
        let path = "\(TemporaryDirectory.lasting)/files"
        let folder = try MaterialsFolder(path, options())
        let bytes = Array("a file".utf8)
        let digest = SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        for _ in 0..<2 {
            let incoming = try folder.begin()
            try incoming.write(bytes)
            let kept = try await folder.keep(incoming)
            #expect(kept.sha256 == digest && kept.size == bytes.count)
        }
        _ = try folder.begin()
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/incoming").isEmpty)
        let found = try #require(folder.open(digest))
        defer { close(found.descriptor) }
        #expect(found.size == bytes.count)
        var entry = stat()
        #expect(fstat(found.descriptor, &entry) == 0 && entry.st_mode & 0o777 == 0o600)
        for other in [
            "", "../../etc/passwd", digest.uppercased(), String(digest.dropLast()), digest + "0", String(repeating: "0", count: 64),
            "\(digest.prefix(63))/",
        ] {
            #expect(folder.open(other) == nil, "\(other)")
        }
    }

    @Test("What a hall that was killed had begun to receive is removed at the next start; what was kept stays")
    func leftOver() async throws {
        let path = "\(TemporaryDirectory.lasting)/files"
        let folder = try MaterialsFolder(path, options())
        let incoming = try folder.begin()
        let kept = try await folder.keep(incoming)
        try Data("half".utf8).write(to: URL(fileURLWithPath: "\(path)/incoming/abc"))
        #expect(try MaterialsFolder(path, options()).open(kept.sha256).map { close($0.descriptor) } == 0)
        #expect(!FileManager.default.fileExists(atPath: "\(path)/incoming/abc"))
    }

    @Test(
        "A scanner has the last word, and where it has none nothing is kept",
        arguments: [
            ("exit 0", nil), ("exit 1", FileTrouble.infected), ("exit 2", .notScanned), ("kill -9 $$", .notScanned),
            ("exec sleep 1000", .notScanned),
        ]
            as [(String, FileTrouble?)])
    func scanner(script: String, trouble: FileTrouble?) async throws {
        let path = TemporaryDirectory.lasting
        let program = "\(path)/scan"
        try Data("#!/bin/sh\ntest \"$(cat \"$1\")\" = bytes || exit 7\n\(script)\n".utf8).write(to: URL(fileURLWithPath: program))
        chmod(program, 0o700)
        let folder = try MaterialsFolder("\(path)/files", options(["--scanner", program, "--scanner-patience", "1", "--materials", path]))
        let incoming = try folder.begin()
        try incoming.write(Array("bytes".utf8))
        if let trouble {
            await #expect(throws: FormTrouble.fileRefused(trouble)) { try await folder.keep(incoming) }
        } else {
            #expect(try await folder.open(folder.keep(incoming).sha256).map { close($0.descriptor) } == 0)
        }
    }

    // MARK: Templates

    @Test("Each template puts nothing on a page as it is, has no script in it and no style of its own")
    func templates() throws {
        for folder in ["casehall", "CasePages"] {
            let path = "\(SharedData.project)/Sources/\(folder)/Templates"
            for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(".mustache") {
                let text = try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
                #expect(!text.contains("{{{") && !text.contains("{{&") && !text.contains("{{%"), "\(name)")
                if folder == "casehall" {
                    // The hall's own file by its address is none.
                    let text = text.replacing("<script src=\"{{script}}\" defer></script>", with: "")
                    #expect(!text.contains("<script") && !text.contains("style=") && !text.contains("<style"), "\(name)")
                }
            }
        }
    }

    @Test("What a template of the hall names is a member of something in the hall")
    func members() throws {
        let sources = "\(SharedData.project)/Sources"
        let all = try #require(FileManager.default.enumerator(atPath: "\(sources)/casehall")).compactMap { $0 as? String }.filter {
            $0.hasSuffix(".swift")
        }
        .map { try String(contentsOfFile: "\(sources)/casehall/\($0)", encoding: .utf8) }.joined()
        let pages = try ["Page", "Bars"].map { try String(contentsOfFile: "\(sources)/CasePages/\($0).swift", encoding: .utf8) }.joined()
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(sources)/casehall/Templates") where name.hasSuffix(".mustache") {
            let text = try String(contentsOfFile: "\(sources)/casehall/Templates/\(name)", encoding: .utf8)
            for member in text.matches(of: /{{[#^]?([A-Za-z]+)}}/).map(\.1) {
                #expect((all + pages).contains(try Regex("let ([A-Za-z]+, )*\(member)\\b")), "\(name) names \(member)")
            }
        }
    }
}
