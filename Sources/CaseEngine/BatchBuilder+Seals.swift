import CaseCore
import CaseStore
import CaseWire
import Evidence
import WorkingTime

/// What others can check of an event: the signature of whoever acted, and the seal of the office.
extension BatchBuilder {
    /// A statement that somebody is to sign before they give a command.
    struct StatementToSign {
        let statement: String
        let namespace: String
        let signedAt: Instant
        let salt: String
    }

    /// How old a signature may be, in milliseconds.
    private static let ageLimit: Int64 = 3_600_000
    /// How far ahead of the server's clock it may be, as the server's can be set back.
    private static let aheadLimit: Int64 = 60_000

    /// A step with the statements that are made about it: first what whoever acted has signed themselves, then what the office's seal is set to.
    ///
    /// - Parameter file: the case before it.
    /// - Throws: `Refusal` where a signature or a seal is missing, or a signature is wrong. What time decides is never refused.
    mutating func attested(
        _ step: Step, of command: any CaseCommand, by principal: Principal, on file: CaseFile, _ terms: Terms
    ) throws -> Step {
        guard let change = step.event.change as? any Attested else { return step }
        var event = step.event
        if let signed = command as? any SignedCommand {
            if isForStatement {
                statementToSign = intent(of: signed, event, on: file)
                return step
            }
            event.signature = try ownSignature(of: signed, event, by: principal, on: file, terms)
        }
        if type(of: change).isDecision, terms.register.sealsDecisions {
            event.seal = try sealed(event, isByTime: principal == .clock, on: file, terms)
        }
        return Step(event: event, notices: step.notices)
    }

    private func intent(of command: any SignedCommand, _ event: Event, on file: CaseFile) -> StatementToSign {
        let salt = StatementSalt.text(context.newSalt())
        let statement = IntentStatement(
            of: event, by: type(of: command), on: file, signedAt: now, salt: salt, log: context.checkpoints.origin,
            isTraining: context.catalogs.isTraining)
        return StatementToSign(statement: statement.text, namespace: type(of: command).namespace, signedAt: now, salt: salt)
    }

    /// What somebody has signed; nil where they did not, and the matter does not ask for it.
    private func ownSignature(
        of command: any SignedCommand, _ event: Event, by principal: Principal, on file: CaseFile, _ terms: Terms
    ) throws(Refusal) -> SignedStatement? {
        let (kind, own) = (type(of: command), command.own)
        func wrong(_ fault: SignatureFault) -> Refusal { .signatureWrong(kind.name, fault) }
        guard own.isGiven else {
            guard terms.signatories.contains(kind.signatory) else { return nil }
            throw .signatureMissing(kind.name, file.matter)
        }
        guard let armored = own.signature, let signedAt = own.signedAt, let salt = own.salt, StatementSalt.isSalt(salt) else {
            throw wrong(.incomplete)
        }
        guard signedAt - now <= BatchBuilder.aheadLimit else { throw wrong(.early) }
        guard now - signedAt <= BatchBuilder.ageLimit else { throw wrong(.old) }
        let statement = IntentStatement(
            of: event, by: kind, on: file, signedAt: signedAt, salt: salt, log: context.checkpoints.origin,
            isTraining: context.catalogs.isTraining)
        let signature: SSHSignature
        do throws(SSHFault) {
            signature = try SSHSignature(armored: Array(armored.utf8))
            try signature.verify(Array(statement.text.utf8), namespace: kind.namespace)
        } catch {
            switch error {
            case .otherNamespace: throw wrong(.otherPurpose)
            case .badSignature: throw wrong(.otherStatement)
            case .unsupported, .untouched: throw wrong(.foreign)
            case .malformed, .encrypted: throw wrong(.unreadable)
            }
        }
        // Others verify it as of when it was signed; a key that has ended since is nobody's any more.
        let signers =
            principal.person.map { person in
                terms.register.signers(of: person, at: now).filter { terms.register.span(of: $0).contains(signedAt) }
            } ?? []
        guard let signer = signers.first(where: { $0.key == signature.publicKey.description }) else { throw wrong(.foreign) }
        return SignedStatement(
            key: signer.id.raw, fingerprint: signature.publicKey.fingerprint, statement: statement.text, salt: salt,
            signature: signature.armored)
    }

    private mutating func sealed(_ event: Event, isByTime: Bool, on file: CaseFile, _ terms: Terms) throws -> SignedStatement {
        let office = file.assignment.office
        let seal = context.officeSeal(of: office, in: terms.register, at: now)
        guard seal != nil || isByTime else { throw Refusal.sealMissing(office) }
        let salt = StatementSalt.text(context.newSalt())
        let statement = DecisionStatement(
            of: event, on: file, recommendation: try recommendation(of: file), salt: salt, log: context.checkpoints.origin,
            isTraining: context.catalogs.isTraining, index: state.tree.edge.size
        ).text
        guard let seal else {
            news.append(EventNews(withoutSeal: event, of: office))
            return SignedStatement(key: nil, fingerprint: nil, statement: statement, salt: salt, signature: nil)
        }
        let signature = SSHSignature(over: Array(statement.utf8), namespace: DecisionStatement.namespace, by: seal.key)
        return SignedStatement(
            key: seal.name, fingerprint: seal.key.publicKey.fingerprint, statement: statement, salt: salt, signature: signature.armored)
    }

    /// The last event by which a case was recommended; nil where it was not.
    private func recommendation(of file: CaseFile) throws -> Event? {
        guard file.progress.recommendation != nil else { return nil }
        var found = try batch.journal.last { $0.id == file.id && BatchBuilder.isRecommendation($0.event.text) }?.event.whole()
        if found == nil {
            try snapshot.eachEvent(of: file.id) { row in
                if BatchBuilder.isRecommendation(row.event) { found = row.event }
            }
        }
        return try found.map { try Event(canonicalBytes: $0) }
    }

    private static let recommended = Array("\"event\":\"\(Recommended.name)\"".utf8)

    /// No text can hold a quotation mark as it is.
    private static func isRecommendation(_ event: [UInt8]) -> Bool {
        event.contains(recommended)
    }
}

extension Engine.Context {
    /// The statement that somebody would sign for a command, which is refused as the command would be but for the signature.
    func statement(for asked: CommandRequest, peer: Peer, on state: EngineState, at now: Instant) throws -> BatchBuilder.StatementToSign {
        try store.read { snapshot in
            var builder = BatchBuilder(snapshot, self, state, durable: state, now: now, givesReceipts: false)
            builder.isForStatement = true
            try builder.requireKnown(peer)
            _ = try builder.perform(asked, peer)
            guard let statement = builder.statementToSign else {
                preconditionFailure("\(type(of: asked.command).name) makes no statement")
            }
            return statement
        }
    }
}
