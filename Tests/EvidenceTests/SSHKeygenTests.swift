import CaseTesting
import Foundation
import Testing
import WorkingTime

@testable import Evidence

/// OpenSSH's own program, which judges what the module writes, and whose signatures the module judges.
@Suite("ssh-keygen")
struct SSHKeygenTests {
    private static let program = "/usr/bin/ssh-keygen"
    private static let isThere = FileManager.default.isExecutableFile(atPath: program)
    private static let whereFrom: Comment = "no ssh-keygen is installed: apt-get install openssh-client"
    private static let statement = "C-17 granted\n"

    private let folder = TemporaryDirectory()

    private func write(_ text: String, _ name: String, mode: Int = 0o644) throws -> String {
        let path = "\(folder.path)/\(name)"
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        return path
    }

    private func keygen(_ arguments: String..., input: String = "") throws -> Program {
        try Program(Self.program, arguments, environment: ["TZ": "Asia/Shanghai", "HOME": folder.path], input: input)
    }

    /// Whether it takes a signature by the file of allowed signers.
    private func verifies(
        _ signature: String, _ signers: AllowedSigners, principal: String, namespace: String, at instant: Instant? = nil,
        statement: String = statement
    ) throws -> Bool {
        let time = instant.map { ["-O", "verify-time=" + $0.description.filter(\.isNumber).prefix(14) + "Z"] } ?? []
        let program = try Program(
            Self.program,
            [
                "-Y", "verify", "-f", write(signers.text, "allowed_signers"), "-I", principal, "-n", namespace, "-s",
                write(signature, "statement.sig"),
            ] + time, environment: ["TZ": "Asia/Shanghai"], input: statement)
        #expect(program.status == 0 || program.status == 255, "\(program.errors)")
        return program.status == 0
    }

    @Test(
        "A statement that is signed here is verified by it, and no other statement, purpose, person or key",
        .enabled(if: isThere, whereFrom))
    func oursByTheirs() throws {
        let key = SSHPrivateKey(comment: "seal")
        let signer = try #require(AllowedSigner(principals: ["permits", "fire"], namespaces: ["decision@example"], key: key.publicKey))
        let signers = AllowedSigners([signer])
        let signature = SSHSignature(over: Array(Self.statement.utf8), namespace: "decision@example", by: key).armored
        #expect(try verifies(signature, signers, principal: "permits", namespace: "decision@example"))
        #expect(try verifies(signature, signers, principal: "fire", namespace: "decision@example"))
        #expect(try !verifies(signature, signers, principal: "water", namespace: "decision@example"))
        #expect(try !verifies(signature, signers, principal: "permits", namespace: "receipt@example"))
        #expect(try !verifies(signature, signers, principal: "permits", namespace: "decision@example", statement: "C-18 granted\n"))
        let other = try #require(AllowedSigner(principals: ["permits"], key: SSHPrivateKey().publicKey))
        #expect(try !verifies(signature, AllowedSigners([other]), principal: "permits", namespace: "decision@example"))
        // A key that counts for another purpose alone.
        let elsewhere = SSHSignature(over: Array(Self.statement.utf8), namespace: "receipt@example", by: key).armored
        #expect(try !verifies(elsewhere, signers, principal: "permits", namespace: "receipt@example"))
    }

