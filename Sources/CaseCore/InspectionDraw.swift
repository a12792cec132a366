import WorkingTime

/// A draw that the catalogue announces: on the first day of each period, some of the cases that were closed in the period before are drawn for
/// inspection.
package struct InspectionDraw: Sendable, Equatable {
    /// How often it is made.
    package enum Period: String, Word {
        case week, month, quarter
    }

    package let id: Identifier<InspectionDraw>
    /// Whose cases they are, and who inspects: the commissioner's, or those of everybody where the post audits.
    package let post: PostID
    package let period: Period
    /// How many cases are drawn.
    package let size: Int
    /// Of which matters; nil for all.
    package let matters: Set<MatterID>?
    /// Its zone says where days begin.
    package let calendar: Identifier<WorkingCalendar>

    /// How many draws a catalogue announces.
    package static let limit = 100
    package static let sizes = 1...100

    package init(
        id: Identifier<InspectionDraw>, post: PostID, period: Period, size: Int, matters: Set<MatterID>? = nil,
        calendar: Identifier<WorkingCalendar>
    ) {
        self.id = id
        self.post = post
        self.period = period
        self.size = size
        self.matters = matters
        self.calendar = calendar
    }
}

extension InspectionDraw.Period {
    /// The first day of the period that a day lies in.
    package func start(of day: Day) -> Day {
        let (year, month, _) = day.components
        return switch self {
        case .week: day.advanced(by: -day.weekday.rawValue)
        case .month: Day(year: year, month: month, day: 1)!
        case .quarter: Day(year: year, month: (month - 1) / 3 * 3 + 1, day: 1)!
        }
    }

    /// The first day of the next period after a day.
    package func start(after day: Day) -> Day {
        let start = start(of: day)
        return switch self {
        case .week: start.advanced(by: 7)
        // No month has more than 31 days, and no quarter more than 92.
        case .month: self.start(of: start.advanced(by: 31))
        case .quarter: self.start(of: start.advanced(by: 92))
        }
    }
}

extension InspectionDraw {
    /// What has to be committed to next, in a register that has its calendar.
    package struct Turn: Sendable, Equatable {
        /// From when on it can be committed to: the day before begins.
        package let opensAt: Instant
        /// The first day of the period in which it is made.
        package let day: Day
        /// How many periods before it were missed, since nothing ran in them.
        package let missed: Int
    }

    /// The next turn after a day for which it was made, or on which it was announced: of several that are due the latest, and the others are
    /// missed.
    package func turn(after last: Day, at now: Instant, in zone: Zone) -> Turn {
        var day = period.start(after: last)
        let opensAt = zone.instant(on: day.advanced(by: -1), timeOfDay: 0)
        let tomorrow = zone.day(of: now).advanced(by: 1)
        var missed = 0
        while period.start(after: day) <= tomorrow {
            day = period.start(after: day)
            missed += 1
        }
        return Turn(opensAt: opensAt, day: day, missed: missed)
    }

    /// The rule of a turn, as it is committed to now: what the catalogue says later does not change it.
    package func rule(of turn: Turn, at now: Instant, in register: Register, zone: Zone) -> DrawRule {
        let to = zone.instant(on: turn.day, timeOfDay: 0)
        let midnight = zone.instant(on: zone.day(of: now).advanced(by: 1), timeOfDay: 0)
        let isAudit = register.posts[post]?.isAuditing ?? false
        let supervised = register.matters.values.filter { $0.assignment.commissioner == post && matters?.contains($0.id) ?? true }
        return DrawRule(
            draw: DrawName(id.raw, turn.day), post: post, isAudit: isAudit,
            matters: isAudit ? (matters ?? []).sorted() : supervised.map(\.id).sorted(),
            from: zone.instant(on: period.start(of: turn.day.advanced(by: -1)), timeOfDay: 0), to: to,
            at: max(to, midnight), size: size, missed: turn.missed)
    }
}

extension Register {
    /// The draws that it announces and whose days it knows, by name: none whose post does not supervise or audit yet.
    package var announcedDraws: [(draw: InspectionDraw, zone: Zone)] {
        draws.values.sorted { $0.id < $1.id }.filter(hasSupervisor).compactMap { draw in
            calendars[draw.calendar].map { (draw, $0.zone) }
        }
    }

    /// Whether somebody supervises its matters, or audits, by what counts.
    func hasSupervisor(_ draw: InspectionDraw) -> Bool {
        if posts[draw.post]?.isAuditing == true { return true }
        return matters.values.contains { $0.assignment.commissioner == draw.post && draw.matters?.contains($0.id) ?? true }
    }

    var drawViolations: [Violation] {
        var found: [Violation] = []
        for draw in draws.values.sorted(by: { $0.id < $1.id }) {
            let path = ["draw", draw.id.raw]
            found += unknown(posts[draw.post], draw.post, path + ["post"], "post")
            found += unknown(calendars[draw.calendar], draw.calendar, path + ["calendar"], "calendar")
            for matter in (draw.matters ?? []).sorted() { found += unknown(matters[matter], matter, path + ["matters"], "matter") }
            func find(_ key: String, _ message: String, _ mend: String, resting premises: [Violation.Premise] = []) {
                found.append(Violation(path: path + [key], rule: .draw, message: message, mend: mend, premises: premises))
            }
            if !InspectionDraw.sizes.contains(draw.size) {
                find("size", "draw \(draw.id) draws \(draw.size) cases", "give a size of 1 to 100")
            }
            if draw.matters?.isEmpty == true { find("matters", "draw \(draw.id) is of no matter", "name some, or leave matters out") }
            guard let post = posts[draw.post], !post.isAuditing else { continue }
            let supervised = matters.values.filter { $0.assignment.commissioner == draw.post }
            let audits = Violation.Premise.key(["post", draw.post.raw, "audits"])
            if supervised.isEmpty {
                find(
                    "post", "draw \(draw.id) is for \(draw.post), which neither supervises nor audits",
                    "name a commissioner, or an auditing post",
                    resting: [audits, .unnamed(kind: "matter", keys: ["commissioner"], name: draw.post.raw)])
            }
            for matter in (draw.matters ?? []).sorted() where !supervised.isEmpty && matters[matter] != nil {
                if supervised.contains(where: { $0.id == matter }) { continue }
                find(
                    "matters", "draw \(draw.id) is of \(matter), which \(draw.post) does not supervise", "name matters of that post",
                    resting: [audits, .key(["matter", matter.raw, "commissioner"])])
            }
        }
        if draws.count > InspectionDraw.limit, let last = draws.keys.max() {
            found.append(
                Violation(
                    path: ["draw", last.raw], rule: .draw, message: "there are \(draws.count) draws",
                    mend: "announce at most \(InspectionDraw.limit)"))
        }
        return found
    }
}
