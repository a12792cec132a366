import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing

/// Texts that have broken screens, tables, shells and parsers.
@Suite("Hostile texts")
struct HostileTextTests {
    private static let path = "\(SharedData.project)/../shared/cases/hostile-texts.txt"
    private static let isThere = FileManager.default.fileExists(atPath: path)

    /// One on each line, with escapes as Swift writes them.
    private static func texts() throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// A line as a member of JSON: a scalar that is none stays an escape.
    private static func json(_ line: String) -> String {
        let plain = line.replacing("\\t", with: "\t").replacing("\\r", with: "\r")
        let parts = plain.replacing(/\\u\{([0-9a-f]+)\}/) { found in
            Unicode.Scalar(UInt32(found.1, radix: 16)!).map { String(Character($0)) } ?? "<surrogate>"
        }
        let quoted = String(decoding: JSONWriter.bytes { $0.string(parts) }, as: UTF8.self)
        return quoted.replacing("<surrogate>", with: "\\ud800")
    }

    @Test(
        "P3: What goes in comes out as it was, in every text of a case, its list, its history and its watch; a lone surrogate is no JSON",
        .enabled(if: isThere, "shared/cases/hostile-texts.txt is not beside the project"))
    func throughTheSocket() async throws {
        let local = try await LocalServer().withCatalog()
        let client = try local.client()
        let watcher = try local.client()
        _ = try watcher.call("case.watch", .of(["from": "start"])).get()
        var count = 0
        for line in try Self.texts() {
            let text = Self.json(line)
            let request =
                #"{"jsonrpc":"2.0","id":\#(text),"method":"case.submit","params":{"matter":"permit","title":\#(text),"applicant":{"id":\#(text),"name":\#(text)},"fields":{\#(text):\#(text)},"materials":["form"],"idempotency_key":\#(text)}}"#
            try client.send(Array(request.utf8))
            let bytes = try client.receive()
            let reply = try JSONReader.read(bytes)
            guard let meant = try? JSONReader.read(Array(text.utf8)) else {
                #expect(reply["error"]?["code"] == .integer(-32700), "\(line)")
                continue
            }
            // Nothing of it is left that steers a terminal or ends a line.
            #expect(!bytes.contains { $0 < 0x20 || $0 == 0x7F }, "\(line)")
            #expect(
                !String(decoding: bytes, as: UTF8.self).unicodeScalars.contains {
                    (0x80...0x9F).contains($0.value) || [0x2028, 0x2029].contains($0.value)
                })
            #expect(reply["id"] == meant, "\(line)")
            if reply["error"]?["data"]?["kind"] == "params.empty" {
                // Nobody sees anything of it.
                let scalars = try #require(meant.string?.unicodeScalars)
                #expect(
                    scalars.allSatisfy { scalar in
                        scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint || scalar.value == 0x2800
                            || [.control, .format].contains(scalar.properties.generalCategory)
                    }, "\(line)")
                continue
            }
            let file = try #require(reply["result"], "\(line): \(reply)")
            count += 1
            let listed = try client.call("case.list", .of(["sort": "-case", "limit": .integer(1)])).get()["cases"]!.array![0]
            let history = try client.call("case.history", .of(["case": file["case"]!])).get()["events"]!.array![0]["data"]!
            var heard = try JSONReader.read(watcher.receive())["params"]!
            while heard["type"] != "event" { heard = try JSONReader.read(watcher.receive())["params"]! }
            for shown in [file, listed, history, heard["event"]!["data"]!] {
                #expect(shown["title"] == meant && shown["applicant"]?["id"] == meant && shown["applicant"]?["name"] == meant, "\(line)")
                #expect(shown["fields"]?.members?.first?.name == meant.string && shown["fields"]?.members?.first?.value == meant, "\(line)")
            }
            let found = try client.call("case.count", .of(["filter": .of(["applicant": meant, "text": meant])])).get()["count"]
            #expect(found == .integer(1), "\(line)")
            try client.send(Array(request.utf8))
            #expect(try JSONReader.read(client.receive())["result"]?["case"] == file["case"], "its key finds it: \(line)")
        }
        #expect(count > 30)
        try await local.stop()
    }
}
