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

        func mayBe(_ name: String) -> Bool {
            switch self {
            case .anything: true
            case .within(let text): text.contains(name)
            case .like(let other): Likeness.nearest(other, among: [name]) != nil
            }
        }
    }

    private enum Extent {
        case whole
        case keys([String: [Value]])
    }

    /// By kind and name.
    private var entries: [String: [String: Extent]] = [:]
    /// The words of texts that stand where entries could be: what is not among them is not declared there.
    private var lost: Set<String> = []

    /// - Parameters:
    ///   - entry: by kind and name.
    ///   - keys: whose values are not known; nil for all of them.
    mutating func note(_ entry: [String], keys: [String: Value]?) {
        let extent: Extent =
            switch (keys?.mapValues { [$0] }, entries[entry[0]]?[entry[1]]) {
            case (nil, _), (_, .whole?): .whole
            case (let keys?, .keys(let known)?): .keys(known.merging(keys, uniquingKeysWith: +))
            case (let keys?, nil): .keys(keys)
            }
        entries[entry[0], default: [:]][entry[1]] = extent
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
            case .keys(let damaged)?: return path.count > 2 && damaged[path[2]] != nil
            }
        case .undeclared(_, let name): return isDeclared || isLost(name)
        case .unnamed(let kind, let keys, let name):
            let mayName = entries[kind, default: [:]].values.contains { extent in
                switch extent {
                case .whole: true
                case .keys(let damaged): keys.contains { damaged[$0]?.contains { $0.mayBe(name) } ?? false }
                }
            }
            return mayName || isLost(name)
        }
    }

    private func isLost(_ name: String) -> Bool {
        let words = CatalogueDamage.words(name)
        return !words.isEmpty && words.allSatisfy(lost.contains)
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
