/// Where the file of a case is.
package enum State: String, Word {
    /// With the office, which has not said yet whether the submission is complete. Goes to in-review, correction, not-accepted, withdrawn.
    case submitted
    /// Back with the applicant, for all items that are missing. Goes to submitted, lapsed, withdrawn.
    case correction
    /// Accepted and being examined by the office. Goes to with-leader, deemed-granted, withdrawn.
    case inReview = "in-review"
    /// With the one leader who decides. Goes to granted, refused, in-review, deemed-granted, withdrawn.
    case withLeader = "with-leader"

    // Final: none of these ever changes.
    case granted, refused
    case deemedGranted = "deemed-granted"
    case notAccepted = "not-accepted"
    case withdrawn, lapsed

    package var isOpen: Bool {
        switch self {
        case .submitted, .correction, .inReview, .withLeader: true
        case .granted, .refused, .deemedGranted, .notAccepted, .withdrawn, .lapsed: false
        }
    }

    /// Whether the state is a decision on the substance.
    package var isDecision: Bool {
        switch self {
        case .granted, .refused, .deemedGranted: true
        case .submitted, .correction, .inReview, .withLeader, .notAccepted, .withdrawn, .lapsed: false
        }
    }
}

/// In what function somebody acts on one case.
package enum Role: String, Word {
    case submitter
    /// A member of the case's one office.
    case office
    /// The holder of the case's one leader post.
    case leader
    /// The holder of the post that the matter names for extensions.
    case extensionAuthority = "extension-authority"
    /// A member of another office that is, or was, asked for its opinion of the case.
    case consulted
    /// Supervises and never approves.
    case commissioner
    /// Reads all cases, on record, and inspects what was decided.
    case auditor
    /// root, the daemon's own user, or the admin group: escalates, and decides nothing.
    case admin
    /// The passing of time.
    case clock
    /// A new version of the catalogue.
    case catalog
    /// A case that is about revoking this one.
    case revocation
}
