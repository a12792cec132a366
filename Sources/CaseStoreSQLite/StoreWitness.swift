import Foundation

/// What stands beside the store and says how far it had come: a store that has lost its end, its log or itself is then told from a new
/// one.
///
/// It is written after the log's checkpoints, at a clean stop and once a store has something in it, so that it is never ahead of what is
/// durable. Where it cannot be written, the one before still holds.
struct StoreWitness: Codable, Equatable {
    /// Which store it speaks of; a store that is made of a copy is another.
    let epoch: String
    /// A place in the journal that the store has reached.
    let seq: Int64
    /// Whether there is a log that holds what the file does not; nil is no.
    var hasLog: Bool?

    private static func path(in directory: StateDirectory) -> String {
        "\(directory.path)/cased.witness"
    }

    static func exists(in directory: StateDirectory) -> Bool {
        FileManager.default.fileExists(atPath: path(in: directory))
    }

    /// Looks for the log of a store before it is opened.
    ///
    /// - Throws: `StateDirectory.Unusable` where it is missing or damaged: what was acknowledged is lost with it, and opening the store
    ///   would hide that.
    static func checkLog(in directory: StateDirectory) throws(StateDirectory.Unusable) {
        let log = "\(directory.databasePath)-wal"
        let finding: LogCheck.Finding
        do { finding = try LogCheck.look(at: log) } catch {
            throw StateDirectory.Unusable(description: "\(log) cannot be read: \(error.localizedDescription)")
        }
        let mend = "restore the store from a backup; to go on without what is lost, remove \(path(in: directory))"
        switch finding {
        case .whole: return
        case .damaged(let frame):
            throw StateDirectory.Unusable(
                description: "\(log) is damaged at frame \(frame), and what was acknowledged stands behind it: \(mend) and \(log)")
        case .empty:
            guard let data = FileManager.default.contents(atPath: path(in: directory)),
                (try? JSONDecoder().decode(StoreWitness.self, from: data))?.hasLog == true
            else { return }
            throw StateDirectory.Unusable(
                description:
                    "\(log) is missing, and what was acknowledged last stood there, unless another program has brought it into the file: \(mend)"
            )
        }
    }

    /// Compares a store with its witness, where there is one.
    ///
    /// - Parameter found: what the store says; nil where it is missing or empty.
    /// - Throws: `StateDirectory.Unusable` where the store is not the one, or not all of it.
    static func check(_ found: StoreWitness?, in directory: StateDirectory) throws(StateDirectory.Unusable) {
        guard let data = FileManager.default.contents(atPath: path(in: directory)) else { return }
        guard let witness = try? JSONDecoder().decode(StoreWitness.self, from: data) else {
            throw StateDirectory.Unusable(
                description: "\(path(in: directory)) is damaged: look whether the store is whole, and remove it; it is made anew")
        }
        let mend = "restore it from a backup; to go on without what is lost, remove \(path(in: directory))"
        guard let found else {
            throw StateDirectory.Unusable(description: "\(directory.databasePath) is missing or empty, and there was a store: \(mend)")
        }
        guard found.epoch == witness.epoch else {
            throw StateDirectory.Unusable(description: "\(directory.databasePath) is another store than the one that was here: \(mend)")
        }
        guard found.seq >= witness.seq else {
            throw StateDirectory.Unusable(
                description: "\(directory.databasePath) ends at event \(found.seq), and it had come to \(witness.seq): \(mend)")
        }
    }

    /// - Returns: whether it is durable.
    @discardableResult
    func write(in directory: StateDirectory) -> Bool {
        let (path, part) = (StoreWitness.path(in: directory), StoreWitness.path(in: directory) + ".part")
        guard let data = try? JSONEncoder().encode(self),
            FileManager.default.createFile(atPath: part, contents: data + [UInt8(ascii: "\n")], attributes: [.posixPermissions: 0o600])
        else { return false }
        let file = open(part, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        guard fsync(file) == 0, rename(part, path) == 0 else { return false }
        directory.synchronize()
        return true
    }

    static func remove(in directory: StateDirectory) {
        unlink(path(in: directory))
    }
}
