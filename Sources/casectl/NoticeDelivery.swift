import CaseCore
import CaseWire
import ChildProcesses
import WorkingTime

/// One run of a delivery.
struct NoticeDelivery {
    enum Way {
        /// A program that reads mails as sendmail does.
        case mail(String, sender: String?, Language)
        /// A command for sh.
        case command(String)
    }

    private let server: Server
    private let way: Way
    private let book: AddressBook?
    private let clock: NoticeWords.LocalClock
    private let cursorFile: String
    /// How long a notice is tried, in milliseconds.
    private let limit: Int64
    private var place = DeliveryPlace(after: 0, at: nil)
    private var report = Report()
    /// How many there were for each of whom nobody can be told, in this run.
    private var passedOver: [String: Int] = [:]

    private static let pageSize: Int64 = 200
    /// So many can wait for another try; where more would, the way itself is broken.
    private static let waitingLimit = 1000
    /// How long a command may take, in seconds.
    private static let patience = 60

    init(_ server: Server, _ way: Way, _ book: AddressBook?, _ clock: NoticeWords.LocalClock, cursorFile: String, limit: Int64) {
        (self.server, self.way, self.book, self.clock, self.cursorFile, self.limit) = (server, way, book, clock, cursorFile, limit)
    }

    /// What came of a run.
    struct Report {
        var handedOverCount = 0
        var givenUpCount = 0
        var waitingCount = 0

        var isEmpty: Bool {
            handedOverCount == 0 && givenUpCount == 0
        }

        var text: String {
            "\(handedOverCount) handed over, \(givenUpCount) given up, \(waitingCount) recipients to be tried again"
        }

        var value: JSONValue {
            .object([
                .init("handed_over", .integer(handedOverCount)), .init("given_up", .integer(givenUpCount)),
                .init("waiting", .integer(waitingCount)),
            ])
        }
    }

    mutating func run(fromStart: Bool) throws -> Report {
        if let kept = try DeliveryPlace(file: cursorFile) {
            place = kept
        } else {
            if !fromStart, let last = try newest() { move(to: last) }
            // From now on nothing is missed, also where nothing happens for a while.
            try place.keep(in: cursorFile)
        }
        var page = try pageAtPlace()
        if !isSameStore(page) {
            try findPlace()
            page = try pageAtPlace()
        }
        try tryAgain()
        try goOn(page)
        for (recipient, count) in passedOver.sorted(by: { $0.key < $1.key }) {
            say("\(recipient): \(count == 1 ? "one notice" : "\(count) notices") passed over")
        }
        report.waitingCount = place.waiting.count
        return report
    }

    private func say(_ text: String) {
        StandardError.write("casectl: \(Terminal.plain(text))\n")
    }

    /// Some notices, and behind which place the next ones come; nil where there are no more.
    private typealias Page = (notices: [JSONValue], next: Int64?)

    private func page(_ parameters: [JSONValue.Member], limit: Int64 = pageSize) throws -> Page {
        let result = try server.call(.noticeList, parameters + [.init("limit", .integer(limit))])
        return (result["notices"]?.array ?? [], result["next"]?.integer)
    }

    private func newest() throws -> JSONValue? {
        try page([.init("sort", .string("-seq"))], limit: 1).notices.first
    }

    private mutating func move(to notice: JSONValue) {
        guard let seq = notice["seq"]?.integer else { return }
        (place.after, place.at) = (seq, notice.cell("at").flatMap { Instant($0) })
    }

    // MARK: The store

    /// What comes from the place on, with the notice that was handed over last where it is still there. One question each run: an admin's
    /// questions go on record.
    private func pageAtPlace() throws -> Page {
        try page([.init("after", .integer(place.at == nil ? place.after : place.after - 1))])
    }

    /// Whether the notice at the place is the one that was handed over last; where it is gone others follow, since the last of all stays.
    private func isSameStore(_ page: Page) -> Bool {
        guard let at = place.at else { return true }
        guard let first = page.notices.first else { return false }
        return first["seq"]?.integer != place.after || first.cell("at").flatMap { Instant($0) } == at
    }

