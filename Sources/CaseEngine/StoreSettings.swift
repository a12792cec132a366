import CaseStore
import CaseWire
import WorkingTime

/// What a store says about itself for ever: its clock, and the key of its receipts.
struct StoreSettings {
    private enum Name {
        static let clock = "clock"
        static let receiptKey = "receipt-key"
        static let present = "manual-now"
    }

    let seal: ReceiptSeal

    /// Reads the settings, and makes them in a new store.
    static func prepared(_ store: any CaseStore, time: any TimeSource) throws -> StoreSettings {
        let (clock, key, present) = try store.read {
            (try $0.setting(Name.clock), try $0.setting(Name.receiptKey), try $0.setting(Name.present))
        }
        let wanted = time is ManualTime ? "manual" : "system"
        if let clock, clock != wanted {
            throw UnfitStore(
                description: clock == "manual"
                    ? "this store was made with a manual clock and is for training and tests: start it with --manual-clock, or take another state directory"
                    : "this store was made with the system's clock: start it without --manual-clock, or take another state directory")
        }
        if let manual = time as? ManualTime, let present = present.flatMap({ Instant($0) }) { manual.advance(to: present) }
        let receiptKey = key ?? ReceiptSeal.newKey()
        if clock == nil || key == nil {
            var batch = Batch()
            batch.settings = [Name.clock: wanted, Name.receiptKey: receiptKey]
            try store.commit(batch)
        }
        guard let seal = ReceiptSeal(hexadecimal: receiptKey) else {
            throw UnfitStore(description: "the store's receipt key is damaged: restore the store from a backup")
        }
        return StoreSettings(seal: seal)
    }

    /// The present of a manual clock is kept, so that it does not go backward at a restart.
    static func keep(_ present: Instant, in builder: inout BatchBuilder) {
        builder.set(Name.present, to: present.description)
    }
}
