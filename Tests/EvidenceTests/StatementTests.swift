import CaseCore
import CaseWire
import Evidence
import Testing
import WorkingTime

/// What is signed about a decision, to the byte.
@Suite("Statements")
struct StatementTests {
    private static let salt = "000102030405060708090a0b0c0d0e0f"
    private static let digest = String(repeating: "ab", count: 32)
    private static let at = Instant("2026-02-06T01:00:00.250Z")!

    private func file() -> CaseFile {
        let submission = Submission(
            matter: "permit", title: "Warehouse", applicant: Applicant(id: "91X", name: "A"), fields: Fields(), channel: "online")
        let event = Event(
            file: CaseID(17), revision: 1, at: Self.at, by: "hall", via: nil,
            change: Submitted(
                submission, materials: [SubmittedMaterial(id: "form", sha256: Self.digest), SubmittedMaterial(id: "plan")], receipt: "R",
                assignment: Assignment(office: "permits", leader: "leader", commissioner: "commissioner"), catalogVersion: 3), clocks: [])
        return CaseFile(event)!
    }

    private func decision(_ change: any Change, instead: PersonID? = nil) -> Event {
        Event(file: CaseID(17), revision: 6, at: Self.at, by: "lena", via: "hall", instead: instead, change: change, clocks: [])
    }

    private func statement(_ event: Event, _ file: CaseFile) -> String {
        DecisionStatement(of: event, on: file, recommendation: nil, salt: Self.salt, log: "cased/e", isTraining: false, index: 41).text
    }

    @Test("A decision's statement is these bytes, in this order")
    func bytes() {
        let recommended = Event(
            file: CaseID(17), revision: 5, at: Self.at, by: "otto", via: nil,
            change: Recommended(.grant, opinion: "fine", handler: "otto"), clocks: [])
        var event = decision(Granted(reasons: "§ 7"), instead: "bela")
        event.signature = SignedStatement(key: "lena", fingerprint: "SHA256:x", statement: "s", salt: Self.salt, signature: "x")
        let text = DecisionStatement(
            of: event, on: file(), recommendation: recommended, salt: Self.salt, log: "cased/e", isTraining: true, index: 41
        ).text
        #expect(
            text == """
                cased-decision-v1
                log: cased/e
                training: yes
                case: C-17
                revision: 6
                matter: permit
                catalog: 3
                submitted: 2026-02-06T01:00:00.250Z
                applicant-id: sha256:4143e5507722ef41219e61de84ce4ed26255aaf5e8a0266310eb10112ac4bbfd
                applicant-name: sha256:815f70f6511fc78e872e54a5c7e660680a06b21998556115430d0ad5a9052c03
                title: sha256:dd288dd1fb4e2416dfd3c3b6e15e86ce41a86676aa5002ea55853be82db70fa1
                material: form sha256:\(Self.digest)
                material: plan -
                recommendation: grant
                recommended-by: otto
                recommended-at: 2026-02-06T01:00:00.250Z
                decision: granted
                reasons: sha256:7c86a23000d279636fdc85e2b49f93b1dac88ad98f62ec204f561a665e0b1101
                office: permits
                leader: leader
                by: lena
                instead-of: bela
                via: hall
                signed-with: SHA256:x
                at: 2026-02-06T01:00:00.250Z
                index: 41

                """)
    }

    @Test("An intent's statement is these bytes, in this order")
    func intent() {
        let event = decision(Declined(ground: "§ 7", competent: "Port authority"))
        let text = IntentStatement(
            of: event, by: Decline.self, on: file(), signedAt: Self.at, salt: Self.salt, log: "cased/e", isTraining: false
        ).text
        #expect(
            text == """
                cased-intent-v1
                command: decline
                log: cased/e
                training: no
                case: C-17
                revision: 1
                matter: permit
                applicant-id: sha256:4143e5507722ef41219e61de84ce4ed26255aaf5e8a0266310eb10112ac4bbfd
                applicant-name: sha256:815f70f6511fc78e872e54a5c7e660680a06b21998556115430d0ad5a9052c03
                title: sha256:dd288dd1fb4e2416dfd3c3b6e15e86ce41a86676aa5002ea55853be82db70fa1
                material: form sha256:\(Self.digest)
                material: plan -
                reasons: sha256:7c86a23000d279636fdc85e2b49f93b1dac88ad98f62ec204f561a665e0b1101
                competent: Port authority
                by: lena
                signed-at: 2026-02-06T01:00:00.250Z

                """)
    }

    @Test(
        "No value makes a line of its own, and two values are never written alike",
        arguments: [
            ("a\nby: cora", "a\\nby: cora"), ("a\\nb", "a\\\\nb"), ("a\rb", "a\\u{d}b"), ("a\u{85}b", "a\\u{85}b"),
            ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"), ("a\u{0}\u{7f}", "a\\u{0}\\u{7f}"), ("\r\n", "\\u{d}\\n"), ("局 é", "局 é"),
        ])
    func escapes(value: String, written: String) {
        let text = statement(decision(Declined(ground: "x", competent: value)), file())
        #expect(text.contains("\ncompetent: \(written)\noffice: permits\n"), "\(text)")
        #expect(
            text.utf8.split(separator: 10).count
                == statement(decision(Declined(ground: "x", competent: "y")), file()).utf8.split(separator: 10).count)
    }

    @Test("Another salt, another text and another name of a line are other commitments")
    func commitments() {
        func reasons(_ text: String, salt: String = Self.salt) -> String {
            DecisionStatement(
                of: decision(Granted(reasons: text)), on: file(), recommendation: nil, salt: salt, log: "cased/e", isTraining: false,
                index: 41
            ).text.split(separator: "\n").first { $0.hasPrefix("reasons: ") }.map(String.init) ?? ""
        }
        #expect(reasons("a") == reasons("a") && reasons("a") != reasons("b"))
        #expect(reasons("a") != reasons("a", salt: String(Self.salt.reversed())))
        // The title and the applicant's name may be the same words.
        #expect(
            !reasons("A").contains(statement(decision(Granted(reasons: "x")), file()).split(separator: "applicant-name: ")[1].prefix(71)))
    }

    @Test("Once an event was erased its statement is as it was and the seal is good, and neither salt nor text is there")
    func erased() throws {
        let key = SSHPrivateKey()
        var event = decision(Granted(reasons: "lena's cousin is ill"))
        let text = statement(event, file())
        let signature = SSHSignature(over: Array(text.utf8), namespace: DecisionStatement.namespace, by: key)
        event.seal = SignedStatement(
            key: "permits", fingerprint: key.publicKey.fingerprint, statement: text, salt: Self.salt, signature: signature.armored)
        let recorded = RecordedEvent(event, salt: { (0..<Opening.saltLength).map { _ in .random(in: 0...255) } })
        let kept = String(decoding: recorded.text, as: UTF8.self)
        #expect(!kept.contains(Self.salt) && !kept.contains("cousin"))
        let erased = try recorded.erased(event)
        let whole = try erased.whole()
        #expect(erased.text == recorded.text && !String(decoding: whole, as: UTF8.self).contains(Self.salt))
        let after = try Event(canonicalBytes: whole)
        let seal = try #require(after.seal)
        #expect(seal.salt == Erased.text && seal.statement == text)
        try SSHSignature(armored: Array(try #require(seal.signature).utf8)).verify(
            Array(seal.statement.utf8), namespace: DecisionStatement.namespace)
    }
}
