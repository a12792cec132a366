import CasePages
import FoundationEssentials
import Glibc

/// A mail as `sendmail` reads it. What a header says is put there by `Escaped.header`, which lets nothing end it.
struct MailMessage {
    let bytes: [UInt8]

    /// - Parameters:
    ///   - id: the same each time that the same thing is told, so that a reader can drop what comes twice.
    ///   - sender: nil where the mail program says who sends.
    init(to address: String, from sender: String?, subject: String, text: String, language: Language, id: String) {
        let headers: [(String, String)] =
            (sender.map { [("From", $0)] } ?? []) + [
                ("To", address), ("Subject", Escaped.header(subject)), ("Message-ID", "<\(id)@\(MailMessage.host)>"),
                // No answering machine answers it (RFC 3834).
                ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Transfer-Encoding", "base64"), ("Content-Language", language.rawValue),
            ]
        let body = Data(text.utf8).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
        bytes = Array((headers.map { "\($0.0): \($0.1)\n" }.joined() + "\n" + body + "\n").utf8)
    }

    private static let host: String = {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return AddressBook.isAddress(text) && !text.contains("@") ? text : "localhost"
    }()
}
