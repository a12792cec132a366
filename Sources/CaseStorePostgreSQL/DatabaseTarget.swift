import CLibPQ
import Glibc
import Synchronization

/// Where a database is, and as whom it is used: a URI or `name=value` pairs, as libpq reads them.
///
/// Of several hosts one after the other is tried, each for a part of the time, and the one first that answered last. libpq would try them
/// as well, but one that does not answer at all would take all the time.
package final class DatabaseTarget: Sendable {
    /// By which the database knows who uses it.
    package let node: String

    private let common: [(name: String, value: String)]
    private let servers: [[(name: String, value: String)]]
    private let first = Mutex(0)

    /// So long may the name of a node be: with what stands before it, it is a name of PostgreSQL's.
    package static let nodeLimit = 40
    /// What is a secret, and would be seen by everybody who lists processes.
    private static let secrets: Set = ["password", "sslpassword"]

    /// - Parameters:
    ///   - text: without a password.
    ///   - node: of letters, digits, dots, hyphens and underscores (`isNode`).
    ///   - passfile: a file of passwords, where the text names none.
    /// - Throws: `Unusable`, which never repeats the text: there could be a password in it.
    package init(_ text: String, node: String = "node", passfile: String? = nil) throws(PostgreSQLStore.Unusable) {
        self.node = node
        var settings = try DatabaseTarget.settings(text)
        guard settings.allSatisfy({ !DatabaseTarget.secrets.contains($0.name) }) else {
            throw PostgreSQLStore.Unusable(
                description:
                    "the database is named with a password, which everybody can see: take it out, and name a file of passwords with PGPASSFILE, or hand it over as the credential cased.pgpass",
                mayPass: false)
        }
        if let passfile, !settings.contains(where: { $0.name == "passfile" }) { settings.append(("passfile", passfile)) }
        let places: Set = ["host", "hostaddr", "port"]
        let lists = settings.filter { places.contains($0.name) }.map { setting in
            (name: setting.name, values: setting.value.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        }
        let count = lists.filter { $0.name != "port" }.map(\.values.count).max() ?? 1
        // Lists that do not fit each other are libpq's to refuse.
        let isSplit = count > 1 && lists.allSatisfy { $0.values.count == count || $0.name == "port" && $0.values.count == 1 }
        if count > 1, !settings.contains(where: { $0.name == "target_session_attrs" }) {
            settings.append(("target_session_attrs", "primary"))
        }
        common = isSplit ? settings.filter { !places.contains($0.name) } : settings
        servers =
            isSplit
            ? (0..<count).map { place in lists.map { ($0.name, $0.values[$0.values.count == 1 ? 0 : place]) } } : [[]]
    }

    private init(_ common: [(name: String, value: String)], _ servers: [[(name: String, value: String)]], node: String) {
        (self.common, self.servers, self.node) = (common, servers, node)
    }

    /// Those of its servers that follow the primary, whichever they are by then; nil where it names one server alone.
    package var standbys: DatabaseTarget? {
        guard servers.count > 1 else { return nil }
        let attribute = "target_session_attrs"
        return DatabaseTarget(common.filter { $0.name != attribute } + [(attribute, "standby")], servers, node: node)
    }

    /// Whether a text can be the name of a node.
    package static func isNode(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= nodeLimit && text.allSatisfy { isOfNode($0) }
    }

    private static func isOfNode(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
    }

    /// The name of this machine, as a node's.
    package static var ownNode: String {
        var name = [UInt8](repeating: 0, count: 256)
        let isKnown = name.withUnsafeMutableBytes { gethostname($0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count - 1) } == 0
        let text = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        return isKnown && !text.isEmpty ? String(text.prefix(nodeLimit).map { isOfNode($0) ? $0 : "-" }) : "node"
    }

    /// What stands in a text, by libpq's own names.
    private static func settings(_ text: String) throws(PostgreSQLStore.Unusable) -> [(name: String, value: String)] {
        guard let options = PQconninfoParse(text, nil) else {
            throw PostgreSQLStore.Unusable(
                description:
                    "how the database is named cannot be read: write it as in postgresql://cased@db1,db2,db3/cased, or \"host=db1 dbname=cased user=cased\"",
                mayPass: false)
        }
        defer { PQconninfoFree(options) }
        var (settings, place): ([(name: String, value: String)], Int) = ([], 0)
        while let name = options[place].keyword {
            if let value = options[place].val { settings.append((String(cString: name), String(cString: value))) }
            place += 1
        }
        return settings
    }

    /// Opens a session with the first server that takes it.
    ///
    /// - Throws: why none does.
    func open(for limit: Duration) throws(SessionFault) -> Session {
        let start = first.withLock { $0 }
        var faults: [SessionFault] = []
        for step in servers.indices {
            let place = (start + step) % servers.count
            do throws(SessionFault) {
                let session = try Session(common + servers[place], node: node, until: .now + limit / servers.count)
                first.withLock { $0 = place }
                return session
            } catch {
                faults.append(error)
            }
        }
        // What all of them say does not pass by itself.
        guard faults.count > 1, !faults.allSatisfy(\.isUnwelcome) else { throw faults[0] }
        throw .lost(faults.map { if case .lost(let what) = $0 { what } else { "\($0)" } }.joined(separator: "; "))
    }
}
