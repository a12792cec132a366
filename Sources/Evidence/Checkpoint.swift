/// What a log says it is at one size: the text of a note (C2SP `tlog-checkpoint`).
package struct Checkpoint: Hashable, Sendable {
    /// The name of the log: the first line. Not empty.
    package let origin: String
    /// How many entries.
    package let size: Int64
    /// Of the tree over them.
    package let root: MerkleHash
    /// Lines that follow; none of them empty. They are signed with the rest; what they say is the log's affair.
    package let extensions: [String]

    /// - Throws: `NoteFault.malformed` where a line could not be written so that it is read again.
    package init(origin: String, size: Int64, root: MerkleHash, extensions: [String] = []) throws(NoteFault) {
        guard ([origin] + extensions).allSatisfy(Checkpoint.isLine) else { throw .malformed("a line of a checkpoint") }
        guard size >= 0, size > 0 || root == .empty else { throw .malformed("size and root of a checkpoint") }
        (self.origin, self.size, self.root, self.extensions) = (origin, size, root, extensions)
    }

    package init(origin: String, _ edge: TreeEdge) throws(NoteFault) {
        try self.init(origin: origin, size: edge.size, root: edge.root)
    }

    /// - Parameter text: that of a note.
    /// - Throws: `NoteFault.malformed` for anything else than a checkpoint.
    package init(text: [UInt8]) throws(NoteFault) {
        var reader = LineReader(text)
        var lines: [ArraySlice<UInt8>] = []
        while let line = reader.next() { lines.append(line) }
        guard reader.rest.isEmpty, lines.count >= 3 else { throw .malformed("fewer lines than a checkpoint has") }
        guard let size = Decimal.number(lines[1]) else { throw .malformed("the size of a checkpoint") }
        guard let root = Base64.bytes(lines[2]).flatMap({ MerkleHash($0) }) else { throw .malformed("the root of a checkpoint") }
        let texts = ([lines[0]] + lines[3...]).compactMap { String(validating: $0, as: UTF8.self) }
        guard texts.count == lines.count - 2 else { throw .malformed("a line of a checkpoint") }
        try self.init(origin: texts[0], size: size, root: root, extensions: Array(texts.dropFirst()))
    }

    private static func isLine(_ line: String) -> Bool {
        !line.isEmpty && line.utf8.allSatisfy { $0 >= 0x20 }
    }

    /// The text that is signed.
    package var text: String {
        ([origin, String(size), root.description] + extensions).map { "\($0)\n" }.joined()
    }

    package func signed(by signers: NoteSigner...) -> SignedNote {
        // Each line was found fit when this was made.
        try! SignedNote(text: text, signedBy: signers)
    }
}
