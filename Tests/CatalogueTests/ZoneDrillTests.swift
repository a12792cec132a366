import CaseTesting
import Catalogue
import Foundation
import Testing
import WorkingTime

/// Dates that do not exist and times that exist twice, in every zone that the machine knows.
///
/// `make test` walks around one change of each zone, and around all that skip a day or show one twice; `make drills` around all changes.
/// The seed draws the changes, and the calendars for each.
@Suite("Every zone")
struct ZoneDrillTests {
    /// What `make test` draws by.
    private static let seed: UInt64 = 18
    private static let isDrill = ProcessInfo.processInfo.environment["CASED_DRILLS"] != nil
    private static let root = "/usr/share/zoneinfo"

    /// Zones that differ, in groups that can be walked side by side.
    private static let groups: [[Zone]] = {
        var known: Set<Data> = []
        let names = (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).sorted()
        let zones = names.compactMap { name -> Zone? in
            guard name.first?.isUppercase == true, let zone = try? ZoneFile.zone(named: name),
                let bytes = FileManager.default.contents(atPath: "\(root)/\(name)"), known.insert(bytes).inserted
            else { return nil }
            return zone
        }
        return (0..<16).map { group in zones.enumerated().filter { $0.offset % 16 == group }.map(\.element) }
    }()

    /// From here on zones follow the rules at the end of their files.
    private static let ruled = Instant("2040-01-01T00:00:00Z")!

    /// The changes to walk around, and some of the far future, which are repetitions.
    private func changes(of zone: Zone, _ random: inout SeededRandom) -> [Instant] {
        var changes = zone.changes.map(\.at).filter { $0 < Self.ruled }
        // Those of before there was standard time go by the second, and take long.
        if !Self.isDrill { changes = changes.filter { $0.milliseconds % 60_000 == 0 }.randomElement(using: &random).map { [$0] } ?? [] }
        if let last = zone.changes.last?.at, last > Self.ruled, Self.isDrill || Bool.random(using: &random) {
            let cycles = Int64.random(in: 0...18, using: &random)
            changes.append(last.advanced(byMilliseconds: cycles * 146_097 * 86_400_000))
        }
        return Set(changes + zone.leaps).sorted()
    }

    @Test(
        "R5, R35, R37, R38: Around the changes of every zone, days, hours and instants are as counting step by step finds them",
        arguments: 0..<16)
    func walk(group: Int) {
        var random = SeededRandom(seed: Self.seed + UInt64(group))
        for zone in Self.groups[group] {
            for change in changes(of: zone, &random) {
                let walk = ZoneWalk(zone, around: change)
                var calendars = walk.calendars()
                calendars = Array(calendars.shuffled(using: &random).prefix(Self.isDrill ? 5 : 2))
                let wrong = walk.wrongInstants() + calendars.flatMap { walk.wrong(on: $0) }
                // Not through the macro: it would cost more than the count.
                if !wrong.isEmpty {
                    Issue.record("seed \(Self.seed), \(zone.name) at \(change): \(wrong.prefix(3).joined(separator: "; "))")
                }
            }
        }
    }

