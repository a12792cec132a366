import WorkingTime

/// A draw of one day: the name that the catalogue gives it, and the first day of its period.
package struct DrawName: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    package let name: String
    package let day: Day

    package init(_ name: String, _ day: Day) {
        self.name = name
        self.day = day
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let day = Day(String(parts[1])) else { return nil }
        self.init(String(parts[0]), day)
    }

    package var description: String {
        "\(name)/\(day)"
    }
}

extension DrawName: Represented {
    package static var shape: Shape { .text }

    package init(from source: Datum) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "a draw") }
        guard let name = DrawName(text) else { throw Mismatch("is no draw", hint: "write NAME/2026-03-01") }
        self = name
    }

    package func write(to writer: inout JSONWriter) {
        writer.string(description)
    }
}

/// By what a draw is made: fixed before its day.
package struct DrawRule: Described {
    package let draw: DrawName
    package let post: PostID
    /// Whether the post audits: the cases are those of everybody then.
    package let isAudit: Bool
    /// Those that the post supervised when the word was given, whoever did when a case was closed; of one that audits, empty for all.
    package let matters: [MatterID]
    package let from: Instant
    package let to: Instant
    /// The journal's head at this instant is a part of the seed.
    package let at: Instant
    package let size: Int
    package let missed: Int

    package static let members = Members<DrawRule>(
        Member("draw", \.draw, "its name, and the first day of its period"),
        Member("post", \.post, "for which post"),
        Member("audit", \.isAudit, "whether that post audits, and so may draw from the cases of everybody"),
        Member("matters", \.matters, "of which matters; none for all, where the post audits"),
        Member("from", \.from, "drawn from what was closed at or after"),
        Member("to", \.to, "and before"),
        Member("at", \.at, "when it is made: the journal's head as of then is a part of the seed"),
        Member("size", \.size, "how many cases are drawn at most"),
        Member("missed", \.missed, "how many periods before it were missed, since nothing ran"),
        make: {
            DrawRule(draw: $0, post: $1, isAudit: $2, matters: $3, from: $4, to: $5, at: $6, size: $7, missed: $8)
        })

    /// The cases that it is made from.
    package var population: [CaseCondition] {
        var conditions: [CaseCondition] = [.from(.column(.closedAt), .at(from)), .before(.column(.closedAt), .at(to))]
        // One that was committed to before rules named the matters of a post.
        if !isAudit, matters.isEmpty { conditions.append(.equal(.commissioner, post.raw)) }
        if !matters.isEmpty { conditions.append(.isAny(.matter, matters.map { .text($0.raw) })) }
        return conditions
    }
}

/// The word that is given for a draw the day before.
package struct DrawCommitment: Described {
    package let rule: DrawRule
    /// The SHA-256 of the secret and the rule.
    package let commitment: String

    package init(_ rule: DrawRule, _ commitment: String) {
        self.rule = rule
        self.commitment = commitment
    }

    package static let members = Members<DrawCommitment>(
        Member(of: \.rule), Member("commitment", \.commitment, "the SHA-256 of the secret, a space and the rule as it stands here"),
        make: { DrawCommitment($0, $1) })
}

/// What came of it.
package struct DrawResult: Described {
    package let draw: DrawName
    package let secret: String
    package let headSeq: Int64
    package let headHash: String
    package let seed: String
    package let populationCount: Int
    package let populationHash: String
    /// In the order of their ranks.
    package let drawn: [CaseID]

    package static let members = Members<DrawResult>(
        Member("draw", \.draw, "its name, and the first day of its period"),
        Member("secret", \.secret, "what was committed to"),
        Member("head_seq", \.headSeq, "the journal's last place before it was to be made"),
        Member("head_sha256", \.headHash, "the SHA-256 of that entry, as the tree over the journal has it"),
        Member("seed", \.seed, "the SHA-256 of secret, place and that, with spaces between them"),
        Member("population", \.populationCount, "from how many cases"),
        Member("population_sha256", \.populationHash, "the SHA-256 of their ids, one a line"),
        Member("drawn", \.drawn, "the cases, by their ranks: the SHA-256 of seed, a space and the id"),
        make: {
            DrawResult(
                draw: $0, secret: $1, headSeq: $2, headHash: $3, seed: $4, populationCount: $5, populationHash: $6, drawn: $7)
        })
}

/// A draw with all that is needed to redo it: what is published.
package struct PublishedDraw: Described {
    package let committedAt: Instant
    package let committed: DrawCommitment
    package let madeAt: Instant
    package let made: DrawResult
    package let population: Population
    /// The one that was made before it, of any name.
    package let former: DrawName?

    package init(
        committedAt: Instant, committed: DrawCommitment, madeAt: Instant, made: DrawResult, population: Population, former: DrawName?
    ) {
        self.committedAt = committedAt
        self.committed = committed
        self.madeAt = madeAt
        self.made = made
        self.population = population
        self.former = former
    }

    package static let members = Members<PublishedDraw>(
        Member("committed_at", \.committedAt, "when the word was given"),
        Member("committed", \.committed, "the event draw-committed"),
        Member("made_at", \.madeAt, "when it was made"),
        Member("made", \.made, "the event draw-made"),
        Member("population", \.population, "the numbers of the cases from which it was made"),
        Member("former", \.former, default: nil, "the draw before it"),
        make: {
            PublishedDraw(committedAt: $0, committed: $1, madeAt: $2, made: $3, population: $4, former: $5)
        })
}

/// Cases in rising order, written by their numbers and stretches of them: `1-4 7 9-12`.
package struct Population: Represented {
    package private(set) var ids: [CaseID] = []

    package init() {}

    /// - Precondition: they come behind those that are there, in rising order.
    package mutating func append(_ more: [CaseID]) {
        ids += more
    }

    /// No stretch of a text that somebody hands over is longer.
    private static let limit = 10_000_000

    package static var shape: Shape { .text }

    package init(from source: Datum) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "numbers of cases") }
        for part in text.split(separator: " ") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first > ids.last?.number ?? 0, last >= first,
                last - first < Population.limit, ids.count < Population.limit
            else { throw Mismatch("is no list of numbers in rising order", hint: "such as 1-4 7 9-12") }
            ids += (first...last).map { CaseID($0) }
        }
    }

    package func write(to writer: inout JSONWriter) {
        var parts: [String] = []
        var start = ids.startIndex
        for place in ids.indices where place + 1 == ids.endIndex || ids[place + 1].number != ids[place].number + 1 {
            let (first, last) = (ids[start].number, ids[place].number)
            parts.append(first == last ? "\(first)" : "\(first)-\(last)")
            start = place + 1
        }
        writer.string(parts.joined(separator: " "))
    }
}
