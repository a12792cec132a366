import WorkingTime

/// What governs one case: its matter as of the version under which it was submitted, and today's holders of posts.
///
/// A class only because it is large and handed from function to function; nothing in it changes.
package final class Terms: Sendable {
    package let matter: Matter
    package let calendar: WorkingCalendar
    package let countsFirstDay: Bool
    package let limits: [ClockKind: Limit]
    /// The newest version: who holds which post.
    package let register: Register

    /// Nil where the pinned version does not know the matter.
    /// - Precondition: the pinned version was checked.
    package init?(matter id: MatterID, pinned: Register, newest: Register) {
        guard let matter = pinned.matters[id], let policy = pinned.policies[matter.policy],
            let calendar = pinned.calendars[policy.calendar]
        else { return nil }
        self.matter = matter
        self.calendar = calendar
        countsFirstDay = policy.countsFirstDay
        limits = policy.limits.merging(
            matter.budgets.map { kind, budget in
                (kind, Limit(budget: budget, rungs: policy.limits[kind]?.rungs ?? []))
            }
        ) { $1 }
        register = newest
    }

    /// The materials without which a case is neither accepted nor granted.
    package var requiredMaterials: [MaterialID] {
        matter.materials.filter(\.isRequired).map(\.id)
    }
}
