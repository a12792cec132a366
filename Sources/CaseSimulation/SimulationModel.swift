import CaseCore
import CaseEngine
import CaseStore
import CaseWire
import Catalogue
import Evidence
import WorkingTime

/// What has to be true of a store after each of its commits, kept apart from the engine and as simple as can be.
struct SimulationModel {
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    /// Cases as their journals make them.
    private(set) var files: [CaseID: CaseFile] = [:]
    /// Cases that have changed since they were compared last.
    private var changed: Set<CaseID> = []
    private var deadlines: [CaseID: Instant] = [:]
    /// What became durable under a key, and when; keys are forgotten after a time, and mean something new then.
    private(set) var effects: [IdempotencyKey: (at: Instant, digest: [UInt8])] = [:]
    /// The events of cases, each with its place and the case before and after it.
    private(set) var history: [(seq: Int64, event: [UInt8], before: CaseFile?, after: CaseFile)] = []
    /// The latest present that the machine has believed.
    private var latest = Instant.first
    /// Keys are kept for thirty days, as the protocol says.
    private static let retention: Int64 = 30 * 86_400_000
    private var journalCount = 0
    /// Who accepted, asked for a correction, examined or recommended, by what the events say and not by what a case makes of them.
    private var examiners: [CaseID: Set<String>] = [:]
    private var recused: [CaseID: Set<String>] = [:]
    private var approvers: [CaseID: Set<String>] = [:]
    private var supervisors: [CaseID: Set<String>] = [:]
    /// When somebody last read a list as an auditor.
    private var listReaders: [String: Instant] = [:]
    /// Services that spoke for whoever approved, and for whoever supervised.
    private var approvingServices: [CaseID: Set<String>] = [:]
    private var supervisingServices: [CaseID: Set<String>] = [:]
    /// Versions of the catalogue, and those to which two unix users agreed: whoever acts has the part by one of them.
    private var versions: [Int: Register] = [:]
    private(set) var agreed: [Register] = []
    private var author: Int64?
    private var pending: Register?
    private var draws = SimulatedDraws()
    /// Changes of which nobody has a part in approving or supervising.
    private static let neutral: Set = [
        Corrected.name, Drawn.name, DeemedAccepted.name, DeemedGranted.name, Lapsed.name, Noted.name, ReadByAdmin.name, RungPassed.name,
        Recalculated.name, Recused.name, Rerouted.name, Withdrawn.name, RevocationOpened.name, RevocationEnded.name, Revoked.name,
        OpinionOverdue.name, OrderEnded.name, ErasureAgreed.name,
    ]
    private var examination = ExaminationModel()
    /// Rungs that have passed: case, clock, generation, place.
    private var rungs: Set<String> = []

    /// The last ones, in which something still happens.
    var newestFiles: [CaseFile] {
        stride(from: files.count, to: max(0, files.count - 12), by: -1).compactMap { files[CaseID(Int64($0))] }.reversed()
    }

    /// The machine works by this present, and believes it.
    mutating func believe(_ present: Instant) {
        latest = max(latest, present)
    }

    /// Whether a key that had its effect then has to be known.
    func isKept(_ effect: Instant) -> Bool {
        latest - effect <= SimulationModel.retention
    }

    /// Takes in what has become durable. Each event is the next of its case; each command that a key stands for has one effect.
    mutating func learn(_ batches: [Batch], _ coverage: inout SimulationCoverage) throws {
        for batch in batches {
            var commandCount = 0
            if let catalog = batch.catalog {
                versions[catalog.version] = try Catalogue(files: catalog.files, isStored: true).register
                if catalog.version == 1 { agreed.append(versions[1]!) }
            }
            if let text = batch.settings["pending-catalog"], !text.isEmpty {
                let files = try JSONReader.read(Array(text.utf8))["parameters"]?["files"]?.members ?? []
                pending = try Catalogue(
                    files: Dictionary(files.map { ($0.name, $0.value.string ?? "") }) { $1 }, isStored: true
                ).register
            }
            for row in batch.journal {
                journalCount += 1
                if try draws.learn(row, files) { coverage.met(event: ServerChange.drawMadeName) }
                guard row.id != CaseID.server else {
                    try learnServer(row.whole, &coverage)
                    continue
                }
                let event = try Event(canonicalBytes: row.whole)
                let before = files[row.id]
                coverage.met(event: event.change.name)
                try check(event, after: before)
                var file = before
                try CaseFile.fold(event, into: &file)
                files[row.id] = file
                changed.insert(row.id)
                history.append((Int64(journalCount), row.whole, before, file!))
                if !event.isOfTime, !event.change.isReading { commandCount += 1 }
            }
            // By the present of its commands, which may go back within a turn where somebody says so.
            if let forgotten = batch.forgottenAnswers { believe(forgotten.before.advanced(byMilliseconds: SimulationModel.retention)) }
            for answer in batch.answers {
                believe(answer.at)
                if let first = effects[answer.key], isKept(first.at) {
                    throw Broken(description: "key \(answer.key.key) had two effects")
                }
                effects[answer.key] = (answer.at, answer.answer.digest)
                guard let file = files[answer.answer.id], file.revision >= answer.answer.revision else {
                    throw Broken(description: "key \(answer.key.key) stands for an event that is not there")
                }
            }
            guard commandCount == batch.answers.count else {
                throw Broken(description: "\(batch.answers.count) keys had \(commandCount) effects")
            }
        }
    }

