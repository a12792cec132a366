import Dispatch
import Synchronization

/// The names and groups of unix users, as the machine knows them.
///
/// A look-up can take long, or fail, where a directory service is away. Nobody who carries out requests waits for one: it is made when a
/// client connects, and what was found is looked up again beside the work.
///
/// `Key` is by what they are asked for: a number, or the name in a catalogue.
final class UserNames<Key: Hashable & Sendable>: Sendable {
    private struct Entry {
        let name: String?
        let groups: Set<UInt32>
        /// Until when it is not looked up again.
        let end: ContinuousClock.Instant
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// Look-ups that are under way: whoever wants to know waits for the same one.
        var pending: [Key: DispatchGroup] = [:]
    }

    /// Whoever connects waits so long for a name that was known before: where a directory is away, it is believed for longer.
    private static var patience: DispatchTimeInterval { .seconds(2) }
    /// More users are not remembered.
    private static var limit: Int { 10_000 }

    /// A unix user can be deleted, and its number given to another.
    private let knownFor: Duration
    /// That somebody has no name is known for so long: the look-up can have failed.
    private let unknownFor: Duration
    private let lookUp: @Sendable (Key) -> String?
    private let groups: @Sendable (Key) -> Set<UInt32>
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "cased.names", attributes: .concurrent)

    /// - Parameters:
    ///   - groups: of which groups a user is a member, by their account.
    ///   - lookUp: asks the machine, for as long as it takes.
    init(
        knownFor: Duration = .seconds(5), unknownFor: Duration = .seconds(5),
        groups: @escaping @Sendable (Key) -> Set<UInt32> = { _ in [] },
        lookUp: @escaping @Sendable (Key) -> String?
    ) {
        self.knownFor = knownFor
        self.unknownFor = unknownFor
        self.groups = groups
        self.lookUp = lookUp
    }

    /// What is known, at once; nil where nothing is.
    func name(of uid: Key) -> String? {
        let entry = state.withLock { $0.entries[uid] }
        if entry.map({ $0.end <= .now }) ?? true { begin(uid) }
        return entry?.name
    }

    /// Whether somebody's account is in a group, as far as is known.
    func isMember(_ uid: Key, of group: UInt32) -> Bool {
        _ = name(of: uid)
        return state.withLock { $0.entries[uid]?.groups.contains(group) ?? false }
    }

    /// Looks up some, one after the other, and waits for none.
    func prefetch(_ users: [Key]) {
        queue.async { [self] in
            for user in users { look(up: user) }
        }
    }

    /// Calls `body` once it is known whether this user has a name.
    func learn(_ uid: Key, then body: @escaping @Sendable () -> Void) {
        let entry = state.withLock { $0.entries[uid] }
        guard entry.map({ $0.end <= .now }) ?? true else { return body() }
        let lookUp = begin(uid)
        guard entry?.name != nil else { return lookUp.notify(queue: queue, execute: body) }
        let isAnswered = Atomic(false)
        let once = { @Sendable in
            if !isAnswered.exchange(true, ordering: .relaxed) { body() }
        }
        lookUp.notify(queue: queue, execute: once)
        queue.asyncAfter(deadline: .now() + UserNames.patience, execute: once)
    }

    /// - Returns: the look-up that is under way.
    @discardableResult
    private func begin(_ uid: Key) -> DispatchGroup {
        let (group, isNew) = state.withLock { state in
            if let group = state.pending[uid] { return (group, false) }
            let group = DispatchGroup()
            group.enter()
            state.pending[uid] = group
            return (group, true)
        }
        guard isNew else { return group }
        queue.async { [self] in
            look(up: uid)
            group.leave()
        }
        return group
    }

    /// Asks the machine, and keeps what it says.
    private func look(up uid: Key) {
        let (name, groups) = (lookUp(uid), groups(uid))
        state.withLock { state in
            if state.entries.count >= UserNames.limit { state.entries = [:] }
            state.entries[uid] = Entry(name: name, groups: groups, end: .now + (name == nil ? unknownFor : knownFor))
            state.pending[uid] = nil
        }
    }
}
