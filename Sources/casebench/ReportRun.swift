import CaseCore
import CaseTesting
import CaseWire
import Foundation
import GRDBSQLite

/// How long a report over many closed cases takes, beside a full count of them by the same library on the same file.
struct ReportRun {
    let total: Int

    func run() throws {
        let directory = TemporaryDirectory()
        var daemon = try DaemonProcess(in: directory)
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        daemon.terminate()
        let database = try open("\(directory.path)/state/cased.sqlite")
        try fill(database)
        let (counted, count) = try timed { try fullCount(database) }
        sqlite3_close_v2(database)
        print("\n\(total) closed cases of 5 years, 100 matters, 10 offices; a full count of them takes \(text(counted))")

        daemon = try DaemonProcess(in: directory)
        let client = try daemon.client()
        for (title, params) in [
            ("by office, all time", JSONValue.of(["by": "office"])), ("by matter, all time", .of(["by": "matter"])),
            ("by matter, one year", .of(["by": "matter", "from": "2022-01-01", "to": "2023-01-01"])),
            ("by office, one month", .of(["by": "office", "from": "2022-03-01", "to": "2022-04-01"])),
        ] {
            let (first, report) = try timed { try client.call("sla.report", params).get() }
            let again = try (0..<3).map { _ in try timed { try client.call("sla.report", params).get() }.0 }.min()!
            print("  \(pad(title, 24)) \(text(first)), again \(text(again))   full count / report = \(Int(counted / again))")
            guard params["from"] != nil || report["total"]?["decided"]?.integer == count else {
                throw RawSQLite.Failed(description: "the report counts \(report["total"]?["decided"] ?? .null) and not \(count)")
            }
        }
        daemon.terminate()
    }

    private func open(_ path: String) throws -> OpaquePointer {
        var database: OpaquePointer?
        guard sqlite3_open(path, &database) == SQLITE_OK, let database else { throw RawSQLite.Failed(description: "cannot open \(path)") }
        return database
    }

    /// Closed cases in the form of the store, and their figures by days as a full count gives them.
    private func fill(_ database: OpaquePointer) throws {
        let day = 86_400_000
        let measures = Measure.allCases.map(\.rawValue)
        func sum(_ name: String) -> String {
            switch name {
            case "received": "0"
            case "granted": "sum(state = 'granted')"
            case "refused": "sum(state = 'refused')"
            case "in_time": "sum(timeliness = 'in-time')"
            case "promise_missed": "sum(timeliness = 'promise-missed')"
            case "late": "sum(timeliness = 'late')"
            default: "0"
            }
        }
        let key = "closed_at / \(day), matter, office, leader, commissioner"
        try RawSQLite.execute(
            database,
            """
            PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(total))
            INSERT INTO cases (id, state, matter, office, leader, commissioner, handler, applicant, submitted_by, submitted_at, closed_at,
                suspended, warned, timeliness, running, provisional, ordered, inspected)
            SELECT i, CASE WHEN i % 7 = 0 THEN 'refused' ELSE 'granted' END, 'matter-' || (i * 7919 % 100), 'office-' || (i * 7919 % 10),
                'leader-' || (i * 7919 % 10), 'commissioner', 'handler', 'A', 'hall',
                1546300800000 + i * (1825 * \(day) / \(total)), 1546300800000 + i * (1825 * \(day) / \(total)) + (i % 20) * \(day), 0, 0,
                CASE WHEN i % 20 < 10 THEN 'in-time' WHEN i % 20 < 19 THEN 'promise-missed' ELSE 'late' END, 0, 0, 0, 0
            FROM n;
            INSERT INTO rollups (day, matter, office, leader, commissioner, \(measures.joined(separator: ", ")))
                SELECT \(key), \(measures.map(sum).joined(separator: ", ")) FROM cases GROUP BY 1, 2, 3, 4, 5;
            INSERT INTO handling SELECT \(key), (closed_at - submitted_at) / \(day) * 5 / 7, count(*) FROM cases GROUP BY 1, 2, 3, 4, 5, 6;
            INSERT INTO net_handling SELECT * FROM handling;
            COMMIT;
            """)
    }

    private func fullCount(_ database: OpaquePointer) throws -> Int64 {
        var statement: OpaquePointer?
        let sql = "SELECT matter, state, timeliness, count(*) FROM cases GROUP BY 1, 2, 3"
        guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else {
            throw RawSQLite.Failed(description: String(cString: sqlite3_errmsg(database)))
        }
        defer { sqlite3_finalize(statement) }
        var count: Int64 = 0
        while sqlite3_step(statement) == SQLITE_ROW { count += sqlite3_column_int64(statement, 3) }
        return count
    }

    private func timed<Value>(_ body: () throws -> Value) rethrows -> (Double, Value) {
        let start = microseconds()
        let value = try body()
        return (Double(microseconds() - start) / 1e6, value)
    }

    private func text(_ seconds: Double) -> String {
        String(format: "%.3f s", seconds)
    }
}
