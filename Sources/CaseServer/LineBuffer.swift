import Glibc
import NIOCore

/// What a client has sent and nobody has looked at yet. Lines are cut off one by one, when there is time for the next; a line that is too long
/// is passed over, and what comes after it is read as usual.
struct LineBuffer {
    enum Line {
        /// Without its line feed; never blank.
        case bytes(ByteBuffer)
        case tooLong
        /// The connections of this user hold more than they may, and this is one of the longer lines.
        case tooMuch
    }

    private let limit: Int
    private var held = ByteBuffer()
    /// How many of the held bytes are known to hold no line feed.
    private var searched = 0
    private var isPassingOver = false
    private var isEnded = false

    /// A line of so many bytes may always be held.
    private static let allowance = 1 << 14

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ incoming: ByteBuffer) {
        if held.readableBytes == 0 {
            held = incoming
        } else {
            var incoming = incoming
            held.discardReadBytes()
            held.writeBuffer(&incoming)
        }
    }

    /// Nothing more comes; the last line may lack its line feed.
    mutating func end() {
        isEnded = true
    }

    mutating func clear() {
        (held, searched) = (ByteBuffer(), 0)
    }

    /// What is held, in bytes: what a buffer has room for is what it costs.
    var byteCount: Int {
        held.readableBytes == 0 ? 0 : held.capacity
    }

    /// What was not cut off yet, in bytes.
    var readableBytes: Int {
        held.readableBytes
    }

    /// Whether everything was cut off that will ever come.
    var isAtEnd: Bool {
        isEnded && held.readableBytes == 0
    }

    /// Cuts off the next line; nil where there is no whole one.
    ///
    /// - Parameter isTooMuch: asked of lines that are longer than a line may always be.
    mutating func next(isTooMuch: () -> Bool) -> Line? {
        while true {
            if searched == 0, !isPassingOver { skipEmptyLines() }
            guard let length = lengthOfLine() else { return rest(isTooMuch) }
            let line = held.readSlice(length: length)!
            if held.readableBytes > 0 { held.moveReaderIndex(forwardBy: 1) }
            searched = 0
            if isPassingOver {
                isPassingOver = false
            } else if line.readableBytes > limit || !line.isBlank {
                return cut(line, isTooMuch)
            }
        }
    }

    private mutating func skipEmptyLines() {
        held.moveReaderIndex(forwardBy: held.countOfFirst { $0 == 0x0D || $0 == 0x0A })
    }

    /// How long the line is that begins here; nil where its end is not there.
    private mutating func lengthOfLine() -> Int? {
        let length = held.withUnsafeReadableBytes { bytes -> Int? in
            guard bytes.count > searched, let start = bytes.baseAddress else { return nil }
            return memchr(start + searched, 0x0A, bytes.count - searched).map { UnsafeRawPointer($0) - start }
        }
        if let length { return length }
        searched = held.readableBytes
        return isEnded && searched > 0 ? searched : nil
    }

    private func cut(_ line: ByteBuffer, _ isTooMuch: () -> Bool) -> Line {
        if line.readableBytes > limit { return .tooLong }
        return line.readableBytes > LineBuffer.allowance && isTooMuch() ? .tooMuch : .bytes(line)
    }

    /// What there is of a line that has not ended is held, unless it is too long already.
    private mutating func rest(_ isTooMuch: () -> Bool) -> Line? {
        if isPassingOver { clear() }
        let length = held.readableBytes
        guard length > limit || length > LineBuffer.allowance && isTooMuch() else { return nil }
        clear()
        isPassingOver = true
        return length > limit ? .tooLong : .tooMuch
    }
}

extension ByteBuffer {
    /// How many bytes are so, from the first on.
    fileprivate func countOfFirst(_ isSo: (UInt8) -> Bool) -> Int {
        withUnsafeReadableBytes { bytes in
            var count = 0
            while count < bytes.count, isSo(bytes[count]) { count += 1 }
            return count
        }
    }

    fileprivate var isBlank: Bool {
        countOfFirst { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } == readableBytes
    }
}
