import CaseCore

/// What of a catalogue could not be read. A rule is silent about it, and speaks once it is mended: one cause has one finding.
struct CatalogueDamage {
    /// What a key may say, as far as that can be told.
    enum Value {
        case anything
        /// Something of this text.
        case within(String)
        /// A name that is like this one, which nothing has.
        case like(String)
    }

    /// What all damaged keys of one name may say, over the entries of a kind.
    private struct Names {
        private(set) var isAnything = false
        private var words: Set<String> = []
        private var likes: [String] = []

        /// So many wrong names are compared with each that is missed; of more, nobody can tell.
        private static let likeLimit = 50

        mutating func add(_ value: Value) {
            switch value {
            case .anything: isAnything = true
            case .within(let text): words.formUnion(CatalogueDamage.words(text))
            case .like where likes.count == Names.likeLimit: isAnything = true
            case .like(let name): likes.append(name)
            }
        }

        func mayBe(_ name: String) -> Bool {
            isAnything || CatalogueDamage.isAmong(words, name) || likes.contains { Likeness.nearest($0, among: [name]) != nil }
        }
    }

    private enum Extent {
        case whole
        case keys(Set<String>)
    }

    /// By kind and name.
    private var entries: [String: [String: Extent]] = [:]
    /// Kinds of which an entry is damaged as a whole.
    private var openKinds: Set<String> = []
    /// By kind and key.
    private var names: [String: [String: Names]] = [:]
    /// The words of texts that stand where entries could be: what is not among them is not declared there.
    private var lost: Set<String> = []

    /// - Parameters:
    ///   - entry: by kind and name.
    ///   - keys: whose values are not known; nil for all of them.
    mutating func note(_ entry: [String], keys: [String: Value]?) {
        guard let keys else {
            entries[entry[0], default: [:]][entry[1]] = .whole
            openKinds.insert(entry[0])
            return
        }
        switch entries[entry[0]]?[entry[1]] {
        case .whole?: return
        case .keys(let known)?: entries[entry[0]]![entry[1]] = .keys(known.union(keys.keys))
        case nil: entries[entry[0], default: [:]][entry[1]] = .keys(Set(keys.keys))
        }
        for (key, value) in keys { names[entry[0], default: [:]][key, default: Names()].add(value) }
    }

    mutating func lose(_ text: String) {
        lost.formUnion(CatalogueDamage.words(text))
    }

    /// Whether a premise lies in what could not be read.
    ///
    /// - Parameter isDeclared: whether its entry is there, read or not.
    func concerns(_ premise: Violation.Premise, isDeclared: Bool) -> Bool {
        switch premise {
        case .key(let path):
            guard isDeclared else { return isLost(path[1]) }
            switch entries[path[0]]?[path[1]] {
            case nil: return false
            case .whole?: return true
            case .keys(let damaged)?: return path.count > 2 && damaged.contains(path[2])
            }
        case .undeclared(_, let name): return isDeclared || isLost(name)
        case .unnamed(let kind, let keys, let name):
            return openKinds.contains(kind) || keys.contains { names[kind]?[$0]?.mayBe(name) ?? false } || isLost(name)
        }
    }

    private func isLost(_ name: String) -> Bool {
        CatalogueDamage.isAmong(lost, name)
    }

    private static func isAmong(_ words: Set<String>, _ name: String) -> Bool {
        let parts = CatalogueDamage.words(name)
        return !parts.isEmpty && parts.allSatisfy(words.contains)
    }

    /// A name with dots stands in a text as several; one in capitals is none, and may be meant by one that is.
    private static func words(_ text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" }.map { $0.lowercased() }
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
