import WorkingTime

/// A rule of the catalogue that a register breaks.
package struct Violation: Equatable, Sendable {
    /// The entry and key, such as `matter.building-permit.leader`.
    package let path: [String]
    package let rule: Rule
    package let message: String
    /// What a person can do about it.
    package let mend: String
    /// What it rests on besides the key that it is about. Where that could not be read, nobody can tell whether the rule is broken.
    package let premises: [Premise]

    /// What has to be known of a catalogue before something can be found missing in it, or wrong beside it.
    package enum Premise: Equatable, Sendable {
        /// A key of an entry, such as `post.leader.holder`: it is there as it was written, or is not there.
        case key([String])
        /// Nothing of a kind has this name.
        case undeclared(kind: String, name: String)
        /// Nothing of a kind names this in one of these keys.
        case unnamed(kind: String, keys: [String], name: String)
    }

    package init(path: [String], rule: Rule, message: String, mend: String, premises: [Premise] = []) {
        self.path = path
        self.rule = rule
        self.message = message
        self.mend = mend
        self.premises = premises
    }
}

extension Register {
    /// What is wrong with the register, in the order of its entries; empty where it may be applied.
    package var violations: [Violation] {
        var found: [Violation] = []
        for department in departments.values.sorted(by: { $0.id < $1.id }) {
            if let head = department.head {
                found += unknown(posts[head], head, ["department", department.id.raw, "head"], "post")
            }
        }
        for office in offices.values.sorted(by: { $0.id < $1.id }) {
            let path = ["office", office.id.raw]
            found += unknown(departments[office.department], office.department, path + ["department"], "department")
            found += unknown(posts[office.head], office.head, path + ["head"], "post")
            if let module = office.module { found += unknown(modules[module], module, path + ["module"], "module") }
        }
        for window in windows.values.sorted(by: { $0.id < $1.id }) {
            found += unknown(offices[window.office], window.office, ["window", window.id.raw, "office"], "office")
        }
        for post in posts.values.sorted(by: { $0.id < $1.id }) {
            let path = ["post", post.id.raw]
            if let office = post.office { found += unknown(offices[office], office, path + ["office"], "office") }
            if let holder = post.holder { found += unknown(persons[holder], holder, path + ["holder"], "person") }
            if let substitute = post.substitute { found += unknown(posts[substitute], substitute, path + ["substitute"], "post") }
        }
        for substitution in substitutions.values.sorted(by: { $0.id < $1.id }) {
            let path = ["substitution", substitution.id.raw]
            found += unknown(posts[substitution.post], substitution.post, path + ["post"], "post")
            found += unknown(posts[substitution.by], substitution.by, path + ["by"], "post")
        }
        for policy in policies.values.sorted(by: { $0.id < $1.id }) {
            let path = ["sla", policy.id.raw]
            found += unknown(calendars[policy.calendar], policy.calendar, path + ["calendar"], "calendar")
            for (kind, limit) in policy.limits.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let isAnnounced = kind.traits.announced != nil
                let place = path + [kind.rawValue]
                if limit.rolls, limit.budget.meter.account != .calendarDays { found.append(rollViolation(of: limit, at: place)) }
                found += isAnnounced ? openLadderViolations(of: limit, at: place) : ladderViolations(of: limit, at: place)
            }
        }
        for service in services.values.sorted(by: { $0.id < $1.id }) {
            for matter in (service.matters ?? []).sorted() {
                found += unknown(matters[matter], matter, ["service", service.id.raw, "matters"], "matter")
            }
            guard case .persons(let represented) = service.actsFor else { continue }
            for person in represented.sorted() {
                found += unknown(persons[person], person, ["service", service.id.raw, "acts-for"], "person")
            }
        }
        for matter in matters.values.sorted(by: { $0.id < $1.id }) {
            found += violations(of: matter)
        }
        for user in users.values.sorted(by: { $0.id < $1.id }) {
            switch user.binding {
            case .person(let id): found += unknown(persons[id], id, ["user", user.id.raw, "person"], "person")
            case .service(let id): found += unknown(services[id], id, ["user", user.id.raw, "service"], "service")
            }
        }
        return found + drawViolations + keyViolations + officeViolations + substitutionViolations + powerViolations
    }

    private func violations(of matter: Matter) -> [Violation] {
        let path = ["matter", matter.id.raw]
        let assignment = matter.assignment
        var found = unknown(offices[assignment.office], assignment.office, path + ["office"], "office")
        found += unknown(posts[assignment.leader], assignment.leader, path + ["leader"], "post")
        found += unknown(posts[assignment.commissioner], assignment.commissioner, path + ["commissioner"], "post")
        found += unknown(policies[matter.policy], matter.policy, path + ["sla"], "SLA policy", kind: "sla")
        if let authority = matter.extension_?.authority {
            found += unknown(posts[authority], authority, path + ["extension"], "post")
        }
        if let department = matter.department {
            found += unknown(departments[department], department, path + ["department"], "department")
        }
        for asked in matter.consulted { found += unknown(offices[asked.office], asked.office, path + ["opinion"], "office") }
        for revoked in matter.revokes.sorted() { found += unknown(matters[revoked], revoked, path + ["revokes"], "matter") }
        if let window = matter.guide.window { found += unknown(windows[window], window, path + ["window"], "window") }
        for post in Set(matter.steps.compactMap(\.post)).sorted() { found += unknown(posts[post], post, path + ["step"], "post") }
        for post in Set(matter.areas.values).sorted() { found += unknown(posts[post], post, path + ["areas"], "post") }

        for (key, post) in [("leader", assignment.leader), ("commissioner", assignment.commissioner)]
        where posts[post] != nil && holder(of: post) == nil {
            found.append(
                Violation(
                    path: path + [key], rule: .vacancy, message: "the \(key) of \(matter.id), post \(post), has no holder",
                    mend: "name a holder in [post.\(post)]: cases would wait for nobody", premises: [.key(["post", post.raw, "holder"])]))
        }
        found += separationViolations(of: matter, at: path) + areaViolations(of: matter) + stepViolations(of: matter)
        found += channelViolations(of: matter)
        guard let policy = policies[matter.policy] else { return found }
        for (kind, budget) in matter.budgets.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            found += ladderViolations(
                of: policy.limits[kind]?.with(budget: budget) ?? Limit(budget: budget, rungs: []), at: path + [kind.rawValue])
        }
        for kind in [ClockKind.intake, .correction, .decision]
        where policy.limits[kind] == nil && matter.budgets[kind] == nil {
            found.append(
                Violation(
                    path: path + ["sla"], rule: .ladder, message: "matter \(matter.id) has no \(kind.rawValue) limit",
                    mend: "add [sla.\(policy.id).\(kind.rawValue)] with a budget: the law sets one",
                    premises: [.key(path + [kind.rawValue]), .key(["sla", policy.id.raw, kind.rawValue])]))
        }
        if matter.silenceGrants, let intake = matter.budgets[.intake] ?? policy.limits[.intake]?.budget,
            let decision = matter.budgets[.decision] ?? policy.limits[.decision]?.budget, intake.meter == decision.meter,
            decision.quanta <= intake.quanta
        {
            found.append(
                Violation(
                    path: path + ["silence"], rule: .ladder,
                    message: "silence would grant \(matter.id) after \(decision) and accept it after \(intake), both from its receipt",
                    mend: "give the decision more time than the intake, or leave silence out",
                    premises: [.key(path + ["intake"]), .key(path + ["decision"])]))
        }
        if let limit = matter.extension_?.limit, let decision = matter.budgets[.decision] ?? policy.limits[.decision]?.budget,
            limit.meter.account != decision.meter.account
        {
            found.append(
                Violation(
                    path: path + ["extension"], rule: .unit,
                    message:
                        "the extension of \(matter.id) is in \(limit.meter.rawValue), its decision clock in \(decision.meter.rawValue)",
                    mend: "give both in the same unit", premises: [.key(path + ["decision"])]))
        }
        return found
    }

    private func separationViolations(of matter: Matter, at path: [String]) -> [Violation] {
        let commissioner = matter.assignment.commissioner
        let supervisors = everyActor(for: commissioner)
        var powers = [("leader", everyActor(for: matter.assignment.leader)), ("office", everyOfficer(of: matter.assignment.office))]
        if let authority = matter.extension_?.authority { powers.append(("extension", everyActor(for: authority))) }
        powers.append(("opinion", everyConsulted(by: matter)))
        let auditing = powers.flatMap { key, persons in
            persons.filter(isAuditor).sorted().map { auditor in
                Violation(
                    path: path + [key], rule: .separation,
                    message: "\(auditor) would audit \(matter.id) and approve it (\(key))",
                    mend: "let somebody hold the auditing post who has no part in approving, also not as a substitute")
            }
        }
        return auditing
            + powers.flatMap { key, persons in
                supervisors.intersection(persons).sorted().map { supervisor in
                    Violation(
                        path: path + ["commissioner"], rule: .separation,
                        message: "\(supervisor) would supervise \(matter.id) as \(commissioner) and approve it (\(key))",
                        mend: "name a commissioner who holds no part in approving this matter, also not as a substitute")
                }
            }
    }

    private func rollViolation(of limit: Limit, at path: [String]) -> Violation {
        Violation(
            path: path + ["rolls"], rule: .unit, message: "the last day of \(limit.budget) is worked already: there is nothing to move",
            mend: "leave rolls out, or give the budget in calendar-days, weeks or months")
    }

    private func ladderViolations(of limit: Limit, at path: [String]) -> [Violation] {
        limit.rungs.compactMap { rung in
            let length: Length
            switch rung.position {
            case .percent, .breach: return nil
            case .before(let before): length = before
            case .after(let after): length = after
            }
            if length.meter != limit.budget.meter.account {
                return Violation(
                    path: path + ["ladder"], rule: .unit,
                    message: "an escalation step at \(length) cannot be measured on a clock of \(limit.budget)",
                    mend: "give it in \(limit.budget.meter.account.rawValue)")
            }
            if case .before = rung.position, length.quanta >= limit.budget.leastQuanta {
                return Violation(
                    path: path + ["ladder"], rule: .ladder,
                    message: "a warning \(length) before the end is not within a budget of \(limit.budget)",
                    mend: "warn later, or promise more")
            }
            return nil
        }
    }

    /// The length of a suspension or an order is set case by case, so that only rungs without a unit fit all of them.
    private func openLadderViolations(of limit: Limit, at path: [String]) -> [Violation] {
        limit.rungs.compactMap { rung in
            switch rung.position {
            case .percent, .breach: nil
            case .before(let length), .after(let length):
                Violation(
                    path: path + ["ladder"], rule: .unit,
                    message: "an escalation step at \(length) may not fit the unit in which the length is announced",
                    mend: "give it in percent, or at breach")
            }
        }
    }

    /// - Parameter kind: as entries are declared; by default what it is called.
    func unknown<Kind>(
        _ entry: Any?, _ id: Identifier<Kind>, _ path: [String], _ what: String, kind: String? = nil
    ) -> [Violation] {
        guard entry == nil else { return [] }
        return [
            Violation(
                path: path, rule: .unknownName, message: "there is no \(what) \"\(id)\"",
                mend: "correct the name, or declare the \(what)",
                premises: [.undeclared(kind: kind ?? what, name: id.raw)])
        ]
    }
}
