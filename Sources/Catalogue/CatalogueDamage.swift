import CaseCore

/// What of a catalogue could not be read. A rule is silent about it, and speaks once it is mended: one cause has one finding.
struct CatalogueDamage {
    private enum Extent {
        case whole
        case keys(Set<String>)

        func includes(anyOf keys: some Sequence<String>) -> Bool {
            switch self {
            case .whole: true
            case .keys(let damaged): !damaged.isDisjoint(with: keys)
            }
        }
    }

    /// By kind and name.
    private var entries: [String: [String: Extent]] = [:]
    /// Texts that stand where entries could be: what is not in them is not declared there.
    private var lost: [String] = []

    /// - Parameters:
    ///   - entry: by kind and name.
    ///   - keys: whose values are not known; nil for all of them.
    mutating func note(_ entry: [String], keys: Set<String>?) {
        let extent: Extent =
            switch (keys, entries[entry[0]]?[entry[1]]) {
            case (nil, _), (_, .whole?): .whole
            case (let keys?, .keys(let known)?): .keys(known.union(keys))
            case (let keys?, nil): .keys(keys)
            }
        entries[entry[0], default: [:]][entry[1]] = extent
    }

    mutating func lose(_ text: String) {
        lost.append(text)
    }

    /// Whether a premise lies in what could not be read.
    ///
    /// - Parameter isDeclared: whether its entry is there, read or not.
    func concerns(_ premise: Violation.Premise, isDeclared: Bool) -> Bool {
        switch premise {
        case .key(let path):
            guard isDeclared else { return isLost(path[1]) }
            return entries[path[0]]?[path[1]]?.includes(anyOf: path.dropFirst(2).prefix(1)) ?? false
        case .undeclared(_, let name): return isDeclared || isLost(name)
        case .unnamed(let kind, let keys, let name):
            return entries[kind]?.values.contains { $0.includes(anyOf: keys) } ?? false || isLost(name)
        }
    }

    private func isLost(_ name: String) -> Bool {
        !name.isEmpty && lost.contains { $0.contains(name) }
    }
}

extension Violation.Premise {
    /// The entry that it is about, by kind and name.
    var entry: [String] {
        switch self {
        case .key(let path): Array(path.prefix(2))
        case .undeclared(let kind, let name), .unnamed(let kind, _, let name): [kind, name]
        }
    }
}

extension TOMLValue {
    /// All texts and keys in it, one a line.
    var names: String {
        switch self {
        case .string(let text): text
        case .array(let values): values.map(\.names).joined(separator: "\n")
        case .table(let table): table.keys.map { "\($0)\n\(table[$0]?.names ?? "")" }.joined(separator: "\n")
        case .integer, .float, .boolean, .day, .time: ""
        }
    }
}
