import Crypto

/// A key whose signatures under notes are believed: `name+key ID+base 64` (C2SP `signed-note`, verifier keys).
package struct NoteVerifier: Hashable, Sendable {
    package enum Algorithm: UInt8, CaseIterable, Sendable {
        /// Ed25519 over the text of the note.
        case ed25519 = 0x01
        /// What a witness says at some time of a checkpoint (`tlog-cosignature`).
        case cosignature = 0x04
    }

    package let name: String
    package let algorithm: Algorithm
    /// The 32 bytes of an Ed25519 key.
    package let publicKey: [UInt8]

    /// Nil where the name is none of a key (empty, or with a space or a plus in it) or there are not 32 bytes.
    package init?(name: String, algorithm: Algorithm = .ed25519, publicKey: [UInt8]) {
        guard NoteVerifier.isName(name), publicKey.count == 32 else { return nil }
        (self.name, self.algorithm, self.publicKey) = (name, algorithm, publicKey)
    }

    /// By what signatures name the key beside its name; it is too short to prove anything.
    package var keyID: UInt32 {
        let hash = SHA256.hash(data: Array("\(name)\n".utf8) + [algorithm.rawValue] + publicKey)
        return hash.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20 }
    }

    /// Whether the key made the signature, and when, by what a witness says in it.
    ///
    /// - Parameter signature: without the key ID.
    /// - Returns: nil where it did not make it.
    func verified(_ signature: [UInt8], under text: [UInt8]) -> VerifiedSignature? {
        switch algorithm {
        case .ed25519:
            return isSigned(text, signature) ? VerifiedSignature(verifier: self, cosignedAtSeconds: nil) : nil
        case .cosignature:
            guard signature.count == 8 + 64 else { return nil }
            let seconds = signature.prefix(8).reduce(into: UInt64(0)) { $0 = $0 << 8 | UInt64($1) }
            guard let seconds = Int64(exactly: seconds) else { return nil }
            let message = Array("cosignature/v1\ntime \(seconds)\n".utf8) + text
            return isSigned(message, Array(signature.dropFirst(8))) ? VerifiedSignature(verifier: self, cosignedAtSeconds: seconds) : nil
        }
    }

    private func isSigned(_ message: [UInt8], _ signature: [UInt8]) -> Bool {
        (try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey))?.isValidSignature(signature, for: message) ?? false
    }
}

extension NoteVerifier: LosslessStringConvertible {
    /// Nil for what is no verifier key, one of an algorithm that is not read here, and one whose key ID is not that of its parts.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = String(validating: parts[0], as: UTF8.self), let key = Base64.bytes(parts[2]),
            let algorithm = key.first.flatMap(Algorithm.init)
        else { return nil }
        self.init(name: name, algorithm: algorithm, publicKey: Array(key.dropFirst()))
        guard parts[1].elementsEqual(keyIDText.utf8) else { return nil }
    }

    package var description: String {
        "\(name)+\(keyIDText)+\(Base64.text([algorithm.rawValue] + publicKey))"
    }

    private var keyIDText: String {
        Hexadecimal.text(withUnsafeBytes(of: keyID.bigEndian, Array.init))
    }
}

/// A signature under a note that was found to be good.
package struct VerifiedSignature: Hashable, Sendable {
    /// Whose it is.
    package let verifier: NoteVerifier
    /// When a witness says that it signed: seconds since 1970. Nil for other signatures, which say nothing about time.
    package let cosignedAtSeconds: Int64?
}

/// A key that signs notes, Ed25519.
package struct NoteSigner: Sendable {
    package let verifier: NoteVerifier
    private let key: Curve25519.Signing.PrivateKey

    /// Nil where the name is none of a key or the seed has not 32 bytes.
    ///
    /// - Parameter seed: the private key of RFC 8032; see `SSHPrivateKey.seed`.
    package init?(name: String, seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let verifier = NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation))
        else { return nil }
        (self.key, self.verifier) = (key, verifier)
    }

    func signature(under text: [UInt8]) -> SignedNote.Signature {
        // Ed25519 signs whatever bytes it is given.
        let signature = try! key.signature(for: text)
        return SignedNote.Signature(name: verifier.name, keyID: verifier.keyID, bytes: Array(signature))
    }
}

extension NoteSigner: CustomStringConvertible {
    /// Which key it is, and nothing of what is secret.
    package var description: String {
        "the signer of \(verifier)"
    }
}
