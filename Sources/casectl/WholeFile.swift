import CaseWire
import FoundationEssentials
import Glibc
import SystemPackage

/// A file that holds what it held or all of what is written, never a part. Only an ordinary file is replaced: a device or a pipe under
/// that name stays what it is, and a link keeps leading to its file.
final class WholeFile: Sendable {
    /// What the user called it.
    private let name: String
    /// Where links lead from there.
    private let path: String
    /// A name beside it that nobody else uses; nil where the content has no name until it is whole.
    private let part: String?
    /// Open for writing as long as this is.
    let descriptor: Int32

    deinit {
        close(descriptor)
    }

    /// - Parameter isPrivate: whether nobody else may read it, also where others could read what it replaces.
    /// - Throws: a `Failure` where nothing can be written there.
    init(replacing name: String, isPrivate: Bool = false) throws {
        try WholeFile.requireOrdinary(name)
        var entry = stat()
        let isThere = stat(name, &entry) == 0
        if !isThere, lstat(name, &entry) == 0 {
            throw Failure(code: .uncreatable, message: "\(name) leads nowhere", hint: "remove it, or name another file")
        }
        self.name = name
        path = isThere ? try WholeFile.resolved(name) : name
        let mask = umask(0)
        umask(mask)
        let mode = isPrivate ? 0o600 : isThere ? entry.st_mode & 0o777 : 0o666 & ~mask
        let folder = WholeFile.folder(of: path)
        // A program that is ended leaves nothing behind where the file system can keep a file without a name.
        var descriptor = open(folder, WholeFile.nameless | O_WRONLY | O_CLOEXEC, 0o600)
        var part: String?
        if descriptor < 0 {
            var template = Array("\(path).part-XXXXXX".utf8CString)
            descriptor = mkstemp(&template)
            guard descriptor >= 0 else { throw WholeFile.uncreatable(name, errno) }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            part = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        }
        self.part = part
        self.descriptor = descriptor
        // Who owned it goes on reading it, where this user can give files away.
        if isThere, !isPrivate { _ = fchown(descriptor, entry.st_uid, entry.st_gid) }
        guard fchmod(descriptor, mode) == 0 else {
            let number = errno
            abandon()
            throw WholeFile.unwritable(name, number)
        }
    }

    /// `O_TMPFILE`, which Swift does not take over from the headers.
    private static let nameless: Int32 = 0o20000000 | O_DIRECTORY

    private static func folder(of path: String) -> String {
        let folder = FilePath(path).removingLastComponent()
        return folder.isEmpty ? "." : folder.string
    }

