import Crypto

/// A SHA-256 of a Merkle tree: 32 bytes of a leaf, of a node, or of no leaves at all (RFC 9162, section 2.1.1; the same as in RFC 6962).
package struct MerkleHash: Hashable, Sendable {
    package static let byteCount = 32

    // The bytes in their order, eight in each.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The root of the tree without leaves: SHA-256 of nothing.
    package static let empty = MerkleHash(SHA256.hash(data: [UInt8]()))

    private static let leafStart = start(0)
    private static let nodeStart = start(1)

    private static func start(_ mark: UInt8) -> SHA256 {
        var hash = SHA256()
        hash.update(data: [mark])
        return hash
    }

    /// SHA-256 of 0x00 and the entry.
    package static func leaf(_ entry: some Sequence<UInt8>) -> MerkleHash {
        var hash = leafStart
        if entry.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            hash.update(data: Array(entry))
        }
        return MerkleHash(hash.finalize())
    }

    /// SHA-256 of 0x01 and both.
    package static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var hash = nodeStart
        withUnsafeBytes(of: (left, right)) { hash.update(bufferPointer: $0) }
        return MerkleHash(hash.finalize())
    }

    /// The root over hashes of perfect subtrees of one height.
    ///
    /// - Parameter hashes: a power of two of them.
    package static func root(_ hashes: some Collection<MerkleHash>) -> MerkleHash {
        precondition(hashes.count > 0 && hashes.count & (hashes.count - 1) == 0, "\(hashes.count) hashes are no perfect subtree")
        var row = Array(hashes)
        while row.count > 1 { row = stride(from: 0, to: row.count, by: 2).map { node(row[$0], row[$0 + 1]) } }
        return row[0]
    }

    private init(_ digest: SHA256Digest) {
        self = digest.withUnsafeBytes { MerkleHash(loadedFrom: $0) }
    }

    private init(loadedFrom bytes: UnsafeRawBufferPointer) {
        first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        third = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        fourth = bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    }
}

extension MerkleHash {
    /// Nil unless there are 32.
    package init?(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == MerkleHash.byteCount else { return nil }
        self = bytes.withUnsafeBytes { MerkleHash(loadedFrom: $0) }
    }

    /// Nil unless it is the base 64 of 32 bytes.
    package init?(base64 text: String) {
        guard let bytes = Base64.bytes(text.utf8) else { return nil }
        self.init(bytes)
    }

    package var bytes: [UInt8] {
        withUnsafeBytes(of: self) { Array($0) }
    }

    /// 64 small digits.
    package var hexadecimal: String {
        Hexadecimal.text(bytes)
    }

    /// Hashes one after the other, as tiles hold them. Nil unless they are whole ones.
    static func hashes(_ bytes: [UInt8]) -> [MerkleHash]? {
        guard bytes.count % byteCount == 0 else { return nil }
        return bytes.withUnsafeBytes { all in
            stride(from: 0, to: all.count, by: byteCount).map {
                MerkleHash(loadedFrom: UnsafeRawBufferPointer(rebasing: all[$0..<$0 + byteCount]))
            }
        }
    }
}

extension MerkleHash: CustomStringConvertible {
    /// Base 64, as checkpoints and proofs write it.
    package var description: String {
        Base64.text(bytes)
    }
}
