import CasePages
import CaseTesting
import CaseWire
import Crypto
import Foundation
import Testing

@testable import casehall

@Suite(
    "The documented nginx before the hall",
    .enabled(if: Nginx.isThere, "SKIPPED: nothing stood before the hall; make dependencies installs nginx-light and openssl"), .serialized)
struct NginxTests {
    /// A hall behind nginx. Whoever has the cookie `login=otto` is the officer; the tokens of `liar` and `stranger` are signed with another key, or
    /// not meant for this hall.
    private final class Fronted {
        let test: TestHall
        let nginx: Nginx
        /// A token that the identity provider would give the officer.
        let token: String

        init(_ arguments: [String] = []) throws {
            let (key, other, folder) = (P256.Signing.PrivateKey(), P256.Signing.PrivateKey(), TemporaryDirectory.lasting)
            try key.publicKey.pemRepresentation.write(toFile: "\(folder)/token.pem", atomically: true, encoding: .utf8)
            token = try Fronted.token("otto", key)
            let ports = [KeptPort(), KeptPort(), KeptPort()]
            test = try TestHall(
                [
                    "--proxy-address", "127.0.0.1", "--origin", "https://\(Nginx.host):\(ports[0].number)", "--token-keys",
                    "\(folder)/token.pem",
                    "--token-issuer", "https://id.example", "--token-audience", "hall",
                ] + arguments, isPlain: false)
            nginx = try Nginx(
                in: test.directory, ports, hall: test.hall.place,
                tokens: [
                    "otto": "Bearer \(token)", "liar": "Bearer \(try Fronted.token("otto", other))",
                    "stranger": "Bearer \(try Fronted.token("otto", key, audience: "other"))",
                ])
        }

        private static func token(_ person: String, _ key: P256.Signing.PrivateKey, audience: String = "hall") throws -> String {
            let now = Int(Date.now.timeIntervalSince1970)
            let claims = """
                {"iss":"https://id.example","aud":"\(audience)","iat":\(now),"exp":\(now + 600),"case_person":"\(person)"}
                """
            let text = Base64URL.text(#"{"alg":"ES256","typ":"JWT"}"#.utf8) + "." + Base64URL.text(claims.utf8)
            return text + "." + Base64URL.text(try key.signature(for: Data(text.utf8)).rawRepresentation)
        }
    }

    @Test("HTTP leads to HTTPS, and what comes by it keeps the hall's headers")
    func secure() throws {
        let fronted = try Fronted()
        let plain = try HTTPConnection("127.0.0.1:\(fronted.nginx.plainPort)")
        plain.send(Array("GET /matters?q=a HTTP/1.1\r\nHost: \(Nginx.host)\r\nConnection: close\r\n\r\n".utf8))
        let moved = try plain.reply()
        #expect(moved.status == 301 && moved["Location"] == "https://\(Nginx.host)/matters?q=a")
        for path in TestHall.pages {
            let (direct, page) = (try fronted.test.hall.get(path), try fronted.nginx.ask("GET", path))
            #expect(page.status == 200, "\(path): \(page.status) \(fronted.nginx.log)")
            for name in [
                "Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy", "Content-Type",
                "Cache-Control",
            ] { #expect(page[name] == direct[name], "\(path): \(name)") }
        }
        #expect(try fronted.nginx.ask("GET", "/")["Strict-Transport-Security"] != nil)
        #expect(try fronted.nginx.ask("GET", "/identity").status == 404, "the question of who somebody is can be asked from outside")
    }

    @Test("Who somebody is says the identity provider alone: a header of the browser goes no further, not even a token that is good")
    func identity() throws {
        let fronted = try Fronted()
        // The hall by itself does not believe it: what came through would be told so.
        let forged = "Authorization: Bearer a.b.c"
        let refused = try fronted.test.hall.get("/", [("Authorization", "Bearer a.b.c")]).status
        #expect(refused == 401 || refused == 403, "\(refused)")
        #expect(try fronted.nginx.ask("GET", "/", [forged]).status == 200)
        #expect(try fronted.nginx.ask("GET", "/", [forged, "Cookie: login=otto"]).status == 200)
        for liar in ["liar", "stranger"] {
            #expect(try fronted.nginx.ask("GET", "/", ["Cookie: login=\(liar)"]).status == refused, "\(liar)")
            #expect(
                try fronted.nginx.ask("GET", "/", ["Authorization: Bearer \(fronted.token)", "Cookie: login=\(liar)"]).status == refused,
                "\(liar) with another's token")
        }
    }

    @Test("Who says to come from many addresses is one client all the same")
    func addresses() throws {
        let fronted = try Fronted(["--requests-per-second", "1"])
        let burst = 10
        // Each page is one request to the hall: who somebody is, nginx asks elsewhere.
        let answers = try (0..<(burst + 5)).map { number in
            try fronted.nginx.ask("GET", "/status", ["X-Forwarded-For: 192.0.2.\(number)"]).status
        }
        #expect(answers.prefix(burst).allSatisfy { $0 == 200 }, "\(answers)")
        #expect(answers.contains(429), "\(answers)")
    }

    @Test("What is too large is refused before it is read, and of what is not, the hall hears while it still comes")
    func bodies() throws {
        let fronted = try Fronted()
        let type = "Content-Type: application/x-www-form-urlencoded"
        #expect(try fronted.nginx.ask("POST", "/status", [type], body: "a", declared: 82 << 20).status == 413)
        // From elsewhere: the hall says so without the rest, which never comes.
        let early = try fronted.nginx.ask("POST", "/status", [type, "Origin: https://elsewhere.example"], body: "a", declared: 1 << 20)
        #expect(early.status == 403, "\(early.status)")
    }

    @Test(
        "A browser sends a form through it, with a cookie that goes over HTTPS only",
        .enabled(if: Browser.isThere, Comment(rawValue: Browser.whereFrom)))
    func browser() throws {
        let fronted = try Fronted()
        let submitted = try fronted.test.daemon.client().call("case.submit", SmallOffice.submission()).get()
        let receipt = try #require(submitted["receipt"]?.string)
        let words = Language.en.hallWords
        let program = try Browser.run(
            "receipt.py",
            [
                fronted.nginx.origin, "en", receipt, words.status, words.receipt, words.lookUp, words.receiptMissing, words.another,
            ])
        #expect(program.status == 0, "\(program.output)\(program.errors)\(fronted.nginx.log)")
    }
}
