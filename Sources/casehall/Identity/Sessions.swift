import Crypto
import FoundationEssentials
import Glibc

/// Sessions, which hold a form to whoever was shown it. Nothing is kept of them here: a cookie says who had it and until when, signed with a key
/// that nobody else has.
struct Sessions: Sendable {
    private let key: SymmetricKey
    private let lifetime: Int64

    /// - Throws: where the file of the key cannot be used.
    init(_ options: HallOptions) throws(Unusable) {
        lifetime = Int64(options.sessionLifetime)
        guard let file = options.sessionKey else {
            key = SymmetricKey(size: .bits256)
            return
        }
        var entry = stat()
        guard stat(file, &entry) == 0, let data = FileManager.default.contents(atPath: file), (32...4096).contains(data.count) else {
            throw Unusable(
                "--session-key \(file) cannot be read, or has less than 32 or more than 4096 bytes: make one with head -c 32 /dev/urandom")
        }
        guard entry.st_mode & 0o077 == 0 else { throw Unusable("--session-key \(file) can be read by others: chmod 600 \(file)") }
        key = SymmetricKey(data: SHA256.hash(data: data))
    }

    /// - Parameter now: seconds since 1970.
    func new(for visitor: Visitor, now: Int64) -> Session {
        let id = Base64URL.text((0..<16).map { _ in UInt8.random(in: 0...255) })
        return Session(id: id, visitor: visitor, expires: now + lifetime)
    }

    /// The session of a cookie; nil where it is over, of somebody else, or nobody's.
    func session(_ cookie: String, of visitor: Visitor, now: Int64) -> Session? {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0].utf8.count == 22, let expires = Int64(parts[1]), expires > now, expires <= now + lifetime else {
            return nil
        }
        let session = Session(id: parts[0], visitor: visitor, expires: expires)
        return isValid(parts[2], cookieText(session)) ? session : nil
    }

    /// The same for so long as is left of a page's time: longer, where half of it is over.
    func renewed(_ session: Session, now: Int64) -> Session? {
        session.expires - now < lifetime / 2 ? Session(id: session.id, visitor: session.visitor, expires: now + lifetime) : nil
    }

    func cookie(_ session: Session) -> String {
        "\(session.id).\(session.expires).\(signature(cookieText(session)))"
    }

    /// What each form of a session has in it.
    func formToken(_ session: Session) -> String {
        signature(formText(session))
    }

    func isFormToken(_ token: String, of session: Session) -> Bool {
        isValid(token, formText(session))
    }

    private func cookieText(_ session: Session) -> String {
        "session\n\(session.id)\n\(session.expires)\n\(session.visitor.mark)"
    }

    private func formText(_ session: Session) -> String {
        "form\n\(session.id)\n\(session.visitor.mark)"
    }

    private func signature(_ text: String) -> String {
        Base64URL.text(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
    }

    /// In a time that does not depend on where they differ.
    private func isValid(_ signature: String, _ text: String) -> Bool {
        guard let bytes = Base64URL.bytes(signature) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(bytes, authenticating: Data(text.utf8), using: key)
    }
}

struct Session: Sendable, Equatable {
    /// 128 bits by chance, in base64url.
    let id: String
    let visitor: Visitor
    /// Seconds since 1970.
    let expires: Int64
}
