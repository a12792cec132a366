import CaseCore
import CaseWire
import Logging

/// What the log says of an event of a case: decisions and escalations always, the rest where details are wanted. The journal of the store
/// is the evidence; this is for whoever looks after the daemon.
struct EventNews {
    private let entry: LogEntry?
    private let text: String
    private let metadata: Logger.Metadata

    /// - Parameter request: the command that led to it; nil for what time did.
    init?(_ event: Event, request: WriteRequest?, isDetailed: Bool) {
        switch type(of: event.change).significance {
        case .decision: entry = .caseDecided
        case .escalation: entry = .caseEscalated
        case .ordinary:
            guard isDetailed else { return nil }
            entry = nil
        }
        text = "\(event.file) \(event.change.name)"
        var metadata: Logger.Metadata = ["case": "\(event.file)", "actor": "\(event.by)", "revision": "\(event.revision)"]
        if let uid = event.uid { metadata["uid"] = "\(uid)" }
        if let rung = event.change as? RungPassed {
            metadata["level"] = "\(rung.level)"
            metadata["due"] = "\(rung.due)"
        }
        if let key = request?.idempotencyKey { metadata["request"] = "\(key)" }
        self.metadata = metadata
    }

    /// Time has decided, and no seal could be set to it.
    init(withoutSeal event: Event, of office: OfficeID) {
        entry = .sealMissing
        text = "\(event.file) \(event.change.name) without a seal"
        metadata = ["case": "\(event.file)", "office": "\(office)", "revision": "\(event.revision)"]
    }

    func write(to log: Logger) {
        if let entry { log.entry(entry, text, metadata) } else { log.debug("\(text)", metadata: metadata) }
    }
}
