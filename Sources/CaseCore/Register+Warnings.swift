import WorkingTime

/// What may be so, and seldom is meant.
extension Register {
    package var warnings: [Violation] {
        matters.values.sorted { $0.id < $1.id }.flatMap(warnings(of:))
            + calendars.values.sorted { $0.name < $1.name }.flatMap(warnings(of:))
            + Set(matters.values.map(\.policy)).sorted().compactMap { policies[$0] }.flatMap(warnings(of:))
    }

    /// - Parameter isKnown: whether the machine has a unix user of that name or number.
    package func unknownUsers(isKnown: (Identifier<User>) -> Bool) -> [Violation] {
        users.keys.filter { !isKnown($0) }.sorted().map { user in
            Violation(
                path: ["user", user.raw], rule: .unknownUser, message: "this machine has no unix user \(user)",
                mend: "correct the name, or make the user: until then nobody is it, and then whoever gets that name is")
        }
    }

    private func warnings(of matter: Matter) -> [Violation] {
        let path = ["matter", matter.id.raw]
        var found: [Violation] = []
        func budget(_ kind: ClockKind) -> Length? { matter.budgets[kind] ?? policies[matter.policy]?.limits[kind]?.budget }
        if let promise = budget(.promise), let decision = budget(.decision), promise.meter == decision.meter,
            promise.quanta > decision.quanta
        {
            found.append(
                Violation(
                    path: path + ["sla"], rule: .promise, message: "\(matter.id) is promised in \(promise), and the law gives \(decision)",
                    mend: "promise no more than the law gives", premises: [.key(["matter", matter.id.raw, "decision"])]))
        }
        if matter.basis.isEmpty {
            found.append(
                Violation(
                    path: path, rule: .basis, message: "\(matter.id) names no law", mend: "add basis = \"…\": it is published",
                    premises: [.key(path + ["basis"])]))
        }
        if matter.guide.channels.isEmpty {
            found.append(
                Violation(
                    path: path, rule: .channels, message: "\(matter.id) does not say how it can be handed in",
                    mend: "add channels = [\"window\", \"online\"]", premises: [.key(path + ["channels"])]))
        }
        return found
    }

    private func warnings(of calendar: WorkingCalendar) -> [Violation] {
        calendar.exceptions.sorted { $0.key < $1.key }.compactMap { day, exception in
            // A half day is worked shorter than its weekday.
            func length(_ windows: [WorkingWindow]) -> Int { windows.reduce(0) { $0 + Int($1.to - $1.from) } }
            let usual = length(calendar.week[day.weekday] ?? [])
            guard usual > 0, length(exception.windows) >= usual else { return nil }
            return Violation(
                path: ["calendar", calendar.name, "make-up"], rule: .makeUpDay,
                message: "\(day), a make-up day of \(calendar.name), is a \(day.weekday), which is worked anyway",
                mend: "check the day: a make-up day replaces one that is not worked")
        }
    }

    private func warnings(of policy: Policy) -> [Violation] {
        policy.limits.sorted { $0.key.rawValue < $1.key.rawValue }.compactMap { kind, limit in
            guard kind.traits.announced == nil, kind.traits.end != .decides,
                !limit.rungs.contains(where: { !$0.isWarning(for: limit.budget.quanta) })
            else { return nil }
            return Violation(
                path: ["sla", policy.id.raw, kind.rawValue], rule: .breach,
                message: "nobody but the office and its leader hears of a breach of the \(kind.rawValue) clock of \(policy.id)",
                mend: "add { at = \"at breach\", notify = [\"leader\", \"commissioner\"] } to its ladder")
        }
    }
}
