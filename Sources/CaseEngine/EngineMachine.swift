import CaseCore
import CaseStore
import CaseWire
import Catalogue
import Evidence
import Logging
import WorkingTime

/// The engine without threads, queues and timers: commands in, one transaction, replies out; and what falls due, passed in its order.
///
/// All commands of a turn go into one transaction, and no reply leaves before it is durable. Whoever drives it decides when it takes a
/// turn: `Engine` does on a queue, the simulator from a seed.
package final class EngineMachine {
    package let context: Engine.Context
    let shared: SharedView
    let usesReceiptKey: Bool
    /// As of the last commit. What has no place in the store, such as why a catalogue still waits, is changed in between.
    package internal(set) var state: EngineState
    /// What of it the store holds: a hold of the clock counts even while there is no room to record it, and is recorded later.
    var durable: EngineState
    /// How often somebody had committed to a shared store when the state was taken in; -1 before the first time.
    var takenIn: Int64 = -1
    /// Up to which event of the server the catalogue was taken in.
    var takenInServerRevision = -1
    /// Whether others were first: what was planned is not there, and nobody was answered.
    var isOvertaken = false
    /// With which code the process has to end: the store is gone, or nobody knows what it holds. Nothing is answered any more.
    package internal(set) var exitCode: Int32?
    /// Whether the last batch found no space.
    private(set) var isFull = false
    /// Whether the store's upkeep failed the last time.
    private var isNeglected = false
    /// Whether the next deadline could not be read after the last commit.
    private(set) var isDeadlineUncertain = false
    var lastForgettingAt: Instant
    /// Before this no sweep begins: see `noteSwept`.
    var sweepsFrom: Instant?
    /// Cases whose deadlines could not be passed, and when that is tried again: they hold up no other.
    var damaged: [CaseID: Instant] = [:]
    /// The present of this turn: looked up once, after the clock was found not to have jumped, so that nothing happens by a time
    /// that nobody has checked.
    package internal(set) var present: Instant
    /// Nil on a manual clock.
    let clock: OwnClock?
    /// When the clock's anchor became durable last.
    var anchoredAt = Instant.first
    /// Whether the newest checkpoint is by another key than the one of now.
    var isToBeSignedAnew: Bool
    /// Before this no checkpoint is made that nobody else's commit carries: the last one could not be kept.
    var checkpointsFrom: Instant?
    var largestStep: Int64
    /// How long a notice stays once it is taken, in milliseconds.
    var noticeRetention = Engine.noticeRetention
    /// When a catalogue whose day has come was last tried.
    var pendingTriedAt = Instant.first
    /// What an obstructed catalogue says, so that it is read once while nothing else changes.
    var pendingCatalog: (pending: PendingCatalog, changeCount: Int, catalog: Catalogue)?
    /// The population of the draw that is being made.
    var gathering: Gathering?
    /// Numbers of cases that are looked through for it in one turn.
    let drawPage: Int64
    /// Before this no draw is tried again.
    var drawsFrom: Instant?
    let newSecret: () -> String
    /// How often the machine was looked after, see `checkUp`.
    var checkUpCount = 0
    /// What came in for cases today.
    var caseIntake = CaseIntake()

    /// Commands of one transaction.
    static let commandLimit = 1024
    /// Deadlines of one transaction: few, since whoever asks meanwhile waits for the next one.
    static let sweepLimit = 64
    /// More are not told apart.
    private static let damagedLimit = 10_000
    /// In milliseconds.
    private static let sweepPause: Int64 = 20
    /// Cases of one transaction to which changed rules are brought.
    static let recalculationLimit = 128
    /// Old answers, and old notices, that go once a minute, beside those that make room for new ones.
    private static let forgettingLimit = 1000
    package static let answerRetentionMilliseconds: Int64 = 30 * 86_400_000
    /// Of notices that nobody takes. What was told whom stays in the journal of the case.
    static let untakenNoticeRetentionMilliseconds: Int64 = 400 * 86_400_000

    /// See `Engine.init`.
    package init(
        store: any CaseStore, time: any TimeSource, log: Logger, largestStep: Int64 = Engine.largestStep,
        receiptKey: String? = nil, logKey: SSHPrivateKey = SSHPrivateKey(), sealKeys: SealKeys = SealKeys(), isTraining: Bool = false,
        trustsMachineClock: Bool = false,
        newSecret: @escaping () -> String = DrawBook.newSecret, newSalt: @escaping @Sendable () -> [UInt8] = Salts.next,
        drawPage: Int64 = EngineMachine.drawPage,
        intakeLimits: IntakeLimits = IntakeLimits(),
        progress: () -> Void = {}
    ) throws {
        let settings = try StoreSettings.prepared(store, time: time, credential: receiptKey, isTraining: isTraining)
        let catalogs: CatalogBook
        do {
            catalogs = try CatalogBook(store)
        } catch let error as UnfitStore {
            throw error
        } catch let damage as DamagedRecord {
            throw damage
        } catch let fault as StoreFault {
            throw fault
        } catch {
            throw UnfitStore(description: "the stored catalogue cannot be read by this version: \(error)")
        }
        try Recount.prepare(store, catalogs, log: log, progress: progress)
        try ColumnFilling.prepare(store, catalogs, log: log, progress: progress)
        try TreeFilling.prepare(store, progress: progress)
        let machineTime = StoreTime(store, on: time) ?? time
        // Whoever has kept the anchor on another machine vouches for nothing while that one's clock is not believed.
        let isElsewhere = store.isShared && settings.hold != nil && settings.anchor?.boot != machineTime.boot
        clock = OwnClock(
            machineTime, anchor: isElsewhere ? nil : settings.anchor, held: settings.hold?.step, trustsMachine: trustsMachineClock)
        context = Engine.Context(
            store: store, catalogs: catalogs, time: clock ?? time, log: log,
            principals: PrincipalBook(catalogs, node: (store as? any DatabaseStore)?.node), seal: settings.seal,
            sealKeys: sealKeys, epoch: settings.epoch, intakeLimits: intakeLimits, newSalt: newSalt,
            damages: DamageBook(clock ?? time, log), outage: Outage(clock ?? time, log),
            checkpoints: try CheckpointSigner(logKey, epoch: settings.epoch))
        let context = context
        (state, isToBeSignedAnew) = try store.read(for: .engine) { snapshot in
            let state = try EngineState(snapshot)
            // Whoever verifies has the key and the name of now: the same tree is signed once more, before anybody asks.
            let isSigned = try state.checkpoint.map { try context.checkpoints.compare($0, snapshot, size: state.tree.edge.size) } ?? true
            return (state, !isSigned)
        }
        if isToBeSignedAnew {
            log.warning("the log's key, or its name, is another one than that of its newest checkpoint: who verifies needs the new key")
        }
        durable = state
        shared = SharedView(state)
        lastForgettingAt = context.time.now
        present = context.time.now
        usesReceiptKey = settings.usesCredential
        self.newSecret = newSecret
        self.drawPage = drawPage
        self.largestStep = largestStep
    }

    /// One turn of work: what is due, and the commands.
    ///
    /// - Returns: those for which there was no room in their transaction: they come first in the next turn.
    @discardableResult
    package func turn(_ requests: [WriteRequest]) -> [WriteRequest] {
        var left: [WriteRequest] = []
        plannedAgain { watchClock() }
        plannedAgain { activatePending() }
        plannedAgain { passDraws() }
        for group in requests.groups {
            if let request = group.first, case .administration(let administration, let parameters) = request.work {
                if !plannedAgain({ administrate(request, administration, parameters) }) { answer(request, .failure(.overtaken)) }
            } else {
                let end = group.startIndex + run(Array(group))
                guard end == group.endIndex else {
                    left = Array(requests[end...])
                    break
                }
            }
        }
        if isDue, requests.allSatisfy(\.isAdministration) { noteSwept(sweep()) }
        if let next = nextCheckpoint, next <= present { signCheckpoint() }
        noteUpkeep()
        return left
    }

    /// Says once that upkeep fails, and once that it does no longer.
    private func noteUpkeep() {
        let fault = context.store.upkeepFault
        if fault != nil, !isNeglected { context.log.warning("the store's upkeep fails; nothing is lost, and it is tried again: \(fault!)") }
        if fault == nil, isNeglected { context.log.notice("the store's upkeep succeeds again") }
        isNeglected = fault != nil
        showTrouble(fault)
    }

    /// Shows what the store cannot do, and since when.
    private func showTrouble(_ upkeepFault: String?) {
        let what = isFull ? "no space is left: commands are refused" : upkeepFault
        let before = shared.value.storeFault
        guard what != before?.what else { return }
        let trouble = what.map { Engine.StoreTrouble(since: present, what: $0, refusesCommands: isFull) }
        shared.update { $0.storeFault = trouble }
    }

    /// When to take a turn although nobody asks: the next deadline, the next draw, or the day of a pending catalogue. On a clock that stands still, nothing is
    /// worth a wake-up.
    package var nextWork: Instant? {
        guard context.time.passesByItself else { return nil }
        // A catalogue that could not take effect is tried again now and then.
        return [nextSweep, nextDraw, nextCheckpoint, state.pending.flatMap { $0.obstacle == nil ? $0.effectiveAt : nil }].compactMap { $0 }
            .min()
    }

    private var nextSweep: Instant? {
        state.nextDeadline.map { max($0, sweepsFrom ?? $0) }
    }

    /// Whether something can be passed at once.
    package var isDue: Bool {
        nextSweep.map { $0 <= present } ?? false
    }

    /// Passes a bounded number of the deadlines that are due, and says of how many cases; those that are damaged count as well.
    ///
    /// - Parameter instant: those that fell due by then; by default by the present.
    func sweep(through instant: Instant? = nil) -> Int {
        var count = 0
        let end = instant ?? present
        let isDurable = commit(isPlanned: false) {
            count = try sweep(through: end, in: &$0)
        } failing: { _ in
        }
        return isDurable ? count : 0
    }

    /// Lets a batch pass what is due, but for the cases that are damaged, and says how many cases are out of the way now.
    private func sweep(through instant: Instant, in builder: inout BatchBuilder) throws -> Int {
        if !damaged.isEmpty { damaged = damaged.filter { $0.value > present } }
        let (count, failed) = try builder.sweep(through: instant, limit: EngineMachine.sweepLimit, except: damaged)
        // A case that could not be loaded as the store was lost is not damaged.
        try builder.snapshot.requireWhole()
        let put = failed.prefix(EngineMachine.damagedLimit - damaged.count)
        for id in put { damaged[id] = present.advanced(byMilliseconds: 60_000) }
        return count + put.count
    }

    /// Replies of one transaction: whoever has long ones holds up others, and the memory, for no longer. In bytes.
    private static let replyLimit = 1 << 21

    /// Carries out commands in one transaction, and passes some of what is due before them.
    ///
    /// - Returns: how many of them; the first at least.
    private func run(_ requests: [WriteRequest]) -> Int {
        let now = present
        var count = 0
        var sweptCount: Int?
        let isDurable = commit(isPlanned: false, foreseeing: context.foreseen(of: requests)) { builder in
            if isDue { sweptCount = try sweep(through: now, in: &builder) }
            while count < requests.count, builder.replyByteCount < EngineMachine.replyLimit {
                builder.carryOut(requests[count])
                count += 1
            }
            let isTime = now - lastForgettingAt > 60_000
            if isTime { lastForgettingAt = now }
            builder.forgetAnswers(
                before: now.advanced(byMilliseconds: -EngineMachine.answerRetentionMilliseconds),
                atLeast: isTime ? EngineMachine.forgettingLimit : 0)
            builder.forgetNotices(
                before: now.advanced(byMilliseconds: -EngineMachine.untakenNoticeRetentionMilliseconds),
                takenBefore: now.advanced(byMilliseconds: -noticeRetention), atLeast: isTime ? EngineMachine.forgettingLimit : 0)
        } failing: { error in
            // Where nothing could be begun, nobody fares better.
            if count == 0 { count = requests.count }
            for request in requests.prefix(count) { answer(request, .failure(error)) }
        }
        if let sweptCount { noteSwept(isDurable ? sweptCount : 0) }
        // Where the process has to end, nothing waits for a next turn.
        return exitCode == nil ? count : requests.count
    }

    /// Says when the next sweep may be: at once where there is more, a moment later where all has passed, so that deadlines a millisecond
    /// apart share a transaction, and later where nothing was got out of the way: in a second where others than the damaged may be next.
    private func noteSwept(_ count: Int) {
        if count == 0 {
            let isShort = !damaged.isEmpty || context.outage.trouble != nil
            sweepsFrom = present.advanced(byMilliseconds: isShort ? 1000 : 60_000)
        } else {
            sweepsFrom =
                count < EngineMachine.sweepLimit && context.time.passesByItself
                ? present.advanced(byMilliseconds: EngineMachine.sweepPause) : nil
        }
    }

    /// Lets a reply out; none once nobody knows what is durable, and none to what is planned again.
    func answer(_ request: WriteRequest, _ outcome: Outcome) {
        if exitCode == nil, !isOvertaken { request.reply(outcome) }
    }

    // MARK: Commit, then speak

    /// Plans a batch on the present state, makes it durable, adopts the state that it leads to, and only then lets the replies out.
    ///
    /// - Parameters:
    ///   - isSigned: whether there is a checkpoint of it, however new the last one is.
    ///   - isPlanned: whether `build` rests on what was known before it had the store to itself: see `plannedAgain`.
    ///   - foreseen: what `build` is going to read.
    @discardableResult
    func commit(
        signing isSigned: Bool = false, isPlanned: Bool = true, foreseeing foreseen: Foreseen = Foreseen(),
        _ build: (inout BatchBuilder) throws -> Void, failing: (WireError) -> Void
    ) -> Bool {
        attempt(failing) {
            let (builder, isEmpty) = try context.store.commit(
                foreseeing: foreseen,
                planning: { snapshot in
                    try meet(snapshot, isPlanned: isPlanned)
                    var builder = BatchBuilder(snapshot, context, state, durable: durable, caseIntake: caseIntake, now: present)
                    try build(&builder)
                    try snapshot.requireWhole()
                    let batch = completed(try builder.finished(), &builder, isSigned: isSigned)
                    return (batch, (builder, batch.isEmpty))
                })
            if !isEmpty { noteCommit() }
            return builder
        }
    }

    private func noteCommit() {
        if context.store.isShared { takenIn += 1 }
        foundSpace()
    }

    /// The same for what is too much to be held in memory: `build` hands it over part by part, in one transaction all the same.
    ///
    /// - Parameter adopting: takes over what else has become so, before anybody is told of it.
    func commitInParts(
        _ build: (inout BatchBuilder, _ part: @escaping (Batch) throws -> Void) throws -> Void, adopting: () -> Void,
        failing: (WireError) -> Void
    ) -> Bool {
        attempt(failing, adopting) {
            let builder = try context.store.commit(planningParts: { snapshot, part in
                try meet(snapshot, isPlanned: true)
                var builder = BatchBuilder(snapshot, context, state, durable: durable, now: present)
                let shared = shared
                func counted(_ batch: Batch) throws {
                    try part(batch)
                    shared.update { $0.partCount += 1 }
                }
                try build(&builder, counted)
                try snapshot.requireWhole()
                try counted(completed(try builder.finished(), &builder))
                return builder
            })
            noteCommit()
            return builder
        }
    }

    /// With what a commit of that much has beside it: the present, from which the next process goes on, and a checkpoint where one is due.
    private func completed(_ batch: Batch, _ builder: inout BatchBuilder, isSigned: Bool = false) -> Batch {
        var batch = batch
        // Who has changed nothing writes nothing: a full disk must not refuse them.
        if isSigned || !batch.isEmpty { sign(&batch, &builder.state, atOnce: isSigned) }
        guard !batch.isEmpty, let clock else { return batch }
        batch.settings[ClockAnchor.settingName] = clock.anchor.setting
        anchoredAt = present
        return batch
    }

    private func foundSpace() {
        if isFull { context.log.notice("there is space for the store again: commands are taken") }
        isFull = false
        _ = reachedStore()
    }

    /// The store has answered: what waited until it would is tried again at once.
    ///
    /// - Returns: whether something has waited.
    func reachedStore() -> Bool {
        guard context.outage.isOver() else { return false }
        (sweepsFrom, checkpointsFrom, drawsFrom, pendingTriedAt) = (nil, nil, nil, .first)
        return true
    }

    /// Lets the replies out once `body` has made them true.
    private func attempt(_ failing: (WireError) -> Void, _ adopting: () -> Void = {}, _ body: () throws -> BatchBuilder) -> Bool {
        guard exitCode == nil else { return false }
        do {
            let builder = try body()
            adopt(builder, adopting)
            for (request, outcome) in builder.replies { request.reply(outcome) }
            return true
        } catch is Overtaken {
            failing(.overtaken)
        } catch StoreFault.full {
            // Said once: refusals are many, and a log on the same disk would take what is left.
            if !isFull { context.log.entry(.storeFull, "no space is left for the store: commands are refused until there is") }
            isFull = true
            failing(WireError(.storeFull, "no space is left for the store", hint: "try again later; nothing was changed"))
        } catch StoreFault.damaged(let damage) {
            context.damages.note(damage)
            failing(WireError(damage))
        } catch StoreFault.interrupted(let what) {
            // Nothing was changed, and what was planned is dropped.
            failing(context.outage.begins(what))
        } catch let error as WireError {
            failing(error)
        } catch StoreFault.gone(let what) {
            // A start would find no store, or another one: somebody must look first.
            context.log.entry(.storeFailed, "the store was taken away; the process ends", ["fault": "\(what)"])
            exitCode = 78
        } catch let fault as StoreFault {
            // The reply would be a guess. The client's retry under the same key finds out.
            context.log.entry(.storeFailed, "the store failed; the process ends", ["fault": "\(fault)"])
            exitCode = 1
        } catch {
            if let damage = context.damages.note(error) {
                failing(damage)
                return false
            }
            context.log.entry(.commandFailed, "a batch could not be built", ["fault": "\(error)"])
            failing(WireError(.internalError, "the server could not carry this out; its log says more"))
        }
        return false
    }

    /// Takes what has become durable for what is, and shows it, so that whoever hears a reply finds it in the figures as well.
    private func adopt(_ builder: BatchBuilder, _ adopting: () -> Void) {
        for news in builder.news { news.write(to: context.log) }
        if let checkpoint = builder.state.checkpoint, checkpoint != state.checkpoint {
            isToBeSignedAnew = false
            note(checkpoint)
        }
        for key in builder.readings { context.readings.note(key, at: present) }
        if builder.state.listReadings != state.listReadings { context.catalogs.install(builder.state.listReadings) }
        (state, durable) = (builder.state, builder.state)
        caseIntake = builder.caseIntake
        if !builder.batch.erasures.isEmpty { context.tail.forget() }
        adopting()
        do {
            try context.store.read(for: .engine) { try lookUpDeadline($0) }
        } catch {
            // The batch is durable all the same. The deadline known so far stands, and every later commit looks again.
            isDeadlineUncertain = true
            if context.outage.note(error) == nil {
                context.log.entry(.commandFailed, "the next deadline could not be read", ["fault": "\(error)"])
            }
        }
        let state = state
        shared.update { view in
            view.state = state
            view.lateness.add(builder.lateness)
            view.batchCount += 1
            view.commandCount += builder.replies.count
            view.commitCount = takenIn
        }
        shared.announce()
    }
}

extension EngineMachine {
    /// Takes over what the store says is due next.
    func lookUpDeadline(_ snapshot: any StoreSnapshot) throws {
        state.nextDeadline = try snapshot.nextDeadline()
        isDeadlineUncertain = false
    }
}

extension [WriteRequest] {
    /// Groups that each fit one transaction: commands together, each administration alone, in order.
    fileprivate var groups: [ArraySlice<WriteRequest>] {
        var groups: [ArraySlice<WriteRequest>] = []
        var start = startIndex
        for place in indices where self[place].isAdministration {
            if start < place { groups.append(self[start..<place]) }
            groups.append(self[place...place])
            start = place + 1
        }
        if start < endIndex { groups.append(self[start...]) }
        return groups
    }
}
