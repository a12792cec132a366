import WorkingTime

/// The list of powers and responsibilities: one version of the catalogue, as values.
///
/// `Catalogue` reads it from files; `violations` says which of its rules it breaks.
package struct Register: Sendable {
    package var departments: [DepartmentID: Department] = [:]
    package var offices: [OfficeID: Office] = [:]
    package var posts: [PostID: Post] = [:]
    package var persons: [PersonID: Person] = [:]
    package var services: [ServiceID: Service] = [:]
    package var users: [Identifier<User>: User] = [:]
    package var matters: [MatterID: Matter] = [:]
    package var policies: [Identifier<Policy>: Policy] = [:]
    package var calendars: [Identifier<WorkingCalendar>: WorkingCalendar] = [:]

    package init() {}

    package func holder(of post: PostID) -> PersonID? {
        posts[post]?.holder
    }

    /// The persons who hold a post of this office.
    package func officers(of office: OfficeID) -> Set<PersonID> {
        Set(posts.values.filter { $0.office == office }.compactMap(\.holder))
    }
}

package struct Department: Sendable, Equatable {
    package let id: DepartmentID
    package let name: String
    package let head: PostID?

    package init(id: DepartmentID, name: String, head: PostID?) {
        self.id = id
        self.name = name
        self.head = head
    }
}

/// The one unit that examines.
package struct Office: Sendable, Equatable {
    package let id: OfficeID
    package let name: String
    package let department: DepartmentID
    package let head: PostID

    package init(id: OfficeID, name: String, department: DepartmentID, head: PostID) {
        self.id = id
        self.name = name
        self.department = department
        self.head = head
    }
}

package struct Post: Sendable, Equatable {
    package let id: PostID
    package let name: String
    /// Nil for a post outside the offices, such as a leader or a commissioner.
    package let office: OfficeID?
    package let holder: PersonID?
    /// What the post answers for, as published in the duty list.
    package let duties: [String]

    package init(id: PostID, name: String, office: OfficeID?, holder: PersonID?, duties: [String]) {
        self.id = id
        self.name = name
        self.office = office
        self.holder = holder
        self.duties = duties
    }
}

package struct Person: Sendable, Equatable {
    package let id: PersonID
    package let name: String

    package init(id: PersonID, name: String) {
        self.id = id
        self.name = name
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

    package init(id: ServiceID, name: String, actsFor: ActsFor) {
        self.id = id
        self.name = name
        self.actsFor = actsFor
    }

    package func mayAct(for person: PersonID) -> Bool {
        switch actsFor {
        case .anyone: true
        case .persons(let persons): persons.contains(person)
        }
    }
}

/// A unix user, by name or number, and whom its processes are to the server. It differs from machine to machine, and is
/// therefore an entry of its own.
package struct User: Sendable, Equatable {
    package enum Binding: Sendable, Equatable {
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
    package let basis: String

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
        extension extension_: Extension? = nil, silenceGrants: Bool = false, materials: [Material] = [], basis: String = ""
    ) {
        self.id = id
        self.name = name
        self.assignment = assignment
        self.policy = policy
        self.budgets = budgets
        self.extension_ = extension_
        self.silenceGrants = silenceGrants
        self.materials = materials
        self.basis = basis
    }
}

package struct Material: Sendable, Equatable {
    package let id: MaterialID
    package let name: String
    package let isRequired: Bool

    package init(id: MaterialID, name: String, isRequired: Bool) {
        self.id = id
        self.name = name
        self.isRequired = isRequired
    }
}

/// An SLA policy: the limits of each clock, on one calendar.
package struct Policy: Sendable, Equatable {
    package let id: Identifier<Policy>
    package let calendar: Identifier<WorkingCalendar>
    package let countsFirstDay: Bool
    package let limits: [ClockKind: Limit]

    package init(
        id: Identifier<Policy>, calendar: Identifier<WorkingCalendar>, countsFirstDay: Bool, limits: [ClockKind: Limit]
    ) {
        self.id = id
        self.calendar = calendar
        self.countsFirstDay = countsFirstDay
        self.limits = limits
    }
}
