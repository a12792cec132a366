import CaseCore

/// The methods of the wire. The table below is the source of parameter checks, of the OpenRPC document and of `casectl rpc`.
package enum Method: String, CaseIterable, Sendable {
    case serverInfo = "server.info"
    case submit = "case.submit"
    case accept = "case.accept"
    case requestCorrection = "case.request_correction"
    case correct = "case.correct"
    case decline = "case.decline"
    case assign = "case.assign"
    case suspend = "case.suspend"
    case resume = "case.resume"
    case extend = "case.extend"
    case recommend = "case.recommend"
    case `return` = "case.return"
    case grant = "case.grant"
    case refuse = "case.refuse"
    case withdraw = "case.withdraw"
    case deliver = "case.deliver"
    case note = "case.note"
    case escalate = "case.escalate"
    case recuse = "case.recuse"
    case inspect = "case.inspect"
    case orderOpen = "order.open"
    case orderAnswer = "order.answer"
    case orderClose = "order.close"
    case orderList = "order.list"
    case get = "case.get"
    case list = "case.list"
    case count = "case.count"
    case history = "case.history"
    case explain = "case.explain"
    case sample = "case.sample"
    case watch = "case.watch"
    case watchStop = "watch.stop"
    case noticeList = "notice.list"
    case catalogGet = "catalog.get"
    case catalogDutyList = "catalog.duty_list"
    case powers = "catalog.powers"
    case proof = "catalog.proof"
    case catalogPlan = "catalog.plan"
    case catalogApply = "catalog.apply"
    case catalogCancel = "catalog.cancel"
    case calendarDue = "calendar.due"
    case calendarMeasure = "calendar.measure"
    case calendarShow = "calendar.show"
    case slaReport = "sla.report"
    case clockAdvance = "clock.advance"
    case clockConfirm = "clock.confirm"
    case serverStatus = "server.status"
    case serverHistory = "server.history"
    case backupMake = "backup.make"
    case backupRead = "backup.read"
    case discover = "rpc.discover"

    package struct Parameter: Sendable {
        package let name: String
        package let form: Form
        package let isRequired: Bool
        package let summary: String
    }

    /// What a parameter's value has to look like.
    package indirect enum Form: Sendable {
        case text
        case integer
        case boolean
        case caseID
        case orderID
        case instant
        case day
        /// A day stands for its beginning.
        case dayOrInstant
        case length
        case word([String])
        case orNull(Form)
        case list(Form)
        /// A material's id, or `{id, sha256, uri}`.
        case material
        /// An object of these members.
        case object([Parameter])
        /// An object of any names, each with a text.
        case texts
    }

    /// What the method does to cases.
    package enum Effect: Sendable {
        /// Answered from a snapshot beside the writer.
        case read
        /// One command on one case.
        case mutation
        /// Goes through the writer and is about the server: catalogue and clock.
        case administration
        /// Begins or ends a stream of notifications on the connection.
        case stream
    }

    package var effect: Effect {
        switch self {
        case .submit, .accept, .requestCorrection, .correct, .decline, .assign, .suspend, .resume, .extend, .recommend,
            .return, .grant, .refuse, .withdraw, .deliver, .note, .escalate, .recuse, .inspect,
            .orderOpen, .orderAnswer, .orderClose:
            .mutation
        case .catalogApply, .catalogCancel, .clockAdvance, .clockConfirm: .administration
        case .watch, .watchStop: .stream
        case .serverInfo, .get, .list, .count, .history, .explain, .sample, .orderList, .noticeList, .catalogGet, .catalogDutyList, .powers,
            .proof, .catalogPlan,
            .calendarDue, .calendarMeasure, .calendarShow, .slaReport, .serverStatus, .serverHistory, .backupMake, .backupRead, .discover:
            .read
        }
    }

    /// Whether what it answers depends on which cases the principal may read.
    package var showsCases: Bool {
        switch self {
        case .get, .list, .count, .history, .explain, .sample, .orderList, .noticeList, .powers, .watch: true
        default: false
        }
    }

    package var summary: String {
        switch self {
        case .serverInfo: "Tell what server this is and who you are to it."
        case .submit: "Submit a case; the office's time to answer begins."
        case .accept: "Accept a complete submission; the time to decide begins."
        case .requestCorrection: "Name all missing items, once; the applicant's time begins."
        case .correct: "Supply materials."
        case .decline: "Do not accept the submission."
        case .assign: "Assign the case to an officer of its office, or to nobody."
        case .suspend: "Stop the clocks for a lawful reason."
        case .resume: "Let the clocks of a suspended case run on."
        case .extend: "Extend the decision clock, once, before it is overdue."
        case .recommend: "Close the examination with an opinion; the file goes to the leader."
        case .return: "Send the file back to the office."
        case .grant: "Decide: granted."
        case .refuse: "Decide: refused, with reasons."
        case .withdraw: "Withdraw the submission."
        case .deliver: "Record that the decision was handed over."
        case .note: "Add a note."
        case .escalate: "Raise the case one level: leader, commissioner and department head are told."
        case .recuse: "Declare to have no part in the case; the substitute of the post takes the step."
        case .inspect: "Record what an inspection of a decided case found; the decision stands."
        case .orderOpen: "Open a supervision order: somebody has to answer by some time."
        case .orderAnswer: "Answer a supervision order."
        case .orderClose: "Close a supervision order with a finding."
        case .orderList: "List the supervision orders that are not closed, or all of one case."
        case .get: "Get one case by its id, or its public status by its receipt."
        case .list: "List cases."
        case .count: "Count cases."
        case .history: "The journal of one case."
        case .explain: "How the deadlines of a case came about, so that a person can redo them by hand."
        case .sample: "Draw decided cases at random for inspection, so that anybody can redo the draw."
        case .watch: "Follow cases: a snapshot, then each event as it becomes durable."
        case .watchStop: "End a watch of this connection."
        case .noticeList: "Who was to be told of what."
        case .catalogGet: "The files of a version of the catalogue."
        case .catalogDutyList: "The list of powers and responsibilities."
        case .powers: "Who may do what on a matter or a case, and why."
        case .proof: "Whether approval and supervision are apart over the whole catalogue."
        case .catalogPlan: "What a new catalogue would change, and for how many running cases."
        case .catalogCancel: "Give up a catalogue that waits for its day."
        case .catalogApply: "Make a catalogue the next version."
        case .calendarDue: "When a budget ends."
        case .calendarMeasure: "How much time lies between two instants."
        case .calendarShow: "The days of a calendar: which are worked, which are not, and why."
        case .slaReport: "Received, open, decided, in time and late, by office or otherwise."
        case .clockAdvance: "Move a manual clock forward; what falls due on the way happens in order."
        case .clockConfirm: "Say that the machine's clock is right after a jump, so that deadlines pass again."
        case .serverStatus: "How the server does: for a look, and for monitoring."
        case .backupMake: "Make a copy of the store as it stands, and keep it to be read."
        case .backupRead: "Read the next part of a copy."
        case .serverHistory: "What the journal holds about the server itself: steps of the clock, changed rules."
        case .discover: "This description, as an OpenRPC document."
        }
    }

    package var parameters: [Parameter] {
        switch effect {
        case .mutation: ownParameters + Method.mutationParameters + [Method.acting]
        case .read: showsCases ? ownParameters + [Method.acting] : ownParameters
        case .administration: ownParameters
        case .stream: showsCases ? ownParameters + [Method.acting] : ownParameters
        }
    }

    private static let mutationParameters = [
        Parameter("if_revision", .integer, required: false, "refuse unless the case is at this revision"),
        Parameter("idempotency_key", .text, required: false, "a key under which a retry gets the first answer"),
    ]

    private static let acting = Parameter("acting", .text, required: false, "the person for whom a service acts")

    private static let oneCase = Parameter("case", .caseID, "the case, such as C-17")
    private static let oneOrder = Parameter("order", .orderID, "the order, such as O-17-1")
    private static let remark = Parameter("note", .text, required: false, "a remark")

    private static let catalog = [
        Parameter("files", .texts, "the catalogue's files: name and text"),
        Parameter("if_version", .integer, required: false, "refuse unless the newest version is this one"),
        Parameter(
            "allow_earlier", .boolean, required: false,
            "let changed rules make deadlines of running cases earlier, but for those whose passing decides; unless said, none comes before what was promised"
        ),
        Parameter(
            "allow_establishment_change", .boolean, required: false,
            "let posts, leading posts or ranks change together with offices"),
    ]

    private static let filter = Parameter(
        "filter",
        .object([
            Parameter("case", .caseID, required: false, "one case"),
            Parameter("state", .word(State.allCases.map(\.rawValue)), required: false, "where the file is"),
            Parameter("matter", .text, required: false, "a matter"),
            Parameter("office", .text, required: false, "an office"),
            Parameter("leader", .text, required: false, "a leader post"),
            Parameter("commissioner", .text, required: false, "a commissioner post"),
            Parameter("handler", .text, required: false, "an officer"),
            Parameter("applicant", .text, required: false, "an applicant's id"),
            Parameter("light", .word(Light.allCases.map(\.rawValue)), required: false, "green, yellow, red or none"),
            Parameter("overdue", .boolean, required: false, "whether a clock is overdue"),
            Parameter("provisional", .boolean, required: false, "whether a deadline rests on days not yet official"),
            Parameter("suspended", .boolean, required: false, "whether the case is suspended"),
            Parameter("due_before", .instant, required: false, "the earliest deadline is before"),
            Parameter("submitted_after", .instant, required: false, "submitted at or after"),
            Parameter("submitted_before", .instant, required: false, "submitted before"),
            Parameter("closed_after", .instant, required: false, "closed at or after"),
            Parameter("closed_before", .instant, required: false, "closed before"),
            Parameter("inspected", .boolean, required: false, "whether an inspection was recorded"),
            Parameter("text", .text, required: false, "part of the title or of the applicant's name"),
        ]), required: false, "which cases; all of the conditions hold")

    private var ownParameters: [Parameter] {
        switch self {
        case .serverInfo, .catalogCancel, .clockConfirm, .serverStatus, .serverHistory, .backupMake, .discover: []
        case .backupRead:
            [Parameter("backup", .text, "the copy, as backup.make named it"), Parameter("offset", .integer, "from which byte on")]
        case .submit:
            [
                Parameter("matter", .text, "the matter"),
                Parameter("title", .text, "what it is about"),
                Parameter(
                    "applicant", .object([Parameter("id", .text, "an id"), Parameter("name", .text, "a name")]), "who applies"),
                Parameter("materials", .list(.material), required: false, "what is handed in"),
                Parameter("fields", .texts, required: false, "further data"),
                Parameter("channel", .text, required: false, "how it came in: online, window, post; online unless said"),
            ]
        case .accept, .history: [Method.oneCase]
        case .resume:
            [
                Method.oneCase,
                Parameter(
                    "kind", .word(Suspension.Kind.allCases.map(\.rawValue)), required: false,
                    "which suspension has ended; needed where there are several"),
            ]
        case .requestCorrection: [Method.oneCase, Parameter("missing", .list(.text), "all missing materials"), Method.remark]
        case .correct: [Method.oneCase, Parameter("materials", .list(.material), "what is supplied"), Method.remark]
        case .decline:
            [
                Method.oneCase, Parameter("ground", .text, "why"),
                Parameter("competent", .text, required: false, "the organ that is competent"),
            ]
        case .assign: [Method.oneCase, Parameter("handler", .orNull(.text), "a person, or null")]
        case .suspend:
            [
                Method.oneCase, Parameter("kind", .word(Suspension.Kind.allCases.map(\.rawValue)), "what for"),
                Parameter("basis", .text, "the legal basis"), Parameter("expected", .length, "the announced length"),
                Method.remark,
            ]
        case .extend:
            [
                Method.oneCase, Parameter("clock", .word(ClockKind.allCases.map(\.rawValue)), "the clock"),
                Parameter("by", .length, "by how much"), Parameter("reason", .text, "why; the applicant is told"),
            ]
        case .recommend:
            [
                Method.oneCase,
                Parameter("recommendation", .word(Recommendation.allCases.map(\.rawValue)), "grant or refuse"),
                Parameter("opinion", .text, "the written opinion"),
            ]
        case .return, .escalate, .recuse: [Method.oneCase, Parameter("reason", .text, "why")]
        case .grant: [Method.oneCase, Parameter("reasons", .text, required: false, "why")]
        case .refuse: [Method.oneCase, Parameter("reasons", .text, "why")]
        case .withdraw: [Method.oneCase, Parameter("reason", .text, required: false, "why")]
        case .deliver: [Method.oneCase, Parameter("how", .text, "by which way")]
        case .note: [Method.oneCase, Parameter("text", .text, "the note")]
        case .orderOpen:
            [
                Method.oneCase, Parameter("reason", .text, "what is asked, and why"),
                Parameter("due", .length, "how long there is for the answer"),
                Parameter(
                    "to", .word(SupervisionOrder.Recipient.allCases.map(\.rawValue)), required: false,
                    "who has to answer; the handler unless said"),
            ]
        case .orderAnswer: [Method.oneOrder, Parameter("answer", .text, "the answer")]
        case .orderClose: [Method.oneOrder, Parameter("finding", .text, "what was found")]
        case .orderList:
            [
                Parameter("case", .caseID, required: false, "one case, with its closed orders"), Method.filter,
                Parameter("limit", .integer, required: false, "at most so many cases, 100 unless said, up to 1000"),
                Parameter("after", .text, required: false, "go on after this `next`"),
            ]
        case .get:
            [
                Parameter("case", .caseID, required: false, "the case"),
                Parameter("receipt", .text, required: false, "or its receipt, for the public status"),
            ]
        case .list:
            [
                Method.filter,
                Parameter("sort", .word(["case", "-case", "due"]), required: false, "the order; by case unless said"),
                Parameter("limit", .integer, required: false, "at most so many, 100 unless said, up to 1000"),
                Parameter("after", .text, required: false, "go on after this `next`"),
            ]
        case .count: [Method.filter]
        case .explain:
            [
                Method.oneCase,
                Parameter("clock", .word(ClockKind.allCases.map(\.rawValue)), required: false, "one clock; all unless said"),
            ]
        case .noticeList:
            [
                Parameter("recipient", .text, required: false, "a person, post or applicant"),
                Parameter("limit", .integer, required: false, "at most so many, 100 unless said, up to 1000"),
                Parameter("after", .integer, required: false, "go on after this `seq`"),
            ]
        case .inspect:
            [
                Method.oneCase, Parameter("outcome", .word(Inspection.Outcome.allCases.map(\.rawValue)), "in-order or defective"),
                Parameter("finding", .text, "what was found"),
                Parameter("draw", .text, required: false, "the seed of the draw that chose the case"),
            ]
        case .sample:
            [
                Parameter("count", .integer, "how many cases to draw, up to 1000"),
                Parameter("day", .day, "the day, in UTC, whose last entry in the journal is the seed; it has to be over"),
                Parameter("from", .instant, required: false, "decided at or after"),
                Parameter("to", .instant, required: false, "decided before"), Method.filter,
            ]
        case .watch:
            [
                Method.filter,
                Parameter(
                    "from", .text, required: false,
                    "now, start (the whole journal), or a cursor after which to go on; now unless said"),
                Parameter("snapshot", .boolean, required: false, "send the cases as they stand first; not with start or a cursor"),
                Parameter("heartbeat", .length, required: false, "send a bookmark when so long nothing was sent; 1 minutes unless said"),
            ]
        case .watchStop: [Parameter("watch", .text, "the watch, as case.watch named it")]
        case .powers:
            [
                Parameter("matter", .text, required: false, "a matter"),
                Parameter("case", .caseID, required: false, "or a case"),
            ]
        case .catalogGet, .catalogDutyList, .proof:
            [Parameter("version", .integer, required: false, "a version; the newest unless said")]
        case .catalogPlan:
            Method.catalog + [
                Parameter(
                    "progress", .boolean, required: false,
                    "tell before the reply how many running cases were looked at: notifications catalog.progress")
            ]
        case .catalogApply: Method.catalog
        case .calendarDue:
            [
                Parameter("calendar", .text, "a calendar"), Parameter("start", .dayOrInstant, "from when"),
                Parameter("budget", .length, "how long"),
            ]
        case .calendarMeasure:
            [
                Parameter("calendar", .text, "a calendar"), Parameter("from", .dayOrInstant, "from when"),
                Parameter("to", .dayOrInstant, "until when"),
                Parameter("unit", .word(Method.units), "in which unit"),
            ]
        case .calendarShow:
            [
                Parameter("calendar", .text, "a calendar"), Parameter("from", .day, "the first day"),
                Parameter("to", .day, "the last day, within two years"),
            ]
        case .slaReport:
            [
                Parameter("from", .dayOrInstant, required: false, "the period's first day"),
                Parameter("to", .dayOrInstant, required: false, "the day after its last"),
                Parameter("by", .word(Method.reportKeys), required: false, "one row for each; office unless said"),
                Method.filter,
            ]
        case .clockAdvance: [Parameter("to", .instant, "the new present")]
        }
    }

    package static let reportKeys = ["office", "matter", "leader", "commissioner", "department"]
    package static let units = ["working-days", "calendar-days", "working-hours", "working-minutes", "hours", "minutes"]

    /// The method that carries an input of the core; nil for what no client can give.
    package init?(_ input: Input.Kind) {
        switch input {
        case .openOrder: self = .orderOpen
        case .answerOrder: self = .orderAnswer
        case .closeOrder: self = .orderClose
        default: self.init(rawValue: "case." + input.rawValue.replacing("-", with: "_"))
        }
    }
}

extension Method.Parameter {
    fileprivate init(_ name: String, _ form: Method.Form, required: Bool = true, _ summary: String) {
        self.init(name: name, form: form, isRequired: required, summary: summary)
    }
}
