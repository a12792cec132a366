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
        guard !writer.apart.isEmpty else {
            (text, opening) = (writer.bytes, nil)
            return
        }
        let (rest, opening) = RecordedEvent.parted(writer, salt: salt())
        var text = rest
        text.removeLast()
        text += RecordedEvent.member
        text += opening.commitment
        text += RecordedEvent.end
        (self.text, self.opening) = (text, opening)
    }

    /// What was recorded, as it was.
    package init(text: [UInt8], opening: Opening? = nil) {
        (self.text, self.opening) = (text, opening)
    }

    /// The text of a writer without what is kept apart, and that.
    private static func parted(_ writer: borrowing JSONWriter, salt: [UInt8]?) -> (rest: [UInt8], opening: Opening) {
        let apart = writer.apart
        var opening = Opening(salt: salt, reserving: apart.reduce(0) { $0 + $1.count + 8 })
        var (rest, place): ([UInt8], Int) = ([], 0)
        writer.withBytes { whole in
            rest.reserveCapacity(whole.count + member.count + commitmentLength + end.count)
            for range in apart {
                rest.append(contentsOf: UnsafeBufferPointer(rebasing: whole[place..<range.lowerBound]))
                opening.append(UnsafeBufferPointer(rebasing: whole[range]), at: rest.count)
                place = range.upperBound
            }
            rest.append(contentsOf: UnsafeBufferPointer(rebasing: whole[place...]))
        }
        return (rest, opening)
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
        text.count + (opening?.pieceByteCount ?? 0)
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
        guard let opening, opening.isErased ? opening.saysErased && !opening.isEmpty : commitment.elementsEqual(opening.commitment)
        else { throw .opening }
        var (whole, place): ([UInt8], Int) = ([], 0)
        whole.reserveCapacity(text.count + opening.pieceByteCount)
        var pieces = opening.pieceReader
        while let piece = pieces.next() {
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
        let (rest, erased) = RecordedEvent.parted(writer, salt: nil)
        guard text.elementsEqual(rest.dropLast() + RecordedEvent.member + commitment + RecordedEvent.end) else { throw .opening }
        return RecordedEvent(text: text, opening: erased)
    }
}
