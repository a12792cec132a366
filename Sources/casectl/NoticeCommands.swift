import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import Catalogue

struct Notices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("What people are told: list it, mark it as taken, hand it over by mail."),
        subcommands: [List.self, Take.self, Deliver.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Who was told of what, and what is to be done about it; the newest first."),
            discussion: """
                --mine --untaken is what is new to you: notices to you by name, to a post for which you act today, or to your office where \
                it has no head. casectl notices take marks them as taken; nothing else does, neither a look at them nor a mail.

                Examples: casectl notices --mine --untaken; casectl notices --person zhang.min --since -7d; casectl notices take --all
                """)
        @OptionGroup var server: Server
        @OptionGroup var output: Output
        @Flag(help: "Only notices to you.") var mine = false
        @Flag(help: "Only those that nobody has marked as taken: the unread ones.") var untaken = false
        @Option(help: "Only those given then or later: a day or an instant, such as -7d.") var since: String?
        @Option(
            name: [.customLong("recipient"), .customLong("person")],
            help: "Only notices to this person, post, office without a head (\"office permits\") or applicant (\"applicant:91\").")
        var recipient: String?
        @OptionGroup var range: PageRange

        private static let columns = [
            Column("seq", number: true), Column("at", instant: true), Column("case"), Column("event", wide: true),
            Column("what") { NoticeWords.what($0, in: .en) }.seen { notice, _ in NoticeWords.what(notice, in: Say.language) },
            Column("until", deadline: true),
            Column("to_do") { NoticeWords.toDo($0, in: .en) }.seen { notice, _ in NoticeWords.toDo(notice, in: Say.language) },
            Column("due", wide: true, deadline: true), Column("recipient"),
            Column("recipient_name", wide: true), Column("addressee", wide: true), Column("taken_at", instant: true),
            Column("taken_by", wide: true), Column("state", wide: true), Column("revision", number: true, wide: true), Column("title"),
        ]

        func run() throws {
            try ending {
                var parameters = [JSONValue.Member("sort", .string("-seq"))] + text("recipient", recipient.map(AddressBook.recipient))
                // A person of the same id is somebody else.
                parameters += text("addressee", recipient.flatMap { AddressBook.isApplicant($0) ? Addressee.applicant.rawValue : nil })
                parameters += text("since", since)
                if mine { parameters.append(.init("mine", .bool(true))) }
                if untaken { parameters.append(.init("taken", .bool(false))) }
                try PagedListing(
                    method: .noticeList, member: "notices", parameters: parameters, columns: List.columns, isAfterNumber: true,
                    identity: [Column("seq")],
                    ifEmpty: { try requireKnownRecipient() }
                ).show(output, server, range)
            }
        }

        /// An empty answer about somebody whom nobody knows is a mistake rather than news; an applicant is not in the catalogue.
        private func requireKnownRecipient() throws {
            guard let recipient, !AddressBook.isApplicant(recipient) else { return }
            let files = try server.common(.catalogGet)["files"]?.members ?? []
            let texts = Dictionary(files.map { ($0.name, $0.value.string ?? "") }) { $1 }
            guard let register = try? Catalogue(files: texts, isStored: true).register else { return }
            let offices = register.offices.keys.map(Register.recipient)
            let known = (register.persons.keys.map(\.raw) + register.posts.keys.map(\.raw) + offices).sorted()
            guard !known.contains(recipient) else { return }
            let what = "the catalogue has no person or post \(recipient), and no applicant of that id was told anything"
            if let likely = Likeness.nearest(recipient, among: known) {
                throw Failure(code: .notFound, message: what, hint: "did you mean \(likely)?")
            }
            StandardError.write("casectl: \(Terminal.plain(Say.line(what)))\n")
        }
    }

    struct Take: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Mark notices to you as taken."),
            discussion:
                "What was taken before stays as it was: the same may be said twice. Taken notices go after a time (cased --notice-retention)."
        )
        @OptionGroup var server: Server
        @Argument(help: "Their SEQ, as casectl notices shows it.") var seqs: [Int64] = []
        @Flag(help: "All notices to you that were given by now.") var all = false
        @OptionGroup var noDryRun: NoDryRun

        func validate() throws {
            try noDryRun.refuse("--dry-run is not taken here: casectl notices says which are left")
            for seq in seqs { try require(seq, of: "notice", from: 1) }
            guard seqs.isEmpty == all else { throw ValidationError("name the notices to be taken, or say --all") }
        }

        func run() throws {
            try ending {
                var taken: [JSONValue] = []
                if all {
                    try eachPage { taken += try take($0) }
                } else {
                    for start in stride(from: 0, to: seqs.count, by: Take.limit) {
                        taken += try take(Array(seqs[start...].prefix(Take.limit)))
                    }
                }
                server.show(.object([.init("notices", .array(taken))])) { _ in Take.text(taken, Times(server)) }
            }
        }

        private static let limit = Method.Administration.takenNoticeLimit

        private func take(_ seqs: [Int64]) throws -> [JSONValue] {
            try server.call(.noticeTake, [.init("notices", .array(seqs.map { .integer($0) }))])["notices"]?.array ?? []
        }

        /// The places of those that are new, from the oldest to what was the newest at the beginning.
        private func eachPage(_ body: ([Int64]) throws -> Void) throws {
            let new: [JSONValue.Member] = [.init("mine", .bool(true)), .init("taken", .bool(false))]
            func page(_ further: [JSONValue.Member]) throws -> [Int64] {
                (try server.call(.noticeList, new + further)["notices"]?.array ?? []).compactMap { $0["seq"]?.integer }
            }
            guard let last = try page([.init("sort", .string("-seq")), .init("limit", .integer(1))]).first else { return }
            var after: Int64 = 0
            while after < last {
                let seqs = try page([.init("after", .integer(after)), .init("limit", .integer(Take.limit))]).filter { $0 <= last }
                guard let end = seqs.last else { return }
                try body(seqs)
                after = end
            }
        }

        private static func text(_ taken: [JSONValue], _ times: Times) -> String {
            guard taken.count <= 20 else { return Say.line("\(taken.count) notices are taken.") }
            guard !taken.isEmpty else { return Say.line("There is nothing to be taken.") }
            return taken.map { notice in
                Terminal.plain(
                    Say.fill(
                        "{}  taken by {} at {}", notice.cell("seq") ?? "", notice.cell("taken_by") ?? "", times(notice, "taken_at") ?? ""))
            }.joined(separator: "\n")
        }
    }
}
