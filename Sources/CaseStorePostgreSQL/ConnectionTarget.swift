import CLibPQ

/// What somebody writes to name a database.
package enum ConnectionTarget {
    /// Whether a text names a database, and no folder.
    package static func isMeant(by text: String) -> Bool {
        ["postgresql://", "postgres://"].contains { text.hasPrefix($0) }
    }

    /// Why a target cannot be used, in one sentence; nil where libpq can read it. A password in it is seen by whoever lists processes, and
    /// would be kept in logs.
    package static func fault(in target: String) -> String? {
        var message: UnsafeMutablePointer<CChar>?
        defer { PQfreemem(message) }
        guard let options = PQconninfoParse(target, &message) else {
            return "the target cannot be read (\(Diagnostic.line(message))): write it as in postgresql://db.example/cased"
        }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if ["password", "sslpassword"].contains(String(cString: keyword)), option.pointee.val != nil {
                return "the target has a password in it, which others can see: put it into a file that PGPASSFILE names"
            }
            option += 1
        }
        return nil
    }
}