    @Test("R35: All days that zones skipped are among those walked: Samoa, Tokelau and Kiribati have theirs")
    func skippedDays() throws {
        let zones = Self.groups.flatMap { $0 }
        let skipped = Set(zones.flatMap(\.skippedDays).map(\.description))
        #expect(skipped.isSuperset(of: ["2011-12-30", "1993-08-21", "1994-12-31"]), "\(skipped)")
        for zone in zones where !zone.skippedDays.isEmpty { #expect(!zone.leaps.isEmpty, "\(zone.name)") }
    }

    @Test("R39: In every zone the offset is what the system's date says, in years from 1900 to 9998")
    func offsets() throws {
        var random = SeededRandom(seed: Self.seed)
        let zones = Self.groups.flatMap { $0 }.filter { _ in Self.isDrill || Int.random(in: 0..<8, using: &random) == 0 }
        for zone in zones { try compare(zone, withDateIn: zone.name, &random) }
    }

    @Test(
        "R39: Every form of rule that a file can end with is read as the system's date reads it",
        arguments: [
            "CET-1CEST,M3.5.0,M10.5.0/3", "ACST-9:30ACDT,M10.1.0,M4.1.0/3", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
            "IST-1GMT0,M10.5.0,M3.5.0/1",
            "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "EET-2EEST,M3.4.4/50,M10.4.4/50", "EST5EDT,J60/0,J300/23:59:59", "EST5EDT,59/2,299/2",
            "AAA-14BBB-13,M9.1.0/-24,M4.2.0/48", "<+0545>-5:45", "UTC0",
        ])
    func rules(footer: String) throws {
        var random = SeededRandom(seed: Self.seed)
        try compare(try zone(footer), withDateIn: footer, &random)
    }

    @Test("R39: Summer time that ends as the next one begins holds all year", arguments: ["XXX3EDT4,0/0,J365/23", "XXX3EDT4,J1/0,J365/23"])
    func allYear(footer: String) throws {
        let zone = try zone(footer)
        for text in [
            "1900-07-01T00:00:00Z", "2050-01-01T02:59:59Z", "2050-01-01T03:00:00Z", "2400-12-31T23:59:59Z", "9998-01-01T03:00:00Z",
        ] {
            #expect(zone.offset(at: Instant(text)!) == -4 * 3600, "\(text)")
        }
    }

    @Test(
        "R39: A rule by which clocks would skip a day every year, or times that are none, is no rule",
        arguments: ["AAA-13BBB12,M3.1.0,M9.1.0", "AAA-1:60"])
    func noRules(footer: String) throws {
        #expect(try zone(footer).changes.isEmpty)
    }

    /// A zone that has nothing but a rule.
    private func zone(_ footer: String) throws -> Zone {
        // A file of version 2 without a change, in both of its parts: one kind of local time, and the footer.
        let header = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 34) + [1, 0, 0, 0, 4]
        let standard = try #require(footer.wholeMatch(of: #/(<[^>]*>|[A-Za-z]+)(-?)(\d+)(?::(\d+))?.*/#))
        let offset = Int32(Int(standard.3)! * 3600 + Int(standard.4 ?? "0")! * 60) * (standard.2 == "-" ? 1 : -1)
        let kind = withUnsafeBytes(of: offset.bigEndian) { Array($0) } + [0, 0] + Array("XXX\0".utf8)
        return try #require(ZoneFile.zone(in: header + kind + header + kind + Array("\n\(footer)\n".utf8), name: footer))
    }

    /// - Parameter name: of the zone, or a rule, as the system's date takes it from its environment.
    private func compare(_ zone: Zone, withDateIn name: String, _ random: inout SeededRandom) throws {
        let bounds = Instant("1900-01-01T00:00:00Z")!.milliseconds / 1000...Instant("9998-12-31T00:00:00Z")!.milliseconds / 1000
        var seconds = (0..<60).map { _ in Int64.random(in: bounds, using: &random) }
        for change in zone.changes.suffix(60) {
            // The same 2,000 years later, where the C library has no rules so early.
            let second = change.at.milliseconds / 1000 + (change.at.milliseconds / 1000 < bounds.lowerBound ? 5 * 146_097 * 86_400 : 0)
            seconds += [second - 1, second]
        }
        let date = Process()
        date.executableURL = URL(filePath: "/usr/bin/env")
        date.arguments = ["TZ=\(name)", "date", "-f", "-", "+%::z"]
        let (input, output) = (Pipe(), Pipe())
        (date.standardInput, date.standardOutput) = (input, output)
        try date.run()
        try input.fileHandleForWriting.write(contentsOf: Data(seconds.map { "@\($0)\n" }.joined().utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self).split(separator: "\n")
        date.waitUntilExit()
        try #require(said.count == seconds.count, "\(zone.name)")
        for (second, offset) in zip(seconds, said) {
            let instant = Instant(seconds: second)
            let parts = offset.dropFirst().split(separator: ":").map { Int($0)! }
            let expected = (offset.first == "-" ? -1 : 1) * (parts[0] * 3600 + parts[1] * 60 + parts[2])
            if zone.offset(at: instant) != expected {
                Issue.record("\(zone.name) at \(instant): \(zone.offset(at: instant)), not \(expected)")
                break
            }
        }
    }
}

extension Zone {
    /// The changes by nearly a day or more, which skip a date or show one twice.
    fileprivate var leaps: [Instant] {
        changes.map(\.at).filter { abs(offset(at: $0) - offset(at: $0.advanced(byMilliseconds: -1))) > 20 * 3600 }
    }
}
