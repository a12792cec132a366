import CaseCore
import WorkingTime

extension Shape.Named {
    package var shape: Shape {
        switch self {
        case .file:
            .of([
                "case": .text, "receipt": .text, "matter": .text, "title": .text, "channel": .text,
                "applicant": .of(["id": .text, "name": .text]), "materials": .list(.named(.material)), "fields": .map(.text),
                "state": .word(State.allCases.map(\.rawValue)), "revision": .integer, "office": .text, "leader": .text,
                "commissioner": .text, "handler": .orNull(.text), "recused": .list(.text), "submitted_at": .instant,
                "closed_at": .orNull(.instant), "delivered_at": .orNull(.instant), "decided_by": .orNull(.text),
                "suspended": .orNull(.named(.suspension)), "suspensions": .list(.named(.suspension)), "extension": Shape.extension_,
                "light": .word(Light.allCases.map(\.rawValue)), "escalation": .integer,
                "recommendation": .orNull(.word(Recommendation.allCases.map(\.rawValue))),
                "timeliness": .orNull(.word(Timeliness.allCases.map(\.rawValue))), "catalog_version": .integer,
                "clock_version": .integer, "provisional": .boolean, "orders": .list(.named(.order)),
                "inspections": .list(.named(.inspection)), "clocks": .list(.named(.clock)),
            ])
        case .clock:
            .of([
                "clock": Shape.clockKind, "unit": .text, "budget": .integer, "consumed": .integer, "left": .integer, "paused": .boolean,
                "due": .orNull(.instant), "original_due": .instant, "provisional": .boolean, "overdue": .boolean, "generation": .integer,
                "ended_at": .orNull(.instant),
            ]).sometimes(["of": Shape.suspensionKind])
        case .order:
            .of([
                "order": .text, "case": .text, "state": .word(["open", "answered", "closed"]),
                "to": .word(SupervisionOrder.Recipient.allCases.map(\.rawValue)), "reason": .text, "by": .text, "at": .instant,
                "length": .text, "due": .orNull(.instant), "answer": .orNull(.text), "finding": .orNull(.text),
            ])
        case .material: .either([.text, Shape.of(["id": .text]).sometimes(["sha256": .text, "uri": .text])])
        case .event:
            .of([
                "seq": .integer, "case": .text, "revision": .integer, "at": .instant, "event": .text, "by": .text, "via": .orNull(.text),
                "data": .any, "clocks": .list(.any),
            ]).sometimes(["instead_of": .text])
        case .inspection:
            .of([
                "outcome": .word(Inspection.Outcome.allCases.map(\.rawValue)), "finding": .text, "draw": .orNull(.text), "by": .text,
                "at": .instant,
            ])
        case .suspension:
            .of(["kind": Shape.suspensionKind, "basis": .text, "expected": .text, "note": .text, "since": .instant])
        case .establishment:
            .of([
                "offices": .integer, "average_staff_tenths": .integer, "staff": .integer, "leading_posts": .integer,
                "ranks": .map(.integer),
            ])
        }
    }
}

extension Shape {
    fileprivate static let clockKind = Shape.word(ClockKind.allCases.map(\.rawValue))
    fileprivate static let suspensionKind = Shape.word(Suspension.Kind.allCases.map(\.rawValue))
    fileprivate static let extension_ = Shape.orNull(.of(["by": .text, "reason": .text, "at": .instant]))
}

