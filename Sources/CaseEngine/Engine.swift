import CaseCore
import CaseStore
import CaseWire
import Dispatch
import Evidence
import FoundationEssentials
import Glibc
import Logging
import Synchronization
import WorkingTime

/// Takes commands, answers them in groups, and lets time pass: the machine (`EngineMachine`) on a queue of its own, with a mailbox in
/// front and timers behind it.
///
/// One timer waits for the earliest deadline of all cases; whatever wakes the engine, what it does is the same: a turn of the machine.
package actor Engine {
    /// What everything in the engine works with.
    package struct Context: Sendable {
        package let store: any CaseStore
        package internal(set) var catalogs: CatalogBook
        package let time: any TimeSource
        /// Whether whatever the machine's clock says is believed.
        var trustsMachineClock: Bool { (time as? OwnClock)?.trustsMachine ?? false }
        package let log: Logger
        var principals: PrincipalBook
        let readings = RecentReadings()
        let tail = JournalTail()
        let seal: ReceiptSeal
        let sealKeys: SealKeys
        let epoch: String
        let intakeLimits: IntakeLimits
        /// 16 bytes of chance, for what is kept apart of an event and for the commitments of statements.
        let newSalt: @Sendable () -> [UInt8]
        let damages: DamageBook
        let outage: Outage
        package let checkpoints: CheckpointSigner

        /// To whom the keys of a peer belong.
        package func keyScope(of peer: Peer) -> String {
            principals.keyScope(of: peer)
        }
    }

    /// What is seen from outside while the engine works.
    package struct View: Sendable {
        /// As of the last commit.
        package internal(set) var state = EngineState()
        package var lateness = Lateness()
        package var batchCount = 0
        /// Parts of long transactions, which grow before these are durable.
        package var partCount = 0
        package var commandCount = 0
        /// How often somebody had committed to a shared store by then.
        var commitCount: Int64 = -1
        /// Nil where nobody watches the daemon.
        package var watchdog: WatchdogReport?
        /// What the store cannot do; nil where it can do all.
        package internal(set) var storeFault: StoreTrouble?

        package var openCount: Int { state.openCount }
        package var lastSeq: Int64 { state.lastSeq }
        package var nextDeadline: Instant? { state.nextDeadline }
        package var recalculation: RecalculationJob? { state.recalculation }
        package var hold: ClockHold? { state.hold }
        package var pending: PendingCatalog? { state.pending }
        package var unconfirmed: Unconfirmed? { state.unconfirmed }
    }

    /// Something that the store cannot do for a while.
    package struct StoreTrouble: Sendable, Equatable {
        package let since: Instant
        package let what: String
        /// Whether nothing that changes anything goes meanwhile.
        package let refusesCommands: Bool
    }

    package nonisolated let context: Context
    /// Where whoever can do with an older state is answered from; nil where there is nothing but the store itself.
    nonisolated let replicas: ReplicaStates?
    /// When the engine was opened.
    nonisolated let since: Instant
    /// Whether receipts are made with a key that is kept outside the store.
    package nonisolated let usesReceiptKey: Bool
    /// What of the tree somebody else keeps; nil where nobody does.
    nonisolated let witnessed: WitnessedFile?
    /// Where the log's key lies, for a person; nil where that is nowhere.
    nonisolated let logKeyPlace: String?
    nonisolated let mailbox = Mailbox()
    nonisolated let executor = QueueExecutor(label: "cased.engine")
    nonisolated let shared: SharedView
    let machine: EngineMachine
    private let timer: DeadlineTimer
    private var isStopped = false
    private var clockSet: ClockSetSource?
    private var storeLook: (any DispatchSourceTimer)?
    nonisolated let scrub: IdleScrub
    var recalculationPace = RecalculationPace()

    /// How far the machine's clock may be set within 24 hours and be believed, by default, in milliseconds.
    package static let largestStep: Int64 = 3_600_000
    /// How long a notice stays once it is taken, by default, in milliseconds.
    package static let noticeRetention: Int64 = 30 * 86_400_000

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Opens the engine on a store.
    ///
    /// - Parameters:
    ///   - time: the system's, or a manual one; a store keeps to the kind with which it was made.
    ///   - largestStep: how far the machine's clock may be set within 24 hours and be believed, in milliseconds.
    ///   - trustsMachineClock: whether whatever that clock says is believed.
    ///   - receiptKey: the key of receipts where it is kept outside the store, as 64 hexadecimal digits.
    ///   - logKey: signs what the tree over the journal is; by default one that nobody knows afterwards.
    ///   - logKeyPlace: where that lies, for a person; nil where that is nowhere.
    ///   - sealKeys: the private halves of the seals of offices.
    ///   - isTraining: makes a store for training; one that is there has to be for training already.
    ///   - witnessed: what of the tree somebody else keeps, which has to be its beginning; nil where nobody does.
    ///   - progress: called now and then while a long recovery goes on.
    /// - Throws: `UnfitStore` where a person must mend something.
    package init(
        store: any CaseStore, time: any TimeSource, log: Logger, largestStep: Int64 = Engine.largestStep,
        receiptKey: String? = nil, logKey: SSHPrivateKey = SSHPrivateKey(), sealKeys: SealKeys = SealKeys(), isTraining: Bool = false,
        trustsMachineClock: Bool = false, intakeLimits: IntakeLimits = IntakeLimits(), witnessed: WitnessedFile? = nil,
        logKeyPlace: String? = nil, progress: () -> Void = {}
    ) throws {
        (self.witnessed, self.logKeyPlace) = (witnessed, logKeyPlace)
        machine = try EngineMachine(
            store: store, time: time, log: log, largestStep: largestStep, receiptKey: receiptKey, logKey: logKey, sealKeys: sealKeys,
            isTraining: isTraining, trustsMachineClock: trustsMachineClock, intakeLimits: intakeLimits, progress: progress)
        (context, shared, usesReceiptKey, since) = (machine.context, machine.shared, machine.usesReceiptKey, machine.present)
        replicas = store.replicas.map { ReplicaStates($0) }
        timer = DeadlineTimer(queue: executor.queue)
        try machine.compare(with: witnessed)
        let shared = shared
        scrub = IdleScrub(context) { shared.value }
    }

    /// Begins to let time pass. What fell due while nothing ran is passed at once, in order.
    package func start() {
        machine.plannedAgain { machine.noteBoundary() }
        machine.plannedAgain { machine.compareZones() }
        // Before anybody can ask for it.
        if machine.isToBeSignedAnew { machine.plannedAgain { machine.signCheckpoint() } }
        let turn = { @Sendable [weak self] in
            guard let self else { return }
            assumeIsolated { $0.turn() }
        }
        timer.start(turn)
        let storeLook = DispatchSource.makeTimerSource(queue: executor.queue)
        storeLook.setEventHandler { @Sendable [weak self] in
            guard let self else { return }
            assumeIsolated { $0.lookForStore() }
        }
        storeLook.schedule(deadline: .now() + 1, repeating: 1)
        storeLook.activate()
        self.storeLook = storeLook
        context.store.whenOthersCommit { @Sendable [weak self] in self?.noticeOthers() }
        if context.time.passesByItself { clockSet = ClockSetSource(queue: executor.queue, wake: turn) }
        wake()
    }

    /// Calls `body` after each commit, on the engine's queue: something may have been added to the journal.
    package nonisolated func whenJournalGrows(_ body: @escaping @Sendable () -> Void) {
        shared.whenJournalGrows(body)
    }

    /// From now on the machine's clock may be set so far within 24 hours, in milliseconds, and be believed.
    package func allow(step: Int64) {
        machine.largestStep = step
    }

    /// From now on a notice stays so long once it is taken, in milliseconds.
    package func keep(takenNotices retention: Int64) {
        machine.noticeRetention = retention
    }

    /// Calls `body` once it can be said who a peer is. A look-up of its name can take long, and nobody else waits for it.
    package nonisolated func learn(_ peer: Peer, then body: @escaping @Sendable () -> Void) {
        context.principals.learn(peer, then: body)
    }

    /// From now on the members of this unix group administer the server; nil for nobody.
    package nonisolated func admit(adminGroup group: UInt32?) {
        context.principals.admit(adminGroup: group)
    }

    package nonisolated var view: View {
        shared.value
    }

    /// Hands a mutation or an administration over; the reply comes from the engine's queue.
    package nonisolated func submit(_ request: WriteRequest) {
        switch mailbox.post(request) {
        case .first: wake()
        case .queued: break
        case .refused:
            request.reply(
                .failure(WireError(.draining, "the server is stopping", hint: "try again with the same idempotency key")))
        }
    }

    /// Carries out what waits and refuses what comes after; returns when all is durable.
    package func stop() {
        mailbox.close()
        while mailbox.isWaiting { turn() }
        machine.signCheckpoint()
        isStopped = true
        timer.stop()
        storeLook?.cancel()
        clockSet?.stop()
        scrub.stop()
    }

    /// Once a second, also where nobody asks for anything.
    private func lookForStore() {
        guard !isStopped else { return }
        let hasComeBack = machine.lookForStore()
        if let code = machine.exitCode { exit(code) }
        if hasComeBack { turn() }
    }

    /// Others may have committed: whoever follows hears of it, and timers go by it.
    private nonisolated func noticeOthers() {
        executor.queue.async { @Sendable [weak self] in
            guard let self else { return }
            assumeIsolated {
                guard !$0.isStopped else { return }
                // Who has to commit takes in what is new under the lock, and nobody reads it twice.
                if $0.mailbox.isWaiting { $0.turn() }
                $0.machine.catchUp()
                $0.turn()
            }
        }
    }

    private nonisolated func wake() {
        executor.queue.async { @Sendable [self] in assumeIsolated { $0.turn() } }
    }

    func turn() {
        guard !isStopped else { return }
        let (requests, isMoreWaiting) = mailbox.take(limit: EngineMachine.commandLimit)
        let left = machine.turn(requests)
        if !left.isEmpty { mailbox.putBack(left) }
        let isRecalculating = recalculateInTurn(commandCount: requests.count)
        // Nothing is retried whose outcome is not known, and nothing is acknowledged.
        if let code = machine.exitCode { exit(code) }
        if isMoreWaiting || !left.isEmpty || machine.isDue || machine.isDrawDue {
            wake()
        } else if !isRecalculating {
            context.store.rest()
        }
        timer.arm(for: machine.nextWork.map { machine.clock?.shown(at: $0) ?? $0 })
    }
}

/// The engine cannot work on this store until a person mends something.
package struct UnfitStore: Error, CustomStringConvertible {
    package let description: String
}
