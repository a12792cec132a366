import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension EngineMachine {
    /// The cases of a draw that were found so far: they are closed, so that what is found in several turns belongs together.
    struct Gathering {
        let draw: DrawName
        var population = Population()
    }

    /// How long a draw that could not be made is not tried again, in milliseconds.
    private static let drawPause: Int64 = 60_000
    /// Cases that are looked for in one turn.
    private static let pageSize = 5000

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
            isDone = gather(word.rule).map { $0 ? make(word) : true } ?? false
        } else {
            isDone = giveWords()
        }
        drawsFrom = isDone ? nil : present.advanced(byMilliseconds: EngineMachine.drawPause)
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

    /// Looks for a page of the cases of a draw.
    ///
    /// - Returns: whether all were found; nil where they cannot be read.
    private func gather(_ rule: DrawRule) -> Bool? {
        var found = gathering.flatMap { $0.draw == rule.draw ? $0 : nil } ?? Gathering(draw: rule.draw)
        let filter = CaseFilter(rule.population, now: present)
        do {
            let page = try context.store.read(for: .engine) {
                try $0.ids(filter, after: found.population.ids.last, limit: EngineMachine.pageSize)
            }
            found.population.append(page)
            gathering = found
            return page.count < EngineMachine.pageSize
        } catch {
            context.log.entry(.commandFailed, "the cases of a draw cannot be read", ["draw": "\(rule.draw)", "fault": "\(error)"])
            return nil
        }
    }

    /// Reveals the secret, and records what it and the journal's head make of the cases that were found.
    private func make(_ word: DrawBook.Word) -> Bool {
        let (rule, population) = (word.rule, gathering?.population ?? Population())
        gathering = nil
        return commit { builder in
            guard let head = try builder.snapshot.journalHead(before: rule.at) else {
                throw IncompleteStore(description: "the journal lacks the word for \(rule.draw)")
            }
            let result = DrawReckoning.own.result(
                rule, secret: word.secret, headSeq: head.seq, headHash: DrawReckoning.hash(head.event), population)
            let published = PublishedDraw(
                committedAt: word.at, committed: word.committed, madeAt: present, made: result, population: population,
                former: builder.state.draws.newest)
            try builder.record(.drawMade(result), by: Principal.clock.name)
            for id in result.drawn { builder.take(id, for: rule) }
            builder.set(
                DrawBook.settingName(of: rule.draw), to: String(decoding: JSONWriter.bytes { $0.value(published) }, as: UTF8.self))
            builder.state.draws.made(rule.draw)
        } failing: { _ in
        }
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
