import CaseClient
import CaseWire
import Foundation
import Synchronization
import WorkingTime

/// Somebody who follows all cases through one node, whatever happens to it, and writes down what they hear.
final class ClusterWatcher: Sendable {
    struct Heard: Sendable, Equatable {
        let place: Int64
        let file: String
        /// Milliseconds of the right wall clock.
        let at: Int64
    }

    private let all = Mutex<[Heard]>([])
    private let isOver = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    /// Begins with the first event that there is.
    init(_ socket: String) {
        Thread.detachNewThread { [self] in
            let patient = PatientClient(path: socket)
            var cursor = "start"
            while !isOver.load(ordering: .sequentiallyConsistent) {
                // Where the node is away it goes on from the same place.
                do {
                    try patient.follow(["acting": "otto"], from: &cursor, timeout: { 2000 }) { told in
                        if let event = told["event"] { hear(event) }
                        return !isOver.load(ordering: .sequentiallyConsistent)
                    }
                } catch {
                    usleep(100_000)
                }
            }
            ended.signal()
        }
    }

    private func hear(_ event: JSONValue) {
        let heard = Heard(place: event["seq"]!.integer!, file: event["case"]!.string!, at: ClusterWatcher.wallTime)
        all.withLock { $0.append(heard) }
    }

    var heard: [Heard] {
        all.withLock { $0 }
    }

    func end() {
        isOver.store(true, ordering: .sequentiallyConsistent)
        ended.wait()
    }

    private static var wallTime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
