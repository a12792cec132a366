import CaseClient
import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing

/// `casectl inspect draws`, `draw` and `redo`, over a real daemon and without one.
@Suite("casectl inspect, by draws")
struct DrawCommandTests {
    private let directory = TemporaryDirectory()

    /// A daemon that has made a draw of two from five cases.
    private func started() throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        var files = SmallOffice.files()
        files["draws.toml"] =
            "[draw.weekly]\npost = \"commissioner\"\nevery = \"week\"\nsize = 2\nmatters = [\"permit\"]\ncalendar = \"cn\"\n"
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        for number in 1...5 {
            _ = try client.call("case.submit", SmallOffice.submission("Case \(number)")).get()
            _ = try client.call("case.withdraw", .of(["case": .string("C-\(number)"), "reason": "x"])).get()
        }
        _ = try client.call("clock.advance", .of(["to": "2026-02-10T01:00:00Z"])).get()
        return daemon
    }

    private func casectl(_ daemon: DaemonProcess, _ arguments: String...) throws -> Program {
        try Program("casectl", ["inspect"] + arguments, environment: ["CASED_SOCKET": daemon.socket])
    }

    private func redo(_ text: String) throws -> Program {
        let file = "\(directory.path)/draw.json"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try Program("casectl", ["inspect", "redo", file], environment: ["CASED_SOCKET": "/nonexistent"])
    }

    private func text(_ value: JSONValue) -> String {
        String(decoding: JSONWriter.bytes { $0.value(value) }, as: UTF8.self)
    }

    /// Another value of the same kind.
    private func other(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text) where text.contains("/"): .string("x" + text)
        case .string(let text) where text.hasSuffix("Z"): .string(text.replacing("2026", with: "2027"))
        case .string(let text): .string(text.dropLast() + (text.hasSuffix("0") ? "1" : "0"))
        case .number(let literal): .integer(Int64(literal)! + 1)
        case .bool(let flag): .bool(!flag)
        case .array(let values): .array(values.reversed() + (values.count == 1 ? ["other"] : []))
        case .object, .null: .null
        }
    }

    @Test("A published draw is done over without a server; whatever else is written into it is found")
    func redone() throws {
        let daemon = try started()
        let listed = try casectl(daemon, "draws").output
        #expect(listed.contains("weekly/2026-02-09") && listed.contains("2026-02-16"), "\(listed)")
        #expect(try casectl(daemon, "draw", "weekly/2026-02-09").output.contains("commitment"))
        #expect(try casectl(daemon, "draw", "weekly/2026-02-10").status == 66)
        let published = try casectl(daemon, "draw", "weekly/2026-02-09", "--json").output
        let whole = try redo(published)
        #expect(whole.status == 0 && !whole.output.contains("NO ") && whole.output.contains("2 of 5"), "\(whole.output)\(whole.errors)")
        let file = "\(directory.path)/draw.json"
        #expect(try casectl(daemon, "redo", file, "--against-server").status == 0)
        let value = try JSONReader.read(Array(published.utf8))
        for part in ["committed", "made"] {
            for member in value[part]!.members! {
                let changed = JSONValue.object(
                    value.members!.map { outer in
                        guard outer.name == part else { return outer }
                        return .init(
                            part, .object(outer.value.members!.map { .init($0.name, $0.name == member.name ? other($0.value) : $0.value) }))
                    })
                let program = try redo(text(changed))
                #expect(program.status == 1, "\(part).\(member.name): \(program.output)\(program.errors)")
            }
        }
        for wrong in [published.replacing("\"1-5\"", with: "\"1-6\""), "{}", "nothing"] { #expect(try redo(wrong).status == 1) }
        // What is not of the draw itself is the server's word alone.
        let moved = published.replacing("\"former\":null", with: "\"former\":\"weekly/2026-02-02\"")
        #expect(moved != published)
        #expect(try redo(moved).status == 0)
        #expect(try casectl(daemon, "redo", file, "--against-server").status == 1)
        #expect(try Program("casectl", ["inspect", "redo", "/nonexistent"]).status == 66)
        daemon.terminate()
    }
}
