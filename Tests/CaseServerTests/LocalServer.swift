import CaseClient
import CaseEngine
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import Logging
import WorkingTime

@testable import CaseServer

/// A server in this process, on a store in memory and a clock that stands still.
struct LocalServer {
    let engine: Engine
    let server: Server
    let path: String
    /// Stays as long as the socket does.
    private let directory = TemporaryDirectory()

    /// - Parameters:
    ///   - isOnDisk: whether the store is one of SQLite, rather than one in memory.
    ///   - given: a store of the test's own.
    init(_ limits: ServerLimits = ServerLimits(), isOnDisk: Bool = false, store given: (any CaseStore)? = nil) async throws {
        var log = Logger(label: "test")
        log.logLevel = .critical
        path = "\(directory.path)/server.sock"
        let store: any CaseStore =
            if let given { given } else { isOnDisk ? try SQLiteStore(try StateDirectory("\(directory.path)/state")) : MemoryStore() }
        engine = try Engine(store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: log)
        server = Server(engine: engine, limits: limits, log: log)
        try await server.start(.path(path))
        await engine.start()
    }

    func client() throws -> Client {
        let client = try Client(path: path)
        client.setTimeout(milliseconds: DaemonProcess.patience)
        return client
    }

    /// Applies the small office.
    func withCatalog() throws -> LocalServer {
        _ = try client().call("catalog.apply", SmallOffice.parameter()).get()
        return self
    }

    func stop() async throws {
        await server.drain()
        await engine.stop()
        try await server.stop()
    }
}
