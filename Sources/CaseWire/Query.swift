import CaseCore
import WorkingTime

/// What can be asked without changing anything.
package enum Query: String, CaseIterable, Sendable {
    case serverInfo = "server.info"
    case orderList = "order.list"
    case get = "case.get"
    case list = "case.list"
    case count = "case.count"
    case history = "case.history"
    case explain = "case.explain"
    case statement = "case.statement"
    case decision = "case.decision"
    case signers = "evidence.signers"
    case drawList = "draw.list"
    case drawGet = "draw.get"
    case noticeList = "notice.list"
    case catalogGet = "catalog.get"
    case catalogVersions = "catalog.versions"
    case catalogDiff = "catalog.diff"
    case catalogDutyList = "catalog.duty_list"
    case powers = "catalog.powers"
    case proof = "catalog.proof"
    case can = "case.can"
    case catalogPlan = "catalog.plan"
    case calendarDue = "calendar.due"
    case calendarMeasure = "calendar.measure"
    case calendarShow = "calendar.show"
    case calendarWhy = "calendar.why"
    case slaReport = "sla.report"
    case serverStatus = "server.status"
    case serverHistory = "server.history"
    case checkpoint = "evidence.checkpoint"
    case hashes = "evidence.hashes"
    case entries = "evidence.entries"
    case eventProof = "evidence.proof"
    case scrub = "evidence.scrub"
    case backupMake = "backup.make"
    case backupRead = "backup.read"
    case discover = "rpc.discover"

    package static let reportKeys = ["office", "matter", "leader", "commissioner", "department"]
    package static let units = Length.measured

    /// The commands that can be signed by whoever gives them.
    package static let signedNames: [String] = Commands.ofClients.compactMap { ($0 as? any SignedCommand.Type)?.name.rawValue }

    /// The commands that clients give on a case.
    private static let commandNames: [String] = {
        var names: [String] = []
        for command in Commands.ofClients where command.subject != .none { names.append(command.declaration.name.rawValue) }
        return names
    }()

    var description: MethodDescription {
        switch self {
        case .serverInfo: MethodDescription("Tell what server this is and who you are to it.", result: .info)
        case .orderList:
            MethodDescription(
                "List the supervision orders that are not closed, or all of one case.",
                [
                    .init("case", .caseID, required: false, "one case, with its closed orders"), .filter,
                    .init("limit", .integer, required: false, "at most so many cases, up to 1000; by default 100"), .after,
                ], result: .of(["orders": .list(.order), "next": .orNull(.text)]), showsCases: true, canBeStale: true)
        case .get:
            MethodDescription(
                "Get one case by its id, or its public status by its receipt.",
                [
                    .init("case", .caseID, required: false, "the case"),
                    .init("receipt", .text, required: false, "or its receipt, for the public status"),
                ], result: .either([.lookedAt, .publicStatus]), showsCases: true, canBeStale: true)
        case .list:
            MethodDescription(
                "List cases.",
                [
                    .filter,
                    .init(
                        "sort", .word(["case", "-case", "due"]), required: false,
                        "the order; by default case; due are the cases that wait for something, the earliest first, and no others"), .limit,
                    .after,
                ], result: .of(["cases": .list(.lookedAt), "next": .orNull(.text)]), showsCases: true, canBeStale: true)
        case .count: MethodDescription("Count cases.", [.filter], result: .of(["count": .integer]), showsCases: true, canBeStale: true)
        case .history:
            MethodDescription(
                "The journal of one case.",
                [
                    .oneCase, .historyLimit, .after,
                    .init("last", .integer, required: false, "only the last so many events, without who has read them"),
                ],
                result: .of(["case": .text, "events": .list(.event)]).sometimes(["next": .text]), showsCases: true, canBeStale: true)
        case .explain:
            MethodDescription(
                "How the deadlines of a case came about, so that a person can redo them by hand.",
                [.oneCase, .init("clock", ClockKind.shape, required: false, "one clock; by default all")], result: .explanation,
                showsCases: true, canBeStale: true)
        case .statement:
            MethodDescription(
                "What somebody signs with a key of their own before they give a command; it is refused as the command would be.",
                [
                    .oneCase, .init("command", .word(Query.signedNames), "the command"),
                    .init("parameters", .any, required: false, limit: 2 * ByteLimit.prose, "its parameters, as it will have them"),
                ],
                result: .of(["statement": .text, "namespace": .text, "signed_at": .instant, "salt": .text, "keys": .list(.text)]),
                showsCases: true)
        case .decision:
            MethodDescription(
                "The decision on a case: what was sealed and signed, and what is needed to check it.", [.oneCase], result: .decision,
                showsCases: true)
        case .signers:
            MethodDescription(
                "The keys of seals and signers that ever counted, and when, as ssh-keygen -Y verify reads them.",
                result: .of(["allowed_signers": .text]))
        case .drawList:
            MethodDescription(
                "The draws that the catalogue announces, and those that were made, the newest first.",
                [
                    .init("limit", .integer, required: false, "at most so many that were made, up to 1000; by default 100"),
                    .init("after", .text, required: false, "go on with this `next`"),
                ], result: .draws)
        case .drawGet:
            MethodDescription(
                "A draw with all that is needed to redo it: the word for it, what came of it, and from which cases.",
                [.init("draw", .text, "its name and the first day of its period, such as monthly/2026-03-01")], result: PublishedDraw.shape)
        case .noticeList:
            MethodDescription(
                "Who was to be told of what.",
                [
                    .init("recipient", .text, required: false, "a person, post or applicant"),
                    .init("addressee", Addressee.shape, required: false, "in what function they are told, such as applicant"),
                    .init(
                        "mine", .boolean, required: false,
                        "those to whoever asks: by name, to a post for which they act now, as an applicant; a service's are those to its applicants"
                    ),
                    .init("taken", .boolean, required: false, "those that were taken, or those that were not"),
                    .init("since", .instant, required: false, "those given then or later"),
                    .init(
                        "sort", .word(["seq", "-seq"]), required: false, "the order; by default seq; the newest come first with -seq"),
                    .limit,
                    .init("after", .integer, required: false, "go on after this `seq`, in the order that is asked for"),
                ], result: .of(["notices": .list(.notice), "next": .orNull(.integer)]), showsCases: true)
        case .catalogGet:
            MethodDescription(
                "The files of a version of the catalogue.",
                [.version, .init("pending", .boolean, required: false, "those of the catalogue that waits for its day instead")],
                result: .of([
                    "version": .orNull(.integer), "at": .orNull(.instant), "by": .text, "zones": .orNull(.text), "files": .map(.text),
                ]))
        case .catalogVersions:
            MethodDescription(
                "List the versions of the catalogue, the newest first, and what of them waits for a second word.",
                [.limit, .after], result: .catalogVersions)
        case .catalogDiff:
            MethodDescription(
                "What a version of the catalogue says otherwise than another one, above all who has which part.",
                [
                    .init("from", .integer, required: false, "a version; by default the one before the other"),
                    .init("to", .integer, required: false, "a version; by default the newest"),
                ],
                result: .of(["from": .integer, "to": .integer, "changes": .list(.writtenChange), "appointments": .list(.appointment)]))
        case .catalogDutyList:
            MethodDescription(
                "The list of powers and responsibilities.", [.version],
                result: .of([
                    "version": .integer, "issued": .day, "training": .boolean, "matters": .list(.dutyMatter), "posts": .list(.dutyPost),
                ]))
        case .powers:
            MethodDescription(
                "Who may do what on a matter or a case, and why.",
                [
                    .init("matter", .text, required: false, "a matter"), .init("case", .caseID, required: false, "or a case"),
                    .init("person", .text, required: false, "only what this person may"),
                ], result: .of(["matter": .text, "case": .orNull(.text), "powers": .list(.power), "waiting": .list(.appointment)]),
                showsCases: true)
        case .can:
            MethodDescription(
                "Whether somebody may give a command on a case now, and if not, why. What depends on the command's parameters is not asked.",
                [
                    .init("case", .caseID, "the case"),
                    .init("command", .word(Query.commandNames), "the command"),
                    .init("person", .text, required: false, "a person; by default who asks"),
                ],
                result: .of([
                    "case": .text, "command": .text, "principal": .text, "permitted": .boolean, "kind": .orNull(.text),
                    "message": .orNull(.text), "hint": .orNull(.text),
                ]), showsCases: true)
        case .proof:
            MethodDescription(
                "Whether approval and supervision are apart over the whole catalogue, and for admins and auditors in the running cases.",
                [.version, .progress], result: .proof, showsCases: true)
        case .catalogPlan:
            MethodDescription(
                "What a new catalogue would change, and for how many running cases.",
                Shape.Member.catalog + [.progress], result: .plan, showsCases: true)
        case .calendarDue:
            MethodDescription(
                "When a budget ends.",
                [
                    .init("calendar", .text, "a calendar"), .init("start", .dayOrInstant, "from when"),
                    .init("budget", .length, "how long"),
                    .init("rolls", .boolean, required: false, "whether a last day that is not worked is moved to the next one that is"),
                ],
                result: .of(["due": .instant, "last_day": .day, "provisional": .boolean]))
        case .calendarMeasure:
            MethodDescription(
                "How much time lies between two instants.",
                [
                    .init("calendar", .text, "a calendar"), .init("from", .dayOrInstant, "from when"),
                    .init("to", .dayOrInstant, "until when"), .init("unit", .word(Query.units), "in which unit"),
                ], result: .of(["amount": .integer, "unit": .text]))
        case .calendarShow:
            MethodDescription(
                "The days of a calendar: which are worked, which are not, and why.",
                [
                    .init("calendar", .text, "a calendar"), .init("from", .day, "the first day"),
                    .init("to", .day, "the last day, within two years"),
                ], result: .calendar)
        case .calendarWhy:
            MethodDescription(
                "Why a day counts as a working day or does not: by which entry of which version of the catalogue.",
                [
                    .init("day", .day, "which day"),
                    .init("calendar", .text, required: false, "a calendar; by default the only one of the catalogue"), .version,
                ], result: .dayReason)
        case .slaReport:
            MethodDescription(
                "Received, open, decided, in time and late, by office or otherwise.",
                [
                    .init("from", .dayOrInstant, required: false, "the period's first day"),
                    .init("to", .dayOrInstant, required: false, "the day after its last"),
                    .init("by", .word(Query.reportKeys), required: false, "one row for each; by default office"), .reportFilter,
                ], result: .report, canBeStale: true)
        case .serverStatus: MethodDescription("How the server does: for a look, and for monitoring.", result: .condition)
        case .serverHistory:
            MethodDescription(
                "What the journal holds about the server itself: steps of the clock, changed rules.", [.historyLimit, .after],
                result: .of(["events": .list(.serverEvent)]).sometimes(["next": .text]))
        case .checkpoint:
            MethodDescription(
                "The newest checkpoint of the tree over the journal: a signed note (C2SP tlog-checkpoint), and the key that verifies it.",
                [.init("size", .integer, required: false, "instead the first that is kept of so many entries or more")],
                result: .of(["size": .integer, "at": .instant, "origin": .text, "key": .text, "note": .text]))
        case .hashes:
            MethodDescription(
                "Hashes of the tree over the journal, as a tile has them (C2SP tlog-tiles).",
                [
                    .init("level", .integer, "0 for the hashes of entries, 1 for those of full tiles, and so on"),
                    .init("index", .integer, "the place of the tile on its level, from 0"),
                    .init(
                        "width", .integer, required: false, "how many of its hashes, from the first on; by default all 256 that there are"),
                ], result: .of(["hashes": .text]))
        case .entries:
            MethodDescription(
                "Entries of the tree over the journal, for whoever reads all cases: the recorded text of each event, without what is kept apart of persons.",
                [
                    .init("from", .integer, required: false, "the place of the first one in the tree; by default 0"), .limit,
                ],
                result: .of([
                    "entries": .list(
                        .of(["index": .integer, "seq": .integer, "case": .text, "revision": .integer, "text": .text])),
                    "next": .orNull(.integer),
                ]), showsCases: true)
        case .eventProof:
            MethodDescription(
                "That an event of a case is in the journal: a file that others verify without the server (C2SP tlog-proof), and what is kept apart of it.",
                [.oneCase, .init("revision", .integer, required: false, "which event; by default the last one")],
                result: .of([
                    "case": .text, "revision": .integer, "index": .integer, "size": .integer, "key": .text, "proof": .text, "text": .text,
                    "opening": .orNull(.text),
                ]), showsCases: true)
        case .scrub:
            MethodDescription(
                "Look at a part of the store, whether anybody reads it or not: its pages, then each entry of the journal with the tree over it, then each case. For whoever reads all cases.",
                [.init("after", .text, required: false, "go on with this `next`")],
                result: .of([
                    "pages": .integer, "entries": .integer, "cases": .integer, "damages": .list(.text), "next": .orNull(.text),
                ]))
        case .backupMake:
            MethodDescription(
                "Make a copy of the store as it stands, and keep it to be read.",
                result: .of(["backup": .text, "bytes": .integer, "sha256": .text, "through": .integer]))
        case .backupRead:
            MethodDescription(
                "Read the next part of a copy.",
                [.init("backup", .text, "the copy, as backup.make named it"), .init("offset", .integer, "from which byte on")],
                result: .of(["data": .text, "next": .orNull(.integer)]))
        case .discover: MethodDescription("This description, as an OpenRPC document.", result: .any)
        }
    }
}

