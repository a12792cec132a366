import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension Reader {
    /// How the deadlines of a case came about: who did what to each clock, each stretch that counted, and what was skipped in
    /// it and why.
    func explain(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let file = try load(parameters.caseID()!, for: viewer).seen(by: viewer.principal)
        var events: [Event] = []
        try store.read { snapshot in
            try snapshot.eachEvent(of: file.id) { row in
                let event = try Event(canonicalBytes: row.event)
                if ClockStory.tells(event) { events.append(event) }
            }
        }
        let wanted = parameters.text("clock").flatMap { ClockKind(rawValue: $0) }
        let clocks = file.clocks.filter { wanted == nil || $0.kind == wanted }
        if let wanted, clocks.isEmpty {
            throw WireError.notFound(
                "clock", "\(wanted.rawValue) clock on \(file.id)", name: wanted.rawValue, among: file.clocks.map(\.kind.rawValue))
        }
        let stories = try clocks.map { clock in
            let story = ClockStory(of: clock, in: events)
            let version = story.version ?? file.origin.catalogVersion
            guard let terms = try context.catalogs.terms(file.matter, version: file.origin.catalogVersion, clockVersion: version) else {
                throw IncompleteStore(description: "\(file.id) had clocks under version \(version), which lacks its matter")
            }
            return ClockExplanation(
                story, on: terms.calendar, limit: terms.limits[clock.kind]?.budget, version: version, at: context.time.now)
        }
        let appliers = try Dictionary(
            uniqueKeysWithValues: Set(stories.flatMap(\.versions)).map { version in
                (version, try store.read { try $0.catalog(version: version) })
            })
        return ReplyLimit.whole(explanation(of: file, stories, Array(appliers.values.compactMap { $0 })))
    }

    private func explanation(of file: CaseFile, _ stories: [ClockExplanation], _ appliers: [StoredCatalog]) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("case", file.id.description)
                writer.member("title", ReplyLimit.brief(file.title))
                writer.member("matter", file.matter.raw)
                writer.member("catalog_version", file.origin.catalogVersion)
                writer.member("clock_version", file.timing.version)
                writer.key("catalogs")
                writer.array(of: appliers.sorted { $0.version < $1.version }) { writer, catalog in
                    writer.object {
                        $0.member("version", catalog.version)
                        $0.member("at", catalog.at)
                        $0.member("by", catalog.by)
                        $0.member("zones", catalog.zones)
                    }
                }
                writer.key("clocks")
                writer.array(of: stories) { $1.write(to: &$0) }
            }
        }
    }
}

/// One clock, redone in the terms of a paper calendar.
private struct ClockExplanation {
    private let story: ClockStory
    private let clock: Clock
    private let calendar: WorkingCalendar
    /// What the policy gives it.
    private let limit: Length?
    private let version: Int
    private let now: Instant
    /// A description is for people: of longer stretches only the beginning is listed.
    private static let listedDayLimit = 400

    init(_ story: ClockStory, on calendar: WorkingCalendar, limit: Length?, version: Int, at now: Instant) {
        self.limit = limit
        self.story = story
        clock = story.clock
        self.calendar = calendar
        self.version = version
        self.now = now
    }

    /// The versions of the catalogue that it speaks of.
    var versions: [Int] {
        [version]
            + story.steps.compactMap { ($0.event.change as? Recalculated)?.version }
    }

    func write(to writer: inout JSONWriter) {
        let ledger = clock.ledger
        let unit = ledger.meter.quantaPerUnit
        let due = ledger.due(on: calendar)
        writer.object { writer in
            ClockID.members.write(clock.id, to: &writer)
            writer.member("generation", clock.generation)
            writer.member("unit", ledger.meter.rawValue)
            writer.member("budget", ledger.budget / unit)
            // What is announced case by case has none.
            writer.member("limit", clock.kind.traits.announced == nil ? limit?.description : nil)
            writer.member("extended", clock.isExtended)
            writer.member("consumed", ledger.consumed(at: clock.endedAt ?? now, on: calendar) / unit)
            writer.member("original_due", clock.originalDue)
            writer.member("due", due)
            writer.member("last_day", due.map { lastDay($0).description })
            if clock.isLive, let moved = ledger.movedLastDay(on: calendar) { writer.member("moved_from", moved.description) }
            writer.member("provisional", ledger.isProvisional(due: due, on: calendar))
            writer.member("ended_at", clock.endedAt)
            if ledger.meter.countsDays, let first = ledger.segments.first?.from ?? ledger.runningFrom {
                writer.member("counts_from", existing(Day(number: Int(first)), by: 1).description)
            }
            writer.key("calendar")
            writer.object {
                $0.member("calendar", calendar.name)
                $0.member("catalog_version", version)
                $0.member("zone", calendar.zone.name)
                $0.member("valid_through", calendar.validThrough.description)
                $0.member("source", calendar.source)
            }
            writer.key("steps")
            writer.array(of: story.steps) { write($1, to: &$0) }
            writer.key("stretches")
            writer.array { writeStretches(due, to: &$0) }
        }
    }

