import CaseTesting
import Crypto
import Testing

@testable import Evidence

@Suite("Keys and signatures of SSH")
struct SSHSignatureTests {
    private static let message = Array("This is a test, this is only a test".utf8)

    // MARK: OpenSSH's own

    @Test(
        "OpenSSH's test signatures of each kind are verified, and written again as they were",
        arguments: ["ed25519", "ecdsa", "ed25519_sk", "ecdsa_sk"])
    func published(name: String) throws {
        let signature = try SSHSignature(armored: Corpus.bytes("ssh/\(name).sig"))
        let key = try SSHPublicKey(line: Corpus.text("ssh/\(name).pub"))
        #expect(signature.publicKey == key)
        #expect(signature.namespace == "unittest" && signature.hashAlgorithm == .sha512)
        try signature.verify(Self.message, namespace: "unittest")
        #expect(try signature.armored == Corpus.text("ssh/\(name).sig"))
        #expect(signature.touch == (name.hasSuffix("_sk") ? SSHSignature.Touch(flags: 1, counter: 0x1234_5678) : nil))
        #expect(signature.touch?.isUserVerified != true)
        #expect(throws: SSHFault.otherNamespace("unittest")) { try signature.verify(Self.message, namespace: "other") }
        #expect(throws: SSHFault.badSignature) { try signature.verify(Self.message + [0], namespace: "unittest") }
    }

    @Test("The key of OpenSSH's tests makes here the signature that it makes there, to the byte")
    func sameAsOpenSSH() throws {
        let key = try SSHPrivateKey(file: Corpus.bytes("ssh/ed25519.key"))
        #expect(key.comment == "ED25519 test key")
        #expect(try "\(key.publicKey) \(key.comment)\n" == Corpus.text("ssh/ed25519.pub"))
        #expect(try SSHSignature(over: Self.message, namespace: "unittest", by: key).armored == Corpus.text("ssh/ed25519.sig"))
    }

