import CaseWire
import FoundationEssentials
import JWTKit

/// The public keys that sign tokens, from a file: a JSON Web Key Set (RFC 7517), or one key in PEM (RSA, P-256 or P-384).
///
/// Each key is a collection of its own for the library, with one algorithm that is known beforehand: there it cannot fall back to another key,
/// nor take over the algorithm of a token.
struct TokenKeys: Sendable {
    struct Key: Sendable {
        /// What the header of a token has to say.
        let algorithm: String
        let collection: JWTKeyCollection
    }

    /// By their ids.
    private let named: [String: Key]
    /// The one of a PEM file, which has no id: tokens may name any.
    private let unnamed: Key?
    /// What of a set is not used, and why.
    let leftOut: [String]

    init(file: String) async throws(Unusable) {
        guard let data = FileManager.default.contents(atPath: file), data.count <= TokenKeys.fileLimit else {
            throw Unusable("--token-keys \(file) cannot be read, or has more than \(TokenKeys.fileLimit) bytes: check who may read it")
        }
        if data.starts(with: Array("-----BEGIN".utf8)) {
            (unnamed, named, leftOut) = (try await TokenKeys.pem(String(decoding: data, as: UTF8.self), file), [:], [])
            return
        }
        guard let set = try? JSONReader.read(Array(data)), let keys = set["keys"]?.array else {
            throw Unusable("--token-keys \(file) is neither a key set in JSON nor a public key in PEM")
        }
        var (named, leftOut): ([String: Key], [String]) = ([:], [])
        for key in keys {
            let id = key["kid"]?.string ?? ""
            do throws(Unfit) {
                guard !id.isEmpty else { throw Unfit(reason: "it has no kid") }
                guard named[id] == nil else { throw Unfit(reason: "another one has the same kid") }
                named[id] = try await TokenKeys.key(key, id)
            } catch {
                leftOut.append("key \"\(id)\": \(error.reason)")
            }
        }
        guard !named.isEmpty else {
            throw Unusable(
                "--token-keys \(file) has no key that can be used (\(leftOut.joined(separator: "; "))): it takes RSA, P-256, P-384, P-521 and Ed25519, each with a kid"
            )
        }
        (self.named, unnamed, self.leftOut) = (named, nil, leftOut)
    }

    /// - Parameter id: the `kid` of a token.
    func key(_ id: String?) -> Key? {
        unnamed ?? id.flatMap { named[$0] }
    }

    private struct Unfit: Error {
        let reason: String
    }

    private static let fileLimit = 1 << 20
    /// Shorter ones of RSA can be broken.
    private static let leastModulusBytes = 256

    private static func key(_ key: JSONValue, _ id: String) async throws(Unfit) -> Key {
        guard key["d"] == nil else { throw Unfit(reason: "it is a private key, which does not belong here") }
        guard key["use"] == nil || key["use"]?.string == "sig" else { throw Unfit(reason: "it is not for signatures") }
        func text(_ name: String) throws(Unfit) -> String {
            guard let text = key[name]?.string, Base64URL.bytes(text) != nil else {
                throw Unfit(reason: "its \(name) is missing, or no base64url")
            }
            return text
        }
        let said = key["alg"]?.string
        func algorithm(_ known: [String]) throws(Unfit) -> String {
            guard let said else { return known[0] }
            guard known.contains(said) else { throw Unfit(reason: "its algorithm \(said) is not taken") }
            return said
        }
        let jwk: JWK
        let name: String
        switch (key["kty"]?.string, key["crv"]?.string) {
        case ("RSA", _):
            name = try algorithm(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
            let modulus = try text("n")
            guard (Base64URL.bytes(modulus)?.drop { $0 == 0 }.count ?? 0) >= leastModulusBytes else {
                throw Unfit(reason: "its modulus is shorter than 2048 bits")
            }
            jwk = .rsa(JWK.Algorithm(rawValue: name), identifier: JWKIdentifier(string: id), modulus: modulus, exponent: try text("e"))
        case ("EC", let curve?):
            guard let (known, kind) = curves[curve] else { throw Unfit(reason: "its curve \(curve) is not taken") }
            name = try algorithm([known])
            jwk = .ecdsa(
                JWK.Algorithm(rawValue: name), identifier: JWKIdentifier(string: id), x: try text("x"), y: try text("y"), curve: kind)
        case ("OKP", "Ed25519"):
            name = try algorithm(["EdDSA"])
            jwk = .octetKeyPair(.eddsa, identifier: JWKIdentifier(string: id), x: try text("x"), y: nil, curve: .ed25519)
        default: throw Unfit(reason: "its kind is not taken")
        }
        do {
            return Key(algorithm: name, collection: try await JWTKeyCollection().add(jwk: jwk, isDefault: true))
        } catch {
            throw Unfit(reason: "it is no such key")
        }
    }

    private static let curves: [String: (String, ECDSACurve)] = [
        "P-256": ("ES256", .p256), "P-384": ("ES384", .p384), "P-521": ("ES512", .p521),
    ]

    private static func pem(_ text: String, _ file: String) async throws(Unusable) -> Key {
        if let key = try? ES256PublicKey(pem: text) { return Key(algorithm: "ES256", collection: await JWTKeyCollection().add(ecdsa: key)) }
        if let key = try? ES384PublicKey(pem: text) { return Key(algorithm: "ES384", collection: await JWTKeyCollection().add(ecdsa: key)) }
        if let key = try? Insecure.RSA.PublicKey(pem: text) {
            return Key(algorithm: "RS256", collection: await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256))
        }
        throw Unusable("--token-keys \(file) holds no public key of RSA, P-256 or P-384 in PEM: give a key set for others")
    }
}

/// Base64 for URLs without padding (RFC 4648, section 5), read strictly.
enum Base64URL {
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.allSatisfy({ isDigit($0) }), text.utf8.count % 4 != 1 else { return nil }
        let plain = String(
            decoding: text.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0 },
            as: UTF8.self)
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)).map { Array($0) }
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
