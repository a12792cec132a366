import CaseCore
import CaseStore
import CaseWire
import Dispatch
import Foundation
import Logging
import Synchronization
import WorkingTime

/// Takes commands, answers them in groups, and lets time pass.
///
/// All commands that wait go into one transaction, and no reply leaves before it is durable. One timer waits for the
/// earliest deadline of all cases; whatever wakes the engine, what it does is the same: see what is due and pass it.
package actor Engine {
    /// What everything in the engine works with.
    package struct Context: Sendable {
        package let store: any CaseStore
        package let catalogs: CatalogBook
        package let time: any TimeSource
        package let log: Logger
        let principals: PrincipalBook
        let seal: ReceiptSeal
        let epoch: String
    }

    /// What is seen from outside while the engine works.
    package struct Gauges: Sendable {
        package var openCount = 0
        /// The last place in the journal that is durable.
        package var lastSeq: Int64 = 0
        package var nextDeadline: Instant?
        package var lateness = Lateness()
        package var batchCount = 0
        /// Parts of long transactions, which grow before these are durable.
        package var partCount = 0
        package var commandCount = 0
        /// Changed rules that have not come to all running cases.
        package var reprojection: ReprojectionJob?
        /// Deadlines wait for somebody's word on the clock.
        package var hold: ClockHold?
        /// A catalogue that waits for its day.
        package var pending: PendingCatalog?
        /// Nil where nobody watches the daemon.
        package var watchdog: WatchdogReport?
    }

    package nonisolated let context: Context
    /// When the engine was opened.
    nonisolated let since: Instant
    /// Whether receipts are made with a key that is kept outside the store.
    package nonisolated let usesReceiptKey: Bool
    nonisolated let mailbox = Mailbox()
    nonisolated let executor = QueueExecutor(label: "cased.engine")
    nonisolated let shared: SharedGauges
    private let timer: DeadlineTimer
    private nonisolated let listener = Mutex(Listener())

    /// Who is told of each commit. The function stands in a type of its own: kept directly in the generic box, it would be wrapped
    /// once more at each access, until the stack ends.
    private struct Listener {
        var journalGrew: @Sendable () -> Void = {}
    }

    private(set) var lastCaseNumber: Int64
    private var isStopped = false
    /// Whether the last batch found no space.
    private(set) var isFull = false
    private var lastForgettingAt: Instant
    /// After a sweep that could pass nothing, the next one waits, so that a damaged case does not keep the engine busy.
    private var sweepsFrom: Instant?
    /// The present of this turn: looked up once, after the clock was found not to have jumped, so that nothing happens by a time
    /// that nobody has checked.
    var present: Instant
    var clockWatch: ClockWatch
    private var clockSet: ClockSetSource?
    var largestStep: Int64
    /// When a catalogue whose day has come was last tried.
    var pendingTriedAt = Instant.first
    /// How often the engine was looked after, see `checkUp`.
    var checkUpCount = 0
    var lastZones: String?
    var reprojectionPace = ReprojectionPace()

    /// Commands of one transaction.
    static let commandLimit = 1024
    /// Deadlines of one transaction.
    static let sweepLimit = 256
    /// How far the clock may be set forward before deadlines wait, unless said otherwise.
    package static let largestStep: Int64 = 3_600_000
    /// Old answers that go once a minute, beside those that make room for new ones.
    private static let forgettingLimit = 1000
    static let answerRetentionMilliseconds: Int64 = 30 * 86_400_000

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Opens the engine on a store.
    ///
    /// - Parameters:
    ///   - time: the system's, or a manual one; a store keeps to the kind with which it was made.
    ///   - largestStep: how far the clock may be set forward before deadlines wait, in milliseconds.
    ///   - receiptKey: the key of receipts where it is kept outside the store, as 64 hexadecimal digits.
    ///   - progress: called now and then while a long recovery goes on.
    /// - Throws: `UnfitStore` where a person must mend something.
    package init(
        store: any CaseStore, time: any TimeSource, log: Logger, largestStep: Int64 = Engine.largestStep,
        receiptKey: String? = nil, progress: () -> Void = {}
    ) throws {
        let settings = try StoreSettings.prepared(store, time: time, credential: receiptKey)
        let catalogs: CatalogBook
        do {
            catalogs = try CatalogBook(store)
        } catch {
            throw UnfitStore(description: "the stored catalogue cannot be read by this version: \(error)")
        }
        try Recount.prepare(store, catalogs, progress: progress)
        context = Context(
            store: store, catalogs: catalogs, time: time, log: log, principals: PrincipalBook(catalogs), seal: settings.seal,
            epoch: settings.epoch)
        let (last, open, next) = try store.read(for: .engine) {
            (try StoreSettings.lastCaseNumber($0), try $0.openCount(), try $0.nextDeadline())
        }
        lastCaseNumber = last
        lastForgettingAt = time.now
        var gauges = Gauges()
        (gauges.openCount, gauges.nextDeadline) = (open, next)
        gauges.lastSeq = try store.read(for: .engine) { try $0.lastSeq() }
        (gauges.reprojection, gauges.hold, gauges.pending) = (settings.reprojection, settings.hold, settings.pending)
        shared = SharedGauges(gauges)
        clockWatch = ClockWatch(time)
        present = time.now
        since = present
        usesReceiptKey = settings.usesCredential
        self.largestStep = largestStep
        lastZones = settings.zones
        timer = DeadlineTimer(queue: executor.queue)
    }

    /// Begins to let time pass. What fell due while nothing ran is passed at once, in order.
    package func start() {
        compareZones()
        let turn = { @Sendable [weak self] in
            guard let self else { return }
            assumeIsolated { $0.turn() }
        }
        timer.start(turn)
        if context.time.passesByItself { clockSet = ClockSetSource(queue: executor.queue, wake: turn) }
        wake()
    }

    /// Calls `body` after each commit, on the engine's queue: something may have been added to the journal.
    package nonisolated func whenJournalGrows(_ body: @escaping @Sendable () -> Void) {
        listener.withLock { $0.journalGrew = body }
    }

    /// From now on the clock may be set forward so far, in milliseconds, before deadlines wait.
    package func allow(step: Int64) {
        largestStep = step
    }

    package nonisolated var gauges: Gauges {
        shared.value
    }

    /// Hands a mutation or an administration over; the reply comes from the engine's queue.
    package nonisolated func submit(_ command: Command) {
        switch mailbox.post(command) {
        case .first: wake()
        case .queued: break
        case .refused:
            command.reply(
                .failure(WireError(.draining, "the server is stopping", hint: "try again with the same idempotency key")))
        }
    }

    /// Carries out what waits and refuses what comes after; returns when all is durable.
    package func stop() {
        mailbox.close()
        while mailbox.isWaiting { turn() }
        isStopped = true
        timer.stop()
        clockSet?.stop()
    }

    private nonisolated func wake() {
        executor.queue.async { @Sendable [self] in assumeIsolated { $0.turn() } }
    }

    /// One turn of work: a group of commands, what is due, one commit, the replies.
    func turn() {
        guard !isStopped else { return }
        watchClock()
        activatePending()
        let (commands, isMoreWaiting) = mailbox.take(limit: Engine.commandLimit)
        for group in commands.groups {
            if let command = group.first, command.method.effect == .administration {
                administrate(command)
            } else {
                run(Array(group))
            }
        }
        if isDue { sweepsFrom = sweep() > 0 ? nil : present.advanced(byMilliseconds: 60_000) }
        let isBusy = isMoreWaiting || isDue
        let isReprojecting = reprojectInTurn(commandCount: commands.count)
        if isBusy {
            wake()
        } else if !isReprojecting {
            context.store.rest()
        }
        // While deadlines wait for somebody's word, none of them is worth a wake-up.
        timer.arm(for: context.time.passesByItself && gauges.hold == nil ? nextWork : nil)
    }

    /// The next deadline, or the day of a pending catalogue. One that could not take effect is tried again now and then.
    private var nextWork: Instant? {
        [nextSweep, gauges.pending.flatMap { $0.obstacle == nil ? $0.effectiveAt : nil }].compactMap { $0 }.min()
    }

    private var nextSweep: Instant? {
        gauges.nextDeadline.map { max($0, sweepsFrom ?? $0) }
    }

    private var isDue: Bool {
        gauges.hold == nil && nextSweep.map { $0 <= present } ?? false
    }

    /// Passes a bounded number of the deadlines that are due, and says how many.
    ///
    /// - Parameter instant: those that fell due by then; by the present unless said.
    func sweep(through instant: Instant? = nil) -> Int {
        var count = 0
        let end = instant ?? present
        let isDurable = commit {
            count = try $0.sweep(through: end, limit: Engine.sweepLimit)
        } failing: { _ in
        }
        return isDurable ? count : 0
    }

    /// Carries out commands in one transaction.
    private func run(_ commands: [Command]) {
        let now = present
        commit { builder in
            for command in commands { builder.carryOut(command) }
            let isTime = now - lastForgettingAt > 60_000
            if isTime { lastForgettingAt = now }
            builder.forgetAnswers(
                before: now.advanced(byMilliseconds: -Engine.answerRetentionMilliseconds), atLeast: isTime ? Engine.forgettingLimit : 0)
        } failing: { error in
            for command in commands { command.reply(.failure(error)) }
        }
    }

    /// Builds a batch on the present state, makes it durable, and only then lets the replies out.
    @discardableResult
    func commit(_ build: (inout BatchBuilder) throws -> Void, failing: (WireError) -> Void) -> Bool {
        attempt(failing) {
            let (builder, batch) = try context.store.read(for: .engine) { snapshot in
                var builder = newBuilder(snapshot)
                try build(&builder)
                return (builder, try builder.finished())
            }
            if !batch.isEmpty {
                try context.store.commit(batch)
                foundSpace()
            }
            return builder
        }
    }

    private func foundSpace() {
        if isFull { context.log.notice("there is space for the store again: commands are taken") }
        isFull = false
    }

    /// The same for what is too much to be held in memory: `build` hands it over part by part, in one transaction all the same.
    func commitInParts(
        _ build: (inout BatchBuilder, _ part: @escaping (Batch) throws -> Void) throws -> Void, failing: (WireError) -> Void
    ) -> Bool {
        attempt(failing) {
            try context.store.read(for: .engine) { snapshot in
                var builder = newBuilder(snapshot)
                try context.store.commit { part in
                    func counted(_ batch: Batch) throws {
                        try part(batch)
                        shared.update { $0.partCount += 1 }
                    }
                    try build(&builder, counted)
                    try counted(try builder.finished())
                }
                foundSpace()
                return builder
            }
        }
    }

    private func newBuilder(_ snapshot: any StoreSnapshot) -> BatchBuilder {
        BatchBuilder(snapshot, context, lastCaseNumber: lastCaseNumber, now: present, situation)
    }

    /// Lets the replies out once `body` has made them true.
    private func attempt(_ failing: (WireError) -> Void, _ body: () throws -> BatchBuilder) -> Bool {
        do {
            let builder = try body()
            lastCaseNumber = builder.lastCaseNumber
            publish(builder)
            for (command, outcome) in builder.replies { command.reply(outcome) }
            return true
        } catch StoreFault.full {
            // Said once: refusals are many, and a log on the same disk would take what is left.
            if !isFull { context.log.entry(.storeFull, "no space is left for the store: commands are refused until there is") }
            isFull = true
            failing(WireError(.storeFull, "no space is left for the store", hint: "try again later; nothing was changed"))
        } catch let error as WireError {
            failing(error)
        } catch StoreFault.gone(let what) {
            // A start would find no store, or another one: somebody must look first.
            context.log.entry(.storeFailed, "the store was taken away; the process ends", ["fault": "\(what)"])
            exit(78)
        } catch let fault as StoreFault {
            // The reply would be a guess. The client's retry under the same key finds out.
            context.log.entry(.storeFailed, "the store failed; the process ends", ["fault": "\(fault)"])
            exit(1)
        } catch {
            context.log.entry(.commandFailed, "a batch could not be built", ["fault": "\(error)"])
            failing(WireError(.internalError, "the server could not carry this out; its log says more"))
        }
        return false
    }

    private var situation: BatchBuilder.Situation {
        let gauges = gauges
        return BatchBuilder.Situation(reprojection: gauges.reprojection, isHeld: gauges.hold != nil)
    }

    /// Shows what has become durable, so that whoever hears a reply finds it in the figures as well.
    private func publish(_ builder: BatchBuilder) {
        for news in builder.news { news.write(to: context.log) }
        var (next, last) = (gauges.nextDeadline, gauges.lastSeq)
        do {
            (next, last) = try context.store.read(for: .engine) { (try $0.nextDeadline(), try $0.lastSeq()) }
        } catch {
            // The batch is durable all the same. The deadline known so far stands, and every later commit looks again.
            context.log.entry(.commandFailed, "the next deadline could not be read", ["fault": "\(error)"])
        }
        shared.update { gauges in
            gauges.openCount += builder.openCountChange
            gauges.nextDeadline = next
            gauges.lastSeq = last
            gauges.lateness.add(builder.lateness)
            gauges.batchCount += 1
            gauges.commandCount += builder.replies.count
        }
        listener.withLock { $0 }.journalGrew()
    }
}

/// The engine cannot work on this store until a person mends something.
package struct UnfitStore: Error, CustomStringConvertible {
    package let description: String
}

extension [Command] {
    /// Groups that each fit one transaction: mutations together, each administration alone, in order.
    fileprivate var groups: [ArraySlice<Command>] {
        var groups: [ArraySlice<Command>] = []
        var start = startIndex
        for place in indices where self[place].method.effect == .administration {
            if start < place { groups.append(self[start..<place]) }
            groups.append(self[place...place])
            start = place + 1
        }
        if start < endIndex { groups.append(self[start...]) }
        return groups
    }
}
