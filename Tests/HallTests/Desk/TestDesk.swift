import CaseClient
import CaseTesting
import CaseWire
import Crypto
import Foundation

/// A small office whose people sit before a hall: a proxy says who they are, as the kernel names its user.
final class TestDesk {
    let test: TestHall

    init(_ arguments: [String] = [], files: [String: String] = TestDesk.files) throws {
        let folder = TemporaryDirectory()
        socketFolder = folder
        test = try TestHall(
            ["--proxy-user", "\(getuid())", "--person-header", "X-Person", "--streams-per-person", "3"] + arguments,
            listen: "\(folder.path)/hall.sock", files: files)
    }

    private let socketFolder: TemporaryDirectory

    /// A second officer, a draw, and two offices that may be asked, beside what every test has.
    static let files: [String: String] = {
        var files = SmallOffice.consulting(
            SmallOffice.files().merging(SmallOffice.survey) { $1 }, matters: ["permit", "notice"])
        files["draws.toml"] = """
            [draw.monthly]
            post = "commissioner"
            every = "month"
            calendar = "cn"
            size = 10

            """
        return files
    }()

    var client: Client {
        get throws { try test.daemon.client() }
    }

    /// Somebody at a browser: what the hall has set stays with them.
    final class Browser {
        private let test: TestHall
        private let person: String?
        private let language: String
        private(set) var cookies = ""

        init(_ test: TestHall, _ person: String?, _ language: String) {
            (self.test, self.person, self.language) = (test, person, language)
        }

        var headers: [(String, String)] {
            [("Accept-Language", language)] + (person.map { [("X-Person", $0)] } ?? []) + (cookies.isEmpty ? [] : [("Cookie", cookies)])
        }

        func get(_ path: String) throws -> HTTPReply {
            let reply = try test.hall.get(path, headers)
            if !reply.cookies.isEmpty { cookies = reply.cookies }
            return reply
        }

        func post(_ path: String, _ fields: [(String, String)]) throws -> HTTPReply {
            try test.hall.post(path, fields, headers)
        }

        /// The form on a page with all that is hidden in it, and what is typed; sent to where it goes.
        func send(_ page: HTTPReply, _ typed: [(String, String)], to path: String) throws -> HTTPReply {
            try post(path, page.hidden + typed)
        }

        /// Opens a form and sends it.
        func act(_ path: String, _ typed: [(String, String)] = []) throws -> HTTPReply {
            try send(try get(path), typed, to: path)
        }
    }

    func browser(_ person: String?, language: String = "en") -> Browser {
        Browser(test, person, language)
    }

    // MARK: Cases

    /// Submits a case by the daemon's own socket; its id.
    func submit(_ title: String = "Warehouse 7", matter: String = "permit", materials: [String] = ["form"], area: String? = nil) throws
        -> String
    {
        try client.call("case.submit", SmallOffice.submission(title, matter: matter, materials: materials, area: area)).get()["case"]?
            .string ?? ""
    }

    /// Gives a command by the daemon's own socket.
    func give(_ method: String, _ person: String?, _ members: [(String, JSONValue)]) throws {
        let acting: [JSONValue.Member] = person.map { [.init("acting", .string($0))] } ?? []
        _ = try client.call(method, .object(members.map { .init($0.0, $0.1) } + acting)).get()
    }

    func file(_ id: String) throws -> JSONValue {
        try client.call("case.get", .of(["case": .string(id)])).get()
    }

    /// The names of what happened to a case.
    func events(_ id: String) throws -> [String] {
        let history = try client.call("case.history", .of(["case": .string(id)])).get()
        return (history["events"]?.array ?? []).compactMap { $0["event"]?.string }.filter { $0 != "read" && $0 != "read-by-admin" }
    }
}

extension HTTPReply {
    /// The hidden fields of the form on the page, as a browser would send them.
    var hidden: [(String, String)] {
        text.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/).map { (String($0.1), HTTPReply.unescaped(String($0.2))) }
    }

    static func unescaped(_ text: String) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(text) {
            $0.replacing($1.0, with: $1.1)
        }
    }

    /// The names of the fields that somebody can fill in.
    var fields: Set<String> {
        Set(text.matches(of: /<(?:input|textarea)[^>]* name="([^"]*)"/).map { String($0.1) }).subtracting(hidden.map(\.0))
    }
}

/// In hexadecimal digits.
func sha256(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
