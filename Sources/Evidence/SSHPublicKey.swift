import Crypto

/// A public key as OpenSSH writes it: `ssh-ed25519 AAAA…`.
package struct SSHPublicKey: Hashable, Sendable {
    /// What kinds of key are taken. RSA and DSA are not: a person makes an Ed25519 key, or has one on hardware.
    package enum Kind: Hashable, Sendable {
        /// 32 bytes.
        case ed25519([UInt8])
        /// A point of the curve P-256 in 65 bytes.
        case ecdsaP256([UInt8])
        /// An Ed25519 key that a FIDO token holds, and for which application it was made, such as `ssh:`.
        case securityKeyEd25519([UInt8], application: String)
        /// A key on P-256 that a FIDO token holds.
        case securityKeyECDSAP256([UInt8], application: String)
    }

    package let kind: Kind

    private enum Name {
        static let ed25519 = "ssh-ed25519"
        static let ecdsaP256 = "ecdsa-sha2-nistp256"
        static let securityKeyEd25519 = "sk-ssh-ed25519@openssh.com"
        static let securityKeyECDSAP256 = "sk-ecdsa-sha2-nistp256@openssh.com"
    }

    static let names = [Name.ed25519, Name.ecdsaP256, Name.securityKeyEd25519, Name.securityKeyECDSAP256]
    private static let curve = "nistp256"

    /// - Throws: `SSHFault.malformed` where the bytes are none of such a key.
    package init(_ kind: Kind) throws(SSHFault) {
        switch kind {
        case .ed25519(let key), .securityKeyEd25519(let key, _):
            guard key.count == 32 else { throw .malformed("an Ed25519 key") }
        case .ecdsaP256(let point), .securityKeyECDSAP256(let point, _):
            guard point.count == 65, (try? P256.Signing.PublicKey(x963Representation: point)) != nil else {
                throw .malformed("a point of P-256")
            }
        }
        self.kind = kind
    }

    /// The name of its kind in SSH.
    package var name: String {
        switch kind {
        case .ed25519: Name.ed25519
        case .ecdsaP256: Name.ecdsaP256
        case .securityKeyEd25519: Name.securityKeyEd25519
        case .securityKeyECDSAP256: Name.securityKeyECDSAP256
        }
    }
}

extension SSHPublicKey {
    /// - Parameter blob: what stands as base 64 in a line.
    /// - Throws: `SSHFault.unsupported` with the name of another kind of key; `malformed`.
    package init(blob: [UInt8]) throws(SSHFault) {
        var reader = SSHReader(blob)
        let name = try reader.text("the kind of a key")
        let kind: Kind
        switch name {
        case Name.ed25519:
            kind = .ed25519(try reader.string("an Ed25519 key"))
        case Name.ecdsaP256:
            kind = .ecdsaP256(try Self.point(&reader))
        case Name.securityKeyEd25519:
            kind = .securityKeyEd25519(try reader.string("an Ed25519 key"), application: try reader.text("an application"))
        case Name.securityKeyECDSAP256:
            kind = .securityKeyECDSAP256(try Self.point(&reader), application: try reader.text("an application"))
        default:
            throw .unsupported(name)
        }
        try reader.end("the end of a key")
        try self.init(kind)
    }

    private static func point(_ reader: inout SSHReader) throws(SSHFault) -> [UInt8] {
        let name = try reader.text("a curve")
        guard name == curve else { throw .unsupported(name) }
        return try reader.string("a point of P-256")
    }

    package var blob: [UInt8] {
        let parts =
            switch kind {
            case .ed25519(let key): SSHWriter.string(key)
            case .ecdsaP256(let point): SSHWriter.string(Self.curve) + SSHWriter.string(point)
            case .securityKeyEd25519(let key, let application): SSHWriter.string(key) + SSHWriter.string(application)
            case .securityKeyECDSAP256(let point, let application):
                SSHWriter.string(Self.curve) + SSHWriter.string(point) + SSHWriter.string(application)
            }
        return SSHWriter.string(name) + parts
    }

    /// By what people tell keys apart: `SHA256:` and 43 characters, as `ssh-keygen -l` writes it.
    package var fingerprint: String {
        let text = Base64.text(SHA256.hash(data: blob))
        return "SHA256:\(text.prefix { $0 != "=" })"
    }
}

extension SSHPublicKey: CustomStringConvertible {
    /// A line without comment, as it stands in a `.pub` file: `ssh-ed25519 AAAA…`.
    package var description: String {
        "\(name) \(Base64.text(blob))"
    }

    /// - Parameter line: kind, base 64, and perhaps a comment, apart by spaces; a newline may be at its end.
    /// - Throws: `SSHFault`.
    package init(line: String) throws(SSHFault) {
        let words = line.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 10 || $0 == 13 }
        guard words.count >= 2, let name = String(words[0]), let blob = Base64.bytes(words[1]) else {
            throw .malformed("the line of a key")
        }
        try self.init(blob: blob)
        guard self.name == name else { throw .malformed("the kind of a key") }
    }
}
