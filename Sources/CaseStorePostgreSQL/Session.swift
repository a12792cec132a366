import CLibPQ
import Glibc

/// A session with a database, by statements that go in one round trip (libpq's pipeline mode). No call waits longer than it was told. Its
/// caller sees to it that one thread at a time has it.
///
/// A statement that is refused leaves the session as it is. Whatever else goes wrong, it is given up: what an answer belongs to is never
/// guessed.
final class Session {
    /// By which the database knows it (`application_name`), and no other: process ids come back. The third word is that of the node.
    let name: String
    /// What the database said beside the results of the last statements, of which somebody should know.
    private(set) var warnings: [String] = []
    private(set) var isGivenUp = false
    /// How often it has waited for an answer so far.
    private(set) var tripCount = 0

    private let connection: OpaquePointer
    /// The names under which statements were prepared.
    private var preparedNames: [Statement.Form: String] = [:]
    private var nameCount = 0
    /// What was sent as a transaction was left, and whose answers nobody has taken yet.
    private var left: Pipeline?

    /// So many warnings are kept of one round trip.
    private static let warningLimit = 8
    /// The longest value: a message of PostgreSQL holds no more than a gigabyte.
    private static let valueLimit = 1 << 29
    /// How often it is looked whether an answer is still waited for, in milliseconds.
    private static let lookPause: Int64 = 100
    /// Of an answer whose beginning is there the rest comes within this time.
    private static let newsLimit: Duration = .seconds(1)

    /// Whose machine is not heard any more is found out within so many seconds, and not only when an answer has taken too long: it may have
    /// gone while it was asked something. What the settings say of it counts before.
    private static let alive = [
        ("keepalives_idle", "5"), ("keepalives_interval", "2"), ("keepalives_count", "3"), ("tcp_user_timeout", "11000"),
    ].map { (name: $0, value: $1) }

    /// - Parameters:
    ///   - settings: of one server, by libpq's names.
    ///   - node: who has it.
    /// - Throws: `SessionFault.refused` also where the database says by a code that it lets nobody in.
    init(_ settings: [(name: String, value: String)], node: String, until end: ContinuousClock.Instant) throws(SessionFault) {
        name = "cased \(String(UInt64.random(in: 0 ... .max), radix: 36)) \(node)"
        let settings = Session.alive + settings + [("application_name", name), ("client_encoding", "UTF8")]
        let texts = settings.map { strdup($0.name) } + settings.map { strdup($0.value) }
        defer { for text in texts { free(text) } }
        let words = texts.map { $0.map { UnsafePointer<CChar>($0) } }
        let connection = PQconnectStartParams(words[..<settings.count] + [nil], words[settings.count...] + [nil], 0)
        guard let connection else { throw .lost("there is no memory for it") }
        self.connection = connection
        // With it a refusal has its code.
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        guard PQstatus(connection) != CONNECTION_BAD else { throw SessionFault(opening: connection) }
        var progress = PGRES_POLLING_WRITING
        while progress != PGRES_POLLING_OK {
            guard progress != PGRES_POLLING_FAILED else { throw SessionFault(opening: connection) }
            _ = try wait(for: progress == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: end)
            progress = PQconnectPoll(connection)
        }
        PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
        guard PQsetnonblocking(connection, 1) == 0 else { throw lost }
        PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let context, let result else { return }
                Unmanaged<Session>.fromOpaque(context).takeUnretainedValue().note(result)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        PQfinish(connection)
    }

    private func note(_ notice: OpaquePointer) {
        // Remarks, such as that a table is there already, are none.
        guard Diagnostic.field("V", of: notice) == "WARNING", warnings.count < Session.warningLimit else { return }
        warnings.append(Diagnostic.field("M", of: notice) ?? "")
    }

    /// Such as 150018 for 15.18.
    var serverVersion: Int {
        Int(PQserverVersion(connection))
    }

    /// The other side: its name or address, or the folder of its socket.
    var host: String {
        PQhost(connection).map { String(cString: $0) } ?? ""
    }

    var port: String {
        PQport(connection).map { String(cString: $0) } ?? ""
    }

    /// Whether nothing has come from the other side since the last answer, as something does before it ends a session.
    var isQuiet: Bool {
        guard !isGivenUp else { return false }
        if left != nil, hasNews {
            do throws(SessionFault) {
                try attempt { () throws(SessionFault) in
                    try takeWhatWasLeft(until: .now + Session.newsLimit)
                    guard PQexitPipelineMode(connection) == 1 else { throw lost }
                }
            } catch {
                return false
            }
        }
        return left != nil || !hasNews
    }

