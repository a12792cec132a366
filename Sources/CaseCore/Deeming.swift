/// How far the clock is trusted by which time decides.
package enum ClockTrust: String, Word {
    /// The daemon's own, which follows the machine's within bounds.
    case own
    /// The daemon's own; the machine's says something else and is not believed.
    case disputed
    /// Whatever the machine's says, as somebody chose.
    case always
    /// One for training, which is moved by hand.
    case manual
}

/// By what the passing of time decided: on record with the outcome, so that a court can ask for each of them.
package struct Deeming: Described {
    package var clock: ClockKind
    /// Its number in the list of the clocks' rules.
    package var rule: String
    package var trust: ClockTrust

    package init(clock: ClockKind, rule: String, trust: ClockTrust) {
        self.clock = clock
        self.rule = rule
        self.trust = trust
    }

    package static var shape: Shape { .named("deeming", .object(members.shapes)) }

    package static let members = Members<Deeming>(
        Member("clock", \.clock, "the clock whose end decided"),
        Member("rule", \.rule, "the rule by which it did, as docs/clocks.md numbers them"),
        Member("trust", \.trust, "how far the clock was trusted by which it ended"),
        make: { Deeming(clock: $0, rule: $1, trust: $2) })
}

/// A command by which time decides.
package protocol DeemingCommand: CaseCommand {
    /// Whoever keeps the time says so.
    var trust: ClockTrust { get set }
}