extension Method {
    /// What the method answers with. `case.watch` and `watch.stop` answer so, and notifications follow (`Shape.notifications`).
    package var result: Shape {
        switch self {
        case .submit, .accept, .requestCorrection, .correct, .decline, .assign, .suspend, .resume, .extend, .recommend, .return, .grant,
            .refuse, .withdraw, .deliver, .note, .escalate, .recuse, .inspect, .orderOpen, .orderAnswer, .orderClose:
            .named(.file)
        case .get: .either([.named(.file), Method.status])
        case .serverInfo: Method.info
        case .serverStatus: Method.condition
        case .backupMake: .of(["backup": .text, "bytes": .integer, "sha256": .text, "through": .integer])
        case .backupRead: .of(["data": .text, "next": .orNull(.integer)])
        case .serverHistory: .of(["events": .list(Method.serverEvent)])
        case .list: .of(["cases": .list(.named(.file)), "next": .orNull(.text)])
        case .count: .of(["count": .integer])
        case .history: .of(["case": .text, "events": .list(.named(.event))])
        case .explain: Method.explanation
        case .sample: Method.draw
        case .orderList: .of(["orders": .list(.named(.order)), "next": .orNull(.text)])
        case .watch, .watchStop: .of(["watch": .text, "cursor": .text])
        case .noticeList: .of(["notices": .list(Method.notice), "next": .orNull(.integer)])
        case .catalogGet: .of(["version": .integer, "at": .instant, "by": .text, "zones": .text, "files": .map(.text)])
        case .catalogDutyList: .of(["version": .integer, "matters": .list(Method.matter), "posts": .list(Method.post)])
        case .powers: .of(["matter": .text, "case": .orNull(.text), "powers": .list(Method.power)])
        case .proof: Method.proofResult
        case .catalogPlan, .catalogApply: Method.plan
        case .catalogCancel: .of(["effective": .instant])
        case .calendarDue: .of(["due": .instant, "last_day": .day, "provisional": .boolean])
        case .calendarMeasure: .of(["amount": .integer, "unit": .text])
        case .calendarShow: Method.calendar
        case .slaReport: Method.report
        case .clockAdvance: .of(["now": .instant])
        case .clockConfirm: .of(["now": .instant, "held_since": .instant, "by_ms": .integer])
        case .discover: .any
        }
    }

    private static let status = Shape.of([
        "receipt": .text, "matter": .text, "state": .word(State.allCases.map(\.rawValue)), "office": .text, "submitted_at": .instant,
        "closed_at": .orNull(.instant), "extension": Shape.extension_,
    ])

    private static let condition = Shape.of([
        "since": .instant, "now": .instant, "store_bytes": .integer,
        "lights": .of(["green": .integer, "yellow": .integer, "red": .integer]),
        "watchdog": .orNull(.of(["interval_ms": .integer, "at": .instant])), "last_backup": .orNull(.instant),
        "store_fault": .orNull(.of(["since": .instant, "what": .text, "refuses_commands": .boolean])),
    ])

    private static let info = Shape.of([
        "name": .text, "version": .text, "protocol": .integer, "now": .instant, "clock": .word(["system", "manual"]),
        "limits": .map(.integer), "catalog_version": .integer,
        "principal": .of(["name": .text, "known": .boolean, "admin": .boolean]), "open": .integer, "next_deadline": .orNull(.instant),
        "zones": .text,
        "calendars": .list(.of(["calendar": .text, "valid_through": .day, "days": .integer, "near": .boolean])),
        "clock_held": .orNull(.of(["since": .instant, "by_ms": .integer])),
        "pending_catalog": .orNull(.of(["effective": .instant, "by": .text, "refused": .orNull(.text)])),
        "reprojection": .orNull(.of(["catalog_version": .integer, "cases": .integer, "done": .integer])), "lateness": .map(.integer),
        "work": .of(["batches": .integer, "commands": .integer]),
    ])

    private static let serverEvent = Shape.of([
        "seq": .integer, "revision": .integer, "at": .instant, "event": .text, "by": .text, "data": .any,
    ])

    private static let explanation = Shape.of([
        "case": .text, "title": .text, "matter": .text, "catalog_version": .integer, "clock_version": .integer,
        "catalogs": .list(.of(["version": .integer, "at": .instant, "by": .text, "zones": .text])),
        "clocks": .list(
            Shape.of([
                "clock": Shape.clockKind, "generation": .integer, "unit": .text, "budget": .integer, "extended": .boolean,
                "consumed": .integer, "original_due": .instant, "due": .orNull(.instant), "last_day": .orNull(.day),
                "provisional": .boolean,
                "ended_at": .orNull(.instant),
                "calendar": .of([
                    "calendar": .text, "catalog_version": .integer, "zone": .text, "valid_through": .day, "source": .text,
                ]), "steps": .list(.any), "stretches": .list(.any),
            ]).sometimes(["of": Shape.suspensionKind, "counts_from": .day])),
    ])

    private static let draw = Shape.of([
        "seed": .of(["sha256": .text, "seq": .integer, "day": .day]), "population": .integer,
        "cases": .list(
            .of([
                "case": .text, "rank": .text, "matter": .text, "title": .text, "state": .text, "decided_by": .orNull(.text),
                "closed_at": .orNull(.instant), "inspections": .list(.named(.inspection)),
            ])),
    ])

