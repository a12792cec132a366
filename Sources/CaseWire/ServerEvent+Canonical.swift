import CaseCore
import WorkingTime

/// The canonical bytes of an event of the server, as the journal keeps them.
extension ServerEvent {
    package var canonicalBytes: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("revision", revision)
                writer.member("at", at)
                writer.member("event", change.name)
                writer.member("by", by)
                if let uid { writer.member("uid", Int(uid)) }
                writer.key("data")
                writer.object { change.write(to: &$0) }
            }
        }
    }
}

extension ServerChange {
    fileprivate func write(to writer: inout JSONWriter) {
        switch self {
        case .clockStepped(let milliseconds, let isHeld):
            writer.member("by_ms", milliseconds)
            writer.member("held", isHeld)
        case .clockConfirmed: break
        case .recalculationStarted(let version, let count), .recalculationFinished(let version, let count):
            writer.member("catalog_version", version)
            writer.member("cases", count)
        case .catalogApplied(let version, let digest, let confirmed, let appointments, let count, let goneAt, let waiting):
            writer.member("catalog_version", version)
            writer.member("digest", digest)
            writer.member("confirmed_version", confirmed)
            writer.key("appointments")
            writer.array(of: appointments) { $1.write(to: &$0) }
            writer.member("appointment_count", count)
            if let goneAt { writer.member("gone_at", goneAt) }
            if let waiting {
                writer.key("waiting")
                writer.object {
                    $0.member("digest", waiting.digest)
                    $0.member("confirmed", waiting.isConfirmed)
                }
            }
        case .catalogConfirmed(let version, let digest, let goneAt):
            writer.member("catalog_version", orNull: version)
            writer.member("digest", digest)
            if let goneAt { writer.member("gone_at", goneAt) }
        case .catalogScheduled(let instant, let digest):
            writer.member("effective", instant)
            writer.member("digest", digest)
        case .catalogCancelled(let instant): writer.member("effective", instant)
        case .casesRead(let method, let parameters, let readers):
            writer.member("method", method)
            writer.member("parameters", parameters)
            writer.member("readers", readers.map(\.name).sorted())
        case .zonesChanged(let from, let to):
            writer.member("from", from)
            writer.member("to", to)
        case .backedUp(let seq, let byteCount):
            writer.member("through", seq)
            writer.member("bytes", byteCount)
        case .restored(let seq): writer.member("through", seq)
        case .personalApart(let seq): writer.member("from", seq)
        case .drawCommitted(let commitment): DrawCommitment.members.write(commitment, to: &writer)
        case .drawMade(let result): DrawResult.members.write(result, to: &writer)
        }
    }
}

extension Appointment {
    /// As values: who had the part, and who has it.
    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("entry", entry)
            $0.member("key", key)
            $0.member("from", from)
            $0.member("to", to)
        }
    }
}
