import Glibc
import Hummingbird
import NIOCore
import NIOPosix

extension MaterialsFolder {
    /// A kept file, open for reading for as long as the value lives.
    final class Kept: Sendable {
        let size: Int
        /// Its first bytes.
        let head: [UInt8]
        private let descriptor: Int32
        private let threads: NIOThreadPool

        /// So much is read beforehand, in bytes.
        static let headSize = 16 << 10
        private static let pieceSize = 64 << 10

        fileprivate init(_ descriptor: Int32, size: Int, threads: NIOThreadPool) {
            (self.descriptor, self.size, self.threads) = (descriptor, size, threads)
            head = Kept.piece(of: descriptor, at: 0, min(size, Kept.headSize)) ?? []
        }

        deinit {
            close(descriptor)
        }

        private static func piece(of descriptor: Int32, at offset: Int, _ count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            var filled = 0
            while filled < count {
                let got = bytes.withUnsafeMutableBytes {
                    pread(descriptor, $0.baseAddress! + filled, count - filled, off_t(offset + filled))
                }
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return nil }
                filled += got
            }
            return bytes
        }

        /// Writes all of it, piece by piece, as fast as it is taken.
        func write(to writer: inout any ResponseBodyWriter) async throws {
            var offset = 0
            while offset < size {
                let (at, count) = (offset, min(Kept.pieceSize, size - offset))
                guard let piece = try await threads.runIfActive({ Kept.piece(of: self.descriptor, at: at, count) }) else {
                    throw IOError(errnoCode: EIO, reason: "a kept file is shorter than it was")
                }
                try await writer.write(ByteBuffer(bytes: piece))
                offset += count
            }
        }
    }

    /// A kept file; nil where there is none.
    func read(_ digest: String) async -> Kept? {
        try? await threads.runIfActive { self.open(digest).map { Kept($0.descriptor, size: $0.size, threads: self.threads) } }
    }
}
