/// What stands at the end of each page of the store: 64 bits over its other bytes and its number.
///
/// A bit that flips changes it, whichever it is. Words of eight bytes are taken in one after the other, each by `xor`, a multiplication by an
/// odd number and a rotation: of two different sums before, or of two different words, each of these makes different sums. So two pages that
/// differ in one word differ in the sum behind it, and in all sums from there on; and so does one page in two places. Of pages that differ
/// in more words one in 2^64 is not noticed. It is no seal: who changes a page by hand can sum it up anew, and the tree over the journal
/// notices that.
enum PageSum {
    /// In bytes.
    static let pageSize = 4096
    /// Of these, what SQLite leaves at the end.
    static let size = 8
    private static let summedSize = pageSize - size

    /// - Parameters:
    ///   - page: `pageSize` bytes, of which the last ones do not count.
    ///   - number: from 1.
    static func of(_ page: UnsafeRawPointer, _ number: Int64) -> UInt64 {
        var sum = ~UInt64(bitPattern: number) &* factor
        var offset = 0
        while offset < summedSize {
            sum = next(sum, word(page, offset))
            offset += 8
        }
        return sum
    }

    /// The same of all bytes of a page, for what is kept in memory alone: four sums side by side, each of every fourth word, which takes a third
    /// of the time. Pages that differ in one word differ in one of the four, and so in the sum of these.
    static func ofWhole(_ page: UnsafeRawPointer, _ number: Int64) -> UInt64 {
        let start = ~UInt64(bitPattern: number) &* factor
        var (first, second, third, fourth) = (start, start, start, start)
        var offset = 0
        while offset < pageSize {
            first = next(first, word(page, offset))
            second = next(second, word(page, offset + 8))
            third = next(third, word(page, offset + 16))
            fourth = next(fourth, word(page, offset + 24))
            offset += 32
        }
        return next(next(next(first, second), third), fourth)
    }

    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    @inline(__always)
    private static func next(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        let product = (sum ^ word) &* factor
        return product << 29 | product >> 35
    }

    @inline(__always)
    private static func word(_ page: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: page.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The one that stands in a page.
    static func stored(in page: UnsafeRawPointer) -> UInt64 {
        word(page, summedSize)
    }

    static func put(_ sum: UInt64, in page: UnsafeMutableRawPointer) {
        page.storeBytes(of: sum.littleEndian, toByteOffset: summedSize, as: UInt64.self)
    }

    static func fits(_ page: UnsafeRawPointer, _ number: Int64) -> Bool {
        of(page, number) == stored(in: page)
    }

    /// Where the first page says how many bytes are left at the end of each.
    private static let sizePlace = 20

    /// Whether the file that begins with a page has sums, by what the page says of it.
    static func isSaid(by first: UnsafeRawPointer) -> Bool {
        first.load(fromByteOffset: sizePlace, as: UInt8.self) == size
    }

    /// Whether the file that begins with a page has sums: also where the byte that says so is another one, and the page's own sum fits as soon
    /// as it does say so. No bit that flips makes a file one without sums.
    static func isMeant(by first: UnsafeMutableRawPointer) -> Bool {
        if isSaid(by: first) { return true }
        let said = first.load(fromByteOffset: sizePlace, as: UInt8.self)
        first.storeBytes(of: UInt8(size), toByteOffset: sizePlace, as: UInt8.self)
        defer { first.storeBytes(of: said, toByteOffset: sizePlace, as: UInt8.self) }
        return fits(first, 1)
    }
}