    @Test(
        "What is not taken is refused by its name",
        arguments: [
            ("rsa.sig", "ssh-rsa"), ("ecdsa_sk_webauthn.sig", "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"), ("rsa.pub", "ssh-rsa"),
            ("mldsa44-ed25519.pub", "ssh-mldsa44-ed25519@openssh.com"),
        ])
    func unsupported(file: String, name: String) throws {
        #expect(throws: SSHFault.unsupported(name)) {
            if file.hasSuffix(".pub") {
                _ = try SSHPublicKey(line: Corpus.text("ssh/\(file)"))
            } else {
                _ = try SSHSignature(armored: Corpus.bytes("ssh/\(file)"))
            }
        }
    }

    @Test("A key under a password is refused as one")
    func encrypted() throws {
        #expect(throws: SSHFault.encrypted) { try SSHPrivateKey(file: Corpus.bytes("ssh/ed25519_password.key")) }
    }

    // MARK: Keys

    @Test("A private key's file is read as it was written, whatever the length of its comment", arguments: 0...20)
    func files(length: Int) throws {
        let key = SSHPrivateKey(comment: String(repeating: "局", count: length))
        let read = try SSHPrivateKey(file: Array(key.file.utf8))
        #expect(read.seed == key.seed && read.comment == key.comment && read.publicKey == key.publicKey)
    }

    @Test("A private key's file with one bit changed is refused, or says another comment or another check")
    func changedFiles() throws {
        let key = try SSHPrivateKey(file: Corpus.bytes("ssh/ed25519.key"))
        let armor = SSHArmor("OPENSSH PRIVATE KEY")
        let bytes = try armor.bytes(Corpus.bytes("ssh/ed25519.key"), "the file")
        var accepted = 0
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                guard let read = try? SSHPrivateKey(file: Array(armor.text(changed).utf8)) else { continue }
                accepted += 1
                #expect(read.seed == key.seed && read.comment != key.comment, "byte \(place), bit \(bit)")
            }
        }
        #expect(accepted > 0, "the comment is secured by nothing")
    }

    @Test("A key that is printed says which one it is, and nothing secret")
    func printed() throws {
        let key = try SSHPrivateKey(file: Corpus.bytes("ssh/ed25519.key"))
        let signer = try #require(NoteSigner(name: "log.example", seed: key.seed))
        #expect("\(key)" == "the private key of \(key.publicKey.fingerprint)" && String(reflecting: key) == "\(key)")
        #expect("\(signer)" == "the signer of \(signer.verifier)" && String(reflecting: signer) == "\(signer)")
    }

    @Test("A key's line is read with a comment and without, and from no part of one")
    func lines() throws {
        let good = try Corpus.text("ssh/ed25519.pub")
        let key = try SSHPublicKey(line: good)
        #expect(try SSHPublicKey(line: key.description) == key)
        #expect(try SSHPublicKey(line: "\t\(key.description)  \r\n") == key)
        #expect(try SSHPublicKey(blob: key.blob) == key)
        #expect(throws: SSHFault.malformed("the end of a key")) { try SSHPublicKey(blob: key.blob + [0]) }
        for wrong in ["", "ssh-ed25519", "ssh-ed25519 !!!!", String(key.description.dropLast(4)), "\(key)=", "comment \(key)"] {
            #expect(throws: SSHFault.self, "\(wrong)") { try SSHPublicKey(line: wrong) }
        }
        let name = key.description.replacing("ssh-ed25519 ", with: "ecdsa-sha2-nistp256 ")
        #expect(throws: SSHFault.malformed("the kind of a key")) { try SSHPublicKey(line: name) }
    }

    @Test("A key of the wrong length, a point off the curve and another curve are refused")
    func wrongKeys() throws {
        for count in [0, 31, 33] {
            #expect(throws: SSHFault.malformed("an Ed25519 key")) { try SSHPublicKey(.ed25519(Array(repeating: 1, count: count))) }
        }
        for point in [[], [4] + [UInt8](repeating: 1, count: 64), [0]] {
            #expect(throws: SSHFault.malformed("a point of P-256")) { try SSHPublicKey(.ecdsaP256(point)) }
        }
        let other = SSHWriter.string("ecdsa-sha2-nistp256") + SSHWriter.string("nistp384") + SSHWriter.string([4, 1])
        #expect(throws: SSHFault.unsupported("nistp384")) { try SSHPublicKey(blob: other) }
    }

    // MARK: Signatures

    @Test("A signature with one bit of its value changed is refused", arguments: ["ed25519", "ecdsa", "ed25519_sk", "ecdsa_sk"])
    func changes(name: String) throws {
        let armor = SSHArmor("SSH SIGNATURE")
        let bytes = try armor.bytes(Corpus.bytes("ssh/\(name).sig"), "a signature")
        let key = try SSHPublicKey(line: Corpus.text("ssh/\(name).pub"))
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1 << UInt8(place % 8)
            #expect(throws: SSHFault.self, "byte \(place)") {
                let signature = try SSHSignature(armored: Array(armor.text(changed).utf8))
                try signature.verify(Self.message, namespace: "unittest")
                guard signature.publicKey == key else { throw SSHFault.badSignature }
            }
        }
    }

    @Test("A hardware key that nobody touched is refused; its PIN is told", arguments: SoftToken.Kind.allCases)
    func touches(kind: SoftToken.Kind) throws {
        let token = SoftToken(kind)
        let plain = try SSHSignature(armored: token.sign(Self.message, namespace: "n", flags: 0x01))
        try plain.verify(Self.message, namespace: "n")
        #expect(plain.touch == SSHSignature.Touch(flags: 1, counter: 7) && plain.touch?.isUserVerified == false)
        let verified = try SSHSignature(armored: token.sign(Self.message, namespace: "n", flags: 0x05))
        try verified.verify(Self.message, namespace: "n")
        #expect(verified.touch?.isUserVerified == true)
        let untouched = try SSHSignature(armored: token.sign(Self.message, namespace: "n", flags: 0x04))
        #expect(throws: SSHFault.untouched) { try untouched.verify(Self.message, namespace: "n") }
        // The flags are signed: nobody can put the touch in afterwards.
        let forged = try SSHSignature(armored: token.sign(Self.message, namespace: "n", flags: 0x04, said: 0x01))
        #expect(throws: SSHFault.badSignature) { try forged.verify(Self.message, namespace: "n") }
        // The application is a part of the key.
        let moved = try SSHSignature(armored: token.sign(Self.message, namespace: "n", flags: 0x01, application: "ssh:other"))
        #expect(throws: SSHFault.badSignature) { try moved.verify(Self.message, namespace: "n") }
    }

    @Test("Both hashes of the page are taken, and no other", arguments: SSHSignature.HashAlgorithm.allCases)
    func hashes(hash: SSHSignature.HashAlgorithm) throws {
        let signature = try SSHSignature(armored: SoftToken(.ed25519).sign(Self.message, namespace: "n", flags: 1, hash: hash))
        #expect(signature.hashAlgorithm == hash)
        try signature.verify(Self.message, namespace: "n")
        #expect(throws: SSHFault.unsupported("md5")) {
            try SSHSignature(armored: SoftToken(.ed25519).sign(Self.message, namespace: "n", flags: 1, hash: hash, named: "md5"))
        }
    }

    @Test(
        "A number of a signature has one form: the shortest, not below zero, and not longer than the curve's numbers",
        arguments: [
            ([], 0), ([1], 1), ([0x7F], 0x7F), ([0, 0x80], 0x80), ([0], nil), ([0, 1], nil), ([0, 0, 0x80], nil), ([0x80], nil),
            ([0xFF, 1], nil),
        ] as [([UInt8], UInt8?)])
    func numbers(bytes: [UInt8], value: UInt8?) throws {
        var reader = SSHReader(SSHWriter.string(bytes))
        let number = try? reader.integer(byteCount: 32, "a number")
        #expect(number == value.map { [UInt8](repeating: 0, count: 31) + [$0] })
        for (count, isTaken) in [(32, true), (33, false)] {
            var reader = SSHReader(SSHWriter.string([UInt8](repeating: 0x11, count: count)))
            #expect(((try? reader.integer(byteCount: 32, "a number")) != nil) == isTaken)
        }
    }

    @Test("Armor is read with either line end, and with nothing in front of it or behind it but empty lines")
    func armor() throws {
        let text = try Corpus.text("ssh/ed25519.sig")
        let signature = try SSHSignature(armored: Array(text.utf8))
        for good in [text.replacing("\n", with: "\r\n"), text + "\n\r\n", String(text.dropLast())] {
            #expect(try SSHSignature(armored: Array(good.utf8)) == signature)
        }
        for wrong in [
            "", " " + text, "x\n" + text, text + "x", text.replacing("BEGIN", with: "BEGAN"), String(text.dropLast(2)),
            text.replacing("U1NI", with: "U1!I"),
            text.replacing("SSH SIGNATURE", with: "PGP SIGNATURE"), "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
        ] {
            #expect(throws: SSHFault.self, "\(wrong)") { try SSHSignature(armored: Array(wrong.utf8)) }
        }
    }
}

