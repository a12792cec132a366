import WorkingTime

/// The list of powers and responsibilities: one version of the catalogue, as values.
///
/// `Catalogue` reads it from files; `violations` says which of its rules it breaks.
package struct Register: Sendable {
    package var departments: [DepartmentID: Department] = [:]
    package var modules: [Identifier<Module>: Module] = [:]
    package var offices: [OfficeID: Office] = [:]
    package var windows: [Identifier<Window>: Window] = [:]
    package var posts: [PostID: Post] = [:]
    package var substitutions: [Identifier<Substitution>: Substitution] = [:]
    package var persons: [PersonID: Person] = [:]
    package var services: [ServiceID: Service] = [:]
    package var users: [Identifier<User>: User] = [:]
    package var matters: [MatterID: Matter] = [:]
    package var draws: [Identifier<InspectionDraw>: InspectionDraw] = [:]
    package var seals: [Identifier<Seal>: Seal] = [:]
    package var signers: [Identifier<Signer>: Signer] = [:]
    /// Whether decisions are sealed although no seal counts: one did in a version before, and nobody has agreed to going without.
    var keepsSealing = false
    /// When the newest reorganisation that it declares begins; nil where there is none.
    package var effectiveAt: Instant?
    package var policies: [Identifier<Policy>: Policy] = [:]
    package var calendars: [Identifier<WorkingCalendar>: WorkingCalendar] = [:]
    /// Beside what is written in it: who has read all cases as an auditor.
    package var listReadings = ListReadings()
    /// Beside what is written in it: the other ids of persons who were entered anew, see `CatalogHistory`.
    package var otherIDs: [PersonID: Set<PersonID>] = [:]
    /// What versions before it named.
    package var former = Former()

    package init() {}

    package func holder(of post: PostID) -> PersonID? {
        posts[post]?.holder
    }

    /// Whether a person applies for a case under one of the ids that the catalogue knows of them.
    func isApplicant(_ person: PersonID, of file: CaseFile) -> Bool {
        ([person] + (otherIDs[person] ?? [])).contains {
            (persons[$0]?.identities ?? former.identities[$0])?.contains(file.applicant.id) ?? false
        }
    }

    /// The posts of an office.
    package func posts(of office: OfficeID) -> [PostID] {
        posts.values.filter { $0.office == office }.map(\.id).sorted()
    }

    /// The persons who hold a post of this office.
    package func officers(of office: OfficeID) -> Set<PersonID> {
        Set(posts(of: office).compactMap { holder(of: $0) })
    }
}

package struct Department: Sendable, Equatable {
    package let id: DepartmentID
    package let name: String
    package let head: PostID?
    /// Where people can complain, such as a telephone number and a place; empty where the catalogue says nothing.
    package let complaints: String

    package init(id: DepartmentID, name: String, head: PostID?, complaints: String = "") {
        self.id = id
        self.name = name
        self.head = head
        self.complaints = complaints
    }
}

/// A group of functions of an administration.
package struct Module: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Internal management.
        case `internal`
        case business
    }

    package let id: Identifier<Module>
    package let name: String
    package let kind: Kind

    package init(id: Identifier<Module>, name: String, kind: Kind) {
        self.id = id
        self.name = name
        self.kind = kind
    }
}

/// A unit of a department. The one of kind `approval` examines all of its matters.
package struct Office: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable {
        case approval, supervision
        /// Internal management.
        case `internal`
    }

    /// What makes an approval office able to act, besides its matters and its staff.
    package struct Standing: Sendable, Equatable {
        /// Its function, in one clear sentence.
        package let function: String
        /// By which act it was authorised.
        package let authorisation: String
        /// The rules that it works by.
        package let rules: [String]
        /// Its dedicated seal.
        package let seal: String

        package init(function: String = "", authorisation: String = "", rules: [String] = [], seal: String = "") {
            self.function = function
            self.authorisation = authorisation
            self.rules = rules
            self.seal = seal
        }
    }

    package let id: OfficeID
    package let name: String
    package let kind: Kind
    package let department: DepartmentID
    package let module: Identifier<Module>?
    package let head: PostID
    package let standing: Standing
    /// The offices of an older version whose cases it takes over.
    package let succeeds: [OfficeID]

    package init(
        id: OfficeID, name: String, kind: Kind, department: DepartmentID, module: Identifier<Module>? = nil, head: PostID,
        standing: Standing = Standing(), succeeds: [OfficeID] = []
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.department = department
        self.module = module
        self.head = head
        self.standing = standing
        self.succeeds = succeeds
    }
}

