import GRDBSQLite
import Synchronization

/// Pages in a log of SQLite, as they were written.
///
/// SQLite looks at the sums of a log when it takes it over, and never again. So each page that this process writes there is summed up here,
/// and compared when it is read; eight bytes for each frame that the log has ever had, which are 16,000 and those of the longest
/// transaction. A page that another process wrote, or this one before it was started, is compared with the log's own sums: that of a frame
/// goes on from the one before (the format is that of sqlite.org/fileformat2.html, "The WAL File"). Either is enough: within a transaction
/// SQLite writes a page again in its place, and only at the end the log's own sums behind it.
final class LogFrames: Sendable {
    private static let headSize: Int64 = 32
    private static let frameHeadSize: Int64 = 24
    private static let frameSize = frameHeadSize + Int64(PageSum.pageSize)

    /// By frame, from 0; 0 where none is known, or the sum of the page is.
    private let sums = Mutex<[UInt64]>([])

    /// The frame whose page has its place at an offset; nil where it is no page's place.
    private static func frame(ofPageAt offset: Int64, _ count: Int) -> Int? {
        let place = offset - headSize - frameHeadSize
        guard count == PageSum.pageSize, place >= 0, place % frameSize == 0 else { return nil }
        return Int(place / frameSize)
    }

    /// What is written there takes the place of what was.
    func noteWriting(_ bytes: UnsafeRawPointer, _ count: Int, at offset: Int64) {
        if let frame = LogFrames.frame(ofPageAt: offset, count) {
            let sum = PageSum.ofWhole(bytes, Int64(frame))
            sums.withLock { sums in
                if frame >= sums.count { sums.append(contentsOf: repeatElement(0, count: frame + 1 - sums.count)) }
                sums[frame] = sum
            }
        } else if !LogFrames.isHead(at: offset, count) {
            forget(from: offset, count)
        }
    }

    /// Whether a writing is the head of the log, or of a frame, and no part of a page.
    private static func isHead(at offset: Int64, _ count: Int) -> Bool {
        offset == 0 ? count == headSize : count == frameHeadSize && offset >= headSize && (offset - headSize) % frameSize == 0
    }

    /// A log that is cut has no more frames than that.
    func noteLength(_ size: Int64) {
        sums.withLock { sums in
            let count = max(0, (size - LogFrames.headSize) / LogFrames.frameSize)
            if count < sums.count { sums.removeLast(sums.count - Int(count)) }
        }
    }

    /// Of pages that are written in parts, only the log's own sums are known.
    private func forget(from offset: Int64, _ count: Int) {
        sums.withLock { sums in
            let first = max(0, (offset - LogFrames.headSize) / LogFrames.frameSize)
            let last = (offset + Int64(count) - 1 - LogFrames.headSize) / LogFrames.frameSize
            guard last >= first else { return }
            for frame in Int(first)...Int(last) where frame < sums.count { sums[frame] = 0 }
        }
    }

    /// Looks at what was read.
    ///
    /// - Parameter read: reads more of the log; false where it does not have that much.
    /// - Returns: the frame, from 1, that is not what was written; nil where there is nothing to say against it.
    func damage(
        in bytes: UnsafeRawPointer, _ count: Int, at offset: Int64, read: (UnsafeMutableRawPointer, Int, Int64) -> Bool
    ) -> Int? {
        if let frame = LogFrames.frame(ofPageAt: offset, count) {
            return isKnown(bytes, frame) || isChained(bytes, frame, read) ? nil : frame + 1
        }
        // A frame with its head: SQLite takes the log over, and looks at its sums, or writes them anew.
        let pageOffset = offset + LogFrames.frameHeadSize
        guard count == Int(LogFrames.frameSize), let frame = LogFrames.frame(ofPageAt: pageOffset, PageSum.pageSize),
            sums.withLock({ frame < $0.count && $0[frame] != 0 })
        else { return nil }
        let page = bytes + Int(LogFrames.frameHeadSize)
        return isKnown(page, frame) || isChained(page, frame, read) ? nil : frame + 1
    }

    private func isKnown(_ page: UnsafeRawPointer, _ frame: Int) -> Bool {
        let sum = PageSum.ofWhole(page, Int64(frame))
        return sums.withLock { frame < $0.count && $0[frame] == sum }
    }

    /// Whether the log's own sum of a frame goes on from the one before.
    private func isChained(_ page: UnsafeRawPointer, _ frame: Int, _ read: (UnsafeMutableRawPointer, Int, Int64) -> Bool) -> Bool {
        var head = [UInt8](repeating: 0, count: Int(LogFrames.headSize))
        var heads = [UInt8](repeating: 0, count: 2 * Int(LogFrames.frameHeadSize))
        let offset = LogFrames.headSize + Int64(frame) * LogFrames.frameSize
        let isRead =
            head.withUnsafeMutableBytes { read($0.baseAddress!, $0.count, 0) }
            && heads.withUnsafeMutableBytes { heads in
                let size = Int(LogFrames.frameHeadSize)
                return read(heads.baseAddress! + size, size, offset)
                    && (frame == 0 || read(heads.baseAddress!, size, offset - LogFrames.frameSize))
            }
        guard isRead else { return false }
        if frame == 0 { heads.replaceSubrange(16..<24, with: head[24..<32]) }
        let isBigEndian = head[3] & 1 == 1
        return heads.withUnsafeBytes { heads in
            func word(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt32 {
                let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
            }
            func stored(_ offset: Int) -> UInt32 { UInt32(bigEndian: heads.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
            var sum = (stored(16), stored(20))
            func add(_ bytes: UnsafeRawPointer, _ count: Int) {
                for offset in stride(from: 0, to: count, by: 8) {
                    sum.0 &+= word(bytes, offset) &+ sum.1
                    sum.1 &+= word(bytes, offset + 4) &+ sum.0
                }
            }
            add(heads.baseAddress! + Int(LogFrames.frameHeadSize), 8)
            add(page, PageSum.pageSize)
            return sum == (stored(40), stored(44))
        }
    }
}
