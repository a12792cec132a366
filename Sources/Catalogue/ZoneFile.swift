import FoundationEssentials
import Glibc
import WorkingTime

/// Reads time zones from the system's tz database (RFC 8536), the copy that an administrator updates when a law changes.
package enum ZoneFile {
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    private static let directory = "/usr/share/zoneinfo"
    /// The release of the tz database, such as `2025b`; `unknown` where the system does not say.
    package static var release: String {
        let first = (try? String(contentsOfFile: "\(directory)/tzdata.zi", encoding: .utf8))?.prefix { $0 != "\n" } ?? ""
        return first.hasPrefix("# version ") ? String(first.dropFirst(10)) : "unknown"
    }

    package static func zone(named name: String) throws(Unreadable) -> Zone {
        if name == "UTC" { return .utc }
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "/_-+".utf8.contains(byte)
        }
        guard isPlain, !name.hasPrefix("/"), let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else {
            throw Unreadable(description: "there is no time zone \"\(name)\" in \(directory)")
        }
        guard let zone = zone(in: Array(data), name: name) else {
            throw Unreadable(description: "\(directory)/\(name) is not a tz file of version 2 or later")
        }
        return zone
    }

    /// Instants and offsets beyond these are in no tz file, or none that can be told apart; in seconds.
    private static let times = Instant.first.milliseconds / 1000...Instant.last.milliseconds / 1000
    private static let largestOffset = 26 * 3600

    /// The zone that a tz file of version 2 or later tells of; nil where it is none.
    package static func zone(in bytes: [UInt8], name: String) -> Zone? {
        guard let first = Header(bytes[...]), first.version >= UInt8(ascii: "2") else { return nil }
        let body = bytes.dropFirst(Header.size + first.bodySize(timeSize: 4))
        guard let header = Header(body), body.count >= Header.size + header.bodySize(timeSize: 8) else { return nil }
        var cursor = body.startIndex + Header.size
        func integer(_ start: Int, _ size: Int) -> Int64 {
            var value: Int64 = bytes[start] >= 0x80 ? -1 : 0
            for byte in bytes[start..<start + size] { value = value << 8 | Int64(byte) }
            return value
        }
        let times = (0..<header.timeCount).map { integer(cursor + $0 * 8, 8) }
        cursor += header.timeCount * 8
        let types = (0..<header.timeCount).map { Int(bytes[cursor + $0]) }
        cursor += header.timeCount
        let offsets = (0..<header.typeCount).map { Int(integer(cursor + $0 * 6, 4)) }
        guard let initial = offsets.first, types.allSatisfy({ $0 < offsets.count }), offsets.allSatisfy({ abs($0) <= largestOffset }),
            times.allSatisfy(ZoneFile.times.contains), zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }

        var changes: [Zone.Change] = []
        for (time, type) in zip(times, types) where offsets[type] != (changes.last?.offset ?? initial) {
            changes.append(Zone.Change(at: Instant(seconds: time), offset: offsets[type]))
        }
        // Between two ends of lines.
        let footer = String(
            decoding: body.dropFirst(Header.size + header.bodySize(timeSize: 8)).filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let repeatsFrom = ZoneRule(footer).flatMap { append($0, after: times.last, to: &changes, initial) }
        return Zone(name: name, firstOffset: initial, changes: changes, repeatsFrom: repeatsFrom)
    }

    /// Lists what the rule says for 400 years after the last listed change, and returns from when on that repeats; nil where it does not,
    /// or time ends before.
    ///
    /// - Parameter last: in seconds since 1970; nil where the rule is all that the file has.
    private static func append(_ rule: ZoneRule, after last: Int64?, to changes: inout [Zone.Change], _ initial: Int) -> Instant? {
        let lastYear = last.map { Int($0 / 86_400) }.map { Day(number: $0).components.year } ?? 1
        // A change can lie in the year beside the one that it is counted in; and some days before repetition have to be as it.
        let repetition = lastYear + 2 + 400
        let ruled = rule.changes(in: max(1, lastYear - 1)...min(9999, repetition))
        guard !ruled.isEmpty else { return nil }
        let repeatsFrom = Day(year: repetition, month: 1, day: 1).map { Instant(seconds: Int64($0.number) * 86_400) }
        for change in ruled where change.offset != (changes.last?.offset ?? initial) {
            if let last, change.at <= Instant(seconds: last) { continue }
            if change.at < repeatsFrom ?? .last { changes.append(change) }
        }
        return repeatsFrom
    }

    private struct Header {
        static let size = 44
        let version: UInt8
        let utCount, standardCount, leapCount, timeCount, typeCount, letterCount: Int

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= Header.size, bytes.prefix(4).elementsEqual("TZif".utf8) else { return nil }
            version = bytes[bytes.startIndex + 4]
            let counts = (0..<6).map { place in
                bytes.dropFirst(20 + place * 4).prefix(4).reduce(0) { $0 << 8 | Int($1) }
            }
            (utCount, standardCount, leapCount) = (counts[0], counts[1], counts[2])
            (timeCount, typeCount, letterCount) = (counts[3], counts[4], counts[5])
        }

        func bodySize(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + letterCount + leapCount * (timeSize + 4) + standardCount + utCount
        }
    }
}
