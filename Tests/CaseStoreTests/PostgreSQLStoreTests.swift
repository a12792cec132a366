import CaseCore
import CaseSimulation
import CaseStore
import CaseTesting
import Foundation
import Synchronization
import Testing
import WorkingTime

@testable import CaseStorePostgreSQL

@Suite(
    "The PostgreSQL store", .serialized, .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
struct PostgreSQLStoreTests {
    private let server = PostgreSQLServer.shared

    private static func batch(_ number: Int, revision: Int = 1, rows: Int = 1) -> Batch {
        var batch = Batch()
        batch.journal = (0..<rows).map {
            JournalRow(
                id: CaseID(Int64(number)), revision: revision + $0, at: Instant(seconds: 0), event: [UInt8(truncatingIfNeeded: number)])
        }
        batch.notices = [
            NoticeRow(
                id: CaseID(Int64(number)), revision: revision, at: Instant(seconds: 0), event: "noted",
                notice: Notice(addressee: .leader, recipient: "lena"))
        ]
        return batch
    }

    private func isInterrupted(_ error: any Error) -> Bool {
        if case StoreFault.interrupted = error { true } else { false }
    }

    /// The process of the session that stands in a transaction on a database.
    private static func writer(_ database: String, _ state: String) -> String {
        "SELECT coalesce(max(pid), 0)::bigint FROM pg_stat_activity WHERE datname = '\(database)' AND usename = 'daemon' AND \(state)"
    }

    // MARK: The contract

    @Test("It keeps the store's contract, with a role that can make and change no table", arguments: StoreSuite.checks)
    func contract(check: StoreSuite) throws {
        let (store, _) = try server.store()
        try check.check(store)
        store.close()
    }

    @Test("Texts with U+0000 are kept and found, which PostgreSQL's own texts are not, and names can be as long as clients may say them")
    func texts() throws {
        let (store, _) = try server.store()
        let odd = "A\0B"
        let long = String((0..<1024).map { _ in Character(Unicode.Scalar(UInt8.random(in: 33...126))) })
        var batch = Batch()
        batch.cases = [odd, "A", long].enumerated().map { number, applicant in
            var row = CaseRow(Int64(number + 1), file: [1], submittedAt: Instant(seconds: 1), next: nil)
            row[.applicant] = .text(applicant)
            return row
        }
        let keys = [odd, long].map { IdempotencyKey(principal: $0, key: $0) }
        batch.answers = keys.map {
            AnswerRow(key: $0, at: Instant(seconds: 1), answer: StoredAnswer(digest: [1], id: CaseID(1), revision: 1))
        }
        batch.notices = [odd, long].map {
            NoticeRow(
                id: CaseID(1), revision: 1, at: Instant(seconds: 1), event: $0, notice: Notice(addressee: .applicant, recipient: $0))
        }
        batch.settings = [odd: odd, long: long]
        let name = String(repeating: long, count: 20)
        batch.catalog = StoredCatalog(version: 1, at: Instant(seconds: 1), by: odd, zones: odd, files: [odd: odd, name: long])
        try store.commit(batch)
        try store.read { snapshot in
            for (number, applicant) in [odd, "A", long].enumerated() {
                let filter = CaseFilter(.isAny(.applicant, [.text(applicant)]), now: Instant(seconds: 2))
                #expect(try snapshot.ids(filter, after: nil, limit: 9) == [CaseID(Int64(number + 1))])
            }
            #expect(
                try snapshot.ids(CaseFilter(.isAny(.matter, [.text("permit\0")]), now: Instant(seconds: 2)), after: nil, limit: 9).isEmpty)
            for key in keys { #expect(try snapshot.answer(key) != nil) }
            for recipient in [odd, long] {
                let notices = try snapshot.notices(recipient: recipient, readScope: nil, after: 0, limit: 9)
                #expect(notices.map(\.row.event) == [recipient] && notices.map(\.row.notice.recipient) == [recipient])
                #expect(try snapshot.setting(recipient) == recipient)
            }
            #expect(try snapshot.catalog(version: nil) == batch.catalog)
        }
        store.close()
    }

    @Test("The daemon's role can change nothing of what was recorded")
    func rights() throws {
        let (store, database) = try server.store()
        try store.commit(Self.batch(1))
        let session = try server.session(database, user: "daemon")
        for sql in ["UPDATE journal SET event = ''", "DELETE FROM journal", "ALTER TABLE cases ADD COLUMN a bigint", "CREATE TABLE t ()"] {
            #expect { try session.run(script: sql, until: .now + .seconds(60)) } throws: { "\($0)".contains("42501") }
        }
        store.close()
    }

    @Test("Tables are made once, and again without a change")
    func again() throws {
        let database = try server.database()
        #expect(try PostgreSQLStore.makeTables(server.target(database), for: "daemon").isEmpty)
        try server.run("ALTER TABLE cases DROP COLUMN area", on: database)
        #expect(try PostgreSQLStore.makeTables(server.target(database), for: "daemon") == ["cases.area"])
        let empty = try server.emptyDatabase()
        #expect(try PostgreSQLStore.makeTables(server.target(empty)).first?.hasPrefix("1: ") == true)
        let nobody = try #require(throws: PostgreSQLStore.Unusable.self) {
            try PostgreSQLStore.makeTables(server.target(database), for: "nobody")
        }
        #expect(nobody.description.contains("there is no role nobody in the database: make it"))
        let store = try PostgreSQLStore(server.target(database, user: "daemon"))
        #expect(store.byteCount > 0)
        #expect(throws: StoreFault.self) { try store.backup() }
        store.close()
    }

    // MARK: Databases that are refused

    @Test(
        "A database that is not one of cased is refused with a sentence",
        arguments: [
            ("DROP TABLE schema_files", "has no tables of cased: let its owner run cased --make-tables ROLE"),
            ("INSERT INTO schema_files VALUES ('99: later')", "those of a newer cased"),
            ("DELETE FROM schema_files", "those of an older cased"),
            ("DROP TABLE texts", "it has no table texts: restore it from a backup"),
            ("ALTER TABLE cases DROP COLUMN area", "cases has no column area"),
            ("REVOKE INSERT, UPDATE ON notices FROM daemon", "its role daemon lacks a right (GRANT INSERT, UPDATE ON notices)"),
            ("REVOKE ALL ON schema_files FROM daemon", "its role daemon lacks a right (GRANT SELECT ON schema_files)"),
        ])
    func refused(sql: String, sentence: String) throws {
        let database = try server.database()
        try server.run(sql, on: database)
        #expect { try PostgreSQLStore(server.target(database, user: "daemon")) } throws: { error in
            (error as? PostgreSQLStore.Unusable)?.mayPass == false && "\(error)".contains(sentence)
        }
    }

    @Test(
        "What a later version has added is in nobody's way, until there are tables of which this one knows nothing: then none starts any more"
    )
    func added() throws {
        let (store, database) = try server.store()
        try store.commit(Self.batch(1))
        try server.run(
            """
            ALTER TABLE cases ADD COLUMN later bytea; ALTER TABLE rollups ADD COLUMN later bigint NOT NULL DEFAULT 0;
            CREATE INDEX later_cases ON cases (later); INSERT INTO settings (name, value) VALUES ('later', 'x')
            """, on: database)
        #expect(try PostgreSQLStore.makeTables(server.target(database), for: "daemon").isEmpty)
        let other = try PostgreSQLStore(server.target(database, user: "daemon"))
        try store.commit(Self.batch(2))
        try other.commit(Self.batch(3))
        #expect(try store.read { try $0.lastSeq() } == 3)
        other.close()
        try server.run("CREATE TABLE later (name bytea); INSERT INTO schema_files (name) VALUES ('2: later')", on: database)
        let refused = #expect(throws: PostgreSQLStore.Unusable.self) { try PostgreSQLStore(server.target(database, user: "daemon")) }
        #expect(refused?.description.contains("its tables are those of a newer cased") == true)
        try store.commit(Self.batch(4))
        #expect(try store.read { try $0.lastSeq() } == 4, "whoever runs goes on")
        store.close()
    }

    @Test("So is one without tables, of another encoding, that lets nobody write, or that cannot be reached")
    func unusable() throws {
        func refusal(_ target: DatabaseTarget) throws -> PostgreSQLStore.Unusable {
            try #require(throws: PostgreSQLStore.Unusable.self) { try PostgreSQLStore(target) }
        }
        let empty = try refusal(server.target(try server.emptyDatabase()))
        #expect(!empty.mayPass && empty.description.contains("it has no tables of cased: let its owner"))
        let ascii = try server.emptyDatabase("ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
        let other = try refusal(server.target(ascii))
        #expect(!other.mayPass && other.description.contains("its encoding is SQL_ASCII: make one with ENCODING 'UTF8'"))
        #expect(throws: PostgreSQLStore.Unusable.self) { try PostgreSQLStore.makeTables(server.target(ascii)) }
        let database = try server.database()
        try server.run("ALTER DATABASE \(database) SET default_transaction_read_only = on")
        let closed = try refusal(server.target(database, user: "daemon"))
        #expect(closed.mayPass && closed.description.contains("it lets nobody write"))
        let nowhere = try refusal(DatabaseTarget("host=\(server.folder) dbname=nowhere user=postgres"))
        #expect(!nowhere.mayPass && nowhere.description.contains("lets cased not in: ") && nowhere.description.contains("(SQLSTATE 3D000)"))
        #expect(!nowhere.description.contains("LOCATION"))
        let away = try refusal(DatabaseTarget("host=/nowhere dbname=nowhere"))
        #expect(away.mayPass && away.description.contains("cannot be reached"))
    }

    @Test("So is one of an older PostgreSQL")
    func version() {
        #expect(DatabaseCheck.fault(ofVersion: 140_011)?.description.contains("it is PostgreSQL 14: install 15 or a later one") == true)
        #expect(DatabaseCheck.fault(ofVersion: 150_000) == nil)
    }

    @Test("So is a server whose pages have no sums, that does not wait for its disk, or that is a standby")
    func servers() throws {
        func sentence(_ server: PostgreSQLServer) throws -> String {
            try #require(throws: PostgreSQLStore.Unusable.self) { try PostgreSQLStore.makeTables(server.target("postgres")) }.description
        }
        #expect(try sentence(PostgreSQLServer(hasChecksums: false)).contains("it has data_checksums = off: switch them on"))
        let own = try PostgreSQLServer()
        try own.restart(options: "-c fsync=off")
        #expect(try sentence(own).contains("it has fsync = off: switch it on"))
        try own.restart(options: "-c full_page_writes=off")
        #expect(try sentence(own).contains("it has full_page_writes = off: switch it on"))
        for name in ["zero_damaged_pages", "ignore_checksum_failure"] {
            try own.restart(options: "-c \(name)=on")
            #expect(try sentence(own).contains("it has \(name) = on: switch it off"))
        }
        try own.restart { data in try Data().write(to: URL(fileURLWithPath: "\(data)/standby.signal")) }
        #expect(try sentence(own).contains("it is a standby: name the primary"))
    }

    @Test("A page that is not what was written is damage, to whoever reads it and to whoever commits beside it")
    func damage() throws {
        let own = try PostgreSQLServer()
        let (store, database) = try own.store()
        var batch = Batch()
        batch.settings = ["name": "value"]
        try store.commit(batch)
        try own.damage("settings", of: database)
        #expect(throws: DamagedRecord.self) { try store.read { try $0.setting("name") } }
        #expect { try store.commit(batch) } throws: { if case StoreFault.damaged = $0 { true } else { false } }
        store.close()
    }

    // MARK: Faults of a commit

    @Test("A session that is ended before the commit leaves nothing, and the next batch goes on another", arguments: [false, true])
    func endedBefore(hasMore: Bool) throws {
        let (store, database) = try server.store()
        #expect {
            try store.commit { part in
                try part(Self.batch(1))
                let process = try server.wait(Self.writer(database, "state = 'idle in transaction'"))
                #expect(try server.number("SELECT pg_terminate_backend(\(process))::int::bigint") == 1)
                if hasMore { try part(Self.batch(2)) }
            }
        } throws: {
            isInterrupted($0)
        }
        #expect(try store.read { try $0.lastSeq() } == 0)
        try store.commit(Self.batch(1))
        #expect(try store.read { try $0.lastSeq() } == 1)
        store.close()
    }

    @Test("A session that is ended in the commit: what the store says is what is there")
    func endedIn() throws {
        let (store, database) = try server.store()
        // A commit waits for a lock that somebody has.
        try server.run(
            """
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON batches DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()
            """, on: database)
        let holder = try server.session(database)
        try holder.run(script: "SELECT pg_advisory_lock(7)", until: .now + .seconds(60))
        let commit = Beside { try store.commit(Self.batch(1)) }
        let process = try server.wait(Self.writer(database, "wait_event = 'advisory' AND query = 'COMMIT'"))
        #expect(try server.number("SELECT pg_terminate_backend(\(process))::int::bigint") == 1)
        #expect { try commit.value() } throws: { isInterrupted($0) }
        #expect(try store.read { try $0.lastSeq() } == 0)
        try holder.run(script: "SELECT pg_advisory_unlock(7)", until: .now + .seconds(60))
        try store.commit(Self.batch(1))
        #expect(try store.read { try $0.lastSeq() } == 1)
        store.close()
    }

    @Test(
        "A wait for a replica that is cut short is not taken for a commit, nor for none: the store answers once what it wrote is where it has to be",
        arguments: ["pg_cancel_backend", "pg_terminate_backend"])
    func withoutReplica(cut: String) throws {
        let own = try PostgreSQLServer()
        // Whoever runs the database may want to hear of nothing but errors: a wait that is cut short is told by a warning.
        let database = try own.database()
        try own.run("ALTER ROLE daemon SET client_min_messages = 'error'")
        let store = try PostgreSQLStore(own.target(database, user: "daemon"))
        let isEnough = Atomic(false)
        let commits = Beside {
            var count = 0
            repeat {
                count += 1
                try store.commit(Self.batch(count))
            } while !isEnough.load(ordering: .sequentiallyConsistent)
            return count
        }
        // There is none, so that some commit waits for ever from then on.
        try own.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        try own.run("SELECT pg_reload_conf()")
        let process = try own.wait(Self.writer(database, "wait_event = 'SyncRep'"))
        isEnough.store(true, ordering: .sequentiallyConsistent)
        #expect(try own.number("SELECT \(cut)(\(process))::int::bigint") == 1)
        // Whoever finds out what became of it waits as well.
        #expect(try own.wait(Self.writer(database, "wait_event = 'SyncRep' AND pid <> \(process)")) > 0)
        #expect(!commits.hasEnded)
        try own.run("ALTER SYSTEM RESET synchronous_standby_names")
        try own.run("SELECT pg_reload_conf()")
        let count = try commits.value()
        #expect(try store.read { try $0.lastSeq() } == Int64(count))
        #expect(try own.number("SELECT settled FROM head", on: database) == 1)
        store.close()
    }

    @Test("A constraint that only the commit finds broken leaves nothing, and is a conflict")
    func refusedInCommit() throws {
        let (store, database) = try server.store()
        try server.run("ALTER TABLE batches ADD FOREIGN KEY (place) REFERENCES journal (seq) DEFERRABLE INITIALLY DEFERRED", on: database)
        var batch = Batch()
        batch.settings = ["name": "value"]
        #expect { try store.commit(batch) } throws: { if case StoreFault.conflict = $0 { true } else { false } }
        #expect(try store.read { try $0.setting("name") } == nil)
        store.close()
    }

    @Test("A server that is restarted between two commits is not noticed, and one that is gone interrupts without a change")
    func restarted() throws {
        let own = try PostgreSQLServer()
        let (store, _) = try own.store()
        try store.commit(Self.batch(1))
        try own.restart { _ in
            #expect { try store.commit(Self.batch(2)) } throws: { isInterrupted($0) }
            #expect { try store.read { try $0.lastSeq() } } throws: { isInterrupted($0) }
        }
        #expect(try store.read(for: .engine) { try $0.lastSeq() } == 1)
        try store.commit(Self.batch(2))
        #expect(try store.read { try $0.lastSeq() } == 2)
        store.close()
    }

    @Test("A read whose session is lost on the way says so, and who goes on after that hears that not all was there")
    func lostRead() throws {
        let (store, database) = try server.store()
        try store.read(for: .engine) { snapshot in
            _ = try snapshot.lastSeq()
            try snapshot.requireWhole()
            let process = try server.wait(Self.writer(database, "state = 'idle in transaction'"))
            #expect(try server.number("SELECT pg_terminate_backend(\(process))::int::bigint") == 1)
            #expect { try snapshot.lastSeq() } throws: { isInterrupted($0) }
            #expect { try snapshot.requireWhole() } throws: { isInterrupted($0) }
        }
        #expect(try store.read(for: .engine) { try $0.lastSeq() } == 0)
        store.close()
    }

    @Test("A server that crashes among commits loses none that was acknowledged, and what was interrupted was not there")
    func crashes() throws {
        let own = try PostgreSQLServer()
        let (store, _) = try own.store()
        let isEnough = Atomic(false)
        let interruptions = Atomic(0)
        let commits = Beside {
            var count = 0
            while !isEnough.load(ordering: .sequentiallyConsistent) {
                do throws(StoreFault) {
                    try store.commit(Self.batch(count + 1))
                    count += 1
                } catch .interrupted {
                    // Had it been there, the next try would be a conflict.
                    interruptions.add(1, ordering: .sequentiallyConsistent)
                }
            }
            return count
        }
        // One that is cut in its COMMIT waits, and is not interrupted.
        for crash in 1...40 where crash <= 4 || interruptions.load(ordering: .sequentiallyConsistent) == 0 {
            let before = try store.read(for: .engine) { try $0.lastSeq() }
            while try store.read(for: .engine, { try $0.lastSeq() }) < before + 20 {}
            try own.restart(isCrash: true)
        }
        isEnough.store(true, ordering: .sequentiallyConsistent)
        let count = try commits.value()
        #expect(interruptions.load(ordering: .sequentiallyConsistent) > 0 && count >= 80)
        let entries = try store.read { try $0.recorded(after: 0, PageLimit(rows: .max, bytes: .max)) }
        #expect(entries.map(\.id) == (1...Int64(count)).map { CaseID($0) })
        store.close()
    }

    @Test(
        "Simulated lives on it keep every promise, with one daemon and with several", arguments: [1, 1, 2, 3].enumerated().map { ($0, $1) })
    func lives(seed: Int, nodes: Int) throws {
        let (store, _) = try server.store()
        do throws(Simulation.Failure) {
            _ = try Simulation.run(SimulationStep.life(UInt64(seed), count: 80), nodes: nodes, on: store)
        } catch {
            Issue.record("seed \(seed) with \(nodes) daemons, \(error)")
        }
        store.close()
    }

    // MARK: Two writers

    @Test("Whoever comes second with a revision, a key or a version of the catalogue has a conflict, and nothing of it is there")
    func second() throws {
        let (first, database) = try server.store()
        let second = try PostgreSQLStore(server.target(database, user: "daemon"))
        var batch = Self.batch(1)
        batch.catalog = StoredCatalog(version: 1, at: Instant(seconds: 0), by: "b", zones: "z", files: [:])
        try first.commit(batch)
        var other = Self.batch(2)
        other.catalog = batch.catalog
        for late in [Self.batch(1), other] {
            #expect { try second.commit(late) } throws: { if case StoreFault.conflict = $0 { true } else { false } }
            #expect(try second.read { try $0.lastSeq() } == 1)
        }
        try second.commit(Self.batch(2))
        #expect(try first.read { try $0.lastSeq() } == 2)
        for store in [first, second] { store.close() }
    }

    @Test("Two stores that commit in turns give out each place once, and leave none out")
    func turns() throws {
        let (first, database) = try server.store()
        let second = try PostgreSQLStore(server.target(database, user: "daemon"))
        let count = 40
        let writers = [first, second].enumerated().map { place, store in
            Beside { for number in 1...count { try store.commit(Self.batch(2 * number + place, rows: 3)) } }
        }
        for writer in writers { try writer.value() }
        try second.read { snapshot in
            #expect(try snapshot.recorded(after: 0, PageLimit(rows: .max, bytes: .max)).map(\.seq) == Array(1...Int64(6 * count)))
            let notices = try snapshot.notices(recipient: nil, readScope: nil, after: 0, limit: .max)
            #expect(notices.map(\.seq) == Array(1...Int64(2 * count)))
            #expect(try snapshot.journalGaps().isEmpty)
        }
        for store in [first, second] { store.close() }
    }

    // MARK: Reads

    @Test("P16: A client's read that takes too long is cut, and the engine's never is")
    func cut() throws {
        let (store, _) = try server.store(readLimit: .zero)
        try store.commit(Self.batch(1))
        #expect(try store.read(for: .engine) { try $0.lastSeq() } == 1)
        for _ in 1...20 { #expect(throws: SessionFault.self) { try store.read { try $0.lastSeq() } } }
        #expect(try store.read(for: .engine) { try $0.lastSeq() } == 1)
        store.close()
    }

    @Test("P16: What is read for somebody who has gone ends, and the next read goes on as usual")
    func abandoned() throws {
        let (store, _) = try server.store()
        try store.commit(Self.batch(1))
        let looks = Atomic(0)
        ReadTurn(isWanted: { looks.wrappingAdd(1, ordering: .relaxed).newValue < 50 }).run {
            #expect(throws: SessionFault.self) { try store.read { snapshot in for _ in 1...1000 { _ = try snapshot.lastSeq() } } }
        }
        ReadTurn(isWanted: { true }).run { #expect((try? store.read { try $0.lastSeq() }) == 1) }
        #expect(try store.read { try $0.lastSeq() } == 1)
        store.close()
    }

    @Test("P16: A read that waits in the database is cut as well, and the engine's goes on once it may")
    func cutInTheDatabase() throws {
        let (store, database) = try server.store(readLimit: .milliseconds(50))
        let patient = try PostgreSQLStore(server.target(database, user: "daemon"))
        let holder = try server.session(database)
        try holder.run(script: "BEGIN; LOCK TABLE settings IN ACCESS EXCLUSIVE MODE", until: .now + .seconds(60))
        #expect { try store.read { try $0.setting("name") } } throws: { "\($0)".contains("no answer in time") }
        let looks = Atomic(0)
        ReadTurn(isWanted: { looks.wrappingAdd(1, ordering: .relaxed).newValue < 5 }).run {
            #expect { try patient.read { try $0.setting("name") } } throws: { if case SessionFault.unwanted = $0 { true } else { false } }
        }
        let read = Beside { try store.read(for: .engine) { try $0.setting("name") == nil } }
        // Those that were given up have gone, and the engine's waits.
        _ = try server.wait(
            "SELECT (count(*) = 1)::int::bigint FROM pg_stat_activity WHERE datname = '\(database)' AND wait_event = 'relation'")
        #expect(!read.hasEnded)
        try holder.run(script: "COMMIT", until: .now + .seconds(60))
        #expect(try read.value())
        for store in [store, patient] { store.close() }
    }

    @Test("A read sees one state, whatever is committed meanwhile")
    func state() throws {
        let (store, _) = try server.store()
        try store.commit(Self.batch(1))
        try store.read { snapshot in
            #expect(try snapshot.lastSeq() == 1)
            try store.commit(Self.batch(2))
            #expect(try snapshot.lastSeq() == 1)
        }
        #expect(try store.read { try $0.lastSeq() } == 2)
        store.close()
    }
}
