import CaseCore

/// What a table of the catalogue can hold: the one description of its keys. The reader asks for nothing else; `docs/catalog.md`, the schema
/// for editors and `casectl catalog explain` and `init` come from it.
package struct CatalogueTable: Sendable {
    /// As a heading writes it: `office`, `sla.NAME.CLOCK`.
    package let name: String
    package let summary: String
    package let keys: [CatalogueKey]

    package func key(_ name: String) -> CatalogueKey? {
        keys.first { $0.name == name }
    }
}

/// One key.
package struct CatalogueKey: Sendable {
    package indirect enum Form: Sendable {
        case text
        /// The name of an entry of another kind.
        case name(of: String)
        case names(of: String)
        /// Names of such entries, each under a name of its own.
        case map(of: String)
        case texts
        case word([String])
        case flag
        case number
        /// A whole number with its unit.
        case length
        case day
        case instant
        case dayOrInstant
        /// One of the words, or a list of some.
        case someWords([String])
        /// A time of day.
        case time
        /// Stretches of one day.
        case windows
        case table(CatalogueTable)
        case tables(CatalogueTable)
    }

    package let name: String
    package let form: Form
    package let isRequired: Bool
    /// What stands for it where it is not there; nil where that is nothing.
    package let absence: String?
    package let summary: String
    /// As TOML.
    package let example: String

    fileprivate init(
        _ name: String, _ form: Form, required: Bool = false, default absence: String? = nil, _ summary: String, _ example: String
    ) {
        self.name = name
        self.form = form
        isRequired = required
        self.absence = absence
        self.summary = summary
        self.example = example
    }
}

