import WorkingTime

/// What has borne the names of offices, of posts or of matters over the versions that counted, and what took over from those that are gone.
///
/// A name that was gone and has come back is another one's. Grows by the times that a version leaves out a name.
package struct Succession<Kind>: Equatable, Sendable {
    /// One that bears a name, or has: the number of those before it.
    package struct Bearer: Hashable, Comparable, Sendable {
        package let name: Identifier<Kind>
        package let place: Int

        package init(_ name: Identifier<Kind>, place: Int) {
            (self.name, self.place) = (name, place)
        }

        package static func < (a: Bearer, b: Bearer) -> Bool {
            (a.name, a.place) < (b.name, b.place)
        }
    }

    /// Closed cases of a name that are another one's now: those closed after an instant, through another one.
    package struct Inheritance: Hashable, Sendable {
        package let name: Identifier<Kind>
        /// Nil where nobody bore the name before.
        package let after: Instant?
        /// Nil where nobody bears it now.
        package let through: Instant?
    }

    /// Those that are there.
    package private(set) var present: Set<Identifier<Kind>>
    /// When each name was gone, the first time first.
    package private(set) var gone: [Identifier<Kind>: [Instant]]
    /// Which say that they succeed one that is gone, and those that said so until they were gone themselves.
    package private(set) var heirs: [Bearer: Set<Bearer>]
    /// What is each one's besides its own.
    package private(set) var inheritance: [Identifier<Kind>: [Inheritance]] = [:]

    package init(
        present: Set<Identifier<Kind>> = [], gone: [Identifier<Kind>: [Instant]] = [:], heirs: [Bearer: Set<Bearer>] = [:]
    ) {
        (self.present, self.gone, self.heirs) = (present, gone, heirs)
        inherit()
    }

    /// Whether a version would leave out a name.
    func loses(_ names: some Collection<Identifier<Kind>>) -> Bool {
        !present.subtracting(names).isEmpty
    }

    /// Takes in the names of a version, and whom each says that it succeeds: of a name that has come back, the one before it.
    ///
    /// - Parameter instant: when those are gone that it leaves out: not before a case of theirs was closed.
    mutating func note(_ names: Set<Identifier<Kind>>, at instant: Instant, succeeds: (Identifier<Kind>) -> [Identifier<Kind>]) {
        let (lost, isNew) = (present.subtracting(names), present != names)
        for name in lost { gone[name, default: []].append(instant) }
        present = names
        var claimed: [Bearer: Set<Bearer>] = [:]
        for heir in names {
            for former in succeeds(heir) {
                guard let count = gone[former]?.count else { continue }
                claimed[Bearer(former, place: count - 1), default: []].insert(last(heir))
            }
        }
        // Whoever is there and does not say so any more has taken it back.
        for (former, known) in heirs { claimed[former, default: []].formUnion(known.filter { !isPresent($0) }) }
        claimed = claimed.filter { !$0.value.isEmpty }
        guard isNew || claimed != heirs else { return }
        heirs = claimed
        inherit()
    }

    /// Who acts for the one that bore a name when a case was closed: itself, as long as it is there; else those that succeed it, and where these
    /// are gone, those that succeed them.
    ///
    /// - Parameter instant: nil for now.
    package func acting(for name: Identifier<Kind>, at instant: Instant?) -> Set<Identifier<Kind>> {
        acting(for: bearer(of: name, at: instant))
    }

    /// When the one that bears a name now began to; nil where nobody did before it.
    package func began(_ name: Identifier<Kind>) -> Instant? {
        gone[name]?.last
    }

    private func bearer(of name: Identifier<Kind>, at instant: Instant?) -> Bearer {
        let times = gone[name] ?? []
        let place = instant.map { instant in times.count { $0 < instant } } ?? times.count
        return Bearer(name, place: present.contains(name) ? place : min(place, max(0, times.count - 1)))
    }

    private func last(_ name: Identifier<Kind>) -> Bearer {
        Bearer(name, place: gone[name]?.count ?? 0)
    }

    private func isPresent(_ bearer: Bearer) -> Bool {
        present.contains(bearer.name) && last(bearer.name) == bearer
    }

    private func acting(for bearer: Bearer) -> Set<Identifier<Kind>> {
        var (found, seen, next): (Set<Identifier<Kind>>, Set<Bearer>, [Bearer]) = ([], [bearer], [bearer])
        while let one = next.popLast() {
            if isPresent(one) {
                found.insert(one.name)
            } else {
                next += (heirs[one] ?? []).filter { seen.insert($0).inserted }
            }
        }
        return found
    }

    private mutating func inherit() {
        inheritance = [:]
        for former in heirs.keys {
            let times = gone[former.name] ?? []
            let isLast = former.place == times.count - 1 && !present.contains(former.name)
            let own = Inheritance(
                name: former.name, after: former.place > 0 ? times[former.place - 1] : nil, through: isLast ? nil : times[former.place])
            for heir in acting(for: former) { inheritance[heir, default: []].append(own) }
        }
    }
}