    /// Takes in to which catalogues two unix users agreed, and who read lists.
    private mutating func learnServer(_ event: [UInt8], _ coverage: inout SimulationCoverage) throws {
        let event = try JSONReader.read(event)
        switch event["event"]?.string {
        case "catalog-applied": author = event["uid"]?.integer
        case "catalog-confirmed":
            coverage.met(event: "catalog-confirmed")
            guard let version = event["data"]?["catalog_version"]?.integer else { return agreed.append(pending!) }
            guard let register = versions[Int(version)] else { throw Broken(description: "version \(version) is confirmed and unknown") }
            if event["uid"]?.integer == author { throw Broken(description: "version \(version) has one word twice") }
            agreed.append(register)
        case ServerChange.casesReadName:
            coverage.met(event: ServerChange.casesReadName)
            let (name, at) = (event["by"]!.string!, Instant(event["at"]!.string!)!)
            let user = SimulatedOffice.users.values.first { Int64($0) == event["uid"]?.integer }.map { "uid:\($0)" }
            for reader in [name, user].compactMap({ $0 }) { listReaders[reader] = at }
        default: break
        }
    }

    /// Each decision is sealed; where time decides, one without a key that counts says so.
    private static func checkSeal(of event: Event) throws {
        func broken(_ what: String) -> Broken { Broken(description: "\(event.file) at \(event.at): \(what)") }
        guard let seal = event.seal else { throw broken("decided, and nothing is said of a seal") }
        guard let armored = seal.signature else {
            if event.by != Principal.clock.name { throw broken("decided by \(event.by) without a seal") }
            return
        }
        do {
            let signature = try SSHSignature(armored: Array(armored.utf8))
            try signature.verify(Array(seal.statement.utf8), namespace: DecisionStatement.namespace)
            guard signature.publicKey == SimulatedOffice.sealKey.publicKey else { throw broken("sealed with another key") }
        } catch let fault as SSHFault {
            throw broken("its seal is no signature over its statement: \(fault)")
        }
        for line in ["case: \(event.file)", "decision: \(event.change.name)", "by: \(event.by)", "at: \(event.at)"]
        where !seal.statement.contains("\n\(line)\n") {
            throw broken("its statement does not say \(line)")
        }
    }

