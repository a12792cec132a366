import Crypto

/// A signature over a message for one purpose, as `ssh-keygen -Y sign` makes it and `ssh-keygen -Y verify` checks it (OpenSSH's
/// PROTOCOL.sshsig).
///
/// Nothing in it is to be believed before `verify` has returned; and then it says no more than that `publicKey` made it. Whether that key
/// may sign is for whoever knows keys to say: see `AllowedSigners`.
package struct SSHSignature: Equatable, Sendable {
    /// What the message is made shorter with before it is signed.
    package enum HashAlgorithm: String, CaseIterable, Sendable {
        case sha256, sha512

        func hash(_ message: [UInt8]) -> [UInt8] {
            switch self {
            case .sha256: Array(SHA256.hash(data: message))
            case .sha512: Array(SHA512.hash(data: message))
            }
        }
    }

    /// What the hardware said when it signed.
    package struct Touch: Equatable, Sendable {
        /// Somebody was there. Signatures without are refused.
        static let presence: UInt8 = 0x01
        private static let verification: UInt8 = 0x04

        /// As the token gave them.
        package let flags: UInt8
        /// How often it has signed, where it counts.
        package let counter: UInt32

        /// Whether it had asked for its PIN, or a finger.
        package var isUserVerified: Bool {
            flags & Touch.verification != 0
        }
    }

    /// Who is said to have signed.
    package let publicKey: SSHPublicKey
    /// The purpose: never empty.
    package let namespace: String
    package let hashAlgorithm: HashAlgorithm
    /// What SSH keeps for later; empty today.
    let reserved: [UInt8]
    private let value: Value

    /// By which key, and what the key made.
    private enum Value: Equatable, Sendable {
        case ed25519([UInt8])
        /// r and s, 32 bytes each.
        case ecdsaP256([UInt8])
        indirect case touched(Value, Touch)
    }

    private static let armor = SSHArmor("SSH SIGNATURE")
    private static let magic = Array("SSHSIG".utf8)
    private static let version: UInt32 = 1
}

extension SSHSignature {
    /// - Parameter armored: the file, from `-----BEGIN SSH SIGNATURE-----` on.
    /// - Throws: `SSHFault`: `unsupported` with the name of a kind of key, of signature or hash that is not taken.
    package init(armored: [UInt8]) throws(SSHFault) {
        var reader = SSHReader(try Self.armor.bytes(armored, "the armor of a signature"))
        guard try reader.bytes(Self.magic.count, "the magic of a signature") == Self.magic else {
            throw .malformed("the magic of a signature")
        }
        let version = try reader.number("the version of a signature")
        guard version == Self.version else { throw .unsupported("SSHSIG version \(version)") }
        publicKey = try SSHPublicKey(blob: try reader.string("the key of a signature"))
        namespace = try reader.text("the namespace of a signature")
        guard !namespace.isEmpty else { throw .malformed("the namespace of a signature") }
        reserved = try reader.string("the reserved part of a signature")
        let hash = try reader.text("the hash of a signature")
        guard let hashAlgorithm = HashAlgorithm(rawValue: hash) else { throw .unsupported(hash) }
        self.hashAlgorithm = hashAlgorithm
        value = try Self.value(try reader.string("the value of a signature"), publicKey)
        try reader.end("the end of a signature")
    }

    private static func value(_ bytes: [UInt8], _ key: SSHPublicKey) throws(SSHFault) -> Value {
        var reader = SSHReader(bytes)
        let name = try reader.text("the kind of a signature")
        guard name == key.name else { throw .unsupported(name) }
        let inner = try reader.string("the value of a signature")
        let value: Value
        switch key.kind {
        case .ed25519:
            value = .ed25519(inner)
        case .ecdsaP256:
            value = try ecdsa(inner)
        case .securityKeyEd25519:
            value = .touched(.ed25519(inner), try touch(&reader))
        case .securityKeyECDSAP256:
            value = .touched(try ecdsa(inner), try touch(&reader))
        }
        try reader.end("the value of a signature")
        return value
    }

    private static func ecdsa(_ bytes: [UInt8]) throws(SSHFault) -> Value {
        var reader = SSHReader(bytes)
        let r = try reader.integer(byteCount: 32, "r of a signature")
        let s = try reader.integer(byteCount: 32, "s of a signature")
        try reader.end("s of a signature")
        return .ecdsaP256(r + s)
    }

    private static func touch(_ reader: inout SSHReader) throws(SSHFault) -> Touch {
        Touch(flags: try reader.byte("flags"), counter: try reader.number("a counter"))
    }

