import ArgumentParser
import CasePages
import CaseWire

/// Asks what a command would do, instead of having it done.
struct DryRun: ParsableArguments {
    @Flag(help: ArgumentHelp(Say.text("Only say what it would do, or why it would be refused; nothing is changed.")))
    var dryRun = false

    var members: [JSONValue.Member] {
        dryRun ? [.init("dry_run", .bool(true))] : []
    }

    /// What the server says of the case is how it would stand; this says so, and with which events.
    static func remark(_ answer: JSONValue) -> String {
        let events = (answer["events"]?.array ?? []).compactMap { $0.cell("event") }.map { Say.cell("event", $0) }
        return events.isEmpty
            ? Say.text("it would record nothing more, as this key has its answer; nothing was changed")
            : Say.fill("it would record: {}; nothing was changed", events.joined(separator: Say.comma))
    }
}

/// Where there is no dry run: whoever asks for one is told what says the same.
struct NoDryRun: ParsableArguments {
    @Flag(help: .hidden) var dryRun = false

    func refuse(_ sentence: @autoclosure () -> String) throws {
        if dryRun { throw ValidationError(sentence()) }
    }
}
