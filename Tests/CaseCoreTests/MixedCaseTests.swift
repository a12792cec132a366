import CaseCore
import CaseTesting
import Catalogue
import Foundation
import Testing
import WorkingTime

/// Cases whose clocks count in all units, that are accepted by word or by silence, stand still, are extended, corrected, returned, and whose
/// catalogue changes what has passed: each deadline is the one that is found with a calendar of paper.
@Suite("Mixed cases, compared with a calendar of paper")
struct MixedCaseTests {
    /// `make drills` walks a thousand offices: 200,000 cases. `MIXED_OFFICES=300-599` walks those, and `MIXED_OFFICES=92` that one.
    private static let offices: ClosedRange<Int> = {
        let environment = ProcessInfo.processInfo.environment
        let named = (environment["MIXED_OFFICES"] ?? "").split(separator: "-").compactMap { Int($0) }
        if let first = named.first, let last = named.last, first <= last { return first...last }
        return 0...(environment["CASED_DRILLS"] == nil ? 11 : 999)
    }()
    private static let caseCount = 200

    @Test(
        "R1–R9, R12, R24, R25, R42–R45: However a case was accepted, stood still, was extended, returned and recounted, its deadlines are those that counting by hand finds"
    )
    func mixed() async throws {
        let happened = try await withThrowingTaskGroup(of: [String: Int].self) { offices in
            for seed in Self.offices { offices.addTask { try Self.live(seed: seed) } }
            return try await offices.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        }
        // What is always refused shows nothing; and whatever happens is to happen often, where it is not a few that are looked at.
        guard Self.offices.count >= 12 else { return }
        let byTime = [DeemedAccepted.name, DeemedGranted.name, Lapsed.name, RungPassed.name, OpinionOverdue.name]
        let expected = Deed.allCases.map(\.name) + byTime + Kept.allCases.map(\.rawValue)
        #expect(Set(happened.keys) == Set(expected))
        for name in expected { #expect(happened[name, default: 0] >= Self.offices.count, "\(name): one in each office, on the average") }
    }

    /// The cases of an office.
    ///
    /// - Returns: how often what happened to them.
    private static func live(seed: Int) throws -> [String: Int] {
        var random = SeededRandom(seed: UInt64(seed))
        let office = try office(using: &random)
        var happened: [String: Int] = [:]
        for number in 0..<caseCount {
            var life = MixedLife(office, using: &random)
            try life.run(using: &random)
            happened.merge(life.happened, uniquingKeysWith: +)
            #expect(
                life.differences.isEmpty,
                "office \(seed), case \(number): \(life.differences.joined(separator: "\n"))\n\(life.log.joined(separator: "\n"))")
            guard life.differences.isEmpty else { break }
        }
        return happened
    }

    /// An office whose catalogue holds: where silence would grant before it accepts, another one.
    private static func office(using random: inout SeededRandom) throws -> MixedOffice {
        while true {
            do {
                return try MixedOffice(using: &random)
            } catch let refused as Catalogue.Refused where refused.findings.allSatisfy({ $0.rule == .ladder }) {}
        }
    }
}

/// Two versions of a catalogue, with policies in all units, and their calendars on paper.
private struct MixedOffice {
    let registers: [Register]
    let papers: [PaperCount]
    let matters: [MatterID]
    /// Cases are submitted from here on.
    let begin: Instant

    private static let matterCount = 10
    private static let zones = [
        "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu",
        "Pacific/Auckland",
    ]
    private static let weeks = [
        #"["09:00-12:00", "14:00-17:00"]"#, #"["08:30-17:15"]"#, #"["22:00-06:00"]"#, #"["00:00-24:00"]"#, #"["01:15-02:45"]"#,
    ]

