import Crypto

/// An Ed25519 key pair in the file that `ssh-keygen -t ed25519 -N ""` makes (OpenSSH's PROTOCOL.key).
///
/// Keys come as credentials, whose safe-keeping is systemd's: files under a password are refused.
package struct SSHPrivateKey: Sendable {
    /// The 32 bytes of which all else is made (RFC 8032).
    package let seed: [UInt8]
    /// What `ssh-keygen -C` said of it.
    package let comment: String
    let key: Curve25519.Signing.PrivateKey

    private static let armor = SSHArmor("OPENSSH PRIVATE KEY")
    private static let magic = Array("openssh-key-v1\0".utf8)
    private static let name = "ssh-ed25519"
    private static let none = "none"

    /// A new one.
    package init(comment: String = "") {
        key = Curve25519.Signing.PrivateKey()
        (seed, self.comment) = (Array(key.rawRepresentation), comment)
    }

    /// Nil where there are not 32 bytes.
    package init?(seed: [UInt8], comment: String = "") {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
        (self.seed, self.comment, self.key) = (seed, comment, key)
    }

    package var publicKey: SSHPublicKey {
        // The library's keys have 32 bytes.
        try! SSHPublicKey(.ed25519(Array(key.publicKey.rawRepresentation)))
    }
}

extension SSHPrivateKey: CustomStringConvertible {
    /// Which key it is, and nothing of what is secret.
    package var description: String {
        "the private key of \(publicKey.fingerprint)"
    }
}

extension SSHPrivateKey {
    /// - Parameter file: the whole file.
    /// - Throws: `SSHFault`: `encrypted` for a key under a password, `unsupported` for one of another kind.
    package init(file: [UInt8]) throws(SSHFault) {
        var reader = SSHReader(try Self.armor.bytes(file, "the file of a private key"))
        guard try reader.bytes(Self.magic.count, "the file of a private key") == Self.magic else {
            throw .malformed("the file of a private key")
        }
        let cipher = try reader.text("a cipher")
        let derivation = try reader.text("a key derivation")
        guard cipher == Self.none, derivation == Self.none else { throw .encrypted }
        guard try reader.string("a key derivation").isEmpty else { throw .malformed("a key derivation") }
        guard try reader.number("the number of keys") == 1 else { throw .malformed("the number of keys") }
        let publicKey = try SSHPublicKey(blob: try reader.string("a public key"))
        var secret = SSHReader(try reader.string("a private key"))
        try reader.end("the end of a private key's file")
        guard case .ed25519(let publicBytes) = publicKey.kind else { throw .unsupported(publicKey.name) }
        guard try secret.number("the check of a private key") == secret.number("the check of a private key") else {
            throw .malformed("the check of a private key")
        }
        guard try secret.text("the kind of a private key") == Self.name, try secret.string("a public key") == publicBytes else {
            throw .malformed("the public half of a private key")
        }
        let pair = try secret.string("a private key")
        let comment = try secret.text("a comment")
        let padding = try secret.bytes(secret.rest.count, "padding")
        guard padding.count < 8, padding.elementsEqual(padding.indices.map { UInt8($0 + 1) }) else { throw .malformed("padding") }
        guard pair.count == 64, let key = SSHPrivateKey(seed: Array(pair.prefix(32)), comment: comment), key.publicKey == publicKey,
            pair.suffix(32).elementsEqual(publicBytes)
        else { throw .malformed("a private key") }
        self = key
    }

    /// The file, which `ssh-keygen` and an agent read. It is secret.
    package var file: String {
        let publicBytes = Array(key.publicKey.rawRepresentation)
        let check = SSHWriter.number(.random(in: .min ... .max))
        var secret = check + check + SSHWriter.string(Self.name) + SSHWriter.string(publicBytes) + SSHWriter.string(seed + publicBytes)
        secret += SSHWriter.string(comment)
        secret += (0..<(8 - secret.count % 8) % 8).map { UInt8($0 + 1) }
        let head = Self.magic + SSHWriter.string(Self.none) + SSHWriter.string(Self.none) + SSHWriter.string("") + SSHWriter.number(1)
        return Self.armor.text(head + SSHWriter.string(publicKey.blob) + SSHWriter.string(secret))
    }
}
