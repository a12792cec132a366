import CaseCore
import CaseEngine
import CaseWire
import Dispatch
import FoundationEssentials
import Glibc
import Logging
import Synchronization
import SystemdSupport

/// The log: entries with fields where standard error is the journal, one line a message elsewhere.
///
/// A line begins with the time on a terminal, and with `<N>` (sd-daemon(3)) and the time where it is none. Values are written as JSON
/// strings where they hold anything but plain characters, so that text from outside cannot forge a line.
struct DaemonLog: LogHandler {
    /// The least severe level that is written; one for all parts of the daemon, so that a reload changes it.
    static let leastLevel = Mutex(Logger.Level.info)
    private static let isTerminal = isatty(2) == 1

    var metadata: Logger.Metadata = [:]
    private let label: String

    init(label: String) {
        self.label = label
    }

    var logLevel: Logger.Level {
        get { DaemonLog.leastLevel.withLock { $0 } }
        set { DaemonLog.leastLevel.withLock { $0 = newValue } }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // What is said of every request while something lasts is said a few times: a log on the same disk would take what is left.
        guard let leftOut = DaemonLog.flood.withLock({ $0.admit(event.message.description, at: DispatchTime.now()) }) else { return }
        if leftOut > 0 { write(event, suffix: " (and \(leftOut) more like it since)") } else { write(event, suffix: "") }
    }

    private static let flood = Mutex(LogFlood())

    private func write(_ event: LogEvent, suffix: String) {
        let values = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let text =
            DaemonLog.plain(event.message.description) + suffix
            + values.filter { $0.0 != LogEntry.metadataKey }.map { " \($0.0)=\(DaemonLog.quoted($0.1))" }.joined()
        let priority = DaemonLog.priority(event.level)
        if Journal.isStandardError {
            let fields = values.map { key, value in
                (name: key == LogEntry.metadataKey ? "MESSAGE_ID" : "CASED_\(key.uppercased())", value: value)
            }
            let common = [("MESSAGE", text), ("PRIORITY", "\(priority)"), ("SYSLOG_IDENTIFIER", label)]
            if Journal.send(common + fields) { return }
        }
        let line = "\(SystemTime().now) \(label) \(event.level): \(text)\n"
        // In one piece; where it cannot be written there is nobody else to tell, and no reason to end.
        let bytes = Array((DaemonLog.isTerminal ? line : "<\(priority)>\(line)").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
        return isPlain ? text : String(decoding: JSONWriter.bytes { $0.string(text) }, as: UTF8.self)
    }

    private static func plain(_ text: String) -> String {
        let escaped = quoted(text)
        return escaped.hasPrefix("\"") && escaped.count >= 2 ? String(escaped.dropFirst().dropLast()) : escaped
    }

    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
