import CaseWire
import Foundation

/// A file that holds what it held or all of what is written, never a part. Only an ordinary file is replaced: a device or a pipe under
/// that name stays what it is, and a link keeps leading to its file.
struct WholeFile {
    /// Where the content goes, beside the place that it takes in the end.
    private let part: String
    private let path: String
    /// What the user called it.
    private let name: String
    /// That of what it replaces; nil where there is nothing.
    private var mode: mode_t?
    let handle: FileHandle

    /// - Parameter isPrivate: whether nobody else may read it, also where others could read what it replaces.
    /// - Throws: a `Failure` where nothing can be written there.
    init(replacing name: String, isPrivate: Bool = false) throws {
        var entry = stat()
        var target = name
        if stat(name, &entry) == 0 {
            guard entry.st_mode & S_IFMT == S_IFREG else {
                throw Failure(
                    code: .unwritable, message: "\(name) is no ordinary file, and nothing is put in its place", hint: "name a file")
            }
            target = URL(fileURLWithPath: name).resolvingSymlinksInPath().path
            mode = entry.st_mode & 0o777
        } else if lstat(name, &entry) == 0 {
            throw Failure(code: .unwritable, message: "\(name) leads nowhere", hint: "remove it, or name another file")
        }
        if isPrivate { mode = 0o600 }
        self.name = name
        path = target
        part = "\(target).part"
        let descriptor = open(part, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
        guard descriptor >= 0 else { throw WholeFile.unwritable(name, errno) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // What a killed program left behind is taken over; what another one writes, or somebody else has put there, is not.
        var named = stat()
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &entry) == 0, lstat(part, &named) == 0,
            entry.st_ino == named.st_ino, entry.st_mode & S_IFMT == S_IFREG, entry.st_uid == geteuid(), entry.st_nlink == 1,
            ftruncate(descriptor, 0) == 0, mode.map({ fchmod(descriptor, $0) == 0 }) ?? true
        else {
            throw Failure(
                code: .unwritable, message: "\(part) is in use", hint: "wait until the other program has ended, or remove it")
        }
    }

    /// Puts what was written in its place, durably; where that cannot be, nothing has changed.
    func finish() throws {
        guard fsync(handle.fileDescriptor) == 0, rename(part, path) == 0 else {
            let number = errno
            abandon()
            throw WholeFile.unwritable(name, number)
        }
    }

    func abandon() {
        unlink(part)
    }

    /// Writes a whole text.
    static func write(_ text: String, to name: String) throws {
        let file = try WholeFile(replacing: name)
        if let number = writeAll(Array(text.utf8), to: file.handle.fileDescriptor) {
            file.abandon()
            throw unwritable(name, number)
        }
        try file.finish()
    }

    static func unwritable(_ name: String, _ number: Int32) -> Failure {
        Failure(
            code: .unwritable, message: "\(name) cannot be written: \(String(cString: strerror(number)))",
            hint: "make room, mend its permissions, or name another file")
    }
}
