import CaseTesting
import CaseWire
import Testing

/// Stores that an older version wrote.
@Suite("Older stores")
struct OlderStoreTests {
    @Test("Of a case whose row does not say who examined it, the journal does: they still never decide it")
    func examiners() throws {
        var files = SmallOffice.files()
        // Otto acts for the leader.
        files["office.toml"]! += "[substitution.all]\npost = \"leader\"\nby = \"officer\"\nfrom = 2026-01-01\nto = 2027-01-01\n"
        let directory = TemporaryDirectory()
        var daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        var client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        _ = try client.call("case.accept", .of(["case": "C-1", "acting": "otto"])).get()
        _ = try client.call("case.recommend", .of(["case": "C-1", "recommendation": "grant", "opinion": "fine", "acting": "hana"])).get()
        #expect(daemon.terminate() == 0)

        // As version 0.1 wrote it.
        let rewritten = try Program(
            "/usr/bin/python3",
            [
                "-c",
                """
                import json, sqlite3, sys
                store = sqlite3.connect(sys.argv[1])
                (row,) = store.execute("SELECT file FROM files WHERE case_id = 1").fetchone()
                file = json.loads(row)
                assert file.pop("examiners") == ["hana", "otto"], row
                store.execute("UPDATE files SET file = ? WHERE case_id = 1", (json.dumps(file, separators=(",", ":")).encode(),))
                store.commit()
                """, "\(directory.path)/state/cased.sqlite",
            ])
        #expect(rewritten.status == 0, "\(rewritten.errors)")

        daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        client = try daemon.client()
        let grant = try client.call("case.grant", .of(["case": "C-1", "acting": "otto"]))
        guard case .failure(let error) = grant else {
            Issue.record("who accepted the case decided it")
            return
        }
        #expect(error.kind == "permission.four_eyes")
        // A copy of it passes the comparison with its journal.
        let copy = "\(directory.path)/copy.sqlite"
        let backup = try Program("casectl", ["backup", copy], environment: ["CASED_SOCKET": daemon.socket])
        #expect(backup.status == 0, "\(backup.errors)")
        let restored = try Program("cased", ["--state-directory", "\(directory.path)/restored", "--restore", copy])
        #expect(restored.status == 0, "\(restored.errors)")
        _ = try client.call("case.grant", .of(["case": "C-1", "acting": "lena"])).get()
        #expect(daemon.terminate() == 0)
    }
}
