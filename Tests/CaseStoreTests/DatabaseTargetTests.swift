import Foundation
import Testing

@testable import CaseStorePostgreSQL

@Suite("How a database is named")
struct DatabaseTargetTests {
    @Test(
        "A password in it is refused, and what cannot be read as well, without a word of it",
        arguments: [
            ("postgresql://cased:secret@db1/cased", "named with a password"),
            ("host=db1 dbname=cased password=secret", "named with a password"),
            ("postgresql://cased@db1/cased?sslpassword=secret", "named with a password"), ("secret", "cannot be read: write it as in"),
            ("host=db1 secret=yes", "cannot be read: write it as in"), ("mysql://secret@db1", "cannot be read: write it as in"),
        ])
    func refused(text: String, sentence: String) throws {
        let refusal = try #require(throws: PostgreSQLStore.Unusable.self) { try DatabaseTarget(text) }
        #expect(!refusal.mayPass && refusal.description.contains(sentence) && !refusal.description.contains("secret"))
    }

    @Test("A node has a name that PostgreSQL keeps whole")
    func nodes() {
        #expect(DatabaseTarget.isNode("n1.example_a-b") && DatabaseTarget.isNode(DatabaseTarget.ownNode))
        #expect(DatabaseTarget.isNode(String(repeating: "a", count: 40)) && !DatabaseTarget.isNode(String(repeating: "a", count: 41)))
        for text in ["", "a b", "é", "a\0"] { #expect(!DatabaseTarget.isNode(text)) }
    }

    @Test(
        "Of several hosts each is tried, and who answered last comes first",
        .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
    func hosts() throws {
        let server = PostgreSQLServer.shared
        let target = try DatabaseTarget("host=/nowhere,/nowhere/else,\(server.folder) dbname=postgres user=postgres", node: "n1")
        let session = try target.open(for: .seconds(30))
        #expect(session.host == server.folder && session.port == "5432" && session.name.hasSuffix(" n1"))
        #expect(session.name.hasPrefix("cased ") && session.name.split(separator: " ").count == 3)
        #expect(try session.run([Statement("SHOW application_name")], until: .now + .seconds(30))[0][0].text(0) == session.name)
        #expect(try target.open(for: .seconds(30)).host == server.folder)
        let nobody = try DatabaseTarget("host=/nowhere,/nowhere/else dbname=postgres")
        #expect { try nobody.open(for: .seconds(30)) } throws: { "\($0)".contains("/nowhere/else") }
    }

    @Test(
        "A standby among several hosts is passed over",
        .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
    func standby() throws {
        let (primary, standby) = (PostgreSQLServer.shared, try PostgreSQLServer())
        try standby.restart { data in try Data().write(to: URL(fileURLWithPath: "\(data)/standby.signal")) }
        let hosts = "host=\(standby.folder),\(primary.folder) dbname=postgres user=postgres"
        #expect(try DatabaseTarget(hosts).open(for: .seconds(30)).host == primary.folder)
        #expect(try DatabaseTarget("\(hosts) target_session_attrs=any").open(for: .seconds(30)).host == standby.folder)
    }
}
