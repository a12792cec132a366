import WorkingTime

/// What an entry of a catalogue says about who has which part in cases, such as `post.leader holder = chen`.
package struct Appointment: Equatable, Sendable {
    /// Such as `post.leader`.
    package let entry: String
    /// Such as `holder`.
    package let key: String
    /// Nil where it gave nobody a part before, or gives nobody one any more.
    package let from: String?
    package let to: String?

    /// Whether it says whom a unix user is bound to.
    package var isBinding: Bool {
        entry.hasPrefix("user.")
    }

    /// Whether it gives a part to a person, or to the unix user that speaks.
    package func gives(to principal: Principal) -> Bool {
        guard let to else { return false }
        if isBinding { return principal.uid.map { entry == "user.\($0)" } ?? false || to == principal.person?.raw }
        if entry.hasPrefix("signer.") { return principal.person.map { to.hasPrefix("\($0) by ") } ?? false }
        return key == "holder" && to == principal.person?.raw
    }

    package init(entry: String, key: String, from: String?, to: String?) {
        (self.entry, self.key, self.from, self.to) = (entry, key, from, to)
    }
}

extension Register {
    private struct Place: Hashable, Comparable {
        let entry: String
        let key: String

        static func < (a: Place, b: Place) -> Bool {
            (a.entry, a.key) < (b.entry, b.key)
        }
    }

    /// What differs between two versions in who has which part, by entry and key.
    package func appointments(to after: Register) -> [Appointment] {
        let (old, new) = (appointments, after.appointments)
        return Set(old.keys).union(new.keys).sorted().compactMap { place in
            guard old[place] != new[place] else { return nil }
            return Appointment(entry: place.entry, key: place.key, from: old[place], to: new[place])
        }
    }

    /// All that gives somebody a part, by its place in the catalogue.
    private var appointments: [Place: String] {
        var found: [Place: String] = [:]
        func put(_ entry: String, _ key: String, _ value: String?) {
            if let value, !value.isEmpty { found[Place(entry: entry, key: key)] = value }
        }
        func list(_ values: some Sequence<String>) -> String { values.sorted().joined(separator: ", ") }
        for user in users.values {
            switch user.binding {
            case .person(let id): put("user.\(user.id)", "person", id.raw)
            case .service(let id): put("user.\(user.id)", "service", id.raw)
            }
        }
        for service in services.values {
            switch service.actsFor {
            case .anyone: put("service.\(service.id)", "acts-for", "anyone")
            case .persons(let persons): put("service.\(service.id)", "acts-for", list(persons.map(\.raw)))
            }
            put("service.\(service.id)", "matters", service.matters.map { list($0.map(\.raw)) } ?? "all")
        }
        for person in persons.values { put("person.\(person.id)", "identity", list(person.identities)) }
        for department in departments.values { put("department.\(department.id)", "head", department.head?.raw) }
        for office in offices.values {
            put("office.\(office.id)", "department", office.department.raw)
            put("office.\(office.id)", "head", office.head.raw)
            put("office.\(office.id)", "succeeds", list(office.succeeds.map(\.raw)))
        }
        for post in posts.values {
            put("post.\(post.id)", "holder", post.holder?.raw)
            put("post.\(post.id)", "office", post.office?.raw)
            put("post.\(post.id)", "substitute", post.substitute?.raw)
            put("post.\(post.id)", "succeeds", list(post.succeeds.map(\.raw)))
            if post.isAuditing { put("post.\(post.id)", "audits", "true") }
            if post.isConfirming { put("post.\(post.id)", "confirms", "true") }
        }
        for it in substitutions.values {
            put("substitution.\(it.id)", "by", "\(it.by) for \(it.post) from \(it.from) to \(it.to)\(it.isShared ? ", shared" : "")")
        }
        for matter in matters.values {
            put("matter.\(matter.id)", "office", matter.assignment.office.raw)
            put("matter.\(matter.id)", "leader", matter.assignment.leader.raw)
            put("matter.\(matter.id)", "commissioner", matter.assignment.commissioner.raw)
            put("matter.\(matter.id)", "department", matter.department?.raw)
            put("matter.\(matter.id)", "extension", matter.extension_?.authority.raw)
            put("matter.\(matter.id)", "opinion", list(matter.consulted.map(\.office.raw)))
            if matter.silenceGrants { put("matter.\(matter.id)", "silence", silence(of: matter)) }
            put("matter.\(matter.id)", "revokes", list(matter.revokes.map(\.raw)))
            put("matter.\(matter.id)", "signature", list(matter.signatories.map(\.rawValue)))
        }
        func times(_ validity: KeyValidity) -> String {
            "from \(validity.from)" + (validity.until.map { " until \($0)" } ?? "")
        }
        for it in seals.values { put("seal.\(it.id)", "key", "\(it.office) by \(it.key) \(times(it.validity))") }
        for it in signers.values { put("signer.\(it.id)", "key", "\(it.person) by \(it.key) \(times(it.validity))") }
        return found
    }

