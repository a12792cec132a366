import CaseTesting
import Testing
import WorkingTime

@testable import Evidence

@Suite("Allowed signers")
struct AllowedSignersTests {
    private static let key = try! SSHPublicKey(.ed25519(Array(1...32)))

    @Test("A line says for whom, for what and when a key counts, and is read as it is written")
    func lines() throws {
        let signer = try #require(
            AllowedSigner(
                principals: ["permits", "permits@example"], namespaces: ["decision@example", "receipt@example"],
                validFrom: Instant("2026-01-01T00:00:00Z"), validUntil: Instant("2027-01-01T00:00:00+08:00"), key: Self.key))
        #expect(
            signer.description
                == "permits,permits@example namespaces=\"decision@example,receipt@example\",valid-after=\"20260101000000Z\",valid-before=\"20261231155959Z\" \(Self.key)"
        )
        #expect(AllowedSigner(signer.description) == signer)
        #expect(AllowedSigner("\(signer) the seal of the office") == signer)
        let plain = try #require(AllowedSigner(principals: ["li-lei"], key: Self.key))
        #expect(plain.description == "li-lei \(Self.key)")
        let file = AllowedSigners([signer, plain])
        #expect(file.text == "\(signer)\n\(plain)\n")
        #expect(AllowedSigners(text: file.text) == file)
        #expect(AllowedSigners(text: "# seals\n\n" + file.text) == file)
        #expect(AllowedSigners(text: "") == AllowedSigners())
    }

    @Test("Validity goes from its first second to the one before its end, rounded up; the beginning and the end of time are none")
    func validity() throws {
        func signer(_ from: String?, _ until: String?) -> AllowedSigner? {
            AllowedSigner(principals: ["a"], validFrom: from.map { Instant($0)! }, validUntil: until.map { Instant($0)! }, key: Self.key)
        }
        let one = try #require(signer("2026-01-01T00:00:00.001Z", "2026-01-01T00:00:09.999Z"))
        #expect(one.validFrom == Instant("2026-01-01T00:00:01Z") && one.validUntil == Instant("2026-01-01T00:00:10Z"))
        for (instant, isAllowed) in [("00.999", false), ("01", true), ("09.999", true), ("10", false)] {
            #expect(one.allows(principal: "a", namespace: "x", at: Instant("2026-01-01T00:00:\(instant)Z")!) == isAllowed)
        }
        #expect(signer("1970-01-01T00:00:00Z", nil)?.validFrom == nil && signer("0001-01-01T00:00:00Z", nil)?.validFrom == nil)
        #expect(signer(nil, "9999-12-31T23:59:59.999Z")?.validUntil == nil)
        // OpenSSH takes no line whose end is not behind its beginning, nor one that ends in 1970's first second.
        #expect(
            signer("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z") == nil && signer("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z") == nil)
        #expect(signer("2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z") != nil)
        #expect(signer(nil, "1970-01-01T00:00:01Z") == nil && signer(nil, "1969-01-01T00:00:01Z") == nil)
    }

    @Test("A key counts for those, for that and then alone")
    func asking() throws {
        let signer = try #require(
            AllowedSigner(principals: ["a", "b"], namespaces: ["n"], validUntil: Instant("2026-01-01T00:00:00Z"), key: Self.key))
        let file = AllowedSigners([signer])
        let before = Instant("2025-12-31T23:59:59Z")!
        #expect(file.allows(Self.key, principal: "b", namespace: "n", at: before))
        #expect(!file.allows(Self.key, principal: "c", namespace: "n", at: before))
        #expect(!file.allows(Self.key, principal: "b", namespace: "m", at: before))
        #expect(!file.allows(Self.key, principal: "b", namespace: "n", at: Instant("2026-01-01T00:00:00Z")!))
        #expect(!file.allows(try SSHPublicKey(.ed25519(Array(2...33))), principal: "b", namespace: "n", at: before))
        #expect(!AllowedSigners().allows(Self.key, principal: "b", namespace: "n", at: before))
    }

    @Test(
        "A name that would mean more than itself is refused",
        arguments: ["", "*", "a*", "?", "!a", "a,b", "a b", "a\tb", "a\"b", "#a", "a\nb", "a\\b", "\u{7F}", "'a'"])
    func names(name: String) {
        #expect(AllowedSigner(principals: [name], key: Self.key) == nil)
        #expect(AllowedSigner(principals: ["a"], namespaces: [name], key: Self.key) == nil)
        #expect(AllowedSigner(principals: [], key: Self.key) == nil)
    }

    @Test(
        "A line that OpenSSH reads otherwise is not read",
        arguments: [
            "a", "a ssh-ed25519 BBBB", "a ssh-rsa AAAA", "*@example KEY", "a cert-authority KEY", "a namespaces=n KEY",
            "a namespaces=\"n*\" KEY",
            "a namespaces=\"n\",namespaces=\"n\" KEY", "a valid-after=\"20260101\" KEY", "a valid-after=\"20260101000000\" KEY",
            "a valid-before=\"20261301000000Z\" KEY", "a valid-before=\"20260101000060Z\" KEY", "a namespaces=\"n\", KEY",
            "a namespaces=\"n KEY",
            "a zz-after=\"20260101000000Z\" KEY", "a \"KEY", "a namespaces=\"\" KEY", "\"a\" KEY",
        ])
    func wrongLines(line: String) {
        let line = line.replacing("KEY", with: Self.key.description)
        #expect(AllowedSigner(line) == nil)
        #expect(AllowedSigners(text: line) == nil)
    }
}
