import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

/// What a store says about itself for ever: its clock, and the key of its receipts.
struct StoreSettings {
    private enum Name {
        static let clock = "clock"
        static let receiptKey = "receipt-key"
        static let present = "manual-now"
        static let hold = "clock-hold"
        static let zones = "zones"
        static let ladders = "ladders"
        static let epoch = "epoch"
        static let backup = "last-backup"
        static let lastCaseNumber = "last-case-number"
        static let floors = "floors"
        static let training = "training"
        static let listReadings = "list-readings"
        static let history = "catalog-names"
        static let personalApart = "personal-apart"
        static let lastErasure = "last-erasure"
    }

    /// Under which a store says which one it is.
    static let epochName = Name.epoch

    let seal: ReceiptSeal
    /// Whether the key of receipts is kept outside.
    let usesCredential: Bool
    /// Which store this is: cursors of another one mean nothing here.
    let epoch: String
    /// Where the daemon's own clock goes on from.
    let anchor: ClockAnchor?
    /// The machine's clock was not believed when the store was last open.
    let hold: ClockHold?

    /// Reads the settings, and makes them in a new store.
    ///
    /// - Parameter credential: a key of receipts that is kept outside the store; a store made with one never works without it.
    static func prepared(_ store: any CaseStore, time: any TimeSource, credential: String?, isTraining: Bool = false) throws
        -> StoreSettings
    {
        if let place = try store.read(for: .engine, { try $0.setting(MovedStore.settingName) }) {
            throw UnfitStore(
                description:
                    "this store was moved to \(place): start cased there; where nothing has come there, give --copy-store once more, and to come back, move that store to an empty place"
            )
        }
        // Of several that begin at once one makes it.
        return try store.commit(planning: { try prepared($0, time: time, credential: credential, isTraining: isTraining) })
    }

    private static func prepared(
        _ snapshot: any StoreSnapshot, time: any TimeSource, credential: String?, isTraining: Bool
    ) throws -> (Batch, StoreSettings) {
        let (clock, key) = (try snapshot.setting(Name.clock), try snapshot.setting(Name.receiptKey))
        let wanted = time is ManualTime ? "manual" : "system"
        if let clock, clock != wanted {
            throw UnfitStore(
                description: clock == "manual"
                    ? "this store was made with a manual clock and is for training and tests: start it with --manual-clock, or take another state directory"
                    : "this store was made with the system's clock: start it without --manual-clock, or take another state directory")
        }
        if clock != nil, isTraining, try !StoreSettings.isTraining(snapshot) {
            throw UnfitStore(
                description: "this store was not made for training: start it without --training, or take another state directory")
        }
        if let manual = time as? ManualTime { try follow(snapshot, manual) }
        let receiptKey = key ?? credential.map(ReceiptSeal.reference) ?? ReceiptSeal.newKey()
        let epoch = try snapshot.setting(Name.epoch) ?? newEpoch()
        let kept = try [Name.epoch, Name.listReadings, Name.history].map { try snapshot.setting($0) }
        var batch = Batch()
        if ([clock, key] + kept).contains(nil) {
            batch.settings = [
                Name.clock: wanted, Name.receiptKey: receiptKey, Name.epoch: epoch, Name.listReadings: try listReadings(snapshot).setting,
                Name.history: try history(snapshot).setting,
            ]
            if clock == nil, isTraining { batch.settings[Name.training] = "yes" }
            if clock == nil { batch.settings[Name.personalApart] = "yes" }
        }
        let settings = StoreSettings(
            seal: try ReceiptSeal(stored: receiptKey, credential: credential), usesCredential: ReceiptSeal.isReference(receiptKey),
            epoch: epoch, anchor: try anchor(snapshot), hold: try hold(snapshot))
        return (batch, settings)
    }

    /// Moves a manual clock to the present that the store has.
    static func follow(_ snapshot: any StoreSnapshot, _ time: ManualTime) throws {
        let present = try read(try snapshot.setting(Name.present), "the present of its manual clock") { Instant($0) }
        if let present { time.advance(to: present) }
    }

    /// Whether a store is for training, where one person plays everybody: one that was made so, or with a manual clock.
    static func isTraining(_ snapshot: any StoreSnapshot) throws -> Bool {
        try snapshot.setting(Name.clock) == "manual" || snapshot.setting(Name.training) != nil
    }

    /// Whether it is known from where on what events say of persons is kept apart: from the first on, or from the event that says so.
    static func isPersonalApart(_ snapshot: any StoreSnapshot) throws -> Bool {
        try snapshot.setting(Name.personalApart) != nil
    }

    static func keepPersonalApart(in builder: inout BatchBuilder) {
        builder.set(Name.personalApart, to: "yes")
    }

