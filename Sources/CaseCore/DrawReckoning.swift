import WorkingTime

/// How a draw is reckoned, for whoever makes it and for whoever does it over.
package struct DrawReckoning: Sendable {
    /// The SHA-256 of a text, in hexadecimal digits.
    private let hash: @Sendable (String) -> String

    package init(sha256 hash: @escaping @Sendable (String) -> String) {
        self.hash = hash
    }

    /// The word for a secret.
    package func commitment(to secret: String, for rule: DrawRule) -> String {
        hash("\(secret) \(String(decoding: JSONWriter.bytes { $0.value(rule) }, as: UTF8.self))")
    }

    package func seed(_ secret: String, headSeq: Int64, headHash: String) -> String {
        hash("\(secret) \(headSeq) \(headHash)")
    }

    package func populationHash(_ population: Population) -> String {
        hash(population.ids.map(\.description).joined(separator: "\n"))
    }

    /// The cases with the smallest ranks, of those that were looked at so far.
    package struct Ranking: Sendable {
        package let seed: String
        private let size: Int
        private var best: [(rank: String, id: CaseID)] = []

        package init(seed: String, size: Int) {
            (self.seed, self.size) = (seed, size)
        }

        package mutating func add(_ ids: some Sequence<CaseID>, by reckoning: DrawReckoning) {
            let ranked = best + ids.map { (rank: reckoning.hash("\(seed) \($0)"), id: $0) }
            best = Array(ranked.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }.prefix(size))
        }

        /// In the order of their ranks.
        package var drawn: [CaseID] {
            best.map(\.id)
        }
    }

    /// - Parameter ranking: of the whole population, by the seed of the secret and the head.
    package func result(
        _ rule: DrawRule, secret: String, headSeq: Int64, headHash: String, _ population: Population, _ ranking: Ranking
    ) -> DrawResult {
        DrawResult(
            draw: rule.draw, secret: secret, headSeq: headSeq, headHash: headHash, seed: ranking.seed,
            populationCount: population.ids.count, populationHash: populationHash(population), drawn: ranking.drawn)
    }

    /// What can be checked of a draw without a server, each as a sentence and whether it is so.
    package func checks(of draw: PublishedDraw) -> [(what: String, holds: Bool)] {
        let (rule, made) = (draw.committed.rule, draw.made)
        var ranking = Ranking(seed: seed(made.secret, headSeq: made.headSeq, headHash: made.headHash), size: rule.size)
        ranking.add(draw.population.ids, by: self)
        let again = result(rule, secret: made.secret, headSeq: made.headSeq, headHash: made.headHash, draw.population, ranking)
        return [
            ("both events are of one draw", made.draw == rule.draw),
            (
                "the word was given before the draw, and the draw made after its instant",
                draw.committedAt < rule.at && rule.at <= draw.madeAt && rule.to <= rule.at && rule.from < rule.to
            ),
            (
                "the secret and the rule are those that were committed to",
                commitment(to: made.secret, for: rule) == draw.committed.commitment
            ),
            ("the seed is that of the secret and the journal's head", made.seed == again.seed),
            (
                "the population is the one that was recorded",
                made.populationCount == again.populationCount && made.populationHash == again.populationHash
            ),
            ("the cases drawn are those with the smallest ranks", made.drawn == again.drawn),
        ]
    }
}
