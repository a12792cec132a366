/// A store that lies in a database, which others run and copy.
package protocol DatabaseStore: CaseStore {
    /// By which the database, and the catalogue, know this daemon.
    var node: String { get }

    /// Where the store lies now, and who else has it.
    ///
    /// - Throws: `StoreFault.interrupted` where the database cannot be asked.
    func standing() throws -> DatabaseStanding
}

/// How a database stands, as far as the daemon's role may see it.
package struct DatabaseStanding: Sendable, Equatable {
    /// A server that follows the primary.
    package struct Standby: Sendable, Equatable {
        /// By which the primary knows it (`application_name`); nil where the role may not see it, and then the rest is nil as well.
        package let name: String?
        /// Whether commits wait for it, alone or as one of several.
        package let isAwaited: Bool?
        /// How much of the primary's log it has not made durable yet, in bytes.
        package let bytesBehind: Int64?
        /// How long it took of late until something was durable there, in milliseconds; nil where nothing was written of late.
        package let millisecondsBehind: Int64?

        package init(name: String?, isAwaited: Bool?, bytesBehind: Int64?, millisecondsBehind: Int64?) {
            (self.name, self.isAwaited) = (name, isAwaited)
            (self.bytesBehind, self.millisecondsBehind) = (bytesBehind, millisecondsBehind)
        }
    }

    /// Who holds the head.
    package struct Holder: Sendable, Equatable {
        package let node: String
        /// How long the transaction has been open, in milliseconds.
        package let milliseconds: Int64

        package init(node: String, milliseconds: Int64) {
            (self.node, self.milliseconds) = (node, milliseconds)
        }
    }

    /// By which the database knows this daemon.
    package let node: String
    /// The primary: its name or address, or the folder of its socket.
    package let host: String
    package let port: String
    /// The version of the server, such as 15.18.
    package let version: String
    /// Whether commits wait for a standby.
    package let isSynchronous: Bool
    package let standbys: [Standby]
    /// Nil where nobody does.
    package let holder: Holder?

    package init(
        node: String, host: String, port: String, version: String, isSynchronous: Bool, standbys: [Standby], holder: Holder?
    ) {
        (self.node, self.host, self.port, self.version) = (node, host, port, version)
        (self.isSynchronous, self.standbys, self.holder) = (isSynchronous, standbys, holder)
    }
}