/// Where people come with their papers.
package struct Window: Sendable, Equatable {
    package let id: Identifier<Window>
    package let name: String
    package let office: OfficeID
    package let place: String

    package init(id: Identifier<Window>, name: String, office: OfficeID, place: String) {
        self.id = id
        self.name = name
        self.office = office
        self.place = place
    }
}

package struct Post: Sendable, Equatable {
    package let id: PostID
    package let name: String
    /// Nil for a post outside the offices, such as a leader or a commissioner.
    package let office: OfficeID?
    package let holder: PersonID?
    /// The post that acts on a case in which the holder is recused.
    package let substitute: PostID?
    package let rank: String
    /// Whether it leads: one of the posts that a reform must not multiply.
    package let isLeading: Bool
    /// Whether its holder reads all cases, on record, and inspects what was decided.
    package let isAuditing: Bool
    /// Whether its holder may be the second to agree to a change of parts.
    package let isConfirming: Bool
    /// Posts that are gone whose cases it takes over.
    package let succeeds: [PostID]
    /// The one duty that comes first; a commissioner has one, and further ones ("1 + X").
    package let mainDuty: String?
    /// What the post answers for besides, as published in the duty list.
    package let duties: [String]

    package init(
        id: PostID, name: String, office: OfficeID?, holder: PersonID?, substitute: PostID? = nil, rank: String = "",
        isLeading: Bool = false, isAuditing: Bool = false, isConfirming: Bool = false, succeeds: [PostID] = [],
        mainDuty: String? = nil, duties: [String]
    ) {
        self.id = id
        self.name = name
        self.office = office
        self.holder = holder
        self.substitute = substitute
        self.rank = rank
        self.isLeading = isLeading
        self.isAuditing = isAuditing
        self.isConfirming = isConfirming
        self.succeeds = succeeds
        self.mainDuty = mainDuty
        self.duties = duties
    }

    package var allDuties: [String] {
        [mainDuty].compactMap { $0 } + duties
    }
}

package struct Person: Sendable, Equatable {
    package let id: PersonID
    package let name: String
    /// The ids under which they apply themselves.
    package let identities: Set<String>

    package init(id: PersonID, name: String, identities: Set<String> = []) {
        self.id = id
        self.name = name
        self.identities = identities
    }
}

/// A program that submits cases, and may name persons for whom it acts.
package struct Service: Sendable, Equatable {
    package enum ActsFor: Sendable, Equatable {
        case anyone
        case persons(Set<PersonID>)
    }

    package let id: ServiceID
    package let name: String
    package let actsFor: ActsFor
    /// The matters on which it may submit and act; nil for all.
    package let matters: Set<MatterID>?

    package init(id: ServiceID, name: String, actsFor: ActsFor, matters: Set<MatterID>? = nil) {
        self.id = id
        self.name = name
        self.actsFor = actsFor
        self.matters = matters
    }

    /// Whether it may speak for a person: one that it names, or with `anyone`, one without a post.
    ///
    /// - Parameter isTraining: `anyone` plays everybody in a store for training.
    package func mayAct(for person: PersonID, in register: Register, isTraining: Bool) -> Bool {
        switch actsFor {
        case .anyone: isTraining || !register.hasPost(person)
        case .persons(let persons): persons.contains(person)
        }
    }

    /// Those whom it names.
    var namedPersons: Set<PersonID> {
        if case .persons(let persons) = actsFor { persons } else { [] }
    }
}

/// A unix user, by name or number, and whom its processes are to the server. It differs from machine to machine, and is
/// therefore an entry of its own.
package struct User: Sendable, Equatable {
    package enum Binding: Sendable, Hashable {
        case person(PersonID)
        case service(ServiceID)
    }

    package let id: Identifier<User>
    package let binding: Binding

    package init(id: Identifier<User>, binding: Binding) {
        self.id = id
        self.binding = binding
    }
}

