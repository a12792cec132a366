import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

/// Days that never were, and the ends of time: what no clock of a person shows, and every program can be asked for.
@Suite("The ends of time")
struct EndsOfTimeTests {
    private static let windows = #"["09:00-12:00", "14:00-17:00"]"#

    /// Calendars of a zone that skipped a day, of one whose clocks change, and of a week in which hardly anybody works.
    private static let calendars = """
        [calendar.apia]
        zone = "Pacific/Apia"
        valid-through = 2026-12-31
        week = { monday = \(windows), tuesday = \(windows), wednesday = \(windows), thursday = \(windows), friday = \(windows) }
        [calendar.berlin]
        zone = "Europe/Berlin"
        valid-through = 2026-12-31
        week = { sunday = ["00:00-24:00"], monday = ["02:15-02:45"] }
        [calendar.nights]
        zone = "Pacific/Apia"
        valid-through = 2026-12-31
        week = { thursday = ["22:00-06:00"], friday = ["22:00-06:00"], saturday = ["22:00-06:00"] }
        [calendar.sparse]
        zone = "America/Los_Angeles"
        valid-through = 2026-12-31
        week = { wednesday = ["23:58-23:59"] }

        """

    private func harness(now: String = "2026-02-06T01:00:00Z") async throws -> Harness {
        var files = SmallOffice.files(user: Harness.hall)
        files["calendars.toml"] = Self.calendars
        let harness = try await Harness(now: now, withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        return harness
    }

    @Test(
        "R35: A day that a zone skipped is worked by nobody and counted by no clock: 30 December 2011 in Samoa",
        arguments: [
            ("7 working-hours", "2012-01-01T20:00:00Z"), ("13 working-hours", "2012-01-02T20:00:00Z"),
            ("1 working-days", "2012-01-02T10:00:00Z"), ("1 calendar-days", "2011-12-31T10:00:00Z"),
            ("3 calendar-days", "2012-01-02T10:00:00Z"), ("24 hours", "2011-12-30T10:00:00Z"),
        ])
    func skippedDay(_ budget: String, _ due: String) async throws {
        let harness = try await harness()
        let found = try await harness.call(
            "calendar.due", .of(["calendar": "apia", "start": "2011-12-29", "budget": .string(budget)])
        ).get()
        #expect(found["due"]?.string == due)
        let days = try await harness.call("calendar.show", .of(["calendar": "apia", "from": "2011-12-29", "to": "2011-12-31"])).get()
        #expect(days["days"]?.array?[1]["name"] == "no such day in Pacific/Apia")
        let measured = try await harness.call(
            "calendar.measure",
            .of([
                "calendar": "apia", "from": "2011-12-29", "to": .string(due),
                "unit": .string(String(budget.split(separator: " ")[1])),
            ])
        ).get()
        #expect("\(measured["amount"]?.integer ?? -1)" == budget.split(separator: " ")[0])
    }

    /// The least and the greatest values of a form, and some that are on the edge of what is known.
    private func extremes(_ shape: Shape) -> [JSONValue] {
        let days = [
            "0001-01-01", "0001-12-31", "1582-10-15", "1970-01-01", "2011-12-30", "2100-12-31", "2101-01-01", "9999-01-01", "9999-12-31",
        ]
        let instants =
            [
                "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:60Z", "0001-01-01T00:00:00+23:59",
                "9999-12-31T23:59:59-23:59",
            ]
            + days.map { "\($0)T12:00:00Z" }
        switch shape {
        case .day: return days.map(JSONValue.string)
        case .instant: return instants.map(JSONValue.string)
        case .dayOrInstant: return (days + instants).map(JSONValue.string)
        case .length: return Query.units.flatMap { ["1 \($0)", "\(Length.limit) \($0)"] }.map(JSONValue.string)
        case .integer: return [Int64.min, -1, 0, 1, 1000, 1001, 1 << 31, 1 << 34, .max].map { .number(literal: "\($0)") }
        case .word(let words): return words.map(JSONValue.string)
        case .boolean: return [.bool(true), .bool(false)]
        case .caseID: return ["C-1", "C-0", "C-17179869183", "C-17179869184", "C-9223372036854775807"].map(JSONValue.string)
        case .orderID: return ["O-1-1", "O-1-9223372036854775807"].map(JSONValue.string)
        case .object(let parameters):
            return parameters.flatMap { parameter in extremes(parameter.givenShape).map { .object([.init(parameter.name, $0)]) } }
        case .orNull(let form): return [.null] + extremes(form)
        case .list(let form): return [.array([])] + extremes(form).map { .array([$0]) }
        case .text:
            return ["", "apia", "berlin", "sparse", "start", "permit", "0000-0000-0000", "ZZZZ-ZZZZ-ZZZZ", "-1", "v1"].map(JSONValue.string)
        case .map: return [.of(["calendar.toml": ""])]
        case .named, .either, .any: return ["form"]
        }
    }

    @Test("R36: No read, and no watch, ends the process, whatever its parameters and whenever it is asked")
    func everyRead() async throws {
        let harness = try await harness(now: "0001-01-01T00:00:00Z")
        _ = try await harness.submit()
        for now in [nil, "2026-02-06T01:00:00Z", "9000-01-01T00:00:00Z", "9998-12-31T23:59:59.999Z"] {
            if let now {
                try await harness.advance(to: now)
                _ = try await harness.submit()
            }
            for method in Method.allCases where method != "watch.stop" {
                switch method {
                case .command, .administration: continue
                case .query, .stream: break
                }
                let required = method.parameters.filter { !$0.isOptional }
                // Each parameter through all its values, and each pair of the required ones.
                for parameter in method.parameters {
                    for value in extremes(parameter.givenShape) {
                        var members: [[JSONValue.Member]] = [[.init(parameter.name, value)]]
                        for other in required where other.name != parameter.name {
                            members = members.flatMap { chosen in
                                (other.name == "calendar" ? ["apia", "berlin", "nights", "sparse"] : extremes(other.givenShape)).map {
                                    chosen + [.init(other.name, $0)]
                                }
                            }
                            if members.count > 400 {
                                members = stride(from: 0, to: members.count, by: members.count / 200).map { members[$0] }
                            }
                        }
                        for chosen in members { _ = try await harness.call(method, .object(chosen), uid: Harness.admin) }
                    }
                }
            }
        }
        #expect(try await harness.call("server.info").get()["open"]?.integer != nil)
    }

    @Test("R36: What ends after the year 9999 is refused, not shown as another year")
    func beyond() async throws {
        let harness = try await harness()
        for calendar in ["cn", "apia", "berlin", "nights", "sparse"] {
            let refused = try await harness.call(
                "calendar.due", .of(["calendar": .string(calendar), "start": "9999-12-01", "budget": "100 calendar-days"]))
            #expect(refused.kind == "params.invalid")
        }
        #expect(try await harness.call("clock.advance", .of(["to": "9999-01-01T00:00:00Z"]), uid: Harness.admin).kind == "params.invalid")
        let hours = try await harness.call(
            "calendar.due", .of(["calendar": "sparse", "start": "2026-01-01", "budget": "100000 working-hours"]))
        #expect(hours.kind == "params.invalid")
    }
}