    init(using random: inout SeededRandom) throws {
        let (zone, windows) = (Self.zones.randomElement(using: &random)!, Self.weeks.randomElement(using: &random)!)
        let end = Bool.random(using: &random) ? "24:00" : ["17:00", "12:00", "23:45"].randomElement(using: &random)!
        let months = [2, 3, 9, 10]
        let begin = Day("2026-\(["02", "03", "09", "10"][Int.random(in: 0..<months.count, using: &random)])-10")!
        func days(_ count: Int) -> Set<Day> {
            Set((0..<count).map { _ in begin.advanced(by: Int.random(in: -2...90, using: &random)) })
        }
        let off = days(8)
        let worked = days(4).subtracting(off)
        // Holidays come, and others go.
        let changed = days(4).subtracting(worked).union(off.sorted().filter { _ in Bool.random(using: &random) })
        func calendar(_ off: Set<Day>) -> String {
            let week = ["monday", "tuesday", "wednesday", "thursday", "friday"].map { "\($0) = \(windows)" }.joined(separator: "\n")
            return "[calendar.c]\nzone = \"\(zone)\"\nvalid-through = 2026-12-31\nday-ends = \"\(end)\"\n[calendar.c.week]\n\(week)\n"
                + off.sorted().map { "[[calendar.c.holiday]]\nname = \"off\"\non = \($0)\n" }.joined()
                + worked.sorted().filter { [.saturday, .sunday].contains($0.weekday) }.map {
                    "[[calendar.c.make-up]]\nname = \"worked\"\non = \($0)\nwindows = \(windows)\n"
                }.joined()
        }
        let policies = (0..<Self.matterCount).map { _ in Policy(using: &random) }
        let names = policies.indices.map { "m\($0)" }
        func files(_ calendar: String, isLater: Bool) -> [String: String] {
            var files = SmallOffice.files(user: 4711)
            files["calendar.toml"] = calendar
            files["sla.toml"] = policies.enumerated().map { $1.sla("p\($0)", isLater: isLater) }.joined()
            files["matters.toml"] = policies.enumerated().map { $1.matter("m\($0)", policy: "p\($0)") }.joined()
            return SmallOffice.consulting(files, matters: names)
        }
        let registers = [
            try Catalogue(files: files(calendar(off), isLater: false)).register,
            try Catalogue(files: files(calendar(off.symmetricDifference(changed)), isLater: true)).register,
        ]
        let zoned = registers[0].calendars["c"]!.zone
        (self.registers, self.begin, matters) = (registers, zoned.instant(on: begin, timeOfDay: 0), names.map { MatterID($0) })
        papers = registers.map { PaperCount($0.calendars["c"]!, from: zoned.instant(on: begin.advanced(by: -1), timeOfDay: 0), days: 400) }
    }

    /// What a law says of the clocks of one matter.
    private struct Policy {
        private var limits: [(clock: ClockKind, amount: Int, unit: String, more: String)] = []
        private let countsFirstDay: Bool
        private let silenceGrants: Bool
        private let extension_: String
        /// By how much the limit of the decision grows with the later version.
        private let growth: Int

        init(using random: inout SeededRandom) {
            countsFirstDay = Int.random(in: 0..<4, using: &random) == 0
            silenceGrants = Int.random(in: 0..<4, using: &random) == 0
            growth = silenceGrants ? 0 : Int.random(in: -1...2, using: &random)
            let units: [(unit: String, amounts: ClosedRange<Int>)] = [
                ("working-days", 2...12), ("calendar-days", 2...25), ("weeks", 1...4), ("months", 1...2), ("working-hours", 2...30),
                ("hours", 2...120), ("minutes", 15...15),
            ]
            for clock in [ClockKind.intake, .correction, .decision, .promise, .review, .leader] {
                let (unit, amounts) = units.randomElement(using: &random)!
                let rolls = ["calendar-days", "weeks", "months"].contains(unit) && Bool.random(using: &random)
                let isFresh = !clock.traits.isStage || Bool.random(using: &random)
                limits.append(
                    (
                        clock, Int.random(in: amounts, using: &random) + (clock == .decision ? 1 : 0), unit,
                        (rolls ? "rolls = true\n" : "") + (isFresh ? "" : "fresh-on-return = false\n")
                    ))
            }
            let decision = limits.first { $0.clock == .decision }!
            if decision.unit == "minutes" { limits[2].amount = 30 }
            extension_ = decision.unit == "minutes" ? "15 minutes" : "\(Int.random(in: 1...2, using: &random)) \(decision.unit)"
        }

