import CaseCore
import CaseStore
import CaseWire
import Crypto
import Dispatch
import FoundationEssentials
import Glibc
import Synchronization
import SystemPackage

/// A copy of the store that a client reads part by part. Its file has no name any more: it goes with the copy.
struct KeptBackup {
    let id: String
    let lastSeq: Int64
    let byteCount: Int64
    let sha256: String
    fileprivate let file: OpenFile

    fileprivate init(_ backup: StoreBackup) throws {
        id = UUID().uuidString.lowercased()
        lastSeq = backup.lastSeq
        file = try OpenFile(backup.path)
        unlink(backup.path)
        var hash = SHA256()
        var count: Int64 = 0
        while true {
            let part = try file.read(from: count, upTo: 1 << 20)
            if part.isEmpty { break }
            hash.update(data: part)
            count += Int64(part.count)
        }
        byteCount = count
        sha256 = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    var result: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object {
                $0.member("backup", id)
                $0.member("bytes", byteCount)
                $0.member("sha256", sha256)
                $0.member("through", lastSeq)
            }
        }
    }
}

/// A file that is read as long as this is.
private final class OpenFile: Sendable {
    private let descriptor: FileDescriptor

    init(_ path: String) throws {
        descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
    }

    deinit {
        try? descriptor.close()
    }

    /// - Parameter offset: in bytes.
    /// - Returns: fewer bytes at the end alone.
    func read(from offset: Int64, upTo count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(room)[filled...])
                let length = try descriptor.read(fromAbsoluteOffset: offset + Int64(filled), into: rest)
                if length == 0 { break }
                filled += length
            }
        }
    }
}

/// The newest copy. An older one, one that was read to its end, or one that nobody reads any more takes no room.
final class BackupShelf: Sendable {
    private let kept = Mutex<KeptBackup?>(nil)
    private let readAt = Mutex(DispatchTime.now())

    /// After so long without a reading nobody comes for it, in seconds.
    private static let patience = 600.0

    func keep(_ backup: KeptBackup) {
        kept.withLock { $0 = backup }
        readAt.withLock { $0 = .now() }
        letGo(of: backup.id, at: .now() + BackupShelf.patience)
    }

    private func letGo(of id: String, at time: DispatchTime) {
        DispatchQueue.global().asyncAfter(deadline: time) { [weak self] in
            guard let self, kept.withLock({ $0?.id }) == id else { return }
            let end = readAt.withLock { $0 } + BackupShelf.patience
            guard end <= .now() else { return letGo(of: id, at: end) }
            kept.withLock { if $0?.id == id { $0 = nil } }
        }
    }

    /// - Returns: nil where there is no such copy any more.
    func part(of id: String, at offset: Int64, upTo count: Int) throws -> (data: Data, isLast: Bool)? {
        try kept.withLock { kept in
            guard let backup = kept, backup.id == id else { return nil }
            readAt.withLock { $0 = .now() }
            let data = Data(try backup.file.read(from: offset, upTo: count))
            let isLast = offset + Int64(data.count) >= backup.byteCount
            if isLast { kept = nil }
            return (data, isLast)
        }
    }
}

extension Reader {
    private static let partBytes = 384 << 10

    func makeBackup(for viewer: Viewer) throws -> KeptBackup {
        try allowBackup(viewer)
        guard !(context.store is any DatabaseStore) else {
            throw WireError(
                .ruleRefused, kind: "backup.of_database", "the store is in a database, which is copied by its own tools",
                hint: "docs/cluster.md says how")
        }
        do {
            // What is copied is what was recorded: the copy's pages say only that it was copied well.
            var scrub = Scrub.ofRecords
            while !scrub.isOver {
                guard ReadTurn.isWanted else { throw WireError(.draining, "nobody waits for this any more") }
                var damage: DamagedRecord?
                try scrub.step(context.store) { damage = damage ?? $0 }
                if let damage { throw damage }
            }
            let backup = try KeptBackup(try context.store.backup())
            backups.keep(backup)
            context.log.entry(
                .backupMade, "the store was copied and the copy opened",
                ["actor": "\(viewer.principal.name)", "bytes": "\(backup.byteCount)", "through": "\(backup.lastSeq)"])
            return backup
        } catch StoreFault.full {
            throw WireError(
                .storeFull, "there is no room for a copy of the store beside it", hint: "make room in the state directory, then try again")
        }
    }

    func readBackup(_ parameters: Parameters, for viewer: Viewer) throws -> (part: [UInt8], isLast: Bool) {
        try allowBackup(viewer)
        let offset = parameters.integer("offset")!
        guard offset >= 0 else { throw WireError.parameter("offset", "is negative", hint: "begin with 0") }
        guard let part = try backups.part(of: parameters.text("backup")!, at: offset, upTo: Reader.partBytes) else {
            throw WireError.notFound("backup", "such copy any more", hint: "make another one: backup.make")
        }
        let bytes = JSONWriter.bytes { writer in
            writer.object {
                $0.member("data", part.data.base64EncodedString())
                $0.key("next")
                if part.isLast { $0.null() } else { $0.integer(offset + Int64(part.data.count)) }
            }
        }
        return (bytes, part.isLast)
    }

    private func allowBackup(_ viewer: Viewer) throws {
        guard viewer.principal.isAdmin else {
            throw WireError(
                .permissionDenied, "a backup holds all cases", hint: "it is for admins: root, the user of cased, and its admin group")
        }
    }
}
