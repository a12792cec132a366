import CaseCore
import CaseStore
import CaseWire
import Synchronization
import WorkingTime

extension Reader {
    /// How the server does, for whoever it knows.
    func status(for principal: Principal) throws -> [UInt8] {
        guard principal.isKnown || principal.isAdmin else {
            throw WireError(
                .permissionDenied, "the catalogue does not know \(principal.name)", hint: "server.info is for everybody who may connect")
        }
        let now = context.time.now
        // How it does is asked most where the store cannot be.
        let stored = try reachable { try figures(at: now) }
        let standing = try reachable { try (context.store as? any DatabaseStore)?.standing() } ?? nil
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("since", engine.since)
                writer.member("now", now)
                writer.member("store_bytes", orNull: stored?.byteCount)
                writer.key("lights")
                if let (open, warned, overdue) = stored?.lights {
                    writer.object {
                        $0.member("green", open - warned - overdue)
                        $0.member("yellow", warned)
                        $0.member("red", overdue)
                    }
                } else {
                    writer.null()
                }
                writer.key("watchdog")
                if let watchdog = engine.view.watchdog {
                    writer.object {
                        $0.member("interval_ms", watchdog.interval)
                        $0.member("at", watchdog.at)
                    }
                } else {
                    writer.null()
                }
                writer.member("last_backup", stored?.backup)
                writer.member("unsealed_offices", context.unsealedOffices(at: now).map(\.raw))
                writer.key("store_fault")
                if let trouble = engine.storeTrouble {
                    writer.object {
                        $0.member("since", trouble.since)
                        $0.member("what", trouble.what)
                        $0.member("refuses_commands", trouble.refusesCommands)
                    }
                } else {
                    writer.null()
                }
                writer.key("evidence")
                write(evidenceOf: engine.view.state.tree, to: &writer)
                if context.store is any DatabaseStore {
                    writer.key("database")
                    write(standing, to: &writer)
                }
            }
        }
    }

    /// What the store says of itself.
    private func figures(at now: Instant) throws -> (byteCount: Int64, backup: Instant?, lights: CountedLights.Counts) {
        let backup = try store.read { try StoreSettings.lastBackup($0) }
        let lights = try lights.counted {
            let sums = try store.read { try $0.openSums(by: .office, ReportFilter(), now: now) }
            return sums.values.reduce((0, 0, 0)) { ($0.0 + $1.count, $0.1 + $1.warned, $0.2 + $1.overdue) }
        }
        return (context.store.byteCount, backup, lights)
    }

    /// What `body` returns; nil where the store cannot be reached.
    private func reachable<Value>(_ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch {
            guard context.outage.note(error) != nil else { throw error }
            return nil
        }
    }

    private func write(_ standing: DatabaseStanding?, to writer: inout JSONWriter) {
        guard let standing else { return writer.null() }
        writer.object { writer in
            writer.member("node", standing.node)
            writer.member("host", standing.host)
            writer.member("port", standing.port)
            writer.member("version", standing.version)
            writer.member("synchronous", standing.isSynchronous)
            writer.key("standbys")
            writer.array(of: standing.standbys) { writer, standby in
                writer.object {
                    $0.member("name", standby.name)
                    $0.key("awaited")
                    if let isAwaited = standby.isAwaited { $0.bool(isAwaited) } else { $0.null() }
                    $0.member("behind_bytes", orNull: standby.bytesBehind)
                    $0.member("behind_ms", orNull: standby.millisecondsBehind)
                }
            }
            writer.key("head")
            if let holder = standing.holder {
                writer.object {
                    $0.member("node", holder.node)
                    $0.member("for_ms", holder.milliseconds)
                }
            } else {
                writer.null()
            }
        }
    }
}

extension Reader {
    /// How far the tree over the journal has come, and what was found in the store that is not what was recorded.
    private func write(evidenceOf tree: JournalTree, to writer: inout JSONWriter) {
        let found = context.damages.found
        writer.object { writer in
            writer.member("origin", context.checkpoints.origin)
            writer.member("key_place", engine.logKeyPlace)
            writer.member("size", tree.edge.size)
            writer.member("root", tree.edge.root.description)
            writer.member("damages", found.count)
            let scrub = engine.scrub.standing
            writer.key("scrub")
            writer.object {
                $0.member("began", scrub.began)
                $0.member("pages", scrub.counts.pages)
                $0.member("entries", scrub.counts.entries)
                $0.member("cases", scrub.counts.cases)
                $0.member("ended", scrub.ended)
            }
            writer.key("witnessed")
            if let witnessed = engine.witnessed {
                let content = try? witnessed.read()
                writer.object {
                    $0.member("origin", content?.checkpoint.origin)
                    $0.member("size", orNull: content?.checkpoint.size)
                    $0.member("at", content?.at)
                }
            } else {
                writer.null()
            }
            writer.key("last_damage")
            if let last = found.last {
                writer.object {
                    $0.member("at", last.at)
                    $0.member("what", last.what)
                }
            } else {
                writer.null()
            }
        }
    }
}

/// The lights of all open cases. Where counting them takes long, whoever asks meanwhile waits for that, and what was found is shown for a second.
final class CountedLights: Sendable {
    typealias Counts = (open: Int, warned: Int, overdue: Int)

    private let last = Mutex<(counts: Counts, at: ContinuousClock.Instant)?>(nil)

    /// Few cases are counted anew for everybody.
    private static let long = Duration.milliseconds(100)
    private static let age = Duration.seconds(1)

    func counted(_ count: () throws -> Counts) rethrows -> Counts {
        try last.withLock { last in
            let start = ContinuousClock.now
            if let known = last, start - known.at < CountedLights.age { return known.counts }
            let counts = try count()
            let end = ContinuousClock.now
            last = end - start < CountedLights.long ? nil : (counts, end)
            return counts
        }
    }
}