    private static let notice = Shape.of([
        "seq": .integer, "case": .text, "revision": .integer, "at": .instant, "event": .text,
        "addressee": .word(Addressee.allCases.map(\.rawValue)), "recipient": .text,
    ])

    private static let matter = Shape.of([
        "matter": .text, "name": .text, "department": .orNull(.text), "office": .text, "office_name": .orNull(.text), "leader": .text,
        "leader_holder": .orNull(.text), "commissioner": .text, "commissioner_holder": .orNull(.text), "statutory": .orNull(.text),
        "promised": .orNull(.text), "silence_grants": .boolean, "basis": .text, "materials": .list(.text), "channels": .list(.text),
        "window": .orNull(.text), "conditions": .list(.text), "fees": .text, "result": .text, "guide": .text,
    ])

    private static let post = Shape.of([
        "post": .text, "name": .text, "office": .orNull(.text), "office_name": .orNull(.text), "holder": .orNull(.text), "rank": .text,
        "audits": .boolean, "main_duty": .orNull(.text), "duties": .list(.text),
    ])

    private static let power = Shape.of([
        "role": .word(Role.allCases.map(\.rawValue)), "holder": .text, "reason": .text, "hindrance": .orNull(.text),
        "inputs": .list(.word(Input.Kind.allCases.map(\.rawValue))),
    ])

    private static let proofResult = Shape.of([
        "version": .integer, "holds": .boolean, "principals": .integer, "checks": .integer, "conflicts": .list(.text),
        "matters": .list(.of(["matter": .text, "deciders": .list(.text), "supervisors": .list(.text), "silence_grants": .boolean])),
    ])

    private static let plan = Shape.of([
        "version": .integer, "changes": .list(.of(["change": .text, "entry": .text])),
        "impact": .list(
            .of([
                "matter": .text, "open": .integer, "running": .integer, "rerouted": .boolean, "orphaned": .boolean, "reprojected": .boolean,
            ])), "effective": .orNull(.instant),
        "reorganisation": .of([
            "before": .named(.establishment), "after": .named(.establishment), "abolished": .list(.text), "created": .list(.text),
            "duties": .list(.of(["duty": .text, "from": .orNull(.text), "to": .orNull(.text)])),
        ]), "refused": .orNull(.text),
    ]).sometimes([
        "clocks": .of([
            "running": .integer, "later": .integer, "earlier": .integer, "kept": .integer, "breached": .integer, "firm": .integer,
            "moves": .list(.any),
        ])
    ])

    private static let calendar = Shape.of([
        "calendar": .text, "zone": .text, "valid_through": .day, "source": .text, "today": .day,
        "days": .list(
            .of([
                "day": .day, "weekday": .text, "worked": .boolean, "windows": .list(.text), "name": .orNull(.text), "provisional": .boolean,
            ])),
    ])

    private static let reportRow: Shape = {
        let counts = Measure.allCases.map(\.rawValue) + ["open", "overdue", "warned", "provisional", "decided"]
        let members: [(String, Shape)] =
            [("name", .text), ("title", .text)] + counts.map { ($0, .integer) }
            + [
                ("queues", .map(.integer)), ("in_time_permille", .orNull(.integer)), ("handling_median", .orNull(.integer)),
                ("handling_p90", .orNull(.integer)), ("oldest_open", .orNull(.text)), ("oldest_submitted_at", .orNull(.instant)),
            ]
        return .object(members.map { Shape.Member(name: $0.0, shape: $0.1, isOptional: false) })
    }()

    private static let report = Shape.of([
        "by": .text, "from": .orNull(.day), "to": .orNull(.day), "at": .instant, "rows": .list(reportRow), "total": reportRow,
    ])
}

extension Shape {
    /// The parameters of each notification of the server, by its method.
    package static let notifications: [String: Shape] = [
        "case.event": Shape.of([
            "watch": .text, "type": .word(["snapshot", "snapshot-end", "event", "bookmark", "closed"]),
        ]).sometimes([
            "cursor": .text, "case": .named(.file), "cases": .integer, "event": .named(.event), "reason": .text,
        ]), "catalog.progress": Shape.of(["id": .any, "cases": .integer, "of": .integer]),
    ]

    /// The member `error` of a reply.
    package static let error = Shape.of([
        "code": .integer, "message": .text,
        "data": .of(["kind": .text, "retryable": .boolean, "details": .any, "hint": .orNull(.text)]),
    ])
}
