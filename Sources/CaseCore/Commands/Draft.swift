import WorkingTime

/// A step in the making: who takes it, when and under which terms, which clocks it moves, and who is to be told.
package struct Draft {
    let file: CaseID
    let revision: Int
    let isSuspended: Bool
    let principal: Principal
    /// In whose place the principal acts.
    let instead: PersonID?
    let terms: Terms
    let now: Instant
    private let before: [Clock]
    private var touched: [Clock] = []
    private var notices: [Notice] = []

    init(of file: CaseFile, by principal: Principal, insteadOf instead: PersonID?, under terms: Terms, at now: Instant) {
        self.file = file.id
        revision = file.revision
        isSuspended = file.isSuspended
        before = file.clocks
        self.principal = principal
        self.instead = instead
        self.terms = terms
        self.now = now
    }

    /// The first step of a case.
    init(opening file: CaseID, by principal: Principal, under terms: Terms, at now: Instant) {
        self.file = file
        revision = 0
        isSuspended = false
        before = []
        self.principal = principal
        instead = nil
        self.terms = terms
        self.now = now
    }

    /// The step, once it is known what it records.
    func step(_ change: any Change) -> Step {
        Step(
            event: Event(
                file: file, revision: change.isReading ? revision : revision + 1, at: now, by: principal.name, via: principal.via,
                uid: principal.uid, instead: instead,
                change: change,
                clocks: touched),
            notices: notices)
    }

    // MARK: Notices

    /// Notes that somebody is to be told, in this order.
    mutating func tell(_ addressees: Addressee..., of file: CaseFile) {
        let day = terms.calendar.zone.day(of: now)
        for addressee in addressees {
            for recipient in file.recipients(addressee, under: terms, on: day) { tell(addressee, recipient) }
        }
    }

    mutating func tell(_ addressee: Addressee, _ recipient: String) {
        notices.append(Notice(addressee: addressee, recipient: recipient))
    }

    // MARK: Clocks

    private func clock(_ id: ClockID) -> Clock? {
        touched.first { $0.id == id } ?? before.first { $0.id == id }
    }

    private mutating func put(_ clock: Clock) {
        touched.removeAll { $0.id == clock.id }
        touched.append(clock)
    }

    /// Starts a clock if the matter has a limit for it.
    ///
    /// - Parameters:
    ///   - start: as of when; by default now.
    ///   - other: the account whose pauses since then it shares.
    mutating func start(_ kind: ClockKind, at start: Instant? = nil, withPausesOf other: Ledger? = nil) {
        guard let limit = terms.limits[kind] else { return }
        let ledger =
            if let other {
                Ledger(
                    limit.budget, startingAt: start ?? now, withPausesOf: other, on: terms.calendar,
                    countsFirstDay: terms.countsFirstDay, rolls: limit.rolls)
            } else {
                Ledger(
                    limit.budget, startingAt: start ?? now, on: terms.calendar, countsFirstDay: terms.countsFirstDay, rolls: limit.rolls,
                    startsAtEnd: start == nil && principal == .clock)
            }
        self.start(ClockID(kind), ledger)
    }

    /// Starts the clock of a stage to which the file may have come before: anew, or where its limit says so with what was left to it.
    mutating func startStage(_ kind: ClockKind) {
        guard let limit = terms.limits[kind], !limit.isFreshOnReturn, var former = clock(ClockID(kind)), !former.isLive else {
            return start(kind)
        }
        former.goOn(under: limit, terms, at: now)
        put(former)
    }

    /// Starts a clock whose length is announced case by case.
    mutating func start(_ id: ClockID, budget: Length) {
        start(
            id,
            Ledger(
                budget, startingAt: now, on: terms.calendar, countsFirstDay: terms.countsFirstDay, startsAtEnd: principal == .clock))
    }

    private mutating func start(_ id: ClockID, _ ledger: Ledger) {
        var started = Clock(starting: id, generation: (clock(id)?.generation ?? 0) + 1, ledger, on: terms.calendar)
        if isSuspended, id.kind.traits.pausesWithCase { started.pause(at: now, on: terms.calendar) }
        put(started)
    }

    mutating func end(_ kinds: ClockKind..., at instant: Instant? = nil) {
        end({ kinds.contains($0.kind) }, at: instant)
    }

    mutating func end(_ id: ClockID) {
        end { $0 == id }
    }

    /// Ends what runs, as the case does: its clocks, and the time of other offices that were asked, whose heads are told.
    mutating func endAll(of file: CaseFile, at instant: Instant? = nil) {
        end({ _ in true }, at: instant)
        for request in file.consultation.requests where request.isOpen {
            tell(.officeHead, file.head(of: request.office, in: terms.register))
        }
    }

    private mutating func end(_ isMeant: (ClockID) -> Bool, at instant: Instant? = nil) {
        let (instant, calendar) = (instant ?? now, terms.calendar)
        change(isMeant) { $0.end(at: instant, on: calendar) }
    }

    mutating func pauseAll() {
        let (now, calendar) = (now, terms.calendar)
        change({ $0.kind.traits.pausesWithCase }) { $0.pause(at: now, on: calendar) }
    }

    mutating func resumeAll(at instant: Instant? = nil) {
        let (instant, terms) = (instant ?? now, terms)
        change({ $0.kind.traits.pausesWithCase }) { $0.resume(at: instant, under: terms) }
    }

    /// Changes the live clocks that are meant.
    mutating func change(_ isMeant: (ClockID) -> Bool, _ body: (inout Clock) -> Void) {
        let ids = before.map(\.id) + touched.map(\.id).filter { id in !before.contains { $0.id == id } }
        for id in ids where isMeant(id) {
            guard var changed = clock(id), changed.isLive else { continue }
            body(&changed)
            put(changed)
        }
    }
}
