import CasePages
import Crypto
import FoundationEssentials
import Glibc
import NIOPosix
import Synchronization

/// The drafts of applicants, each a file in the folder of materials:
///
/// ```
/// drafts/SHA-256 of the applicant's id/RANDOM.json
/// ```
/// A file is written whole and synced before it has its name, and no path is made of what a client sends: a draft is looked for among those of its
/// applicant. An applicant has at most `limit` drafts of at most `byteLimit` bytes; all together have at most `totalLimit`. One that nobody has
/// saved for `lifetime` goes, and what is left of one that was handed in goes after `endedLifetime`.
final class DraftFolder: Sendable {
    static let limit = 20
    static let byteLimit = 256 << 10
    static let totalLimit = 2 << 30
    /// In seconds.
    static let lifetime: Int64 = 28 * 86_400
    static let endedLifetime: Int64 = 86_400
    /// A file counts as so many bytes at least, and folders are gone through so often.
    private static let leastBytes = 4096
    private static let sweepInterval: Int64 = 3600

    private let path: String
    /// One after the other: what waits for a disk waits here, and nobody writes what another reads.
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state: Mutex<State>

    private struct State {
        var bytes = 0
        var sweptAt: Int64 = 0
    }

    /// Why a draft was not kept.
    enum Trouble: Error, Equatable {
        /// The applicant has as many as there may be.
        case tooMany
        case tooLarge
        /// The folder, or the disk, takes nothing now.
        case full
    }

    /// - Parameter materials: the folder of materials, which is there.
    init(in materials: String) throws(Unusable) {
        path = "\(materials)/drafts"
        state = Mutex(State())
        guard mkdir(path, 0o700) == 0 || errno == EEXIST, access(path, W_OK | X_OK) == 0 else {
            throw Unusable("nothing can be written in \(path): give it to the user of casehall")
        }
        thread.start()
    }

    /// The drafts of an applicant, the newest first, and what is left of those that were handed in.
    func drafts(of applicant: String, at now: Int64) async -> [Draft] {
        await run { self.read(applicant, now).sorted { ($0.savedAt, $0.id) > ($1.savedAt, $1.id) } } ?? []
    }

    /// Nil where the applicant has none of this id.
    func draft(_ id: String?, of applicant: String, at now: Int64) async -> Draft? {
        await drafts(of: applicant, at: now).first { $0.id.isSame(as: id) }
    }

    /// Keeps a draft, in place of what was kept of it before: it is durable when this returns.
    func save(_ draft: Draft) async throws(Trouble) {
        guard let trouble = await run({ self.write(draft) }) else { throw .full }
        if let trouble { throw trouble }
    }

    func remove(_ draft: Draft) async {
        _ = await run { self.unlinkFile("\(self.folder(draft.applicant))/\(draft.id).json") }
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        try? await thread.runIfActive(body)
    }

    // MARK: On the thread

    private func folder(_ applicant: String) -> String {
        "\(path)/\(Hex.text(SHA256.hash(data: Array(applicant.utf8))))"
    }

    private func read(_ applicant: String, _ now: Int64) -> [Draft] {
        let folder = folder(applicant)
        return names(folder).compactMap { name -> Draft? in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"), let draft = Draft(Array(data)),
                draft.applicant.isSame(as: applicant)
            else { return nil }
            guard now - draft.savedAt < (draft.became == nil ? DraftFolder.lifetime : DraftFolder.endedLifetime) else {
                unlinkFile("\(folder)/\(name)")
                return nil
            }
            return draft
        }
    }

    private func write(_ draft: Draft) -> Trouble? {
        sweep(draft.savedAt)
        let bytes = draft.bytes
        guard bytes.count <= DraftFolder.byteLimit else { return .tooLarge }
        let (folder, file) = (folder(draft.applicant), "\(folder(draft.applicant))/\(draft.id).json")
        let others = read(draft.applicant, draft.savedAt).filter { $0.id != draft.id }
        if others.count >= DraftFolder.limit {
            guard let oldest = others.filter({ $0.became != nil }).min(by: { $0.savedAt < $1.savedAt }) else { return .tooMany }
            unlinkFile("\(folder)/\(oldest.id).json")
        }
        let (before, after) = (size(file), max(bytes.count, DraftFolder.leastBytes))
        guard state.withLock({ $0.bytes }) - before + after <= DraftFolder.totalLimit else { return .full }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { return .full }
        let incoming = "\(folder)/\(draft.id).incoming"
        let descriptor = open(incoming, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return .full }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        guard rest.isEmpty, fsync(descriptor) == 0, rename(incoming, file) == 0, MaterialsFolder.sync(folder), MaterialsFolder.sync(path)
        else {
            unlink(incoming)
            return .full
        }
        state.withLock { $0.bytes += after - before }
        return nil
    }

    private func unlinkFile(_ file: String) {
        let size = size(file)
        if unlink(file) == 0 { state.withLock { $0.bytes -= size } }
    }

    /// As it counts; nothing where there is none.
    private func size(_ file: String) -> Int {
        var entry = stat()
        return lstat(file, &entry) == 0 ? max(Int(entry.st_size), DraftFolder.leastBytes) : 0
    }

    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".json") }
    }

    /// Removes what nobody has saved for long, and what a hall that ended left half written; counts the rest.
    private func sweep(_ now: Int64) {
        guard now - state.withLock({ $0.sweptAt }) >= DraftFolder.sweepInterval else { return }
        var bytes = 0
        for applicant in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            let folder = "\(path)/\(applicant)"
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                var entry = stat()
                guard lstat("\(folder)/\(name)", &entry) == 0 else { continue }
                if !name.hasSuffix(".json") || now - Int64(entry.st_mtim.tv_sec) >= DraftFolder.lifetime {
                    unlink("\(folder)/\(name)")
                } else {
                    bytes += size("\(folder)/\(name)")
                }
            }
            // It goes where nothing is left in it.
            rmdir(folder)
        }
        state.withLock { $0 = State(bytes: bytes, sweptAt: now) }
    }
}
