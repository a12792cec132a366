import CaseCore
import CaseStore
import CaseTesting
import CaseWire
import Catalogue
import Evidence
import Foundation
import Testing
import WorkingTime

@testable import CaseEngine

/// What an office decides is sealed, and others can check it: by `ssh-keygen` alone, with the file of keys that the server gives.
@Suite("Sealed decisions")
struct SealTests {
    private static let program = "/usr/bin/ssh-keygen"
    private static let isThere = FileManager.default.isExecutableFile(atPath: program)
    private static let whereFrom: Comment = "no ssh-keygen is installed: apt-get install openssh-client"
    /// A day on which nothing is due in the calendar of the small office.
    private static let start = "2026-02-06T01:00:00Z"

    private let folder = TemporaryDirectory()
    private let key = SSHPrivateKey(comment: "permits")
    private let next = SSHPrivateKey(comment: "permits, next")
    private let lena = SSHPrivateKey(comment: "lena")
    private let otto = SSHPrivateKey(comment: "otto")

    static func seal(_ name: String, _ key: SSHPrivateKey, from: String = "2026-01-01", until: String? = nil) -> String {
        "[seal.\(name)]\noffice = \"permits\"\nkey = \"\(key.publicKey) somebody\"\nfrom = \(from)\n"
            + (until.map { "until = \($0)\n" } ?? "")
    }

    static func signer(_ person: String, _ key: SSHPrivateKey, name: String? = nil, until: String? = nil) -> String {
        "[signer.\(name ?? person)]\nperson = \"\(person)\"\nkey = \"\(key.publicKey)\"\nfrom = 2026-01-01\n"
            + (until.map { "until = \($0)\n" } ?? "")
    }

    static func files(_ keys: String, signature: String? = nil) -> [String: String] {
        var files = SmallOffice.files(user: Harness.hall)
        files["keys.toml"] = keys
        if let signature { files["matters.toml"]!.replace("name = \"Permit\"\n", with: "name = \"Permit\"\nsignature = \(signature)\n") }
        return files
    }

    private func harness(_ files: [String: String], keys: [SSHPrivateKey], isTraining: Bool = true) async throws -> Harness {
        let time: any TimeSource = isTraining ? ManualTime(Instant(Self.start)!) : SettableTime(Instant(Self.start)!)
        let harness = try await Harness(time: time, withCatalog: false, isTraining: isTraining, sealKeys: SealKeys(keys))
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        return harness
    }

