import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import Glibc
import WorkingTime

extension Notices {
    struct Deliver: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Hand over each new notice to a mail program or a command, at least once."),
            discussion: """
                One run hands over what is new and ends; cased-notify.timer runs it each minute. The place in --cursor-file moves once a notice \
                is handed over, so that a run that is cut repeats a notice rather than losing one; a mail that comes twice has the same \
                Message-ID. What fails is tried again after a minute, then after longer, up to an hour, with what is behind it for the same \
                recipient; nobody else waits for it. After --give-up-after it is given up: this is said on standard error, the exit code is 1, \
                and the notice stays in casectl notices. The first run begins with what comes after it, unless --from start.

                --addresses has lines of a name, an address and, where it is another one than --language, en or zh: "zhang.min \
                zhang.min@example.org zh". The name is the RECIPIENT that casectl notices shows; that of an applicant is applicant: and the id. \
                Whoever has no address, or is in the catalogue no more, is passed over: this is said for each person, and for all \
                applicants together. A mail says what happened, as it was then, and what is to be done, as it is now; with --digest \
                whoever is told several things in a run gets one mail for all of them.

                --exec runs the command by sh. It gets the notice as JSON on standard input, and in its environment CASED_NOTICE (the \
                place), CASED_CASE, CASED_EVENT, CASED_AT, CASED_ADDRESSEE, CASED_RECIPIENT, CASED_TITLE and, with --addresses, \
                CASED_ADDRESS. These are text from outside: quote them ("$CASED_TITLE"); what a variable cannot hold is spelled out, as \
                \\u{0}. It ends with 0 within --patience, or has failed: then it is killed, with all that it has started. Where a first run \
                of it ends with 126 or 127, and none otherwise, it cannot be run at all, and nothing has failed for anybody. Ctrl-C and \
                SIGTERM end the delivery; the notice that was being handed over comes again.
                """)
        @OptionGroup var server: Server
        @Option(help: "Keep the place, and for whom it has to be tried again, here.") var cursorFile: String
        @Option(help: "Give each notice as a mail to this program, which reads it as sendmail does.") var sendmail: String?
        @Option(help: "Run this for each notice.") var exec: String?
        @Option(help: "The addresses; needed by --sendmail. With --exec, only whoever is in it is told.") var addresses: String?
        @Option(help: "Where mails come from; by default the mail program says it.") var sender: String?
        @Option(help: "The language of mails: en or zh.") var language = Language.en
        @Option(help: "now or start (all notices that there are): where a first run begins.") var from = Beginning.now
        @Option(help: "How long a notice is tried, in calendar days or hours.") var giveUpAfter = "3 calendar-days"
        @Option(help: "How long the program may take each time, in seconds, 1 to 3600.") var patience = 60
        @Flag(help: "One mail for all that somebody is told in a run.") var digest = false

        enum Beginning: String, CaseIterable, ExpressibleByArgument {
            case now, start
        }

        func validate() throws {
            guard (sendmail == nil) != (exec == nil) else { throw ValidationError("say how: either --sendmail or --exec") }
            if sendmail != nil, addresses == nil { throw ValidationError("--sendmail needs --addresses") }
            if let sender, !AddressBook.isAddress(sender) { throw ValidationError("--sender \(sender) is no address") }
            guard (1...3600).contains(patience) else { throw ValidationError("--patience \(patience): 1 to 3600 seconds") }
            if digest, sendmail == nil { throw ValidationError("--digest is about mails: it goes with --sendmail") }
            for (option, other) in [("--output-file", server.outputFile), ("--addresses", addresses)] {
                for name in [cursorFile, WholeFile.lockName(beside: cursorFile)] where other.map({ WholeFile.isSame($0, name) }) ?? false {
                    throw ValidationError("--cursor-file and \(option) are two files: what one holds would be lost")
                }
            }
            if limit == nil {
                throw ValidationError("--give-up-after \(giveUpAfter) is no length: write it as in 3d or \"3 calendar-days\"")
            }
        }

        private var limit: Int64? {
            if let span = Span(giveUpAfter) { return span.isSigned || span.amount == 0 ? nil : span.milliseconds }
            guard let length = try? Length(parsing: giveUpAfter) else { return nil }
            return switch length.meter {
            case .minutes: length.quanta
            case .calendarDays: length.quanta * 86_400_000
            case .workingDays, .workingMinutes, .months: nil
            }
        }

        func run() throws {
            try ending {
                let book = try addresses.map { try AddressBook(file: $0) }
                // Two runs at once would each undo the place of the other.
                let lock = try WholeFile.lock(beside: cursorFile)
                defer { close(lock) }
                // A command that reads nothing is no reason to die.
                signal(SIGPIPE, SIG_IGN)
                let info = try server.common(.serverInfo)
                guard let now = info.cell("now").flatMap({ Instant($0) }) else {
                    throw Failure(code: .unavailable, message: "the server does not say what time it is", hint: nil)
                }
                let clock = NoticeWords.LocalClock(zone: LocalTime.zone(info) ?? .utc, now: now)
                let way: NoticeDelivery.Way =
                    if let sendmail { .mail(sendmail, sender: sender, language, isDigest: digest) } else { .command(exec ?? "") }
                var delivery = NoticeDelivery(server, way, book, clock, cursorFile: cursorFile, limit: limit ?? 0, patience: patience)
                let report = try delivery.run(fromStart: from == .start)
                if server.json || !report.isEmpty { server.show(report.value) { _ in report.text } }
                StandardOutput.flush()
                if report.givenUpCount > 0 { throw ExitCode(Failure.Code.refused.rawValue) }
            }
        }
    }
}