    private var hasNews: Bool {
        var entry = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) != 0
    }

    /// Ends the session here. The other side finds out within a second, or is told by `Settlement`.
    func giveUp() {
        guard !isGivenUp else { return }
        isGivenUp = true
        shutdown(PQsocket(connection), Int32(SHUT_RDWR))
    }

    // MARK: Statements

    /// Runs statements in one round trip, each on what the ones before it have done.
    ///
    /// - Parameters:
    ///   - opening: goes before them, and has to be answered by an instant of its own: it waits for nothing, so that a database that does not
    ///     answer it does not answer at all. What it returns is dropped.
    ///   - end: without all answers until then the session is given up.
    ///   - isWanted: asked again and again while an answer is waited for.
    /// - Returns: what each has returned.
    /// - Throws: the fault of the first that did not go; those behind it did nothing.
    func run(
        _ statements: [Statement], opening: (statement: Statement, until: ContinuousClock.Instant)? = nil,
        until end: ContinuousClock.Instant,
        isWanted: () -> Bool = { true }
    ) throws(SessionFault) -> [Rows] {
        try attempt { () throws(SessionFault) in
            guard left != nil || PQenterPipelineMode(connection) == 1 else { throw lost }
            var pipeline = Pipeline()
            if let opening {
                try send(opening.statement, &pipeline)
                guard PQsendFlushRequest(connection) == 1 else { throw lost }
            }
            let openingCount = pipeline.expected.count
            for statement in statements { try send(statement, &pipeline) }
            guard PQpipelineSync(connection) == 1 else { throw lost }
            tripCount += 1
            let openingEnd = opening.map { min($0.until, end) } ?? end
            try takeWhatWasLeft(until: openingEnd, isWanted)
            var refusal: SessionFault?
            var rows: [Rows] = []
            for (place, answer) in pipeline.expected.enumerated() {
                rows += try take(answer, of: pipeline, until: place < openingCount ? openingEnd : end, isWanted, &refusal)
            }
            try takeEnd(until: end, isWanted)
            guard PQexitPipelineMode(connection) == 1 else { throw lost }
            if let refusal { throw refusal }
            if opening != nil { rows.removeFirst() }
            precondition(rows.count == statements.count, "\(rows.count) results of \(statements.count) statements")
            return rows
        }
    }

    /// Runs a text of several statements without values.
    func run(script: String, until end: ContinuousClock.Instant) throws(SessionFault) {
        try attempt { () throws(SessionFault) in
            guard PQsendQuery(connection, script) == 1 else { throw lost }
            var refusal: SessionFault?
            while let result = try next(until: end, { true }) {
                defer { PQclear(result) }
                _ = try refuse(result, &refusal)
            }
            if let refusal { throw refusal }
        }
    }

    /// Waits until the database tells of something that the session listens to, or time is up; nothing is running meanwhile.
    func waitForNotice(until end: ContinuousClock.Instant) throws(SessionFault) {
        try attempt { () throws(SessionFault) in
            while end > .now {
                guard PQconsumeInput(connection) == 1 else { throw lost }
                var isTold = false
                while let notice = PQnotifies(connection) {
                    PQfreemem(notice)
                    isTold = true
                }
                if isTold { return }
                _ = try wait(for: POLLIN, until: end)
            }
        }
    }

    /// Ends the transaction that is open, if any, without what it did; where that cannot be said the session is given up, and the database
    /// does it.
    func rollBack(until end: ContinuousClock.Instant) {
        guard !isGivenUp else { return }
        do throws(SessionFault) { _ = try run([Statement("ROLLBACK")], until: end) } catch { giveUp() }
    }

    /// Ends the transaction that is open, if any, without what it did, and does not wait until that is said: whatever is sent next comes
    /// after it, and waits for both.
    func leave() {
        guard !isGivenUp, left == nil else { return }
        do throws(SessionFault) {
            try attempt { () throws(SessionFault) in
                guard PQenterPipelineMode(connection) == 1 else { throw lost }
                var pipeline = Pipeline()
                try send(Statement("ROLLBACK"), &pipeline)
                guard PQpipelineSync(connection) == 1, PQflush(connection) == 0 else { throw lost }
                left = pipeline
            }
        } catch {
            giveUp()
        }
    }

    /// What an answer belongs to: a preparation has one of its own.
    private enum Expected {
        case preparation(Statement.Form), rows
    }

    /// What was sent in one round trip.
    private struct Pipeline {
        var expected: [Expected] = []
        /// Under which names statements are prepared in it.
        var names: [Statement.Form: String] = [:]
    }

    private func attempt<Value>(_ body: () throws(SessionFault) -> Value) throws(SessionFault) -> Value {
        guard !isGivenUp else { throw .lost("it was given up") }
        warnings = []
        do throws(SessionFault) {
            return try body()
        } catch {
            if case .refused = error {} else { giveUp() }
            throw error
        }
    }

    /// Whether a result is none; the first refusal is kept.
    private func refuse(_ result: OpaquePointer, _ refusal: inout SessionFault?) throws(SessionFault) -> Bool {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return false
        // It stands behind one that was refused.
        case PGRES_PIPELINE_ABORTED: return true
        default:
            let fault = SessionFault(result)
            if case .lost = fault {
                PQclear(result)
                throw fault
            }
            refusal = refusal ?? fault
            return true
        }
    }

    /// - Returns: the rows of a statement; none of a preparation, and where it was refused.
    private func take(
        _ answer: Expected, of pipeline: Pipeline, until end: ContinuousClock.Instant, _ isWanted: () -> Bool,
        _ refusal: inout SessionFault?
    ) throws(SessionFault) -> [Rows] {
        var rows: [Rows] = []
        while let result = try next(until: end, isWanted) {
            let isRefused = try refuse(result, &refusal)
            switch answer {
            case _ where isRefused: PQclear(result)
            case .preparation(let form):
                PQclear(result)
                preparedNames[form] = pipeline.names[form]
            case .rows: rows.append(Rows(result))
            }
        }
        return rows
    }

    private func takeWhatWasLeft(until end: ContinuousClock.Instant, _ isWanted: () -> Bool = { true }) throws(SessionFault) {
        guard let left else { return }
        var refusal: SessionFault?
        for answer in left.expected { _ = try take(answer, of: left, until: end, isWanted, &refusal) }
        try takeEnd(until: end, isWanted)
        self.left = nil
        if let refusal { throw .lost("\(refusal)") }
    }

    private func takeEnd(until end: ContinuousClock.Instant, _ isWanted: () -> Bool) throws(SessionFault) {
        guard let result = try next(until: end, isWanted) else { throw .lost("the end of an answer is missing") }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw lost }
    }

    // MARK: Sending and waiting

    private func send(_ statement: Statement, _ pipeline: inout Pipeline) throws(SessionFault) {
        let (form, values) = (statement.form, statement.values)
        let types = form.kinds.map(\.rawValue)
        if statement.isKept, preparedNames[form] == nil, pipeline.names[form] == nil {
            nameCount += 1
            let name = "s\(nameCount)"
            pipeline.names[form] = name
            guard PQsendPrepare(connection, name, form.sql, Int32(values.count), types) == 1 else { throw lost }
            pipeline.expected.append(.preparation(form))
        }
        // All values behind each other; the address of one that is empty is not null.
        var (all, places): ([UInt8], [(offset: Int, count: Int)?]) = ([], [])
        all.reserveCapacity(values.reduce(1) { $0 + ($1.bytes?.count ?? 0) })
        for value in values {
            places.append(value.bytes.map { (all.count, $0.count) })
            if let bytes = value.bytes { all += bytes }
        }
        all.append(0)
        guard all.count <= Session.valueLimit else { throw .lost("\(all.count) bytes are too much for one statement") }
        let (lengths, formats) = (places.map { Int32($0?.count ?? 0) }, values.map { _ in Int32(1) })
        let isSent = all.withUnsafeBytes { buffer in
            let base = buffer.baseAddress!.assumingMemoryBound(to: CChar.self)
            let addresses = places.map { place in place.map { base + $0.offset } }
            guard statement.isKept, let name = preparedNames[form] ?? pipeline.names[form] else {
                return PQsendQueryParams(connection, form.sql, Int32(values.count), types, addresses, lengths, formats, 1)
            }
            return PQsendQueryPrepared(connection, name, Int32(values.count), addresses, lengths, formats, 1)
        }
        guard isSent == 1 else { throw lost }
        pipeline.expected.append(.rows)
    }

    /// The next result of a statement; nil where it has no more. What is still to be sent is sent meanwhile, and what comes is taken:
    /// neither side waits for the other with full hands.
    private func next(until end: ContinuousClock.Instant, _ isWanted: () -> Bool) throws(SessionFault) -> OpaquePointer? {
        while true {
            let rest = PQflush(connection)
            guard rest >= 0 else { throw lost }
            if rest == 0, PQisBusy(connection) == 0 { return PQgetResult(connection) }
            guard isWanted() else { throw .unwanted }
            let signs = try wait(for: POLLIN | (rest == 0 ? 0 : POLLOUT), until: end)
            if signs & (POLLIN | POLLERR | POLLHUP) != 0, PQconsumeInput(connection) == 0 { throw lost }
        }
    }

    /// Waits for a moment at most.
    ///
    /// - Returns: what there is to do, as `poll` says it; 0 for nothing yet.
    private func wait(for signs: Int32, until end: ContinuousClock.Instant) throws(SessionFault) -> Int32 {
        let left = (end - .now) / .milliseconds(1)
        guard left > 0 else { throw .lost("there was no answer in time") }
        var entry = pollfd(fd: PQsocket(connection), events: Int16(signs), revents: 0)
        guard poll(&entry, 1, Int32(min(left.rounded(.up), Double(Session.lookPause)))) >= 0 || errno == EINTR else { throw lost }
        return Int32(entry.revents)
    }

    private var lost: SessionFault {
        .lost(Diagnostic.line(PQerrorMessage(connection)))
    }
}
