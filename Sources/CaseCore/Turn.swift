import WorkingTime

/// One command on one case while it is being answered: who, when, under which terms, and which clocks it moves.
struct Turn {
    let file: CaseID
    let revision: Int
    let isSuspended: Bool
    let principal: Principal
    let terms: Terms
    let now: Instant
    private let before: [Clock]
    private var touched: [Clock] = []

    init(_ file: CaseFile, _ principal: Principal, _ terms: Terms, _ now: Instant) {
        self.file = file.id
        revision = file.revision
        isSuspended = file.suspension != nil
        before = file.clocks
        self.principal = principal
        self.terms = terms
        self.now = now
    }

    /// The first command of a case.
    init(opening file: CaseID, _ principal: Principal, _ terms: Terms, _ now: Instant) {
        self.file = file
        revision = 0
        isSuspended = false
        before = []
        self.principal = principal
        self.terms = terms
        self.now = now
    }

    private func clock(_ kind: ClockKind) -> Clock? {
        touched.first { $0.kind == kind } ?? before.first { $0.kind == kind }
    }

    private mutating func put(_ clock: Clock) {
        touched.removeAll { $0.kind == clock.kind }
        touched.append(clock)
    }

    /// Starts a clock if the matter has a limit for it.
    mutating func start(_ kind: ClockKind, at start: Instant? = nil) {
        guard let budget = terms.limits[kind]?.budget else { return }
        self.start(kind, budget: budget, at: start)
    }

    mutating func start(_ kind: ClockKind, budget: Length, at start: Instant? = nil) {
        var started = Clock(
            starting: kind, generation: (clock(kind)?.generation ?? 0) + 1, budget: budget, at: start ?? now,
            on: terms.calendar, countsFirstDay: terms.countsFirstDay)
        if isSuspended, kind.pausesWithCase { started.pause(at: now, on: terms.calendar) }
        put(started)
    }

    mutating func end(_ kinds: ClockKind..., at instant: Instant? = nil) {
        let (instant, calendar) = (instant ?? now, terms.calendar)
        for kind in kinds {
            change(kind) { $0.end(at: instant, on: calendar) }
        }
    }

    mutating func endAll(at instant: Instant? = nil) {
        for kind in ClockKind.allCases { end(kind, at: instant) }
    }

    mutating func pauseAll() {
        let (now, calendar) = (now, terms.calendar)
        for kind in ClockKind.allCases where kind.pausesWithCase {
            change(kind) { $0.pause(at: now, on: calendar) }
        }
    }

    mutating func resumeAll() {
        let (now, calendar) = (now, terms.calendar)
        for kind in ClockKind.allCases where kind.pausesWithCase {
            change(kind) { $0.resume(at: now, on: calendar) }
        }
    }

    /// Changes a live clock; does nothing where there is none.
    mutating func change(_ kind: ClockKind, _ body: (inout Clock) -> Void) {
        guard var changed = clock(kind), changed.isLive else { return }
        body(&changed)
        put(changed)
    }

    func step(_ change: Change, notices: [Notice] = []) -> Step {
        Step(
            event: Event(
                file: file, revision: revision + 1, at: now, by: principal.name, via: principal.via, change: change,
                clocks: touched),
            notices: notices)
    }
}
