import CaseCore
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@Suite("Draws: periods, populations, and what can be done over")
struct DrawTests {
    @Test(
        "Each day lies in one period, which begins on a Monday, the first of a month or of a quarter",
        arguments: InspectionDraw.Period.allCases)
    func periods(period: InspectionDraw.Period) {
        for number in Day("2023-12-01")!.number...Day("2028-04-01")!.number {
            let day = Day(number: number)
            let (start, next) = (period.start(of: day), period.start(after: day))
            #expect(start <= day && day < next)
            #expect(period.start(of: next) == next && period.start(of: next.advanced(by: -1)) == start)
            switch period {
            case .week: #expect(start.weekday == .monday)
            case .month: #expect(start.components.day == 1)
            case .quarter: #expect(start.components.day == 1 && [1, 4, 7, 10].contains(start.components.month))
            }
        }
    }

    private static let draw = InspectionDraw(id: "weekly", post: "commissioner", period: .week, size: 2, calendar: "utc")

    @Test("The word is given the day before; after a stop only the latest period is drawn, and the others are counted")
    func turns() {
        for (now, day, missed) in [
            ("2026-02-10T00:00:00Z", "2026-02-16", 0), ("2026-02-21T23:59:59Z", "2026-02-16", 0), ("2026-02-22T00:00:00Z", "2026-02-23", 1),
            ("2026-03-25T00:00:00Z", "2026-03-23", 5),
        ] {
            let turn = Self.draw.turn(after: Day("2026-02-09")!, at: Instant(now)!, in: .utc)
            #expect(turn.opensAt == Instant("2026-02-15T00:00:00Z") && turn.day == Day(day) && turn.missed == missed, "\(now): \(turn)")
        }
    }

    @Test("A draw is made on its day where the word was given before, and else at the next midnight")
    func instants() {
        func rule(_ now: String) -> DrawRule {
            let now = Instant(now)!
            return Self.draw.rule(of: Self.draw.turn(after: Day("2026-02-09")!, at: now, in: .utc), at: now, in: Register(), zone: .utc)
        }
        #expect(rule("2026-02-15T13:00:00Z").at == Instant("2026-02-16T00:00:00Z"))
        let late = rule("2026-02-18T13:00:00Z")
        #expect(late.at == Instant("2026-02-19T00:00:00Z") && late.to == Instant("2026-02-16T00:00:00Z"))
        #expect(late.from == Instant("2026-02-09T00:00:00Z") && late.draw.description == "weekly/2026-02-16")
    }

    @Test("A population is written by its stretches and read again; what is no such list is refused")
    func populations() throws {
        for numbers in [[], [1], [1, 2, 3], [1, 3, 4, 9], [7, 8, 10, 11, 12]] as [[Int64]] {
            var population = Population()
            population.append(numbers.map { CaseID($0) })
            #expect(try Population(from: try JSONReader.read(JSONWriter.bytes { $0.value(population) })) == population)
        }
        for wrong in ["2 1", "1-", "3-1", "1--2", "0", "x", "1-99999999999", "1 1"] {
            #expect(throws: Mismatch.self, "\(wrong)") { try Population(from: .string(wrong)) }
        }
    }

    @Test("An inspection names a draw that the case is in, or none")
    func inspection() throws {
        let office = Office()
        var file = try office.submit()
        try office.act(&file, Withdraw(reason: "x"), .submitter)
        func inspect(_ draw: String?) throws(Refusal) { try office.act(&file, Inspect(.inOrder, finding: "x", draw: draw), .commissioner) }
        #expect(throws: Refusal.notDrawn("weekly/2026-02-09", [])) { try inspect("weekly/2026-02-09") }
        try office.act(&file, Draw("weekly/2026-02-09", for: "commissioner"), .clock)
        #expect(throws: Refusal.notDrawn("weekly/2026-02-16", ["weekly/2026-02-09"])) { try inspect("weekly/2026-02-16") }
        try inspect("weekly/2026-02-09")
        try inspect(nil)
        #expect(file.inspections.map(\.draw) == ["weekly/2026-02-09", nil])
        for number in 1...200 { try office.act(&file, Draw("d\(number)/2026-02-09", for: "commissioner"), .clock) }
        #expect(file.selection.draws.count == 100 && file.selection.draws.last == "d200/2026-02-09")
    }
}
