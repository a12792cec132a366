import CaseCore

/// What is going to be read, as far as that is known beforehand. A store that lies behind a network answers all of it in one round trip; what
/// was not foreseen, or is more than it keeps in memory for that, is read when it is asked for. What is found is the same.
package struct Foreseen: Sendable {
    /// Of which the first answers will be asked for.
    package var keys: [IdempotencyKey]
    /// Of which the files will be, and which may be written then.
    package var cases: [CaseID]
    /// Whether the settings will be, and all that a store has once: its counts, its last places and its newest checkpoint.
    package var isWhole: Bool
    /// The place in the journal behind which the leaves of the tree will be; nil where they will not.
    package var leavesAfter: Int64?

    package init(keys: [IdempotencyKey] = [], cases: [CaseID] = [], isWhole: Bool = false, leavesAfter: Int64? = nil) {
        (self.keys, self.cases, self.isWhole, self.leavesAfter) = (keys, cases, isWhole, leavesAfter)
    }
}