    /// A store that was restored, or is another one, has something else at the place, or nothing from there on: then it goes on with what is
    /// younger than what was handed over last.
    private mutating func findPlace() throws {
        guard let at = place.at else { return }
        if let younger = try page([.init("since", .string(at.description))], limit: 1).notices.first?["seq"]?.integer {
            (place.after, place.at) = (younger - 1, nil)
        } else {
            place = DeliveryPlace(after: 0, at: nil, waiting: place.waiting)
            if let last = try newest() { move(to: last) }
        }
        say("the notices are not those of the last run: a store was restored, or is another one; it goes on behind notice \(place.after)")
        for name in place.waiting.keys { place.waiting[name]!.after = min(place.waiting[name]!.after, place.after) }
        try place.keep(in: cursorFile)
    }

    // MARK: What is new

    private mutating func goOn(_ first: Page) throws {
        var page = first
        while true {
            for notice in page.notices {
                guard let recipient = Recipient(notice), recipient.seq > place.after else { continue }
                // What somebody waits for already comes first.
                guard place.waiting[recipient.key] == nil, let entry = destination(of: recipient, notice) else {
                    move(to: notice)
                    continue
                }
                if let reason = try handOver(notice, to: entry) {
                    guard place.waiting.count < NoticeDelivery.waitingLimit else {
                        throw Failure(
                            code: .tryAgain,
                            message: "\(place.waiting.count) recipients cannot be reached, and the last one neither: \(reason)",
                            hint: "mend the mail program or the command; nothing is lost meanwhile")
                    }
                    say("notice \(recipient.seq) to \(recipient.key) is tried again later: \(reason)")
                    place.waiting[recipient.key] = DeliveryPlace.Waiting(for: recipient.seq, at: clock.now)
                }
                move(to: notice)
                try place.keep(in: cursorFile)
            }
            guard let next = page.next else { break }
            page = try self.page([.init("after", .integer(next))])
        }
        // What was passed over is not looked at again.
        try place.keep(in: cursorFile)
    }

    // MARK: What failed before

    private mutating func tryAgain() throws {
        for (key, waiting) in place.waiting.sorted(by: { $0.key < $1.key }) where waiting.next <= clock.now {
            try tryAgain(key, waiting)
            try place.keep(in: cursorFile)
        }
    }

    private mutating func tryAgain(_ key: String, _ first: DeliveryPlace.Waiting) throws {
        var waiting = first
        var hasFailed = false
        var next: Int64? = waiting.after
        while let after = next {
            let page = try self.page([.init("recipient", .string(Recipient.name(of: key))), .init("after", .integer(after))])
            let left = page.notices.compactMap { notice in Recipient(notice).map { ($0, notice) } }.filter { $0.0.seq <= place.after }
            for (recipient, notice) in left {
                if recipient.key == key, let entry = destination(of: recipient, notice) {
                    // One that is too old is not tried again once another one has failed.
                    if let reason = try hasFailed ? "as the one before" : handOver(notice, to: entry) {
                        if !hasFailed { waiting.fail(at: clock.now) }
                        hasFailed = true
                        guard isTooOld(notice, waiting) else {
                            say("notice \(recipient.seq) to \(key) is tried again later: \(reason)")
                            place.waiting[key] = waiting
                            return
                        }
                        report.givenUpCount += 1
                        say("notice \(recipient.seq) to \(key) is given up: \(reason)")
                    } else {
                        waiting = DeliveryPlace.Waiting(for: recipient.seq + 1, at: clock.now)
                    }
                }
                waiting.after = recipient.seq
                place.waiting[key] = waiting
                try place.keep(in: cursorFile)
            }
            next = left.count == page.notices.count ? page.next : nil
        }
        place.waiting[key] = nil
    }

