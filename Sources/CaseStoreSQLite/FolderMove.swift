import CaseStore
import Foundation
import Synchronization

/// A folder at either end of a move, by the store that is open in it.
package protocol FolderPlace: StoreTables {
    var store: SQLiteStore { get }
}

extension FolderPlace {
    package func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        try store.read(for: .engine, body)
    }

    package func scrub(from page: Int64, limit: Int) throws -> Int64? {
        try store.scrub(from: page, limit: limit)
    }

    package func tables() throws -> [StoreTable] {
        try store.look(StoreTable.all)
    }

    package func eachPage(of table: StoreTable, _ body: ([StoredRow]) throws -> Void) throws {
        try store.look { try table.eachPage($0, body) }
    }
}

/// A folder whose store is moved to another place. Its lock is held as long as this is there.
package final class FolderSource: MoveSource, FolderPlace {
    package let name: String
    private let directory: StateDirectory
    package let store: SQLiteStore

    /// - Throws: `StateDirectory.Unusable`, also where there is no store.
    package init(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: "\(path)/cased.sqlite") else {
            throw StateDirectory.Unusable(description: "there is no store in \(path): name the folder of one")
        }
        name = URL(fileURLWithPath: path).standardizedFileURL.path
        directory = try StateDirectory(path)
        store = try SQLiteStore(directory)
        // What was erased is not in the log any more.
        store.rest()
    }

    package func leave(for place: String) throws {
        var batch = Batch()
        batch.settings[MovedStore.settingName] = place
        try store.commit(batch)
    }

    /// All that the log holds is in the file, and the folder's files belong to whom the folder does.
    package func close() {
        try? store.close()
        directory.giveToOwner()
    }
}

/// A folder to which a store is moved: it comes to a file of another name, which takes its own in one last step.
package final class FolderDestination: MoveDestination, FolderPlace {
    package let name: String
    private let directory: StateDirectory
    private let file: BackupFile
    package let store: SQLiteStore
    private let isClosed = Mutex(false)

    /// - Parameter path: of a folder that is made if missing.
    /// - Throws: `StateDirectory.Unusable`, also where there is a store.
    package init(_ path: String) throws {
        directory = try StateDirectory(path)
        name = URL(fileURLWithPath: path).standardizedFileURL.path
        file = try BackupFile(madeIn: directory)
        store = try SQLiteStore(directory, restoring: file)
    }

    package func write(_ rows: [StoredRow], to table: StoreTable) throws {
        try store.fill { try table.write(rows, $0) }
    }

    package func settle() throws {
        // A move that is cut from here on leaves word that there was to be a store, and can be made again.
        try store.vouch()
        try close()
        directory.giveToOwner()
    }

    private func close() throws {
        try isClosed.withLock { isClosed in
            guard !isClosed else { return }
            isClosed = true
            try store.close()
        }
    }

    package func open() throws {
        try file.takePlace(in: directory)
    }

    /// Takes away what is not there yet.
    deinit {
        try? close()
        file.remove()
        directory.giveToOwner()
    }
}
