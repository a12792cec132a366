import CaseCore

/// An event as the journal keeps it: its canonical text, which the tree covers, and apart from it what it says of persons.
///
/// The text is that of the event without those members, and ends with a commitment to them where there are any:
///
///     {"case":"C-1",…,"clocks":[…],"commitment":"64 hexadecimal digits"}
package struct RecordedEvent: Sendable, Equatable {
    /// The bytes of a leaf.
    package let text: [UInt8]
    /// Nil where it says nothing of persons, and in what was recorded before they were kept apart.
    package let opening: Opening?

    private static let member = Array(",\"commitment\":\"".utf8)
    private static let end = Array("\"}".utf8)
    private static let commitmentLength = 64

    /// Something else than what was recorded.
    package enum Damage: Error, Equatable {
        /// What it says of persons is lost, or is not what the text commits to.
        case opening
    }

    /// What an event becomes in the journal.
    ///
    /// - Parameter salt: 16 bytes that nobody can guess and that are used nowhere else; asked for where they are needed.
    package init(_ event: Event, salt: () -> [UInt8]) {
        var writer = JSONWriter(parting: .marked)
        writer.value(event)
        let (whole, apart) = (writer.bytes, writer.apart)
        guard !apart.isEmpty else {
            (text, opening) = (whole, nil)
            return
        }
        let (rest, pieces) = RecordedEvent.part(whole, apart)
        let opening = Opening(salt: salt(), pieces: pieces)
        var text = rest
        text.removeLast()
        text += RecordedEvent.member
        text += opening.commitment
        text += RecordedEvent.end
        self.text = text
        self.opening = opening
    }

    /// What was recorded, as it was.
    package init(text: [UInt8], opening: Opening? = nil) {
        (self.text, self.opening) = (text, opening)
    }

    private static func part(_ whole: [UInt8], _ apart: [Range<Int>]) -> (rest: [UInt8], pieces: [Opening.Piece]) {
        var (rest, pieces, place): ([UInt8], [Opening.Piece], Int) = ([], [], 0)
        rest.reserveCapacity(whole.count)
        for range in apart {
            rest += whole[place..<range.lowerBound]
            pieces.append(Opening.Piece(place: rest.count, bytes: Array(whole[range])))
            place = range.upperBound
        }
        rest += whole[place...]
        return (rest, pieces)
    }

    /// What the text commits to; nil where it commits to nothing.
    private var commitment: ArraySlice<UInt8>? {
        let length = RecordedEvent.member.count + RecordedEvent.commitmentLength + RecordedEvent.end.count
        guard text.count > length, text.suffix(length).starts(with: RecordedEvent.member), text.suffix(2).elementsEqual(RecordedEvent.end)
        else { return nil }
        return text.dropLast(2).suffix(RecordedEvent.commitmentLength)
    }

    /// The hash of the entry that the tree has for it.
    package var leaf: MerkleHash {
        TreeEntry(of: text).leaf
    }

    /// How long the whole of it is.
    package var byteCount: Int {
        text.count + (opening?.pieces.reduce(0) { $0 + $1.bytes.count } ?? 0)
    }

    package var isErased: Bool {
        opening?.isErased ?? false
    }

    /// The canonical text with what it says of persons, or with what stands for that once it was erased.
    ///
    /// - Throws: `Damage` where that is not what was recorded.
    package func whole() throws(Damage) -> [UInt8] {
        guard let commitment else {
            guard opening == nil else { throw .opening }
            return text
        }
        guard let opening, opening.isErased ? opening.saysErased && !opening.pieces.isEmpty : commitment.elementsEqual(opening.commitment)
        else { throw .opening }
        var (whole, place): ([UInt8], Int) = ([], 0)
        whole.reserveCapacity(text.count + opening.pieces.reduce(0) { $0 + $1.bytes.count })
        for piece in opening.pieces {
            guard piece.place <= text.count else { throw .opening }
            whole += text[place..<piece.place]
            whole += piece.bytes
            place = piece.place
        }
        return whole + text[place...]
    }

    /// The same once what it says of persons was erased.
    ///
    /// - Parameter event: what it says.
    /// - Throws: `Damage` where that is another event than the one of the text.
    package func erased(_ event: Event) throws(Damage) -> RecordedEvent {
        guard opening != nil, let commitment else { return self }
        var writer = JSONWriter(parting: .erased)
        writer.value(event)
        let (rest, pieces) = RecordedEvent.part(writer.bytes, writer.apart)
        guard text.elementsEqual(rest.dropLast() + RecordedEvent.member + commitment + RecordedEvent.end) else { throw .opening }
        return RecordedEvent(text: text, opening: Opening(salt: nil, pieces: pieces))
    }
}
