import CaseStore
import Dispatch
import Synchronization
import WorkingTime

/// Looks through the store while there is little else to do, a part a second, and all of it once a day.
final class IdleScrub: Sendable {
    /// How far it is.
    struct Standing: Sendable, Equatable {
        /// When the look that goes on began; nil where none does.
        var began: Instant?
        var counts = Scrub.Counts()
        /// When all was looked at last, since the process began.
        var ended: Instant?
    }

    private struct Content {
        var scrub = Scrub()
        var standing = Standing()
        var batchCount = 0
        var passedOver = 0
    }

    private let content = Mutex(Content())
    /// Sources are safe to use from any thread.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    /// One look after the other begins so much later, in milliseconds.
    private static let pause: Int64 = 24 * 3_600_000
    /// Where something is committed all the time, every so many seconds has a part all the same.
    private static let patience = 10

    /// - Parameter view: what the engine has done so far.
    init(_ context: Engine.Context, view: @escaping @Sendable () -> Engine.View) {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "cased.scrub", qos: .utility))
        timer.schedule(deadline: .now() + 1, repeating: 1, leeway: .milliseconds(200))
        timer.setEventHandler { [weak self] in self?.tick(context, batchCount: view().batchCount) }
        timer.activate()
    }

    var standing: Standing {
        content.withLock { $0.standing }
    }

    func stop() {
        timer.cancel()
    }

    private func tick(_ context: Engine.Context, batchCount: Int) {
        let now = context.time.now
        var scrub: Scrub? = content.withLock { content in
            defer { content.batchCount = batchCount }
            if content.standing.began == nil {
                if let ended = content.standing.ended, now >= ended, now - ended < IdleScrub.pause { return nil }
                (content.scrub, content.standing.began, content.standing.counts) = (Scrub(), now, Scrub.Counts())
            }
            content.passedOver += 1
            guard content.batchCount == batchCount || content.passedOver >= IdleScrub.patience else { return nil }
            content.passedOver = 0
            return content.scrub
        }
        guard scrub != nil else { return }
        do {
            try scrub!.step(context.store) { context.damages.note($0) }
        } catch  where context.store is any DatabaseStore && !(error is DamagedRecord) {
            // One that is slow, or away, is not damaged: the same part comes again.
            return
        } catch {
            // It is looked at again; that it cannot be read is no smaller thing than that it is damaged.
            context.damages.note(DamagedRecord(.server, "a part of the store cannot be read: \(error)"))
            return
        }
        content.withLock { [scrub] content in
            content.scrub = scrub!
            content.standing.counts = scrub!.counts
            if scrub!.isOver { (content.standing.began, content.standing.ended) = (nil, now) }
        }
    }
}
