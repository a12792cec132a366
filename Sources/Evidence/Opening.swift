import CaseCore
import Crypto

/// What an event says of persons, apart from its text: pieces of the text, and a salt that nobody can guess.
///
/// The text holds the SHA-256 of an opening's bytes, which are
///
///     cased-opening-v1 LF, 16 bytes of salt, and for each piece
///     its place (4 bytes, big-endian), its length (4 bytes, big-endian), and its bytes
///
/// in the order of the places, which count the bytes of the text without the pieces. Once it was erased an opening has no salt, and its pieces
/// say so; its first line is `cased-erased-v1`. Then the text's commitment stands for what nobody can find out any more.
package struct Opening: Sendable, Equatable {
    /// A part of the canonical text, and where it stood in what remained.
    package struct Piece: Sendable, Equatable {
        package let place: Int
        package let bytes: [UInt8]

        package init(place: Int, bytes: [UInt8]) {
            (self.place, self.bytes) = (place, bytes)
        }
    }

    /// Its form, which never changes: see above.
    package private(set) var bytes: [UInt8]
    package let isErased: Bool

    package static let saltLength = 16
    private static let intact = Array("cased-opening-v1\n".utf8)
    private static let erased = Array("cased-erased-v1\n".utf8)
    private static let numberLength = 4

    /// One without pieces.
    ///
    /// - Parameters:
    ///   - salt: 16 bytes; nil once it was erased.
    ///   - capacity: how many bytes the pieces will take, about.
    init(salt: [UInt8]?, reserving capacity: Int) {
        precondition(salt.map { $0.count == Opening.saltLength } ?? true, "a salt of \(salt?.count ?? 0) bytes")
        bytes = []
        bytes.reserveCapacity(64 + capacity)
        bytes += salt == nil ? Opening.erased : Opening.intact
        bytes += salt ?? []
        isErased = salt == nil
    }

    package init(salt: [UInt8]?, pieces: [Piece]) {
        self.init(salt: salt, reserving: pieces.reduce(0) { $0 + $1.bytes.count + 2 * Opening.numberLength })
        for piece in pieces { piece.bytes.withUnsafeBufferPointer { append($0, at: piece.place) } }
    }

    /// Adds a piece behind the others.
    mutating func append(_ piece: UnsafeBufferPointer<UInt8>, at place: Int) {
        append(place)
        append(piece.count)
        bytes.append(contentsOf: piece)
    }

    private mutating func append(_ number: Int) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// Nil where the bytes are those of no opening.
    package init?(bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
        isErased = self.bytes.starts(with: Opening.erased)
        guard isErased || self.bytes.starts(with: Opening.intact) && self.bytes.count >= Opening.intact.count + Opening.saltLength else {
            return nil
        }
        var (reader, last) = (PieceReader(self.bytes[start...]), 0)
        while let piece = reader.next() {
            guard piece.place >= last else { return nil }
            last = piece.place
        }
        guard reader.rest.isEmpty else { return nil }
    }

    /// Where the first piece stands.
    private var start: Int {
        isErased ? Opening.erased.count : Opening.intact.count + Opening.saltLength
    }

    /// Goes through the pieces, and stands still before what is none.
    struct PieceReader {
        private(set) var rest: ArraySlice<UInt8>

        fileprivate init(_ rest: ArraySlice<UInt8>) {
            self.rest = rest
        }

        mutating func next() -> (place: Int, bytes: ArraySlice<UInt8>)? {
            let headLength = 2 * Opening.numberLength
            guard rest.count >= headLength else { return nil }
            let start = rest.startIndex
            func number(at offset: Int) -> Int {
                rest[start + offset..<start + offset + Opening.numberLength].reduce(0) { $0 << 8 | Int($1) }
            }
            let (place, length) = (number(at: 0), number(at: Opening.numberLength))
            guard rest.count - headLength >= length else { return nil }
            let bytes = rest[start + headLength..<start + headLength + length]
            rest = rest[bytes.endIndex...]
            return (place, bytes)
        }
    }

    var pieceReader: PieceReader {
        PieceReader(bytes[start...])
    }

    package var pieces: [Piece] {
        var (reader, pieces) = (pieceReader, [] as [Piece])
        while let piece = reader.next() { pieces.append(Piece(place: piece.place, bytes: Array(piece.bytes))) }
        return pieces
    }

    var isEmpty: Bool { bytes.count == start }

    /// What its pieces have together, in bytes.
    var pieceByteCount: Int {
        var (reader, count) = (pieceReader, 0)
        while let piece = reader.next() { count += piece.bytes.count }
        return count
    }

    /// Whether its pieces say nothing but that they were erased: members, of which each value is `Erased.text`, or an object of such members.
    /// Nothing commits to them any more, so they can say nothing else.
    var saysErased: Bool {
        var reader = pieceReader
        while let piece = reader.next() {
            var rest = piece.bytes
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ","): continue
                case UInt8(ascii: "\""):
                    let word = rest.prefix { $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
                    rest = rest.dropFirst(word.count)
                    guard rest.popFirst() == UInt8(ascii: "\"") else { return false }
                    if rest.first == UInt8(ascii: ":") {
                        rest.removeFirst()
                    } else if !word.elementsEqual(Erased.text.utf8) {
                        return false
                    }
                default: return false
                }
            }
        }
        return true
    }

    /// The SHA-256 of its bytes, in 64 hexadecimal digits: what the text says of it.
    package var commitment: [UInt8] {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { Hexadecimal.digits($0) }
    }
}
