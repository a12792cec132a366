import CaseTesting
import CaseWire
import Crypto
import Foundation
import JWTKit
import Testing

@testable import casehall

/// Signs tokens as an identity provider does, and as one should not.
private struct Signer {
    enum Kind: String, CaseIterable { case rs256 = "RS256", es256 = "ES256", edDSA = "EdDSA" }

    let kind: Kind
    private let sign: (Data) throws -> Data
    /// The public key as a member of a key set.
    let jwk: [String: String]

    init(_ kind: Kind, id: String) throws {
        self.kind = kind
        switch kind {
        case .rs256:
            let key = try Signer.rsa
            sign = { Data(try key.sign($0)) }
            let parts = try key.publicKey.getKeyPrimitives()
            jwk = ["kty": "RSA", "kid": id, "alg": "RS256", "n": Base64URL.text(parts.modulus), "e": Base64URL.text(parts.publicExponent)]
        case .es256:
            let key = P256.Signing.PrivateKey()
            sign = { try key.signature(for: $0).rawRepresentation }
            let point = key.publicKey.rawRepresentation
            jwk = ["kty": "EC", "crv": "P-256", "kid": id, "x": Base64URL.text(point.prefix(32)), "y": Base64URL.text(point.suffix(32))]
        case .edDSA:
            let key = Curve25519.Signing.PrivateKey()
            sign = { try key.signature(for: $0) }
            jwk = ["kty": "OKP", "crv": "Ed25519", "kid": id, "x": Base64URL.text(key.publicKey.rawRepresentation)]
        }
    }

    private static var rsa: RSAKey { get throws { try RSAKey() } }

    func token(_ header: String, _ claims: String) throws -> String {
        let text = Base64URL.text(header.utf8) + "." + Base64URL.text(claims.utf8)
        return text + "." + Base64URL.text(try sign(Data(text.utf8)))
    }
}

@Suite("Tokens of an identity provider")
struct TokenTests {
    private static let now: Int64 = 1_800_000_000

    private static func claims(_ changes: [String: String?] = [:]) -> String {
        var members: [String: String] = [
            "iss": "\"https://id.example\"", "aud": "\"hall\"", "exp": "\(now + 300)", "iat": "\(now)", "case_person": "\"otto\"",
        ]
        for (name, value) in changes { members[name] = value }
        return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    private static func check(_ keys: [[String: String]]) async throws -> TokenCheck {
        let path = "\(TemporaryDirectory.lasting)/keys.json"
        try JSONSerialization.data(withJSONObject: ["keys": keys]).write(to: URL(fileURLWithPath: path))
        return TokenCheck(
            keys: try await TokenKeys(file: path), issuer: "https://id.example", audience: "hall", longestLifetime: 3600, leeway: 30)
    }

    private static func isBelieved(_ token: String, _ check: TokenCheck) async -> Bool {
        do { return try await check.claims(of: token, now: now)["case_person"]?.string == "otto" } catch { return false }
    }

    @Test("A token that was signed for this hall is believed, by each kind of key", arguments: Signer.Kind.allCases)
    fileprivate func good(kind: Signer.Kind) async throws {
        let signer = try Signer(kind, id: "k1")
        let check = try await Self.check([signer.jwk])
        for header in ["{\"alg\":\"\(kind.rawValue)\",\"kid\":\"k1\",\"typ\":\"JWT\"}", "{\"alg\":\"\(kind.rawValue)\",\"kid\":\"k1\"}"] {
            #expect(await Self.isBelieved(try signer.token(header, Self.claims()), check))
        }
        for audience in ["[\"other\",\"hall\"]", "\"hall\""] {
            #expect(
                await Self.isBelieved(
                    try signer.token("{\"alg\":\"\(kind.rawValue)\",\"kid\":\"k1\"}", Self.claims(["aud": audience])), check))
        }
    }

