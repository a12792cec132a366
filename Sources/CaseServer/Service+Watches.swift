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
        var watch = watch
        do {
            let lines = try reader.feed.advance(&watch)
            eventLoop.execute { [watch] in self.connection(number)?.watches.advanced(watch, lines) }
        } catch {
            reader.log("a watch could not be read on", error)
            eventLoop.execute { [watch] in
                self.connection(number)?.watches.end(watch.name, reason: WireError.Code.internalError.standardKind)
            }
        }
    }

    /// Lets all watches look, once for commits that come together.
    func announceJournal() {
        let isFirst = isJournalAnnounced.withLock { isAnnounced in
            defer { isAnnounced = true }
            return !isAnnounced
        }
        guard isFirst else { return }
        eventLoop.execute { [self] in
            isJournalAnnounced.withLock { $0 = false }
            for connection in admission.value.connections where connection.watches.count > 0 { connection.watches.proceed() }
        }
    }
}
