import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension EngineMachine {
    /// The cases of a draw that were found so far: they are closed, so that what is found in several turns belongs together.
    struct Gathering {
        let draw: DrawName
        let head: JournalHead
        var ranking: DrawReckoning.Ranking
        var population = Population()
        /// The last number that was looked at.
        var last: Int64 = 0
    }

    /// How long a draw that could not be made is not tried again, in milliseconds.
    private static let drawPause: Int64 = 60_000
    /// Numbers of cases that are looked through in one turn, for a draw whose population has no index.
    package static let drawPage: Int64 = 10_000

    /// When a word is to be given, or a draw made.
    var nextDraw: Instant? {
        let register = context.catalogs.newest
        guard !register.draws.isEmpty || state.draws.first != nil else { return nil }
        // A clock that was set back meanwhile makes no long pause of a short one.
        let pause = drawsFrom.flatMap { $0 - present > EngineMachine.drawPause ? nil : $0 }
        return state.draws.next(register.announcedDraws, at: present).map { max($0, pause ?? $0) }
    }

    /// Whether something of a draw can be done at once.
    package var isDrawDue: Bool {
        nextDraw.map { $0 <= present } ?? false
    }

    /// Makes the draw whose instant has come, a page of its population in a turn; else gives the words for those that come next.
    func passDraws() {
        guard isDrawDue else { return }
        let isDone: Bool
        if let word = state.draws.first, word.rule.at <= present {
            isDone = gather(word).map { $0 ? make(word) : true } ?? false
        } else {
            isDone = giveWords()
        }
        drawsFrom = isDone || isOvertaken ? nil : present.advanced(byMilliseconds: EngineMachine.drawPause)
    }

    /// Fixes the rule of each draw whose day comes, and a secret that nobody can change any more.
    private func giveWords() -> Bool {
        let register = context.catalogs.newest
        let announced = register.announcedDraws
        return commit { builder in
            builder.state.draws.follow(announced, at: present)
            for (draw, zone) in announced {
                guard let entry = builder.state.draws[draw.id.raw], entry.word == nil else { continue }
                let turn = draw.turn(after: entry.last, at: present, in: zone)
                guard turn.opensAt <= present else { continue }
                let rule = draw.rule(of: turn, at: present, in: register, zone: zone)
                let secret = newSecret()
                let committed = DrawCommitment(rule, DrawReckoning.own.commitment(to: secret, for: rule))
                builder.state.draws.give(DrawBook.Word(committed: committed, at: present, secret: secret))
                try builder.record(.drawCommitted(committed), by: Principal.clock.name)
            }
        } failing: { _ in
        }
    }

    /// Looks for a page of the cases of a draw, and ranks them.
    ///
    /// - Returns: whether all were found; nil where they cannot be read.
    private func gather(_ word: DrawBook.Word) -> Bool? {
        let rule = word.rule
        do {
            var found = try gathering.flatMap { $0.draw == rule.draw ? $0 : nil } ?? beginning(word)
            let page = try context.store.read(for: .engine) { snapshot -> (ids: [CaseID], last: Int64)? in
                // A store that was restored leaves many numbers out.
                let first = try snapshot.ids(CaseFilter(now: present), after: CaseID(found.last), limit: 1).first
                guard let first else { return nil }
                let last = first.number + drawPage - 1
                let filter = CaseFilter(rule.population, now: present)
                return (try snapshot.ids(filter, after: CaseID(found.last), through: CaseID(last), limit: .max), last)
            }
            found.population.append(page?.ids ?? [])
            found.ranking.add(page?.ids ?? [], by: .own)
            found.last = page?.last ?? found.last
            gathering = found
            return page == nil
        } catch {
            context.log.entry(.commandFailed, "the cases of a draw cannot be read", ["draw": "\(rule.draw)", "fault": "\(error)"])
            return nil
        }
    }

    /// Reveals the secret to itself: the journal's head from before the draw's instant stands by now.
    private func beginning(_ word: DrawBook.Word) throws -> Gathering {
        let rule = word.rule
        let head = try context.store.read(for: .engine) { try $0.drawHead(of: rule) }
        let seed = DrawReckoning.own.seed(word.secret, headSeq: head.seq, headHash: head.hash)
        return Gathering(draw: rule.draw, head: head, ranking: DrawReckoning.Ranking(seed: seed, size: rule.size))
    }

    /// Reveals the secret, and records what it and the journal's head make of the cases that were found.
    private func make(_ word: DrawBook.Word) -> Bool {
        guard let found = gathering else { return false }
        gathering = nil
        let result = DrawReckoning.own.result(
            word.rule, secret: word.secret, headSeq: found.head.seq, headHash: found.head.hash, found.population, found.ranking)
        let published = PublishedDraw(
            committedAt: word.at, committed: word.committed, madeAt: present, made: result, population: found.population,
            former: state.draws.newest)
        let text = String(decoding: JSONWriter.bytes { $0.value(published) }, as: UTF8.self)
        return commit { builder in
            // A clock that was set back meanwhile has let something be written from before the draw's instant: all is found anew.
            guard try builder.snapshot.drawHead(of: word.rule) == found.head else { return }
            try builder.record(.drawMade(result), by: Principal.clock.name)
            for id in result.drawn { builder.take(id, for: word.rule) }
            builder.set(DrawBook.settingName(of: word.rule.draw), to: text)
            builder.state.draws.made(word.rule.draw)
        } failing: { _ in
        }
    }
}

/// The last entry of the journal from before a draw was to be made.
struct JournalHead: Equatable {
    let seq: Int64
    /// The SHA-256 of the entry, in hexadecimal digits.
    let hash: String
}

extension StoreSnapshot {
    fileprivate func drawHead(of rule: DrawRule) throws -> JournalHead {
        guard let head = try journalHead(before: rule.at) else {
            throw IncompleteStore(description: "the journal lacks the word for \(rule.draw)")
        }
        return JournalHead(seq: head.seq, hash: DrawReckoning.hash(head.event))
    }
}

extension BatchBuilder {
    /// Records of a case that it was drawn. One that cannot be read is drawn all the same.
    fileprivate mutating func take(_ id: CaseID, for rule: DrawRule) {
        do {
            guard var file = try load(id) else { throw IncompleteStore(description: "\(id) is listed and is not there") }
            let terms = try currentTerms(of: &file)
            try passTime(&file, terms, through: now)
            try act(Draw("\(rule.draw)", for: rule.post), by: .clock, on: &file, terms)
        } catch {
            context.log.entry(.caseDamaged, "a case that is drawn does not say so", ["case": "\(id)", "fault": "\(error)"])
        }
    }
}
