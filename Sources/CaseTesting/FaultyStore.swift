import CaseStore
import Foundation
import Synchronization

/// A store whose commits fail, and whose clients' reads stand still, when told to.
package final class FaultyStore: CaseStore {
    private let inner: any CaseStore
    private let fault = Mutex<StoreFault?>(nil)
    private let damage = Mutex<DamagedRecord?>(nil)
    private let upkeep = Mutex<String?>(nil)
    private let gate = NSCondition()
    private nonisolated(unsafe) var isHeld = false

    package init(_ inner: any CaseStore) {
        self.inner = inner
    }

    /// From now on commits fail so; nil lets them succeed again.
    package func fail(_ fault: StoreFault?) {
        self.fault.withLock { $0 = fault }
    }

    package func commit(_ batch: Batch) throws(StoreFault) {
        if let fault = fault.withLock({ $0 }) { throw fault }
        try inner.commit(batch)
    }

    package func commit(inParts build: (@escaping (Batch) throws -> Void) throws -> Void) throws {
        if let fault = fault.withLock({ $0 }) { throw fault }
        try inner.commit(inParts: build)
    }

    package func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        if case .client = reader {
            gate.lock()
            while isHeld { gate.wait() }
            gate.unlock()
        }
        if let damage = damage.withLock({ $0 }) { throw damage }
        return try inner.read(for: reader, body)
    }

    /// From now on whoever reads meets what is not what was recorded; nil lets them read again.
    package func failReads(_ damage: DamagedRecord?) {
        self.damage.withLock { $0 = damage }
    }

    /// From now on clients' reads wait, or go on.
    package func hold(_ isHeld: Bool) {
        gate.lock()
        self.isHeld = isHeld
        gate.broadcast()
        gate.unlock()
    }

    package func backup() throws -> StoreBackup {
        try inner.backup()
    }

    package var byteCount: Int64 {
        inner.byteCount
    }

    package func scrub(from page: Int64, limit: Int) throws -> Int64? {
        try inner.scrub(from: page, limit: limit)
    }

    package var isInPlace: Bool {
        inner.isInPlace
    }

    package var upkeepFault: String? {
        upkeep.withLock { $0 } ?? inner.upkeepFault
    }

    /// From now on upkeep fails so.
    package func failUpkeep(_ fault: String?) {
        upkeep.withLock { $0 = fault }
    }

    package func rest() {
        inner.rest()
    }

    package func close() throws {
        try inner.close()
    }
}
