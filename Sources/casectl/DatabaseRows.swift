import CasePages
import CaseWire

/// What the status shows of a database that keeps the store.
enum DatabaseRows {
    /// What somebody should do something about.
    static func remarks(_ database: JSONValue) -> [String] {
        guard database["synchronous"]?.bool == true else {
            return [
                "! commits wait for no other server: what was acknowledged is lost with this one (its synchronous_standby_names is empty)"
            ]
        }
        let standbys = database["standbys"]?.array ?? []
        let isHidden = standbys.contains { $0["name"]?.isNull == true }
        guard !isHidden, !standbys.contains(where: { $0["awaited"]?.bool == true }) else { return [] }
        return ["! commits wait for a standby, and none is there: look at the replicas of the database"]
    }

    fileprivate static func standby(_ standby: JSONValue) -> String {
        guard let name = standby.cell("name") else {
            return Say.line("one is there; its role may not see more (GRANT pg_read_all_stats)")
        }
        let bytes = (standby["behind_bytes"]?.integer).map(StoreSize.text) ?? "?"
        let delay = standby.cell("behind_ms") ?? "0"
        return standby["awaited"]?.bool == true
            ? Say.fill("{}, which commits wait for, {} and {} ms behind", name, bytes, delay)
            : Say.fill("{}, {} and {} ms behind", name, bytes, delay)
    }
}

extension Table {
    /// Which node this is, which server is the primary, who follows it, and who writes.
    mutating func add(database: JSONValue) {
        add(["node", database.cell("node")])
        let (host, port) = (database.cell("host") ?? "", database.cell("port") ?? "")
        add(["database", Say.fill("{}, port {}, PostgreSQL {}", host, port, database.cell("version") ?? "")])
        add(["replication", Say.line(database["synchronous"]?.bool == true ? "commits wait for a standby" : "commits wait for nobody")])
        for standby in database["standbys"]?.array ?? [] { add(["standby", DatabaseRows.standby(standby)]) }
        let head = database["head"] ?? .null
        add([
            "head held by", head.cell("node").map { Say.fill("{}, for {} ms", $0, head.cell("for_ms") ?? "") } ?? Say.line("nobody now"),
        ])
    }
}
