import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import ChildProcesses
import WorkingTime

/// One run of a delivery: it asks the server, runs what hands over, and keeps the place, as `DeliveryCourse` says it.
struct NoticeDelivery {
    enum Way {
        /// A program that reads mails as sendmail does; as a digest, one mail for all that somebody is told in a run.
        case mail(String, sender: String?, Language, isDigest: Bool)
        /// A command for sh.
        case command(String)
    }

    private let server: Server
    private let way: Way
    private let book: AddressBook?
    private let clock: NoticeWords.LocalClock
    private let cursorFile: String
    private let limit: Int64
    /// How long the program may take, in seconds.
    private let patience: Int
    private var course: DeliveryCourse
    /// Whom nobody can tell, in this run: how many notices there were, by why.
    private var passedOver: [String: (count: Int, recipients: Set<String>)] = [:]

    private static let pageSize: Int64 = 200

    /// - Parameters:
    ///   - limit: how long a notice is tried, in milliseconds.
    ///   - patience: how long the program may take, in seconds.
    init(
        _ server: Server, _ way: Way, _ book: AddressBook?, _ clock: NoticeWords.LocalClock, cursorFile: String, limit: Int64,
        patience: Int
    ) {
        (self.server, self.way, self.book, self.clock) = (server, way, book, clock)
        (self.cursorFile, self.limit, self.patience) = (cursorFile, limit, patience)
        course = DeliveryCourse(from: DeliveryPlace(after: 0, at: nil), at: clock.now, limit: limit)
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
            course = DeliveryCourse(from: kept, at: clock.now, limit: limit)
        } else {
            if !fromStart, let last = try newest() { course.move(to: last) }
            // From now on nothing is missed, also where nothing happens for a while.
            try course.place.keep(in: cursorFile)
        }
        var page = try pageAtPlace()
        if !isSameStore(page) {
            try findPlace()
            page = try pageAtPlace()
        }
        // Who cannot be told holds up nobody to whom something is new.
        try goOn(page)
        try tryAgain()
        tellWhoWasPassedOver()
        if let obstacle = course.obstacle { throw NoticeDelivery.unusable(obstacle) }
        return Report(
            handedOverCount: course.handedOverCount, givenUpCount: course.givenUpCount, waitingCount: course.place.waiting.count)
    }

    private func say(_ text: String) {
        StandardError.write("casectl: \(Terminal.plain(text))\n")
    }

    private mutating func sayWhatFollows() {
        for sentence in course.takeSentences() { say(sentence) }
    }

    private static func unusable(_ text: String) -> Failure {
        Failure(code: .unavailable, message: text, hint: "look at --sendmail or --exec; nothing is lost meanwhile")
    }

    /// Some notices, and behind which place the next ones come; nil where there are no more.
    private typealias Page = (notices: [JSONValue], next: Int64?)

    private func page(_ parameters: [JSONValue.Member], limit: Int64 = pageSize) throws -> Page {
        let result = try server.call(.noticeList, parameters + [.init("limit", .integer(limit))])
        return (result["notices"]?.array ?? [], result["next"]?.integer)
    }

    private func newest() throws -> DeliveryCourse.Told? {
        try page([.init("sort", .string("-seq"))], limit: 1).notices.first.flatMap { DeliveryCourse.Told($0) }
    }

    // MARK: The store

    /// What comes from the place on, with the notice that was handed over last where it is still there. One question each run: an admin's
    /// questions go on record.
    private func pageAtPlace() throws -> Page {
        let place = course.place
        return try page([.init("after", .integer(place.at == nil ? place.after : place.after - 1))])
    }

    /// Whether the notice at the place is the one that was handed over last; where it is gone others follow, since the last of all stays.
    private func isSameStore(_ page: Page) -> Bool {
        guard let at = course.place.at else { return true }
        guard let first = page.notices.first else { return false }
        return first["seq"]?.integer != course.place.after || first.cell("at").flatMap { Instant($0) } == at
    }

    /// A store that was restored, or is another one, has something else at the place, or nothing from there on: then it goes on with what is
    /// younger than what was handed over last.
    private mutating func findPlace() throws {
        guard let at = course.place.at else { return }
        let younger = try page([.init("since", .string(at.description))], limit: 1).notices.first?["seq"]?.integer
        course.goOnInOtherStore(before: younger, last: younger == nil ? try newest() : nil)
        sayWhatFollows()
        try course.place.keep(in: cursorFile)
    }

    // MARK: What is new

    private var isDigest: Bool {
        if case .mail(_, _, _, isDigest: true) = way { true } else { false }
    }

    private mutating func goOn(_ first: Page) throws {
        var page = first
        while true {
            for notice in page.notices {
                guard let told = DeliveryCourse.Told(notice), told.seq > course.place.after else { continue }
                guard course.isNext(told), let entry = destination(of: told, notice) else {
                    course.move(to: told)
                    continue
                }
                if isDigest { try gather(told) } else { try handOver(notice, told, to: entry) }
            }
            guard let next = page.next else { break }
            page = try self.page([.init("after", .integer(next))])
        }
        sayWhatFollows()
        if let obstacle = course.obstacle { throw NoticeDelivery.unusable(obstacle) }
        // What was passed over is not looked at again.
        try course.place.keep(in: cursorFile)
    }

    private mutating func handOver(_ notice: JSONValue, _ told: DeliveryCourse.Told, to entry: AddressBook.Entry?) throws {
        let step = course.record(try handOver([notice], to: entry), ofNew: told)
        sayWhatFollows()
        switch step {
        case .keep, .wait: try course.place.keep(in: cursorFile)
        case .hold: break
        case .end(let reason): throw end(reason)
        }
    }

    private func end(_ reason: String) -> Failure {
        course.obstacle == nil
            ? Failure(code: .tryAgain, message: reason, hint: "mend the mail program or the command; nothing is lost meanwhile")
            : NoticeDelivery.unusable(reason)
    }

    private mutating func gather(_ told: DeliveryCourse.Told) throws {
        if course.isFull, course.place.waiting[told.key] == nil {
            try course.place.keep(in: cursorFile)
            try tryAgain()
            guard !course.isFull else { throw end("\(course.place.waiting.count) recipients cannot be reached") }
        }
        course.gather(told)
    }

    // MARK: What failed before

    private mutating func tryAgain() throws {
        for key in course.due {
            guard let retry = course.retry(key) else { continue }
            try tryAgain(retry)
            try course.place.keep(in: cursorFile)
        }
    }

    private mutating func tryAgain(_ first: DeliveryCourse.Retry) throws {
        var retry = first
        var next: Int64? = retry.waiting.after
        while let after = next {
            let page = try self.page([.init("recipient", .string(AddressBook.recipient(retry.key))), .init("after", .integer(after))])
            let left = page.notices.compactMap { notice in DeliveryCourse.Told(notice).map { ($0, notice) } }
                .filter { $0.0.seq <= course.place.after }
            let theirs = left.compactMap { told, notice in
                told.key == retry.key ? destination(of: told, notice).map { (told: told, notice: notice, entry: $0) } : nil
            }
            for batch in isDigest ? [theirs] : theirs.map({ [$0] }) {
                guard let first = batch.first else { continue }
                let outcome = retry.hasFailed ? nil : try handOver(batch.map(\.notice), to: first.entry)
                let step = course.record(outcome, of: batch.map(\.told), in: &retry)
                sayWhatFollows()
                switch step {
                case .keep, .hold: try course.place.keep(in: cursorFile)
                case .wait: return
                case .end(let reason): throw end(reason)
                }
            }
            if let last = left.last { course.pass(last.0.seq, in: &retry) }
            next = left.count == page.notices.count ? page.next : nil
        }
        course.end(retry)
    }

    // MARK: Handing over

    /// Where a notice goes; nil where nobody can be told.
    private mutating func destination(of told: DeliveryCourse.Told, _ notice: JSONValue) -> AddressBook.Entry?? {
        let isApplicant = AddressBook.isApplicant(told.key)
        guard notice.cell("recipient_name") != nil else {
            passOver(told.key, isApplicant ? "no name" : "is not in the catalogue")
            return nil
        }
        guard let book else { return .some(nil) }
        guard let entry = book[told.key] else {
            passOver(told.key, isApplicant ? "no address" : "has no address\(likely(told.key, book))")
            return nil
        }
        return .some(entry)
    }

    /// Who may have been meant in the file of addresses.
    private func likely(_ name: String, _ book: AddressBook) -> String {
        Likeness.nearest(name, among: book.names).map { " (--addresses has \($0))" } ?? ""
    }

    private mutating func passOver(_ key: String, _ reason: String) {
        let group = AddressBook.isApplicant(key) ? reason : "\(key) \(reason)"
        let before = passedOver[group] ?? (0, [])
        passedOver[group] = (before.count + 1, before.recipients.union([key]))
    }

    /// A line for each person, and one for all applicants together: there can be many.
    private func tellWhoWasPassedOver() {
        for (group, (count, recipients)) in passedOver.sorted(by: { $0.key < $1.key }) {
            let applicants = recipients.filter(AddressBook.isApplicant)
            let who =
                switch applicants.count {
                case 0: group
                case 1: "\(applicants.first!) has \(group)"
                case let number: "\(number) applicants have \(group)"
                }
            say("\(who): \(count == 1 ? "one notice" : "\(count) notices") passed over")
        }
    }

    /// - Throws: what ends the run: the program cannot be started, or somebody wants casectl to end.
    private func handOver(_ notices: [JSONValue], to entry: AddressBook.Entry?) throws -> DeliveryCourse.Outcome {
        let end: Child.End
        do throws(ChildProcess.Failed) {
            switch way {
            case .mail(let program, let sender, let language, _):
                // The shell is told which words there are, and reads none of them.
                let words = [program, "-i"] + (sender.map { ["-f", $0] } ?? []) + ["--", entry?.address ?? ""]
                end = try Child.run(
                    #"exec "$@""#, words, input: mail(notices, to: entry, from: sender, entry?.language ?? language), patience: patience)
            case .command(let command):
                end = try Child.run(
                    command, environment: facts(notices[0], entry), input: Array(Listing.text(notices[0]).utf8) + [UInt8(ascii: "\n")],
                    patience: patience)
            }
        } catch {
            throw Failure(code: .unavailable, message: "the command cannot be run: \(error)", hint: nil)
        }
        switch end {
        case .ended(0): return .taken
        case .ended(let code) where [126, 127].contains(code): return .unusable(code)
        case .ended(let code): return .failed("it ended with \(code)")
        case .late: return .failed("it did not end within \(patience) s")
        case .stopped(let number):
            say("the delivery was stopped: the next one begins with notice \(notices[0].cell("seq") ?? "")")
            throw ExitCode(128 + number)
        }
    }

    private func mail(_ notices: [JSONValue], to entry: AddressBook.Entry?, from sender: String?, _ language: Language) -> [UInt8] {
        let message = NoticeWords.message(notices, in: language, clock)
        let at = notices[0].cell("at").flatMap { Instant($0) }?.milliseconds ?? 0
        let last = notices.count > 1 ? "-\(notices[notices.count - 1].cell("seq") ?? "")" : ""
        return MailMessage(
            to: entry?.address ?? "", from: sender, subject: message.subject, text: message.text, language: language,
            id: "cased.\(notices[0].cell("seq") ?? "")\(last).\(at)"
        ).bytes
    }

    private func facts(_ notice: JSONValue, _ entry: AddressBook.Entry?) -> [String: String] {
        let facts = [
            ("CASED_NOTICE", notice.cell("seq")), ("CASED_CASE", notice.cell("case")), ("CASED_EVENT", notice.cell("event")),
            ("CASED_AT", notice.cell("at")), ("CASED_ADDRESSEE", notice.cell("addressee")), ("CASED_RECIPIENT", notice.cell("recipient")),
            ("CASED_TITLE", notice.cell("title")), ("CASED_ADDRESS", entry?.address),
        ]
        // No variable holds U+0000.
        return facts.reduce(into: [:]) { $0[$1.0] = $1.1?.replacing("\0", with: "\\u{0}") }
    }
}

extension DeliveryCourse.Told {
    init?(_ notice: JSONValue) {
        guard let seq = notice["seq"]?.integer, let name = notice.cell("recipient") else { return nil }
        let isApplicant = notice.cell("addressee") == Addressee.applicant.rawValue
        self.init(seq: seq, key: (isApplicant ? AddressBook.applicant : "") + name, at: notice.cell("at").flatMap { Instant($0) })
    }
}
