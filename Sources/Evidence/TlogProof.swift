/// One file that shows, to somebody who has nothing but the log's key, that an entry is in the log (C2SP `tlog-proof@v1`, `.tlog-proof`).
package struct TlogProof: Equatable, Sendable {
    /// What goes with it, such as the entry itself. Nothing vouches for it before its leaf was checked.
    package let extra: [UInt8]?
    /// The place of the entry, from 0.
    package let index: Int64
    /// From the leaf's sibling to the child of the root; at most 63.
    package let hashes: [MerkleHash]
    /// The checkpoint of the tree, with its signatures.
    package let checkpoint: SignedNote

    private static let header = "c2sp.org/tlog-proof@v1"
    /// As many as the tree of 2^63 leaves takes.
    private static let hashLimit = 63

    package init(extra: [UInt8]? = nil, index: Int64, hashes: [MerkleHash], checkpoint: SignedNote) {
        precondition(index >= 0 && hashes.count <= TlogProof.hashLimit, "a proof of place \(index) by \(hashes.count) hashes")
        (self.extra, self.index, self.hashes, self.checkpoint) = (extra, index, hashes, checkpoint)
    }

    /// - Throws: `NoteFault.malformed` for what is no such file.
    package init(_ bytes: [UInt8]) throws(NoteFault) {
        var reader = LineReader(bytes)
        guard reader.next().map({ $0.elementsEqual(TlogProof.header.utf8) }) == true else { throw .malformed("the first line of a proof") }
        var line = reader.next()
        var extra: [UInt8]?
        if let text = line.flatMap({ LineReader.value("extra", $0) }) {
            extra = Base64.bytes(text)
            guard extra != nil else { throw .malformed("the extra data of a proof") }
            line = reader.next()
        }
        guard let index = line.flatMap({ LineReader.value("index", $0) }).flatMap(Decimal.number) else {
            throw .malformed("the index of a proof")
        }
        var hashes: [MerkleHash] = []
        while true {
            guard let line = reader.next() else { throw .malformed("no empty line before the checkpoint of a proof") }
            if line.isEmpty { break }
            guard hashes.count < TlogProof.hashLimit, let hash = Base64.bytes(line).flatMap({ MerkleHash($0) }) else {
                throw .malformed("a hash of a proof")
            }
            hashes.append(hash)
        }
        self.init(extra: extra, index: index, hashes: hashes, checkpoint: try SignedNote(Array(reader.rest)))
    }

    /// The file.
    package var bytes: [UInt8] {
        let lines = [TlogProof.header] + (extra.map { ["extra \(Base64.text($0))"] } ?? []) + ["index \(index)"] + hashes.map(\.description)
        return Array(lines.map { "\($0)\n" }.joined().utf8) + [10] + checkpoint.bytes
    }

    /// The checkpoint that the entry is part of.
    ///
    /// - Parameter leaf: the hash of the entry that is to be shown (`TreeEntry.leaf`), made by whoever checks from what they were given.
    /// - Throws: `NoteFault`; `excluded` where the signatures are good and the entry is not at that place.
    @discardableResult
    package func verify(leaf: MerkleHash, trusting trust: TreeTrust) throws(NoteFault) -> TrustedCheckpoint {
        let trusted = try trust.checkpoint(in: checkpoint)
        let tree = trusted.checkpoint
        guard MerkleProof.verifyInclusion(of: leaf, at: index, inSize: tree.size, root: tree.root, proof: hashes) else { throw .excluded }
        return trusted
    }
}
