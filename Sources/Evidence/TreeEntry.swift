import Crypto

/// What stands in the log at one place: the bytes of a recorded event, or, where those are too long for a bundle, a text that stands for
/// them.
///
/// The form of bundles (`tlog-tiles`) gives an entry's length two bytes. An event of more than 65,535 bytes keeps its place by an entry of
/// three lines:
///
///     cased/long-event@v1
///     65536
///     v3GLb2U768GE4UefGTW42pdNcBuJOvz0nnAfPi+fnFo=
///
/// the length of the event and the base 64 of its SHA-256. The leaf is the hash of these lines, as it is of any entry, so every program
/// that reads tiles can check it; the event lies beside, under `LongEvent.path`, and is bound by its SHA-256. An event whose own bytes
/// begin like such lines has them written about it as well, so no entry is ever read for another event than the one it was made of.
package struct TreeEntry: Equatable, Sendable {
    /// The most bytes that an entry can have.
    package static let byteLimit = 65_535

    /// What the leaf is the hash of.
    package let bytes: [UInt8]

    /// The entry of a recorded event.
    package init(of event: [UInt8]) {
        let isLong = event.count > TreeEntry.byteLimit || event.starts(with: TreeEntry.mark)
        bytes = isLong ? LongEvent(of: event).lines : event
    }

    /// An entry as a bundle or a proof has it; nil where there are more bytes than `byteLimit`.
    package init?(bytes: [UInt8]) {
        guard bytes.count <= TreeEntry.byteLimit else { return nil }
        self.bytes = bytes
    }

    package var leaf: MerkleHash {
        .leaf(bytes)
    }

    private static let mark = Array("cased/long-event@".utf8)
    private static let firstLine = mark + Array("v1\n".utf8)
}

extension TreeEntry {
    /// An event that lies beside the bundles.
    package struct LongEvent: Equatable, Sendable {
        /// In bytes.
        package let count: Int64
        /// The SHA-256 of the event itself; no hash of the tree.
        package let digest: [UInt8]

        init(of event: [UInt8]) {
            count = Int64(event.count)
            digest = Array(SHA256.hash(data: event))
        }

        fileprivate init?(lines: [UInt8]) {
            guard lines.starts(with: TreeEntry.firstLine) else { return nil }
            var reader = LineReader(lines.dropFirst(TreeEntry.firstLine.count))
            guard let count = reader.next().flatMap(Decimal.number), let digest = reader.next().flatMap(Base64.bytes),
                digest.count == SHA256.byteCount, reader.rest.isEmpty
            else { return nil }
            (self.count, self.digest) = (count, digest)
        }

        fileprivate var lines: [UInt8] {
            TreeEntry.firstLine + Array("\(count)\n\(Base64.text(digest))\n".utf8)
        }

        /// Where an exported log has its bytes: `long/` and the digest in hexadecimal digits.
        package var path: String {
            "long/" + Hexadecimal.text(digest)
        }
    }

    /// Which event this entry stands for, where that lies beside; nil where the entry is the event.
    package var longEvent: LongEvent? {
        LongEvent(lines: bytes)
    }

    /// Whether this is the entry of that event.
    package func stands(for event: [UInt8]) -> Bool {
        self == TreeEntry(of: event)
    }
}
