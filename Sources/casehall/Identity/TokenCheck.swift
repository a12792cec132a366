import CaseWire
import JWTKit

/// Whether a token (RFC 7519, compact form) says what it says for this hall, now. What the library leaves open is decided here: the algorithm is
/// that of the key, the key is one that is known, nothing critical is passed over, all times are whole seconds, and none lasts longer than it may.
struct TokenCheck: Sendable {
    private let keys: TokenKeys
    private let issuer: String
    private let audience: String
    private let longestLifetime: Int64
    private let leeway: Int64

    /// A token has at most so many bytes.
    private static let tokenLimit = 12 << 10

    init(keys: TokenKeys, issuer: String, audience: String, longestLifetime: Int, leeway: Int) {
        (self.keys, self.issuer, self.audience) = (keys, issuer, audience)
        (self.longestLifetime, self.leeway) = (Int64(longestLifetime), Int64(leeway))
    }

    /// What of the keys is not used, and why.
    var leftOut: [String] {
        keys.leftOut
    }

    /// - Parameter now: seconds since 1970.
    func claims(of token: String, now: Int64) async throws(IdentitySource.NotBelieved) -> JSONValue {
        func refuse(_ reason: String) -> IdentitySource.NotBelieved { IdentitySource.NotBelieved(reason: reason) }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= TokenCheck.tokenLimit, parts.count == 3, let header = TokenCheck.object(parts[0]),
            let claims = TokenCheck.object(parts[1]), Base64URL.bytes(parts[2])?.isEmpty == false
        else { throw refuse("the token is not of three parts that can be read") }

        guard header["crit"] == nil else { throw refuse("the token asks for what is not known here") }
        guard header["typ"] == nil || ["JWT", "at+jwt"].contains(header["typ"]?.string) else {
            throw refuse("the token is of another type")
        }
        guard header["kid"] == nil || header["kid"]?.string != nil, let key = keys.key(header["kid"]?.string) else {
            throw refuse("the token is signed with a key that is not known here")
        }
        guard header["alg"]?.string == key.algorithm else { throw refuse("the token is signed in another way than its key is for") }
        do {
            _ = try await key.collection.verify(token, as: Anything.self)
        } catch {
            throw refuse("the signature of the token is wrong")
        }

        guard claims["iss"]?.string == issuer else { throw refuse("the token is of another issuer") }
        let audiences = claims["aud"]?.array?.map(\.string) ?? [claims["aud"]?.string]
        guard audiences.contains(audience) else { throw refuse("the token is for somebody else") }
        guard let expires = try TokenCheck.seconds(claims, "exp") else { throw refuse("the token says no end") }
        guard now - leeway < expires else { throw refuse("the token is over") }
        let begins = [try TokenCheck.seconds(claims, "nbf"), try TokenCheck.seconds(claims, "iat")].compactMap { $0 }
        guard begins.allSatisfy({ $0 <= now + leeway }) else { throw refuse("the token is not valid yet") }
        guard expires - (begins.max() ?? now) <= longestLifetime, expires - now <= longestLifetime + leeway else {
            throw refuse("the token lasts longer than it may")
        }
        return claims
    }

    /// A part that is an object in JSON, none of whose names occurs twice.
    private static func object(_ part: Substring) -> JSONValue? {
        guard let value = Base64URL.bytes(part).flatMap({ try? JSONReader.read($0) }), value.members != nil else { return nil }
        return value
    }

    private static func seconds(_ claims: JSONValue, _ name: String) throws(IdentitySource.NotBelieved) -> Int64? {
        guard let value = claims[name] else { return nil }
        guard let seconds = value.integer, (0...TokenCheck.lastSecond).contains(seconds) else {
            throw IdentitySource.NotBelieved(reason: "a time of the token is no whole second")
        }
        return seconds
    }

    /// The year 9999; what is behind it counts something else than seconds.
    private static let lastSecond: Int64 = 253_402_300_799

    /// The claims are read and checked here, not by the library.
    private struct Anything: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) {}
    }
}