    @Test("A header that says anything else than the key does is not believed", arguments: Signer.Kind.allCases)
    fileprivate func headers(kind: Signer.Kind) async throws {
        let (signer, other) = (try Signer(kind, id: "k1"), try Signer(.es256, id: "k2"))
        let check = try await Self.check([signer.jwk, other.jwk])
        let alg = kind.rawValue
        for header in [
            "{\"alg\":\"\(alg)\"}", "{\"alg\":\"\(alg)\",\"kid\":\"k9\"}", "{\"alg\":\"\(alg)\",\"kid\":\"k2\"}",
            "{\"alg\":\"none\",\"kid\":\"k1\"}",
            "{\"alg\":\"HS256\",\"kid\":\"k1\"}", "{\"alg\":\"\(alg)\",\"kid\":\"k1\",\"crit\":[\"exp\"]}",
            "{\"alg\":\"\(alg)\",\"kid\":1}",
            "{\"alg\":\"\(alg)\",\"kid\":\"k1\",\"typ\":\"secevent+jwt\"}", "{\"alg\":\"\(alg)\",\"kid\":\"k2\",\"kid\":\"k1\"}",
            "{\"kid\":\"k1\"}", "[]", "",
        ] {
            let token = try signer.token(header, Self.claims())
            #expect(await !Self.isBelieved(token, check), "\(header)")
        }
    }

    @Test("Claims of another issuer, for another audience, or of another time are not believed")
    func claims() async throws {
        let signer = try Signer(.es256, id: "k1")
        let check = try await Self.check([signer.jwk])
        let now = Self.now
        let rows: [([String: String?], Bool)] = [
            (["iss": "\"https://id.example/\""], false), (["iss": nil], false), (["aud": "\"other\""], false), (["aud": nil], false),
            (["aud": "[]"], false),
            (["exp": "\(now - 29)"], true), (["exp": "\(now - 30)"], false), (["exp": nil], false),
            (["exp": "\((now + 300) * 1000)"], false),
            (["exp": "\"\(now + 300)\""], false), (["exp": "\(now + 300).5"], false), (["exp": "1e12"], false), (["exp": "-1"], false),
            (["nbf": "\(now + 30)"], true), (["nbf": "\(now + 31)"], false), (["iat": "\(now + 31)"], false), (["iat": nil], true),
            (["exp": "\(now + 3600)"], true), (["exp": "\(now + 3601)"], false), (["exp": "\(now + 3700)", "iat": "\(now + 200)"], false),
            (["iat": "\(now - 3500)", "exp": "\(now + 200)"], false), (["iat": nil, "exp": "\(now + 3601)"], false),
        ]
        for (changes, isGood) in rows {
            let token = try signer.token("{\"alg\":\"ES256\",\"kid\":\"k1\"}", Self.claims(changes))
            #expect(await Self.isBelieved(token, check) == isGood, "\(changes)")
        }
    }