    /// What the reform promises, of each event.
    private mutating func check(_ event: Event, after before: CaseFile?) throws {
        func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
            if !condition { throw Broken(description: "\(event.file) at \(event.at): \(what())") }
        }
        if let decided = event.change as? any Attested, type(of: decided).isDecision { try SimulationModel.checkSeal(of: event) }
        try examination.check(event, in: before?.state, versions, agreed: agreed)
        if let submitted = event.change as? Submitted, let original = submitted.submission.refersTo {
            // Who supervised the one never approves the other.
            supervisors[event.file] = supervisors[original]
            supervisingServices[event.file] = supervisingServices[original]
        }
        switch event.change {
        case is Submitted, is Accepted, is CorrectionRequested, is Declined, is Assigned, is Suspended, is Resumed, is Extended,
            is Examined, is FeeSettled, is Recommended, is Returned, is Granted, is Refused, is Delivered, is OrderAnswered,
            is OpinionAsked, is OpinionGiven, is OpinionWithdrawn:
            approvers[event.file, default: []].formUnion(event.speakers)
            for speaker in event.speakers where !(event.change is Submitted) {
                let readAt = listReaders[speaker] ?? .first
                try require(readAt < before!.origin.at, "\(speaker) approves, and read it in a list at \(readAt)")
            }
            if !(event.change is Submitted), let via = event.via { approvingServices[event.file, default: []].insert(via.raw) }
        case is OrderOpened, is OrderClosed, is Escalated, is Inspected, is ReadByAuditor:
            supervisors[event.file, default: []].formUnion(event.speakers)
            if let via = event.via { supervisingServices[event.file, default: []].insert(via.raw) }
            try require(recused[event.file]?.contains(event.by) != true, "\(event.by) supervises and is recused")
        default:
            try require(
                SimulationModel.neutral.contains(event.change.name), "\(event.change.name) is a change of which the model knows nothing")
        }
        if let uid = event.uid, event.via == nil, event.by != "uid:\(uid)" {
            let bindings: [User.Binding] = [.person(PersonID(event.by)), .service(ServiceID(event.by))]
            let isAgreed = agreed.contains { $0.users[Identifier("\(uid)")].map { bindings.contains($0.binding) } ?? false }
            try require(isAgreed, "uid \(uid) speaks as \(event.by), and two never agreed to that")
        }
        let both = approvers[event.file, default: []].intersection(supervisors[event.file, default: []])
        try require(both.isEmpty, "\(both.sorted()) approve and supervise")
        let services = approvingServices[event.file, default: []].intersection(supervisingServices[event.file, default: []])
        try require(services.isEmpty, "\(services.sorted()) speak for both sides")
        switch event.change {
        case is Granted, is Refused:
            let file = before!
            try require(file.state == .withLeader, "decided while \(file.state)")
            try require(examiners[event.file, default: []].isDisjoint(with: event.speakers), "\(event.by) decides what they examined")
            try require(recused[event.file]?.contains(event.by) != true, "\(event.by) decides and is recused")
            try require(!["cora", "clock", "catalog"].contains(event.by), "\(event.by) decides")
            let isAgreed = agreed.contains { $0.everyActor(for: file.assignment.leader).contains(PersonID(event.by)) }
            try require(isAgreed, "\(event.by) decides, and two never agreed to that")
        case let change as DeemedGranted:
            let file = before!
            try require(file.materials.contains { $0.id == "form" }, "silence grants an incomplete file")
            try require(change.due <= event.at, "silence grants early")
            if let accepted = file.deemedAcceptedAt { try require(change.due > accepted, "silence accepts and grants at once") }
            try require(!file.isSuspended, "silence grants a suspended case")
        case is OpinionGiven, is OpinionOverdue: try checkOpinion(event, after: before!)
        case is Accepted, is CorrectionRequested, is Examined, is Recommended:
            if event.change is Recommended { try require(before!.consultation.awaited.isEmpty, "recommended while an office has time") }
            examiners[event.file, default: []].formUnion(event.speakers)
        case let change as Recused: recused[event.file, default: []].insert(change.person.raw)
        case let change as Extended:
            try require(before!.clocks.first { $0.kind == change.clock }?.isExtended == false, "\(change.clock) is extended twice")
        case is DeemedAccepted, is Lapsed: try require(!before!.isSuspended, "time decides about a suspended case")
        case let passed as RungPassed:
            try require(passed.due <= event.at, "a rung passes early")
            let place = "\(event.file) \(passed.clock) \(passed.generation) \(passed.rung)"
            try require(rungs.insert(place).inserted, "a rung passes twice: \(place)")
        case let change as Recalculated:
            // Silence grants everything but a revocation.
            let deciding: Set<ClockKind> = before!.matter == "revocation" ? [.intake, .correction] : [.intake, .correction, .decision]
            for move in change.moves where move.isEarlier && deciding.contains(move.clock.kind) {
                throw Broken(description: "\(event.file): a catalogue brings \(move.clock.kind) forward to \(move.to!)")
            }
        case let change as RevocationOpened: try requireRevocation(change.revocation, of: event) { $0.isOpen }
        case let change as RevocationEnded: try requireRevocation(change.revocation, of: event) { !$0.isOpen && $0 != .granted }
        case let change as Revoked: try requireRevocation(change.revocation, of: event) { $0 == .granted }
        default: break
        }
    }

    /// The earliest of all cases.
    var nextDeadline: Instant? {
        deadlines.values.min()
    }

    /// Compares what the store says of the cases that have changed, or of all, with what their journals say.
    mutating func check(ofAll isOfAll: Bool = false, _ snapshot: any StoreSnapshot, _ context: Engine.Context) throws {
        func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
            if !condition { throw Broken(description: what()) }
        }
        try require(
            snapshot.lastSeq() == Int64(journalCount), "the journal has more or less than the \(journalCount) rows that were committed")
        let all = CaseFilter(now: context.time.now)
        if isOfAll {
            let listed = try snapshot.ids(all, after: nil, limit: .max)
            try require(listed == files.keys.sorted(), "cases are missing, or more than there are")
            changed = Set(listed)
            for meant in SimulatedWatch.conditions {
                let ids = try snapshot.ids(meant.filter(at: all.now), after: nil, limit: .max)
                try require(ids == files.filter { meant.isMeant($1) }.keys.sorted(), "a list of \(meant) is not what the journals say")
            }
        }
        for id in changed {
            let file = files[id]!
            try requireHeard(file)
            guard let stored = try snapshot.caseFile(id) else { throw Broken(description: "\(id) is missing") }
            try require(stored == file, "\(id) is not what its journal says")
            let row = CaseRow(file, under: try context.catalogs.terms(of: file, in: snapshot))
            deadlines[id] = row.nextDeadline
            let isOverdue = row.due.map { $0 <= all.now } ?? false
            var filter = all
            filter.conditions = [
                .isCase(id), isOverdue ? .isOverdue : .not(.isOverdue), .equal(.state, file.state.rawValue),
                file.isSuspended ? .isSet(.suspended) : .not(.isSet(.suspended)),
            ]
            try require(snapshot.count(filter) == 1, "the row of \(id) differs from the case")
        }
        changed = []
        let next = deadlines.values.min()
        try require(snapshot.nextDeadline() == next, "the next deadline is another than \(next?.description ?? "none")")
        try require(snapshot.openCount() == files.values.count { $0.state.isOpen }, "the number of open cases differs")
    }

    /// Compares the figures that are kept with every command with a count of the whole journal.
    func checkFigures(_ snapshot: any StoreSnapshot, _ context: Engine.Context) throws {
        var counted: [RollupKey: Rollup] = [:]
        try Recount(context.catalogs).run(snapshot) { for (key, sum) in $0 { counted[key, default: Rollup()].add(sum) } }
        // Of each day and of all days, by whom they are asked for.
        let days: [Day?] = [nil] + Set(counted.keys.map(\.day)).sorted()
        for day in days {
            for key in ReportKey.allCases {
                var sums: [String: Rollup] = [:]
                for (of, part) in counted where day == nil || of.day == day { sums[of.value(of: key), default: Rollup()].add(part) }
                let kept = try snapshot.rollups(by: key, ReportFilter(), from: day, to: day.map { Day(number: $0.number + 1) })
                guard kept == sums else {
                    throw Broken(description: "the figures by \(key.rawValue) of \(day?.description ?? "all days") differ from the journal")
                }
            }
        }
        // And some of them counted here, by what the events are called.
        var sum = Rollup()
        for part in counted.values { sum.add(part) }
        let names = history.map { entry in (entry.after, entry.before, String(decoding: entry.event, as: UTF8.self)) }
        for (measure, name) in [
            (Measure.received, "submitted"), (.granted, "granted"), (.refused, "refused"), (.deemedGranted, "deemed-granted"),
            (.extensions, "extended"), (.corrections, "correction-requested"), (.pauses, "suspended"), (.returns, "returned"),
        ] {
            let isAsking = measure == .pauses
            let count = names.count {
                $0.2.contains("\"event\":\"\(name)\"") || isAsking && $0.2.contains("opinion-asked") && $0.2.contains("\"suspends\":true")
            }
            guard sum[measure] == count else {
                throw Broken(description: "\(count) cases were \(name), and the figures say \(sum[measure])")
            }
        }
    }

    /// What a watch hears that began behind a place: each event of a case that was meant before it or is meant after it.
    func heard(after seq: Int64, _ isMeant: (CaseFile) -> Bool) -> [[UInt8]] {
        history.filter { $0.seq > seq && ($0.before.map(isMeant) ?? false || isMeant($0.after)) }.map { entry in
            Array("{\"seq\":\(entry.seq),".utf8) + entry.event.dropFirst()
        }
    }
}

extension RollupKey {
    fileprivate func value(of key: ReportKey) -> String {
        switch key {
        case .office: assignment.office.raw
        case .matter: matter.raw
        case .leader: assignment.leader.raw
        case .commissioner: assignment.commissioner.raw
        }
    }
}

extension Event {
    /// Who took the step, by name and, where nobody spoke for them, by unix user.
    fileprivate var speakers: Set<String> {
        via == nil ? Set([by] + (uid.map { ["uid:\($0)"] } ?? [])) : [by]
    }

    /// Whether time, a catalogue or another case brought it about, and nobody's command.
    fileprivate var isOfTime: Bool {
        by == Principal.clock.name || by == Principal.catalog.name || CaseID(by) != nil
    }
}

extension CaseFile {
    /// When silence accepted it: its intake ended then, and nobody had examined it.
    fileprivate var deemedAcceptedAt: Instant? {
        participants[.examining].isEmpty ? clocks.first { $0.kind == .intake }?.endedAt : nil
    }
}
