import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

/// The worked examples of clock arithmetic, each computed by hand.
@Suite("Clock vectors", .enabled(if: SharedData.has("calendars/clock_vectors.json"), "the clock vectors are not beside the project"))
struct ClockVectorTests {
    /// Empty where the file is missing: the arguments of a test are asked for although it is skipped.
    static let vectors =
        (try? JSONReader.read(SharedData.bytes("calendars/clock_vectors.json")))
        ?? JSONValue.of(["vectors": .array([]), "berlin": .array([]), "lawful": .array([])])
    static let ids = ["vectors", "berlin", "lawful"].flatMap { vectors[$0]!.array! }.map { $0["id"]!.string! }

    /// The calendar that the file itself describes.
    static let china = {
        let weekday = [WorkingWindow("09:00-12:00")!, WorkingWindow("14:00-17:00")!]
        var exceptions: [Day: WorkingCalendar.Exception] = [:]
        for span in vectors["cn2026"]?["off"]?.array ?? [] {
            let ends = span.string!.split(separator: "..").map { Day(String($0))! }
            for number in ends[0].number...ends[1].number { exceptions[Day(number: number)] = .init(name: "holiday", windows: []) }
        }
        for day in vectors["cn2026"]?["work"]?.array ?? [] { exceptions[Day(day.string!)!] = .init(name: "make-up", windows: weekday) }
        return WorkingCalendar(
            name: "cn", zone: Zones.shanghai, week: Zones.weekdays(weekday), exceptions: exceptions,
            validThrough: Day("2026-12-31")!)
    }()

    static let berlin = WorkingCalendar(
        name: "berlin", zone: Zones.berlin, week: Zones.weekdays([WorkingWindow("09:00-17:00")!]), validThrough: Day("2026-12-31")!)

    private func noon(_ day: String) -> Instant {
        Self.china.zone.instant(on: Day(day)!, timeOfDay: 12 * 3_600_000)
    }

    private func lastDay(_ due: Instant?) -> String? {
        due.map { Self.china.zone.day(of: $0.advanced(byMilliseconds: -1)).description }
    }

    @Test("Day clocks end on the day that a person counts", arguments: vectors["vectors"]!.array!.map { $0["id"]!.string! })
    func dayVectors(id: String) throws {
        let vector = Self.vectors["vectors"]!.array!.first { $0["id"]!.string == id }!
        let meter = Meter(rawValue: vector["unit"]!.string!)!
        var ledger = Ledger(
            Length(Int(vector["budget"]!.integer!), meter), startingAt: noon(vector["start"]!.string!), on: Self.china,
            countsFirstDay: false)
        for pause in vector["pauses"]!.array! {
            ledger.pause(at: noon(pause.array![0].string!), on: Self.china)
            #expect(ledger.due(on: Self.china) == nil, "a paused clock has no due instant")
            ledger.resume(at: noon(pause.array![1].string!), on: Self.china)
        }
        #expect(lastDay(ledger.due(on: Self.china)) == vector["due"]!.string)
    }

    @Test("Working minutes and hours keep to the zone of the calendar", arguments: ["V15", "V16", "V17a"])
    func timeVectors(id: String) throws {
        let vector = Self.vectors["berlin"]!.array!.first { $0["id"]!.string == id }!
        let budget = Int(vector["budget"]!.integer!)
        let length = vector["unit"]!.string == "hours" ? Length(budget * 60, .minutes) : Length(budget, .workingMinutes)
        let ledger = Ledger(length, startingAt: Instant(vector["start"]!.string!)!, on: Self.berlin, countsFirstDay: false)
        #expect(ledger.due(on: Self.berlin) == Instant(vector["due"]!.string!)!)
    }

    @Test("V17b: the same time three days later is read off the wall clock")
    func sameTime() throws {
        let vector = Self.vectors["berlin"]!.array!.first { $0["id"]!.string == "V17b" }!
        let start = Instant(vector["start"]!.string!)!
        let day = Zones.berlin.day(of: start).advanced(by: Int(vector["budget"]!.integer!))
        #expect(Zones.berlin.instant(on: day, timeOfDay: Zones.berlin.timeOfDay(of: start)) == Instant(vector["due"]!.string!)!)
    }

    @Test("V18: a 24-hour calendar has days of 23 and of 25 hours")
    func longAndShortDays() {
        let always = WorkingCalendar(
            name: "always", zone: Zones.berlin,
            week: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [WorkingWindow("00:00-24:00")!]) }),
            validThrough: Day("2026-12-31")!)
        for (day, hours) in [("2026-03-29", Int64(23)), ("2026-10-25", 25), ("2026-06-01", 24)] {
            let start = Zones.berlin.instant(on: Day(day)!, timeOfDay: 0)
            let end = Zones.berlin.instant(on: Day(day)!.advanced(by: 1), timeOfDay: 0)
            #expect(always.workingTime(from: start, to: end) == hours * 3_600_000, "\(day)")
            #expect(always.instant(from: start, afterWorking: hours * 3_600_000) == end, "\(day)")
        }
    }

    @Test("V19: an extension counts on from the old deadline")
    func extensionVector() {
        var ledger = Ledger(Length(20, .workingDays), startingAt: noon("2026-01-30"), on: Self.china, countsFirstDay: false)
        ledger.extend(by: 10)
        #expect(lastDay(ledger.due(on: Self.china)) == "2026-03-19")
    }

    @Test("V14: beyond the official calendar a deadline is provisional and counted by weekdays")
    func provisional() {
        let ledger = Ledger(Length(20, .workingDays), startingAt: noon("2026-12-07"), on: Self.china, countsFirstDay: false)
        let due = ledger.due(on: Self.china)!
        #expect(lastDay(due) == "2027-01-04")
        #expect(ledger.isProvisional(due: due, on: Self.china))
        #expect(!ledger.isProvisional(due: Self.china.end(of: Day("2026-12-31")!), on: Self.china))
    }

    @Test("V23: rungs at 80 %, three days before and at the breach of V3")
    func rungs() {
        let ledger = Ledger(Length(20, .workingDays), startingAt: noon("2026-02-06"), on: Self.china, countsFirstDay: false)
        #expect(lastDay(ledger.instant(reaching: 16, on: Self.china)) == "2026-03-06")
        #expect(lastDay(ledger.instant(reaching: 17, on: Self.china)) == "2026-03-09")
        #expect(lastDay(ledger.instant(reaching: 20, on: Self.china)) == "2026-03-12")
    }

    @Test("Every vector of the file is used here or, for V20, in the tests of the lifecycle")
    func complete() {
        let used =
            Self.vectors["vectors"]!.array!.map { $0["id"]!.string! } + ["V14", "V15", "V16", "V17a", "V17b", "V18", "V19", "V20", "V23"]
        #expect(Set(Self.ids) == Set(used))
    }
}