// MARK: Parameters of several methods

extension Shape.Member {
    static let limit = Shape.Member("limit", .integer, required: false, "at most so many, up to 1000; by default 100")
    static let historyLimit = Shape.Member("limit", .integer, required: false, "at most so many, up to 1000; by default 1000")
    static let after = Shape.Member("after", .text, required: false, "go on after this `next`")
    static let version = Shape.Member("version", .integer, required: false, "a version; by default the newest")
    static let progress = Shape.Member(
        "progress", .boolean, required: false,
        "tell before the reply how many running cases were looked at: notifications catalog.progress")

    static let catalog = [
        Shape.Member("files", .map(.text), limit: ByteLimit.catalogue, "the catalogue's files: name and text"),
        Shape.Member("if_version", .integer, required: false, "refuse unless the newest version is this one"),
        Shape.Member(
            "allow_earlier", .boolean, required: false,
            "let changed rules make deadlines of running cases earlier, but for those whose passing decides; by default none comes before what was promised"
        ),
        Shape.Member(
            "allow_establishment_change", .boolean, required: false,
            "let posts, leading posts or ranks change together with offices"),
        Shape.Member(
            "allow_single_word", .boolean, required: false,
            "let nobody but admins be left who could agree to a later version"),
        Shape.Member(
            "without_users", .boolean, required: false,
            "bind no unix user where the files bind none; by default the newest version's stay bound"),
    ]

    /// A report adds up figures, and knows no single case.
    static let reportFilter = Shape.Member(
        "filter", .object(FilterMember.all.map(\.shape).filter { ["matter", "office", "leader", "commissioner"].contains($0.name) }),
        required: false, limit: ByteLimit.filter, "whose figures; all of the conditions hold")

    static let filter = Shape.Member(
        "filter", .object(FilterMember.all.map(\.shape)), required: false, limit: ByteLimit.filter,
        "which cases; all of the conditions hold")
}
