import CasePages
import CaseWire

/// One request as a page sees it: who asks for what, in which language.
struct Visit: Sendable {
    let hall: Hall
    /// Within the hall, as it was sent.
    let path: String
    /// The same with what stands behind a question mark.
    let address: String
    /// What stands in the address behind a question mark.
    let query: Form
    /// The parts of the path that its route leaves open, decoded.
    let parameters: [String: String]
    /// See `ClientAddress`.
    let client: String
    let visitor: Visitor
    let language: Language
    /// A new one where the visitor has none yet.
    let session: Session
    /// Whether the visitor has come with it.
    let hasSession: Bool
    /// Seconds since 1970, by the clock of the machine.
    let now: Int64

    /// What each form of this visitor has in its field `token`.
    var formToken: String {
        hall.sessions.formToken(session)
    }

    var words: HallWords {
        language.hallWords
    }

    /// Asks cased as whoever asks here.
    func read(_ method: Query, _ params: [JSONValue.Member] = []) async throws(DaemonTrouble) -> JSONValue {
        try await hall.daemon.read(method, params + acting)
    }

    /// Gives a command as whoever asks here.
    func command(_ method: String, _ params: [JSONValue.Member], key: String) async throws(DaemonTrouble) -> JSONValue {
        try await hall.daemon.command(method, params + acting, key: key)
    }

    private var acting: [JSONValue.Member] {
        visitor.acting.map { [.init("acting", .string($0))] } ?? []
    }
}
