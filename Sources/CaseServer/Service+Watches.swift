import CaseCore
import CaseEngine
import CaseWire
import NIOCore

// Watches are read on beside the event loop, in the lanes of reads.
extension Service {
    var lastSeq: Int64 {
        engine.view.lastSeq
    }

    func openWatch(_ parameters: Parameters, for connection: Connection, _ ticket: Ticket) {
        guard !returned.withLock({ $0.isDraining }) else {
            return post(.failure(WireError(.draining, "the server is stopping", hint: "try again")), ticket)
        }
        let (peer, presence, name) = (connection.peer, connection.presence, connection.watches.newName())
        lanes.submit(for: peer, isWanted: { presence.isHere }) { [self] _ in
            reader.openWatch(parameters, peer: peer, name: name, heartbeat: limits.heartbeatMilliseconds) { [self] opening in
                switch opening {
                case .failure(let error): post(.failure(error), ticket)
                case .success(let opening): eventLoop.execute { self.connection(ticket.connection)?.opened(opening, ticket) }
                }
            }
        }
    }

    /// Reads on for a watch, beside the event loop.
    func advance(_ watch: Watch, for connection: Connection) {
        let (peer, presence, number) = (connection.peer, connection.presence, connection.number)
        lanes.submit(for: peer, isWanted: { presence.isHere }) { [self] isActive in
            guard isActive else { return }
            if reader.isOnRecord(watch) { return follow(watch, for: number) }
            reader.record(watch) { [self] recorded in
                switch recorded {
                case .success(let watch):
                    lanes.submit(for: peer, isWanted: { presence.isHere }) { [self] _ in follow(watch, for: number) }
                case .failure(let error):
                    eventLoop.execute { self.connection(number)?.watches.end(watch.name, reason: error.kind) }
                }
            }
        }
    }

    private func follow(_ watch: Watch, for number: Int) {
        // Before anything is looked up: who may hear of what is taken in by then is known.
        let last = lastSeq
        var watch = watch
        do {
            let lines = try reader.feed.advance(&watch, through: last)
            eventLoop.execute { [watch] in self.connection(number)?.watches.advanced(watch, lines) }
        } catch {
            let reason = reader.failure("a watch could not be read on", error).kind
            eventLoop.execute { [watch] in self.connection(number)?.watches.end(watch.name, reason: reason) }
        }
    }

    /// Lets the watches hear, once for commits that come together.
    func announceJournal() {
        let isFirst = isJournalAnnounced.withLock { isAnnounced in
            defer { isAnnounced = true }
            return !isAnnounced
        }
        guard isFirst else { return }
        eventLoop.execute { [self] in
            isJournalAnnounced.withLock { $0 = false }
            for place in board.value.unmarked { connection(place.connection)?.watches.proceed(place.name) }
            look()
        }
    }

    /// Looks through the end of the journal for the watches that rest.
    func look() {
        let start = board.value.through
        guard !isLooking.value, board.value.isLookWanted, start < lastSeq else { return }
        isLooking.value = true
        lanes.submit { [self] isActive in
            guard isActive else { return }
            let found: (through: Int64, marks: Set<CaseMark>?)
            do {
                found = try reader.feed.look(after: start, through: lastSeq)
            } catch {
                // Whoever is concerned finds the same.
                reader.failure("the journal could not be looked through for watches", error)
                found = (start, nil)
            }
            eventLoop.execute { self.looked(from: start, found) }
        }
    }

    private func looked(from start: Int64, _ found: (through: Int64, marks: Set<CaseMark>?)) {
        isLooking.value = false
        // Those that rested may have gone meanwhile, and others come who are further.
        guard board.value.through == start else { return look() }
        for place in board.value.look(through: found.through, found.marks) {
            connection(place.connection)?.watches.wake(place.name, behind: start)
        }
        look()
    }
}
