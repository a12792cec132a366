import CaseCore
import CasePages
import CaseWire
import Evidence
import FoundationEssentials
import Glibc

/// Writes the journal to a folder, and goes on with one that is there. The checkpoint comes last: what it signs is there by then.
struct TreeExport {
    private let folder: TreeFolder
    private let source: TreeServer
    private let newest: (note: SignedNote, key: NoteVerifier, checkpoint: Checkpoint)
    private let oldSize: Int64

    var size: Int64 { newest.checkpoint.size }

    /// - Throws: where the folder has the beginning of another log.
    init(_ path: String, from source: TreeServer) throws {
        folder = TreeFolder(path)
        self.source = source
        newest = try source.newest()
        guard FileManager.default.fileExists(atPath: "\(path)/checkpoint") else {
            oldSize = 0
            return
        }
        let old = try TreeFolder.checkpoint("\(path)/checkpoint")
        guard old.origin == newest.checkpoint.origin else {
            throw Failure(
                code: .conflict, message: "\(path) is of \(old.origin), and the server is \(newest.checkpoint.origin)",
                hint: "a store that was restored has a log of its own: name another folder")
        }
        guard old.size <= newest.checkpoint.size,
            MerkleProof.verifyConsistency(
                from: old.size, root: old.root, to: newest.checkpoint.size, root: newest.checkpoint.root,
                proof: try source.consistencyProof(from: old.size, to: newest.checkpoint.size))
        else {
            throw Failure(
                code: .refused, message: "what \(path) has is not the beginning of the server's journal",
                hint: "one of the two was changed: keep the folder as evidence, and name another one")
        }
        oldSize = old.size
    }

    /// - Returns: how many entries were added.
    func run() throws -> Int64 {
        try write("key", Array("\(newest.key)\n".utf8))
        try write("allowed_signers", Array(try source.signers().utf8))
        try write("README.txt", Array(TreeExport.readme(newest.key).utf8))
        let decided = try writeEntries()
        for tile in Tile.added(from: oldSize, to: size) {
            guard case .hashes(let level) = tile.content else { continue }
            try write(tile.path, Tile.bytes(try source.hashes(level: level, index: tile.index, width: tile.width)))
        }
        for file in decided.sorted() { try writeDecision(on: file) }
        try write("checkpoints/\(size)", newest.note.bytes)
        try write("checkpoint", newest.note.bytes)
        removeOutgrown()
        return size - oldSize
    }

    /// - Returns: the cases of which something was sealed or signed in what was added.
    private func writeEntries() throws -> Set<String> {
        var progress = Progress(of: Int(size))
        defer { progress.end() }
        var decided: Set<String> = []
        // The bundle that was not full is written anew.
        var place = oldSize / Int64(Tile.span) * Int64(Tile.span)
        var bundle: [TreeEntry] = []
        while place < size {
            let page = try source.entries(from: place).prefix(Int(min(size - place, 1000)))
            guard !page.isEmpty else {
                throw Failure(code: .unavailable, message: "the server's journal ends before its checkpoint", hint: "try again")
            }
            for row in page {
                let entry = TreeEntry(of: row.text)
                if let long = entry.longEvent { try write(long.path, row.text) }
                if row.text.contains(Array("\"statement\":".utf8)) { decided.insert(row.file) }
                bundle.append(entry)
                place += 1
                if bundle.count == Tile.span || place == size {
                    let index = (place - 1) / Int64(Tile.span)
                    try write(Tile(.entries, index: index, width: bundle.count).path, EntryBundle.bytes(bundle))
                    bundle = []
                }
            }
            progress.show(Int(place))
        }
        return decided
    }

    private func writeDecision(on file: String) throws {
        guard let decision = try source.decision(on: file) else { return }
        let signed = [decision["seal"]].compactMap { $0 } + (decision["signatures"]?.array ?? [])
        for part in signed {
            guard let statement = part.cell("statement"), let namespace = part.cell("namespace") else { continue }
            // It becomes the name of a file, and the server is not trusted.
            guard namespace.wholeMatch(of: /[a-z-]+@cased/) != nil, CaseID(file) != nil else { throw TreeServer.garbled }
            try write("decisions/\(file)/\(namespace)", Array(statement.utf8))
            if let signature = part.cell("signature") { try write("decisions/\(file)/\(namespace).sig", Array(signature.utf8)) }
        }
    }

    /// Partial tiles of the size before are of no use to anybody who has the new checkpoint.
    private func removeOutgrown() {
        let kept = Set(Tile.added(to: size).map(\.path))
        for tile in Tile.added(to: oldSize) where !tile.isFull && !kept.contains(tile.path) { unlink("\(folder.path)/\(tile.path)") }
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        let path = "\(folder.path)/\(name)"
        try requireNoLinks(name)
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        do { try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true) } catch {
            throw WholeFile.unwritable(path, errno)
        }
        let file = try WholeFile(replacing: path)
        if let number = writeAll(bytes, to: file.descriptor) {
            file.abandon()
            throw WholeFile.unwritable(path, number)
        }
        try file.finish()
    }

    /// A link in the folder would take what is written elsewhere.
    private func requireNoLinks(_ name: String) throws {
        var path = folder.path
        for part in name.split(separator: "/") {
            path += "/\(part)"
            var entry = stat()
            guard lstat(path, &entry) == 0, entry.st_mode & S_IFMT == S_IFLNK else { continue }
            throw Failure(
                code: .uncreatable, message: "\(path) is a link", hint: "an export is written to files of its own: name another folder")
        }
    }

    private static func readme(_ key: NoteVerifier) -> String {
        """
        This folder holds the journal of an approval server, in the form of C2SP
        tlog-tiles (https://c2sp.org/tlog-tiles). Nothing of the server is needed
        to check it.

        checkpoint        how many entries the journal has and the root of the
                          tree over them, signed: a note of C2SP signed-note
        checkpoints/      the same, of earlier exports
        key               the key of the log. It proves nothing as long as you
                          have it from here alone: ask for it another way
        tile/             the hashes of the tree
        tile/entries/     the entries: the text of each event
        long/             texts that are too long for a bundle, by their SHA-256
        decisions/CASE/   what was sealed and signed on a case, and the
                          signatures, each under the purpose it was made for
        allowed_signers   the keys of offices and persons, and when each counted

        The log: any program that reads signed notes and tiles checks it, such as
        golang.org/x/mod/sumdb/note and golang.org/x/mod/sumdb/tlog.

            origin  \(key.name)
            key     \(key)

        A decision, with ssh-keygen of OpenSSH 9.1 or newer, in its folder; OFFICE
        and the time stand in the statement, in the lines office and at:

            ssh-keygen -Y verify -f ../../allowed_signers -I OFFICE \\
                -n decision@cased -O verify-time=YYYYMMDDhhmmssZ \\
                -s decision@cased.sig < decision@cased

        What was said of persons is not here. Entries and statements hold
        commitments to it: digests with a salt.

        """
    }
}
