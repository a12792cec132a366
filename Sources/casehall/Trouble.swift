import CaseClient
import Hummingbird

/// Why there is no page to be shown.
enum Trouble: Equatable {
    case malformed, missing, tooLarge, otherType, tooSlow, fromElsewhere, notTheProxy, notBelieved, fault
    case method([String])
    case tooMany(seconds: Int)
    case daemonAway, daemonSlow, daemonReadOnly
    case daemonBusy(seconds: Int)
    case file(FileTrouble)
    case refused(kind: String, message: String)

    init(_ trouble: DaemonTrouble) {
        self =
            switch trouble {
            case .away: .daemonAway
            case .slow: .daemonSlow
            case .busy(let seconds): .daemonBusy(seconds: seconds)
            case .readOnly: .daemonReadOnly
            case .refused(let error): .refused(kind: error.kind, message: error.message)
            }
    }

    init(_ trouble: FormTrouble) {
        self =
            switch trouble {
            case .malformed: .malformed
            case .tooLarge: .tooLarge
            case .otherType: .otherType
            case .tooSlow: .tooSlow
            case .fileRefused(let trouble): .file(trouble)
            }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .malformed: .badRequest
        case .missing: .notFound
        case .tooLarge, .file(.tooLarge): .contentTooLarge
        case .otherType: .unsupportedMediaType
        case .tooSlow: .requestTimeout
        case .fromElsewhere, .notTheProxy: .forbidden
        case .notBelieved: .unauthorized
        case .fault: .internalServerError
        case .method: .methodNotAllowed
        case .tooMany: .tooManyRequests
        case .daemonAway, .daemonSlow, .daemonReadOnly, .daemonBusy, .file(.notScanned), .file(.notKept): .serviceUnavailable
        case .file(.notTaken), .file(.wrongType), .file(.infected): .unprocessableContent
        case .refused(let kind, _):
            kind.hasSuffix(".not_found")
                ? .notFound : kind.hasPrefix("permission.") ? .forbidden : kind.hasPrefix("params.") ? .badRequest : .conflict
        }
    }

    /// In how many seconds it is worth to try again.
    var retryAfter: Int? {
        switch self {
        case .tooMany(let seconds), .daemonBusy(let seconds): seconds
        case .daemonAway, .daemonSlow, .file(.notScanned): 5
        case .daemonReadOnly, .file(.notKept): 60
        default: nil
        }
    }
}