    /// That all settings can be read, before somebody relies on them.
    ///
    /// - Throws: `UnfitStore`.
    static func check(_ snapshot: any StoreSnapshot) throws {
        guard let clock = try snapshot.setting(Name.clock), ["manual", "system"].contains(clock) else {
            throw UnfitStore(description: "the store does not say by which clock it was made: restore it from a backup")
        }
        guard let key = try snapshot.setting(Name.receiptKey), ReceiptSeal.isReference(key) || ReceiptSeal.isKey(key) else {
            throw UnfitStore(description: "the store's receipt key is missing or damaged: restore the store from a backup")
        }
        guard try snapshot.setting(Name.epoch) != nil else {
            throw UnfitStore(description: "the store does not say which one it is: restore it from a backup")
        }
        _ = try read(try snapshot.setting(Name.present), "the present of its manual clock") { Instant($0) }
        _ = try hold(snapshot)
        _ = try anchor(snapshot)
        _ = try recalculation(snapshot)
        _ = try pending(snapshot)
        _ = try unconfirmed(snapshot)
        _ = try draws(snapshot)
        _ = try listReadings(snapshot)
        _ = try history(snapshot)
        _ = try intake(snapshot)
        _ = try floors(snapshot)
        _ = try lastCaseNumber(snapshot)
        _ = try lastErasure(snapshot)
    }

    static func hold(_ snapshot: any StoreSnapshot) throws -> ClockHold? {
        try read(try snapshot.setting(Name.hold), "a hold of the clock", ClockHold.init)
    }

    static func anchor(_ snapshot: any StoreSnapshot) throws -> ClockAnchor? {
        try read(try snapshot.setting(ClockAnchor.settingName), "the anchor of its clock", ClockAnchor.init(setting:))
    }

    static func keep(_ anchor: ClockAnchor, in builder: inout BatchBuilder) {
        builder.set(ClockAnchor.settingName, to: anchor.setting)
    }

    static func recalculation(_ snapshot: any StoreSnapshot) throws -> RecalculationJob? {
        try read(
            try snapshot.setting(RecalculationJob.settingName), "changed rules on their way through the cases",
            RecalculationJob.init(setting:))
    }

    static func pending(_ snapshot: any StoreSnapshot) throws -> PendingCatalog? {
        try read(try snapshot.setting(PendingCatalog.settingName), "a catalogue that waits for its day", PendingCatalog.init(setting:))
    }

    /// The versions to which nobody but their authors has agreed; nil where all count in full.
    static func unconfirmed(_ snapshot: any StoreSnapshot) throws -> Unconfirmed? {
        try read(
            try snapshot.setting(Unconfirmed.settingName), "versions of the catalogue that wait for a second word",
            Unconfirmed.init(setting:))
    }

    /// Who has read cases by lists as an auditor. A store from before this was kept has it in the server's history alone.
    static func listReadings(_ snapshot: any StoreSnapshot) throws -> ListReadings {
        if let text = try snapshot.setting(Name.listReadings) {
            return try read(text, "who has read cases as an auditor", ListReadings.init(setting:)) ?? ListReadings()
        }
        return try recountedListReadings(snapshot)
    }

    /// The same by the server's history.
    static func recountedListReadings(_ snapshot: any StoreSnapshot) throws -> ListReadings {
        var readings = ListReadings()
        try snapshot.eachEvent(of: .server) { readings.note(serverEvent: try JSONReader.read($0.event)) }
        return readings
    }

    /// What the catalogue named. A store from before this was kept has it in its versions of the catalogue and their history alone.
    static func history(_ snapshot: any StoreSnapshot) throws -> CatalogHistory {
        if let text = try snapshot.setting(Name.history) {
            return try read(text, "what its catalogue named", CatalogHistory.init(setting:)) ?? CatalogHistory()
        }
        return try CatalogRecount(snapshot).history
    }

    /// What came in today; nothing in a store from before that was kept.
    static func intake(_ snapshot: any StoreSnapshot) throws -> Intake {
        try read(try snapshot.setting(Intake.settingName), "what came in today", Intake.init(setting:)) ?? Intake()
    }

    /// The release of the tz database by which deadlines were looked up last; nil in a new store.
    static func zones(_ snapshot: any StoreSnapshot) throws -> String? {
        try snapshot.setting(Name.zones)
    }

    /// What ladders meant then.
    static func ladders(_ snapshot: any StoreSnapshot) throws -> String? {
        try snapshot.setting(Name.ladders)
    }

    /// The place of the last erasure; 0 where there was none.
    static func lastErasure(_ snapshot: any StoreSnapshot) throws -> Int64 {
        try read(try snapshot.setting(Name.lastErasure), "the place of its last erasure") { Int64($0) } ?? 0
    }

    static func draws(_ snapshot: any StoreSnapshot) throws -> DrawBook {
        try read(try snapshot.setting(DrawBook.settingName), "the words for its draws", DrawBook.init(setting:)) ?? DrawBook()
    }