    // MARK: What happened

    private func write(_ step: ClockStory.Step, to writer: inout JSONWriter) {
        let event = step.event
        writer.object { writer in
            writer.member("turn", step.kind.rawValue)
            writer.member("revision", event.revision)
            writer.member("at", event.at)
            writer.member("event", event.change.name)
            writer.member("by", event.by)
            writer.member("via", event.via?.raw)
            writer.member("instead_of", event.instead?.raw)
            switch event.change {
            case let change as DeemedAccepted: writer.member("effective", change.effective)
            case let change as Suspended:
                writer.member("kind", change.suspension.kind.rawValue)
                writer.member("basis", ReplyLimit.brief(change.suspension.basis))
                writer.member("expected", change.suspension.expected.description)
            case let change as Resumed: writer.member("kind", change.kind?.rawValue)
            case let change as OpinionAsked:
                writer.member("kind", change.office.asPause)
                writer.member("basis", ReplyLimit.brief(change.question))
                writer.member("expected", change.due.description)
            case let change as OpinionGiven: writer.member("kind", change.office.asPause)
            case let change as OpinionWithdrawn: writer.member("kind", change.office.asPause)
            case let change as OpinionOverdue: writer.member("kind", change.office.asPause)
            case let change as Extended:
                writer.member("amount", change.by.description)
                writer.member("reason", ReplyLimit.brief(change.reason))
            case let change as Recalculated:
                writer.member("catalog_version", change.version)
                if let move = change.moves.first(where: { $0.clock == clock.id }) {
                    writer.member("from", move.from)
                    writer.member("to", move.to)
                    writer.member("kept", move.isKept)
                    writer.member("firm", move.isFirm)
                }
            default: break
            }
            let unit = step.after.ledger.meter.quantaPerUnit
            if let before = step.before?.ledger.budget, before != step.after.ledger.budget {
                writer.member("budget_from", before / unit)
                writer.member("budget_to", step.after.ledger.budget / unit)
            }
            if step.kind == .recalculated { writer.member("stands_still", step.after.ledger.isPaused) }
        }
    }

    // MARK: The count

    /// What counted and what stood still, in order.
    private func writeStretches(_ due: Instant?, to writer: inout JSONWriter) {
        let ledger = clock.ledger
        var total: Int64 = 0
        var end: Int64?
        func standStill(until from: Int64, _ writer: inout JSONWriter) {
            if let end, end < from { writePause(from: end, to: from, to: &writer) }
        }
        for segment in ledger.segments {
            standStill(until: segment.from, &writer)
            if segment.to > segment.from {
                writeStretch(
                    from: segment.from, to: segment.to, counted: segment.consumed, before: total,
                    left: ledger.budget - total - segment.extendedSince, to: &writer)
            }
            total += segment.consumed
            end = segment.to
        }
        guard let from = ledger.runningFrom, let due else { return }
        standStill(until: from, &writer)
        let last = ledger.meter.countsDays ? Int64(lastDay(due).number + 1) : due.milliseconds
        let left = ledger.budget - total
        if last > from { writeStretch(from: from, to: last, counted: left, before: total, left: left, to: &writer) }
    }

    /// - Parameters:
    ///   - to: not counted itself.
    ///   - before: what had been counted before it.
    ///   - left: what it began with.
    private func writeStretch(
        from: Int64, to: Int64, counted: Int64, before: Int64, left: Int64, to writer: inout JSONWriter
    ) {
        let days = days(from: from, to: to, left: left)
        writer.object { writer in
            writeEnds(from: from, to: to, to: &writer)
            writeCount(counted, before: before, to: &writer)
            if clock.ledger.meter == .workingMinutes { writeWindows(from: instant(from), to: instant(to), before: before, to: &writer) }
            writer.key("skipped")
            writer.array(of: days.filter { !calendar.isWorkingDay($0) }) { write($1, calendar.reasonOff($1), to: &$0) }
            writer.key("worked")
            writer.array(of: days.filter { calendar.isMakeUpDay($0) }) { write($1, calendar.exceptions[$1]?.name ?? "", to: &$0) }
        }
    }

