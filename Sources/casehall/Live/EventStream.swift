import CasePages
import CaseWire
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Server-sent events (the HTML standard, section 9.2) about one case, or about all that wait for somebody: that something has changed, and who
/// else looks at the case. A browser that asks for them shows what it is told; a page says all without them.
///
/// ```
/// event: changed        something has happened that the page does not show
/// event: present        who else looks at the case: their names, or nothing
/// : beat                every few seconds, so that whoever has gone is found out
/// ```
/// A stream ends with the session, after ten minutes, where the daemon ends the watch, and when the hall stops. A browser then asks again, and is
/// asked again who it is.
enum EventStream {
    /// In seconds.
    private static let longest: Int64 = 600
    /// So much of a list of names is said.
    private static let nameLimit = 300

    private enum Tick: Sendable { case changed, beat, over }

    /// `/desk/events?case=C-17&from=CURSOR`, or without a case for the queue.
    @Sendable static func answer(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        guard let person = visit.visitor.acting, visit.hasSession else { return refused(.forbidden) }
        guard let place = visit.hall.streams.take(person) else { return refused(.tooManyRequests) }
        let file = visit.query["case"]
        let filter: JSONValue = file.isEmpty ? .object([.init("mine", .bool(true))]) : .object([.init("case", .string(file))])
        let from = visit.query["from"]
        let params: [JSONValue.Member] = [
            .init("filter", filter), .init("from", .string(from.isEmpty ? "now" : from)), .init("acting", .string(person)),
        ]
        // Who may not read the case is told so, and hears of nobody there.
        if !file.isEmpty { _ = try await visit.read(.get, [.init("case", .string(file))]) }
        let watcher = Watcher(
            visit: visit, person: person, people: try await DeskPeople.now(visit), file: file.isEmpty ? nil : file, params: params,
            seconds: min(longest, max(1, visit.session.expires - visit.now)))
        var answer = Answer(
            status: .ok, contentType: "text/event-stream",
            body: ResponseBody { writer in
                try await watcher.run(&writer)
                withExtendedLifetime(place) {}
                try await writer.finish(nil)
            })
        // nginx hands on what comes as it comes.
        answer.add(HTTPField.Name("X-Accel-Buffering")!, "no")
        return answer
    }

    private static func refused(_ status: HTTPResponse.Status) -> Answer {
        Answer(status: status, contentType: "text/plain; charset=utf-8", body: ResponseBody())
    }

    private struct Watcher {
        let visit: Visit
        let person: String
        let people: DeskPeople
        /// Nil: the queue.
        let file: String?
        let params: [JSONValue.Member]
        let seconds: Int64

        func run(_ writer: inout any ResponseBodyWriter) async throws {
            let (ticks, teller) = AsyncStream.makeStream(of: Tick.self, bufferingPolicy: .bufferingNewest(8))
            let watch = DaemonWatch(path: visit.hall.options.socket)
            let params = params
            let (seconds, beat) = (seconds, Duration.seconds(visit.hall.options.heartbeat))
            let following = Task {
                // Where the watch ends, so does the stream: the browser comes again.
                try? await watch.follow(params) { told in
                    if told.cell("type") == "event" { teller.yield(.changed) }
                }
                teller.yield(.over)
            }
            let beating = Task {
                let end = ContinuousClock.now + .seconds(seconds)
                while ContinuousClock.now + beat < end {
                    try await Task.sleep(for: beat)
                    teller.yield(.beat)
                }
                try await Task.sleep(until: end)
                teller.yield(.over)
            }
            defer {
                following.cancel()
                beating.cancel()
            }
            try await withGracefulShutdownHandler {
                try await tell(ticks, &writer)
            } onGracefulShutdown: {
                teller.yield(.over)
            }
        }

        private func tell(_ ticks: AsyncStream<Tick>, _ writer: inout any ResponseBodyWriter) async throws {
            var present = try await tellPresent(nil, &writer)
            for await tick in ticks {
                switch tick {
                case .changed: try await writer.write(ByteBuffer(string: "event: changed\ndata: 1\n\n"))
                case .beat:
                    try await writer.write(ByteBuffer(string: ": beat\n\n"))
                    present = try await tellPresent(present, &writer)
                case .over: return
                }
            }
        }

        /// Says who else looks at the case, where that is not what was said last.
        private func tellPresent(_ last: String?, _ writer: inout any ResponseBodyWriter) async throws -> String? {
            guard let file else {
                if last == nil { try await writer.write(ByteBuffer(string: ": begin\n\n")) }
                return ""
            }
            let now = Int64(Date().timeIntervalSince1970)
            if visit.hall.presence.others(than: "", at: file, now: now).contains(person) {
                visit.hall.presence.note(person, at: file, now: now)
            }
            let names = people.list(visit.hall.presence.others(than: person, at: file, now: now), visit.language)
            guard names != last else { return last }
            // A line of an event ends where its text would.
            let plain = String(
                String.UnicodeScalarView(names.unicodeScalars.filter { !Escaped.isUnsafe($0) }.prefix(EventStream.nameLimit)))
            try await writer.write(ByteBuffer(string: "event: present\ndata: \(plain)\n\n"))
            return names
        }
    }
}
