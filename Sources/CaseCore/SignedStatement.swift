import WorkingTime

/// A statement about an event, as the event keeps it: the bytes that were signed, by which key, and the signature.
package struct SignedStatement: Described {
    /// The seal or the signer, as the catalogue names it; nil where no seal could be set.
    package var key: String?
    /// By what people tell keys apart.
    package var fingerprint: String?
    /// The canonical text, see `docs/evidence.md`. It says nothing of persons that is to be erased.
    package var statement: String
    /// What the commitments of the statement are made with: 32 hexadecimal digits.
    package var salt: String
    /// The file that `ssh-keygen -Y sign` writes.
    package var signature: String?

    package init(key: String?, fingerprint: String?, statement: String, salt: String, signature: String?) {
        self.key = key
        self.fingerprint = fingerprint
        self.statement = statement
        self.salt = salt
        self.signature = signature
    }

    package static var shape: Shape { .named("signed-statement", .object(members.shapes)) }

    package static let members = Members<SignedStatement>(
        Member("key", \.key, unless: nil, "the seal or the signer, as the catalogue names it; none where no seal could be set"),
        Member("fingerprint", \.fingerprint, unless: nil, "of the key"),
        Member("statement", \.statement, limit: ByteLimit.fields, "what is signed, to the byte"),
        Member("salt", \.salt, apart: Erased.text, "what the commitments in the statement are made with"),
        Member("signature", \.signature, unless: nil, limit: OwnSignature.limit, "as ssh-keygen -Y sign writes it"),
        make: { SignedStatement(key: $0, fingerprint: $1, statement: $2, salt: $3, signature: $4) })
}

/// What whoever signs a command with a key of their own gives with it: parameters of commands that can be signed.
package struct OwnSignature: Described {
    /// The file that `ssh-keygen -Y sign` writes.
    package var signature: String?
    /// When the statement was made that was signed.
    package var signedAt: Instant?
    /// What its commitments are made with.
    package var salt: String?

    package static let limit = 1 << 12

    package init(signature: String? = nil, signedAt: Instant? = nil, salt: String? = nil) {
        self.signature = signature
        self.signedAt = signedAt
        self.salt = salt
    }

    package var isGiven: Bool { signature != nil || signedAt != nil || salt != nil }

    package static let members = Members<OwnSignature>(
        Member(
            "signature", \.signature, unless: nil, limit: limit,
            "over what case.statement gives for this very command, as ssh-keygen -Y sign writes it"),
        Member("signed_at", \.signedAt, unless: nil, "with a signature: what case.statement says"),
        Member("salt", \.salt, unless: nil, "with a signature: what case.statement says"),
        make: { OwnSignature(signature: $0, signedAt: $1, salt: $2) })
}

/// A command that whoever gives it can sign with a key of their own, and has to where the matter asks for it.
package protocol SignedCommand: CaseCommand, ClientCommand {
    /// Whose signature it is.
    static var signatory: Signatory { get }
    var own: OwnSignature { get set }
}

extension SignedCommand {
    /// For what it is signed, so that no signature passes for one of another command: `grant@cased`.
    package static var namespace: String { "\(name)@cased" }
}

/// A change about which a statement is made that others can check.
package protocol Attested: Change {
    /// Whether it ends the case, so that the office's seal is set to it.
    static var isDecision: Bool { get }
    /// Why, in the words of whoever acted; nil where the law says it.
    var grounds: String? { get }
    var recommended: Recommendation? { get }
    /// The organ that is competent instead.
    var competent: String? { get }
}

extension Attested {
    package static var isDecision: Bool { true }
    package var grounds: String? { nil }
    package var recommended: Recommendation? { nil }
    package var competent: String? { nil }
}

/// Why a signature is not taken.
package enum SignatureFault: String, CaseIterable, Sendable {
    case unreadable
    case incomplete
    case otherPurpose
    case otherStatement
    case foreign
    case early
    case old
}
