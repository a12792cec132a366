import CaseTesting
import CaseWire
import Foundation
import Testing

/// An erasure as people carry it out, with a power cut behind each word, and what an auditor's folder says of it.
@Suite("Erasing what a case says of persons")
struct ErasureCommandTests {
    private let directory = TemporaryDirectory()

    private func casectl(_ daemon: DaemonProcess, _ words: String...) throws -> Program {
        try daemon.casectl(words)
    }

    private func bytes() -> Data {
        ["", "-wal"].reduce(into: Data()) { bytes, suffix in
            bytes += (try? Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/state/cased.sqlite\(suffix)"))) ?? Data()
        }
    }

    @Test(
        "P33: Killed between the words and after the second, a store still has both; exports, proofs, copies and a look at all of it agree")
    func powerCuts() throws {
        let secret = Data("Harbin Graphene Park".utf8)
        var daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter(SmallOffice.files())).get()
        for _ in 0..<2 { _ = try client.call("case.submit", SmallOffice.submission()).get() }
        _ = try client.call("case.withdraw", .of(["case": "C-1", "reason": "built elsewhere"])).get()
        let (log, kept) = ("\(directory.path)/log", "\(directory.path)/kept")
        #expect(try casectl(daemon, "evidence", "export", log).status == 0)
        try casectl(daemon, "evidence", "checkpoint").output.write(toFile: kept, atomically: true, encoding: .utf8)
        #expect(try casectl(daemon, "erase-personal", "C-1", "--reason", "kept", "--yes", "--as", "ada").status == 1, "too early")
        _ = try client.call("clock.advance", .of(["to": "2027-03-01T00:00:00Z"])).get()

        let unasked = try casectl(daemon, "erase-personal", "C-1", "--reason", "kept for a year", "--as", "ada")
        #expect(unasked.status == 1 && unasked.errors.contains("--yes") && unasked.errors.contains("will be gone"), "\(unasked.errors)")
        let tried = try casectl(daemon, "erase-personal", "C-1", "--reason", "kept for a year", "--dry-run", "--as", "ada")
        #expect(tried.status == 0, "\(tried.errors)")
        #expect(try casectl(daemon, "erase-personal", "C-1", "--reason", "kept for a year", "--yes", "--as", "ada").status == 0)
        daemon.kill()
        daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        #expect(try casectl(daemon, "show", "C-1", "--as", "ada").output.contains("ada"))
        let same = try casectl(daemon, "erase-personal", "C-1", "--reason", "kept for a year", "--yes", "--as", "ada")
        #expect(same.status == 77 && same.errors.contains("second person"), "\(same.errors)")
        let second = try casectl(daemon, "erase-personal", "C-1", "--reason", "kept for a year", "--yes", "--as", "lena")
        #expect(second.status == 0, "\(second.errors)")
        daemon.kill()
        daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let shown = try casectl(daemon, "show", "C-1", "--as", "ada").output
        #expect(shown.contains("erased") && !shown.contains("Harbin"), "\(shown)")
        let history = try casectl(daemon, "history", "C-1", "--json", "--as", "ada").output
        #expect(history.contains("\"erased\":true") || history.contains("\"erased\": true"), "\(history)")
        for form in ["csv", "xes", "jsonl"] {
            let exported = try casectl(daemon, "export", "-o", form, "--case", "C-1", "--as", "ada")
            #expect(exported.status == 0 && !exported.output.contains("Harbin"), "\(exported.errors)")
        }
        // The auditor's folder goes on, and is still right by what they kept.
        #expect(try casectl(daemon, "evidence", "export", log).status == 0)
        let verified = try casectl(daemon, "evidence", "verify", log, "--since", kept)
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        #expect(try casectl(daemon, "evidence", "verify", "--since", kept).status == 0)
        #expect(try casectl(daemon, "evidence", "proof", "C-1", "--as", "lena").status == 0)
        let look = try casectl(daemon, "evidence", "scrub")
        #expect(look.status == 0, "\(look.output)\(look.errors)")
        let copy = "\(directory.path)/copy.sqlite"
        #expect(try casectl(daemon, "backup", copy).status == 0)
        let restored = try Program("cased", ["--state-directory", "\(directory.path)/restored", "--restore", copy])
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(daemon.terminate() == 0)
        // The other case is of the same applicant: of the store, that one alone says so.
        #expect(bytes().range(of: secret) != nil)
        let opened = try Program(
            "/usr/bin/python3",
            [
                "-c",
                "import sqlite3, sys; print(sum(b'Harbin' in r[0] for r in sqlite3.connect(sys.argv[1]).execute('SELECT opening FROM openings')))",
                copy,
            ])
        #expect(opened.output == "1\n", "\(opened.errors)")
    }
}
