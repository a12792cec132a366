import CaseCore
import CasePages
import CaseWire
import FoundationEssentials
import WorkingTime

/// How far a delivery of notices has come, as it is kept in a file: behind which notice it goes on, and for whom it has to be tried again.
struct DeliveryPlace: Equatable {
    /// Notices up to this one were handed over, but for those of whom `waiting` names.
    var after: Int64
    /// When that notice was given; nil before the first.
    var at: Instant?
    /// By recipient, as `Recipient.key` says it.
    var waiting: [String: Waiting] = [:]

    /// Somebody to whom a notice could not be handed over. Those behind it wait, so that they come in their order.
    struct Waiting: Equatable {
        /// Their notices up to this one are done with.
        var after: Int64
        /// In a row, since something was handed over to them.
        var failures: Int
        /// When the first of these was.
        let since: Instant
        var next: Instant

        /// The first failure, of a notice.
        init(for seq: Int64, at now: Instant) {
            (after, failures, since, next) = (seq - 1, 1, now, now.advanced(byMilliseconds: Waiting.shortest))
        }

        init(after: Int64, failures: Int, since: Instant, next: Instant) {
            (self.after, self.failures, self.since, self.next) = (after, failures, since, next)
        }

        /// One more failure: it is tried again after twice as long, at most an hour.
        mutating func fail(at now: Instant) {
            failures = min(failures, Waiting.failureLimit) + 1
            next = now.advanced(byMilliseconds: min(Waiting.longest, Waiting.shortest << Int64(min(failures - 1, 10))))
        }

        private static let shortest: Int64 = 60_000
        private static let longest: Int64 = 3_600_000
        /// Further ones change nothing.
        private static let failureLimit = 1000
    }

    init(after: Int64, at: Instant?, waiting: [String: Waiting] = [:]) {
        (self.after, self.at, self.waiting) = (after, at, waiting)
    }

    // MARK: The file

    /// Nil where there is no file.
    init?(file path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        try WholeFile.requireOrdinary(path)
        guard let data = FileManager.default.contents(atPath: path), let value = try? JSONReader.read([UInt8](data)),
            let after = DeliveryPlace.seq(value["after"]), let waiting = value["waiting"]?.members
        else { throw DeliveryPlace.unreadable(path) }
        (self.after, at) = (after, value.cell("at").flatMap { Instant($0) })
        for member in waiting {
            guard let after = DeliveryPlace.seq(member.value["after"]), let failures = member.value["failures"]?.integer, failures >= 0,
                let since = member.value.cell("since").flatMap({ Instant($0) }),
                let next = member.value.cell("next").flatMap({ Instant($0) })
            else { throw DeliveryPlace.unreadable(path) }
            self.waiting[member.name] = Waiting(after: after, failures: Int(failures), since: since, next: next)
        }
    }

    private static func seq(_ value: JSONValue?) -> Int64? {
        value?.integer.flatMap { (0..<Int64.max).contains($0) ? $0 : nil }
    }

    private static func unreadable(_ path: String) -> Failure {
        Failure(
            code: .usage, message: "\(path) holds no place of a delivery", hint: "name another --cursor-file, or remove it to begin anew")
    }

    /// Durable when it returns.
    func keep(in path: String) throws {
        let text = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("after", after)
                writer.member("at", at)
                writer.key("waiting")
                writer.object { writer in
                    for (name, one) in waiting.sorted(by: { $0.key < $1.key }) {
                        writer.key(name)
                        writer.object {
                            $0.member("after", one.after)
                            $0.member("failures", one.failures)
                            $0.member("since", one.since)
                            $0.member("next", one.next)
                        }
                    }
                }
            }
        }
        try WholeFile.write(String(decoding: text, as: UTF8.self) + "\n", to: path)
    }
}
