import CaseCore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import Foundation
import GRDB
import Testing
import WorkingTime

@testable import CaseEngine

/// Copies of a store in which somebody has changed something by hand: they are refused, or what was changed is made anew.
@Suite("Copies changed by hand")
struct ChangedCopyTests {
    private let folder = TemporaryDirectory()
    private let copy: String

    /// A copy of a store with cases in several states, of two versions of the catalogue.
    init() async throws {
        let store = try Harness.store(folder)
        let harness = try await Harness(store)
        let files = [
            try await harness.submit("One"), try await harness.submit("Two"), try await harness.submit("Three"),
            try await harness.submit("Four"),
        ]
        for file in files[1...] { _ = try await harness.on(file, "case.accept", as: "otto").get() }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(ChangedRulesTests.holiday), uid: Harness.admin).get()
        _ = try await harness.on(
            files[1], "case.suspend", ["kind": "hearing", "basis": "Art. 46", "expected": "20 working-days"], as: "otto"
        ).get()
        _ = try await harness.on(files[2], "case.recommend", ["recommendation": "grant", "opinion": "in order"], as: "otto").get()
        _ = try await harness.on(files[2], "case.grant", as: "lena").get()
        try await harness.advance(to: "2026-02-27T01:00:00Z")
        copy = "\(folder.path)/copy.sqlite"
        try FileManager.default.moveItem(atPath: try store.backup().path, toPath: copy)
        await harness.engine.stop()
        try store.close()
    }

    /// Restores a copy that was changed; nil where it is refused.
    private func restored(_ sql: String) throws -> (folder: TemporaryDirectory, tables: [String])? {
        let (changed, target) = ("\(folder.path)/\(UUID().uuidString).sqlite", TemporaryDirectory())
        try FileManager.default.copyItem(atPath: copy, toPath: changed)
        let hand = try DatabaseQueue(path: changed)
        try hand.writeWithoutTransaction { try $0.execute(sql: sql) }
        try hand.close()
        do {
            _ = try BackupFile.restore(changed, to: try StateDirectory(target.path)) { try Restoration($0) }
        } catch {
            return nil
        }
        let queue = try DatabaseQueue(path: "\(target.path)/cased.sqlite")
        let tables = try queue.read { db in try Self.derived.map { try Self.content(of: $0, db) } }
        try queue.close()
        return (target, tables)
    }

    /// What only repeats what the journal says.
    private static let derived = ["cases", "deadlines", "rollups", "handling", "net_handling", "texts"]

    private static func content(of table: String, _ db: Database) throws -> String {
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { row in
            row.map { name, value in "\(name)=\(Data.fromDatabaseValue(value).map { Array($0) }?.description ?? value.description)" }
                .joined(separator: " ")
        }
        return "\(table)\n" + rows.sorted().joined(separator: "\n")
    }

    private func columns(_ table: String) throws -> [(name: String, type: String)] {
        let queue = try DatabaseQueue(path: copy)
        defer { try? queue.close() }
        return try queue.read { db in try Row.fetchAll(db, sql: "PRAGMA table_info(\(table))").map { ($0["name"], $0["type"]) } }
    }

    @Test("Whatever is changed in what only repeats the journal, the copy is refused or it is as the journal has it")
    func derived() throws {
        let clean = try #require(try restored("SELECT 1"))
        #expect(clean.tables.allSatisfy { $0.count(where: \.isNewline) >= 1 })
        var (refused, mended) = (0, 0)
        for table in Self.derived {
            var changes = ["DELETE FROM \(table)"]
            for column in try columns(table) {
                let value = column.type == "INTEGER" ? "coalesce(\(column.name), 0) + 1000000" : "coalesce(\(column.name), '') || 'x'"
                changes.append("UPDATE \(table) SET \(column.name) = \(value) WHERE rowid = (SELECT max(rowid) FROM \(table))")
                changes.append("UPDATE OR IGNORE \(table) SET \(column.name) = NULL")
            }
            // Tables without a rowid are changed by a condition that holds once.
            if ["rollups", "handling", "net_handling"].contains(table) {
                changes = changes.map {
                    $0.replacing(" WHERE rowid = (SELECT max(rowid) FROM \(table))", with: " WHERE day = (SELECT min(day) FROM \(table))")
                }
            }
            for sql in changes {
                let result: (folder: TemporaryDirectory, tables: [String])?
                do { result = try restored(sql) } catch let error as DatabaseError
                    where [.SQLITE_CONSTRAINT, .SQLITE_MISMATCH].contains(error.resultCode)
                {
                    continue
                }
                if let result {
                    mended += 1
                    #expect(result.tables == clean.tables, "\(sql)")
                } else {
                    refused += 1
                }
            }
        }
        #expect(refused > 10 && mended > 40, "\(refused) refused, \(mended) mended")
    }

    @Test(
        "A copy whose journal, catalogues or numbers do not fit together is refused",
        arguments: [
            "UPDATE journal SET revision = 10 WHERE seq = (SELECT max(seq) FROM journal WHERE case_id = 2)",
            "DELETE FROM catalogs WHERE version = 2; DELETE FROM catalog_files WHERE version = 2",
            "DELETE FROM catalogs WHERE version = 1",
            "DELETE FROM settings WHERE name = 'receipt-key'",
            "INSERT OR REPLACE INTO settings VALUES ('list-readings', '{\"ada\":\"2027-01-01T00:00:00Z\"}')",
            "UPDATE settings SET value = replace(value, '\"users\":{}', '\"users\":{\"7\":[\"lena\"]}') WHERE name = 'catalog-names'",
            "UPDATE settings SET value = replace(value, '\"permits\"', '\"parks\"') WHERE name = 'catalog-names'",
            "UPDATE settings SET value = replace(value, '\"identities\":{}', '\"identities\":{\"lena\":[\"A\"]}') WHERE name = 'catalog-names'",
            "UPDATE catalog_files SET text = replace(text, 'holder = \"lena\"', 'holder = \"otto\"') WHERE version = 1",
            "UPDATE catalog_files SET text = text || ' ' WHERE version = 2",
            "INSERT INTO catalogs SELECT 3, at, by, zones FROM catalogs WHERE version = 2; INSERT INTO catalog_files SELECT 3, name, text FROM catalog_files WHERE version = 2",
            "INSERT OR REPLACE INTO settings VALUES ('pending-catalog', '{\"effective\":\"2027-01-01T00:00:00Z\",\"by\":\"uid:0\",\"uid\":0,\"contributors\":[],\"keeps_users\":false,\"confirmer\":{\"by\":\"uid:1\",\"uid\":1},\"parameters\":{\"files\":{}}}')",
            "INSERT OR REPLACE INTO settings VALUES ('unconfirmed-catalog', '{\"confirmed\":1,\"versions\":[{\"version\":2,\"by\":\"uid:0\",\"uid\":0}]}')",
            "INSERT OR REPLACE INTO settings VALUES ('last-case-number', '9223372036854775800')",
            "INSERT OR REPLACE INTO settings VALUES ('floors', '9223372036854775800 9223372036854775800 9223372036854775800')",
            "UPDATE notices SET seq = 9223372036854775807 WHERE seq = (SELECT max(seq) FROM notices)",
            "UPDATE journal SET seq = 9223372036854775807 WHERE seq = (SELECT max(seq) FROM journal)",
            "UPDATE journal SET event = CAST('{' AS BLOB) WHERE case_id = 0",
        ])
    func refused(sql: String) throws {
        #expect(try restored(sql) == nil)
    }

    @Test("Whatever a setting of a copy says, it is refused or the store that is made of it opens")
    func settings() throws {
        let queue = try DatabaseQueue(path: copy)
        var names = try queue.read { try String.fetchAll($0, sql: "SELECT name FROM settings") }
        try queue.close()
        names += ["clock-hold", "reprojection", "pending-catalog", "last-case-number", "floors"].filter { !names.contains($0) }
        var refusedCount = 0
        for name in names {
            for value in ["rubbish", "{}", "-1", "9223372036854775807"] {
                guard let result = try restored("INSERT OR REPLACE INTO settings VALUES ('\(name)', '\(value)')") else {
                    refusedCount += 1
                    continue
                }
                let store = try SQLiteStore(try StateDirectory(result.folder.path))
                let time = ManualTime(Instant("2026-02-06T01:00:00Z")!)
                #expect(throws: Never.self, "\(name) = \(value)") {
                    _ = try EngineMachine(store: store, time: time, log: .init(label: "test"))
                }
                try store.close()
            }
        }
        #expect(refusedCount > names.count)
    }
}
