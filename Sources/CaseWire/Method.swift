import CaseCore

/// A method of the wire. What is declared of each is the source of parameter checks, of the OpenRPC document and of `casectl rpc`.
package enum Method: Hashable, Sendable, CaseIterable {
    /// A command on a case, see `CaseCore/Commands`. It goes through the writer.
    case command(CommandName)
    /// Answered from a snapshot beside the writer.
    case query(Query)
    /// Begins or ends a stream of notifications on the connection.
    case stream(Stream)
    /// Goes through the writer and is about the server: catalogue and clock, for admins; and whoever's notices they are.
    case administration(Administration)

    package enum Stream: String, CaseIterable, Sendable {
        case watch = "case.watch"
        case watchStop = "watch.stop"
    }

    package enum Administration: String, CaseIterable, Sendable {
        case catalogApply = "catalog.apply"
        case catalogConfirm = "catalog.confirm"
        case catalogCancel = "catalog.cancel"
        case clockAdvance = "clock.advance"
        case clockConfirm = "clock.confirm"
        case noticeTake = "notice.take"

        /// At most so many notices are taken at once.
        package static let takenNoticeLimit = 1000
    }

    package static let allCases: [Method] =
        [.query(.serverInfo)] + Commands.ofClients.map { .command($0.name) }
        + Query.allCases.filter { $0 != .serverInfo }.map(Method.query) + Stream.allCases.map(Method.stream)
        + Administration.allCases.map(Method.administration)

    private static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    package init?(rawValue: String) {
        guard let method = Method.named[rawValue] else { return nil }
        self = method
    }

    package init(_ command: any ClientCommand.Type) {
        self = .command(command.name)
    }

    /// Its name on the wire.
    package var rawValue: String {
        switch self {
        case .command(let name): Commands.ofClient(name).method
        case .query(let query): query.rawValue
        case .stream(let stream): stream.rawValue
        case .administration(let administration): administration.rawValue
        }
    }

    private static let descriptions = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.declared) })

    package var description: MethodDescription {
        Method.descriptions[self]!
    }

    private var declared: MethodDescription {
        switch self {
        case .command(let name): MethodDescription(Commands.ofClient(name))
        case .query(let query): query.description
        case .stream(let stream): stream.description
        case .administration(let administration): administration.description
        }
    }

    package var parameters: [Shape.Member] {
        description.parameters
    }
}

/// What is declared of a method.
package struct MethodDescription: Sendable {
    package let summary: String
    package let parameters: [Shape.Member]
    /// What it answers with. Notifications may follow that of a stream.
    package let result: Shape
    /// Whether what it answers depends on which cases the principal may read.
    package let showsCases: Bool

    /// How many bytes the parameters of one request have at most, see `Datum.byteCount`.
    package var byteLimit: Int {
        parameters.reduce(0) { $0 + $1.name.utf8.count + 1 + $1.byteLimit }
    }

    /// - Parameter canBeStale: whether somebody may ask for it as of a while ago; its answer says then as of when.
    init(
        _ summary: String, _ parameters: [Shape.Member] = [], result: Shape, showsCases: Bool = false, canBeStale: Bool = false
    ) {
        self.summary = summary
        self.parameters = parameters + (canBeStale ? [Shape.Member.staleOK] : []) + (showsCases ? [Shape.Member.acting] : [])
        self.result = canBeStale ? result.sometimes(["as_of": .instant]) : result
        self.showsCases = showsCases
    }

    init(_ command: any ClientCommand.Type) {
        let own = command.memberShapes
        self.init(command.declaration.summary, command.subject.members + own + Envelope.members.shapes, result: .answer)
    }
}

extension Described {
    fileprivate static var memberShapes: [Shape.Member] {
        members.shapes
    }
}

extension Shape.Member {
    static let oneCase = Shape.Member("case", .caseID, "the case, such as C-17")
    static let staleOK = Shape.Member(
        "stale_ok", .boolean, required: false, "answer from a replica of the store where there is one, and say as of when (`as_of`)")
    static let acting = Shape.Member("acting", .text, required: false, "the person for whom a service acts")
}

extension Method.Stream {
    var description: MethodDescription {
        let result = Shape.of(["watch": .text, "cursor": .text])
        return switch self {
        case .watch:
            MethodDescription(
                "Follow cases: a snapshot, then each event as it becomes durable.",
                [
                    .filter,
                    .init(
                        "from", .text, required: false,
                        "now, start (the whole journal), an instant at which to begin, or a cursor after which to go on; by default now"
                    ),
                    .init("snapshot", .boolean, required: false, "send the cases as they stand first; only with from = now"),
                    .init(
                        "heartbeat", .length, required: false, "send a bookmark when so long nothing was sent; by default 1 minute"),
                ], result: result, showsCases: true)
        case .watchStop:
            MethodDescription(
                "End a watch of this connection.", [.init("watch", .text, "the watch, as case.watch named it")], result: result)
        }
    }
}

extension Method.Administration {
    var description: MethodDescription {
        switch self {
        case .catalogApply: MethodDescription("Make a catalogue the next version.", Shape.Member.catalog, result: .plan)
        case .catalogConfirm:
            MethodDescription(
                "Agree, as a second one, to the parts that a change of the catalogue gives.",
                [
                    .init("version", .integer, required: false, "a version, and those before it; by default the newest"),
                    .init("pending", .boolean, required: false, "the one that waits for its day; by default where no version waits"),
                    .init("digest", .text, required: false, "refuse unless this is its digest, as catalog.versions told"),
                    .dryRun,
                ],
                result: Shape.of([
                    "version": .orNull(.integer), "digest": .text, "effective": .orNull(.instant), "appointments": .list(.appointment),
                ]).sometimes(["dry_run": .boolean]))
        case .catalogCancel:
            MethodDescription(
                "Give up a catalogue that waits for its day.", [.dryRun],
                result: Shape.of(["effective": .instant]).sometimes(["dry_run": .boolean]))
        case .clockAdvance:
            MethodDescription(
                "Move a manual clock forward; what falls due on the way happens in order.", [.init("to", .instant, "the new present")],
                result: .of(["now": .instant]))
        case .clockConfirm:
            MethodDescription(
                "Say that the machine's clock is right after a jump, so that deadlines pass again.",
                result: .of(["now": .instant, "held_since": .instant, "by_ms": .integer]))
        case .noticeTake:
            MethodDescription(
                "Say that notices to you were taken, all of them or none; one that was taken before stays as it was.",
                [
                    .init(
                        "notices", .list(.integer), limit: ByteLimit.prose,
                        "their `seq`s, 1 to \(Method.Administration.takenNoticeLimit) of them"), .acting,
                ], result: .of(["notices": .list(.takenNotice)]))
        }
    }
}
