/// A text with signatures under it (C2SP `signed-note`).
///
/// Nothing in the text is to be believed before `verified(by:)` has returned.
package struct SignedNote: Equatable, Sendable {
    /// One line under the text: whose key is said to have signed, and the signature, which nobody has checked yet.
    package struct Signature: Hashable, Sendable {
        package let name: String
        package let keyID: UInt32
        /// What follows the key ID; its form is that of the key's algorithm.
        package let bytes: [UInt8]
    }

    /// The most signatures that are read.
    package static let signatureLimit = 64
    /// The most bytes that are read.
    package static let byteLimit = 1 << 20

    /// UTF-8 without control characters but newlines, of which one is at the end.
    package let text: [UInt8]
    package private(set) var signatures: [Signature]

    private static let separator = Array("\n\n".utf8)

    /// - Throws: `NoteFault.malformed` where the text is none of a note.
    package init(text: String, signedBy signers: [NoteSigner]) throws(NoteFault) {
        self.text = Array(text.utf8)
        signatures = []
        guard SignedNote.isText(self.text) else { throw .malformed("the text of a note") }
        for signer in signers { sign(by: signer) }
    }

    /// - Throws: `NoteFault.malformed` for anything that is not, to the last byte, a note with at least one signature.
    package init(_ bytes: [UInt8]) throws(NoteFault) {
        guard bytes.count <= SignedNote.byteLimit else { throw .malformed("more bytes than a note may have") }
        guard let end = bytes.indices.dropLast().last(where: { bytes[$0] == 10 && bytes[$0 + 1] == 10 }) else {
            throw .malformed("no empty line before signatures")
        }
        text = Array(bytes[...end])
        guard SignedNote.isText(text) else { throw .malformed("the text of a note") }
        signatures = try SignedNote.signatures(bytes[(end + 2)...])
        guard !signatures.isEmpty else { throw .malformed("no signature") }
    }

    /// The note as it is kept and sent.
    package var bytes: [UInt8] {
        text + [10] + signatures.flatMap(\.line)
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.last == 10 && bytes.allSatisfy { $0 >= 0x20 || $0 == 10 } && String(validating: bytes, as: UTF8.self) != nil
    }

    private static func signatures(_ lines: ArraySlice<UInt8>) throws(NoteFault) -> [Signature] {
        var reader = LineReader(lines)
        var signatures: [Signature] = []
        while let line = reader.next() {
            guard signatures.count < signatureLimit else { throw .malformed("more signatures than a note may have") }
            guard let signature = Signature(line: line) else { throw .malformed("signature \(signatures.count + 1)") }
            signatures.append(signature)
        }
        guard reader.rest.isEmpty else { throw .malformed("no newline at the end") }
        return signatures
    }
}

extension SignedNote {
    package mutating func sign(by signer: NoteSigner) {
        signatures.append(signer.signature(under: text))
    }

    /// Who has signed, of the keys that somebody knows. Signatures of others are passed over.
    ///
    /// - Returns: at least one, in the order of the signatures; each key once.
    /// - Throws: `NoteFault.forged` where one of a known key is bad, whatever the others are; `NoteFault.unsigned` where there is none of a
    /// known key.
    package func verified(by known: [NoteVerifier]) throws(NoteFault) -> [VerifiedSignature] {
        var verified: [VerifiedSignature] = []
        for signature in signatures {
            let named = known.filter { $0.name == signature.name && $0.keyID == signature.keyID }
            guard !named.isEmpty else { continue }
            guard let found = named.lazy.compactMap({ $0.verified(signature.bytes, under: text) }).first else {
                throw .forged(key: signature.name)
            }
            if !verified.contains(where: { $0.verifier == found.verifier }) { verified.append(found) }
        }
        guard !verified.isEmpty else { throw .unsigned }
        return verified
    }

    /// Puts what a witness answered under the note: lines of signatures (`tlog-witness`). Those of keys that are not known are left out,
    /// and those that are there already.
    ///
    /// - Throws: `NoteFault`, and then nothing was added; `unsigned` where none is of a known key.
    package mutating func add(_ lines: [UInt8], of known: [NoteVerifier]) throws(NoteFault) {
        let answered = SignedNote(text: text, signatures: try SignedNote.signatures(lines[...]))
        let verified = try answered.verified(by: known)
        for signature in answered.signatures where !signatures.contains(signature) {
            guard verified.contains(where: { $0.verifier.name == signature.name && $0.verifier.keyID == signature.keyID }) else { continue }
            guard signatures.count < SignedNote.signatureLimit else { throw .malformed("more signatures than a note may have") }
            signatures.append(signature)
        }
    }

    private init(text: [UInt8], signatures: [Signature]) {
        (self.text, self.signatures) = (text, signatures)
    }
}

extension SignedNote.Signature {
    private static let dash = Array("— ".utf8)

    fileprivate init?(line: ArraySlice<UInt8>) {
        guard line.starts(with: Self.dash) else { return nil }
        let parts = line.dropFirst(Self.dash.count).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self), NoteVerifier.isName(name),
            let bytes = Base64.bytes(parts[1]), bytes.count > 4
        else { return nil }
        self.init(name: name, keyID: bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }, bytes: Array(bytes.dropFirst(4)))
    }

    fileprivate var line: [UInt8] {
        Self.dash + Array("\(name) \(Base64.text(withUnsafeBytes(of: keyID.bigEndian, Array.init) + bytes))\n".utf8)
    }
}
