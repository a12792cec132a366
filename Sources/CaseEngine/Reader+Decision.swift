import CaseCore
import CaseStore
import CaseWire
import Evidence
import WorkingTime

extension Reader {
    /// The bytes that somebody signs for a command with these parameters.
    func statement(_ parameters: Parameters, for viewer: Viewer, peer: Peer) throws -> [UInt8] {
        let name = parameters.text("command")!
        guard let command = Commands.ofClients.first(where: { $0.name.rawValue == name }) else { preconditionFailure("no command \(name)") }
        let given = parameters.all["parameters"]?.members ?? []
        let members = ["case", "acting"].compactMap { name in parameters.all[name].map { JSONValue.Member(name, $0) } }
        let asked = try CommandRequest(.object(members + given), of: command)
        let made = try context.statement(for: asked, peer: peer, on: engine.view.state, at: context.time.now)
        return JSONWriter.bytes { writer in
            writer.object {
                $0.member("statement", made.statement)
                $0.member("namespace", made.namespace)
                $0.member("signed_at", made.signedAt)
                $0.member("salt", made.salt)
                $0.member("keys", viewer.principal.person.map(keys) ?? [])
            }
        }
    }

    /// The keys with which somebody signs now.
    private func keys(of person: PersonID) -> [String] {
        context.catalogs.newest.signers(of: person, at: context.time.now).map(\.key)
    }

    /// The decision on a case, with what was sealed and signed.
    func decision(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let file = try load(parameters.caseID()!, for: viewer)
        var (decision, recommendation): (Event?, Event?)
        try store.read { snapshot in
            try snapshot.eachEvent(of: file.id) { row in
                let event = try Event(canonicalBytes: row.event)
                guard let attested = event.change as? any Attested else { return }
                if type(of: attested).isDecision { decision = event } else { recommendation = event }
            }
        }
        guard let decision else {
            throw WireError.notFound("decision", "decision on \(file.id)", hint: "casectl show \(file.id) says how far it is")
        }
        let signed = [recommendation, decision].compactMap { event in event.flatMap { event in event.signature.map { (event, $0) } } }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("case", file.id.description)
                writer.member("matter", file.matter.raw)
                writer.member("decision", decision.change.name)
                writer.member("at", decision.at)
                writer.member("by", decision.by)
                writer.member("office", file.assignment.office.raw)
                writer.member("training", context.catalogs.isTraining)
                writer.key("seal")
                if let seal = decision.seal {
                    write(seal, saying: DecisionStatement.partedTexts(of: decision, on: file), DecisionStatement.namespace, to: &writer)
                } else {
                    writer.null()
                }
                writer.key("signatures")
                writer.array(of: signed) { writer, signed in
                    let texts = DecisionStatement.partedTexts(of: signed.0, on: file).filter { $0.name == "reasons" }
                    write(signed.1, saying: texts, SSHSignature.namespace(of: signed.1), to: &writer, by: signed.0.by)
                }
            }
        }
    }

    private func write(
        _ signed: SignedStatement, saying texts: [(name: String, value: String)], _ namespace: String?, to writer: inout JSONWriter,
        by person: String? = nil
    ) {
        writer.object { writer in
            if let person { writer.member("by", person) }
            writer.member("key", signed.key)
            writer.member("fingerprint", signed.fingerprint)
            writer.member("namespace", namespace)
            writer.member("statement", signed.statement)
            writer.member("signature", signed.signature)
            writer.member("salt", signed.salt)
            writer.key("said")
            writer.object { writer in
                // What commitments were to is not known any more where their salt was erased.
                for text in texts where signed.salt != Erased.text {
                    writer.key(text.name)
                    writer.string(text.value)
                }
            }
        }
    }

    /// All keys that ever counted, as an `allowed_signers` file.
    func signers() throws -> [UInt8] {
        let history = engine.view.state.history
        var text = "# The keys that counted for this server, for ssh-keygen -Y verify (OpenSSH 9.1 or newer).\n"
        for key in history.keys { if let line = AllowedSigner(key) { text += "\(line)\n" } }
        if context.catalogs.isTraining {
            text += "# TRAINING: with these a store for training seals what offices decide that have no key of their own.\n"
            for office in history.offices.present.union(history.offices.gone.keys).sorted() {
                let key = context.seal.trainingKey(of: office).publicKey
                if let line = AllowedSigner(principals: [office.raw], namespaces: [DecisionStatement.namespace], key: key) {
                    text += "\(line)\n"
                }
            }
        }
        return JSONWriter.bytes { writer in writer.object { $0.member("allowed_signers", text) } }
    }
}

extension AllowedSigner {
    /// A second in which it counted for a part counts as a whole, since a signature is looked for by the second.
    ///
    /// - Returns: nil where the key cannot be read any more.
    init?(_ counted: CountedKey) {
        guard let key = try? SSHPublicKey(line: counted.key) else { return nil }
        let namespaces: [String] =
            switch counted.use {
            case .seal: [DecisionStatement.namespace]
            case .signer: Commands.ofClients.compactMap { ($0 as? any SignedCommand.Type)?.namespace }
            }
        let from = Instant(seconds: counted.span.from.milliseconds / 1000)
        // OpenSSH knows no shorter time.
        let until = counted.span.until.map { max($0, from.advanced(byMilliseconds: 2000)) }
        self.init(principals: [counted.owner], namespaces: namespaces, validFrom: from, validUntil: until, key: key)
    }
}

extension SSHSignature {
    /// For what a statement was signed; nil where it was not.
    fileprivate static func namespace(of signed: SignedStatement) -> String? {
        signed.signature.flatMap { try? SSHSignature(armored: Array($0.utf8)).namespace }
    }
}