    /// What is shown of each row is the difference of two whole sums, so that the rows of a clock add up: a row of its own would be
    /// rounded, and a thousand rows by a thousand halves.
    private func writeCount(_ counted: Int64, before: Int64, to writer: inout JSONWriter) {
        let unit = clock.ledger.meter.quantaPerUnit
        let (earlier, total) = (before / unit, (before + counted) / unit)
        writer.member("counted", total - earlier)
        writer.member("total", total)
    }

    /// Each go of work in a stretch: in which window of which day it counted, from when to when, and how much.
    private func writeWindows(from: Instant, to: Instant, before: Int64, to writer: inout JSONWriter) {
        let spans = calendar.spans(from: from, to: to, limit: ClockExplanation.listedDayLimit)
        var sum = before
        writer.key("windows")
        writer.array(of: spans) { writer, span in
            writer.object { writer in
                writer.member("day", span.day.description)
                writer.member("window", span.window.description)
                writer.member("from", span.from)
                writer.member("to", span.to)
                writeCount(span.to - span.from, before: sum, to: &writer)
            }
            sum += span.to - span.from
        }
    }

    private func writePause(from: Int64, to: Int64, to writer: inout JSONWriter) {
        let (start, end) = (instant(from), instant(to))
        writer.object { writer in
            writeEnds(from: from, to: to, to: &writer)
            writer.member("counted", 0)
            writer.key("paused")
            writer.array(of: story.pauses.filter { $0.since < end && $0.until.map { $0 > start } ?? true }) {
                writer, pause in
                writer.object {
                    $0.member("kind", pause.kind)
                    $0.member("basis", ReplyLimit.brief(pause.basis))
                    $0.member("by", pause.by)
                }
            }
        }
    }

    private func writeEnds(from: Int64, to: Int64, to writer: inout JSONWriter) {
        if clock.ledger.meter.countsDays {
            writer.member("from", existing(Day(number: Int(from)), by: 1).description)
            writer.member("to", existing(Day(number: Int(to) - 1), by: -1).description)
        } else {
            writer.member("from", Instant(milliseconds: from))
            writer.member("to", Instant(milliseconds: to))
        }
    }

    private func write(_ day: Day, _ why: String, to writer: inout JSONWriter) {
        writer.object {
            $0.member("day", day.description)
            $0.member("why", why)
        }
    }

    /// The day, or the nearest later or earlier one where it never was in the calendar's zone.
    private func existing(_ day: Day, by step: Int) -> Day {
        var day = day
        while !calendar.has(day) { day = day.advanced(by: step) }
        return day
    }

    /// The days of a stretch on which the calendar has a say; of calendar days, those that never were, and those over which the last is moved.
    private func days(from: Int64, to: Int64, left: Int64) -> [Day] {
        let (first, last): (Int, Int)
        switch clock.ledger.meter {
        case .workingDays: (first, last) = (Int(from), Int(to))
        // What ends at midnight has nothing of the day that begins then.
        case .workingMinutes: (first, last) = (calendar.zone.day(of: instant(from)).number, lastDay(instant(to)).number + 1)
        case .calendarDays:
            // A last day that is moved counts where it is moved to; those before it are none.
            let moved = clock.ledger.movedLastDay(from: from, left: left, on: calendar)?.number ?? .max
            return (Int(from)..<Int(to)).lazy.map { Day(number: $0) }.filter { day in
                !calendar.has(day) || day.number >= moved
            }
        case .minutes, .months: return []
        }
        return (first..<max(first, min(last, first + ClockExplanation.listedDayLimit))).map { Day(number: $0) }
    }

    private func instant(_ position: Int64) -> Instant {
        clock.ledger.meter.countsDays
            ? calendar.zone.instant(on: Day(number: Int(position)), timeOfDay: 0) : Instant(milliseconds: position)
    }

    private func lastDay(_ due: Instant) -> Day {
        calendar.zone.day(of: due.advanced(byMilliseconds: -1))
    }
}

extension WorkingCalendar {
    /// Why nobody works on a day off.
    func reasonOff(_ day: Day) -> String {
        if !has(day) { return "no such day in \(zone.name)" }
        if let name = exceptions[day]?.name { return name }
        switch day.weekday {
        case .saturday, .sunday: return "weekend"
        case .monday, .tuesday, .wednesday, .thursday, .friday: return "not worked in any week"
        }
    }

    /// Worked, although its weekday is not.
    func isMakeUpDay(_ day: Day) -> Bool {
        isWorkingDay(day) && (week[day.weekday] ?? []).isEmpty
    }
}
