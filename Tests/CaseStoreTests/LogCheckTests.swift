import CaseTesting
import Foundation
import GRDB
import Testing

@testable import CaseStoreSQLite

/// Real logs of SQLite, cut and damaged.
@Suite("The check of a log")
struct LogCheckTests {
    private static let frameSize = 24 + 4096

    @Test("However many power cuts tear the last transaction, one after the other, the log is whole; a flipped bit before it never is")
    func cuts() throws {
        let seed = UInt64(Date().timeIntervalSince1970 * 1000)
        var random = SeededRandom(seed: seed)
        var folder = TemporaryDirectory()
        var damagedCount = 0
        for round in 0..<60 {
            let path = "\(folder.path)/store"
            let (committed, last) = try Self.write(path, &random)
            var log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            // One bit of what was durable before the last transaction began, where another transaction lies between.
            for _ in 0..<8 {
                let offset = Int.random(in: 0..<committed, using: &random)
                let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &random)
                log[offset] ^= bit
                let finding = try Self.look(log)
                #expect(finding != .whole, "round \(round), bit \(bit) of byte \(offset), seed \(seed)")
                log[offset] ^= bit
                damagedCount += finding == .whole ? 0 : 1
            }
            // The cut: some frames of the last transaction did not come to the disk, as a whole or in part.
            let isFirstOnly = Bool.random(using: &random)
            for frame in last where isFirstOnly ? frame == last.lowerBound : Bool.random(using: &random) {
                let start = 32 + frame * Self.frameSize
                let part = [0..<24, 24..<Self.frameSize, 0..<Self.frameSize, 512..<1024].randomElement(using: &random)!
                log.replaceSubrange(start + part.lowerBound..<start + part.upperBound, with: Data(count: part.count))
            }
            let cut = TemporaryDirectory()
            try FileManager.default.copyItem(atPath: path, toPath: "\(cut.path)/store")
            try log.write(to: URL(fileURLWithPath: "\(cut.path)/store-wal"))
            #expect(try LogCheck.look(at: "\(cut.path)/store-wal") == .whole, "round \(round), seed \(seed)")
            folder = cut
        }
        #expect(damagedCount > 0)
    }

    private static func look(_ log: Data) throws -> LogCheck.Finding {
        let folder = TemporaryDirectory()
        try log.write(to: URL(fileURLWithPath: "\(folder.path)/log"))
        return try LogCheck.look(at: "\(folder.path)/log")
    }

    /// Opens a store as after a cut and adds transactions of one or many pages; the log stays as it is.
    ///
    /// - Returns: how many bytes of the log lie before the last transaction but one, and the frames of the last.
    private static func write(_ path: String, _ random: inout SeededRandom) throws -> (committed: Int, last: Range<Int>) {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL") }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { try $0.execute(sql: "CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, b BLOB)") }
        let length = WriteAheadLog()
        queue.writeWithoutTransaction { length.watch($0) }
        var ends: [Int] = []
        for rows in [1, 2, 1, [1, 2, 40].randomElement(using: &random)!] {
            // A long one that is cut leaves frames behind the short ones that are written over it later.
            try queue.write { db in
                for _ in 0..<rows { try db.execute(sql: "INSERT INTO t (b) VALUES (randomblob(3000))") }
            }
            ends.append(Int(length.pageCount))
        }
        // Closing would bring the log into the file: the files are copied as a kill leaves them.
        let copy = TemporaryDirectory()
        for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: "\(copy.path)/store\(suffix)") }
        try queue.close()
        for suffix in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
            try FileManager.default.moveItem(atPath: "\(copy.path)/store\(suffix)", toPath: path + suffix)
        }
        return (32 + ends[ends.count - 3] * frameSize, ends[ends.count - 2]..<ends[ends.count - 1])
    }
}
