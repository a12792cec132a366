import Foundation
import Synchronization

/// A folder of its own that goes when it is no longer used. Its path is short enough for a Unix socket.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() {
        var template = Array("/tmp/cased-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            preconditionFailure("no temporary folder can be made: \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static let kept = Mutex<[TemporaryDirectory]>([])
    /// Made by whoever is kept first.
    private static let removesAtExit: Void = {
        _ = atexit { TemporaryDirectory.kept.withLock { $0 = [] } }
    }()

    /// Stays until the process ends, for what somebody beside a test may still look at: an engine that misses its store ends the process.
    package func keepUntilExit() {
        _ = TemporaryDirectory.removesAtExit
        TemporaryDirectory.kept.withLock { $0.append(self) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
