/// The rules about the keys of seals and signers.
extension Register {
    var keyViolations: [Violation] {
        sealViolations + signerViolations + matters.values.sorted { $0.id < $1.id }.flatMap(signatureViolations)
    }

    private static let newKey = "make a key of its own: ssh-keygen -t ed25519"

    private var sealViolations: [Violation] {
        let sorted = seals.values.sorted { $0.id < $1.id }
        let owners = Dictionary(sorted.map { ($0.key, $0.id) }) { first, _ in first }
        var found: [Violation] = []
        for seal in sorted {
            let path = ["seal", seal.id.raw]
            func find(_ key: String, _ message: String, _ mend: String, resting premises: [Violation.Premise]) {
                found.append(Violation(path: path + [key], rule: .seal, message: message, mend: mend, premises: premises))
            }
            found += unknown(offices[seal.office], seal.office, path + ["office"], "office")
            if let office = offices[seal.office], office.kind != .approval {
                find(
                    "office", "seal \(seal.id) is of \(office.id), an office of kind \(office.kind.rawValue)", "name an approval office",
                    resting: [.key(["office", office.id.raw, "kind"])])
            }
            if let first = owners[seal.key], first != seal.id {
                find("key", "seals \(first) and \(seal.id) have one key", Self.newKey, resting: [.key(["seal", first.raw, "key"])])
            }
            if isBackward(seal.validity, span(of: seal)) {
                find("until", "seal \(seal.id) ends before it begins", "let until be later than from", resting: [.key(path + ["from"])])
            }
        }
        guard sealsDecisions else { return found }
        let sealed = Set(seals.values.map(\.office))
        return found
            + offices.values.sorted { $0.id < $1.id }.filter { $0.kind == .approval && !sealed.contains($0.id) }.map { office in
                Violation(
                    path: ["office", office.id.raw], rule: .seal,
                    message: "approval office \(office.id) has no seal with a key, and could decide nothing: others have one",
                    mend: "add a [seal.NAME] with office = \"\(office.id)\", its key and from",
                    premises: [
                        .key(["office", office.id.raw, "kind"]), .unnamed(kind: "seal", keys: ["office"], name: office.id.raw),
                    ])
            }
    }

    private var signerViolations: [Violation] {
        let sorted = signers.values.sorted { $0.id < $1.id }
        let owners = Dictionary(sorted.map { ($0.key, $0) }) { first, _ in first }
        let sealed = Dictionary(seals.values.sorted { $0.id < $1.id }.map { ($0.key, $0.id) }) { first, _ in first }
        return sorted.flatMap { signer in
            let path = ["signer", signer.id.raw]
            var found = unknown(persons[signer.person], signer.person, path + ["person"], "person")
            func find(_ key: String, _ message: String, _ mend: String, resting premises: [Violation.Premise]) {
                found.append(Violation(path: path + [key], rule: .signer, message: message, mend: mend, premises: premises))
            }
            if let first = owners[signer.key], first.person != signer.person {
                find(
                    "key", "signers \(first.id) and \(signer.id) have one key and are two persons", Self.newKey,
                    resting: [.key(["signer", first.id.raw, "key"]), .key(["signer", first.id.raw, "person"])])
            }
            if let seal = sealed[signer.key] {
                find(
                    "key", "signer \(signer.id) has the key of seal \(seal)", Self.newKey, resting: [.key(["seal", seal.raw, "key"])])
            }
            if isBackward(signer.validity, span(of: signer)) {
                find("until", "signer \(signer.id) ends before it begins", "let until be later than from", resting: [.key(path + ["from"])])
            }
            return found
        }
    }

    private func isBackward(_ validity: KeyValidity, _ span: KeySpan) -> Bool {
        if case .day(let from) = validity.from, case .day(let until)? = validity.until { return until <= from }
        return span.isEmpty
    }

    /// Whoever is asked to sign has a key.
    private func signatureViolations(of matter: Matter) -> [Violation] {
        let signing = Set(signers.values.map(\.person))
        return matter.signatories.sorted { $0.rawValue > $1.rawValue }.compactMap { signatory in
            let holders: [PersonID] =
                switch signatory {
                case .leader: [holder(of: matter.assignment.leader)].compactMap { $0 }
                case .handler: officers(of: matter.assignment.office).sorted()
                }
            guard !holders.isEmpty, signing.isDisjoint(with: holders) else { return nil }
            return Violation(
                path: ["matter", matter.id.raw, "signature"], rule: .signer,
                message: signatory == .leader
                    ? "\(matter.id) asks for a signature, and \(holders[0]), who decides it, has no key"
                    : "\(matter.id) asks for signed recommendations, and nobody of \(matter.assignment.office) has a key",
                mend: "add a [signer.NAME] with person = \"\(holders[0])\", the key and from",
                premises: holders.map { .unnamed(kind: "signer", keys: ["person"], name: $0.raw) })
        }
    }
}