/// A kind of case, with exactly one office that examines and exactly one leader who decides.
package struct Matter: Sendable, Equatable {
    package let id: MatterID
    package let name: String
    package let assignment: Assignment
    package let policy: Identifier<Policy>
    /// Budgets that differ from the policy's.
    package let budgets: [ClockKind: Length]
    package let extension_: Extension?
    /// Whether the decision counts as granted when the statutory time passes in silence (`deemed-granted`).
    package let silenceGrants: Bool
    package let materials: [Material]
    /// The post of its office that handles what comes from an area; empty where it is not divided.
    package let areas: [AreaID: PostID]
    /// What an applicant has to say besides the title; empty where the matter asks for nothing.
    package let fields: [MatterField]
    /// What its examination consists of, in order; empty where that is left to the office.
    package let steps: [ExaminationStep]
    package let basis: String
    /// The department whose matter it is; that of its office where none is named.
    package let department: DepartmentID?
    package let guide: Guide
    package let kind: Kind
    /// The matters whose decisions it revokes; none but of a revocation.
    package let revokes: Set<MatterID>

    /// Other offices that may be asked for their opinion.
    package let consulted: [Consulted]
    /// Whose own signatures its cases need.
    package let signatories: Set<Signatory>
    /// How long what a case says of persons is kept after it ended; nil where that may not be erased.
    package let retention: Length?

    package struct Consulted: Sendable, Equatable {
        package let office: OfficeID
        /// The length of time for the answer.
        package let due: Length
        /// Whether the clocks of the case stand still meanwhile.
        package let suspends: Bool

        package init(office: OfficeID, due: Length, suspends: Bool) {
            self.office = office
            self.due = due
            self.suspends = suspends
        }
    }

    /// What its cases decide.
    package enum Kind: String, CaseIterable, Sendable {
        case approval
        /// Whether a case that was granted is revoked.
        case revocation
    }

    /// What an applicant has to know, besides materials and time.
    package struct Guide: Sendable, Equatable {
        /// How it can be handed in, such as `online` and `window`.
        package let channels: [String]
        package let window: Identifier<Window>?
        package let conditions: [String]
        package let fees: String
        /// What is handed over in the end.
        package let result: String
        package let text: String

        package init(
            channels: [String] = [], window: Identifier<Window>? = nil, conditions: [String] = [], fees: String = "",
            result: String = "", text: String = ""
        ) {
            self.channels = channels
            self.window = window
            self.conditions = conditions
            self.fees = fees
            self.result = result
            self.text = text
        }
    }

    /// By how much a clock may be extended, once, and by whom (Art. 42).
    package struct Extension: Sendable, Equatable {
        package let limit: Length
        package let authority: PostID

        package init(limit: Length, authority: PostID) {
            self.limit = limit
            self.authority = authority
        }
    }

    package init(
        id: MatterID, name: String, assignment: Assignment, policy: Identifier<Policy>, budgets: [ClockKind: Length] = [:],
        extension extension_: Extension? = nil, silenceGrants: Bool = false, materials: [Material] = [],
        fields: [MatterField] = [], areas: [AreaID: PostID] = [:], steps: [ExaminationStep] = [], basis: String = "",
        department: DepartmentID? = nil,
        guide: Guide = Guide(), kind: Kind = .approval, revokes: Set<MatterID> = [], consulted: [Consulted] = [],
        signatories: Set<Signatory> = [], retention: Length? = nil
    ) {
        self.id = id
        self.name = name
        self.assignment = assignment
        self.policy = policy
        self.budgets = budgets
        self.extension_ = extension_
        self.silenceGrants = silenceGrants
        self.materials = materials
        self.fields = fields
        self.areas = areas
        self.steps = steps
        self.basis = basis
        self.department = department
        self.guide = guide
        self.kind = kind
        self.revokes = revokes
        self.consulted = consulted
        self.signatories = signatories
        self.retention = retention
    }
}

/// An SLA policy: the limits of each clock, on one calendar.
package struct Policy: Sendable, Equatable {
    package let id: Identifier<Policy>
    package let calendar: Identifier<WorkingCalendar>
    package let countsFirstDay: Bool
    package let limits: [ClockKind: Limit]
    /// How long a case may be suspended at most, by kind.
    package let longestSuspensions: [Suspension.Kind: Length]
    /// The same for kinds that are not named; nil in versions from before there was such a limit.
    package let longestSuspension: Length?

    package init(
        id: Identifier<Policy>, calendar: Identifier<WorkingCalendar>, countsFirstDay: Bool, limits: [ClockKind: Limit],
        longestSuspensions: [Suspension.Kind: Length] = [:], longestSuspension: Length? = nil
    ) {
        self.id = id
        self.calendar = calendar
        self.countsFirstDay = countsFirstDay
        self.limits = limits
        self.longestSuspensions = longestSuspensions
        self.longestSuspension = longestSuspension
    }

    package func longestSuspension(for kind: Suspension.Kind) -> Length? {
        longestSuspensions[kind] ?? longestSuspension
    }
}
