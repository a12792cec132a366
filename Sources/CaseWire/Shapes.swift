import CaseCore
import WorkingTime

// What methods answer with: shapes that occur in several places have names, `components.schemas` of the OpenRPC document.

extension Shape {
    package static let file = ShownCase.shape
    package static let answer = ShownAnswer.shape
    package static let lookedAt = ShownFile.shape
    package static let nextStep = ShownNextStep.shape
    package static let clock = ShownClock.shape
    package static let order = ShownOrder.shape
    package static let step = ShownStep.shape
    package static let fee = ShownFee.shape
    package static let material = SubmittedMaterial.shape
    package static let inspection = Inspection.shape
    package static let suspension = Suspension.shape
    package static let opinion = OpinionRequest.shape

    package static let reportRow = ReportRow.shape
    package static let notice = ShownNotice.shape
    package static let takenNotice = ShownTakenNotice.shape
    package static let dutyMatter = ListedMatter.shape
    package static let dutyPost = ListedPost.shape
    package static let dutyArea = ListedArea.shape
    package static let dutyDocument = ListedDocument.shape
    package static let dutyField = ListedField.shape
    package static let dutySubstitute = ListedSubstitute.shape

    package static let event = Shape.named(
        "event",
        .object(
            [Shape.Member("seq", .integer, "its place in the journal")] + Event.members.shapes + [
                Shape.Member(
                    name: "commitment", shape: .text, isOptional: true, isSparse: true,
                    summary: "where it says something of persons: the SHA-256 of that, as the tree has it"),
                Shape.Member(
                    name: "erased", shape: .boolean, isOptional: true, isSparse: true, summary: "whether what it said of persons was erased"
                ),
            ]))

    package static let establishment = Shape.named(
        "establishment",
        .of([
            "offices": .integer, "average_staff_tenths": .integer, "staff": .integer, "leading_posts": .integer,
            "ranks": .map(.integer),
        ]))

    package static let components: [(name: String, shape: Shape)] =
        [
            file, answer, lookedAt, nextStep, clock, order, step, fee, material, event, inspection, suspension, opinion, Deeming.shape,
            SignedStatement.shape,
            publicStatus, ShownSeal.shape, establishment,
            reportRow, notice, takenNotice,
            dutyMatter, dutyPost, dutyArea, dutyDocument, dutyField, dutySubstitute,
        ].map { component in
            guard case .named(let name, let shape) = component else { preconditionFailure("a component has a name") }
            return (name, shape)
        } + Commands.recordedShapes.map { ("event-\($0.name)", $0.shape) }
}

// MARK: Results of one method

extension Shape {
    static let publicStatus = ShownStatus.shape

    static let decision = Shape.of([
        "case": .text, "matter": .text, "decision": .text, "at": .instant, "by": .text, "office": .text, "training": .boolean,
        "seal": .orNull(signed), "signatures": .list(signed.sometimes(["by": .text])),
    ])

    private static let signed = Shape.of([
        "key": .orNull(.text), "fingerprint": .orNull(.text), "namespace": .orNull(.text), "statement": .text,
        "signature": .orNull(.text), "salt": .text, "said": .map(.text),
    ])

    static let condition = Shape.of([
        "since": .instant, "now": .instant, "store_bytes": .orNull(.integer),
        "lights": .orNull(.of(["green": .integer, "yellow": .integer, "red": .integer])),
        "watchdog": .orNull(.of(["interval_ms": .integer, "at": .instant])), "last_backup": .orNull(.instant),
        "unsealed_offices": .list(.text),
        "store_fault": .orNull(.of(["since": .instant, "what": .text, "refuses_commands": .boolean])),
        "evidence": .of([
            "origin": .text, "key_place": .orNull(.text), "size": .integer, "root": .text, "damages": .integer,
            "last_damage": .orNull(.of(["at": .instant, "what": .text])),
            "scrub": .of([
                "began": .orNull(.instant), "pages": .integer, "entries": .integer, "cases": .integer, "ended": .orNull(.instant),
            ]), "witnessed": .orNull(.of(["origin": .orNull(.text), "size": .orNull(.integer), "at": .orNull(.instant)])),
        ]),
    ]).sometimes(["database": .orNull(database)])

