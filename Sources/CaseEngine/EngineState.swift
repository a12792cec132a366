import CaseCore
import CaseStore
import WorkingTime

/// All that the engine knows beside the rows of the store. A batch is planned from it and says what it becomes; that is adopted once the
/// batch is durable, and shown to others only then.
package struct EngineState: Sendable, Equatable {
    /// The number of the last case, or the last one that may not be given out again.
    package internal(set) var lastCaseNumber: Int64 = 0
    package internal(set) var openCount = 0
    /// The last place in the journal.
    package internal(set) var lastSeq: Int64 = 0
    /// The earliest of all cases.
    package internal(set) var nextDeadline: Instant?
    /// Changed rules that have not come to all running cases.
    package internal(set) var recalculation: RecalculationJob?
    /// The machine's clock is not believed.
    package internal(set) var hold: ClockHold?
    /// A catalogue that waits for its day.
    package internal(set) var pending: PendingCatalog?
    /// Versions of the catalogue to whose parts nobody but their authors has agreed; nil where the newest counts in full.
    package internal(set) var unconfirmed: Unconfirmed?
    /// The release of the tz database by which deadlines were looked up last; nil in a new store.
    var zones: String?
    /// What ladders meant when deadlines were looked up last; nil in a new store, and in one from before a breach was an event on every clock.
    var ladders: String?
    /// The words that were given for draws, and for which days draws were made.
    var draws = DrawBook()
    /// Who has read cases by lists as an auditor.
    var listReadings = ListReadings()
    /// What the catalogue named so far.
    var history = CatalogHistory()
    /// What came in of each who gives commands, today.
    var intake = Intake()
    /// How many open cases each has that submitted some.
    var openCounts: [String: Int] = [:]
    /// The tree over the journal.
    package internal(set) var tree = JournalTree()
    /// The newest that was signed of it.
    package internal(set) var checkpoint: CheckpointRow?
    /// The place in the journal of the last erasure; 0 where there was none. Whoever keeps events in memory lets go of them then.
    var lastErasure: Int64 = 0
    /// Notices have higher places.
    var noticeFloor: Int64 = 0
    /// Whether there can be answers under keys as older versions kept them.
    private(set) var hasOlderAnswers = false

    init() {}

    /// No journal comes so far.
    private static let lastPlace: Int64 = 1 << 53

    /// As a store holds it.
    ///
    /// - Parameter before: as it held it some time ago; nil where that is not known.
    init(_ snapshot: any StoreSnapshot, after before: EngineState? = nil) throws {
        lastCaseNumber = try StoreSettings.lastCaseNumber(snapshot)
        openCount = try snapshot.openCount()
        lastSeq = try snapshot.lastSeq()
        guard (0...EngineState.lastPlace).contains(lastSeq) else {
            throw UnfitStore(description: "the last place in the journal is damaged (\(lastSeq)): restore the store from a backup")
        }
        nextDeadline = try snapshot.nextDeadline()
        (recalculation, hold) = (try StoreSettings.recalculation(snapshot), try StoreSettings.hold(snapshot))
        (zones, ladders) = (try StoreSettings.zones(snapshot), try StoreSettings.ladders(snapshot))
        pending = try StoreSettings.pending(snapshot)
        (unconfirmed, draws) = (try StoreSettings.unconfirmed(snapshot), try StoreSettings.draws(snapshot))
        lastErasure = try StoreSettings.lastErasure(snapshot)
        noticeFloor = try StoreSettings.floors(snapshot).notice
        intake = try StoreSettings.intake(snapshot)
        openCounts = try snapshot.openCounts()
        hasOlderAnswers = try snapshot.hasOlderAnswers()
        listReadings = try StoreSettings.listReadings(snapshot)
        history = try StoreSettings.history(snapshot)
        tree = try before.flatMap { try $0.tree.grown($0.lastSeq, snapshot) } ?? JournalTree(snapshot) ?? JournalTree()
        checkpoint = try snapshot.checkpoint(atLeast: nil)
    }
}