    /// What a hardware key said; nil for other keys. It is signed with the rest.
    package var touch: Touch? {
        if case .touched(_, let touch) = value { touch } else { nil }
    }
}

extension SSHSignature {
    /// Signs a message, with SHA-512, as `ssh-keygen` does by itself.
    ///
    /// - Parameter namespace: for what it is signed; not empty.
    package init(over message: [UInt8], namespace: String, by key: SSHPrivateKey) {
        precondition(!namespace.isEmpty, "a signature is for some purpose")
        (publicKey, self.namespace, hashAlgorithm, reserved) = (key.publicKey, namespace, .sha512, [])
        let signed = Self.signed(message, namespace, [], .sha512)
        // Ed25519 signs whatever bytes it is given.
        value = .ed25519(Array(try! key.key.signature(for: signed)))
    }

    /// What the key signs.
    private static func signed(_ message: [UInt8], _ namespace: String, _ reserved: [UInt8], _ hash: HashAlgorithm) -> [UInt8] {
        magic + SSHWriter.string(namespace) + SSHWriter.string(reserved) + SSHWriter.string(hash.rawValue)
            + SSHWriter.string(hash.hash(message))
    }

    /// That `publicKey` signed this message for this purpose.
    ///
    /// - Throws: `SSHFault`: `otherNamespace`, `untouched` or `badSignature`.
    package func verify(_ message: [UInt8], namespace: String) throws(SSHFault) {
        guard self.namespace.utf8.elementsEqual(namespace.utf8) else { throw .otherNamespace(self.namespace) }
        var signed = Self.signed(message, namespace, reserved, hashAlgorithm)
        var plain = value
        if case .touched(let inner, let touch) = value {
            guard touch.flags & Touch.presence != 0 else { throw .untouched }
            signed = Self.shown(signed, touch, publicKey)
            plain = inner
        }
        guard Self.isGood(plain, publicKey, signed) else { throw .badSignature }
    }

    /// What a FIDO token signs of what it is shown (OpenSSH's PROTOCOL.u2f).
    private static func shown(_ message: [UInt8], _ touch: Touch, _ key: SSHPublicKey) -> [UInt8] {
        let application =
            switch key.kind {
            case .securityKeyEd25519(_, let application), .securityKeyECDSAP256(_, let application): application
            case .ed25519, .ecdsaP256: ""
            }
        return Array(SHA256.hash(data: Array(application.utf8))) + [touch.flags] + SSHWriter.number(touch.counter)
            + Array(SHA256.hash(data: message))
    }

    private static func isGood(_ value: Value, _ key: SSHPublicKey, _ message: [UInt8]) -> Bool {
        switch (value, key.kind) {
        case (.ed25519(let signature), .ed25519(let bytes)), (.ed25519(let signature), .securityKeyEd25519(let bytes, _)):
            (try? Curve25519.Signing.PublicKey(rawRepresentation: bytes))?.isValidSignature(signature, for: message) ?? false
        case (.ecdsaP256(let numbers), .ecdsaP256(let point)), (.ecdsaP256(let numbers), .securityKeyECDSAP256(let point, _)):
            if let key = try? P256.Signing.PublicKey(x963Representation: point),
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: numbers)
            {
                key.isValidSignature(signature, for: message)
            } else {
                false
            }
        case (.touched, _), (.ed25519, _), (.ecdsaP256, _):
            false
        }
    }

    /// The file, as `ssh-keygen -Y sign` writes it.
    package var armored: String {
        let head = Self.magic + SSHWriter.number(Self.version) + SSHWriter.string(publicKey.blob) + SSHWriter.string(namespace)
        let bytes = SSHWriter.string(publicKey.name) + Self.bytes(value)
        return Self.armor.text(head + SSHWriter.string(reserved) + SSHWriter.string(hashAlgorithm.rawValue) + SSHWriter.string(bytes))
    }

    private static func bytes(_ value: Value) -> [UInt8] {
        switch value {
        case .ed25519(let signature): SSHWriter.string(signature)
        case .ecdsaP256(let numbers): SSHWriter.string(integer(numbers.prefix(32)) + integer(numbers.suffix(32)))
        case .touched(let inner, let touch): bytes(inner) + [touch.flags] + SSHWriter.number(touch.counter)
        }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return SSHWriter.string((digits.first.map { $0 >= 0x80 } ?? false ? [0] : []) + digits)
    }
}
