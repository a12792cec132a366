import Foundation

/// The folder that holds a store, for one process at a time.
///
/// Two processes on one SQLite file can corrupt its log; the lock is held until the process ends, however it ends.
package final class StateDirectory: Sendable {
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
        /// Whether it may pass without anybody doing anything to the store, such as a disk that is full or away.
        package let mayPass: Bool

        package init(description: String, mayPass: Bool = false) {
            self.description = description
            self.mayPass = mayPass
        }
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
        try StateDirectory.makePrivate(path)
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            let number = errno
            let mend = number == ENOSPC ? "make room" : number == EROFS ? "mount it for writing" : "give it to the user of cased"
            throw Unusable(
                description: "the state directory \(path) cannot be written (\(String(cString: strerror(number)))): \(mend)",
                mayPass: [ENOSPC, EIO].contains(number))
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw Unusable(description: "the state directory \(path) is in use by another cased: stop that one first")
        }
        for name in StateDirectory.ownNames { try StateDirectory.makePrivateFile("\(path)/\(name)") }
        forOwnFiles { fchmod($0, 0o600) }
    }

    /// One of the server's own files, where it is there: nobody else may have a way to it.
    private static func makePrivateFile(_ path: String) throws(Unusable) {
        var entry = stat()
        guard lstat(path, &entry) == 0 else { return }
        guard entry.st_mode & S_IFMT == S_IFREG else {
            throw Unusable(description: "\(path) is no ordinary file: move it away, and put the file itself in its place")
        }
        guard entry.st_nlink == 1 else {
            throw Unusable(description: "\(path) has a second name elsewhere, by which others may read it: copy it, and remove that name")
        }
        guard entry.st_mode & 0o077 == 0 || chmod(path, entry.st_mode & 0o600) == 0 else {
            throw Unusable(
                description:
                    "\(path) lets others in and cannot be closed (\(String(cString: strerror(errno)))): give it to the user of cased, or chmod 600 it"
            )
        }
    }

    /// A folder that was there may let others in: they would read cases, and the key of receipts.
    private static func makePrivate(_ path: String) throws(Unusable) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Who may not even look into it finds out below.
        guard folder >= 0 else { return }
        defer { Foundation.close(folder) }
        var entry = stat()
        guard fstat(folder, &entry) == 0, entry.st_mode & 0o077 != 0, fchmod(folder, entry.st_mode & 0o700) != 0 else { return }
        throw Unusable(
            description:
                "the state directory \(path) lets others in and cannot be closed (\(String(cString: strerror(errno)))): chmod 700 it"
        )
    }

    /// Whether the lock that is held is the one that another process would find.
    var isLocked: Bool {
        var (held, found) = (stat(), stat())
        return fstat(lock, &held) == 0 && stat("\(path)/lock", &found) == 0 && held.st_dev == found.st_dev && held.st_ino == found.st_ino
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

    private static let ownNames: Set<String> = [
        "lock", "cased.sqlite", "cased.sqlite-wal", "cased.sqlite-shm", "cased.sqlite-journal", "cased.witness", "cased.witness.part",
    ]

    /// Gives the server's own files in the folder to whom the folder belongs, where root has made them.
    package func giveToOwner() {
        var folder = stat()
        guard geteuid() == 0, stat(path, &folder) == 0 else { return }
        forOwnFiles { fchown($0, folder.st_uid, folder.st_gid) }
    }

    /// Calls `body` with each of the server's own files in the folder, open. A file with a second name elsewhere is somebody else's, and
    /// stays as it is.
    private func forOwnFiles(_ body: (Int32) -> Void) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        where StateDirectory.ownNames.contains(name) || BackupFile.isUnfinished(name) {
            let file = open("\(path)/\(name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard file >= 0 else { continue }
            defer { Foundation.close(file) }
            var entry = stat()
            guard fstat(file, &entry) == 0, entry.st_mode & S_IFMT == S_IFREG, entry.st_nlink == 1 else { continue }
            body(file)
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
