import CaseCore
import CaseWire
import WorkingTime

extension Reader {
    /// How the deadlines of a case came about: each stretch that counted, and what was skipped in it and why.
    func explain(_ parameters: Parameters) throws -> [UInt8] {
        let file = try load(parameters.caseID()!)
        let terms = try context.catalogs.terms(of: file)
        let wanted = parameters.text("clock").flatMap { ClockKind(rawValue: $0) }
        let clocks = file.clocks.filter { wanted == nil || $0.kind == wanted }
        if let wanted, clocks.isEmpty { throw WireError.notFound("clock", "\(wanted.rawValue) clock on \(file.id)") }
        let now = context.time.now
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("case", file.id.description)
                writer.member("calendar", terms.calendar.name)
                writer.member("zone", terms.calendar.zone.name)
                writer.member("valid_through", terms.calendar.validThrough.description)
                writer.member("catalog_version", file.catalogVersion)
                writer.key("clocks")
                writer.array(of: clocks) { ClockExplanation($1, on: terms.calendar, at: now).write(to: &$0) }
            }
        }
    }
}

/// One clock, redone in the terms of a paper calendar.
private struct ClockExplanation {
    private let clock: Clock
    private let calendar: WorkingCalendar
    private let now: Instant
    /// A description is for people: of longer stretches only the beginning is listed.
    private static let skippedLimit = 400

    init(_ clock: Clock, on calendar: WorkingCalendar, at now: Instant) {
        self.clock = clock
        self.calendar = calendar
        self.now = now
    }

    func write(to writer: inout JSONWriter) {
        let ledger = clock.ledger
        let unit = ledger.meter.quantaPerUnit
        let due = ledger.due(on: calendar)
        writer.object { writer in
            writer.member("clock", clock.kind.rawValue)
            writer.member("generation", clock.generation)
            writer.member("unit", ledger.meter.rawValue)
            writer.member("budget", ledger.budget / unit)
            writer.member("extended", clock.isExtended)
            writer.member("consumed", ledger.consumed(at: clock.endedAt ?? now, on: calendar) / unit)
            writer.member("original_due", clock.originalDue)
            writer.member("due", due)
            writer.member("provisional", due.map { calendar.isProvisional($0) } ?? false)
            writer.member("ended_at", clock.endedAt)
            writer.key("segments")
            writer.array { writer in
                for segment in ledger.segments where segment.to > segment.from {
                    write(from: segment.from, to: segment.to, consumed: segment.consumed / unit, to: &writer)
                }
                if let from = ledger.runningFrom, let due {
                    let end = ledger.meter.countsDays ? Int64(lastDay(due).number + 1) : due.milliseconds
                    let past = ledger.segments.reduce(0) { $0 + $1.consumed }
                    if end > from { write(from: from, to: end, consumed: (ledger.budget - past) / unit, to: &writer) }
                }
            }
        }
    }

    /// - Parameter to: not counted itself.
    private func write(from: Int64, to: Int64, consumed: Int64, to writer: inout JSONWriter) {
        writer.object { writer in
            if clock.ledger.meter.countsDays {
                writer.member("from", Day(number: Int(from)).description)
                writer.member("to", Day(number: Int(to) - 1).description)
            } else {
                writer.member("from", Instant(milliseconds: from))
                writer.member("to", Instant(milliseconds: to))
            }
            writer.member("counted", consumed)
            writer.key("skipped")
            writer.array(of: skipped(from: from, to: to)) { writer, day in
                writer.object {
                    $0.member("day", day.description)
                    $0.member("why", calendar.exceptions[day]?.name ?? "weekend")
                }
            }
        }
    }

    private func skipped(from: Int64, to: Int64) -> [Day] {
        let (first, last): (Int, Int)
        switch clock.ledger.meter {
        case .workingDays: (first, last) = (Int(from), Int(to))
        case .workingMinutes:
            first = calendar.zone.day(of: Instant(milliseconds: from)).number
            last = calendar.zone.day(of: Instant(milliseconds: to)).number + 1
        case .calendarDays, .minutes: return []
        }
        return (first..<max(first, min(last, first + ClockExplanation.skippedLimit))).map { Day(number: $0) }.filter {
            !calendar.isWorkingDay($0)
        }
    }

    private func lastDay(_ due: Instant) -> Day {
        calendar.zone.day(of: due.advanced(byMilliseconds: -1))
    }
}
