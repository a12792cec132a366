import WorkingTime

/// A key of a seal or a signer as it counted: what was signed with it then can be checked for ever.
package struct CountedKey: Hashable, Sendable {
    package enum Use: String, Sendable {
        case seal, signer
    }

    package let use: Use
    /// The name of its entry.
    package let name: String
    /// The office or the person.
    package let owner: String
    package let key: String
    package fileprivate(set) var span: KeySpan

    package init(use: Use, name: String, owner: String, key: String, span: KeySpan) {
        (self.use, self.name, self.owner, self.key, self.span) = (use, name, owner, key, span)
    }

    fileprivate func isSame(as other: CountedKey) -> Bool {
        use == other.use && name == other.name && owner == other.owner && key == other.key
    }

    fileprivate func lasting(_ span: KeySpan) -> CountedKey {
        CountedKey(use: use, name: name, owner: owner, key: key, span: span)
    }
}

extension Register {
    /// The keys that it declares, with the times that it says.
    fileprivate var declaredKeys: [CountedKey] {
        seals.values.sorted { $0.id < $1.id }.map {
            CountedKey(use: .seal, name: $0.id.raw, owner: $0.office.raw, key: $0.key, span: span(of: $0))
        }
            + signers.values.sorted { $0.id < $1.id }.map {
                CountedKey(use: .signer, name: $0.id.raw, owner: $0.person.raw, key: $0.key, span: span(of: $0))
            }
    }
}

extension [CountedKey] {
    /// Takes in what counts from an instant on: nothing counted before somebody said so, and what counted stays so for its time.
    mutating func note(_ register: Register, at instant: Instant) {
        var declared = register.declaredKeys
        self = compactMap { known in
            if let until = known.span.until, until <= instant { return known }
            let place = declared.firstIndex { $0.isSame(as: known) && ($0.span.from <= instant || instant < known.span.from) }
            guard let place else {
                guard known.span.from <= instant else { return nil }
                // It goes; what was signed in the instant of its beginning was signed while it counted.
                let from = known.span.from
                return known.lasting(KeySpan(from: from, until: Swift.max(instant, from.advanced(byMilliseconds: 1))))
            }
            let own = declared.remove(at: place).span
            let from = known.span.from <= instant ? known.span.from : Swift.max(own.from, instant)
            let span = KeySpan(from: from, until: own.until.map { Swift.max($0, instant) })
            return span.isEmpty ? nil : known.lasting(span)
        }
        for key in declared {
            let span = KeySpan(from: Swift.max(key.span.from, instant), until: key.span.until)
            if !span.isEmpty { append(key.lasting(span)) }
        }
    }
}
