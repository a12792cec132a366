import CaseCore
import CaseStore
import CaseWire
import Logging
import Synchronization
import WorkingTime

/// What was found in the store that is not what was recorded, since the process began: each once.
final class DamageBook: Sendable {
    /// What was found first and last.
    struct Found: Sendable, Equatable {
        /// How many cases, and things that belong to none. More than `DamageBook.limit` are not told apart.
        var count = 0
        var last: (what: String, at: Instant)?

        static func == (one: Found, other: Found) -> Bool {
            one.count == other.count && one.last?.what == other.last?.what && one.last?.at == other.last?.at
        }
    }

    private static let limit = 10_000

    private struct Content {
        var known: Set<String> = []
        var found = Found()
    }

    private let content = Mutex(Content())
    private let log: Logger
    private let time: any TimeSource

    init(_ time: any TimeSource, _ log: Logger) {
        (self.time, self.log) = (time, log)
    }

    var found: Found {
        content.withLock { $0.found }
    }

    /// Notes what an error says of the store, and writes it to the log where it is new.
    ///
    /// - Returns: what a client hears of it; nil where it says nothing of that kind.
    @discardableResult
    func note(_ error: any Error) -> WireError? {
        guard let damage = (error as? any DamageReport)?.damage else { return nil }
        let what = damage.description
        let isNew = content.withLock { content in
            guard content.known.count < DamageBook.limit, content.known.insert(what).inserted else { return false }
            content.found = Found(count: content.known.count, last: (what, time.now))
            return true
        }
        if isNew {
            log.entry(
                .evidenceDamaged, "the store is not what was recorded",
                damage.id == .server ? ["fault": "\(what)"] : ["case": "\(damage.id)", "fault": "\(what)"])
        }
        return WireError(damage)
    }
}

extension Engine.Context {
    /// What a client hears of a failure for which they can do nothing; the log says why.
    ///
    /// - Parameter what: what failed, as the start of a sentence.
    func failure(_ what: String, _ error: any Error) -> WireError {
        if let fault = note(error) { return fault }
        // What was ended because nobody waits for it is no fault.
        guard ReadTurn.isWanted else { return .unwanted }
        log.entry(.commandFailed, "\(what)", ["fault": "\(error)"])
        return WireError(.internalError, "\(what); the server's log says why")
    }
}

extension WireError {
    /// Whoever asked has gone.
    static let unwanted = WireError(.draining, "nobody waits for this any more")

    /// A client hears which case it is, and not a byte of it.
    init(_ damage: DamagedRecord) {
        let isCase = damage.id != .server
        self.init(
            .evidenceDamaged,
            isCase ? "\(damage.id) in the store is not what was recorded of it" : "a part of the store is not what was recorded",
            details: .object(isCase ? [.init("case", .string("\(damage.id)"))] : []),
            hint: "nothing of it is shown; tell an admin: the log says what is damaged, and a backup has it")
    }
}
