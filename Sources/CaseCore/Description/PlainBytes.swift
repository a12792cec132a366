/// Finds where a text ceases to be plain, eight bytes at a time: most bytes of a message need neither a look nor an escape.
package enum PlainBytes {
    /// The place of the first byte from `start` on that is a control character, a quote, a backslash or not ASCII; the end where there
    /// is none.
    @inlinable
    package static func end(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start
        let raw = UnsafeRawBufferPointer(bytes)
        while place + 8 <= bytes.count {
            let marks = marks(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            if marks != 0 { return place + marks.trailingZeroBitCount / 8 }
            place += 8
        }
        while place < bytes.count, isPlain(bytes[place]) { place += 1 }
        return place
    }

    @usableFromInline
    static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
    }

    /// The high bit of each byte that is not plain. Behind the first such byte there may be more bits than bytes.
    @usableFromInline
    static func marks(_ word: UInt64) -> UInt64 {
        let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        func isZero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        let isControl = (word &- ones &* 0x20) & ~word
        let isSpecial = isZero(word ^ ones &* 0x22) | isZero(word ^ ones &* 0x5C) | isZero(word ^ ones &* 0x7F)
        return (word | isControl | isSpecial) & highs
    }
}
