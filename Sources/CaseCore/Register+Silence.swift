import WorkingTime

/// How soon silence grants a matter, and with which papers: sooner, or with fewer, only once a second one has agreed to it.
extension Register {
    /// How long the office has before silence grants a matter, and the papers without which it does not.
    func silence(of matter: Matter) -> String {
        let budgets = decidingBudgets(of: matter).sorted { $0.key.rawValue < $1.key.rawValue }
        return "grants" + budgets.map { " after \($0.value) of \($0.key.rawValue)" }.joined(separator: ",") + ", with "
            + matter.materials.filter(\.isRequired).map(\.id.raw).sorted().joined(separator: ", ")
    }

    /// The materials of a matter, with those of the version before without which silence does not grant it.
    func materials(of matter: Matter, after before: Register) -> [Material] {
        guard matter.silenceGrants, let former = before.matters[matter.id], former.silenceGrants else { return matter.materials }
        let needed = former.materials.filter(\.isRequired)
        let own = matter.materials.map { material in needed.first { $0.id == material.id && !material.isRequired } ?? material }
        return own + needed.filter { material in !own.contains { $0.id == material.id } }
    }

    private func decidingBudgets(of matter: Matter) -> [ClockKind: Length] {
        let declared = policies[matter.policy]?.limits ?? [:]
        return [ClockKind.intake, .decision].reduce(into: [:]) { $0[$1] = matter.budgets[$1] ?? declared[$1]?.budget }
    }

    /// Whether silence grants a matter, if at all, no sooner than by what counts.
    package func isGrantedInTime(_ matter: Matter, by counting: Register) -> Bool {
        guard matter.silenceGrants else { return true }
        guard let agreed = counting.matters[matter.id], agreed.silenceGrants else { return false }
        let (own, least) = (decidingBudgets(of: matter), counting.decidingBudgets(of: agreed))
        return least.allSatisfy { (kind: ClockKind, length: Length) -> Bool in
            own[kind].map { $0.isAtLeast(length) } ?? false
        }
    }

    /// Whether the same hours of the week are worked, and days counted alike, for a matter as before. Single days, which each year brings, may differ.
    func hasSameDays(_ matter: Matter, as before: Register) -> Bool {
        func days(_ register: Register, _ matter: Matter) -> (policy: Policy, calendar: WorkingCalendar)? {
            register.policies[matter.policy].flatMap { policy in register.calendars[policy.calendar].map { (policy, $0) } }
        }
        guard let former = before.matters[matter.id], let own = days(self, matter), let old = days(before, former) else { return false }
        return own.policy.countsFirstDay == old.policy.countsFirstDay && own.calendar.week == old.calendar.week
            && own.calendar.zone == old.calendar.zone
    }

    /// The budgets of a matter, but none of silence that is shorter than it was.
    func budgets(of matter: Matter, after before: Register) -> [ClockKind: Length] {
        guard matter.silenceGrants, let former = before.matters[matter.id], former.silenceGrants else { return matter.budgets }
        let own = decidingBudgets(of: matter)
        return before.decidingBudgets(of: former).reduce(into: matter.budgets) { budgets, least in
            if own[least.key]?.isAtLeast(least.value) != true { budgets[least.key] = least.value }
        }
    }
}

extension Length {
    /// Whether it is of the same meter, and no shorter.
    fileprivate func isAtLeast(_ other: Length) -> Bool {
        meter == other.meter && quanta >= other.quanta
    }
}
