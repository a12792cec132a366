import CaseClient
import CaseCore
import CasePages
import CaseTesting
import CaseWire
import Crypto
import Foundation

@testable import casehall

/// A daemon whose office has a seal, a hall that takes files and believes the tokens of an issuer of its own, and a matter that asks for some of
/// everything. The clock stands on a Tuesday, 10:00 in its zone.
final class ApplicantHall {
    let directory = TemporaryDirectory()
    let hall: HallProcess
    let client: Client
    private(set) var daemon: DaemonProcess
    private let issuer: Issuer

    static let now = "2026-03-24T02:00:00Z"

    struct Failed: Error { let what: String }

    static let files = SmallOffice.files().merging(SmallOffice.survey) { $1 }.merging([
        "stall.toml": """
        [window.a]
        name = "Window A"
        office = "permits"
        place = "ground floor"
        [matter.stall]
        name = "Street stall 占道"
        office = "permits"
        leader = "leader"
        commissioner = "commissioner"
        sla = "licensing"
        basis = "Street Act, § 4"
        channels = ["window", "online"]
        window = "a"
        conditions = ["The street is wide enough"]
        areas = { north = "officer", south = "office-head" }
        [[matter.stall.field]]
        id = "area_m2"
        name = "Area in square metres"
        kind = "number"
        help = "As the plan has it."
        [[matter.stall.field]]
        id = "from"
        name = "First day"
        kind = "date"
        [[matter.stall.field]]
        id = "use"
        name = "Use"
        kind = "choice"
        choices = ["food", "books"]
        [[matter.stall.field]]
        id = "phone"
        name = "Phone"
        optional = true
        longest = 20
        [[matter.stall.field]]
        id = "remarks"
        name = "Remarks"
        kind = "text"
        optional = true
        longest = 500
        [[matter.stall.material]]
        id = "form"
        name = "Signed form"
        [[matter.stall.material]]
        id = "plan"
        name = "Site plan"
        [[matter.stall.material]]
        id = "photo"
        name = "Photo"
        optional = true
        [matter.window-only]
        name = "At the window"
        office = "permits"
        leader = "leader"
        commissioner = "commissioner"
        sla = "licensing"
        basis = "Street Act, § 5"
        channels = ["window"]
        [matter.no-paper]
        name = "Without paper"
        office = "permits"
        leader = "leader"
        commissioner = "commissioner"
        sla = "licensing"
        basis = "Street Act, § 6"
        channels = ["online"]
        [[matter.no-paper.material]]
        id = "form"

        """
    ]) { $1 }

    /// What the catalogue calls things, in Chinese.
    private static let chineseNames = [
        "Street stall 占道": "占道摊位许可", "Area in square metres": "占地面积（平方米）", "First day": "开始日期", "\"Use\"": "\"用途\"",
        "\"food\", \"books\"": "\"餐饮\", \"图书\"", "\"Phone\"": "\"联系电话\"", "\"Remarks\"": "\"备注\"", "Signed form": "签字的申请书",
        "Site plan": "平面图", "\"Photo\"": "\"现场照片\"", "As the plan has it.": "与平面图一致。", "The street is wide enough": "道路宽度符合要求",
    ]

    /// - Parameters:
    ///   - arguments: further options of the hall.
    ///   - isSealed: whether the office has a seal; it takes ssh-keygen.
    ///   - language: in which the catalogue calls things.
    init(_ arguments: [String] = [], isSealed: Bool = false, language: Language = .en) throws {
        var environment: [String: String] = [:]
        var files = ApplicantHall.files
        if language == .zh {
            for (name, chinese) in ApplicantHall.chineseNames { files["stall.toml"]!.replace(name, with: chinese) }
        }
        if isSealed {
            let made = try Program(
                "/bin/sh",
                [
                    "-ec",
                    "cd '\(directory.path)'; mkdir -m 700 credentials; ssh-keygen -q -t ed25519 -N '' -C seal -f credentials/cased.seal.permits",
                ])
            guard made.status == 0 else { throw Failed(what: made.errors) }
            let key = try String(contentsOfFile: "\(directory.path)/credentials/cased.seal.permits.pub", encoding: .utf8)
            try FileManager.default.removeItem(atPath: "\(directory.path)/credentials/cased.seal.permits.pub")
            files["keys.toml"] = """
                [seal.permits]
                office = "permits"
                key = "\(key.trimmingCharacters(in: .whitespacesAndNewlines))"
                from = 2026-01-01

                """
            environment["CREDENTIALS_DIRECTORY"] = "\(directory.path)/credentials"
        }
        daemon = try DaemonProcess(in: directory, manualClock: ApplicantHall.now, environment: environment)
        client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        issuer = try Issuer(keysAt: "\(directory.path)/keys.json")
        hall = try HallProcess(
            in: directory, socket: daemon.socket,
            arguments: [
                "--requests-per-second", "100000", "--materials", "\(directory.path)/files", "--token-keys", "\(directory.path)/keys.json",
                "--token-issuer", "https://id.example", "--token-audience", "hall",
            ] + arguments)
    }

