import Foundation

/// What stands beside the store and says how far it had come: a store that has lost its end, its log or itself is then told from a new
/// one.
///
/// It is made durable after the log's checkpoints, at a clean stop and once a store has something in it, and written over in its place after
/// each commit, which costs no synchronisation and is lost by a power cut alone: so it is never ahead of what is durable. Where it cannot
/// be written, the one before still holds.
struct StoreMark: Codable, Equatable {
    /// Which store it speaks of; a store that is made of a copy is another.
    let epoch: String
    /// A place in the journal that the store has reached.
    let seq: Int64
    /// Whether there is a log that holds what the file does not; nil is no.
    var hasLog: Bool?

    private static func path(in directory: StateDirectory) -> String {
        "\(directory.path)/cased.witness"
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
        let mend =
            "restore the store from a backup; to go on without what is lost, whose numbers and receipts are then given out again, remove \(path(in: directory))"
        switch finding {
        case .whole: return
        case .damaged(let frame):
            throw StateDirectory.Unusable(
                description: "\(log) is damaged at frame \(frame), and what was acknowledged stands behind it: \(mend) and \(log)")
        case .empty:
            guard try found(in: directory)?.hasLog == true else { return }
            throw StateDirectory.Unusable(
                description:
                    "\(log) is missing, and what was acknowledged last stood there, unless another program has brought it into the file: \(mend)"
            )
        }
    }

    /// Compares a store with its mark, where there is one.
    ///
    /// - Parameter found: what the store says; nil where it is missing or empty.
    /// - Throws: `StateDirectory.Unusable` where the store is not the one, or not all of it.
    static func check(_ found: StoreMark?, in directory: StateDirectory) throws(StateDirectory.Unusable) {
        guard let mark = try self.found(in: directory) else { return }
        let mend =
            "restore it from a backup; to go on without what is lost, whose numbers and receipts are then given out again, remove \(path(in: directory))"
        guard let found else {
            throw StateDirectory.Unusable(description: "\(directory.databasePath) is missing or empty, and there was a store: \(mend)")
        }
        guard found.epoch == mark.epoch else {
            throw StateDirectory.Unusable(description: "\(directory.databasePath) is another store than the one that was here: \(mend)")
        }
        guard found.seq >= mark.seq else {
            throw StateDirectory.Unusable(
                description: "\(directory.databasePath) ends at event \(found.seq), and it had come to \(mark.seq): \(mend)")
        }
    }

    /// The mark that stands in a folder; nil where there is none.
    private static func found(in directory: StateDirectory) throws(StateDirectory.Unusable) -> StoreMark? {
        let path = path(in: directory)
        var entry = stat()
        guard lstat(path, &entry) == 0 else { return nil }
        guard entry.st_mode & S_IFMT == S_IFREG, let data = FileManager.default.contents(atPath: path),
            let mark = try? JSONDecoder().decode(StoreMark.self, from: data)
        else {
            throw StateDirectory.Unusable(
                description: "\(path) is damaged, or no file: look whether the store is whole, and remove it; it is made anew")
        }
        return mark
    }

    /// Makes it durable.
    ///
    /// - Returns: its file, to be written over; nil where it cannot be written.
    func write(in directory: StateDirectory) -> StoreMarkFile? {
        let (path, part) = (StoreMark.path(in: directory), StoreMark.path(in: directory) + ".part")
        let file = StoreMarkFile(open(part, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600))
        guard file.put(self), file.synchronize(), rename(part, path) == 0 else { return nil }
        directory.synchronize()
        return file
    }
}

/// The file of a mark, open as long as the store is.
final class StoreMarkFile {
    /// In bytes; the same whatever it says, so that one takes the other's place.
    private static let size = 128

    private let descriptor: Int32

    /// - Parameter descriptor: an open file, or -1.
    fileprivate init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes over what it says, which is not durable yet.
    ///
    /// - Returns: false where that failed.
    @discardableResult
    func put(_ mark: StoreMark) -> Bool {
        // An epoch is of letters and digits alone; this is written with every commit.
        var text = Array("{\"epoch\":\"\(mark.epoch)\",\"seq\":\(mark.seq),\"hasLog\":\(mark.hasLog ?? false)}".utf8)
        guard descriptor >= 0, text.count < StoreMarkFile.size else { return false }
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: StoreMarkFile.size - 1 - text.count))
        text.append(UInt8(ascii: "\n"))
        return text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } == StoreMarkFile.size
    }

    fileprivate func synchronize() -> Bool {
        fsync(descriptor) == 0
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
