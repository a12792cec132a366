import ChildProcesses
import Crypto
import FoundationEssentials
import Glibc
import NIOPosix

/// Files that applicants hand in, each under its SHA-256, so that a case that names the digest names the file and nothing else.
///
/// ```
/// incoming/RANDOM      while it comes, and is looked at
/// 3f/3f7a…             kept: written whole and synced before it has this name
/// ```
/// What was left in `incoming` by a hall that ended is removed at the start. What is kept stays: it is the office's to remove, once the case that
/// names it has gone.
final class MaterialsFolder: Sendable {
    private let path: String
    private let scanner: (program: String, patience: Int)?
    /// What waits for a disk or a scanner waits here, and not on an event loop.
    let threads: NIOThreadPool

    /// So many files are looked at or synced at once.
    private static let threadCount = 4

    init(_ path: String, _ options: HallOptions) throws(Unusable) {
        self.path = path
        scanner = options.scanner.map { ($0, options.scannerPatience) }
        threads = NIOThreadPool(numberOfThreads: MaterialsFolder.threadCount)
        for folder in [path, "\(path)/incoming"] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw Unusable(
                "the folder \(folder) cannot be made (\(String(cString: strerror(errno)))): make it, or choose another --materials")
        }
        guard access(path, W_OK | X_OK) == 0, access("\(path)/incoming", W_OK | X_OK) == 0 else {
            throw Unusable("nothing can be written in \(path): give it to the user of casehall")
        }
        if let scanner, access(scanner.program, X_OK) != 0 { throw Unusable("--scanner \(scanner.program) is no program that can be run") }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/incoming")) ?? [] { unlink("\(path)/incoming/\(name)") }
        threads.start()
    }

    /// A file while it comes. It goes with its last user, unless it was kept.
    final class Incoming {
        fileprivate let path: String
        fileprivate let descriptor: Int32
        fileprivate var hash = SHA256()
        fileprivate(set) var size = 0
        /// The first bytes, which tell the type.
        private(set) var beginning: [UInt8] = []

        fileprivate init(in folder: String) throws(FormTrouble) {
            let name = (0..<16).map { _ in String(UInt8.random(in: 16...255), radix: 16) }.joined()
            path = "\(folder)/\(name)"
            descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw .fileRefused(.notKept) }
        }

        deinit {
            guard descriptor >= 0 else { return }
            close(descriptor)
            unlink(path)
        }

        func write(_ bytes: [UInt8]) throws(FormTrouble) {
            hash.update(data: bytes)
            size += bytes.count
            beginning += bytes.prefix(FileType.beginningLength - beginning.count)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw .fileRefused(.notKept) }
                rest = rest.dropFirst(count)
            }
        }
    }

    func begin() throws(FormTrouble) -> Incoming {
        try Incoming(in: "\(path)/incoming")
    }

    /// Keeps a file that has come whole, once the scanner has nothing against it: it is durable when this returns.
    func keep(_ incoming: Incoming) async throws(FormTrouble) -> (size: Int, sha256: String) {
        let digest = incoming.hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let (path, descriptor, size) = (incoming.path, incoming.descriptor, incoming.size)
        let trouble: FileTrouble?
        do {
            trouble = try await threads.runIfActive { self.kept(path, descriptor, as: digest) }
        } catch {
            trouble = .notKept
        }
        withExtendedLifetime(incoming) {}
        if let trouble { throw .fileRefused(trouble) }
        return (size, digest)
    }

    private func kept(_ incoming: String, _ descriptor: Int32, as digest: String) -> FileTrouble? {
        if let trouble = scanned(incoming) { return trouble }
        let folder = "\(path)/\(digest.prefix(2))"
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST, fsync(descriptor) == 0 else { return .notKept }
        // The same file once more is the same file.
        guard link(incoming, "\(folder)/\(digest)") == 0 || errno == EEXIST else { return .notKept }
        return MaterialsFolder.sync(folder) && MaterialsFolder.sync(path) ? nil : .notKept
    }

    static func sync(_ folder: String) -> Bool {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    private func scanned(_ file: String) -> FileTrouble? {
        guard let scanner else { return nil }
        guard let child = try? ChildProcess(scanner.program, [file], inOwnGroup: true), let status = child.wait(seconds: scanner.patience)
        else {
            return .notScanned
        }
        return status == 0 ? nil : status == 1 ? .infected : .notScanned
    }

    /// A kept file for reading; nil where there is none, or the digest is none. Whoever asks has found out that the case may be read.
    ///
    /// - Returns: a descriptor that the caller closes, and the size.
    func open(_ digest: String) -> (descriptor: Int32, size: Int)? {
        guard digest.utf8.count == 64, digest.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        let descriptor = Glibc.open("\(path)/\(digest.prefix(2))/\(digest)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        var entry = stat()
        guard fstat(descriptor, &entry) == 0, entry.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        return (descriptor, Int(entry.st_size))
    }
}

/// Why a file was not kept.
enum FileTrouble: Error, Equatable {
    /// The hall takes no files.
    case notTaken
    case tooLarge(limit: Int)
    /// It begins as none of the types that are taken do.
    case wrongType
    /// The scanner found something.
    case infected
    /// The scanner did not come to an end.
    case notScanned
    /// The folder takes nothing now.
    case notKept
}
