import CaseCore
import CaseStore
import CaseWire
import Synchronization
import WorkingTime

/// The states that replicas of the store have come to, each with who may do what by it.
final class ReplicaStates: Sendable {
    /// Who is who, and which version counts, at a revision of the server's own journal.
    private struct Books {
        let revision: Int
        let catalogs: CatalogBook
        let principals: PrincipalBook
    }

    private let replicas: any ReadableStore
    /// The newest comes last.
    private let known = Mutex<[Books]>([])

    /// Replicas differ by little: so many states of the catalogue are held at once.
    private static let limit = 4

    init(_ replicas: any ReadableStore) {
        self.replicas = replicas
    }

    /// Runs `body` on one state.
    ///
    /// - Parameters:
    ///   - context: of the present.
    ///   - body: is given that state, what counts by it, and the instant of the last event in it.
    /// - Throws: what `body` throws; `StoreFault.interrupted` where no state can be read, or it went away meanwhile.
    func read<Value>(_ context: Engine.Context, _ body: (OneState, Engine.Context, Instant) throws -> Value) throws -> Value {
        try replicas.read { snapshot in
            let state = OneState(snapshot)
            guard let last = try snapshot.journalHead(before: .last),
                let asOf = try JSONReader.read(last.event)["at"]?.string.flatMap({ Instant($0) })
            else { throw StoreFault.interrupted("the replica has nothing yet") }
            let books = try books(state, at: try snapshot.lastRevision(of: .server), context.principals)
            var context = context
            (context.catalogs, context.principals) = (books.catalogs.reading(state), books.principals)
            return try body(state, context, asOf)
        }
    }

    private func books(_ state: OneState, at revision: Int, _ principals: PrincipalBook) throws -> Books {
        if let books = known.withLock({ $0.first { $0.revision == revision } }) { return books }
        let catalogs = try CatalogBook(state)
        let books = Books(revision: revision, catalogs: catalogs, principals: principals.by(catalogs))
        books.principals.learnUsers()
        known.withLock { known in
            known.removeAll { $0.revision == revision }
            known.append(books)
            if known.count > ReplicaStates.limit { known.removeFirst() }
        }
        return books
    }
}

/// One state of a store, as something that is read: all reads see the same. It is used while that state is, by the thread that reads it.
struct OneState: ReadableStore, @unchecked Sendable {
    private let snapshot: any StoreSnapshot

    init(_ snapshot: any StoreSnapshot) {
        self.snapshot = snapshot
    }

    func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        try body(snapshot)
    }

    /// It has no pages of its own.
    func scrub(from page: Int64, limit: Int) -> Int64? {
        nil
    }
}
