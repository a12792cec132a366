import WorkingTime

/// Another post acts for a post from one day to another.
package struct Substitution: Sendable, Equatable {
    package let id: Identifier<Substitution>
    package let post: PostID
    /// The post whose holder acts in its place.
    package let by: PostID
    package let from: Day
    /// Not counted itself.
    package let to: Day
    /// Whether the holder acts as well on these days.
    package let isShared: Bool

    package init(id: Identifier<Substitution>, post: PostID, by: PostID, from: Day, to: Day, isShared: Bool = false) {
        self.isShared = isShared
        self.id = id
        self.post = post
        self.by = by
        self.from = from
        self.to = to
    }

    package func covers(_ day: Day) -> Bool {
        from <= day && day < to
    }

    func overlaps(_ other: Substitution) -> Bool {
        from < other.to && other.from < to
    }
}

/// Somebody who may act for a post, and in whose place.
package struct Actor: Hashable, Sendable {
    package let person: PersonID
    /// The holder of the post, where it is somebody else.
    package let instead: PersonID?
}

extension Register {
    /// Who may act for a post on a day: its holder; on the days of a substitution whoever substitutes, and the holder only where it is shared, or
    /// nobody is there to substitute; and the post's declared substitute where the holder is recused.
    package func actors(for post: PostID, on day: Day, recused: Set<PersonID> = []) -> [Actor] {
        let holder = holder(of: post)
        func substitute(_ by: PostID) -> Actor? {
            guard let person = self.holder(of: by), person != holder, !recused.contains(person) else { return nil }
            return Actor(person: person, instead: holder)
        }
        let dated = substitutions.values.filter { $0.post == post && $0.covers(day) }
        var actors = dated.compactMap { substitute($0.by) }
        guard let holder else { return actors }
        if recused.contains(holder) {
            if let declared = posts[post]?.substitute.flatMap(substitute), !actors.contains(declared) { actors.append(declared) }
        } else if actors.isEmpty || dated.allSatisfy(\.isShared) {
            actors.insert(Actor(person: holder, instead: nil), at: 0)
        }
        return actors
    }

    /// Who acts for a post for good: its holder, and the declared substitute, who does where the holder has no part.
    func lastingActors(for post: PostID) -> Set<PersonID> {
        Set(([post] + [posts[post]?.substitute].compactMap { $0 }).compactMap { holder(of: $0) })
    }

    /// Everybody who acts for a post on some day, or would.
    package func everyActor(for post: PostID) -> Set<PersonID> {
        let by = substitutions.values.filter { $0.post == post }.map(\.by) + [posts[post]?.substitute].compactMap { $0 }
        return Set(([post] + by).compactMap { holder(of: $0) })
    }

    /// Everybody who examines in an office on some day, or would.
    func everyOfficer(of office: OfficeID) -> Set<PersonID> {
        posts.values.filter { $0.office == office }.reduce(into: []) { $0.formUnion(everyActor(for: $1.id)) }
    }

    // MARK: Rules

    var substitutionViolations: [Violation] {
        let all = substitutions.values.sorted { $0.id < $1.id }
        let ofPosts = Dictionary(grouping: all, by: \.post)
        var found = ofPosts.sorted { $0.key < $1.key }.flatMap { violationsOfOverlaps(among: $0.value) }
        for one in all {
            let path = ["substitution", one.id.raw]
            if one.from >= one.to {
                found.append(
                    Violation(
                        path: path + ["to"], rule: .substitution,
                        message: "substitution \(one.id) ends on \(one.to) and begins on \(one.from)",
                        mend: "the last day is the one before `to`"))
            }
            if one.post == one.by || posts[one.post] != nil && posts[one.by] != nil && holder(of: one.post) == holder(of: one.by) {
                found.append(
                    Violation(
                        path: path + ["by"], rule: .substitution, message: "substitution \(one.id) names whoever holds \(one.post) already",
                        mend: "name a post that somebody else holds",
                        premises: [one.post, one.by].map { .key(["post", $0.raw, "holder"]) }))
            }
            if let cycle = cycle(from: one, among: ofPosts), cycle == cycle.min(by: { $0.id < $1.id }).map({ [$0] + cycle.dropFirst() }) {
                found.append(
                    Violation(
                        path: path + ["by"], rule: .substitution,
                        message: "\((cycle + [one]).map(\.post.raw).joined(separator: " is replaced by ")): nobody is left to act",
                        mend: "let one of them be replaced by a post outside"))
            }
        }
        for post in posts.values.sorted(by: { $0.id < $1.id }) {
            guard let substitute = post.substitute, let holder = post.holder, self.holder(of: substitute) == holder else { continue }
            found.append(
                Violation(
                    path: ["post", post.id.raw, "substitute"], rule: .substitution,
                    message: "the substitute of \(post.id) is \(holder) as well",
                    mend: "name a post that somebody else holds"))
        }
        return found
    }

    /// Each substitution of a post that begins before those before it have ended, with the one that ends last.
    private func violationsOfOverlaps(among substitutions: [Substitution]) -> [Violation] {
        var (found, last): ([Violation], Substitution?) = ([], nil)
        for one in substitutions.sorted(by: { ($0.from, $0.id) < ($1.from, $1.id) }) {
            if let last, last.overlaps(one) {
                found.append(
                    Violation(
                        path: ["substitution", one.id.raw, "from"], rule: .substitution,
                        message: "\(one.post) has two substitutes at once, by \(last.id) and \(one.id)",
                        mend: "let one begin when the other ends"))
            }
            if last.map({ $0.to < one.to }) ?? true { last = one }
        }
        return found
    }

    /// The substitutions that lead from one back to its own post while all of them hold.
    private func cycle(from start: Substitution, among ofPosts: [PostID: [Substitution]]) -> [Substitution]? {
        var chain = [start]
        while let last = chain.last, chain.count <= ofPosts.count {
            guard let next = ofPosts[last.by]?.first(where: { candidate in chain.allSatisfy { $0.overlaps(candidate) } }) else {
                return nil
            }
            if next.id == start.id { return chain }
            chain.append(next)
        }
        return nil
    }
}