    deinit {
        hall.terminate()
        daemon.terminate()
    }

    /// Starts the daemon anew, after it was ended.
    func restart() throws {
        daemon = try DaemonProcess(in: directory, manualClock: ApplicantHall.now)
    }

    func person(_ id: String = "91230100MA", _ name: String = "Harbin Graphene Park", language: String = "en") throws -> HallVisitor {
        HallVisitor(hall, token: try token(id, name), language: language)
    }

    func token(_ id: String, _ name: String) throws -> String {
        try issuer.token(["case_applicant": id, "name": name])
    }

    /// A command of somebody in the office.
    @discardableResult
    func office(_ method: String, _ id: String, _ person: String = "otto", _ further: [JSONValue.Member] = []) throws -> JSONValue {
        try client.call(method, .object([.init("case", .string(id)), .init("acting", .string(person))] + further)).get()
    }

    func count() throws -> Int64 {
        try client.call("case.count").get()["count"]?.integer ?? -1
    }

    /// All files of the folder of materials but drafts.
    var keptFiles: Set<String> {
        let all = FileManager.default.enumerator(atPath: "\(directory.path)/files")?.compactMap { $0 as? String } ?? []
        return Set(all.filter { !$0.hasPrefix("drafts") && $0.utf8.count == 67 })
    }

    /// The files of drafts.
    var draftFiles: [String] {
        let all = FileManager.default.enumerator(atPath: "\(directory.path)/files/drafts")?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(".json") }.map { "\(directory.path)/files/drafts/\($0)" }
    }
}

/// Signs tokens, as an identity provider does.
private struct Issuer {
    private let key = P256.Signing.PrivateKey()

    init(keysAt path: String) throws {
        let point = key.publicKey.rawRepresentation
        let (x, y) = (Base64URL.text(point.prefix(32)), Base64URL.text(point.suffix(32)))
        let set = #"{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"\#(x)","y":"\#(y)"}]}"#
        try Data(set.utf8).write(to: URL(fileURLWithPath: path))
    }

    func token(_ claims: [String: String]) throws -> String {
        let now = Int64(Date().timeIntervalSince1970)
        var members: [JSONValue.Member] = [
            .init("iss", "https://id.example"), .init("aud", "hall"), .init("iat", .integer(now)), .init("exp", .integer(now + 3000)),
        ]
        members += claims.map { .init($0.key, .string($0.value)) }
        let said = JSONWriter.bytes { $0.value(JSONValue.object(members)) }
        let text = Base64URL.text(#"{"alg":"ES256","kid":"k"}"#.utf8) + "." + Base64URL.text(said)
        return text + "." + Base64URL.text(try key.signature(for: Data(text.utf8)).rawRepresentation)
    }
}

/// Somebody at a browser without scripts: keeps cookies, sends forms as they were shown, follows where answers lead.
final class HallVisitor {
    private let hall: HallProcess
    private let token: String?
    private let language: String
    private var cookies: [String: String] = [:]
    /// What was shown last.
    private(set) var page: HTTPReply?
    private(set) var path = ""

    init(_ hall: HallProcess, token: String?, language: String) {
        (self.hall, self.token, self.language) = (hall, token, language)
    }

