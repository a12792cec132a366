import CaseClient
import CaseStoreSQLite
import CaseTesting
import Foundation
import Synchronization
import Testing

/// A descriptor that is closed twice is somebody else's the second time.
@Suite("Descriptors")
struct DescriptorTests {
    /// Opens files meanwhile, and says whether one of them was closed by somebody else.
    private func isDisturbed(by body: @escaping @Sendable () -> Void) -> Bool {
        let isOver = Mutex(false)
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            for _ in 0..<20_000 { body() }
            isOver.withLock { $0 = true }
            ended.signal()
        }
        var isDisturbed = false
        while !isOver.withLock({ $0 }), !isDisturbed {
            let descriptor = open("/dev/null", O_RDONLY)
            isDisturbed = close(descriptor) != 0
        }
        ended.wait()
        return isDisturbed
    }

    @Test("A client that nobody answers closes its own descriptor, once")
    func client() {
        let directory = TemporaryDirectory()
        #expect(!isDisturbed { _ = try? Client(path: "\(directory.path)/none") })
    }

    @Test("A folder that another daemon holds is closed once")
    func directory() throws {
        let directory = TemporaryDirectory()
        let holder = try StateDirectory(directory.path)
        #expect(!isDisturbed { _ = try? StateDirectory(directory.path) })
        withExtendedLifetime(holder) {}
    }
}
