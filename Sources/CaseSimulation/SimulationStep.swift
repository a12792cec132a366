import CaseCore
import CaseTesting
import CaseWire

/// What happens next in a simulated life. A step says all of it, so that a life can be lived again, and shortened.
package enum SimulationStep: Sendable {
    /// A client asks for something; it is carried out with the next turn.
    case ask(Asking)
    /// A client asks once more for what it asked for, with the same key, whether or not it has had an answer.
    case askAgain(Int)
    /// A client asks for something else with the key of what it asked for.
    case reuseKey(of: Int)
    /// A client does something beside asking.
    case client(SimulatedConnection.Habit, Int)
    case turn(CommitFault?)
    /// Changed rules reach the next cases.
    case rollOut(CommitFault?)
    /// Somebody begins to follow cases, or reads on.
    case watch(Int)
    /// An auditor reads a list.
    case readList(Int)
    case pass(milliseconds: Int64)
    case setClock(byMilliseconds: Int64)
    case confirmClock
    /// A catalogue is applied; `days` is how long until it takes effect, 0 for at once.
    case apply(variant: Int, allowsEarlier: Bool, days: Int)
    case cancelCatalog
    /// An admin gives the second word, who may be the one that gave the first.
    case confirmCatalog(by: Int)
    /// The process ends, at its leisure or not, and another one begins.
    case restart
    /// The machine as well, which was off for a time that its clock alone knows.
    case reboot(after: Int64, isSynchronised: Bool)

    /// A command on some case. Numbers choose among what there is.
    package struct Asking: Sendable {
        let file: Int
        let person: Int
        let command: Int
        /// Whether the command is one that the state of the case takes.
        let isFitting: Bool
        let choice: Int
    }

    package static func life(_ seed: UInt64, count: Int) -> [SimulationStep] {
        var random = SeededRandom(seed: seed)
        func number(_ range: Range<Int> = 0..<1_000_000) -> Int { .random(in: range, using: &random) }
        func fault(oneOf count: Int) -> CommitFault? {
            number(0..<count) == 0 ? CommitFault.allCases[number() % CommitFault.allCases.count] : nil
        }
        var steps: [SimulationStep] = []
        while steps.count < count {
            switch number(0..<100) {
            case ..<56:
                steps.append(
                    .ask(
                        Asking(
                            file: number(), person: number(), command: number(), isFitting: number(0..<3) > 0, choice: number())))
            case ..<61: steps.append(.askAgain(number()))
            case ..<62: steps.append(.reuseKey(of: number()))
            case ..<65:
                let habits = SimulatedConnection.Habit.allCases
                steps.append(.client(habits[number() % habits.count], number()))
            case ..<78: steps.append(.turn(fault(oneOf: 8)))
            case ..<81: steps.append(.rollOut(fault(oneOf: 8)))
            case ..<83: steps.append(.watch(number()))
            case ..<84: steps.append(.readList(number()))
            case ..<91: steps.append(.pass(milliseconds: Int64(number(0..<[3_600_000, 90_000_000, 1_500_000_000][number() % 3]))))
            case ..<92:
                // By hours, and now and then by more than keys are kept.
                let range = number(0..<6) == 0 ? 4_000_000_000 : 10_000_000
                steps.append(.setClock(byMilliseconds: Int64(number(0..<2 * range) - range)))
            case ..<93: steps.append(.confirmClock)
            case ..<94: steps.append(.confirmCatalog(by: number()))
            case ..<96:
                steps.append(.apply(variant: number(), allowsEarlier: number(0..<2) == 0, days: max(0, number(0..<8) - 4)))
                // Mostly somebody agrees soon.
                if number(0..<3) > 0 { steps += [.turn(nil), .confirmCatalog(by: number())] }
            case ..<97: steps.append(number(0..<3) == 0 ? .cancelCatalog : .confirmCatalog(by: number()))
            case ..<99: steps.append(.restart)
            default:
                let gap = number(0..<[3_600_000, 400_000_000][number() % 2])
                steps.append(.reboot(after: Int64(gap), isSynchronised: number(0..<2) == 0))
            }
        }
        return steps
    }
}
