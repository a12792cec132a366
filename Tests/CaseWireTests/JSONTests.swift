import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing

@Suite("The JSON codec")
struct JSONTests {
    static let suite = "conformance/JSONTestSuite"
    static let cases: [String] = {
        let root = SharedData.path(suite)
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".json") && ["y_", "n_", "i_"].contains(String(($0 as NSString).lastPathComponent.prefix(2))) }
            .sorted()
    }()

    @Test(
        "P2: Every case of JSONTestSuite is accepted or refused as it says",
        .enabled(if: SharedData.has(suite), "JSONTestSuite is not beside the project"))
    func conformance() throws {
        #expect(Self.cases.count > 300)
        for name in Self.cases {
            let bytes = try SharedData.bytes("\(Self.suite)/\(name)")
            let value = try? JSONReader.read(bytes)
            switch (name as NSString).lastPathComponent.prefix(2) {
            // This reader is strict where the standard says "should": names are unique.
            case "y_" where name.contains("duplicated_key"): #expect(value == nil, "\(name)")
            case "y_": #expect(value != nil, "\(name) is refused")
            case "n_": #expect(value == nil, "\(name) is accepted")
            default: break
            }
        }
    }

    @Test("What is written is read back", arguments: 0..<300)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        func text() -> String {
            String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...12, using: &random)).map { _ in
                        Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &random)) ?? "x"
                    }))
        }
        func value(_ depth: Int) -> JSONValue {
            switch Int.random(in: 0...(depth > 3 ? 3 : 5), using: &random) {
            case 0: .null
            case 1: .bool(Bool.random(using: &random))
            case 2: .number(literal: String(Int64.random(in: .min ... .max, using: &random)))
            case 3: .string(text())
            case 4: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth + 1) })
            default: .object((0..<Int.random(in: 0...20, using: &random)).map { .init("\($0)\(text())", value(depth + 1)) })
            }
        }
        let value = value(0)
        let bytes = JSONWriter.bytes { $0.value(value) }
        #expect(try JSONReader.read(bytes) == value)
        #expect(!bytes.contains { $0 < 0x20 || $0 == 0x7F }, "a control byte is written raw")
    }

    @Test("P3: Characters that a terminal or a line reader could take for its own are escaped")
    func escapes() {
        let text = "a\u{1B}[31m\u{7F}\u{85}\u{2028}\u{2029}\"\\\n张"
        let written = String(decoding: JSONWriter.bytes { $0.string(text) }, as: UTF8.self)
        #expect(written == #""a\u001b[31m\u007f\u0085\u2028\u2029\"\\\n张""#)
    }

    @Test("Depth 64 is read and depth 65 refused")
    func depth() {
        #expect(throws: Never.self) {
            try JSONReader.read(Array((String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).utf8))
        }
        #expect(throws: JSONReader.Malformed.self) {
            try JSONReader.read(Array((String(repeating: "[", count: 65) + String(repeating: "]", count: 65)).utf8))
        }
    }

    @Test("A name that occurs twice is refused, among few members and among many", arguments: [1, 15, 16, 17, 500])
    func duplicates(count: Int) {
        let members = (0..<count).map { "\"k\($0)\":0" } + ["\"k0\":1"]
        #expect(throws: JSONReader.Malformed.self) { try JSONReader.read(Array("{\(members.joined(separator: ","))}".utf8)) }
    }
}
