import CaseCore
import CaseStore
import CaseWire
import Crypto
import FoundationEssentials
import Glibc
import WorkingTime

/// A random draw that anybody can redo.
///
/// The seed is the SHA-256 of the last event in the journal of a day that is over, which nobody could choose. Each case of the
/// population has a rank, the SHA-256 of the seed in hexadecimal, a space and its id; those with the smallest ranks are drawn. The
/// order in which cases are looked at does not matter, and neither do cases that are added to the population: each keeps its rank.
struct Draw {
    let seed: String
    private let count: Int
    private(set) var populationCount = 0
    /// The smallest ranks so far, in order.
    private(set) var drawn: [(rank: String, id: CaseID)] = []

    init(seededBy event: [UInt8], count: Int) {
        seed = Draw.hex(SHA256.hash(data: event))
        self.count = count
    }

    mutating func consider(_ id: CaseID) {
        populationCount += 1
        let rank = Draw.hex(SHA256.hash(data: Array("\(seed) \(id)".utf8)))
        if drawn.count == count, let last = drawn.last, rank >= last.rank { return }
        let place = drawn.firstIndex { $0.rank > rank } ?? drawn.endIndex
        drawn.insert((rank, id), at: place)
        if drawn.count > count { drawn.removeLast() }
    }

    private static func hex(_ digest: SHA256Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension Reader {
    /// Draws closed cases for inspection, however they ended.
    func sample(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let count = parameters.integer("count")!
        guard (1...1000).contains(count) else {
            throw WireError.parameter("count", "is \(count)", hint: "1 to 1000 can be drawn")
        }
        let day = parameters.day("day")!
        guard day < Zone.utc.day(of: viewer.now) else {
            throw WireError.parameter("day", "is not over", hint: "take a day before today: its last event cannot be chosen any more")
        }
        var filter = filter(parameters, for: viewer)
        filter.conditions.append(.isClosed)
        if let from = parameters.instant("from") { filter.conditions.append(.from(.column(.closedAt), .at(from))) }
        if let to = parameters.instant("to") { filter.conditions.append(.before(.column(.closedAt), .at(to))) }
        return try context.store.read { snapshot in
            guard let head = try snapshot.journalHead(through: day) else {
                throw WireError.notFound("seed", "entry in the journal through \(day)", hint: "take a later day")
            }
            var draw = Draw(seededBy: head.event, count: Int(count))
            var last: CaseID?
            repeat {
                let ids = try snapshot.ids(filter, after: last, limit: 10_000)
                for id in ids { draw.consider(id) }
                last = ids.last
            } while last != nil
            let drawn = try draw.drawn.map { ($0.rank, try snapshot.caseFile(try snapshot.file($0.id) ?? [])) }
            // That a case is drawn is for everybody; what it is, not for an auditor who had to do with it.
            let shown = Set(
                try viewer.shown(drawn.map(\.1)) { try context.catalogs.terms(of: $0, in: snapshot) }.map(\.file.id))
            let files = drawn.map { (rank: $0.0, file: $0.1) }
            return JSONWriter.bytes { writer in
                writer.object { writer in
                    writer.key("seed")
                    writer.object {
                        $0.member("sha256", draw.seed)
                        $0.member("seq", head.seq)
                        $0.member("day", head.day.description)
                    }
                    writer.member("population", draw.populationCount)
                    writer.key("cases")
                    writer.array(of: files) { writer, drawn in
                        let (rank, file) = drawn
                        writer.object { writer in
                            writer.member("case", file.id.description)
                            writer.member("rank", rank)
                            writer.member("matter", file.matter.raw)
                            writer.member("title", shown.contains(file.id) ? file.title : "")
                            writer.member("state", file.state.rawValue)
                            writer.member("decided_by", file.progress.decidedBy)
                            writer.member("closed_at", file.closedAt)
                            writer.key("inspections")
                            writer.array(of: file.inspections) { $1.write(to: &$0) }
                        }
                    }
                }
            }
        }
    }
}
