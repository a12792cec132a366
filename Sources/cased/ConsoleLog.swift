import CaseEngine
import CaseWire
import Foundation
import Logging

/// One line a message on standard error: with the `<N>` that the journal reads under systemd, with a time elsewhere.
///
/// Values are written as JSON strings where they hold anything but plain characters, so that text from outside cannot forge a line.
struct ConsoleLog: LogHandler {
    private static let isUnderJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil

    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let label: String

    init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map { key, value in
            " \(key)=\(ConsoleLog.quoted("\(value)"))"
        }
        let text = ConsoleLog.plain(event.message.description) + values.joined()
        let line =
            ConsoleLog.isUnderJournal
            ? "<\(ConsoleLog.priority(event.level))>\(text)\n"
            : "\(SystemTime().now) \(label) \(event.level): \(text)\n"
        FileHandle.standardError.write(Data(line.utf8))
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
