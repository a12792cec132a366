import CaseTesting
import Foundation
import Testing

/// What a set-up of databases has to do for us, by their own tools.
@Suite(
    "Databases under Patroni", .serialized, Drills.asked,
    .enabled(if: DatabaseCluster.isThere, Comment(rawValue: DatabaseCluster.whereFrom)))
struct OldPrimaryDrillTests {
    @Test("An old primary comes back with a commit that nobody has but it: it is rewound, and what others acknowledged since is everywhere")
    func rewound() throws {
        let namespaces = try Namespaces(DatabaseCluster.machines, megabytes: 512)
        let cluster = try DatabaseCluster(namespaces)
        let old = try #require(cluster.primary)
        let others = DatabaseCluster.machines.filter { $0 != old }
        func words(_ machine: String) throws -> String {
            try cluster.database(machine).ask("SELECT string_agg(word, ' ' ORDER BY word) FROM said")
        }
        func timeline() -> Int64 { cluster.members().compactMap(\.timeline).max() ?? 0 }
        _ = try cluster.database(old).ask("CREATE TABLE said (word text); INSERT INTO said VALUES ('a-before')")
        let before = timeline()

        try namespaces.cut(old, .both)
        // It is the primary still, and does not know better; who asks for a replica's word is not answered.
        _ = try cluster.database(old).ask("SET synchronous_commit = local; INSERT INTO said VALUES ('b-alone')")
        #expect(throws: Namespaces.Failed.self) { _ = try cluster.database(old).ask("INSERT INTO said VALUES ('c-unanswered')") }
        // So that it cannot step down in good order, and comes back as it was.
        try namespaces.kill(old)
        try wait(seconds: 60, for: "another primary") { cluster.primary.map { $0 != old } ?? false }
        try cluster.waitForWrites()
        let new = try #require(cluster.primary)
        _ = try cluster.database(new).ask("INSERT INTO said VALUES ('d-after')")

        try namespaces.mend(old)
        try cluster.restart(old)
        try cluster.waitUntilWhole()
        for machine in [new] + others + [old] {
            try wait(seconds: 30, for: "what was acknowledged, on \(machine)") { try words(machine) == "a-before d-after" }
        }
        let log = try String(contentsOfFile: "\(namespaces.folder)/\(old)/patroni.log", encoding: .utf8)
        let said = log.split(separator: "\n").filter { $0.contains("pg_rewind") }
        #expect(!said.isEmpty && timeline() > before, "\(cluster.database(old).log)")
        print("the old primary was on timeline \(before), all are on \(timeline()) now; it said:")
        for line in said { print("  \(line)") }
    }
}
