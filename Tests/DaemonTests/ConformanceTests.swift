import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing

@Suite("Conformance transcripts")
struct ConformanceTests {
    private static let folder = "\(SharedData.project)/protocol/conformance"

    static let names: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".io") }.sorted() ?? []

    @Test("The daemon answers each as it is written", arguments: names)
    func played(name: String) throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        let catalog = try String(contentsOfFile: "\(Self.folder)/catalog.toml", encoding: .utf8)
        let users = "[user.\(getuid())]\nservice = \"hall\"\n"
        _ = try client.call("catalog.apply", SmallOffice.parameter(["catalog.toml": catalog, "users.toml": users])).get()
        let transcript = try Transcript(try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8))
        #expect(transcript.steps.count > 5)
        try transcript.play(send: { try client.send($0) }, receive: { try client.receive() })
        daemon.terminate()
    }

    @Test("A reply that differs, lacks something or has more than was said is caught")
    func caught() throws {
        for (expected, reply) in [
            (#"{"a":1}"#, #"{"a":2}"#), (#"{"a":1}"#, #"{"a":1,"b":2}"#), (#"{"a":1,"…":"…"}"#, #"{"b":2}"#), (#"["<x>","<x>"]"#, "[1,2]"),
            (#"["…"]"#, "[]"),
        ] {
            #expect(throws: Transcript.Differs.self, "\(expected) and \(reply)") {
                try Transcript("<< \(expected)").play(send: { _ in }, receive: { Array(reply.utf8) })
            }
        }
        try Transcript(#"<< {"a":"<x>","b":"<x>","…":"…"}"#).play(send: { _ in }, receive: { Array(#"{"b":1,"a":1,"c":[]}"#.utf8) })
    }

    @Test("They are there, and their catalogue is that of the other tests")
    func catalog() throws {
        #expect(Self.names.count >= 5)
        let files = SmallOffice.files(user: 0).sorted { $0.key < $1.key }
        let text = files.map(\.value).joined(separator: "\n").replacing("[user.0]\nservice = \"hall\"\n", with: "")
        if ProcessInfo.processInfo.environment["UPDATE"] != nil {
            try text.write(toFile: "\(Self.folder)/catalog.toml", atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: "\(Self.folder)/catalog.toml", encoding: .utf8) == text)
    }
}