    private static func resolved(_ name: String) throws -> String {
        guard let resolved = realpath(name, nil) else { throw unwritable(name, errno) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Refuses a name that stands for something else than an ordinary file, before it is read or written.
    static func requireOrdinary(_ name: String) throws {
        var entry = stat()
        guard stat(name, &entry) == 0, entry.st_mode & S_IFMT != S_IFREG else { return }
        throw Failure(code: .uncreatable, message: "\(name) is no ordinary file, and nothing is put in its place", hint: "name a file")
    }

    /// Refuses, before work is done for it, a name under which no file can be made.
    static func requireCreatable(_ name: String) throws {
        try WholeFile(replacing: name).abandon()
    }

    /// Puts what was written in its place, durably; where that cannot be, nothing has changed.
    func finish() throws {
        try finish { source in
            // It may have become something else meanwhile.
            try WholeFile.requireOrdinary(path)
            guard rename(source, path) == 0 else { throw WholeFile.unwritable(name, errno) }
        }
    }

    /// The same where nothing stands in its place.
    ///
    /// - Returns: false where something does, which stays as it is.
    func finishNew() throws -> Bool {
        var isNew = true
        try finish { source in
            var number = link(source, path) == 0 ? 0 : errno
            // A file system without links: the name is taken first.
            if number != 0, number != EEXIST {
                let taken = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
                number = taken < 0 || rename(source, path) != 0 ? errno : 0
                if taken >= 0 { close(taken) }
            }
            guard [0, EEXIST].contains(number) else { throw WholeFile.unwritable(name, number) }
            isNew = number == 0
            unlink(source)
        }
        return isNew
    }

    /// - Parameter put: brings the content from a name beside it to its own.
    private func finish(_ put: (String) throws -> Void) throws {
        do {
            guard fsync(descriptor) == 0 else { throw WholeFile.unwritable(name, errno) }
            let source = try part ?? named()
            do { try put(source) } catch {
                unlink(source)
                throw error
            }
        } catch {
            abandon()
            throw error
        }
        let folder = open(WholeFile.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(folder) }
        // Only then does the new name outlast a power cut. A file system that cannot do it does it in its own way.
        if fsync(folder) != 0, errno != EINVAL { throw WholeFile.unwritable(name, errno) }
    }

    /// Gives the content a name that nobody else uses.
    private func named() throws -> String {
        while true {
            let part = "\(path).part-\(String(UInt32.random(in: .min ... .max), radix: 36))"
            if linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, part, AT_SYMLINK_FOLLOW) == 0 { return part }
            guard errno == EEXIST else { throw WholeFile.unwritable(name, errno) }
        }
    }

    /// Makes a folder, and those in which it lies, where it is missing.
    static func makeFolder(_ path: String) throws {
        var entry = stat()
        if stat(path, &entry) == 0 {
            guard entry.st_mode & S_IFMT == S_IFDIR else {
                throw Failure(code: .uncreatable, message: "\(path) is no folder", hint: "name another one")
            }
            return
        }
        let outer = folder(of: path)
        if outer != path { try makeFolder(outer) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw Failure(
                code: .uncreatable, message: "\(path) cannot be made: \(String(cString: strerror(errno)))", hint: "name another folder")
        }
    }

    /// Writes files of a folder that belong together: all of them are whole beside their places before the first takes its own.
    static func write(together files: [(name: String, text: String)], in folder: String) throws {
        var template = Array("\(folder)/.part-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw uncreatable(folder, errno) }
        let part = String(cString: made)
        defer {
            for file in files { unlink("\(part)/\(file.name)") }
            rmdir(part)
        }
        for file in files {
            try requireOrdinary("\(folder)/\(file.name)")
            do { try write(file.text, to: "\(part)/\(file.name)") } catch let failure as Failure {
                throw Failure(
                    code: failure.code, message: "\(folder)/\(file.name) cannot be written, and nothing was changed: \(failure.message)",
                    hint: failure.hint)
            }
        }
        for file in files {
            let name = "\(folder)/\(file.name)"
            var entry = stat()
            let place = lstat(name, &entry) == 0 && entry.st_mode & S_IFMT == S_IFLNK ? try resolved(name) : name
            guard rename("\(part)/\(file.name)", place) == 0 else { throw unwritable(name, errno) }
        }
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        if fsync(descriptor) != 0, errno != EINVAL { throw unwritable(folder, errno) }
    }

    func abandon() {
        if let part { unlink(part) }
    }

    /// Writes a whole text.
    static func write(_ text: String, to name: String) throws {
        let file = try WholeFile(replacing: name)
        if let number = writeAll(Array(text.utf8), to: file.descriptor) {
            file.abandon()
            throw unwritable(name, number)
        }
        try file.finish()
    }

    /// Whether two names are of one file, or would be once it is there, whatever links lead to it.
    static func isSame(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(one, &first) != 0 || stat(other, &second) != 0 else {
            return first.st_dev == second.st_dev && first.st_ino == second.st_ino
        }
        return place(one) == place(other)
    }

    /// Where a file is, or would be: its folder as links lead there, and its name.
    private static func place(_ name: String) -> String {
        let (folder, last) = (folder(of: name), FilePath(name).lastComponent?.string ?? "")
        return ((try? resolved(folder)) ?? folder) + "/" + last
    }

    static func lockName(beside name: String) -> String {
        name + ".lock"
    }

    /// Lets nobody else who asks the same go on as long as the descriptor is open.
    ///
    /// - Throws: a `Failure` where somebody else has it.
    static func lock(beside name: String) throws -> Int32 {
        let path = lockName(beside: name)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw uncreatable(path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Failure(code: .tryAgain, message: "another run has \(name)", hint: "it ends by itself: try again later")
        }
        return descriptor
    }

    /// Where a file cannot be made, or there is no room for it.
    private static func uncreatable(_ name: String, _ number: Int32) -> Failure {
        let isRoom = [ENOSPC, EDQUOT, EIO, EFBIG].contains(number)
        let failure = unwritable(name, number)
        return isRoom ? failure : Failure(code: .uncreatable, message: failure.message, hint: failure.hint)
    }

    static func unwritable(_ name: String, _ number: Int32) -> Failure {
        Failure(
            code: .unwritable, message: "\(name) cannot be written: \(String(cString: strerror(number)))",
            hint: "make room, mend its permissions, or name another file")
    }
}
