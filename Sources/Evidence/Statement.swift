import CaseCore
import Crypto
import WorkingTime

/// A canonical text that is signed: what it is on the first line, then lines `name: value`, each with a newline at its end, UTF-8.
///
/// Lines stand in one order, which `DecisionStatement` and `IntentStatement` give; one that has nothing to say is left out. In a value `\`
/// is written `\\`, a newline `\n`, and any other control character, line or paragraph separator `\u{…}` with its number in hexadecimal,
/// so that no value can end its line.
///
/// What persons have said, and what is said of them, does not stand in it, so that it can be erased. In its place stands
/// `sha256:` and the SHA-256, in 64 hexadecimal digits, of these bytes: the salt as 32 hexadecimal digits, a space, the name of
/// the line, a space, and what was said.
struct Statement {
    private(set) var text: String
    private let salt: String

    /// - Parameter salt: 32 hexadecimal digits.
    init(_ kind: String, salt: String) {
        text = "\(kind)\n"
        self.salt = salt
    }

    mutating func line(_ name: String, _ value: String?) {
        guard let value else { return }
        text += "\(name): \(Statement.escaped(value))\n"
    }

    mutating func line(_ name: String, apart value: String?) {
        line(name, value.map { "sha256:" + Statement.commitment(to: $0, name: name, salt: salt) })
    }

    /// What holds of every statement about a case.
    mutating func lines(of file: CaseFile, log: String, isTraining: Bool) {
        line("log", log)
        line("training", isTraining ? "yes" : "no")
        line("case", file.id.description)
    }

    mutating func lines(ofMaterials file: CaseFile) {
        for material in file.materials { line("material", "\(material.id) \(material.sha256.map { "sha256:\($0)" } ?? "-")") }
    }

    static func commitment(to value: String, name: String, salt: String) -> String {
        Hexadecimal.text(SHA256.hash(data: Array("\(salt) \(name) \(value)".utf8)))
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\n": escaped += "\\n"
            case .control, .lineSeparator, .paragraphSeparator: escaped += "\\u{\(String(scalar.value, radix: 16))}"
            default: escaped += scalar == "\\" ? "\\\\" : String(scalar)
            }
        }
        return escaped
    }
}

/// What an office decided, as its seal is set to it. Its lines, in this order:
///
///     cased-decision-v1
///     log: the name of the log, which no other store has
///     training: yes or no
///     case: C-17
///     revision: of the case, with the decision
///     matter: its name in the catalogue
///     catalog: the version under which the case was submitted
///     submitted: an instant, in UTC
///     applicant-id: sha256:…
///     applicant-name: sha256:…
///     title: sha256:…
///     material: its id, and sha256:… or -; a line for each, as they were handed in
///     recommendation: grant or refuse
///     recommended-by: who examined it
///     recommended-at: an instant
///     decision: granted, refused, declined, deemed-granted or lapsed
///     reasons: sha256:…
///     competent: the organ that is competent instead
///     office: that of the case
///     leader: the post that decides
///     by: who decided; clock where time did
///     instead-of: in whose place
///     via: the service through which they acted
///     signed-with: the fingerprint of the key with which they signed it themselves
///     at: an instant
///     index: of the event in the tree over the journal, from 0
package struct DecisionStatement: Sendable, Equatable {
    package let text: String

    /// For what seals sign.
    package static let namespace = "decision@cased"

    /// - Parameters:
    ///   - event: the decision.
    ///   - file: the case before it.
    ///   - recommendation: the event by which it was recommended, where it was.
    ///   - salt: see `Statement`.
    ///   - log: the origin of the store's checkpoints.
    ///   - index: where in the tree over the journal the decision will be.
    /// - Precondition: the event is a decision.
    package init(of event: Event, on file: CaseFile, recommendation: Event?, salt: String, log: String, isTraining: Bool, index: Int64) {
        guard let decided = event.change as? any Attested, type(of: decided).isDecision else {
            preconditionFailure("\(event.change.name) is no decision")
        }
        var statement = Statement("cased-decision-v1", salt: salt)
        statement.lines(of: file, log: log, isTraining: isTraining)
        statement.line("revision", "\(event.revision)")
        statement.line("matter", file.matter.raw)
        statement.line("catalog", "\(file.origin.catalogVersion)")
        statement.line("submitted", file.origin.at.description)
        for (name, value) in DecisionStatement.partedTexts(of: event, on: file) where name != "reasons" {
            statement.line(name, apart: value)
        }
        statement.lines(ofMaterials: file)
        if let recommendation {
            statement.line("recommendation", (recommendation.change as? any Attested)?.recommended?.rawValue)
            statement.line("recommended-by", recommendation.by)
            statement.line("recommended-at", recommendation.at.description)
        }
        statement.line("decision", event.change.name)
        statement.line("reasons", apart: decided.grounds)
        statement.line("competent", decided.competent)
        statement.line("office", file.assignment.office.raw)
        statement.line("leader", file.assignment.leader.raw)
        statement.line("by", event.by)
        statement.line("instead-of", event.instead?.raw)
        statement.line("via", event.via?.raw)
        statement.line("signed-with", event.signature?.fingerprint)
        statement.line("at", event.at.description)
        statement.line("index", "\(index)")
        text = statement.text
    }

    /// What the commitments of the statement are to, by the names of their lines.
    package static func partedTexts(of event: Event, on file: CaseFile) -> [(name: String, value: String)] {
        [("applicant-id", file.applicant.id), ("applicant-name", file.applicant.name), ("title", file.title)]
            + ((event.change as? any Attested)?.grounds.map { [("reasons", $0)] } ?? [])
    }
}