    /// A setting that is there, read; one that is empty stands for nothing.
    ///
    /// - Throws: `UnfitStore` where it cannot be read: to take it for nothing would let deadlines pass, or a catalogue be forgotten.
    private static func read<Value>(_ text: String?, _ what: String, _ read: (String) -> Value?) throws -> Value? {
        guard let text, !text.isEmpty else { return nil }
        guard let value = read(text) else {
            throw UnfitStore(description: "the store holds \(what), and it is damaged: restore the store from a backup")
        }
        return value
    }

    /// The present of a manual clock is kept, so that it does not go backward at a restart.
    static func keep(_ present: Instant, in builder: inout BatchBuilder) {
        builder.set(Name.present, to: present.description)
    }

    /// What of a state is in no other row, where a batch changes it.
    static func keep(_ state: EngineState, unlike before: EngineState, in batch: inout Batch) {
        func keep(_ name: String, _ text: (EngineState) -> String) {
            let text = (before: text(before), now: text(state))
            if text.before != text.now { batch.settings[name] = text.now }
        }
        if state.tree.edge.size != before.tree.edge.size { keep(JournalTree.settingName) { $0.tree.setting } }
        if state.hold != before.hold { keep(Name.hold) { $0.hold.map { "\($0.since) \($0.step)" } ?? "" } }
        if state.recalculation != before.recalculation { keep(RecalculationJob.settingName) { $0.recalculation?.setting ?? "" } }
        if state.pending != before.pending { keep(PendingCatalog.settingName) { PendingCatalog.setting($0.pending) } }
        if state.unconfirmed != before.unconfirmed { keep(Unconfirmed.settingName) { Unconfirmed.setting($0.unconfirmed) } }
        if state.history != before.history { keep(Name.history) { $0.history.setting } }
        if state.listReadings != before.listReadings { keep(Name.listReadings) { $0.listReadings.setting } }
        if state.intake != before.intake { keep(Intake.settingName) { $0.intake.setting } }
        if state.draws != before.draws { keep(DrawBook.settingName) { $0.draws.setting } }
        if state.lastErasure != before.lastErasure { keep(Name.lastErasure) { "\($0.lastErasure)" } }
        if state.zones != before.zones { keep(Name.zones) { $0.zones ?? "" } }
        if state.ladders != before.ladders { keep(Name.ladders) { $0.ladders ?? "" } }
    }

    /// When the store was last backed up.
    static func keep(backupAt instant: Instant, in builder: inout BatchBuilder) {
        builder.set(Name.backup, to: instant.description)
    }

    static func lastBackup(_ snapshot: any StoreSnapshot) throws -> Instant? {
        try snapshot.setting(Name.backup).flatMap { Instant($0) }
    }

    /// Cursors of the store that this one was copied from mean nothing here from now on.
    static func renewEpoch(in batch: inout Batch) {
        batch.settings[Name.epoch] = newEpoch()
    }

    /// What a store that was lost may have given out, and what is left out of the journal for it.
    struct Floors {
        var order = 0
        var notice: Int64 = 0
        /// How many places of the journal have no row.
        var emptyPlaceCount: Int64 = 0
    }

    static func floors(_ snapshot: any StoreSnapshot) throws -> Floors {
        try read(try snapshot.setting(Name.floors), "what it leaves out since it was restored") { text in
            let numbers = text.split(separator: " ").compactMap { Int64($0) }
            return numbers.count == 3 ? Floors(order: Int(numbers[0]), notice: numbers[1], emptyPlaceCount: numbers[2]) : nil
        } ?? Floors()
    }

    static func keep(_ floors: Floors, in batch: inout Batch) {
        batch.settings[Name.floors] = "\(floors.order) \(floors.notice) \(floors.emptyPlaceCount)"
    }

    /// The number of the last case, or of the last one that the store of which this is a copy can have given out.
    static func lastCaseNumber(_ snapshot: any StoreSnapshot) throws -> Int64 {
        let last = try snapshot.lastCaseNumber()
        let text = try snapshot.setting(Name.lastCaseNumber)
        guard let number = text.map({ Int64($0) }) ?? last, (0...ReceiptSeal.lastNumber).contains(max(number, last)), number >= 0 else {
            throw UnfitStore(
                description: "the store's last case number is damaged (\"\(text ?? "\(last)")\"): restore the store from a backup")
        }
        return max(number, last)
    }

    static func keep(lastCaseNumber: Int64, in batch: inout Batch) {
        batch.settings[Name.lastCaseNumber] = String(lastCaseNumber)
    }

    private static func newEpoch() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36)
    }
}

extension ClockHold {
    fileprivate init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 2, let since = Instant(parts[0]), let step = Int64(parts[1]) else { return nil }
        self.init(since: since, step: step)
    }
}
