import CaseCore
import CaseEngine
import CaseServer
import CaseWire
import Synchronization

// What a command would do, asked before it does it.
extension Simulation {
    /// What a dry run said of a command, and what the command did.
    final class Foretold: Sendable {
        let asked: CommandRequest
        let outcome: Outcome
        /// Nil as long as nobody has heard.
        let answer = Mutex<Outcome?>(nil)
        /// How much had happened by then.
        let historyCount: Int

        init(_ asked: CommandRequest, _ outcome: Outcome, historyCount: Int) {
            (self.asked, self.outcome, self.historyCount) = (asked, outcome, historyCount)
        }
    }

    /// Asks what the first command that waits would do. What would come before it by itself passes first; nil where that is not the end of it.
    mutating func foretell() throws -> Foretold? {
        guard case .command(let asked)? = waiting.first?.work else { return nil }
        for _ in 0..<4 {
            machine.catchUp()
            _ = machine.turn([])
            model.believe(machine.present)
            try look()
            if !machine.isDue, !machine.isDrawDue { break }
        }
        guard !machine.isDue, !machine.isDrawDue, let first = waiting.first else { return nil }
        let before = machine.state
        let outcome: Outcome
        do {
            var reading: Reading?
            outcome = .success(
                try machine.context.rehearsed(asked, peer: first.peer, on: machine.state, at: machine.present, &reading))
        } catch let error as WireError {
            outcome = .failure(error)
        } catch let refusal as Refusal {
            outcome = .failure(WireError(refusal))
        }
        guard store.take().batches.isEmpty, machine.state == before else {
            throw SimulationModel.Broken(description: "a dry run of \(first.work) has left something")
        }
        let foretold = Foretold(asked, outcome, historyCount: model.history.count)
        waiting[0] = WriteRequest(peer: first.peer, first.work) { outcome in
            foretold.answer.withLock { $0 = outcome }
            first.reply(outcome)
        }
        return foretold
    }

    /// Looks whether a command did what was foretold.
    mutating func compare(_ foretold: Foretold) throws {
        guard let answer = foretold.answer.withLock({ $0 }) else { return }
        func differ(_ what: String) -> SimulationModel.Broken {
            SimulationModel.Broken(
                description:
                    "\(what) of \(type(of: foretold.asked.command).method): a dry run said \(Simulation.text(foretold.outcome)), then came \(Simulation.text(answer))"
            )
        }
        switch (foretold.outcome, answer) {
        case (.failure(let told), .failure(let done)):
            guard told.kind == done.kind, told.message == done.message else { throw differ("another refusal") }
            coverage.met(dryRun: .refused)
        case (.success(let told), .success(let done)):
            let (told, done) = (try JSONReader.read(told), try JSONReader.read(done))
            guard Simulation.plain(told) == Simulation.plain(done) else { throw differ("another answer") }
            let events = told["events"]?.array ?? []
            let recorded = try model.history.dropFirst(foretold.historyCount).filter { $0.after.id.description == done["case"]?.string }
                .prefix(events.count).map { entry in
                    // Whoever submitted the case is shown it as it is seen from outside.
                    let (event, submitters) = (try Event(canonicalBytes: entry.event), entry.after.submitters)
                    let seen = submitters.contains(event.by) ? event.fromOutside(ofCaseOf: submitters) : event
                    return Simulation.plain(try JSONReader.read((seen ?? event).canonicalBytes))
                }
            guard recorded == events.map(Simulation.plain) else { throw differ("other events") }
            coverage.met(dryRun: events.isEmpty ? .answered : .taken)
        case (.success, .failure), (.failure, .success): throw differ("another outcome")
        }
    }

    /// Without what only a dry run has, without the receipt, which it has not, and without the seal, whose statement says at which place in the
    /// journal the decision stands.
    private static func plain(_ value: JSONValue) -> [UInt8] {
        func stripped(_ value: JSONValue) -> JSONValue {
            guard let members = value.members else { return value }
            return .object(
                members.filter { !["dry_run", "events", "receipt", "seal"].contains($0.name) }.map { .init($0.name, stripped($0.value)) })
        }
        return JSONWriter.bytes(orderingNames: true) { $0.value(stripped(value)) }
    }

    private static func text(_ outcome: Outcome) -> String {
        switch outcome {
        case .success(let bytes): String(decoding: bytes, as: UTF8.self)
        case .failure(let error): error.message
        }
    }
}