        func sla(_ name: String, isLater: Bool) -> String {
            "[sla.\(name)]\ncalendar = \"c\"\ncounts-first-day = \(countsFirstDay)\n"
                + limits.map { limit in
                    let added = isLater && limit.clock == .decision ? limit.unit == "minutes" ? 15 * growth : growth : 0
                    return "[sla.\(name).\(limit.clock.rawValue)]\nbudget = \"\(limit.amount + added) \(limit.unit)\"\n\(limit.more)"
                }.joined()
                + "[sla.\(name).suspension]\nlongest = \"60 calendar-days\"\n"
        }

        func matter(_ name: String, policy: String) -> String {
            """
            [matter.\(name)]
            name = "\(name)"
            office = "permits"
            leader = "leader"
            commissioner = "commissioner"
            sla = "\(policy)"
            basis = "Mixed Act, § 1"
            channels = ["window", "online"]
            \(silenceGrants ? "silence = \"grants\"" : "")
            extension = { limit = "\(extension_)", authority = "bureau-head" }
            [[matter.\(name).material]]
            id = "form"

            """
        }
    }
}

/// What can be tried on a case.
private enum Deed: CaseIterable {
    case accept, requestCorrection, correct, suspend, resume, extend, recommend, giveBack, askOpinion, recalculate, recalculateKeeping

    /// As often as they are tried.
    static let weighted = allCases.flatMap { repeatElement($0, count: $0.weight) }

    private var weight: Int {
        switch self {
        case .accept, .suspend, .resume: 4
        case .requestCorrection, .correct, .extend, .recommend, .giveBack: 2
        case .recalculateKeeping: 3
        case .askOpinion, .recalculate: 1
        }
    }

    /// What is noted of it once it is done.
    var name: String {
        switch self {
        case .accept: Accepted.name
        case .requestCorrection: CorrectionRequested.name
        case .correct: Corrected.name
        case .suspend: Suspended.name
        case .resume: Resumed.name
        case .extend: Extended.name
        case .recommend: Recommended.name
        case .giveBack: Returned.name
        case .askOpinion: OpinionAsked.name
        case .recalculate: Recalculated.name
        case .recalculateKeeping: "\(Recalculated.name), keeping promises"
        }
    }
}

/// Where a promise took more time than the new rules alone would give.
private enum Kept: String, CaseIterable {
    case running = "kept while it ran"
    case standing = "kept while it stood still"
    case resumed = "kept as it ran on"
}

/// One case, beside what a person with a calendar of paper writes down of it.
private struct MixedLife {
    private let office: MixedOffice
    private let matter: MatterID
    private var version = 1
    private var file: CaseFile
    private var now: Instant
    private var promises: [ClockKind: PaperCount.Promise] = [:]
    private var pauses: [(from: Instant, to: Instant?)] = []
    private(set) var differences: [String] = []
    private(set) var log: [String] = []
    /// How often what happened.
    private(set) var happened: [String: Int] = [:]
    /// What was promised to clocks that stood still as the catalogue changed.
    private var standing: [ClockKind: PaperCount.Promise] = [:]

    init(_ office: MixedOffice, using random: inout SeededRandom) {
        self.office = office
        matter = office.matters.randomElement(using: &random)!
        now = office.begin.advanced(byMilliseconds: Int64.random(in: 0..<96 * 25, using: &random) * PaperCount.quarter)
        let small = Office(matter: matter, register: office.registers[0], start: now.description)
        file = try! small.submit()
        begin(.intake, at: now)
        log.append(
            "\(now) submitted \(matter) \(terms.limits.map { "\($0.key) \($0.value.budget)\($0.value.rolls ? " rolls" : "")" }.sorted())")
    }

    private var terms: Terms {
        let register = office.registers[version - 1]
        return Terms(
            matter: matter, pinned: office.registers[0], rules: register, former: [1: office.registers[0]], newest: register)!
    }