    /// What of this version counts while nobody but its author has agreed to it: all of it, but that it gives nobody a part that they did not
    /// have by what counted before.
    ///
    /// What is only taken away is gone at once. What is handed over stays where it was: a post with its holder, a matter with its office,
    /// leader and commissioner, so that no case is ever with nobody. A user that is bound anew is bound to nobody meanwhile, and a new matter
    /// is not open yet.
    ///
    /// - Parameter before: what counted until now.
    package func inForce(after before: Register) -> Register {
        var counting = self
        counting.users = users.filter { before.users[$0.key] == $0.value }
        counting.services = services.mapValues { $0.limited(to: before.services[$0.id], in: before) }
        counting.persons = persons.mapValues { $0.keeping(before.persons[$0.id]?.identities ?? before.former.identities[$0.id] ?? []) }
        counting.matters = matters.compactMapValues { matter in
            before.matters[matter.id].map {
                matter.assigned(
                    as: $0, budgets: budgets(of: matter, after: before), materials: materials(of: matter, after: before),
                    isGrantedBySilence: matter.silenceGrants && hasSameDays(matter, as: before))
            }
        }
        counting.keepPosts(of: before, and: counting.keepOffices(of: before))
        counting.departments = counting.keptDepartments(of: before).mapValues { department in
            let former = before.departments[department.id]?.head
            let head = department.head == nil || department.head == former ? department.head : former
            return Department(
                id: department.id, name: department.name, head: head.flatMap { counting.posts[$0]?.id }, complaints: department.complaints)
        }
        counting.draws = draws.reduce(into: [:]) { kept, draw in
            kept[draw.key] = [draw.value, before.draws[draw.key]].compactMap { $0 }.first(where: counting.hasSupervisor)
        }
        counting.keepKeys(of: before)
        counting.substitutions = substitutions.filter { _, it in
            before.substitutions.values.contains { $0.post == it.post && $0.by == it.by && $0.from <= it.from && it.to <= $0.to }
        }
        return counting
    }

    /// Whether somebody may be the second to agree to a change of parts: an admin, an auditor, or the holder of a post that confirms. What a
    /// service says for somebody is no word of theirs.
    package func confirms(_ principal: Principal) -> Bool {
        if principal.isAdmin { return true }
        guard case .person(let person, via: nil) = principal.identity else { return false }
        return posts.values.contains { $0.holder == person && ($0.isAuditing || $0.isConfirming) }
    }

    /// Persons, besides admins, who could be the second to agree to a later version: some unix user is bound to them.
    package var secondWords: [PersonID] {
        let bound = Set(users.values.compactMap { if case .person(let person) = $0.binding { person } else { nil } })
        let confirming = posts.values.filter { $0.isAuditing || $0.isConfirming }.compactMap(\.holder)
        return bound.intersection(confirming).sorted()
    }

    /// Offices that go stay while matters are with them, or while nobody has agreed to who takes over their cases.
    ///
    /// - Returns: which they are.
    private mutating func keepOffices(of before: Register) -> Set<OfficeID> {
        let needed = Set(matters.values.map(\.assignment.office)).union(offices.values.flatMap(\.succeeds))
        offices = offices.mapValues { $0.placed(as: before.offices[$0.id]) }
        let kept = before.offices.filter { offices[$0.key] == nil && needed.contains($0.key) }
        offices.merge(kept) { $1 }
        return Set(kept.keys)
    }

