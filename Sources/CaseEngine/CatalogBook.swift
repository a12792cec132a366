import CaseCore
import CaseStore
import CaseWire
import Catalogue
import FoundationEssentials
import Glibc
import Synchronization
import WorkingTime

/// The versions of the catalogue: the newest, and those to which running cases are pinned, read from the store when they are needed.
package final class CatalogBook: Sendable {
    private struct State {
        var newest: Int
        /// What of the newest counts.
        private(set) var inForce: Register
        /// Who has read lists as an auditor, under whatever version.
        var listReadings: ListReadings
        private(set) var history: CatalogHistory
        /// How often that has changed.
        var changeCount = 0
        var registers: [Int: Register]
        var terms: [TermsKey: Terms] = [:]

        /// Versions that are held at once; others are read from the store when a case asks for them.
        static let registerLimit = 32
        static let termsLimit = 20_000

        mutating func install(_ register: Register, _ history: CatalogHistory, isTraining: Bool) {
            self.history = history
            inForce = history.completing(register, isTraining: isTraining)
            inForce.listReadings = listReadings
            // Posts have new holders for every case, or somebody has supervised it.
            terms = [:]
        }

        mutating func keep(_ register: Register, as version: Int) {
            if registers.count >= State.registerLimit { registers = registers.filter { $0.key == newest } }
            registers[version] = register
        }

        mutating func keep(_ found: Terms?, for key: TermsKey) {
            if terms.count >= State.termsLimit { terms = [:] }
            terms[key] = found
        }
    }

    private struct TermsKey: Hashable {
        let matter: MatterID
        let version: Int
        let clockVersion: Int
        let former: Set<Int>
    }

    /// What books on several states of one store have in common.
    private final class Held: Sendable {
        let state: Mutex<State>

        init(_ state: State) {
            self.state = Mutex(state)
        }
    }

    private let store: any ReadableStore
    private let held: Held
    /// Orders have higher numbers.
    private let orderFloor: Int
    package let isTraining: Bool

    package init(_ store: any ReadableStore) throws {
        self.store = store
        let (newest, unconfirmed, floor, isTraining, listReadings, history) = try store.read {
            (
                try $0.catalog(version: nil), try StoreSettings.unconfirmed($0), try StoreSettings.floors($0).order,
                try StoreSettings.isTraining($0), try StoreSettings.listReadings($0), try StoreSettings.history($0)
            )
        }
        orderFloor = floor
        self.isTraining = isTraining
        let register = try newest.map { try Catalogue(files: $0.files, isStored: true).register }
        held = Held(
            State(
                newest: newest?.version ?? 0, inForce: register ?? Register(), listReadings: listReadings, history: history,
                registers: register.map { [newest!.version: $0] } ?? [:]))
        let counting = try unconfirmed.map { try self.inForce(confirmedThrough: $0.confirmed) }
        held.state.withLock { $0.install(counting ?? $0.inForce, history, isTraining: isTraining) }
    }

    private init(_ book: CatalogBook, reading store: any ReadableStore) {
        (self.store, held, orderFloor, isTraining) = (store, book.held, book.orderFloor, book.isTraining)
    }

    /// The same book, which looks up older versions in another state of the same store: none of them ever changes.
    func reading(_ store: any ReadableStore) -> CatalogBook {
        CatalogBook(self, reading: store)
    }

    /// What of the newest version would count if nobody but their authors had agreed to the versions after one.
    ///
    /// - Throws: a fault where one of them cannot be read.
    ///
    /// - Parameter snapshot: where to look up a version, within a read; by default a read of its own.
    func inForce(confirmedThrough version: Int, in snapshot: (any StoreSnapshot)? = nil) throws -> Register {
        func full(_ version: Int) throws -> Register {
            guard let register = try register(version, in: snapshot) else {
                throw IncompleteStore(description: "version \(version) of the catalogue is missing")
            }
            return register
        }
        return try (version..<newestVersion).reduce(full(version)) { before, version in
            try full(version + 1).inForce(after: before)
        }
    }

    /// How many versions are held in memory.
    package var heldCount: Int {
        held.state.withLock { $0.registers.count }
    }

    /// 0 before the first catalogue.
    package var newestVersion: Int {
        held.state.withLock { $0.newest }
    }

    /// What of the newest version counts: all of it, but for parts that wait for a second word.
    package var newest: Register {
        held.state.withLock { $0.inForce }
    }

    /// The newest version as it was written.
    package var asWritten: Register {
        held.state.withLock { $0.registers[$0.newest] ?? Register() }
    }

    /// What the newest version says that does not count yet.
    var waiting: [Appointment] {
        newest.appointments(to: asWritten)
    }

    /// A version that is to count from an instant on, with what is known beside it.
    func completing(_ register: Register, at instant: Instant) -> Register {
        let (history, listReadings) = held.state.withLock { ($0.history, $0.listReadings) }
        var next = history
        next.note(register, at: instant)
        var register = next.completing(register, isTraining: isTraining)
        register.listReadings = listReadings
        return register
    }

    /// How often what counts has changed since the start.
    var changeCount: Int {
        held.state.withLock { $0.changeCount }
    }

    /// Which cases somebody may read now.
    func readScope(of principal: Principal, at now: Instant) -> ReadScope {
        newest.readScope(of: principal, at: now, isTraining: isTraining)
    }

    /// The cases that wait for somebody now.
    func duties(of principal: Principal, at now: Instant) -> CaseCondition {
        newest.duties(of: principal, at: now)
    }

    /// What governs a case of this matter that was submitted under this version.
    ///
    /// - Parameters:
    ///   - clockVersion: the version that its clocks follow; by default the same.
    ///   - former: the versions by which clocks of it were paused.
    ///   - snapshot: where to look up a version, within a read; by default a read of its own.
    /// - Throws: a fault where a stored version cannot be read any more.
    package func terms(
        _ matter: MatterID, version: Int, clockVersion: Int? = nil, former: Set<Int> = [], in snapshot: (any StoreSnapshot)? = nil
    ) throws -> Terms? {
        let key = TermsKey(matter: matter, version: version, clockVersion: clockVersion ?? version, former: former)
        if let terms = held.state.withLock({ $0.terms[key] }) { return terms }
        let (pinned, rules) = (try register(version, in: snapshot), try register(key.clockVersion, in: snapshot))
        var promises: [Int: Register] = [:]
        for version in former { promises[version] = try register(version, in: snapshot) }
        guard promises.count == former.count else { return nil }
        return held.state.withLock { state in
            let terms = pinned.flatMap {
                Terms(
                    matter: matter, pinned: $0, rules: rules, former: promises, newest: state.inForce,
                    orderFloor: orderFloor, isTraining: isTraining)
            }
            state.keep(terms, for: key)
            return terms
        }
    }

    /// What governs a case, by the version to which it is pinned.
    package func terms(of file: CaseFile, in snapshot: (any StoreSnapshot)? = nil) throws -> Terms {
        guard
            let terms = try terms(
                file.matter, version: file.origin.catalogVersion, clockVersion: file.timing.version, former: file.formerVersions,
                in: snapshot)
        else {
            throw IncompleteStore(
                description: "\(file.id) is pinned to catalogue version \(file.origin.catalogVersion), which lacks matter \(file.matter)")
        }
        return terms
    }

    package func register(_ version: Int, in snapshot: (any StoreSnapshot)? = nil) throws -> Register? {
        if let register = held.state.withLock({ $0.registers[version] }) { return register }
        guard let stored = try snapshot.map({ try $0.catalog(version: version) }) ?? store.read({ try $0.catalog(version: version) })
        else { return nil }
        let register = try Catalogue(files: stored.files, isStored: true).register
        held.state.withLock { $0.keep(register, as: version) }
        return register
    }

    /// The error for a matter that the newest version does not have, with the one that is meant most likely.
    func noMatter(_ name: String) -> WireError {
        if asWritten.matters[MatterID(name)] != nil {
            return WireError(
                .ruleRefused, kind: "catalog.unconfirmed", "matter \(name) waits for a second word on the catalogue",
                hint: "another admin, an auditor or a post that confirms gives it: casectl catalog confirm")
        }
        let likely = Likeness.nearest(name, among: newest.matters.keys.map(\.raw).sorted())
        return WireError.notFound(
            "matter", "matter \"\(name)\"", hint: likely.map { "did you mean \($0)?" } ?? "casectl catalog duty-list lists them")
    }

    /// Takes a version that is durable as the newest.
    ///
    /// - Parameters:
    ///   - inForce: what of it counts.
    ///   - history: what it and those before it named.
    func install(_ register: Register, as version: Int, inForce: Register, history: CatalogHistory) {
        held.state.withLock { state in
            state.newest = version
            state.install(inForce, history, isTraining: isTraining)
            state.changeCount += 1
            state.keep(register, as: version)
        }
    }

    /// Takes over what another daemon on the same store has made durable.
    func takeIn(_ snapshot: any StoreSnapshot, _ now: EngineState) throws {
        guard let stored = try snapshot.catalog(version: nil) else { return }
        let written =
            try stored.version == newestVersion ? asWritten : Catalogue(files: stored.files, isStored: true).register
        held.state.withLock { state in
            state.newest = stored.version
            state.keep(written, as: stored.version)
        }
        let inForce = try now.unconfirmed.map { try self.inForce(confirmedThrough: $0.confirmed, in: snapshot) } ?? written
        held.state.withLock { state in
            state.listReadings = now.listReadings
            state.install(inForce, now.history, isTraining: isTraining)
            state.changeCount += 1
        }
    }

    /// Takes over who has read lists by what is durable now.
    func install(_ listReadings: ListReadings) {
        held.state.withLock { state in
            state.listReadings = listReadings
            state.install(state.inForce, state.history, isTraining: isTraining)
        }
    }
}

/// The store lacks something that a case needs: a fault.
package struct IncompleteStore: Error, CustomStringConvertible {
    package let description: String
}
