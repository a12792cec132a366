import CaseClient
import CaseStore
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

@testable import CaseStorePostgreSQL

@Suite(
    "Reads that may be of a while ago", .serialized,
    .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
struct ReplicaReadTests {
    private static let queries = Query.allCases.filter { Method.query($0).parameters.contains { $0.name == "stale_ok" } }

    /// A primary with a store, a server that follows it, and a daemon that was told of both, with a catalogue and one case.
    private struct Office {
        let primary: PostgreSQLServer
        let replica: PostgreSQLServer
        let database: String
        let daemon: DaemonProcess
        let client: Client

        init() throws {
            primary = try PostgreSQLServer()
            database = try primary.database()
            replica = try PostgreSQLServer(following: primary)
            daemon = try DaemonProcess(
                in: TemporaryDirectory(), database: "host=\(primary.folder),\(replica.folder) dbname=\(database) user=daemon",
                arguments: ["--node", "n1"])
            client = try daemon.client()
            _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
            _ = try client.call("case.submit", SmallOffice.submission("Old")).get()
            _ = try replica.wait("SELECT count(*) FROM cases", on: database)
        }

        /// The replica stays at the state that it has.
        func pause() throws {
            try replica.run("SELECT pg_wal_replay_pause()")
            _ = try replica.wait("SELECT (pg_get_wal_replay_pause_state() = 'paused')::int::bigint")
        }

        func ask(_ query: Query, _ members: KeyValuePairs<String, JSONValue> = [:], stale: Bool = true) throws
            -> Result<JSONValue, RemoteError>
        {
            let all = members.map { JSONValue.Member($0.key, $0.value) } + (stale ? [.init("stale_ok", .bool(true))] : [])
            return try client.call(query.rawValue, .object(all))
        }

        func asOf(_ query: Query, _ members: KeyValuePairs<String, JSONValue> = [:]) throws -> Instant? {
            try ask(query, members).get()["as_of"]?.string.flatMap { Instant($0) }
        }
    }

    private func kind(_ outcome: Result<JSONValue, RemoteError>) -> String? {
        if case .failure(let error) = outcome { error.kind } else { nil }
    }

    /// What each of them is asked about one case.
    private static func members(_ query: Query) -> KeyValuePairs<String, JSONValue> {
        [.get, .history, .explain].contains(query) ? ["case": "C-1"] : [:]
    }

    @Test("Those that take it are these")
    func taken() {
        #expect(Set(Self.queries) == [.get, .list, .count, .history, .explain, .orderList, .slaReport])
    }

    @Test("A replica answers by the state that it has come to, powers and all, and says as of when; without the word for it nobody is")
    func stale() throws {
        let office = try Office()
        try office.pause()
        let last = try #require(try office.ask(.history, ["case": "C-1"], stale: false).get()["events"]?.array?.last?["at"]?.string)
        _ = try office.client.call("case.submit", SmallOffice.submission("New")).get()
        for query in Self.queries {
            #expect(try office.asOf(query, Self.members(query)) == Instant(last), "\(query)")
            #expect(try office.ask(query, Self.members(query), stale: false).get()["as_of"] == nil, "\(query)")
        }
        #expect(try office.ask(.count).get()["count"] == 1 && office.ask(.count, stale: false).get()["count"] == 2)
        #expect(try office.ask(.list).get()["cases"]?.array?.compactMap { $0["title"] } == ["Old"])
        #expect(try kind(office.ask(.get, ["case": "C-2"])) == "case.not_found")
        #expect(try office.ask(.get, ["case": "C-2"], stale: false).get()["title"] == "New")
        #expect(try office.ask(.slaReport).get()["total"]?["open"] == 1)
        let same = try office.ask(.history, ["case": "C-1"]).get()
        #expect(try same["events"] == office.ask(.history, ["case": "C-1"], stale: false).get()["events"])

        // Whoever has a post by now has it there as well once the replica has come so far, and whoever had it has it there until then.
        let files = SmallOffice.files().mapValues { $0.replacing("otto", with: "olga") }
        _ = try office.client.call("catalog.apply", SmallOffice.parameter(files)).get()
        #expect(try kind(office.ask(.list, ["acting": "otto"], stale: false)) == "person.not_found")
        #expect(try office.ask(.list, ["acting": "otto"]).get()["cases"]?.array?.count == 1)
        #expect(try kind(office.ask(.list, ["acting": "olga"])) == "person.not_found")
        try office.replica.run("SELECT pg_wal_replay_resume()")
        while try kind(office.ask(.list, ["acting": "olga"])) != nil {}
        #expect(try office.ask(.list, ["acting": "olga"]).get()["cases"]?.array?.count == 2)
        #expect(try kind(office.ask(.list, ["acting": "otto"])) == "person.not_found")
        #expect(office.daemon.terminate() == 0)
    }

    @Test("While the primary is away a replica still answers whoever can do with it, but nobody whose reading would have to go on record")
    func away() throws {
        let office = try Office()
        try office.primary.restart { _ in
            for query in Self.queries {
                #expect(try kind(office.ask(query, Self.members(query), stale: false)) == "store.unreachable", "\(query)")
                #expect(try office.asOf(query, Self.members(query)) != nil, "\(query)")
            }
            #expect(try kind(office.ask(.list, ["acting": "ada"])) == "store.unreachable", "an auditor")
            let commands = [
                ["list"], ["count"], ["count", "--by", "state"], ["history", "C-1"], ["order", "list"], ["list", "--matter", "none"],
            ]
            for command in commands {
                #expect(try office.daemon.casectl(command).status == 75, "\(command)")
                let shown = try office.daemon.casectl(command + ["--stale-ok"])
                #expect(
                    shown.status == 0 && shown.errors.contains("what came later may be missing"),
                    "\(command): \(shown.output)\(shown.errors)")
            }
            let chinese = try office.daemon.casectl(["list", "--stale-ok"], environment: ["LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"])
            #expect(chinese.output.contains("Old") && chinese.errors.contains("其后的变动可能不在内"), "\(chinese.output)\(chinese.errors)")
        }
        while try kind(office.client.call("case.count")) != nil {}
        #expect(office.daemon.terminate() == 0)
    }

    @Test("Without a replica that can be reached, or that goes on, the primary answers, as of now")
    func none() throws {
        let office = try Office()
        try office.pause()
        _ = try office.client.call("case.submit", SmallOffice.submission("New")).get()
        let before = try #require(try office.client.call("server.info").get()["now"]?.string.flatMap { Instant($0) })
        try office.replica.restart { _ in
            for query in Self.queries {
                let asOf = try #require(try office.asOf(query, Self.members(query)))
                #expect(asOf >= before, "\(query)")
            }
            #expect(try office.ask(.count).get()["count"] == 2)
        }
        #expect(office.daemon.terminate() == 0)

        let store = try PostgreSQLStore(
            DatabaseTarget("host=\(office.primary.folder),\(office.replica.folder) dbname=\(office.database) user=daemon"))
        let replicas = try #require(store.replicas)
        #expect(try replicas.read { try $0.lastCaseNumber() } >= 1)
        // As it does where the primary has let go of what is read.
        let refused = #expect(throws: StoreFault.self) {
            try replicas.read { snapshot -> Void in _ = try (snapshot as? PostgreSQLSnapshot)?.rows("SELECT 1 / 0") }
        }
        #expect(
            refused?.description.hasPrefix("the store could not be reached, and nothing was changed: ") == true,
            "\(String(describing: refused))")
        #expect(try PostgreSQLStore(office.primary.target(office.database)).replicas == nil, "one host has no other")
        store.close()
    }
}
