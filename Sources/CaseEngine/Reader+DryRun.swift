import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension Reader {
    /// Says what a command would do, beside the writer. It shows a case, so that an auditor's or an admin's goes on record as a reading does, also
    /// where it is refused and the command's own refusal would.
    package func rehearse(_ asked: CommandRequest, peer: Peer, reply: @escaping @Sendable (Outcome) -> Void) {
        var reading: Reading?
        let outcome = failing(Method(type(of: asked.command))) {
            try context.rehearsed(asked, peer: peer, on: engine.view.state, at: context.time.now, &reading)
        }
        recording(reading, peer: peer, acting: asked.envelope.acting?.raw) { error in reply(error.map { .failure($0) } ?? outcome) }
    }
}

extension Engine.Context {
    /// Carries out a command in a batch of its own, on a snapshot, and lets go of the batch: what the command would answer, and with which events.
    ///
    /// - Parameters:
    ///   - state: of the last commit, or of one before it.
    ///   - reading: becomes what has to go on record before somebody is told.
    /// - Throws: what the command would be refused with.
    package func rehearsed(
        _ asked: CommandRequest, peer: Peer, on state: EngineState, at now: Instant, _ reading: inout Reading?
    ) throws -> [UInt8] {
        try store.read { snapshot in
            var builder = BatchBuilder(snapshot, self, state, durable: state, now: now, givesReceipts: false)
            try builder.requireKnown(peer)
            let shown = try builder.reading(asked, peer)
            do {
                let answer = try builder.rehearse(asked, peer)
                reading = shown
                return ReplyLimit.answer(answer)
            } catch {
                // A refusal that says how the case stands is on record in the batch; of one that is a reading's, there is nothing to record.
                if !builder.readings.isEmpty { reading = shown }
                throw error
            }
        }
    }
}

extension BatchBuilder {
    fileprivate mutating func rehearse(_ asked: CommandRequest, _ peer: Peer) throws -> ShownAnswer {
        if let key = try key(of: asked, peer),
            let first = try firstAnswer(to: asked, under: key, peer, digest: WriteRequest.digest(of: asked))
        {
            return ShownAnswer(first.shown, wouldRecord: [])
        }
        let answered = try perform(asked, peer)
        let submitters = answered.file.submitters
        let events = try batch.journal.filter { $0.id == answered.file.id }.compactMap { row in
            let event = try Event(canonicalBytes: row.event.whole())
            return submitters.contains(event.by) ? event.fromOutside(ofCaseOf: submitters) : event
        }
        return ShownAnswer(answered.shown, wouldRecord: events)
    }

    /// The reading that a dry run is; nil where it goes on no record.
    fileprivate mutating func reading(_ asked: CommandRequest, _ peer: Peer) throws -> Reading? {
        // Whoever may not act so is refused, and told nothing.
        guard let principal = try? context.principals.principal(of: peer, acting: asked.envelope.acting?.raw), let id = asked.file,
            let file = try load(id), context.catalogs.readScope(of: principal, at: now).isRecorded(file)
        else { return nil }
        return .file(id, revision: file.revision, type(of: asked.command).method)
    }
}
