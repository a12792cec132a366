import Synchronization

/// The last answer to a question that many ask, as long as its key is the same.
final class Remembered<Value: Sendable>: Sendable {
    private let kept = Mutex<(key: String, value: Value)?>(nil)

    /// What was found last, whatever it depended on.
    var last: Value? {
        kept.withLock { $0?.value }
    }

    /// - Parameters:
    ///   - key: what the answer depends on.
    ///   - find: finds it anew; several who come at the same time may each do so.
    func value(_ key: String, _ find: () async throws(DaemonTrouble) -> Value) async throws(DaemonTrouble) -> Value {
        if let kept = kept.withLock({ $0 }), kept.key == key { return kept.value }
        let value = try await find()
        kept.withLock { $0 = (key, value) }
        return value
    }
}
