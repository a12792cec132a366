import CaseCore
import CaseTesting
import Testing
import WorkingTime

@Suite("What finds those who ask for a kind of case")
struct CaseMarkTests {
    private static let columns: [CaseColumn] = [.state, .office, .handler, .awaited, .suspended, .closedAt]
    private static let words = ["a", "b", "c"]

    private func column(_ random: inout SeededRandom) -> CaseColumn {
        Self.columns.randomElement(using: &random)!
    }

    private func value(_ random: inout SeededRandom) -> ColumnValue {
        Int.random(in: 0..<4, using: &random) == 0 ? .null : .text(Self.words.randomElement(using: &random)!)
    }

    private func condition(_ depth: Int, _ random: inout SeededRandom) -> CaseCondition {
        func some() -> [CaseCondition] { (0..<Int.random(in: 0..<4, using: &random)).map { _ in condition(depth - 1, &random) } }
        switch Int.random(in: 0..<(depth > 0 ? 12 : 9), using: &random) {
        case 0: return .isCase(CaseID(Int64.random(in: 1...3, using: &random)))
        case 1...4: return .isAny(column(&random), (0..<Int.random(in: 0..<3, using: &random)).map { _ in value(&random) })
        case 5: return .isNull(column(&random))
        case 6: return .isSet(.suspended)
        case 7: return [.isOverdue, .lists(.awaited, Self.words), .waits].randomElement(using: &random)!
        case 8: return .shows(Light.allCases.randomElement(using: &random)!)
        case 9: return .all(some())
        case 10: return .any(some())
        default: return .not(condition(depth - 1, &random))
        }
    }

    @Test("Whoever asks for cases of a kind is found by a mark of each case that is one", arguments: 0..<20)
    func complete(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var (markedCount, heldCount) = (0, 0)
        let now = Instant("2026-02-06T01:00:00Z")!
        for _ in 0..<2000 {
            let condition = condition(3, &random)
            guard let marks = condition.marks else { continue }
            markedCount += 1
            for _ in 0..<8 {
                let id = CaseID(Int64.random(in: 1...3, using: &random))
                var values: [CaseColumn: ColumnValue] = [:]
                for column in CaseColumn.all { values[column] = value(&random) }
                values[.suspended] = .integer(Int64.random(in: 0...1, using: &random))
                let due = Bool.random(using: &random) ? Instant(milliseconds: now.milliseconds - 1) : nil
                guard condition.holds(of: id, due: due, at: now, { values[$0]! }, says: { _ in false }) else { continue }
                heldCount += 1
                #expect(!marks.isDisjoint(with: CaseMark.marks(of: id) { values[$0]! }), "seed \(seed): \(condition)")
            }
        }
        #expect(markedCount > 100 && heldCount > 100)
    }
}