    private var paper: PaperCount { office.papers[version - 1] }

    private mutating func begin(_ kind: ClockKind, at start: Instant, byTime: Bool = false) {
        guard let limit = terms.limits[kind] else { return }
        promises[kind] = PaperCount.Promise(
            start: start, budget: limit.budget, countsFirstDay: terms.countsFirstDay, rolls: limit.rolls, beginsAtEnd: byTime)
    }

    /// A stage to which the file comes back begins anew, or goes on where its limit says so.
    private mutating func beginStage(_ kind: ClockKind) {
        if terms.limits[kind]?.isFreshOnReturn == false, var promise = promises[kind], let gone = promise.pauses.last, gone.to == nil {
            promise.pauses[promise.pauses.count - 1].to = now
            // Under the limit that is in force: what was added to keep a promise is not there any more.
            promise.additions = []
            promises[kind] = promise
        } else {
            begin(kind, at: now)
        }
    }

    private mutating func leaveStage(_ kind: ClockKind) {
        promises[kind]?.pauses.append((now, nil))
    }

    mutating func run(using random: inout SeededRandom) throws {
        for _ in 0..<Int.random(in: 2...14, using: &random) {
            let gap = Int64.random(in: 0..<96 * [1, 2, 6].randomElement(using: &random)!, using: &random) * PaperCount.quarter
            passTime(to: now.advanced(byMilliseconds: Int.random(in: 0..<6, using: &random) == 0 ? 0 : gap))
            guard file.state.isOpen else { return }
            // What the state refuses is tried in vain, and something else then.
            var tries = 0
            while tries < 5, !act(using: &random) { tries += 1 }
            compare()
        }
    }

    /// What comes by itself until an instant.
    private mutating func passTime(to instant: Instant) {
        while file.state.isOpen, let next = file.nextDeadline(under: terms), next.at <= instant {
            let decided: ClockKind? =
                switch next.command {
                case is DeemAccept: .intake
                case is DeemGrant: .decision
                case is Lapse: .correction
                default: nil
                }
            now = max(now, next.at)
            if let decided { compare(decided, next.at) }
            let isTaken = take(next.command, .clock)
            precondition(isTaken, "time was refused")
        }
        now = instant
    }

    /// - Returns: whether anything was done.
    private mutating func act(using random: inout SeededRandom) -> Bool {
        switch Deed.weighted.randomElement(using: &random)! {
        case .accept: return take(Accept(), .office)
        case .requestCorrection: return take(RequestCorrection(missing: ["form"], note: ""), .office)
        case .correct: return take(Correct(materials: [SubmittedMaterial(id: "form")], note: ""), .submitter)
        case .suspend:
            let kind = Suspension.Kind.allCases.randomElement(using: &random)!
            return take(Suspend(kind, basis: "Art. 45", expected: Length(3, .workingDays), note: ""), .office)
        case .resume: return take(Resume(file.suspensions.randomElement(using: &random)?.kind), .office)
        case .extend:
            guard let limit = terms.matter.extension_?.limit else { return false }
            return take(Extend(.decision, by: limit, reason: "hard"), .extensionAuthority)
        case .recommend: return take(Recommend(.grant, opinion: "in order"), .office)
        case .giveBack: return take(Return(reason: "say more"), .leader)
        case .askOpinion: return take(AskOpinion("water", question: "safe?"), .office)
        case .recalculate: return recalculate(allowsEarlier: true)
        case .recalculateKeeping: return recalculate(allowsEarlier: false)
        }
    }

    private mutating func recalculate(allowsEarlier: Bool) -> Bool {
        // What decides keeps what it was promised, whatever is allowed, which is not what this is about.
        guard version == 1, !terms.matter.silenceGrants, file.state != .submitted, file.state != .correction else { return false }
        let (former, before) = (terms, promises)
        version = 2
        guard take(Recalculate(version: 2, former: former, allowsEarlier: allowsEarlier), .catalog) else {
            version = 1
            return false
        }
        let budget = terms.limits[.decision]!.budget
        promises[.decision]?.budget = budget
        note(allowsEarlier ? Deed.recalculate.name : Deed.recalculateKeeping.name)
        if !allowsEarlier {
            for kind in file.clocks.filter(\.isLive).map(\.kind) {
                if let promised = before[kind] { keep(kind, promised) }
            }
        }
        return true
    }