    private static let database = Shape.of([
        "node": .text, "host": .text, "port": .text, "version": .text, "synchronous": .boolean,
        "standbys": .list(
            .of([
                "name": .orNull(.text), "awaited": .orNull(.boolean), "behind_bytes": .orNull(.integer), "behind_ms": .orNull(.integer),
            ])), "head": .orNull(.of(["node": .text, "for_ms": .integer])),
    ])

    static let info = Shape.of([
        "name": .text, "version": .text, "protocol": .integer, "now": .instant, "clock": .word(["system", "manual"]),
        "training": .boolean, "limits": .map(.integer), "catalog_version": .integer,
        "principal": .of(["name": .text, "known": .boolean, "admin": .boolean]), "open": .integer, "next_deadline": .orNull(.instant),
        "zones": .text,
        "calendars": .list(.of(["calendar": .text, "zone": .text, "valid_through": .day, "days": .integer, "near": .boolean])),
        "trusts_clock": .boolean, "clock_held": .orNull(.of(["since": .instant, "by_ms": .integer])),
        "pending_catalog": .orNull(
            .of(["effective": .instant, "by": .text, "confirmed_by": .orNull(.text), "refused": .orNull(.text), "yours": .boolean])),
        "unconfirmed_catalog": .orNull(.of(["confirmed": .integer, "newest": .integer, "appointments": .integer, "yours": .boolean])),
        "reprojection": .orNull(.of(["catalog_version": .integer, "cases": .integer, "done": .integer])), "lateness": .map(.integer),
        "work": .of(["batches": .integer, "commands": .integer]),
    ])

    static let serverEvent = Shape.of([
        "seq": .integer, "revision": .integer, "at": .instant, "event": .text, "by": .text, "data": .any,
    ]).sometimes(["uid": .integer])

    static let explanation = Shape.of([
        "case": .text, "title": .text, "matter": .text, "catalog_version": .integer, "clock_version": .integer,
        "catalogs": .list(.of(["version": .integer, "at": .instant, "by": .text, "zones": .text])),
        "clocks": .list(
            Shape.of([
                "clock": ClockKind.shape, "generation": .integer, "unit": .text, "budget": .integer, "limit": .orNull(.text),
                "extended": .boolean, "consumed": .integer, "original_due": .instant, "due": .orNull(.instant), "last_day": .orNull(.day),
                "provisional": .boolean,
                "ended_at": .orNull(.instant),
                "calendar": .of([
                    "calendar": .text, "catalog_version": .integer, "zone": .text, "valid_through": .day, "source": .text,
                ]), "steps": .list(.any), "stretches": .list(.any),
            ]).sometimes(["of": Suspension.Kind.shape, "office": .text, "counts_from": .day, "moved_from": .day])),
    ])

    static let draws = Shape.of([
        "draws": .list(
            .of([
                "name": .text, "post": .text, "every": InspectionDraw.Period.shape, "size": .integer, "matters": .list(.text), "next": .day,
                "at": .orNull(.instant), "commitment": .orNull(.text),
            ])),
        "made": .list(
            .of([
                "draw": .text, "post": .text, "made_at": .instant, "population": .integer, "missed": .integer, "drawn": .list(.text),
            ])), "next": .orNull(.text),
    ])

    static let power = Shape.of([
        "role": Role.shape, "holder": .text, "reason": .text, "hindrance": .orNull(.text),
        "inputs": .list(.word(Commands.declarations.map(\.name.rawValue))),
    ])

    static let proof = Shape.of([
        "version": .integer, "holds": .boolean, "principals": .integer, "checks": .integer, "conflicts": .list(.text),
        "cases": .orNull(.integer), "versions": .list(.integer), "stranded": .integer, "stranded_cases": .list(.text),
        "trusted": .list(.text),
        "matters": .list(.of(["matter": .text, "deciders": .list(.text), "supervisors": .list(.text), "silence_grants": .boolean])),
    ])

