import CaseTesting
import Foundation
import Testing

/// How a deadline came about, as casectl prints it.
@Suite("casectl explain")
struct ExplainCommandTests {
    @Test("R41: The hours of a clock are listed window by window, with their days, up to the instant at which it is due")
    func hours() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:30:00Z")
        let environment = ["CASED_SOCKET": daemon.socket]
        var files = SmallOffice.files()
        files["sla.toml"] = files["sla.toml"]!.replacing("40 working-hours", with: "8 working-hours")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        _ = try daemon.client().call("case.submit", SmallOffice.submission("Warehouse 7")).get()
        #expect(try Program("casectl", ["accept", "C-1", "--as", "otto"], environment: environment).status == 0)
        let explained = try Program("casectl", ["explain", "C-1", "--clock", "review", "--utc"], environment: environment).output
        let rows = """
              FROM                  TO                    COUNTED  IN ALL  NOTES
              2026-02-06T01:30:00Z  2026-02-06T04:00:00Z      150     150  2026-02-06 09:00-12:00; without weekend 2026-02-07 to 2026-02-08
              2026-02-06T06:00:00Z  2026-02-06T09:00:00Z      180     330  2026-02-06 14:00-17:00
              2026-02-09T01:00:00Z  2026-02-09T03:30:00Z      150     480  2026-02-09 09:00-12:00

              Due 2026-02-09T03:30:00Z.
            """
        #expect(explained.contains(rows), "\(explained)")
        daemon.terminate()
    }
}