    /// Those of this version, and those that go while offices or matters are theirs.
    private func keptDepartments(of before: Register) -> [DepartmentID: Department] {
        let needed = Set(offices.values.map(\.department)).union(matters.values.compactMap(\.department))
        return departments.merging(before.departments.filter { departments[$0.key] == nil && needed.contains($0.key) }) { $1 }
    }

    /// Posts that go stay with those offices, and where a matter needs them. Every post stays with whom it was, unless with nobody.
    private mutating func keepPosts(of before: Register, and keptOffices: Set<OfficeID>) {
        let needed = Set(
            matters.values.flatMap { matter in
                let assignment = matter.assignment
                return [assignment.leader, assignment.commissioner, matter.extension_?.authority, offices[assignment.office]?.head]
                    .compactMap { $0 }
            }
        ).union(posts.values.flatMap(\.succeeds))
        let kept = before.posts.filter { id, post in
            posts[id] == nil && (needed.contains(id) || post.office.map(keptOffices.contains) ?? false)
        }
        posts.merge(kept) { $1 }
        posts = posts.mapValues { post in
            let former = before.posts[post.id]
            func stays<Value>(_ member: (Post) -> Value?) -> Value? { member(post) == nil ? nil : former.flatMap(member) }
            return Post(
                id: post.id, name: post.name, office: stays(\.office).flatMap { offices[$0]?.id },
                holder: stays(\.holder).flatMap { persons[$0]?.id }, substitute: stays(\.substitute), rank: post.rank,
                isLeading: post.isLeading, isAuditing: post.isAuditing && former?.isAuditing ?? false,
                isConfirming: post.isConfirming && former?.isConfirming ?? false,
                succeeds: post.succeeds.filter { former?.succeeds.contains($0) ?? false }, mainDuty: post.mainDuty, duties: post.duties)
        }
    }
}

extension Office {
    /// Of the department and with the head that it had before, succeeding no other offices than then.
    fileprivate func placed(as former: Office?) -> Office {
        Office(
            id: id, name: name, kind: kind, department: former?.department ?? department, module: module, head: former?.head ?? head,
            standing: standing, succeeds: succeeds.filter { former?.succeeds.contains($0) ?? false })
    }
}

extension Person {
    /// With the ids of an applicant that were known before besides.
    fileprivate func keeping(_ former: Set<String>) -> Person {
        Person(id: id, name: name, identities: identities.union(former))
    }
}

extension Service {
    /// For nobody, and on no matter, for whom or on which it did not act before.
    fileprivate func limited(to former: Service?, in before: Register) -> Service {
        let allowed: ActsFor =
            switch (actsFor, former?.actsFor ?? .persons([])) {
            case (.anyone, let former): former
            case (.persons(let own), .anyone): .persons(own.filter { !before.hasPost($0) })
            case (.persons(let own), .persons(let former)): .persons(own.intersection(former))
            }
        let matters: Set<MatterID>? =
            switch (matters, former.map(\.matters) ?? []) {
            case (let own, nil): own
            case (nil, let former): former
            case (let own?, let former?): own.intersection(former)
            }
        return Service(id: id, name: name, actsFor: allowed, matters: matters)
    }
}

extension Matter {
    /// With the department, office, leader, commissioner and extension authority that it had before, asking and revoking no more than then,
    /// granted by silence only where it was, and with the signatures that it asked for.
    fileprivate func assigned(
        as former: Matter, budgets: [ClockKind: Length], materials: [Material], isGrantedBySilence: Bool
    ) -> Matter {
        Matter(
            id: id, name: name, assignment: former.assignment, policy: policy, budgets: budgets,
            extension: extension_.flatMap { own in former.extension_.map { Extension(limit: own.limit, authority: $0.authority) } },
            silenceGrants: isGrantedBySilence && former.silenceGrants, materials: materials, fields: fields, areas: areas,
            steps: steps, basis: basis,
            department: former.department, guide: guide, kind: kind, revokes: revokes.intersection(former.revokes),
            consulted: consulted.filter { own in former.consulted.contains { $0.office == own.office } },
            signatories: signatories.union(former.signatories), retention: retention)
    }
}
