import Foundation
import Testing

@testable import CaseStorePostgreSQL

@Suite(
    "A session with PostgreSQL", .serialized,
    .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
struct PostgreSQLSessionTests {
    private let server = PostgreSQLServer.shared
    private var soon: ContinuousClock.Instant { .now + .seconds(60) }

    @Test("What is sent comes back to the byte, alone and in arrays, and so does what is nothing")
    func values() throws {
        let session = try server.session()
        let found = try session.run(
            [
                Statement("SELECT $1, $2, $3", .integer(.min), .integer(.max), .integer(nil)),
                Statement("SELECT $1, $2, $3", .bytes([] as [UInt8]), .bytes([0, 255, 92, 39]), .bytes(nil as [UInt8]?)),
                Statement("SELECT $1, $2", .text("a\0'\\é"), .text(nil)),
                Statement("SELECT * FROM unnest($1, $2, $3)", .integers([1, nil, -1]), .bytes([[], nil, [0]]), .texts(["\0", "", nil])),
                Statement("SELECT * FROM unnest($1)", .integers([])),
            ], until: soon)
        #expect(found[0].map { [$0.optionalInteger(0), $0.optionalInteger(1), $0.optionalInteger(2)] } == [[.min, .max, nil]])
        #expect(found[1].map { [$0.optionalBytes(0), $0.optionalBytes(1), $0.optionalBytes(2)] } == [[[], [0, 255, 92, 39], nil]])
        #expect(found[2].map { [$0.text(0), $0.text(1)] } == [["a\0'\\é", ""]])
        #expect(found[3].map { $0.optionalInteger(0) } == [1, nil, -1])
        #expect(found[3].map { $0.optionalBytes(1) } == [[], nil, [0]])
        #expect(found[3].map { $0.optionalBytes(2) } == [[0], [], nil])
        #expect(found[4].isEmpty)
    }

    @Test("A statement that is refused says why, those behind it do nothing, and the session goes on")
    func refused() throws {
        let session = try server.session()
        try session.run(script: "CREATE TEMPORARY TABLE t (a bigint PRIMARY KEY)", until: soon)
        let insertion = Statement("INSERT INTO t (a) VALUES ($1)", .integer(1))
        for _ in 1...3 {
            #expect {
                try session.run([Statement("BEGIN"), insertion, insertion, Statement("DELETE FROM t"), Statement("COMMIT")], until: soon)
            } throws: { error in
                if case SessionFault.refused("23505", _) = error { true } else { false }
            }
            session.rollBack(until: soon)
            #expect(try session.run([Statement("SELECT count(*) FROM t")], until: soon)[0][0].integer(0) == 0)
        }
        #expect { try session.run(script: "SELECT 1; SELECT 1 / 0", until: soon) } throws: { "\($0)".contains("22012") }
        #expect(!session.isGivenUp)
    }

    @Test("Much goes both ways at once, and neither side waits for the other with full hands")
    func much() throws {
        let session = try server.session()
        let bytes = [UInt8](repeating: 7, count: 4 << 20)
        let found = try session.run((1...24).map { _ in Statement("SELECT $1", .bytes(bytes)) }, until: soon)
        #expect(found.count == 24 && found.allSatisfy { $0[0].bytes(0) == bytes })
    }

    @Test("Only statements of the sources are kept prepared")
    func kept() throws {
        let session = try server.session()
        for number in 1...300 {
            _ = try session.run(
                [Statement("SELECT \(number)::bigint", values: [], isKept: false), Statement("SELECT 0::bigint")], until: soon)
        }
        // One is the query itself.
        #expect(try session.run([Statement("SELECT count(*) FROM pg_prepared_statements")], until: soon)[0][0].integer(0) == 2)
    }

    @Test("What the database says beside its results is kept, of one round trip and not without end; remarks are not")
    func warnings() throws {
        let session = try server.session()
        let word = Statement("DO $$ BEGIN RAISE WARNING 'look'; RAISE NOTICE 'a remark'; END $$")
        _ = try session.run(Array(repeating: word, count: 20), until: soon)
        #expect(session.warnings == Array(repeating: "look", count: 8))
        _ = try session.run([Statement("SELECT 1")], until: soon)
        #expect(session.warnings.isEmpty)
    }

    @Test("Nobody waits longer than they were told, or wanted, and the database finds out")
    func cut() throws {
        func isAtWork(_ name: String) throws -> Int64 {
            try server.wait("SELECT 1 - count(*) FROM pg_stat_activity WHERE application_name = '\(name)'")
        }
        let slow = [Statement("SELECT 1 FROM pg_sleep(3600)")]
        let late = try PostgreSQLStore.open(server.target("postgres"))
        #expect { try late.run(slow, until: .now + .milliseconds(50)) } throws: { "\($0)".contains("no answer in time") }
        #expect(late.isGivenUp)
        #expect(try isAtWork(late.name) == 1)
        let unwanted = try PostgreSQLStore.open(server.target("postgres"))
        #expect { try unwanted.run(slow, until: soon, isWanted: { false }) } throws: { error in
            if case SessionFault.unwanted = error { true } else { false }
        }
        #expect(try isAtWork(unwanted.name) == 1)
        #expect { try unwanted.run(slow, until: soon) } throws: { "\($0)".contains("given up") }
        #expect { try server.target("postgres").open(for: .zero) } throws: { "\($0)".contains("no answer in time") }
    }

    @Test("A session that the other side ends says so, and a pool has another one for whoever comes next")
    func ended() throws {
        let pool = SessionPool(limit: 1) { [server] in try server.session() }
        let name = try pool.with { $0.name }
        #expect(try pool.with { $0.name } == name)
        let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = "
        #expect(try server.number("\(ended)'\(name)'") == 1)
        _ = try server.wait("SELECT 1 - count(*) FROM pg_stat_activity WHERE application_name = '\(name)'")
        #expect(try pool.with { $0.name } != name)
        try pool.with { session in
            #expect { try session.run([Statement("SELECT pg_terminate_backend(pg_backend_pid())")], until: soon) } throws: { error in
                if case SessionFault.lost = error { true } else { false }
            }
            #expect(session.isGivenUp)
        }
        #expect(try pool.with { try $0.run([Statement("SELECT 1::bigint")], until: soon)[0][0].integer(0) } == 1)
    }

    @Test("A transaction that is left ends, and whoever has the session next waits for that as well, in the same round trip")
    func left() throws {
        let pool = SessionPool(limit: 1) { [server] in try server.session() }
        let name = try pool.with { session in
            _ = try session.run([Statement("BEGIN"), Statement("CREATE TEMPORARY TABLE lost (a int)")], until: soon)
            let before = session.tripCount
            session.leave()
            #expect(session.tripCount == before)
            return session.name
        }
        for _ in 1...3 {
            try pool.with { session in
                #expect(session.name == name)
                let before = session.tripCount
                let found = try session.run([Statement("SELECT (to_regclass('lost') IS NULL)::int::bigint")], until: soon)
                #expect(found[0][0].integer(0) == 1)
                #expect(session.tripCount == before + 1)
                session.leave()
                // A second time there is nothing to leave.
                session.leave()
            }
        }
        let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = "
        #expect(try server.number("\(ended)'\(name)'") == 1)
        _ = try server.wait("SELECT 1 - count(*) FROM pg_stat_activity WHERE application_name = '\(name)'")
        #expect(try pool.with { $0.name } != name)
    }

    @Test("What opens a round trip has a time of its own, and a refusal of what comes behind it is one as ever")
    func opening() throws {
        let session = try PostgreSQLStore.open(server.target("postgres"))
        let begin = Statement("BEGIN")
        let found = try session.run([Statement("SELECT 7::bigint")], opening: (begin, soon), until: soon)
        #expect(found.count == 1 && found[0][0].integer(0) == 7)
        session.rollBack(until: soon)
        #expect { try session.run([Statement("SELECT 1 / 0")], opening: (begin, soon), until: soon) } throws: { error in
            if case SessionFault.refused("22012", _) = error { true } else { false }
        }
        session.rollBack(until: soon)
        let slow = Statement("SELECT 1::bigint FROM pg_sleep(3600)")
        #expect { try session.run([begin], opening: (slow, .now + .milliseconds(50)), until: soon) } throws: {
            "\($0)".contains("no answer in time")
        }
    }

    @Test("Sessions that cannot be opened use up no place of a pool")
    func unopened() throws {
        let pool = SessionPool(limit: 1) { try DatabaseTarget("host=/nowhere").open(for: .seconds(5)) }
        for _ in 1...3 { #expect(throws: SessionFault.self) { try pool.with { _ in } } }
    }
}
