import CaseCore
import CaseEngine
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import Foundation
import Logging
import Synchronization
import Testing
import WorkingTime

/// An engine on a store, with a clock that stands still, and somebody who talks to it.
struct Harness {
    static let admin: UInt32 = 0
    /// The unix user of the service `hall`.
    static let hall: UInt32 = 4711

    let store: any CaseStore
    let source: any TimeSource
    let engine: Engine
    let reader: Reader
    /// Who looks at whole cases: an admin where that goes on no record, since whoever submits them stands outside of them.
    private let onlooker: UInt32

    /// - Parameters:
    ///   - store: by default a new one of SQLite.
    ///   - time: by default a manual clock that stands at `now`.
    ///   - isTraining: whether the hall plays everybody in a store that is new; a manual clock implies it.
    init(
        _ given: (any CaseStore)? = nil, now: String = "2026-02-06T01:00:00Z", time: (any TimeSource)? = nil,
        withCatalog: Bool = true, isTraining: Bool = true, trustsMachineClock: Bool = false,
        intakeLimits: IntakeLimits = IntakeLimits(), sealKeys: SealKeys = SealKeys(), heard: LogCollector? = nil
    ) async throws {
        store = try given ?? Harness.ownStore()
        source = time ?? ManualTime(Instant(now)!)
        var log = Logger(label: "test")
        if let heard { log.handler = heard } else { log.logLevel = .critical }
        let isNew = try store.read { try $0.setting("clock") } == nil
        engine = try Engine(
            store: store, time: source, log: log, sealKeys: sealKeys, isTraining: isTraining && isNew,
            trustsMachineClock: trustsMachineClock,
            intakeLimits: intakeLimits)
        reader = Reader(engine, limits: [])
        onlooker = isTraining || source is ManualTime ? Harness.admin : Harness.hall
        await engine.start()
        if withCatalog {
            _ = try await call("catalog.apply", SmallOffice.parameter(SmallOffice.files(user: Harness.hall)), uid: Harness.admin).get()
        }
    }

    private static func ownStore() throws -> SQLiteStore {
        try store(TemporaryDirectory())
    }

    /// A store on disk for several engines, one after the other.
    static func store(_ directory: TemporaryDirectory) throws -> SQLiteStore {
        directory.keepUntilExit()
        return try SQLiteStore(try StateDirectory(directory.path))
    }

    var time: ManualTime {
        source as! ManualTime
    }

    /// Sends a request and waits for its reply; `acting` names a person for whom the hall acts.
    func call(
        _ method: Method, _ params: JSONValue = .object([]), uid: UInt32 = hall, inAdminGroup: Bool = false, acting: String? = nil
    ) async throws -> Result<
        JSONValue, WireError
    > {
        var members = params.members ?? []
        if let acting { members.append(.init("acting", .string(acting))) }
        let (params, peer) = (JSONValue.object(members), Peer(uid: uid, isInAdminGroup: inAdminGroup))
        let outcome: Outcome
        do throws(WireError) {
            switch method {
            case .query(let query):
                let parameters = try Parameters(params, of: method)
                outcome = await withCheckedContinuation { continuation in
                    reader.answer(query, parameters, peer: peer) { continuation.resume(returning: $0) }
                }
            case .stream:
                precondition(method == "case.watch", "\(method.rawValue) needs a connection")
                let parameters = try Parameters(params, of: method)
                outcome = await withCheckedContinuation { continuation in
                    reader.openWatch(parameters, peer: peer, name: "w-1", heartbeat: 60_000) {
                        switch $0 {
                        case .success(let opening): continuation.resume(returning: .success(opening.result))
                        case .failure(let error): continuation.resume(returning: .failure(error))
                        }
                    }
                }
            case .command(let name) where params["dry_run"]?.bool == true:
                let asked = try CommandRequest(params, of: Commands.ofClient(name))
                outcome = await withCheckedContinuation { continuation in
                    reader.rehearse(asked, peer: peer) { continuation.resume(returning: $0) }
                }
            case .command, .administration:
                let work = try WriteRequest.Work(method, params)!
                outcome = await withCheckedContinuation { continuation in
                    engine.submit(WriteRequest(peer: peer, work) { continuation.resume(returning: $0) })
                }
            }
        } catch {
            return .failure(error)
        }
        return try outcome.map { bytes in
            let value = try JSONReader.read(bytes)
            if let difference = method.description.result.difference(value) { Issue.record("\(method.rawValue): \(difference)") }
            return value
        }
    }

    func submit(_ title: String = "Warehouse 7", key: String? = nil) async throws -> JSONValue {
        try await call("case.submit", SmallOffice.submission(title, key: key)).get()
    }

    func on(_ file: JSONValue, _ method: Method, _ members: KeyValuePairs<String, JSONValue> = [:], as person: String? = nil) async throws
        -> Result<JSONValue, WireError>
    {
        try await call(method, .object([.init("case", file["case"]!)] + members.map { .init($0.key, $0.value) }), acting: person)
    }

    func advance(to instant: String) async throws {
        _ = try await call("clock.advance", .of(["to": .string(instant)]), uid: Harness.admin).get()
    }

    /// A case as a command would answer it: without what is said only where one is looked at.
    func answered(_ file: JSONValue) async throws -> JSONValue {
        let names = Set(ShownCase.members.flatMap(\.shapes).map(\.name))
        let seen = try await call("case.get", .of(["case": file["case"]!]), uid: onlooker).get()
        return .object(seen.members!.filter { names.contains($0.name) })
    }

    func history(_ file: JSONValue) async throws -> [JSONValue] {
        try await call("case.history", .of(["case": file["case"]!]), uid: onlooker).get()["events"]!.array!
    }
}

extension Result where Failure == WireError {
    func map<NewSuccess>(_ transform: (Success) throws -> NewSuccess) throws -> Result<NewSuccess, WireError> {
        switch self {
        case .success(let value): .success(try transform(value))
        case .failure(let error): .failure(error)
        }
    }

    var kind: String? {
        if case .failure(let error) = self { error.kind } else { nil }
    }
}

/// Keeps what was logged.
struct LogCollector: LogHandler {
    private final class Lines: Sendable {
        let lines = Mutex<[String]>([])
    }

    private let kept = Lines()
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        kept.lines.withLock { $0.append("\(event.message)") }
    }

    var lines: [String] {
        kept.lines.withLock { $0 }
    }
}
