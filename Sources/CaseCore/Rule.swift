extension Violation {
    /// A rule of the catalogue, by the word that findings carry. `docs/rules.md` lists them by number.
    package enum Rule: String, CaseIterable, Sendable {
        /// The file can be read, and every key and value has its form.
        case form
        /// An entry, a material or a unix user is declared once.
        case duplicate
        /// What a name stands for is declared.
        case unknownName = "unknown-name"
        /// A length has a unit, and a rung or extension that of its clock.
        case unit
        /// Windows are in order, some week has one, and no year is left out.
        case calendar
        /// A warning lies within its budget, and the limits of the law are there.
        case ladder
        /// A matter names exactly one office that examines.
        case oneOffice = "one-office"
        /// A matter names exactly one post that decides.
        case oneLeader = "one-leader"
        /// A matter names exactly one post that supervises.
        case oneCommissioner = "one-commissioner"
        /// A department has one approval office.
        case oneApprovalOffice = "one-approval-office"
        /// A matter lies with the approval office of its department.
        case approvalOffice = "approval-office"
        /// Clear function, item catalogue, full authorisation, supporting rules, a dedicated seal, capable staff.
        case sixRequirements = "six-requirements"
        /// Approval and supervision are separate powers: nobody has both over one matter, also as a substitute.
        case separation
        /// No post is without a holder where cases would wait.
        case vacancy
        /// No duty is listed twice.
        case duty
        /// A commissioner has one main duty, and further ones.
        case mainDuty = "main-duty"
        /// A substitution is dated, replaces no substitute by the one it replaces, and names somebody else.
        case substitution
        /// Who examines a matter never decides it, also as a substitute.
        case examiner
        /// A service acts for persons who approve a matter or for some who supervise it.
        case serviceSide = "service-side"
        /// Two persons do not supervise each other.
        case mutualSupervision = "mutual-supervision"
        /// Whoever administers the server has no part in cases.
        case boundAdmin = "bound-admin"
        /// Persons and services have one name space, in which some words are taken.
        case oneNameSpace = "one-name-space"
        /// A unix user is one person or one service.
        case oneUser = "one-user"
        /// Silence grants only by a law that is named, and only what is complete.
        case silence
        /// A suspension has a longest length.
        case longestSuspension = "longest-suspension"
        /// An area has a post of the matter's one office.
        case area
        /// A step of an examination is for a post of the matter's one office.
        case step
        /// A draw is for a post that supervises or audits, and of few cases.
        case draw
        /// A revocation names what it revokes, and is decided by nobody who supervises that, nor by silence.
        case revocation
        /// An office that is asked for its opinion is another one than the one that examines, and somebody is there.
        case opinion
        /// The head of an office has one of its posts.
        case officeHead = "office-head"
        /// A way to hand in a case is not nearly one of the usual ones.
        case channel
        /// The key of a seal is an approval office's, and no other's; where one office has one, each has.
        case seal
        /// The key of a signer is one person's, and whoever a matter asks to sign has one.
        case signer

        // What may be so, and seldom is meant.

        /// A promise is no longer than the law's time.
        case promise
        /// A make-up day would not be worked otherwise.
        case makeUpDay = "make-up-day"
        /// A matter names the law that it rests on.
        case basis
        /// A matter says how it can be handed in.
        case channels
        /// Somebody besides the office and its leader hears of a breach.
        case breach
        /// A unix user that is bound is there.
        case unknownUser = "unknown-user"

        /// Whether a catalogue with such a finding may be applied.
        package var isWarning: Bool {
            switch self {
            case .promise, .makeUpDay, .basis, .channels, .breach, .unknownUser: true
            default: false
            }
        }

        /// `C1` and up, and `W1` and up of warnings, in the order of declaration.
        package var number: String {
            let tier = Rule.allCases.filter { $0.isWarning == isWarning }
            return "\(isWarning ? "W" : "C")\(tier.firstIndex(of: self)! + 1)"
        }
    }
}
