import CaseClient
import CaseEngine
import CaseServer
import CaseTesting
import CaseWire
import Foundation
import Logging
import Testing
import WorkingTime

/// The socket in this process, where it can be held at moments that a daemon passes through too fast to be caught.
@Suite("The server")
struct ServerTests {
    private let directory = TemporaryDirectory()

    private var path: String {
        "\(directory.path)/server.sock"
    }

    private func started(_ limits: ServerLimits = ServerLimits()) async throws -> (Engine, Server) {
        var log = Logger(label: "test")
        log.logLevel = .critical
        let engine = try Engine(store: MemoryStore(), time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: log)
        let server = Server(engine: engine, limits: limits, log: log)
        try await server.start(.path(path))
        await engine.start()
        return (engine, server)
    }

    @Test(
        "The conformance transcripts hold in this process as over a daemon's socket",
        arguments: ["basics", "lifecycle", "idempotency", "watch", "clocks"])
    func transcripts(name: String) async throws {
        let (engine, server) = try await started()
        let client = try Client(path: path)
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        let text = try String(contentsOfFile: "\(SharedData.project)/protocol/conformance/\(name).io", encoding: .utf8)
        try Transcript(text).play(send: { try client.send($0) }, receive: { try client.receive() })
        await server.drain()
        await engine.stop()
        try await server.stop()
    }

    @Test("While it stops, an open connection is told 4503 for reads and for commands, and nobody new gets in")
    func draining() async throws {
        let (engine, server) = try await started()
        let client = try Client(path: path)
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        await server.drain()
        await engine.stop()
        for (method, params) in [("case.submit", SmallOffice.submission()), ("server.info", .object([]))] {
            guard case .failure(let error) = try client.call(method, params) else {
                Issue.record("\(method) was carried out")
                continue
            }
            #expect(error.code == 4503 && error.kind == "server.draining" && error.isRetryable, "\(method)")
        }
        #expect(throws: Client.Unreachable.self) { try Client(path: path) }
        try await server.stop()
        #expect(throws: Client.Unreachable.self) { try client.receive() }
    }

    @Test("A connection beyond the limit is told 4429 and closed; when one goes, the next gets in")
    func connectionLimit() async throws {
        var limits = ServerLimits()
        limits.connectionsPerUser = 2
        let (engine, server) = try await started(limits)
        var clients = try (0..<2).map { _ in try Client(path: path) }
        for client in clients { _ = try client.call("server.info").get() }
        let third = try Client(path: path)
        #expect(try JSONReader.read(third.receive())["error"]?["code"]?.integer == 4429)
        #expect(throws: Client.Unreachable.self) { try third.receive() }
        clients.removeLast()
        // The server hears of the departure in its own time.
        while case .failure(let error) = try Client(path: path).call("server.info") { #expect(error.code == 4429) }
        await server.drain()
        await engine.stop()
        try await server.stop()
    }
}
