import Crypto

/// What tells a changed snapshot of a case from the one that was written: a SHA-256 over it and over the leaf of the last event in it.
package enum FileSum {
    private static let start: SHA256 = {
        var hash = SHA256()
        hash.update(data: Array("cased-file-v1\n".utf8))
        return hash
    }()

    /// 32 bytes.
    ///
    /// - Parameters:
    ///   - file: the snapshot, as it is stored.
    ///   - leaf: that of the last event of the case, readings aside.
    package static func of(_ file: [UInt8], after leaf: MerkleHash) -> [UInt8] {
        var hash = start
        hash.update(data: leaf.bytes)
        hash.update(data: file)
        return Array(hash.finalize())
    }
}
