import Foundation

/// Looks into a log before SQLite does, which takes its first bad frame for the end and says nothing of what stands behind it.
///
/// A cut can leave the last transaction in pieces: it was never acknowledged. What began after another one was durable cannot be in pieces:
/// a bad frame with the ends of two transactions behind it, one going on from the other, is damage. What a cut has left of an earlier log
/// end is written over bit by bit and goes on from nothing (the format is that of sqlite.org/fileformat2.html, "The WAL File").
struct LogCheck {
    enum Finding: Equatable {
        /// There is no log, or none with anything in it.
        case empty
        case whole
        /// At this frame, from 1; 0 is the head.
        case damaged(frame: Int)
    }

    private static let headSize = 32
    private static let frameHeadSize = 24

    static func look(at path: String) throws -> Finding {
        guard FileManager.default.fileExists(atPath: path) else { return .empty }
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        return data.withUnsafeBytes(look)
    }

    private static func look(_ bytes: UnsafeRawBufferPointer) -> Finding {
        guard bytes.count >= headSize + frameHeadSize else { return .empty }
        func word(_ offset: Int) -> UInt32 { UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
        let isBigEndian = word(0) & 1 == 1
        func sum(_ range: Range<Int>, _ sum: inout (UInt32, UInt32)) {
            for offset in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                let first = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                let second = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                sum.0 &+= (isBigEndian ? UInt32(bigEndian: first) : UInt32(littleEndian: first)) &+ sum.1
                sum.1 &+= (isBigEndian ? UInt32(bigEndian: second) : UInt32(littleEndian: second)) &+ sum.0
            }
        }
        let pageSize = Int(word(8))
        guard word(0) & ~1 == 0x377F_0682, (512...65536).contains(pageSize), pageSize.isMultiple(of: 512) else { return .damaged(frame: 0) }
        var running: (UInt32, UInt32) = (0, 0)
        sum(0..<24, &running)
        guard running == (word(24), word(28)) else { return .damaged(frame: 0) }

        let frameSize = frameHeadSize + pageSize
        let salts = (word(16), word(20))
        let count = (bytes.count - headSize) / frameSize
        func start(_ frame: Int) -> Int { headSize + frame * frameSize }
        func isOfThisLog(_ frame: Int) -> Bool { (word(start(frame) + 8), word(start(frame) + 12)) == salts }
        func endsTransaction(_ frame: Int) -> Bool { word(start(frame) + 4) != 0 }
        /// The sum of a frame that goes on from the sum of the one before.
        func sum(of frame: Int, from before: (UInt32, UInt32)) -> (UInt32, UInt32) {
            var running = before
            sum(start(frame)..<start(frame) + 8, &running)
            sum(start(frame) + frameHeadSize..<start(frame) + frameSize, &running)
            return running
        }
        func stored(_ frame: Int) -> (UInt32, UInt32) { (word(start(frame) + 16), word(start(frame) + 20)) }

        for frame in 0..<count {
            running = sum(of: frame, from: running)
            guard !isOfThisLog(frame) || running != stored(frame) else { continue }
            // The first bad frame. What an earlier cut has left behind it goes on from other frames than these, and ends the chain.
            var ends = 0
            var next = frame + 1
            if next < count, isOfThisLog(next), [stored(frame), running].contains(where: { sum(of: next, from: $0) == stored(next) }) {
                ends = isOfThisLog(frame) && endsTransaction(frame) ? 1 : 0
            }
            while next < count, isOfThisLog(next), next == frame + 1 || sum(of: next, from: stored(next - 1)) == stored(next) {
                if endsTransaction(next) { ends += 1 }
                next += 1
            }
            return ends >= 2 ? .damaged(frame: frame + 1) : .whole
        }
        return .whole
    }
}