    @Test("A token that was changed anywhere is not believed")
    func changed() async throws {
        let signer = try Signer(.edDSA, id: "k1")
        let check = try await Self.check([signer.jwk])
        let token = try signer.token("{\"alg\":\"EdDSA\",\"kid\":\"k1\"}", Self.claims())
        #expect(await Self.isBelieved(token, check))
        for place in stride(from: 0, to: token.utf8.count, by: 3) {
            var bytes = Array(token.utf8)
            bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let other = String(decoding: bytes, as: UTF8.self)
            // The last digit of a signature has bits that say nothing.
            if place < token.utf8.count - 1 { #expect(await !Self.isBelieved(other, check), "\(place)") }
        }
        for other in [
            "", ".", "..", token + ".", "." + token, token + "=", token.replacing(".", with: "!"), String(token.dropLast(20)),
            String(repeating: "a", count: 20_000),
        ] {
            #expect(await !Self.isBelieved(other, check))
        }
    }

    @Test("One key that cannot be used does not make the others useless, and is named")
    func oddKeys() async throws {
        let signer = try Signer(.es256, id: "k1")
        var secret = signer.jwk
        secret["d"] = "AAAA"
        secret["kid"] = "secret"
        var unnamed = signer.jwk
        unnamed["kid"] = nil
        let odd: [[String: String]] = [
            ["kty": "oct", "kid": "h", "k": "AAAA"], ["kty": "RSA", "kid": "small", "n": "AQAB", "e": "AQAB"],
            ["kty": "EC", "crv": "secp256k1", "kid": "s"],
            ["kty": "future", "kid": "f"], secret, unnamed, ["kty": "RSA", "kid": "enc", "use": "enc", "n": "AQAB", "e": "AQAB"],
        ]
        let check = try await Self.check(odd + [signer.jwk])
        #expect(check.leftOut.count == odd.count)
        #expect(await Self.isBelieved(try signer.token("{\"alg\":\"ES256\",\"kid\":\"k1\"}", Self.claims()), check))
        await #expect(throws: Unusable.self) { try await Self.check(odd) }
    }

    @Test("Over HTTP, a good token makes a page somebody's own, and a bad one is told to log in again")
    func overHTTP() throws {
        let signer = try Signer(.rs256, id: "k1")
        let path = "\(TemporaryDirectory.lasting)/keys.json"
        try JSONSerialization.data(withJSONObject: ["keys": [signer.jwk]]).write(to: URL(fileURLWithPath: path))
        let test = try TestHall(["--token-keys", path, "--token-issuer", "https://id.example", "--token-audience", "hall"])
        let now = Int64(Date().timeIntervalSince1970)
        let times: [String: String?] = ["iat": "\(now)", "exp": "\(now + 600)"]
        let header = "{\"alg\":\"RS256\",\"kid\":\"k1\"}"
        let good = try signer.token(header, Self.claims(times))
        #expect(try test.hall.get("/")["cache-control"] == "no-cache")
        #expect(try test.hall.get("/", [("Authorization", "Bearer \(good)")])["cache-control"] == "no-store")
        for bad in [
            good + "x", try signer.token(header, Self.claims(times.merging(["aud": "\"x\""]) { $1 })),
            try signer.token(header, Self.claims(times.merging(["case_person": "7"]) { $1 })),
        ] {
            #expect(try test.hall.get("/", [("Authorization", "Bearer \(bad)")]).status == 401)
        }
        #expect(try test.hall.get("/", [("Authorization", good), ("Authorization", good)]).status == 401)
        let applicant = times.merging(["case_person": nil, "case_applicant": "\"91X\""]) { $1 }
        #expect(try test.hall.get("/", [("Authorization", try signer.token(header, Self.claims(applicant)))]).status == 401)
        let named = applicant.merging(["name": "\"李\""]) { $1 }
        #expect(try test.hall.get("/", [("Authorization", try signer.token(header, Self.claims(named)))]).status == 200)
    }
}

/// A key of RSA by OpenSSL: the libraries show no private one that signs by itself.
private struct RSAKey {
    let publicKey: JWTKit.Insecure.RSA.PublicKey
    private let file: String

    init() throws {
        let folder = TemporaryDirectory.lasting
        file = "\(folder)/key.pem"
        _ = try Program("/usr/bin/openssl", ["genrsa", "-out", file, "2048"])
        publicKey = try JWTKit.Insecure.RSA.PublicKey(pem: try Program("/usr/bin/openssl", ["rsa", "-in", file, "-pubout"]).output)
    }

    func sign(_ data: Data) throws -> [UInt8] {
        let folder = TemporaryDirectory.lasting
        try data.write(to: URL(fileURLWithPath: "\(folder)/data"))
        _ = try Program("/usr/bin/openssl", ["dgst", "-sha256", "-sign", file, "-out", "\(folder)/signature", "\(folder)/data"])
        return Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/signature")))
    }
}