    /// Whether a notice was tried for as long as it is.
    private func isTooOld(_ notice: JSONValue, _ waiting: DeliveryPlace.Waiting) -> Bool {
        guard let at = notice.cell("at").flatMap({ Instant($0) }) else { return true }
        return clock.now - waiting.since >= limit && clock.now - at >= limit
    }

    // MARK: Handing over

    /// Whom a notice is for.
    private struct Recipient {
        let seq: Int64
        /// The name by which it is known in the file of addresses: no applicant has that of a person.
        let key: String

        private static let applicant = "applicant:"

        init?(_ notice: JSONValue) {
            guard let seq = notice["seq"]?.integer, let name = notice.cell("recipient") else { return nil }
            self.seq = seq
            key = (notice.cell("addressee") == Addressee.applicant.rawValue ? Recipient.applicant : "") + name
        }

        static func name(of key: String) -> String {
            key.hasPrefix(applicant) ? String(key.dropFirst(applicant.count)) : key
        }
    }

    /// Where a notice goes; nil where nobody can be told.
    private mutating func destination(of recipient: Recipient, _ notice: JSONValue) -> AddressBook.Entry?? {
        guard notice.cell("recipient_name") != nil else {
            passedOver["\(recipient.key) is not in the catalogue", default: 0] += 1
            return nil
        }
        guard let book else { return .some(nil) }
        guard let entry = book[recipient.key] else {
            passedOver["\(recipient.key) has no address", default: 0] += 1
            return nil
        }
        return .some(entry)
    }

    /// - Returns: why it failed; nil where the other program has taken it.
    /// - Throws: a `Failure` where the program is not there: nobody could be told.
    private mutating func handOver(_ notice: JSONValue, to entry: AddressBook.Entry?) throws -> String? {
        let status: Int32
        do throws(ChildProcess.Failed) {
            switch way {
            case .mail(let program, let sender, let language):
                // The shell is told which words there are, and reads none of them.
                let words = [program, "-i"] + (sender.map { ["-f", $0] } ?? []) + ["--", entry?.address ?? ""]
                status = try Child.run(
                    #"exec "$@""#, words, input: mail(notice, to: entry, from: sender, entry?.language ?? language),
                    patience: NoticeDelivery.patience)
            case .command(let command):
                status = try Child.run(
                    command, environment: facts(notice, entry), input: Array(Listing.text(notice).utf8) + [UInt8(ascii: "\n")],
                    patience: NoticeDelivery.patience)
            }
        } catch {
            throw Failure(code: .unavailable, message: "the command cannot be run: \(error)", hint: nil)
        }
        switch status {
        case 0:
            report.handedOverCount += 1
            return nil
        case 126, 127:
            throw Failure(code: .unavailable, message: "the command cannot be run (\(status))", hint: "look at --sendmail or --exec")
        case Child.timeout: return "it did not end within \(NoticeDelivery.patience) s"
        default: return "it ended with \(status)"
        }
    }

    private func mail(_ notice: JSONValue, to entry: AddressBook.Entry?, from sender: String?, _ language: Language) -> [UInt8] {
        let message = NoticeWords.message(notice, in: language, clock)
        let at = notice.cell("at").flatMap { Instant($0) }?.milliseconds ?? 0
        return MailMessage(
            to: entry?.address ?? "", from: sender, subject: message.subject, text: message.text, language: language,
            id: "cased.\(notice.cell("seq") ?? "").\(at)"
        ).bytes
    }

    private func facts(_ notice: JSONValue, _ entry: AddressBook.Entry?) -> [String: String] {
        let facts = [
            ("CASED_NOTICE", notice.cell("seq")), ("CASED_CASE", notice.cell("case")), ("CASED_EVENT", notice.cell("event")),
            ("CASED_AT", notice.cell("at")), ("CASED_ADDRESSEE", notice.cell("addressee")), ("CASED_RECIPIENT", notice.cell("recipient")),
            ("CASED_TITLE", notice.cell("title")), ("CASED_ADDRESS", entry?.address),
        ]
        return facts.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
}