    private func recommended(_ harness: Harness, matter: String = "permit") async throws -> JSONValue {
        let file = try await harness.call("case.submit", SmallOffice.submission(matter: matter)).get()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "in order"], as: "otto").get()
        return file
    }

    private func decision(_ harness: Harness, _ file: JSONValue) async throws -> JSONValue {
        try await harness.on(file, "case.decision", as: "otto").get()
    }

    private func signers(_ harness: Harness) async throws -> String {
        try #require(try await harness.call("evidence.signers").get()["allowed_signers"]?.string)
    }

    /// What ssh-keygen says of a signature over a statement.
    private func verifies(
        _ signed: JSONValue, _ signers: String, principal: String, namespace: String? = nil, statement: String? = nil, at: String
    ) throws -> Bool {
        for (name, text) in [("allowed_signers", signers), ("statement.sig", try #require(signed["signature"]?.string))] {
            try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
        }
        let time = String(at.filter(\.isNumber).prefix(14)) + "Z"
        let program = try Program(
            Self.program,
            [
                "-Y", "verify", "-f", "\(folder.path)/allowed_signers", "-I", principal, "-n",
                namespace ?? signed["namespace"]?.string ?? "", "-s", "\(folder.path)/statement.sig", "-O", "verify-time=\(time)",
            ], environment: ["TZ": "Asia/Shanghai"], input: statement ?? signed["statement"]!.string!)
        #expect(program.status == 0 || program.status == 255, "\(program.errors)")
        return program.status == 0
    }

    private func lines(_ statement: String) -> [String: String] {
        let pairs = statement.split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.components(separatedBy: ": ")
            return parts.count < 2 ? nil : (parts[0], parts.dropFirst().joined(separator: ": "))
        }
        return Dictionary(pairs) { first, _ in first }
    }

    @Test(
        "Grant, refusal, declining and what time decides are sealed; ssh-keygen takes each, and no other statement, case or purpose",
        .enabled(if: isThere, whereFrom))
    func everyKind() async throws {
        let harness = try await harness(Self.files(Self.seal("permits", key)), keys: [key])
        let granted = try await recommended(harness)
        _ = try await harness.on(granted, "case.grant", ["reasons": "§ 7 holds\ndecision: refused"], as: "lena").get()
        let refused = try await recommended(harness)
        _ = try await harness.on(refused, "case.refuse", ["reasons": "too near"], as: "lena").get()
        let declined = try await harness.submit()
        _ = try await harness.on(declined, "case.decline", ["ground": "not ours", "competent": "Port\nauthority"], as: "otto").get()
        let silent = try await recommended(harness, matter: "notice")
        let lapsed = try await harness.call("case.submit", SmallOffice.submission(materials: [])).get()
        _ = try await harness.on(lapsed, "case.request_correction", ["missing": ["form"], "note": "please"], as: "otto").get()
        let before = try await signers(harness)
        try await harness.advance(to: "2026-06-01T01:00:00Z")
        let signers = try await signers(harness)
        #expect(before == signers)
        var statements: [String] = []
        for (file, word) in [
            (granted, "granted"), (refused, "refused"), (declined, "declined"), (silent, "deemed-granted"), (lapsed, "lapsed"),
        ] {
            let decision = try await decision(harness, file)
            let seal: JSONValue = try #require(decision["seal"])
            let statement = try #require(seal["statement"]?.string)
            let at = try #require(decision["at"]?.string)
            #expect(decision["decision"]?.string == word && lines(statement)["decision"] == word)
            #expect(seal["key"]?.string == "permits" && seal["fingerprint"]?.string == key.publicKey.fingerprint)
            #expect(lines(statement)["training"] == "yes" && lines(statement)["at"] == at)
            #expect(try verifies(seal, signers, principal: "permits", at: at), "\(word)")
            #expect(try !verifies(seal, signers, principal: "lena", at: at))
            #expect(try !verifies(seal, signers, principal: "permits", namespace: "grant@cased", at: at))
            #expect(try !verifies(seal, signers, principal: "permits", statement: statement + "\n", at: at))
            #expect(
                try !verifies(
                    seal, signers, principal: "permits", statement: statement.replacing("decision: \(word)", with: "decision: other"),
                    at: at))
            for other in statements { #expect(try !verifies(seal, signers, principal: "permits", statement: other, at: at)) }
            statements.append(statement)
            // Before the key counted, nobody believes it.
            #expect(try !verifies(seal, signers, principal: "permits", at: "2026-02-05T23:59:59Z"))
            // What was said of persons stands in no statement, and can be checked by whoever knows it.
            #expect(!statement.contains("91230100MA") && !statement.contains("Harbin") && !statement.contains("§ 7"))
            for said in seal["said"]?.members ?? [] {
                let text = try #require(said.value.string)
                let sum = try Program("/usr/bin/sha256sum", [], input: "\(seal["salt"]!.string!) \(said.name) \(text)").output.prefix(64)
                #expect(lines(statement)[said.name] == "sha256:\(sum)", "\(said.name)")
            }
        }
        #expect(statements[2].contains("competent: Port\\nauthority\n"), "no value makes a line of its own")
        #expect(lines(statements[0])["recommended-by"] == "otto" && lines(statements[0])["by"] == "lena")
        #expect(lines(statements[3])["by"] == "clock")
        // The history holds the same bytes, and who submitted the case has them too.
        let event = try #require(try await harness.history(granted).last { $0["event"]?.string == "granted" })
        #expect(event["seal"]?["statement"]?.string == statements[0])
    }

    @Test(
        "A key that is left out stops at once, an older decision stays sealed, and inside its time alone", .enabled(if: isThere, whereFrom))
    func retired() async throws {
        let harness = try await harness(
            Self.files(Self.seal("permits", key, until: "2026-03-01") + Self.seal("next", next, from: "2026-03-01")), keys: [key, next])
        let first = try await recommended(harness)
        _ = try await harness.on(first, "case.grant", as: "lena").get()
        try await harness.advance(to: "2026-02-28T15:59:59Z")
        let second = try await recommended(harness)
        _ = try await harness.on(second, "case.grant", as: "lena").get()
        try await harness.advance(to: "2026-02-28T16:00:00Z")
        let third = try await recommended(harness)
        _ = try await harness.on(third, "case.grant", as: "lena").get()
        try await harness.advance(to: "2026-03-10T01:00:00Z")
        // The office gets a third key, and the second is left out before its time.
        _ = try await harness.call(
            "catalog.apply", SmallOffice.parameter(Self.files(Self.seal("last", key, from: "2026-03-10"))), uid: Harness.admin
        ).get()
        let fourth = try await recommended(harness)
        _ = try await harness.on(fourth, "case.grant", as: "lena").get()
        let signers = try await signers(harness)
        for (file, name) in [(first, "permits"), (second, "permits"), (third, "next"), (fourth, "last")] {
            let decision = try await decision(harness, file)
            let seal: JSONValue = try #require(decision["seal"])
            #expect(seal["key"]?.string == name)
            #expect(try verifies(seal, signers, principal: "permits", at: try #require(decision["at"]?.string)), "\(name)")
        }
        let sealed = try #require(try await decision(harness, third)["seal"])
        #expect(try !verifies(sealed, signers, principal: "permits", at: "2026-02-28T15:59:59Z"))
        #expect(try verifies(sealed, signers, principal: "permits", at: "2026-03-10T00:59:59Z"))
        #expect(try !verifies(sealed, signers, principal: "permits", at: "2026-03-10T01:00:00Z"))
        let early = try #require(try await decision(harness, first)["seal"])
        #expect(try !verifies(early, signers, principal: "permits", at: "2026-02-28T16:00:00Z"))
    }

    @Test("Without a key that counts an office decides nothing, and time decides all the same and says that no seal was set")
    func missing() async throws {
        var files = Self.files(Self.seal("permits", key, until: "2026-02-09"))
        files["office.toml"]!.replace(#"["anyone"]"#, with: #"["otto", "hana", "lena", "bela"]"#)
        let harness = try await harness(files, keys: [key], isTraining: false)
        let time = try #require(harness.source as? SettableTime)
        let first = try await recommended(harness)
        let second = try await recommended(harness)
        let silent = try await recommended(harness, matter: "notice")
        _ = try await harness.on(first, "case.grant", as: "lena").get()
        let seal = try #require(try await decision(harness, first)["seal"])
        #expect(seal["statement"]?.string?.contains("training: no\n") == true && seal["signature"]?.string != nil)
        // The last instant of the eighth in Shanghai, and the first of the ninth.
        time.pass(milliseconds: Instant("2026-02-08T16:00:00Z")! - Instant(Self.start)! - 1)
        let third = try await recommended(harness)
        _ = try await harness.on(third, "case.grant", as: "lena").get()
        #expect(try await harness.call("server.status").get()["unsealed_offices"] == [])
        time.pass(milliseconds: 1)
        #expect(try await harness.call("server.status").get()["unsealed_offices"] == ["permits"])
        let refused = try await harness.on(second, "case.grant", as: "lena")
        #expect(refused.kind == "seal.missing")
        #expect(try await harness.on(second, "case.refuse", ["reasons": "x"], as: "lena").kind == "seal.missing")
        #expect(try await harness.answered(second)["state"]?.string == "with-leader")
        time.pass(milliseconds: 60 * 86_400_000)
        _ = try await harness.submit()
        let decided = try await decision(harness, silent)
        #expect(decided["decision"]?.string == "deemed-granted")
        let unsealed = try #require(decided["seal"])
        #expect(unsealed["key"] == .null && unsealed["signature"] == .null && unsealed["fingerprint"] == .null)
        #expect(unsealed["statement"]?.string?.contains("decision: deemed-granted\n") == true)
        #expect(try await signers(harness).contains("TRAINING") == false)
    }

    @Test(
        "Whatever catalogues come after it, a decision that was sealed is taken by the file of keys at its instant")
    func anySequence() async throws {
        var random = SeededRandom(seed: 19)
        let keys = (0..<4).map { SSHPrivateKey(comment: "\($0)") }
        let harness = try await harness(Self.files(Self.seal("permits", keys[0])), keys: keys)
        var (now, decided) = (Instant(Self.start)!, [JSONValue]())
        for _ in 0..<25 {
            now = now.advanced(byMilliseconds: Int64.random(in: 1...200_000_000, using: &random))
            try await harness.advance(to: now.description)
            let today = Day(String(now.description.prefix(10)))!
            var declared = ""
            for (place, key) in keys.enumerated() where declared.isEmpty || Bool.random(using: &random) {
                let from = today.advanced(by: Int.random(in: -5...2, using: &random))
                let until = Bool.random(using: &random) ? nil : from.advanced(by: Int.random(in: 1...6, using: &random)).description
                declared += Self.seal(
                    "s\(place + Int.random(in: 0...1, using: &random) * 4)", key, from: from.description, until: until)
            }
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.files(declared)), uid: Harness.admin).get()
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let file = try await recommended(harness)
                _ = try await harness.on(file, "case.grant", as: "lena").get()
                decided.append(file)
            }
        }
        #expect(decided.count > 10)
        let signers = try #require(AllowedSigners(text: try await signers(harness)))
        var names: Set<String> = []
        for file in decided {
            let decision = try await decision(harness, file)
            let seal: JSONValue = try #require(decision["seal"])
            let signature = try SSHSignature(armored: Array(try #require(seal["signature"]?.string).utf8))
            try signature.verify(Array(try #require(seal["statement"]?.string).utf8), namespace: DecisionStatement.namespace)
            let at = try #require(decision["at"]?.string.flatMap { Instant($0) })
            #expect(signers.allows(signature.publicKey, principal: "permits", namespace: DecisionStatement.namespace, at: at), "\(file)")
            if let name = seal["key"]?.string { names.insert(name) }
        }
        #expect(names.count > 3)
        let kept = harness.engine.view.state.history
        #expect(try harness.store.read { try CatalogRecount($0).history } == kept)
        #expect(CatalogHistory(setting: kept.setting) == kept)
    }

    @Test(
        "A store for training seals with a key of its own where it was given none, and says in each statement what it is",
        .enabled(if: isThere, whereFrom))
    func training() async throws {
        let harness = try await harness(Self.files(Self.seal("permits", key)), keys: [])
        let file = try await recommended(harness)
        _ = try await harness.on(file, "case.grant", as: "lena").get()
        let (decision, signers) = (try await decision(harness, file), try await signers(harness))
        let seal: JSONValue = try #require(decision["seal"])
        #expect(decision["training"]?.bool == true && seal["key"]?.string == "training")
        #expect(seal["fingerprint"]?.string != key.publicKey.fingerprint)
        #expect(try verifies(seal, signers, principal: "permits", at: try #require(decision["at"]?.string)))
        #expect(signers.contains("# TRAINING"))
    }

    @Test("Where the catalogue names no seal nothing is sealed, and a case without a decision has none")
    func unsealed() async throws {
        let harness = try await Harness()
        let file = try await recommended(harness)
        #expect(try await harness.on(file, "case.decision", as: "otto").kind == "decision.not_found")
        _ = try await harness.on(file, "case.grant", as: "lena").get()
        #expect(try await decision(harness, file)["seal"] == .null)
        #expect(try await harness.history(file).allSatisfy { $0["seal"] == nil && $0["signature"] == nil })
    }

    // MARK: Signatures of persons

    /// What somebody gives with a command that they have signed.
    private func signed(
        _ harness: Harness, _ file: JSONValue, _ command: String, _ parameters: [JSONValue.Member], by key: SSHPrivateKey,
        as person: String,
        namespace: String? = nil
    ) async throws -> [JSONValue.Member] {
        let made = try await harness.on(
            file, "case.statement", ["command": .string(command), "parameters": .object(parameters)], as: person
        ).get()
        let text = try #require(made["statement"]?.string)
        let purpose = try namespace ?? #require(made["namespace"]?.string)
        let signature = SSHSignature(over: Array(text.utf8), namespace: purpose, by: key)
        return parameters + [
            .init("signature", .string(signature.armored)), .init("signed_at", made["signed_at"]!), .init("salt", made["salt"]!),
        ]
    }

    private func give(
        _ harness: Harness, _ file: JSONValue, _ command: String, _ members: [JSONValue.Member], as person: String
    ) async throws -> Result<JSONValue, WireError> {
        let method = try #require(Method(rawValue: "case.\(command)"))
        return try await harness.call(method, .object([.init("case", file["case"]!)] + members), acting: person)
    }

    @Test("A matter that asks for it takes no decision without the leader's own signature over this decision on this case as it stands")
    func leader() async throws {
        let keys = Self.seal("permits", key) + Self.signer("lena", lena) + Self.signer("otto", otto)
        let harness = try await harness(Self.files(keys, signature: "\"leader\""), keys: [key])
        let (file, other) = (try await recommended(harness), try await recommended(harness))
        let reasons = [JSONValue.Member("reasons", "§ 7 holds")]
        #expect(try await give(harness, file, "grant", reasons, as: "lena").kind == "signature.missing")
        #expect(try await give(harness, file, "refuse", reasons, as: "lena").kind == "signature.missing")
        let good = try await signed(harness, file, "grant", reasons, by: lena, as: "lena")
        func with(_ name: String, _ value: JSONValue?) -> [JSONValue.Member] {
            good.filter { $0.name != name } + (value.map { [.init(name, $0)] } ?? [])
        }
        var wrong: [(String, [JSONValue.Member], SignatureFault)] = [
            ("no signature", with("signature", nil), .incomplete), ("no instant", with("signed_at", nil), .incomplete),
            ("no salt", with("salt", nil), .incomplete), ("a salt that is none", with("salt", "00"), .incomplete),
            ("no form", with("signature", "signed, lena"), .unreadable),
            ("other reasons", with("reasons", "§ 8 holds"), .otherStatement),
            ("another instant", with("signed_at", "2026-02-06T00:59:59Z"), .otherStatement),
            ("a time to come", with("signed_at", "2026-02-06T01:01:01Z"), .early),
            ("another case", try await signed(harness, other, "grant", reasons, by: lena, as: "lena"), .otherStatement),
            ("a foreign key", try await signed(harness, file, "grant", reasons, by: otto, as: "lena"), .foreign),
            ("the office's key", try await signed(harness, file, "grant", reasons, by: key, as: "lena"), .foreign),
        ]
        wrong.append(
            (
                "another purpose", try await signed(harness, file, "grant", reasons, by: lena, as: "lena", namespace: "recommend@cased"),
                .otherPurpose
            ))
        wrong.append(("another command", try await signed(harness, file, "refuse", reasons, by: lena, as: "lena"), .otherPurpose))
        for (what, members, fault) in wrong {
            let refused = try await give(harness, file, "grant", members, as: "lena")
            guard case .failure(let error) = refused else {
                Issue.record("\(what) was taken")
                continue
            }
            #expect(
                error.kind == "signature.wrong" && error.message == Refusal.signatureWrong(Grant.name, fault).message, "\(what): \(error)")
            #expect(error.hint != nil)
        }
        // Somebody writes a note: the case is not what was signed any more.
        _ = try await harness.on(file, "case.note", ["text": "called"], as: "otto").get()
        #expect(try await give(harness, file, "grant", good, as: "lena").kind == "signature.wrong")
        let late = try await signed(harness, file, "grant", reasons, by: lena, as: "lena")
        try await harness.advance(to: "2026-02-06T02:00:00.001Z")
        let tooLate = try await give(harness, file, "grant", late, as: "lena")
        #expect(tooLate.kind == "signature.wrong")
        let fresh = try await signed(harness, file, "grant", reasons, by: lena, as: "lena")
        _ = try await give(harness, file, "grant", fresh, as: "lena").get()
        let decision = try await decision(harness, file)
        let own = try #require(decision["signatures"]?.array?.first)
        #expect(own["by"]?.string == "lena" && own["key"]?.string == "lena" && own["namespace"]?.string == "grant@cased")
        #expect(own["said"]?["reasons"]?.string == "§ 7 holds")
        #expect(lines(try #require(decision["seal"]?["statement"]?.string))["signed-with"] == lena.publicKey.fingerprint)
        // The other case is as it was: a signature that nobody asks for is looked at all the same.
        #expect(try await harness.answered(other)["state"]?.string == "with-leader")
    }

    @Test(
        "ssh-keygen takes a leader's and a handler's signature, while their keys count; each for its own purpose",
        .enabled(if: isThere, whereFrom))
    func persons() async throws {
        let keys = Self.signer("lena", lena) + Self.signer("otto", otto, until: "2026-03-01")
        let harness = try await harness(Self.files(keys, signature: #"["leader", "handler"]"#), keys: [])
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        let opinion: [JSONValue.Member] = [.init("recommendation", "grant"), .init("opinion", "in order")]
        #expect(try await give(harness, file, "recommend", opinion, as: "otto").kind == "signature.missing")
        let recommended = try await signed(harness, file, "recommend", opinion, by: otto, as: "otto")
        _ = try await give(harness, file, "recommend", recommended, as: "otto").get()
        #expect(
            try await give(harness, file, "grant", recommended.filter { !["opinion", "recommendation"].contains($0.name) }, as: "lena").kind
                == "signature.wrong")
        let granted = try await signed(harness, file, "grant", [], by: lena, as: "lena")
        _ = try await give(harness, file, "grant", granted, as: "lena").get()
        let (decision, signers) = (try await decision(harness, file), try await signers(harness))
        #expect(decision["seal"] == .null)
        let signatures = try #require(decision["signatures"]?.array)
        #expect(signatures.map { $0["by"]?.string } == ["otto", "lena"])
        let at = "2026-02-06T01:00:00Z"
        #expect(try verifies(signatures[0], signers, principal: "otto", at: at))
        #expect(try verifies(signatures[1], signers, principal: "lena", at: at))
        #expect(try !verifies(signatures[0], signers, principal: "lena", at: at))
        #expect(try !verifies(signatures[0], signers, principal: "otto", namespace: "grant@cased", at: at))
        #expect(try !verifies(signatures[1], signers, principal: "lena", namespace: "decision@cased", at: at))
        #expect(try !verifies(signatures[0], signers, principal: "otto", at: "2026-02-28T16:00:00Z"), "his key has ended")
        #expect(try verifies(signatures[0], signers, principal: "otto", at: "2026-02-28T15:59:59Z"))
        // When his key has ended he cannot sign, and with hers he never could.
        let next = try await harness.submit()
        _ = try await harness.on(next, "case.accept", as: "otto").get()
        try await harness.advance(to: "2026-02-28T16:00:00Z")
        for key in [otto, lena] {
            let members = try await signed(harness, next, "recommend", opinion, by: key, as: "otto")
            #expect(try await give(harness, next, "recommend", members, as: "otto").kind == "signature.wrong")
        }
        #expect(try await harness.on(next, "case.statement", ["command": "grant"], as: "otto").kind == "permission.denied")
    }

    // MARK: Keys and the second word

    @Test("A key that one admin adds counts for nothing until somebody else agrees, and nobody alone ends that decisions are sealed")
    func secondWord() throws {
        func register(_ keys: String, _ signature: String? = nil) throws -> Register {
            try Catalogue(files: Self.files(keys, signature: signature)).register
        }
        let before = try register(Self.seal("permits", key) + Self.signer("lena", lena, until: "2026-12-31"), "\"leader\"")
        let other = try register(
            Self.seal("permits", next) + Self.signer("lena", lena, until: "2027-12-31") + Self.signer("otto", otto))
        let counting = other.inForce(after: before)
        #expect(counting.seals == before.seals, "nobody alone puts another key in the place of the one that seals")
        let without = try register(Self.signer("lena", self.lena, until: "2026-12-31"), "\"leader\"")
        let still = without.inForce(after: before)
        #expect(still.seals == before.seals, "nobody alone ends that decisions are sealed")
        #expect(still.appointments(to: without).map(\.entry) == ["seal.permits"] && !without.sealsDecisions)
        #expect(counting.signers.keys.map(\.raw) == ["lena"])
        let lena = try #require(counting.signers.values.first)
        #expect(counting.span(of: lena).until == before.span(of: try #require(before.signers.values.first)).until, "for no longer")
        #expect(counting.matters["permit"]?.signatories == [.leader], "the matter still asks")
        let waiting = counting.appointments(to: other)
        #expect(Set(waiting.map(\.entry)) == ["seal.permits", "signer.lena", "signer.otto", "matter.permit"])
        #expect(waiting.contains { $0.gives(to: Principal(.person("otto", via: nil))) })
        #expect(!waiting.contains { $0.gives(to: Principal(.person("ott", via: nil))) })
        let shorter = try register(
            Self.seal("permits", key, until: "2026-06-01") + Self.signer("lena", self.lena, until: "2026-05-01"), "\"leader\"")
        let less = shorter.inForce(after: before)
        #expect(less.seals == before.seals, "nor ends it earlier")
        #expect(less.signers == shorter.signers && less.appointments(to: shorter).map(\.entry) == ["seal.permits"])
        let covered = try register(
            Self.seal("permits", key, until: "2026-06-01") + Self.seal("next", next, from: "2026-06-01"))
        let ended = try register(Self.seal("next", next, from: "2026-06-01"))
        #expect(ended.inForce(after: covered).seals == covered.seals, "nor leaves a time without one before the next")
        let both = try register(Self.seal("permits", key, until: "2026-06-01") + Self.seal("next", next))
        let one = try register(Self.seal("next", next))
        #expect(one.inForce(after: both).seals == one.seals, "one whose time another covers is gone at once")
        let open = try register(Self.seal("permits", key, until: "2026-06-01"))
        #expect(open.inForce(after: covered).seals.keys.map(\.raw).sorted() == ["next", "permits"])
    }

    @Test("The keys that counted are found again by the versions of the catalogue and their history, and in a setting")
    func history() async throws {
        let harness = try await harness(Self.files(Self.seal("permits", key) + Self.signer("lena", lena)), keys: [key])
        try await harness.advance(to: "2026-03-01T00:00:00Z")
        let files = Self.files(Self.seal("next", next, from: "2026-04-01") + Self.signer("lena", lena, until: "2026-05-01"))
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let kept = harness.engine.view.state.history
        #expect(try harness.store.read { try CatalogRecount($0).history } == kept)
        #expect(CatalogHistory(setting: kept.setting) == kept)
        let start = Instant(Self.start)!
        #expect(
            kept.keys.map { "\($0.use) \($0.name) \($0.span.from) \($0.span.until.map(\.description) ?? "-")" } == [
                "seal permits \(start) 2026-03-01T00:00:00Z", "signer lena \(start) 2026-04-30T16:00:00Z",
                "seal next 2026-03-31T16:00:00Z -",
            ])
    }
}