    /// Keeps what was promised until the catalogue changed.
    private mutating func keep(_ kind: ClockKind, _ promised: PaperCount.Promise) {
        let former = office.papers[0]
        if let due = former.due(counted(promised)) {
            // What is over is promised to nobody.
            if due > now { lengthen(kind, to: paper.kept(counted(kind), until: due, at: now), .running) }
        } else {
            lengthen(kind, to: paper.kept(counted(kind), leaving: counted(promised), of: former, at: now), .standing)
            standing[kind] = promised
        }
    }

    /// Runs on no shorter than it would have under the calendar by which it stood still.
    private mutating func keepStanding() {
        for (kind, promised) in standing where file.liveClock(kind) != nil {
            let due = office.papers[0].due(counted(promised))!
            lengthen(kind, to: paper.kept(counted(kind), until: due, at: now), .resumed)
        }
        standing = [:]
    }

    private mutating func lengthen(_ kind: ClockKind, to longer: PaperCount.Promise, _ kept: Kept) {
        guard longer.additions.count > promises[kind]!.additions.count else { return }
        promises[kind]!.additions = longer.additions
        note(kept.rawValue)
    }

    private mutating func note(_ name: String) {
        happened[name, default: 0] += 1
    }

    /// - Returns: false where it was refused.
    private mutating func take(_ command: any CaseCommand, _ role: Role) -> Bool {
        let wasSuspended = file.isSuspended
        guard let step = try? file.respond(to: command, by: Office.principal(role), under: terms, at: now) else { return false }
        file.apply(step.event)
        log.append("\(now) \(step.event.change.name)")
        if !(step.event.change is Recalculated) { note(step.event.change.name) }
        for clock in file.clocks where !clock.isSound { differences.append("\(clock.id) could not be read again") }
        if file.isSuspended != wasSuspended {
            if wasSuspended {
                pauses[pauses.count - 1].to = now
                keepStanding()
            } else {
                pauses.append((now, nil))
            }
        }
        switch step.event.change {
        case is CorrectionRequested: begin(.correction, at: now)
        case is Corrected where promises[.correction] != nil && file.state == .submitted: begin(.intake, at: now)
        case is Accepted:
            for kind in [ClockKind.decision, .promise, .review] { begin(kind, at: now) }
        case is DeemedAccepted:
            for kind in [ClockKind.decision, .promise] { begin(kind, at: promises[.intake]!.start) }
            begin(.review, at: now, byTime: true)
        case let change as Extended:
            promises[.decision]!.additions.append((now, paper.extended(counted(.decision), by: change.by)))
        case is Recommended:
            leaveStage(.review)
            beginStage(.leader)
        case is Returned:
            leaveStage(.leader)
            beginStage(.review)
        default: break
        }
        return true
    }

    private func counted(_ kind: ClockKind) -> PaperCount.Promise {
        counted(promises[kind]!)
    }

    /// A promise with all that it stood still for.
    private func counted(_ promise: PaperCount.Promise) -> PaperCount.Promise {
        var promise = promise
        promise.pauses = (promise.pauses + pauses.filter { pause in pause.to.map { $0 > promise.start } ?? true }).sorted {
            $0.from < $1.from
        }
        return promise
    }

    private mutating func compare() {
        for clock in file.clocks where clock.isLive && promises[clock.kind] != nil {
            compare(clock.kind, clock.ledger.due(on: terms.calendar))
        }
    }

    private mutating func compare(_ kind: ClockKind, _ due: Instant?) {
        // An overdue clock is due when it was, also while it stands still.
        let counted = paper.due(counted(kind))
        if due != counted { differences.append("\(kind) due \(due?.description ?? "never"), on paper \(counted?.description ?? "never")") }
    }
}