/// What a FIDO token does, in software: for tests alone.
struct SoftToken {
    enum Kind: CaseIterable {
        case ed25519, ecdsaP256
    }

    let publicKey: SSHPublicKey
    private let make: ([UInt8]) -> [UInt8]
    private static let application = "ssh:"

    init(_ kind: Kind) {
        switch kind {
        case .ed25519:
            let key = Curve25519.Signing.PrivateKey()
            publicKey = try! SSHPublicKey(.securityKeyEd25519(Array(key.publicKey.rawRepresentation), application: Self.application))
            make = { Array(try! key.signature(for: $0)) }
        case .ecdsaP256:
            let key = P256.Signing.PrivateKey()
            publicKey = try! SSHPublicKey(.securityKeyECDSAP256(Array(key.publicKey.x963Representation), application: Self.application))
            make = { message in
                let numbers = Array(try! key.signature(for: message).rawRepresentation)
                return [numbers[..<32], numbers[32...]].flatMap { half in
                    let digits = Array(half.drop { $0 == 0 })
                    return SSHWriter.string((digits[0] >= 0x80 ? [0] : []) + digits)
                }
            }
        }
    }

    /// The armor.
    ///
    /// - Parameters:
    ///   - said: other flags than those that are signed.
    ///   - named: another name for the hash than that of the one that is taken.
    func sign(
        _ message: [UInt8], namespace: String, flags: UInt8, said: UInt8? = nil, application: String = SoftToken.application,
        hash: SSHSignature.HashAlgorithm = .sha512, named: String? = nil
    ) -> [UInt8] {
        let magic = Array("SSHSIG".utf8)
        let purpose = SSHWriter.string(namespace) + SSHWriter.string("") + SSHWriter.string(named ?? hash.rawValue)
        let shown = magic + purpose + SSHWriter.string(hash.hash(message))
        let counter = SSHWriter.number(7)
        let value = make(Array(SHA256.hash(data: Array(application.utf8))) + [flags] + counter + Array(SHA256.hash(data: shown)))
        let signature = SSHWriter.string(publicKey.name) + SSHWriter.string(value) + [said ?? flags] + counter
        let bytes = magic + SSHWriter.number(1) + SSHWriter.string(publicKey.blob) + purpose + SSHWriter.string(signature)
        return Array(SSHArmor("SSH SIGNATURE").text(bytes).utf8)
    }
}
