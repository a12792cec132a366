import CaseCore
import CaseWire
import WorkingTime

/// Who asks for cases at this instant, and which of them they may read.
final class Viewer {
    let principal: Principal
    let readScope: ReadScope
    let now: Instant
    private let isConfirming: Bool
    /// The case that was shown, where it goes on record.
    private var recorded: CaseFile?
    private var isAboutOneCase = false

    init(_ principal: Principal, _ context: Engine.Context) {
        self.principal = principal
        now = context.time.now
        isConfirming = context.catalogs.newest.confirms(principal)
        readScope = context.catalogs.readScope(of: principal, at: now)
    }

    /// Without the unix users that are bound, but for those who read everything or may give a second word.
    func shown(_ appointments: [Appointment]) -> [Appointment] {
        seesUsers ? appointments : appointments.filter { !$0.isBinding }
    }

    /// Whether it is shown which unix users are bound to whom.
    var seesUsers: Bool {
        readScope.isEverything || isConfirming
    }

    /// Those of some cases that are shown in lists, as they are seen, with what governs them.
    func shown(_ files: [CaseFile], under terms: (CaseFile) throws -> Terms) rethrows -> [(file: CaseFile, terms: Terms)] {
        try files.map { ($0, try terms($0)) }.filter { $0.0.isShown(to: principal, with: readScope, under: $0.1) }
            .map { ($0.0.seen(by: principal), $0.1) }
    }

    /// Notes that a case is shown.
    func note(_ file: CaseFile) {
        isAboutOneCase = true
        if readScope.isRecorded(file) { recorded = file }
    }

    /// What goes on record of a request by an auditor or an admin; nil for everybody else, for their own cases, and for a public status.
    func reading(_ method: Method, _ parameters: Parameters) -> Reading? {
        guard readScope.oversight != nil else { return nil }
        if isAboutOneCase { return recorded.map { .file($0.id, revision: $0.revision, method.rawValue) } }
        guard parameters.text("receipt") == nil, method != .query(.powers) else { return nil }
        return .listing(method, parameters)
    }
}

/// What goes on record before it is shown.
package enum Reading: Sendable, Hashable {
    /// One case as it was at a revision, by a method.
    case file(CaseID, revision: Int, String)
    /// Cases by a condition; a method, and its parameters as JSON.
    case list(String, parameters: String)
    /// Everything, as of a place in the journal.
    case store(seq: Int64, byteCount: Int64)
    /// The last part of a copy: from then on somebody has it.
    case lastPart

    /// Of longer parameters the digest is on record, in bytes.
    private static let parameterLimit = 1_000

    /// Cases by a condition, with what was asked: a plan holds a whole catalogue, of which the digest is enough.
    static func listing(_ method: Method, _ parameters: Parameters) -> Reading {
        let asked = parameters.all.contentBytes(without: "acting")
        guard asked.count > parameterLimit else { return .list(method.rawValue, parameters: String(decoding: asked, as: UTF8.self)) }
        return .list(method.rawValue, parameters: #"{"sha256":"\#(Digest.of(asked))","bytes":\#(asked.count)}"#)
    }
}
