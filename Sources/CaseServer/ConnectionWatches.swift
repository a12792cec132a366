import CaseEngine
import CaseWire
import NIOCore

/// The watches of one connection: each is read on when the journal grows and the client has room.
///
/// Only touched on the connection's event loop.
final class ConnectionWatches {
    private struct Following {
        var watch: Watch
        /// Somebody reads the journal for it just now.
        var isAdvancing = false
        /// Whether something was sent since the last look at its heartbeat.
        var wasSent = true
        /// How often in a row nothing was found that was wanted.
        var silentCount = 0
        /// Up to where the client was told.
        var toldSeq: Int64 = 0
        /// Whether the client had no room at the last look.
        var wasFull = false
        var heartbeat: RepeatedTask?
    }

    private unowned let connection: Connection
    private let service: Service
    private var followed: [String: Following] = [:]
    private var openedCount = 0

    /// Whoever comes often, stays for moments and wants little gets on all the same: what was looked through for nothing is told at first,
    /// then each time that it was so many stretches of the journal, and at its end where it was so many entries.
    private static let stretchesUntold = 16
    private static let entriesUntold: Int64 = 256

    init(_ connection: Connection, _ service: Service) {
        self.connection = connection
        self.service = service
    }

    var count: Int {
        followed.count
    }

    func newName() -> String {
        openedCount += 1
        return "w-\(openedCount)"
    }

    /// Follows a watch whose reply leaves before the loop's next turn.
    func add(_ watch: Watch, on eventLoop: any EventLoop) {
        var following = Following(watch: watch, toldSeq: watch.seq)
        let number = connection.number
        let service = service
        let interval = TimeAmount.milliseconds(watch.heartbeat)
        following.heartbeat = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            service.connection(number)?.watches.beat(watch.name)
        }
        followed[watch.name] = following
        service.board.value.add(place(watch.name), watch.marks)
        proceed(watch.name)
    }

    /// Ends one watch; nil where there is none of that name.
    func remove(_ name: String) -> Watch? {
        passRested(name)
        service.board.value.remove(place(name))
        let following = followed.removeValue(forKey: name)
        following?.heartbeat?.cancel()
        return following?.watch
    }

    /// Tells every watch where it ends, and why.
    func closeAll(reason: String) {
        for name in followed.keys.sorted() { end(name, reason: reason) }
    }

    /// Tells one where it ends, and why.
    func end(_ name: String, reason: String) {
        if let watch = remove(name) { connection.send([service.reader.feed.closing(watch, reason: reason)]) }
    }

    func removeAll() {
        for name in Array(followed.keys) { _ = remove(name) }
    }

    /// The client has room again.
    func proceed() {
        for name in followed.keys { proceed(name) }
    }

    /// The journal may have grown.
    func proceed(_ name: String) {
        guard let following = followed[name], !following.isAdvancing, !service.board.value.isResting(place(name)) else { return }
        if !following.watch.isInSnapshot, service.board.value.rest(place(name), at: following.watch.seq, of: service.lastSeq) {
            return service.look()
        }
        guard connection.hasRoomForOutput, following.watch.isBehind(service.lastSeq) else { return }
        followed[name]?.isAdvancing = true
        service.advance(following.watch, for: connection)
    }

    /// The journal has something for a watch that rested, behind a place.
    func wake(_ name: String, behind seq: Int64) {
        followed[name]?.watch.pass(to: seq)
        proceed(name)
    }

    /// Lets a watch that rests be as far as was looked through for it.
    private func passRested(_ name: String) {
        guard service.board.value.isResting(place(name)) else { return }
        followed[name]?.watch.pass(to: service.board.value.through)
    }

    private func place(_ name: String) -> WatchPlace {
        WatchPlace(connection: connection.number, name: name)
    }

    /// Takes what was read for a watch.
    func advanced(_ watch: Watch, _ lines: [[UInt8]]) {
        // It may have been stopped meanwhile.
        guard let (silentCount, toldSeq) = followed[watch.name].map({ ($0.silentCount, $0.toldSeq) }) else { return }
        followed[watch.name]?.isAdvancing = false
        // Others were told more meanwhile: it is read again once there is room, and nothing is held for it.
        guard connection.hasRoomForOutput || lines.isEmpty || watch.isEnded else { return }
        followed[watch.name]?.watch = watch
        let isEnd = !watch.isBehind(service.lastSeq)
        if lines.isEmpty, !watch.isInSnapshot,
            silentCount % ConnectionWatches.stretchesUntold == 0 || isEnd && watch.seq - toldSeq >= ConnectionWatches.entriesUntold
        {
            tell(watch)
        }
        followed[watch.name]?.silentCount = lines.isEmpty ? silentCount + 1 : 1
        if !lines.isEmpty {
            followed[watch.name]?.wasSent = true
            followed[watch.name]?.toldSeq = watch.seq
            // Who asks nothing more is done with the last word of its last watch.
            if watch.isEnded { _ = remove(watch.name) }
            connection.send(lines)
        }
        proceed(watch.name)
    }

    /// Sends a bookmark.
    private func tell(_ watch: Watch) {
        followed[watch.name]?.toldSeq = watch.seq
        connection.send([service.reader.feed.bookmark(watch)])
    }

    /// Sends a bookmark where nothing else was sent. A watch whose client has had no room for a whole heartbeat ends; it is told so once
    /// there is room, and nothing more is read for it meanwhile.
    private func beat(_ name: String) {
        passRested(name)
        guard let following = followed[name] else { return }
        let isFull = !connection.hasRoomForOutput
        if isFull, following.wasFull, !following.wasSent { return end(name, reason: "reader.slow") }
        if !isFull, !following.wasSent, !following.watch.isInSnapshot { tell(following.watch) }
        followed[name]?.wasFull = isFull
        followed[name]?.wasSent = false
    }
}

/// A watch of a connection.
struct WatchPlace: Hashable {
    let connection: Int
    let name: String
}
