import CaseStorePostgreSQL

/// Where a store is: in a folder, or in a database.
enum StoreTarget {
    case folder(String)
    case database(String)

    /// - Parameter text: `postgresql://…`, or a path.
    /// - Throws: `Unusable` where it has a password in it, or names nothing.
    init(_ text: String) throws(Unusable) {
        guard ["postgresql://", "postgres://"].contains(where: { text.hasPrefix($0) }) else {
            guard !text.isEmpty else {
                throw Unusable("no place is named: write a folder's path, or postgresql:// and where the database is")
            }
            guard !text.contains("=") || text.hasPrefix("/") || text.hasPrefix("./") else {
                throw Unusable(
                    "\(text) is no folder's path: write a database as postgresql://cased@db1/cased, and a folder whose name has = in it with ./ before"
                )
            }
            self = .folder(text)
            return
        }
        do {
            _ = try DatabaseTarget(text)
        } catch {
            throw Unusable(error)
        }
        self = .database(text)
    }
}
