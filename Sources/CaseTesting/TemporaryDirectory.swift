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
    /// Made by whoever is kept first. What is still alive at the end may look at them until it is gone: so they go a moment later.
    private static let goAfterExit: Void = {
        _ = atexit {
            let words = ["sh", "-c", "sleep 1; exec rm -rf \"$@\"", "sh"] + TemporaryDirectory.kept.withLock { $0.map(\.path) }
            var arguments = words.map { strdup($0) } + [nil]
            var child: pid_t = 0
            posix_spawn(&child, "/bin/sh", nil, nil, &arguments, environ)
        }
    }()

    /// Stays until the process has ended, for what somebody beside a test may still look at: an engine that misses its store ends the process.
    package func keepUntilExit() {
        _ = TemporaryDirectory.goAfterExit
        TemporaryDirectory.kept.withLock { $0.append(self) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