    static let appointment = Shape.of(["entry": .text, "key": .text, "from": .orNull(.text), "to": .orNull(.text)])

    static let change = Shape.of(["change": .text, "entry": .text])

    /// With the keys that differ.
    static let writtenChange = Shape.of([
        "change": .text, "entry": .text, "file": .orNull(.text), "line": .orNull(.integer),
        "keys": .list(.of(["key": .text, "from": .orNull(.text), "to": .orNull(.text)])), "more": .integer,
    ])

    static let catalogVersions = Shape.of([
        "versions": .list(.of(["version": .integer, "at": .instant, "by": .text, "digest": .text, "confirmed": .boolean])),
        "next": .orNull(.text),
        "waiting": .list(appointment),
        "pending": .orNull(
            .of([
                "effective": .instant, "by": .text, "digest": .text, "confirmed_by": .orNull(.text), "changes": .list(change),
                "appointments": .list(appointment),
            ])),
    ])

    static let plan = Shape.of([
        "version": .integer, "changes": .list(writtenChange), "keeps_users": .orNull(.integer), "waiting": .list(appointment),
        "warnings": .list(.text),
        "abandoned": .list(.of(["entry": .text, "cases": .integer])),
        "leavers": .list(.of(["person": .text, "office": .text, "cases": .integer, "deliveries": .integer])),
        "impact": .list(
            .of([
                "matter": .text, "open": .integer, "running": .integer, "rerouted": .boolean, "orphaned": .boolean, "reprojected": .boolean,
            ])), "effective": .orNull(.instant),
        "reorganisation": .of([
            "before": .establishment, "after": .establishment, "abolished": .list(.text), "created": .list(.text),
            "duties": .list(.of(["duty": .text, "from": .orNull(.text), "to": .orNull(.text)])),
        ]), "training": .boolean, "second_words": .list(.text), "agree_again": .orNull(.instant), "refused": .orNull(.text),
        "hint": .orNull(.text),
    ]).sometimes([
        "clocks": .of([
            "running": .integer, "later": .integer, "earlier": .integer, "kept": .integer, "breached": .integer, "firm": .integer,
            "moves": .list(.any),
        ]), "stranded": .of(["count": .integer, "cases": .list(.text)]),
    ])

    static let calendar = Shape.of([
        "calendar": .text, "zone": .text, "valid_through": .day, "source": .text, "today": .day,
        "days": .list(
            .of([
                "day": .day, "weekday": .text, "worked": .boolean, "windows": .list(.text), "name": .orNull(.text), "provisional": .boolean,
            ])),
    ])

    static let dayReason = Shape.of([
        "calendar": .text, "zone": .text, "valid_through": .day, "day": .day, "weekday": .text, "worked": .boolean, "windows": .list(.text),
        "rule": .word(DayReason.Rule.allCases.map(\.rawValue)), "name": .orNull(.text), "entry": .orNull(.text), "overruled": .list(.text),
        "provisional": .boolean, "year_named": .boolean, "catalog_version": .integer, "applied_at": .instant, "applied_by": .text,
    ])

    static let report = Shape.of([
        "by": .text, "training": .boolean, "administration": .list(.text), "catalog_version": .integer, "zone": .text,
        "zones": .list(.text), "today": .day, "from": .orNull(.day), "to": .orNull(.day), "at": .instant, "rows": .list(reportRow),
        "total": reportRow,
    ])
}

extension Shape {
    /// The parameters of each notification of the server, by its method.
    package static let notifications: [String: Shape] = [
        "case.event": Shape.of([
            "watch": .text, "type": .word(["snapshot", "snapshot-end", "event", "bookmark", "closed"]),
        ]).sometimes([
            "cursor": .text, "case": .file, "cases": .integer, "event": .event, "reason": .text,
        ]), "catalog.progress": Shape.of(["id": .any, "cases": .integer, "of": .integer]),
    ]

    /// The member `error` of a reply.
    package static let error = Shape.of([
        "code": .integer, "message": .text,
        "data": .of(["kind": .text, "retryable": .boolean, "details": .any, "hint": .orNull(.text)]),
    ])
}