    @Test("Inside and outside the validity of a key, to the second, it and the module say the same", .enabled(if: isThere, whereFrom))
    func validity() throws {
        let key = SSHPrivateKey()
        let signature = SSHSignature(over: Array(Self.statement.utf8), namespace: "n", by: key).armored
        let (from, until) = (Instant("2024-02-29T16:00:00Z")!, Instant("2026-01-01T00:00:00Z")!)
        func moved(_ instant: Instant, _ seconds: Int64) -> Instant {
            instant.advanced(byMilliseconds: seconds * 1000)
        }
        let signers: [AllowedSigner?] = [
            AllowedSigner(principals: ["a"], validFrom: from, validUntil: until, key: key.publicKey),
            AllowedSigner(principals: ["a"], validFrom: from, key: key.publicKey),
            AllowedSigner(principals: ["a"], validUntil: until, key: key.publicKey),
            AllowedSigner(principals: ["a"], validFrom: from, validUntil: moved(from, 2), key: key.publicKey),
            AllowedSigner(principals: ["a"], validFrom: Instant("1960-01-01T00:00:00Z"), validUntil: .last, key: key.publicKey),
        ]
        var taken = 0
        let instants = [moved(from, -1), from, moved(from, 1), moved(from, 2), moved(until, -1), until, moved(until, 86_400)]
        for signer in signers {
            let file = AllowedSigners([try #require(signer)])
            for instant in instants {
                let isAllowed = file.allows(key.publicKey, principal: "a", namespace: "n", at: instant)
                #expect(
                    try verifies(signature, file, principal: "a", namespace: "n", at: instant) == isAllowed, "\(file.text) at \(instant)")
                taken += isAllowed ? 1 : 0
            }
        }
        #expect(taken == 4 + 6 + 5 + 2 + 7)
    }

    @Test(
        "What it signs with a key that it made is verified here, with both hashes", .enabled(if: isThere, whereFrom),
        arguments: [("ed25519", "ssh-ed25519"), ("ecdsa", "ecdsa-sha2-nistp256")])
    func theirsByOurs(kind: String, name: String) throws {
        let path = "\(folder.path)/key"
        #expect(try keygen("-q", "-t", kind, "-b", "256", "-N", "", "-C", "li lei", "-f", path).status == 0)
        let key = try SSHPublicKey(line: String(contentsOfFile: "\(path).pub", encoding: .utf8))
        #expect(key.name == name)
        #expect(try keygen("-l", "-f", "\(path).pub").output.contains(" \(key.fingerprint) "))
        for hash in SSHSignature.HashAlgorithm.allCases {
            let signed = try keygen("-Y", "sign", "-f", path, "-n", "decision@example", "-O", "hashalg=\(hash)", input: Self.statement)
            let signature = try SSHSignature(armored: Array(signed.output.utf8))
            #expect(signature.publicKey == key && signature.hashAlgorithm == hash)
            try signature.verify(Array(Self.statement.utf8), namespace: "decision@example")
            #expect(signature.armored == signed.output)
            let signers = AllowedSigners([try #require(AllowedSigner(principals: ["li-lei"], key: key))])
            #expect(try verifies(signature.armored, signers, principal: "li-lei", namespace: "decision@example"))
        }
    }

    @Test(
        "A signature of a hardware key that the module takes is verified by it as well", .enabled(if: isThere, whereFrom),
        arguments: SoftToken.Kind.allCases)
    func hardwareKeys(kind: SoftToken.Kind) throws {
        let token = SoftToken(kind)
        let signers = AllowedSigners([try #require(AllowedSigner(principals: ["li-lei"], namespaces: ["n"], key: token.publicKey))])
        let armored = token.sign(Array(Self.statement.utf8), namespace: "n", flags: 1)
        try SSHSignature(armored: armored).verify(Array(Self.statement.utf8), namespace: "n")
        let text = String(decoding: armored, as: UTF8.self)
        #expect(try verifies(text, signers, principal: "li-lei", namespace: "n"))
        #expect(try !verifies(text, signers, principal: "li-lei", namespace: "n", statement: "C-18 granted\n"))
        let path = try write("\(token.publicKey)\n", "token.pub")
        #expect(try keygen("-l", "-f", path).output.contains(" \(token.publicKey.fingerprint) "))
    }

    @Test("A private key that is written here is read by it, and one that it wrote is read here", .enabled(if: isThere, whereFrom))
    func privateKeys() throws {
        let ours = SSHPrivateKey(comment: "seal of permits 局")
        let path = try write(ours.file, "ours", mode: 0o600)
        #expect(try keygen("-y", "-f", path).output == "\(ours.publicKey) \(ours.comment)\n")
        let theirs = "\(folder.path)/theirs"
        #expect(try keygen("-q", "-t", "ed25519", "-N", "", "-C", "made there", "-f", theirs).status == 0)
        let key = try SSHPrivateKey(file: Array(try Data(contentsOf: URL(fileURLWithPath: theirs))))
        #expect(key.comment == "made there")
        #expect(try String(contentsOfFile: "\(theirs).pub", encoding: .utf8) == "\(key.publicKey) made there\n")
        let signature = SSHSignature(over: Array(Self.statement.utf8), namespace: "n", by: key).armored
        let signers = AllowedSigners([try #require(AllowedSigner(principals: ["a"], key: key.publicKey))])
        #expect(try verifies(signature, signers, principal: "a", namespace: "n"))
        #expect(try keygen("-q", "-p", "-N", "secret", "-f", theirs).status == 0)
        #expect(throws: SSHFault.encrypted) { try SSHPrivateKey(file: Array(try Data(contentsOf: URL(fileURLWithPath: theirs)))) }
    }

    @Test(
        "A key of another kind that it makes is refused by its name", .enabled(if: isThere, whereFrom),
        arguments: [("rsa", "2048", "ssh-rsa"), ("ecdsa", "384", "ecdsa-sha2-nistp384")])
    func otherKinds(kind: String, bits: String, name: String) throws {
        let path = "\(folder.path)/key"
        #expect(try keygen("-q", "-t", kind, "-b", bits, "-N", "", "-f", path).status == 0)
        #expect(throws: SSHFault.unsupported(name)) { try SSHPublicKey(line: String(contentsOfFile: "\(path).pub", encoding: .utf8)) }
        #expect(throws: SSHFault.unsupported(name)) { try SSHPrivateKey(file: Array(try Data(contentsOf: URL(fileURLWithPath: path)))) }
        let signed = try keygen("-Y", "sign", "-f", path, "-n", "n", input: Self.statement)
        #expect(throws: SSHFault.unsupported(name)) { try SSHSignature(armored: Array(signed.output.utf8)) }
    }
}
