import CaseCore

/// An error of the wire. `kind` is the contract, `message` is for people.
package struct WireError: Error, Equatable, Sendable {
    package enum Code: Int, CaseIterable, Sendable {
        // JSON-RPC 2.0.
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case internalError = -32603
        // Transient: try again.
        case rateLimited = 4429
        case draining = 4503
        case storeFull = 4507
        case storeUnreachable = 4508
        // Permanent.
        case paramsInvalid = 5400
        case permissionDenied = 5403
        case notFound = 5404
        case conflict = 5409
        case cursorExpired = 5410
        case lineTooLong = 5413
        case keyReused = 5422
        case stateNotAllowed = 5423
        case ruleRefused = 5424
        case evidenceDamaged = 5500
    }

    package let code: Code
    package let kind: String
    package let message: String
    package let details: JSONValue
    package let hint: String?

    package init(
        _ code: Code, kind: String? = nil, _ message: String, details: JSONValue = .object([]), hint: String? = nil
    ) {
        self.code = code
        self.kind = kind ?? code.standardKind
        self.message = message
        self.details = details
        self.hint = hint
    }

    package var isRetryable: Bool {
        (4000..<5000).contains(code.rawValue)
    }

    package static func parameter(_ path: String, _ fault: String, hint: String?) -> WireError {
        WireError(
            .paramsInvalid, "parameter \(path) \(fault)", details: .object([.init("parameter", .string(path))]), hint: hint)
    }

    static func tooLong(_ parameter: String, _ byteCount: Int, limit: Int) -> WireError {
        WireError(
            .paramsInvalid, kind: "params.too_long", "parameter \(parameter) has \(byteCount) bytes",
            details: .object([.init("parameter", .string(parameter)), .init("bytes", .integer(byteCount)), .init("limit", .integer(limit))]
            ),
            hint: "at most \(limit) are taken")
    }

    /// A parameter is not what its method takes.
    init(_ mismatch: Mismatch) {
        self = .parameter(mismatch.path ?? "", mismatch.problem, hint: mismatch.hint)
    }

    package static func notFound(_ kind: String, _ what: String, hint: String? = nil) -> WireError {
        WireError(.notFound, kind: "\(kind).not_found", "there is no \(what)", hint: hint)
    }

    /// There is nothing of a name: the nearest one that there is, or the first ones.
    package static func notFound(_ kind: String, _ what: String, name: String, among names: [String]) -> WireError {
        notFound(kind, what, hint: Likeness.hint(name, among: names))
    }

    package init(_ refusal: Refusal) {
        let code: Code =
            switch refusal {
            case .stateNotAllowed, .suspended, .notSuspended, .alreadySuspended, .alreadyDelivered, .wasRevoked, .wasErased:
                .stateNotAllowed
            case .notPermitted, .notReadable, .fourEyes, .lastDecider, .assignedTo, .hasRecused, .administers, .serviceSide,
                .serviceNotForMatter,
                .orderForAnother, .stepForPost, .feeForOffice, .opinionOfAnother, .erasureByOne:
                .permissionDenied
            case .empty, .materialUnknown, .areaMissing, .areaUnknown, .fieldsMissing, .fieldUnfit, .channelUnknown, .stepUnknown,
                .materialIsFee, .feeUnknown,
                .notAnOfficer, .isRecused,
                .severalSuspensions, .refersToNothing, .notConsulted:
                .paramsInvalid
            case .noSuchCase: .notFound
            case .materialsMissing, .stepTaken, .stepNotNext, .stepsMissing, .feeState, .feesDue, .itemsNotInFirstNotice, .clockNotRunning,
                .clockNotExtendable, .alreadyExtended, .alreadyBreached, .extensionTooLong, .suspensionTooLong, .orderAlreadyOpen,
                .noOpenOrder, .nobodyElse, .notDrawn, .notDue, .notRevocable, .opinionAlreadyAsked, .tooManyOpinions, .noOpenOpinion,
                .opinionAwaited, .sealMissing, .signatureMissing, .signatureWrong, .isRetained, .erasureNotAsked:
                .ruleRefused
            }
        let parameter = refusal.parameter.map { JSONValue.Member("parameter", .string($0)) }
        self.init(code, kind: refusal.kind.rawValue, refusal.message, details: .object(parameter.map { [$0] } ?? []), hint: refusal.hint)
    }

    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("code", code.rawValue)
            writer.member("message", message)
            writer.key("data")
            writer.object { writer in
                writer.member("kind", kind)
                writer.member("retryable", isRetryable)
                writer.key("details")
                writer.value(details)
                writer.member("hint", hint)
            }
        }
    }
}

extension Method {
    /// What it can be answered with instead of its result.
    package var errors: [WireError.Code] {
        let always: [WireError.Code] = [
            .parseError, .invalidRequest, .methodNotFound, .invalidParams, .internalError, .rateLimited, .draining, .storeUnreachable,
            .paramsInvalid, .permissionDenied, .lineTooLong, .evidenceDamaged,
        ]
        return always
            + {
                switch self {
                case .query(.catalogPlan): [.storeFull, .notFound, .conflict, .ruleRefused]
                case .query(.statement): [.storeFull, .notFound, .conflict, .stateNotAllowed, .ruleRefused]
                case .query: [.storeFull, .notFound, .ruleRefused]
                case .stream: [.storeFull, .notFound, .cursorExpired, .ruleRefused]
                case .command: [.storeFull, .notFound, .conflict, .keyReused, .stateNotAllowed, .ruleRefused]
                case .administration: [.storeFull, .notFound, .conflict, .ruleRefused]
                }
            }()
    }
}

extension WireError.Code {
    package var standardKind: String {
        switch self {
        case .parseError: "json.malformed"
        case .invalidRequest: "request.invalid"
        case .methodNotFound: "method.not_found"
        case .invalidParams, .paramsInvalid: "params.invalid"
        case .internalError: "server.fault"
        case .rateLimited: "rate.limited"
        case .draining: "server.draining"
        case .storeFull: "store.full"
        case .storeUnreachable: "store.unreachable"
        case .permissionDenied: "permission.denied"
        case .notFound: "not_found"
        case .conflict: "revision.conflict"
        case .cursorExpired: "cursor.expired"
        case .lineTooLong: "line.too_long"
        case .keyReused: "idempotency.key_reused"
        case .stateNotAllowed: "state.not_allowed"
        case .ruleRefused: "rule.refused"
        case .evidenceDamaged: "evidence.damaged"
        }
    }
}
