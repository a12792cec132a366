import CaseCore
import CaseEngine
import CaseStore
import CaseWire
import WorkingTime

/// What has to be true of draws: the word comes first and holds, each is made once, from the cases that were closed in its period, by the journal's
/// head before its instant; and no other case says that it was drawn.
struct SimulatedDraws {
    private var committed: [DrawName: DrawCommitment] = [:]
    private var made: [String: DrawResult] = [:]
    /// All rows of the journal, as the tree covers them.
    private var rows: [(at: Instant, event: [UInt8])] = []

    /// Takes in a row of the journal.
    ///
    /// - Parameter files: the cases before it.
    /// - Returns: whether it is a draw.
    mutating func learn(_ row: JournalRow, _ files: [CaseID: CaseFile]) throws -> Bool {
        defer { rows.append((row.at, row.event.text)) }
        let event = try JSONReader.read(row.whole)
        func require(_ condition: Bool, _ what: String) throws {
            if !condition { throw SimulationModel.Broken(description: "at \(row.at): \(what)") }
        }
        switch event["event"]?.string {
        case ServerChange.drawCommittedName:
            let word = try DrawCommitment(from: event["data"]!)
            try require(committed[word.rule.draw] == nil, "the word for \(word.rule.draw) is given twice")
            try require(row.at < word.rule.at && word.rule.to <= word.rule.at, "the word for \(word.rule.draw) comes late")
            committed[word.rule.draw] = word
        case ServerChange.drawMadeName:
            let result = try DrawResult(from: event["data"]!)
            guard let word = committed[result.draw] else {
                throw SimulationModel.Broken(description: "\(result.draw) was made without a word")
            }
            let rule = word.rule
            try require(made.updateValue(result, forKey: "\(result.draw)") == nil, "\(result.draw) was made twice")
            try require(row.at >= rule.at, "\(result.draw) was made early")
            try require(DrawReckoning.own.commitment(to: result.secret, for: rule) == word.commitment, "\(result.draw) has another secret")
            var population = Population()
            population.append(
                files.values.filter { file in
                    file.closedAt.map { rule.from <= $0 && $0 < rule.to } == true
                        && (rule.matters.isEmpty || rule.matters.contains(file.matter))
                }.map(\.id).sorted())
            let head = rows.lastIndex { $0.at < rule.at }!
            let (seq, hash) = (Int64(head) + 1, DrawReckoning.hash(rows[head].event))
            var ranking = DrawReckoning.Ranking(seed: DrawReckoning.own.seed(result.secret, headSeq: seq, headHash: hash), size: rule.size)
            ranking.add(population.ids, by: .own)
            let expected = DrawReckoning.own.result(
                rule, secret: result.secret, headSeq: seq, headHash: hash, population, ranking)
            try require(result == expected, "\(result) was drawn, and it should be \(expected)")
            return true
        case Drawn.name:
            let draw = event["data"]?["draw"]?.string ?? ""
            try require(made[draw]?.drawn.contains(row.id) == true, "\(row.id) says that it is in \(draw)")
        default: break
        }
        return false
    }
}
