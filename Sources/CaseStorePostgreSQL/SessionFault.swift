import CLibPQ

/// Why statements did not go.
enum SessionFault: Error, CustomStringConvertible {
    /// The database has refused one; the session goes on, and its transaction is to be rolled back.
    case refused(code: String, message: String)
    /// The session is lost, or was given up: nobody knows what the database still does.
    case lost(String)
    /// Nobody waits for the answer any more.
    case unwanted

    var description: String {
        switch self {
        case .refused(let code, let message): "\(message) (SQLSTATE \(code))"
        case .lost(let what): "the session with the database was lost: \(what)"
        case .unwanted: "nobody waits for it any more"
        }
    }

    /// What a result that is a fault says.
    init(_ result: OpaquePointer) {
        let severity = Diagnostic.field("V", of: result)
        // A session that was ended can say why without a code.
        guard let code = Diagnostic.field("C", of: result), severity != "FATAL", severity != "PANIC" else {
            self = .lost(Diagnostic.line(PQresultErrorMessage(result)))
            return
        }
        self = .refused(code: code, message: Diagnostic.field("M", of: result) ?? "it has not said why")
    }

    /// Why a session could not be opened, of a connection that says more than it usually does.
    init(opening connection: OpaquePointer) {
        guard PQconnectionNeedsPassword(connection) == 0 else {
            self = .refused(code: "28P01", message: "it wants a password, and none was found")
            return
        }
        let said = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        // Where in PostgreSQL's sources it was said is of use to nobody.
        let lines = said.split(whereSeparator: \.isNewline).filter { !$0.contains(/^\S+ +\w+, \w+\.c:\d+$/) }
        let text = lines.joined(separator: " ")
        // The word before it has five letters as well, where it is not translated.
        guard let match = text.matches(of: /\s([0-9A-Z]{5}):\s/).first(where: { $0.1.contains(where: \.isNumber) }) else {
            self = .lost(text.isEmpty ? "it has not said why" : text)
            return
        }
        self = .refused(code: String(match.1), message: text.replacing("\(match.1): ", with: ""))
    }

    /// Whether it is one by which the database says that it does not let this role in, or does not exist: that does not pass by itself.
    var isUnwelcome: Bool {
        if case .refused(let code, _) = self { code.hasPrefix("28") || code.hasPrefix("3D") || code == "42501" } else { false }
    }

    /// Whether a part of the database is not what was written, by what it says itself.
    var isDamage: Bool {
        if case .refused("XX001", _) = self { return true }
        if case .refused("XX002", _) = self { return true }
        return false
    }
}

/// What a database says beside its results.
enum Diagnostic {
    /// A field of it (`PG_DIAG_…` in libpq's header), in one line; nil where it has none.
    static func field(_ name: Unicode.Scalar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(name.value)).map { line($0) }
    }

    /// A text of libpq in one line.
    static func line(_ text: UnsafePointer<CChar>?) -> String {
        guard let text, text.pointee != 0 else { return "it has not said why" }
        return String(cString: text).split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