    private var headers: [(String, String)] {
        [("Accept-Language", language), ("Cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))]
            + (token.map { [("Authorization", "Bearer \($0)")] } ?? [])
    }

    private func took(_ reply: HTTPReply, _ path: String) throws -> HTTPReply {
        for header in reply.headers where header.name == "set-cookie" {
            let pair = header.value.split(separator: ";")[0].split(separator: "=", maxSplits: 1)
            cookies[String(pair[0])] = pair.count > 1 ? String(pair[1]) : ""
        }
        if reply.status == 303, let next = reply["location"] { return try open(next) }
        (page, self.path) = (reply, path)
        return reply
    }

    @discardableResult
    func open(_ path: String) throws -> HTTPReply {
        try took(try hall.get(path, headers), path)
    }

    /// The hidden fields of the form that was shown.
    var hidden: [(String, String)] {
        (page?.text ?? "").matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/).map { (String($0.1), String($0.2)) }
    }

    /// Sends the form that was shown, with its hidden fields, and follows where that leads.
    @discardableResult
    func send(_ fields: [(String, String)] = [], to path: String? = nil) throws -> HTTPReply {
        let path = path ?? self.path
        return try took(try hall.post(path, hidden + fields, headers), path)
    }

    /// The answer itself, to a form with these fields and no others.
    func post(_ path: String, _ fields: [(String, String)]) throws -> HTTPReply {
        try hall.post(path, fields, headers)
    }

    /// The same as `send`, as browsers send a form with files.
    @discardableResult
    func send(_ fields: [(String, String)], files: [(field: String, name: String, bytes: [UInt8])], to path: String? = nil) throws
        -> HTTPReply
    {
        let path = path ?? self.path
        let reply = try hall.ask(
            "POST", path, headers + [("Content-Type", "multipart/form-data; boundary=XYZ")],
            body: HallVisitor.multipart(hidden + fields, files))
        return try took(reply, path)
    }

    static func multipart(_ fields: [(String, String)], _ files: [(field: String, name: String, bytes: [UInt8])]) -> [UInt8] {
        var body: [UInt8] = []
        func escaped(_ text: String) -> String {
            text.unicodeScalars.map { $0 == "\"" ? "%22" : $0 == "\r" ? "%0D" : $0 == "\n" ? "%0A" : String($0) }.joined()
        }
        for (name, value) in fields {
            body += Array("--XYZ\r\nContent-Disposition: form-data; name=\"\(escaped(name))\"\r\n\r\n\(value)\r\n".utf8)
        }
        for (field, name, bytes) in files {
            body += Array(
                "--XYZ\r\nContent-Disposition: form-data; name=\"\(escaped(field))\"; filename=\"\(escaped(name))\"\r\nContent-Type: application/pdf\r\n\r\n"
                    .utf8)
            body += bytes + Array("\r\n".utf8)
        }
        return body + Array("--XYZ--\r\n".utf8)
    }

    // MARK: What is done often

    static let pdf = Array("%PDF-1.7\nstall".utf8)
    static let answers = [
        ("title", "Stall 7"), ("area", "north"), ("field-area_m2", "1 200.5"), ("field-from", "2026/4/7"), ("field-use", "books"),
        ("do", "continue"),
    ]

    /// Begins an application for the stall, up to the form.
    func begin(_ matter: String = "stall") throws {
        try open("/my/apply/\(matter)")
        try send()
    }

    /// From nothing to the page that asks to check the answers.
    func fill(_ changes: [String: String] = [:], materials: [(field: String, name: String, bytes: [UInt8])] = HallVisitor.both) throws {
        try begin()
        try send(
            HallVisitor.answers.map { ($0.0, changes[$0.0] ?? $0.1) }
                + changes.filter { change in
                    !HallVisitor.answers.contains { $0.0 == change.key }
                }.map { ($0.key, $0.value) }, files: materials)
    }

    static let both = [(field: "file-form", name: "form.pdf", bytes: pdf), (field: "file-plan", name: "plan.pdf", bytes: pdf + [1])]

    /// From nothing to a case, and its number.
    func submit(_ changes: [String: String] = [:]) throws -> String {
        try fill(changes)
        try send()
        return String(path.split(separator: "/")[2])
    }
}

extension HostileTexts {
    /// Whether a text stands in another one as it is, scalar by scalar.
    static func contains(_ page: String, _ text: String) -> Bool {
        let (all, part) = (Array(page.unicodeScalars), Array(text.unicodeScalars))
        guard let first = part.first, all.count >= part.count else { return part.isEmpty }
        return (0...(all.count - part.count)).contains { all[$0] == first && all[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
