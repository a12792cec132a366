import CaseCore
import CaseWire

/// What lives have met: a simulator that never comes somewhere says nothing about it.
package struct SimulationCoverage: Sendable {
    /// How often each command was asked for in each state.
    package private(set) var commands: [String: Int] = [:]
    /// How often each refusal was heard, by its word.
    package private(set) var refusals: [String: Int] = [:]
    package private(set) var faults: [CommitFault: Int] = [:]
    /// How often connections came to each of their occasions.
    package private(set) var occasions: [SimulatedConnection.Occasion: Int] = [:]
    /// How often each change of a case became durable, by its name.
    package private(set) var events: [String: Int] = [:]
    /// How often a dry run came to each of its ends.
    package private(set) var dryRuns: [DryRun: Int] = [:]

    /// What a dry run says.
    package enum DryRun: String, CaseIterable, Sendable {
        case taken, refused
        /// The key has its answer already.
        case answered
    }

    package init() {}

    /// What is never heard here: who reads is asked elsewhere, what a timer brings too early never leaves the engine, nobody asks other
    /// offices so often, nobody who examines is the only one to decide under a catalogue that was checked by the rules of today, and few lives go
    /// on for long after a revocation, and none for the year after which something may be erased; and no matter of it asks for fields.
    private static let unheard: Set<Refusal.Kind> = [
        .notReadable, .notDue, .lastDecider, .tooManyOpinions, .wasRevoked, .wasErased, .erasureNotAsked, .erasureByOne,
        .fieldsMissing, .fieldUnfit,
    ]

    mutating func met(_ command: CommandName, in state: State) {
        commands["\(state.rawValue) \(command)", default: 0] += 1
    }

    mutating func met(refusal: String) {
        refusals[refusal, default: 0] += 1
    }

    mutating func met(_ fault: CommitFault) {
        faults[fault, default: 0] += 1
    }

    mutating func met(_ occasion: SimulatedConnection.Occasion) {
        occasions[occasion, default: 0] += 1
    }

    mutating func met(event: String) {
        events[event, default: 0] += 1
    }

    mutating func met(dryRun: DryRun) {
        dryRuns[dryRun, default: 0] += 1
    }

    package mutating func add(_ other: SimulationCoverage) {
        commands.merge(other.commands, uniquingKeysWith: +)
        refusals.merge(other.refusals, uniquingKeysWith: +)
        faults.merge(other.faults, uniquingKeysWith: +)
        occasions.merge(other.occasions, uniquingKeysWith: +)
        events.merge(other.events, uniquingKeysWith: +)
        dryRuns.merge(other.dryRuns, uniquingKeysWith: +)
    }

    /// What was never met: commands in states, refusals, faults, occasions of connections. Empty where the lives were many.
    package var missing: [String] {
        let words: [String] =
            Refusal.Kind.allCases.filter { !SimulationCoverage.unheard.contains($0) }.map(\.rawValue) + [
                WireError.Code.keyReused.standardKind, "catalog.second_word",
            ]
        let pairs: [String] = State.allCases.flatMap { state in SimulatedOffice.commands.map { "\(state.rawValue) \($0.name)" } }
        let (commands, refusals, faults, dryRuns) = (commands, refusals, faults, dryRuns)
        return pairs.filter { commands[$0] == nil }.map { "command: \($0)" }
            + words.filter { refusals[$0] == nil }.map { "refusal: \($0)" }
            + [
                "catalog-confirmed", Examined.name, FeeSettled.name, ServerChange.drawMadeName, ServerChange.casesReadName, Drawn.name,
                RevocationOpened.name,
                RevocationEnded.name, Revoked.name, OpinionOverdue.name,
            ].filter { events[$0] == nil }.map { "change: \($0)" }
            + CommitFault.allCases.filter { faults[$0] == nil }.map { "fault: \($0.rawValue)" }
            + DryRun.allCases.filter { dryRuns[$0] == nil }.map { "dry run: \($0.rawValue)" }
            + SimulatedConnection.Occasion.allCases.filter { occasions[$0] == nil }.map { "connection: \($0.rawValue)" }
    }

    /// The counters, one a line.
    package var table: String {
        func lines(_ title: String, _ counts: [String: Int]) -> String {
            "\(title)\n" + counts.sorted { $0.key < $1.key }.map { "  \($0.key) \($0.value)" }.joined(separator: "\n")
        }
        return [
            lines("commands, by state", commands), lines("refusals", refusals), lines("changes", events),
            lines("faults", Dictionary(uniqueKeysWithValues: faults.map { ($0.key.rawValue, $0.value) })),
            lines("dry runs", Dictionary(uniqueKeysWithValues: dryRuns.map { ($0.key.rawValue, $0.value) })),
            lines("connections", Dictionary(uniqueKeysWithValues: occasions.map { ($0.key.rawValue, $0.value) })),
        ].joined(separator: "\n")
    }
}
