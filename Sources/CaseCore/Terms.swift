import WorkingTime

/// What governs one case: its matter as of the version under which it was submitted, the calendar and limits of the version
/// that its clocks follow, and today's holders of posts.
///
/// A class only because it is large and handed from function to function; nothing in it changes.
package final class Terms: Sendable, Equatable {
    package let matter: Matter
    package let calendar: WorkingCalendar
    package let countsFirstDay: Bool
    package let limits: [ClockKind: Limit]
    /// How long a suspension may be announced for, by kind; of versions from before there was such a limit, none.
    let longestSuspensions: [Suspension.Kind: Length]
    /// The calendars of earlier versions by which clocks that stand still were promised their time.
    package let former: [Int: WorkingCalendar]
    /// The newest version: who holds which post.
    package let register: Register
    /// Numbers of orders up to this one may have been given out by a store that was lost.
    package let orderFloor: Int
    /// Whether the store is for training, where one unix user plays everybody.
    package let isTraining: Bool

    /// Nil where a version does not know the matter.
    ///
    /// - Parameters:
    ///   - pinned: the version under which the case was submitted.
    ///   - rules: the version that its clocks follow; by default the same.
    ///   - former: those by which clocks of the case were paused.
    ///   - orderFloor: orders have higher numbers.
    /// - Precondition: the versions were checked.
    package init?(
        matter id: MatterID, pinned: Register, rules: Register? = nil, former: [Int: Register] = [:], newest: Register,
        orderFloor: Int = 0, isTraining: Bool = false
    ) {
        let rules = rules ?? pinned
        guard let matter = pinned.matters[id], let ruled = rules.matters[id], let policy = rules.policies[ruled.policy],
            let calendar = rules.calendars[policy.calendar]
        else { return nil }
        self.former = former.compactMapValues { register in
            register.matters[id].flatMap { register.policies[$0.policy] }.flatMap { register.calendars[$0.calendar] }
        }
        guard self.former.count == former.count else { return nil }
        self.matter = matter
        self.calendar = calendar
        countsFirstDay = policy.countsFirstDay
        longestSuspensions = Suspension.Kind.allCases.reduce(into: [:]) { $0[$1] = policy.longestSuspension(for: $1) }
        let promised = Terms.limits(of: matter, in: pinned)
        limits = Terms.limits(of: ruled, in: rules).reduce(into: [:]) { limits, ruled in
            let (kind, limit) = ruled
            // A clock whose end decides is never shorter than it was at the submission.
            guard matter.decides(kind), let least = promised[kind] else { return limits[kind] = limit }
            let isKept = least.budget.meter != limit.budget.meter || least.budget.quanta > limit.budget.quanta
            limits[kind] = limit.with(budget: isKept ? least.budget : limit.budget, rolls: limit.rolls || least.rolls)
        }
        register = newest
        self.orderFloor = orderFloor
        self.isTraining = isTraining
    }

    private init(_ other: Terms, newest: Register) {
        (matter, calendar, countsFirstDay, limits) = (other.matter, other.calendar, other.countsFirstDay, other.limits)
        (longestSuspensions, former, orderFloor, isTraining) = (
            other.longestSuspensions, other.former, other.orderFloor, other.isTraining
        )
        register = newest
    }

    /// The same, with another version that says who holds which post.
    package func with(newest: Register) -> Terms {
        Terms(self, newest: newest)
    }

    /// What a version says of each clock of a matter.
    private static func limits(of matter: Matter, in register: Register) -> [ClockKind: Limit] {
        let declared = register.policies[matter.policy]?.limits ?? [:]
        return unannounced.merging(declared) { $1 }.merging(
            matter.budgets.map { kind, budget in (kind, declared[kind]?.with(budget: budget) ?? Limit(budget: budget, rungs: [])) }
        ) { $1 }.reduce(into: [:]) { $0[$1.key] = $1.value.hearingOfBreach(of: $1.key) }
    }

    /// With whom a case that is submitted now is.
    var assignment: Assignment {
        register.matters[matter.id]?.assignment ?? matter.assignment
    }

    /// Who extends its decision, where it can be extended: whom the catalogue names now, as of all powers.
    package var extensionAuthority: PostID? {
        guard let pinned = matter.extension_ else { return nil }
        guard let present = register.matters[matter.id] else { return pinned.authority }
        return present.extension_?.authority
    }

    /// Whose own signatures its decisions need: those that the catalogue asks for now.
    package var signatories: Set<Signatory> {
        (register.matters[matter.id] ?? matter).signatories
    }

    /// The other offices that may be asked: whom the catalogue names now, as of all powers.
    package var consulted: [Matter.Consulted] {
        register.matters[matter.id]?.consulted ?? []
    }

    /// Whether the end of a clock decides something.
    func decides(_ kind: ClockKind) -> Bool {
        matter.decides(kind)
    }

    /// Clocks whose lengths are announced case by case have a ladder whatever a policy says.
    private static let unannounced: [ClockKind: Limit] = ClockKind.allCases.reduce(into: [:]) { limits, kind in
        limits[kind] = kind.traits.announced.map { Limit(budget: Length(1, .workingDays), rungs: $0) }
    }

    package static func == (a: Terms, b: Terms) -> Bool {
        a === b
    }

    /// Whether clocks run alike under both.
    package func hasRules(of other: Terms) -> Bool {
        countsFirstDay == other.countsFirstDay && limits == other.limits && calendar.counts(like: other.calendar)
    }

    /// The materials without which a case is neither accepted nor granted.
    package var requiredMaterials: [MaterialID] {
        matter.documents.filter(\.isRequired).map(\.id)
    }
}
