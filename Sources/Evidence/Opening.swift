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

    /// 16 bytes; nil once it was erased.
    package let salt: [UInt8]?
    package let pieces: [Piece]

    package static let saltLength = 16
    private static let intact = Array("cased-opening-v1\n".utf8)
    private static let erased = Array("cased-erased-v1\n".utf8)

    package init(salt: [UInt8]?, pieces: [Piece]) {
        precondition(salt.map { $0.count == Opening.saltLength } ?? true, "a salt of \(salt?.count ?? 0) bytes")
        (self.salt, self.pieces) = (salt, pieces)
    }

    package var isErased: Bool { salt == nil }

    /// Whether its pieces say nothing but that they were erased: members, of which each value is `Erased.text`, or an object of such members.
    /// Nothing commits to them any more, so they can say nothing else.
    var saysErased: Bool {
        pieces.allSatisfy { piece in
            var rest = piece.bytes[...]
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
            return true
        }
    }

    /// 16 bytes of chance.
    @Sendable package static func newSalt() -> [UInt8] {
        SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64 + pieces.reduce(0) { $0 + $1.bytes.count + 8 })
        bytes += salt == nil ? Opening.erased : Opening.intact
        bytes += salt ?? []
        for piece in pieces {
            Opening.append(piece.place, to: &bytes)
            Opening.append(piece.bytes.count, to: &bytes)
            bytes += piece.bytes
        }
        return bytes
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// Nil where the bytes are those of no opening.
    package init?(bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        if rest.starts(with: Opening.intact) {
            rest = rest.dropFirst(Opening.intact.count)
            guard rest.count >= Opening.saltLength else { return nil }
            salt = Array(rest.prefix(Opening.saltLength))
            rest = rest.dropFirst(Opening.saltLength)
        } else if rest.starts(with: Opening.erased) {
            salt = nil
            rest = rest.dropFirst(Opening.erased.count)
        } else {
            return nil
        }
        var pieces: [Piece] = []
        while !rest.isEmpty {
            guard rest.count >= 8 else { return nil }
            let numbers = rest.prefix(8).map(Int.init)
            let place = numbers[0...3].reduce(0) { $0 << 8 | $1 }
            let length = numbers[4...7].reduce(0) { $0 << 8 | $1 }
            rest = rest.dropFirst(8)
            guard rest.count >= length, place >= pieces.last?.place ?? 0 else { return nil }
            pieces.append(Piece(place: place, bytes: Array(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
        self.pieces = pieces
    }

    /// The SHA-256 of its bytes, in 64 hexadecimal digits: what the text says of it.
    package var commitment: [UInt8] {
        Array(Hexadecimal.text(SHA256.hash(data: bytes)).utf8)
    }
}