/// What somebody is about to decide or to recommend, as they sign it with a key of their own. Its lines, in this order:
///
///     cased-intent-v1
///     command: grant, refuse, decline or recommend
///     log: the name of the log
///     training: yes or no
///     case: C-17
///     revision: of the case, without the command
///     matter: its name in the catalogue
///     applicant-id: sha256:…
///     applicant-name: sha256:…
///     title: sha256:…
///     material: as in a decision's statement
///     recommended: grant or refuse, as it was recommended to the leader
///     recommendation: grant or refuse, of recommend
///     reasons: sha256:…; of recommend the opinion
///     competent: the organ that is competent instead
///     by: who signs
///     instead-of: in whose place
///     signed-at: an instant
package struct IntentStatement: Sendable, Equatable {
    package let text: String

    /// Its first line.
    package static let kind = "cased-intent-v1"

    /// The line that stands for what is kept apart.
    package static func line(_ name: String, apart value: String, salt: String) -> String {
        "\(name): sha256:\(Statement.commitment(to: value, name: name, salt: salt))"
    }

    /// - Parameters:
    ///   - event: what the command would record.
    ///   - file: the case before it.
    ///   - log: the origin of the store's checkpoints.
    package init(
        of event: Event, by command: any SignedCommand.Type, on file: CaseFile, signedAt: Instant, salt: String, log: String,
        isTraining: Bool
    ) {
        let attested = event.change as? any Attested
        var statement = Statement(IntentStatement.kind, salt: salt)
        statement.line("command", command.name.rawValue)
        statement.lines(of: file, log: log, isTraining: isTraining)
        statement.line("revision", "\(file.revision)")
        statement.line("matter", file.matter.raw)
        statement.line("applicant-id", apart: file.applicant.id)
        statement.line("applicant-name", apart: file.applicant.name)
        statement.line("title", apart: file.title)
        statement.lines(ofMaterials: file)
        if file.state == .withLeader { statement.line("recommended", file.progress.recommendation?.rawValue) }
        statement.line("recommendation", attested?.recommended?.rawValue)
        statement.line("reasons", apart: attested?.grounds)
        statement.line("competent", attested?.competent)
        statement.line("by", event.by)
        statement.line("instead-of", event.instead?.raw)
        statement.line("signed-at", signedAt.description)
        text = statement.text
    }
}

/// What the commitments of a statement are made with.
package enum StatementSalt {
    /// Bytes of chance in hexadecimal digits.
    package static func text(_ bytes: [UInt8]) -> String {
        Hexadecimal.text(bytes)
    }

    package static func isSalt(_ text: String) -> Bool {
        text.utf8.count == 2 * Opening.saltLength && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}
