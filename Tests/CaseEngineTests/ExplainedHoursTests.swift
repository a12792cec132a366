import CaseCore
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@testable import CaseEngine

/// Explanations of clocks that count hours and minutes: each can be redone with a calendar of paper and a pencil.
@Suite("Explained hours")
struct ExplainedHoursTests {
    /// The small office, with a review that counts otherwise and a week of nights where asked for.
    private func harness(review: String = "40 working-hours", friday: String = #"["09:00-12:00", "14:00-17:00"]"#) async throws -> Harness {
        var files = SmallOffice.files(user: Harness.hall)
        files["sla.toml"] = files["sla.toml"]!.replacing("40 working-hours", with: review)
        files["calendar.toml"] = files["calendar.toml"]!.replacing(
            #"friday = ["09:00-12:00", "14:00-17:00"]"#, with: "friday = \(friday)")
        let harness = try await Harness(withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        return harness
    }

    private func review(_ file: JSONValue, _ harness: Harness) async throws -> JSONValue {
        try await harness.on(file, "case.explain", ["clock": "review"]).get()["clocks"]!.array![0]
    }

    private func integer(_ value: JSONValue, _ name: String) -> Int64 {
        value[name]!.integer!
    }

    @Test(
        "R41: The rows of an explained clock add up, window by window, whatever the seconds", arguments: ["40 working-hours", "60 hours"])
    func rowsAddUp(review: String) async throws {
        let harness = try await harness(review: review)
        let submitted = try await harness.submit()
        try await harness.advance(to: "2026-02-06T01:13:29.251Z")
        var file = try await harness.on(submitted, "case.accept", as: "otto").get()
        for (pause, resumption) in [
            ("2026-02-06T02:00:00.750Z", "2026-02-06T03:07:31.500Z"), ("2026-02-06T06:45:59.999Z", "2026-02-09T01:30:30.001Z"),
            ("2026-02-09T01:30:59Z", "2026-02-10T03:59:31Z"), ("2026-02-10T04:00:01Z", "2026-02-11T01:00:00Z"),
        ] {
            try await harness.advance(to: pause)
            file = try await harness.on(
                file, "case.suspend", ["kind": "hearing", "basis": "Art. 46", "expected": "5 working-days"], as: "otto"
            ).get()
            try await harness.advance(to: resumption)
            file = try await harness.on(file, "case.resume", as: "otto").get()
        }
        let clock = try await self.review(file, harness)
        let stretches = clock["stretches"]!.array!
        #expect(stretches.count { $0["paused"] != nil } == 4)
        let counted = stretches.filter { $0["paused"] == nil }
        #expect(counted.reduce(0) { $0 + integer($1, "counted") } == integer(clock, "budget"))
        #expect(integer(counted.last!, "total") == integer(clock, "budget"))
        #expect(counted.last?["to"] == clock["due"])
        var total: Int64 = 0
        for stretch in counted {
            total += integer(stretch, "counted")
            #expect(integer(stretch, "total") == total)
            guard let windows = stretch["windows"]?.array else {
                #expect(review == "60 hours")
                continue
            }
            #expect(windows.reduce(0) { $0 + integer($1, "counted") } == integer(stretch, "counted"))
            #expect(windows.last.map { integer($0, "total") } ?? total == total)
            for window in windows {
                let (from, to) = (Instant(window["from"]!.string!)!, Instant(window["to"]!.string!)!)
                #expect(from < to && abs((to - from) / 60_000 - integer(window, "counted")) <= 1)
                #expect(["09:00-12:00", "14:00-17:00"].contains(window["window"]!.string!))
            }
        }
        // The last instant that counts is in the last window.
        if let windows = counted.last?["windows"]?.array { #expect(windows.last?["to"] == clock["due"]) }
    }

    @Test("R41: What ends with a day has nothing of the next one, and a night is of the day on which it begins")
    func nights() async throws {
        let harness = try await harness(review: "4 working-hours", friday: #"["22:00-02:00"]"#)
        let submitted = try await harness.submit()
        let file = try await harness.on(submitted, "case.accept", as: "otto").get()
        let clock = try await review(file, harness)
        #expect(clock["due"] == "2026-02-06T18:00:00Z")
        #expect(clock["last_day"] == "2026-02-07")
        let stretch = clock["stretches"]!.array![0]
        #expect(
            stretch["windows"]?.array == [
                .of([
                    "day": "2026-02-06", "window": "22:00-02:00", "from": "2026-02-06T14:00:00Z", "to": "2026-02-06T18:00:00Z",
                    "counted": 240,
                    "total": 240,
                ])
            ])
    }

    @Test("R40: Hours that pass on all days are never provisional, and working hours are where the calendar is not official")
    func provisional() async throws {
        for (budget, isProvisional) in [("90000 hours", false), ("9000 working-hours", true), ("90000 minutes", false)] {
            let harness = try await harness(review: budget)
            let file = try await harness.on(try await harness.submit(), "case.accept", as: "otto").get()
            let clock = try await review(file, harness)
            #expect(clock["provisional"] == .bool(isProvisional), "\(budget)")
            let shown = file["clocks"]!.array!.first { $0["clock"] == "review" }!
            #expect(shown["provisional"] == .bool(isProvisional), "\(budget)")
        }
    }

    @Test("R40: Before the first year that a calendar names, as after the last one, a deadline is provisional, and so are the days")
    func beforeTheFirstYear() async throws {
        let harness = try await harness()
        for (start, unit, isProvisional) in [
            ("2025-03-03", "working-days", true), ("2025-12-30", "working-days", true), ("2026-03-02", "working-days", false),
            ("2026-12-30", "working-days", true), ("2025-03-03", "working-hours", true), ("2025-03-03", "calendar-days", false),
            ("2027-03-01", "calendar-days", false), ("2027-03-01", "hours", false), ("2025-12-31", "working-days", false),
        ] {
            let due = try await harness.call(
                "calendar.due", .of(["calendar": "cn", "start": .string(start), "budget": .string("5 \(unit)")])
            ).get()
            #expect(due["provisional"] == .bool(isProvisional), "5 \(unit) from \(start)")
        }
        let days = try await harness.call("calendar.show", .of(["calendar": "cn", "from": "2025-12-30", "to": "2026-01-02"])).get()
        #expect(days["days"]!.array!.map { $0["provisional"] } == [true, true, false, false])
    }

    @Test("R30: A calendar is near its end from 60 days before")
    func horizon() {
        for (count, isNear) in [(61, false), (60, true), (0, true), (-1, true)] {
            let horizon = CalendarHorizon(calendar: "cn", zone: "UTC", validThrough: Day("2026-12-31")!, dayCount: count)
            #expect(horizon.isNear == isNear, "\(count)")
        }
    }
}
