import CaseCore

/// What a database has to be, so that what it has acknowledged is durable, and what it returns is what was written.
enum DatabaseCheck {
    private static let demands = [
        ("data_checksums", "on", "switch them on with pg_checksums, so that a damaged page is noticed"),
        ("fsync", "on", "switch it on, so that a commit survives a power cut"),
        ("full_page_writes", "on", "switch it on, so that a page that a power cut tears is whole again"),
        ("zero_damaged_pages", "off", "switch it off, so that a damaged page is refused, and not emptied"),
        ("ignore_checksum_failure", "off", "switch it off, so that a damaged page is refused, and not read"),
        ("synchronous_commit", "on", "let the role set it, so that a commit that was acknowledged is durable"),
    ]
    private static let oldestVersion = 150_000

    /// Why a server of a version, such as 150018 for 15.18, is of no use to a store; nil where it is of use.
    static func fault(ofVersion version: Int) -> PostgreSQLStore.Unusable? {
        version >= oldestVersion ? nil : unusable("it is PostgreSQL \(version / 10_000): install 15 or a later one")
    }

    /// Why the database of a session is of no use to a store; nil where it is of use.
    ///
    /// - Parameter isReplica: whether it only has to be one that is read.
    static func fault(
        _ session: Session, isReplica: Bool, until end: ContinuousClock.Instant
    ) throws(SessionFault) -> PostgreSQLStore.Unusable? {
        let names = ["server_encoding", "transaction_read_only"] + demands.map(\.0)
        let found = try session.run(
            [
                Statement("SELECT current_setting(name) FROM unnest($1) WITH ORDINALITY AS n (name, place) ORDER BY place", .names(names)),
                Statement("SELECT pg_is_in_recovery()::int::bigint"),
            ], until: end)
        let values = Dictionary(uniqueKeysWithValues: zip(names, found[0].map { $0.text(0) }))
        let isStandby = found[1].first.map { $0.integer(0) } != 0
        if isStandby, !isReplica { return unusable("it is a standby: name the primary", mayPass: true) }
        if values["server_encoding"] != "UTF8" {
            return unusable("its encoding is \(values["server_encoding"]!): make one with ENCODING 'UTF8'")
        }
        if values["transaction_read_only"] != "off", !isReplica {
            return unusable("it lets nobody write: see default_transaction_read_only", mayPass: true)
        }
        return demands.first { values[$0.0] != $0.1 }.map { unusable("it has \($0.0) = \(values[$0.0]!): \($0.2)") }
    }

    private static func unusable(_ what: String, mayPass: Bool = false) -> PostgreSQLStore.Unusable {
        PostgreSQLStore.Unusable(description: "the database cannot be used: \(what)", mayPass: mayPass)
    }
}
