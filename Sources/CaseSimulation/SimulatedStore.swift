import CaseStore
import CaseTesting
import Synchronization

/// How a commit goes.
package enum CommitFault: String, CaseIterable, Sendable {
    /// No space: nothing of it is there.
    case full
    /// Nobody knows, and nothing of it is there.
    case lostBefore = "lost-before"
    /// Nobody knows, and all of it is there.
    case lostAfter = "lost-after"
    /// It is durable, and the process ends before anybody hears of it.
    case endsAfter = "ends-after"
}

/// A store that survives the process, in memory as a rule, with a fault for the next commit, and somebody who looks at each batch that has
/// become durable.
package final class SimulatedStore: CaseStore {
    private let durable: any CaseStore
    /// Gets what has become durable as well.
    private let other: (any CaseStore)?
    private let state = Mutex(State())

    private struct State {
        var next: CommitFault?
        var met: [CommitFault] = []
        var isEnding = false
        var batches: [Batch] = []
    }

    /// - Parameters:
    ///   - durable: what holds it.
    ///   - other: gets what becomes durable as well.
    package init(on durable: any CaseStore, beside other: (any CaseStore)? = nil) {
        (self.durable, self.other) = (durable, other)
    }

    package var isShared: Bool {
        durable.isShared
    }

    /// The next commit that writes something goes so.
    package func plan(_ fault: CommitFault?) {
        state.withLock { $0.next = fault }
    }

    /// Whether the process is to end with what it has just made durable.
    package var isEnding: Bool {
        state.withLock { $0.isEnding }
    }

    /// Which faults were met, and what has become durable, since the last call.
    package func take() -> (faults: [CommitFault], batches: [Batch]) {
        state.withLock { state in
            defer { (state.met, state.batches, state.isEnding) = ([], [], false) }
            return (state.met, state.batches)
        }
    }

    package func commit(_ batch: Batch) throws(StoreFault) {
        let fault = batch.isEmpty ? nil : meet()
        if fault == .full { throw .full }
        if fault == .lostBefore { throw .unknown("the disk does not say") }
        try durable.commit(batch)
        try other?.commit(batch)
        note([batch])
        if fault == .lostAfter { throw .unknown("the disk does not say") }
    }

    package func commit(inParts build: (@escaping (Batch) throws -> Void) throws -> Void) throws {
        var (fault, parts): (CommitFault?, [Batch]) = (nil, [])
        try durable.commit { part in
            try build { batch in
                if parts.isEmpty { fault = self.meet() }
                parts.append(batch)
                try part(batch)
                // Space runs out behind this part: what was handed over is gone with it.
                if fault == .full { throw StoreFault.full }
            }
            if fault == .lostBefore { throw StoreFault.unknown("the disk does not say") }
        }
        try other?.commit { part in for batch in parts { try part(batch) } }
        note(parts)
        if fault == .lostAfter { throw StoreFault.unknown("the disk does not say") }
    }

    private func meet() -> CommitFault? {
        state.withLock { state in
            guard let fault = state.next else { return nil }
            state.next = nil
            state.met.append(fault)
            if fault == .endsAfter { state.isEnding = true }
            return fault
        }
    }

    private func note(_ batches: [Batch]) {
        state.withLock { $0.batches += batches }
    }

    package func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        try durable.read(for: reader, body)
    }

    package func backup() throws -> StoreBackup {
        try durable.backup()
    }

    package var byteCount: Int64 {
        durable.byteCount
    }

    package func scrub(from page: Int64, limit: Int) throws -> Int64? {
        nil
    }

    package var isInPlace: Bool {
        true
    }

    package var upkeepFault: String? {
        nil
    }

    package func rest() {}

    package func close() {}
}
