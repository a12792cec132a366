import ArgumentParser
import CaseCore
import CaseTesting
import CaseWire
import Catalogue
import Evidence
import Foundation
import WorkingTime

/// Who reads what comes from outside.
enum FuzzTarget: String, CaseIterable, ExpressibleByArgument {
    case json, requests, toml, catalogue, calendar, zone, notes, ssh, lines, methods

    /// Takes one input, and chance for what goes beside it.
    ///
    /// - Throws: what is wrong with how it was taken.
    typealias Body = ([UInt8], SeededRandom) throws -> Void

    struct Wrong: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    var summary: String {
        switch self {
        case .json: "the reader of JSON"
        case .requests: "lines as requests and commands"
        case .toml: "the reader of TOML"
        case .catalogue: "files of a catalogue, and the register"
        case .calendar: "lists of holidays, iCalendar and JSON"
        case .zone: "tz files"
        case .notes: "signed notes, checkpoints, proofs, and the parts of exported logs"
        case .ssh: "keys and signatures of SSH, and lines of allowed signers"
        case .lines: "lines in pieces on a daemon's socket"
        case .methods: "each method with what its table takes, and what it does not, over the states of cases"
        }
    }

    /// What matters to it.
    var words: [String] {
        switch self {
        case .json, .zone: []
        case .requests, .lines: Method.allCases.map(\.rawValue) + ["\"jsonrpc\":\"2.0\"", "\"id\":", "\"method\":", "\"params\":"]
        case .toml: ["[[", "]]", "\"\"\"", "'''", "0x", "0b", "inf", "nan", "1979-05-27T07:32:00Z", "a.b", "#", "\\U0010FFFF"]
        case .catalogue: ["[office.x]", "[post.x]", "[matter.x]", "[reorganisation]", "[calendar.x]", "working-days", "holder", "succeeds"]
        case .calendar:
            ["BEGIN:VEVENT", "END:VEVENT", "DTSTART;VALUE=DATE:20260101", "DURATION:P8D", "RRULE:FREQ=DAILY", "\r\n ", "SUMMARY:"]
        case .notes:
            [
                "\n\n— ", "\u{2014} a AAAAAAA=\n", "index 0\n", "extra AAAA\n", "c2sp.org/tlog-proof@v1\n", "tile/0/x001/067.p/17",
                "cased/long-event@v1\n",
            ]
        case .ssh:
            [
                "SSHSIG", "ssh-ed25519", "nistp256", "ssh:", "sha512", "none", "namespaces=\"", "valid-after=\"20260101000000Z\"",
                "-----END SSH SIGNATURE-----",
            ]
        case .methods: []
        }
    }

    /// Ready to take inputs.
    func prepared() throws -> Body {
        switch self {
        case .json: return { input, _ in try FuzzTarget.json(input) }
        case .requests: return { input, _ in FuzzTarget.request(input) }
        case .toml:
            return { input, _ in
                guard let text = String(validating: input, as: UTF8.self) else { return }
                _ = try? TOMLText.table(text)
            }
        case .catalogue:
            let files = SmallOffice.files()
            return { input, _ in
                guard let text = String(validating: input, as: UTF8.self) else { return }
                var files = files
                files["fuzz.toml"] = text
                _ = try? Catalogue(files: files)
                _ = try? Catalogue(files: ["fuzz.toml": text])
            }
        case .calendar: return { input, _ in _ = try? HolidayImport(input) }
        case .zone:
            return { input, _ in
                guard let zone = ZoneFile.zone(in: input, name: "Fuzz") else { return }
                for text in ["1600-01-01", "1970-01-01", "2026-02-06", "9999-12-31"] {
                    let instant = zone.instant(on: Day(text)!, timeOfDay: 0)
                    _ = zone.day(of: instant)
                }
            }
        case .notes: return { input, _ in try FuzzTarget.note(input) }
        case .ssh: return { input, _ in try FuzzTarget.ssh(input) }
        case .lines:
            let target = try DaemonTarget()
            return { input, random in try target.lines(input, random) }
        case .methods:
            let target = try DaemonTarget()
            return { _, random in try target.method(random) }
        }
    }

    private static func json(_ input: [UInt8]) throws {
        guard let value = try? JSONReader.read(input) else { return }
        let written = JSONWriter.bytes { $0.value(value) }
        guard let again = try? JSONReader.read(written), again == value else {
            throw Wrong("what was read is written as \(String(decoding: written.prefix(200), as: UTF8.self)), and is read otherwise")
        }
    }

    private static func request(_ input: [UInt8]) {
        let requests: [Result<Request, Message.Rejected>] =
            switch Message(line: input) {
            case .single(let request): [request]
            case .batch(let batch): batch
            }
        for case .success(let request) in requests {
            guard let method = Method(rawValue: request.method) else { continue }
            if case .command(let name) = method, let command = try? CommandRequest(request.params, of: Commands.ofClient(name)) {
                _ = command.meaningBytes
            } else {
                _ = try? Parameters(request.params, of: method)
            }
        }
    }
}
