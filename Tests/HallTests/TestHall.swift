import CaseClient
import CaseTesting
import CaseWire
import Foundation

/// A daemon with a small office, and a hall in front of it. The clock stands on a Tuesday, 10:00 in its zone.
final class TestHall {
    static let now = "2026-03-24T02:00:00Z"
    let directory = TemporaryDirectory()
    let daemon: DaemonProcess
    let hall: HallProcess

    init(
        _ arguments: [String] = [], listen: String = "127.0.0.1:0", isPlain: Bool = true,
        files: [String: String] = SmallOffice.files().merging(SmallOffice.survey) { $1 }
    ) throws {
        daemon = try DaemonProcess(in: directory, manualClock: TestHall.now)
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        hall = try HallProcess(
            in: directory, socket: daemon.socket, listen: listen, isPlain: isPlain,
            arguments: ["--requests-per-second", "100000", "--lookups-per-minute", "100000"] + arguments)
    }

    deinit {
        hall.terminate()
        daemon.terminate()
    }

    /// A form that was shown: its cookies and its token.
    func form(_ path: String, _ headers: [(String, String)] = []) throws -> (cookies: String, token: String) {
        let page = try hall.get(path, headers)
        return (page.cookies, page.formToken)
    }

    /// All pages that everybody may ask for by GET.
    static let pages = ["/", "/matters", "/matters?q=permit", "/matters/permit", "/duty-list", "/figures", "/status"]
}