extension CatalogueTable {
    private static let displayName = CatalogueKey("name", .text, required: true, "what people call it", #""Permit office""#)

    package static let all = [
        CatalogueTable(
            name: "department", summary: "A department of the administration.",
            keys: [
                displayName, .init("head", .name(of: "post"), "the post that heads it", #""director""#),
                .init("complaints", .text, "where people can complain, as pages say it", #""12345, or Hall A, window 9""#),
            ]),
        CatalogueTable(
            name: "module", summary: "A group of functions.",
            keys: [
                displayName,
                .init(
                    "kind", .word(Module.Kind.allCases.map(\.rawValue)), default: "business", "whether it serves the public",
                    #""business""#),
            ]),
        CatalogueTable(
            name: "office", summary: "A unit. The one that a matter names examines its cases.",
            keys: [
                displayName,
                .init("kind", .word(Office.Kind.allCases.map(\.rawValue)), default: "approval", "what it is there for", #""approval""#),
                .init("department", .name(of: "department"), required: true, "to which it belongs", #""planning""#),
                .init("module", .name(of: "module"), "the group of functions", #""services""#),
                .init("head", .name(of: "post"), required: true, "the post that heads it", #""office-head""#),
                .init("function", .text, "what it does; an approval office needs it", #""examines permits""#),
                .init("authorisation", .text, "the act that set it up; an approval office needs it", #""Council decision 12/2025""#),
                .init("rules", .texts, "the rules by which it works; an approval office needs one", #"["Rules of procedure"]"#),
                .init("seal", .text, "its seal; an approval office needs it", #""Permit seal""#),
                .init(
                    "succeeds", .names(of: "office"), "offices of the version before whose cases it takes over", #"["old-office"]"#),
            ]),
        CatalogueTable(
            name: "reorganisation", summary: "The day on which this catalogue takes effect; until then the present one holds.",
            keys: [
                .init("name", .text, "what people call it", #""Merger of 2026""#),
                .init("effective", .instant, required: true, "with its offset", #""2026-07-01T00:00:00+08:00""#),
            ]),
        CatalogueTable(
            name: "window", summary: "Where people hand in what they apply for.",
            keys: [
                displayName, .init("office", .name(of: "office"), required: true, "whose window it is", #""permits""#),
                .init("place", .text, "where it is", #""Hall A, window 3""#),
            ]),
        CatalogueTable(
            name: "post", summary: "A position. Its holder acts; duties are published.",
            keys: [
                displayName,
                .init("office", .name(of: "office"), "where it is; none for leaders and commissioners", #""permits""#),
                .init("holder", .name(of: "person"), "who has it now", #""chen""#),
                .init(
                    "substitute", .name(of: "post"), "who takes the step in cases in which the holder is recused", #""office-head""#),
                .init("rank", .text, "for the establishment plan", #""section""#),
                .init("leading", .flag, default: "false", "whether it is a leading post", "true"),
                .init("audits", .flag, default: "false", "its holder reads all cases, on record, and inspects decided ones", "true"),
                .init("confirms", .flag, default: "false", "its holder may be the second to agree to a change of parts", "true"),
                .init("succeeds", .names(of: "post"), "posts of versions before whose closed cases it takes over", #"["old-leader"]"#),
                .init("main-duty", .text, "the one that it is there for", #""examines applications""#),
                .init("duties", .texts, "further ones", #"["keeps the register"]"#),
            ]),
        CatalogueTable(
            name: "substitution", summary: "Another post acts for a post for some days.",
            keys: [
                .init("post", .name(of: "post"), required: true, "for whom", #""leader""#),
                .init("by", .name(of: "post"), required: true, "whose holder acts", #""office-head""#),
                .init("from", .day, required: true, "the first day", "2026-03-01"),
                .init("to", .day, required: true, "the day after the last", "2026-03-15"),
                .init("shared", .flag, default: "false", "the holder acts as well on these days", "true"),
            ]),
        CatalogueTable(
            name: "person", summary: "Somebody who holds posts.",
            keys: [
                displayName,
                .init("identity", .texts, "the ids under which they apply themselves: they take no step in such a case", #"["A-1187"]"#),
            ]),
        CatalogueTable(
            name: "service", summary: "A program that submits cases, and acts for people.",
            keys: [
                displayName,
                .init(
                    "acts-for", .names(of: "person"), default: "nobody", #"for whom; ["anyone"] for everybody without a post"#,
                    #"["anyone"]"#),
                .init("matters", .names(of: "matter"), default: "all", "for which matters", #"["building"]"#),
            ]),
        CatalogueTable(
            name: "user",
            summary:
                "Whom the processes of a unix user, by name or number, are: best in a file of its own, added with --with, since it differs from machine to machine. Where several nodes share a store, [user.\"NAME@NODE\"] says it of one node, before what is said of all.",
            keys: [
                .init("person", .name(of: "person"), "a person, or", #""chen""#),
                .init("service", .name(of: "service"), "a service", #""online-hall""#),
            ]),
        CatalogueTable(
            name: "matter", summary: "A kind of case: one office examines, one leader decides, one commissioner supervises.",
            keys: [
                displayName,
                .init(
                    "kind", .word(Matter.Kind.allCases.map(\.rawValue)), default: "approval", "what its cases decide", #""revocation""#),
                .init(
                    "revokes", .names(of: "matter"), "of a revocation: the matters of which it revokes what was granted",
                    #"["building"]"#),
                .init("department", .name(of: "department"), default: "its office's", "to which it belongs", #""planning""#),
                .init("office", .name(of: "office"), required: true, "the one office", #""permits""#),
                .init("leader", .name(of: "post"), required: true, "the one leader", #""leader""#),
                .init("commissioner", .name(of: "post"), required: true, "who supervises", #""commissioner""#),
                .init("sla", .name(of: "sla"), required: true, "the limits of its clocks", #""licensing""#),
                .init("basis", .text, "the law", #""Building Act, § 7""#),
                .init("channels", .texts, "how it can be handed in", #"["online", "window"]"#),
                .init("window", .name(of: "window"), "where", #""hall-a""#),
                .init("conditions", .texts, "what has to hold", #"["the plot is in the zone"]"#),
                .init("fees", .text, "what it costs", #""none""#),
                .init("result", .text, "what comes of it", #""a permit""#),
                .init("guide", .text, "for applicants", #""Bring the signed form.""#),
                .init(
                    "silence", .word(["grants", "nothing"]), default: "nothing", "what it means when the time to decide ends", #""grants""#),
                .init(
                    "signature", .someWords(Signatory.words), default: "nobody's",
                    "who signs with a key of their own: the leader the decision, the handler the recommendation", #""leader""#),
                .init(
                    "retention", .length, default: "for ever",
                    "how long what a case says of persons is kept after it ended, at least 12 months: then that may be erased",
                    #""120 months""#),
                .init(
                    "opinion", .tables(opinion), "other offices that may be asked for their opinion",
                    #"[{ office = "fire-office", due = "10 working-days" }]"#),
                .init("material", .tables(material), "what has to be handed in", #"[{ id = "form", name = "Form" }]"#),
                .init(
                    "field", .tables(field), "what applicants have to say besides the title, at most \(MatterField.limit)",
                    #"[{ id = "area_m2", name = "Area in square metres", kind = "number" }]"#),
                .init(
                    "step", .tables(step), "what its examination consists of, in order, at most \(ExaminationStep.limit)",
                    #"[{ id = "site", name = "Visit of the site" }]"#),
                .init(
                    "areas", .map(of: "post"),
                    "for each area, at most \(Area.limit), the post of its office that handles what comes from there",
                    #"{ north = "officer", south = "office-head" }"#),
                .init(
                    "extension", .table(extension_), "by whom the time to decide can be extended once",
                    #"{ limit = "10 working-days", authority = "director" }"#),
            ]
                + ClockKind.allCases.filter(\.traits.isSetByMatters).map {
                    .init($0.rawValue, .length, default: "its sla's", "the length of its \($0.rawValue) clock", #""10 working-days""#)
                }),
        CatalogueTable(
            name: "draw", summary: "On the first day of each period, cases that were closed in the one before are drawn for inspection.",
            keys: [
                .init(
                    "post", .name(of: "post"), required: true, "a commissioner, whose cases they are, or a post that audits",
                    #""commissioner""#),
                .init(
                    "every", .word(InspectionDraw.Period.allCases.map(\.rawValue)), default: "month", "how often; weeks begin on Monday",
                    #""month""#),
                .init("size", .number, required: true, "how many cases, 1 to 100", "5"),
                .init("matters", .names(of: "matter"), default: "all", "of which matters", #"["building"]"#),
                .init("calendar", .name(of: "calendar"), required: true, "in whose zone days begin", #""city""#),
            ]),
        CatalogueTable(
            name: "seal",
            summary: "The key with which an office's decisions are sealed. Where there is one, each approval office needs one.",
            keys: [
                .init("office", .name(of: "office"), required: true, "whose decisions", #""permits""#),
                .init("key", .text, required: true, "the public key, of kind ssh-ed25519, as ssh-keygen writes it", exampleKey), keyFrom,
                keyUntil,
            ]),
        CatalogueTable(
            name: "signer", summary: "A key with which a person signs, where a matter asks for that.",
            keys: [
                .init("person", .name(of: "person"), required: true, "who signs", #""chen""#),
                .init("key", .text, required: true, "the public key, as ssh-keygen writes it; of a hardware key too", exampleKey), keyFrom,
                keyUntil,
            ]),
        CatalogueTable(
            name: "sla", summary: "The limits of clocks, and whom they escalate to.",
            keys: [
                .init("calendar", .name(of: "calendar"), required: true, "in which time is counted", #""city""#),
                .init("counts-first-day", .flag, default: "false", "whether the day of the event counts", "true"),
            ]
                + ClockKind.allCases.map { kind in
                    kind.traits.announced == nil
                        ? .init(
                            kind.rawValue, .table(kind.traits.isStage ? stageLimit : limit), "the \(kind.rawValue) clock",
                            #"{ budget = "20 working-days" }"#)
                        : kind == .suspension
                            ? .init(
                                kind.rawValue, .table(suspension), "how long a case is suspended at most",
                                #"{ longest = "60 calendar-days" }"#)
                            : .init(
                                kind.rawValue, .table(ladderOnly),
                                "the ladder of the \(kind.rawValue) clock, whose length is given with it",
                                #"{ ladder = [{ at = "breach", notify = ["office-head"] }] }"#)
                }),
        CatalogueTable(
            name: "calendar", summary: "When is worked. Later lists, and days of its own, come on top.",
            keys: [
                .init("zone", .text, required: true, "an IANA name", #""Asia/Shanghai""#),
                .init("valid-through", .day, required: true, "the last day for which it is official", "2026-12-31"),
                .init("week", .table(week), "the windows of each weekday", #"{ monday = ["09:00-12:00", "14:00-17:00"] }"#),
                .init("holidays", .names(of: "holidays"), "published years", #"["cn-2026"]"#),
                .init(
                    "make-up-words", .texts, "further words by which an import from iCalendar knows make-up working days",
                    #"["bridge day worked"]"#),
                .init("day-ends", .time, default: "24:00", "until when something of that day can come", #""17:00""#),
            ] + days),
        CatalogueTable(
            name: "holidays", summary: "A year as an authority publishes it; casectl calendar import writes it.",
            keys: [.init("year", .number, required: true, "which year", "2026")] + days),
    ]

    private static let exampleKey = #""ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea""#
    private static let keyFrom = CatalogueKey(
        "from", .dayOrInstant, required: true, "from when on it counts: a day of the office's calendar, or an instant", "2026-03-01")
    private static let keyUntil = CatalogueKey(
        "until", .dayOrInstant, default: "for ever", "from when on it counts no more", #""2027-03-01T00:00:00+08:00""#)

    package static let material = CatalogueTable(
        name: "matter.NAME.material", summary: "Something that has to be handed in.",
        keys: [
            .init("id", .text, required: true, "what programs call it", #""form""#),
            .init("name", .text, default: "its id", "what people call it", #""Application form""#),
            .init("optional", .flag, default: "false", "whether it may be missing", "true"),
            .init(
                "kind", .word(Material.Kind.allCases.map(\.rawValue)), default: "document",
                "a document is handed in, a fee is paid or waived", #""fee""#),
            .init("amount", .text, "of a fee, which needs one: how much, as it is published", #""120.00 CNY""#),
        ])

    package static let field = CatalogueTable(
        name: "matter.NAME.field",
        summary:
            "Something that an applicant has to say: a member of the case's fields. Fields that are not named here are taken as they are.",
        keys: [
            .init("id", .text, required: true, "what programs call it", #""area_m2""#),
            .init("name", .text, default: "its id", "what people call it", #""Area in square metres""#),
            .init(
                "kind", .word(MatterField.Kind.allCases.map(\.rawValue)), default: "line",
                "a line, a text of several, a number as in 1200 or -3.5, a date as in 2026-03-24, or a choice", #""number""#),
            .init("optional", .flag, default: "false", "whether it may be left out", "true"),
            .init(
                "longest", .number, default: "\(MatterField.usualLongest), of a text \(MatterField.longestLimit)",
                "how many characters it may have, 1 to \(MatterField.longestLimit)", "40"),
            .init("help", .text, "what helps to fill it in", #""As the site plan says it.""#),
            .init(
                "choices", .texts, "of a choice, which needs them: what there is to choose from, at most \(MatterField.choiceLimit)",
                #"["east", "west"]"#),
        ])

    package static let step = CatalogueTable(
        name: "matter.NAME.step",
        summary: "A step of the examination: taken once, in the order of the matter, before the office recommends.",
        keys: [
            .init("id", .text, required: true, "what programs call it", #""site""#),
            .init("name", .text, default: "its id", "what people call it", #""Visit of the site""#),
            .init("post", .name(of: "post"), default: "every officer", "the post of its office that takes it", #""officer""#),
        ])

    package static let opinion = CatalogueTable(
        name: "matter.NAME.opinion", summary: "Another office that may be asked for its opinion. It decides nothing.",
        keys: [
            .init("office", .name(of: "office"), required: true, "which one", #""fire-office""#),
            .init("due", .length, required: true, "how long it has to answer", #""10 working-days""#),
            .init(
                "clock", .word(["runs", "suspends"]), default: "runs",
                "what the clocks of the case do meanwhile: they run on, or stand still",
                #""suspends""#),
        ])

    package static let extension_ = CatalogueTable(
        name: "matter.NAME.extension", summary: "How the time to decide can be extended.",
        keys: [
            .init("limit", .length, required: true, "by how much at most", #""10 working-days""#),
            .init("authority", .name(of: "post"), required: true, "the post that may", #""director""#),
        ])

    package static let rung = CatalogueTable(
        name: "sla.NAME.CLOCK.ladder", summary: "A step of the escalation of a clock.",
        keys: [
            .init("at", .text, required: true, "80%, 3 working-days before, at breach, 2 working-days after", #""80%""#),
            .init("level", .number, default: "1", "1 to 9", "2"),
            .init("notify", .texts, required: true, "some of \(Addressee.words.joined(separator: ", "))", #"["handler"]"#),
            .init("order", .length, "opens a supervision order that is to be answered in it", #""2 working-days""#),
            .init("to", .word(SupervisionOrder.Recipient.words), default: "handler", "who has to answer", #""leader""#),
        ])

    private static let ladder = CatalogueKey(
        "ladder", .tables(rung), "whom it escalates to", #"[{ at = "80%", notify = ["handler"] }]"#)

    package static let limit = CatalogueTable(
        name: "sla.NAME.CLOCK", summary: "The length of a clock and its ladder.",
        keys: limitKeys)

    package static let stageLimit = CatalogueTable(
        name: "sla.NAME.review", summary: "Also of leader: the part of the office, or of the leader.",
        keys: limitKeys + [
            .init(
                "fresh-on-return", .flag, default: "true", "whether the clock begins anew when the file comes back, or goes on", "false")
        ])

    private static let limitKeys: [CatalogueKey] = [
        .init("budget", .length, required: true, "its length", #""20 working-days""#),
        .init(
            "rolls", .flag, default: "false",
            "whether a last day that is not worked is moved to the next one that is; for calendar-days, weeks and months", "true"),
        ladder,
    ]

    package static let ladderOnly = CatalogueTable(
        name: "sla.NAME.order", summary: "Also of opinion: its length is given with it.", keys: [ladder])

    package static let suspension = CatalogueTable(
        name: "sla.NAME.suspension", summary: "Its length is announced case by case, within a longest one that every kind needs.",
        keys: [.init("longest", .length, "of kinds that are not named", #""60 calendar-days""#)]
            + Suspension.Kind.allCases.map {
                .init($0.rawValue, .length, default: "longest", "the longest for \($0.rawValue)", #""60 calendar-days""#)
            } + [ladder])

    package static let week = CatalogueTable(
        name: "calendar.NAME.week",
        summary: "The windows of each weekday; one over midnight, such as 22:00-06:00, is of the day on which it begins.",
        keys: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map {
            .init($0, .windows, default: "not worked", "its windows", #"["09:00-12:00", "14:00-17:00"]"#)
        })

    package static let days = [
        CatalogueKey("source", .text, "who published it", #""State Council""#),
        CatalogueKey("holiday", .tables(holiday), "days that are not worked, or half days", #"[{ name = "Spring", on = 2026-02-17 }]"#),
        CatalogueKey("make-up", .tables(makeUp), "days that are worked instead", #"[{ name = "Make-up", on = 2026-02-28 }]"#),
    ]

    private static let span = [
        CatalogueKey("on", .day, "one day, or", "2026-10-01"), CatalogueKey("from", .day, "the first day, and", "2026-10-01"),
        CatalogueKey("to", .day, "the last day", "2026-10-07"),
    ]

    package static let holiday = CatalogueTable(
        name: "holidays.NAME.holiday", summary: "Also of a calendar: days that are not worked.",
        keys: [CatalogueKey("name", .text, required: true, "what they are called", #""Spring""#)] + span + [
            .init("windows", .windows, default: "none", "of a half day", #"["09:00-12:00"]"#)
        ])

    package static let makeUp = CatalogueTable(
        name: "holidays.NAME.make-up", summary: "Also of a calendar: days that are worked instead.",
        keys: [CatalogueKey("name", .text, required: true, "what they are called", #""Make-up""#)] + span + [
            .init("windows", .windows, default: "those of the week's first working day", "when it is worked", #"["09:00-12:00"]"#)
        ])

    /// The entries of a kind.
    package static func kind(_ name: String) -> CatalogueTable? {
        all.first { $0.name == name }
    }

    /// All tables, each once, those within others behind the ones after which they are called.
    package static let every: [CatalogueTable] = all.flatMap { table in
        [table] + table.inner.filter { $0.name.hasPrefix("\(table.name).") }
    }

    private var inner: [CatalogueTable] {
        var found: [CatalogueTable] = []
        for key in keys {
            switch key.form {
            case .table(let table), .tables(let table):
                for one in [table] + table.inner where !found.contains(where: { $0.name == one.name }) { found.append(one) }
            case .text, .name, .names, .map, .texts, .word, .flag, .number, .length, .day, .instant, .dayOrInstant, .someWords, .time,
                .windows:
                break
            }
        }
        return found
    }
}
