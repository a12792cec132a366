import Foundation

/// The folder that holds a store, for one process at a time.
///
/// Two processes on one SQLite file can corrupt its log; the lock is held until the process ends, however it ends.
package final class StateDirectory: Sendable {
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
    }

    package let path: String
    private let lock: Int32

    /// Opens the folder, makes it where it is missing, and locks it.
    package init(_ path: String) throws(Unusable) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Unusable(description: "the state directory \(path) cannot be made: check its path and permissions")
        }
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw Unusable(
                description:
                    "the state directory \(path) cannot be written (\(String(cString: strerror(errno)))): give it to the user of cased")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw Unusable(description: "the state directory \(path) is in use by another cased: stop that one first")
        }
    }

    package var databasePath: String {
        "\(path)/cased.sqlite"
    }

    /// Makes new names in the folder durable.
    func synchronize() {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        fsync(folder)
        Foundation.close(folder)
    }

    /// Gives what is in the folder to whom the folder belongs, where root has made it.
    package func giveToOwner() {
        var entry = stat()
        guard geteuid() == 0, stat(path, &entry) == 0 else { return }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            lchown("\(path)/\(name)", entry.st_uid, entry.st_gid)
        }
    }

    /// What a cut left of copies that nobody waits for any more.
    func removeUnfinishedBackups() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where BackupFile.isUnfinished(name) {
            unlink("\(path)/\(name)")
        }
    }

    /// Also where the folder could be opened and not be locked.
    deinit {
        if lock >= 0 { Foundation.close(lock) }
    }
}
