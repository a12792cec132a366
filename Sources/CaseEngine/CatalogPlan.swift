import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

/// What a new catalogue would change, against the newest version.
struct CatalogPlan {
    let catalog: Catalogue
    /// The number that it would have; the present one where nothing changes.
    let version: Int
    let changes: [EntryChange]
    /// What running cases would notice, by matter.
    let impact: [Impact]
    /// Whether deadlines of running cases may come before the ones that were promised.
    let allowsEarlier: Bool
    let reorganisation: Reorganisation
    /// What of it counts while nobody but its author has agreed to it, and the parts that wait for that.
    let inForce: Register
    let waiting: [Appointment]
    /// Officers who lose their post in an office, and how many of its open cases they handle: these fall to its head.
    let leavers: [Leaver]
    /// Offices and posts that go without one that succeeds them, and how many closed cases are theirs: these are with nobody but auditors then.
    let abandoned: [Abandonment]
    /// Its files without those that keep unix users bound.
    let givenFiles: [String: String]
    /// Whether it binds no unix user itself, so that those of the version before stay bound.
    let keepsUsers: Bool
    private let allowsEstablishmentChange: Bool
    private let allowsSingleWord: Bool
    private let context: Engine.Context
    private let isFirst: Bool
    private let comparison: CatalogueComparison
    private let old: Register

    /// What an office or a post leaves behind that no other succeeds.
    struct Abandonment {
        /// Such as `post.leader`.
        let entry: String
        let closedCount: Int
        /// How many of them wait for their delivery, or for an answer or an end of an order.
        let waitingCount: Int
    }

    struct Impact {
        let matter: MatterID
        let openCount: Int
        /// Also counts decided cases that are not delivered.
        let runningCount: Int
        let isOrphaned: Bool
        let isRerouted: Bool
        /// Whether its clocks would follow another calendar or other limits.
        let isRecalculated: Bool
    }

    /// - Parameters:
    ///   - known: what its files say, where they were read before.
    ///   - reader: for whom the running cases are counted.
    init(_ parameters: Parameters, _ context: Engine.Context, known: Catalogue? = nil, for reader: StoreReader) throws(WireError) {
        self.context = context
        let present = context.catalogs.newestVersion
        isFirst = present == 0
        if let expected = parameters.integer("if_version"), expected != Int64(present) {
            throw WireError(
                .conflict, kind: "catalog.version_conflict", "the newest catalogue is version \(present), not \(expected)",
                hint: "make the plan again")
        }
        var files: [String: String] = [:]
        for member in parameters.object("files")?.members ?? [] { files[member.name] = member.value.string }
        do throws(Catalogue.Refused) {
            if let known {
                (catalog, keepsUsers, givenFiles) = (known, false, known.files)
            } else {
                func isAdmin(_ user: Identifier<User>) -> Bool {
                    UInt32(user.raw).map { context.principals.administers(Peer(uid: $0)) } ?? (user.raw == "root")
                }
                let isTraining = context.catalogs.isTraining
                let given = try Catalogue(files: files) { isTraining ? [] : $0.adminViolations(isAdmin: isAdmin) }
                givenFiles = given.files
                keepsUsers = parameters.boolean("without_users") != true && given.register.users.isEmpty
                catalog = try keepsUsers ? given.keepingUsers(of: context.catalogs.asWritten) : given
                if keepsUsers, !isTraining { try catalog.requireUnboundAdmins(isAdmin: isAdmin) }
            }
        } catch {
            throw CatalogPlan.refusal(error)
        }
        old = context.catalogs.newest
        let register = catalog.register
        inForce = isFirst || context.catalogs.isTraining ? register : register.inForce(after: old)
        waiting = inForce.appointments(to: register)
        allowsEarlier = parameters.boolean("allow_earlier") ?? false
        allowsEstablishmentChange = parameters.boolean("allow_establishment_change") ?? false
        allowsSingleWord = parameters.boolean("allow_single_word") ?? false
        reorganisation = Reorganisation(from: old, to: catalog.register)
        changes = context.catalogs.asWritten.changes(to: catalog.register)
        version = changes.isEmpty ? present : present + 1
        do {
            let (old, new, now) = (old, inForce, context.time.now)
            let leaving = CatalogPlan.leaving(from: old, to: new)
            let lost = register.unsucceeded(from: old)
            let gone = old.matters.keys.filter { register.matters[$0] == nil }.sorted()
            let files = catalog.files
            let (counts, held, left, ordered, comparison) = try context.store.read(for: reader) { snapshot in
                func count(_ conditions: CaseCondition...) throws -> Int {
                    var filter = CaseFilter(now: now)
                    filter.conditions = conditions
                    return try snapshot.count(filter)
                }
                let left = try lost.map { entry, isTheirs in
                    Abandonment(
                        entry: entry, closedCount: try count(isTheirs, .isClosed),
                        waitingCount: try count(isTheirs, .isClosed, .any([.isSet(.running), .isSet(.ordered)])))
                }
                let ordered = try gone.map { matter in
                    (matter, try count(.equal(.matter, matter.raw), .isSet(.ordered), .not(.isSet(.running))))
                }
                let held = try leaving.map { leaver, matters in
                    let isTheirs = CaseCondition.all([
                        .equal(.handler, leaver.person.raw), .isAny(.matter, matters.map { .text($0.raw) }),
                    ])
                    return Leaver(
                        leaver.person, leaver.office, openCount: try count(.not(.isClosed), isTheirs),
                        deliveryCount: try count(.isClosed, .isSet(.running), isTheirs))
                }
                let written = try snapshot.catalog(version: nil)?.files ?? [:]
                return (try snapshot.runningCounts(), held, left, ordered, CatalogueComparison(from: written, to: files))
            }
            self.comparison = comparison
            abandoned = left.filter { $0.closedCount > 0 }
            leavers = held.filter { $0.openCount + $0.deliveryCount > 0 }
            let running = ordered.reduce(into: counts) { counts, ordered in
                let known = counts[ordered.0] ?? RunningCount(running: 0, open: 0)
                counts[ordered.0] = RunningCount(running: known.running + ordered.1, open: known.open)
            }
            impact = CatalogPlan.impact(from: old, to: catalog.register, running)
        } catch {
            throw context.failure("the running cases could not be counted", error)
        }
    }

    /// What a client hears of a catalogue that breaks rules.
    static func refusal(_ error: Catalogue.Refused) -> WireError {
        WireError(
            .ruleRefused, kind: "catalog.refused", error.message("the catalogue"),
            details: .object([
                .init("findings", .array(error.findings.lines.map { .string($0) }))
            ]), hint: error.findings.first?.description)
    }

    /// An officer who holds no post any more of the office that has their cases then.
    struct Leaver {
        let person: PersonID
        /// The office that has the cases then: they fall to its head.
        let office: OfficeID
        let openCount: Int
        /// Decided cases that wait for their delivery.
        let deliveryCount: Int

        init(_ person: PersonID, _ office: OfficeID, openCount: Int, deliveryCount: Int) {
            (self.person, self.office, self.openCount, self.deliveryCount) = (person, office, openCount, deliveryCount)
        }
    }

    private struct Leave: Hashable {
        let person: PersonID
        let office: OfficeID
    }

    /// Who leaves the offices that have the cases of some matters, with those matters: as `BatchBuilder.reroute` finds them. An office that is
    /// succeeded is left by nobody whose post goes along.
    private static func leaving(from old: Register, to new: Register) -> [(Leave, [MatterID])] {
        var matters: [Leave: [MatterID]] = [:]
        for matter in new.matters.values {
            guard let before = old.matters[matter.id] else { continue }
            let office = matter.assignment.office
            for person in old.officers(of: before.assignment.office).subtracting(new.officers(of: office)) {
                matters[Leave(person: person, office: office), default: []].append(matter.id)
            }
        }
        return matters.sorted { ($0.key.person, $0.key.office) < ($1.key.person, $1.key.office) }.map { ($0.key, $0.value.sorted()) }
    }

    var orphans: [String] {
        impact.filter(\.isOrphaned).map { "\($0.matter) (\($0.runningCount))" }
    }

    /// Why it cannot be applied as it is; nil where it can.
    var obstacle: WireError? {
        if !orphans.isEmpty {
            return WireError(
                .ruleRefused, kind: "catalog.orphans_cases",
                "running cases would be left without their matter: \(orphans.joined(separator: ", "))",
                hint: "keep these matters until their cases are closed, delivered, and without open orders")
        }
        if let sentence = impact.lazy.filter(\.isRerouted).compactMap({ reorganisation.obstacle(to: $0.matter) }).first {
            return WireError(
                .ruleRefused, kind: "catalog.no_successor", sentence, hint: "add succeeds = [\"…\"] to the office that takes over")
        }
        if let left = abandoned.first(where: { $0.waitingCount > 0 }) {
            return WireError(
                .ruleRefused, kind: "catalog.no_successor",
                "\(left.entry) goes, and \(left.waitingCount) of its closed cases wait for their delivery or have an open order",
                hint: "add succeeds = [\"…\"] to the one that takes over")
        }
        if !isFirst, reorganisation.changesOffices, !allowsEstablishmentChange,
            !reorganisation.after.hasPosts(of: reorganisation.before)
        {
            return WireError(
                .ruleRefused, kind: "catalog.establishment_changed",
                "offices change, and so does the number of posts, leading posts or ranks",
                hint: "casectl catalog plan shows both; allow it with --allow-establishment-change")
        }
        if !old.secondWords.isEmpty, [inForce, catalog.register].contains(where: \.secondWords.isEmpty), !context.catalogs.isTraining,
            !allowsSingleWord
        {
            return WireError(
                .ruleRefused, kind: "catalog.single_word",
                "nobody but an admin could agree to a later version: \(old.secondWords.map(\.raw).joined(separator: ", ")) would not any more",
                hint:
                    "keep an auditor, or the holder of a post with confirms = true, and their unix user (files that bind users bind all of them); allow it with --allow-single-word"
            )
        }
        return nil
    }

    /// What would bring the new rules to the running cases; nil where their clocks do not change.
    ///
    /// - Parameter unfinished: a change that is still under way. Its cases go to the newest rules at once.
    func job(after unfinished: RecalculationJob?) -> RecalculationJob? {
        let changed = impact.filter(\.isRecalculated)
        guard !changed.isEmpty else { return nil }
        // What is still under way for other reasons goes along.
        let matters = Set(changed.map(\.matter)).union(unfinished?.matters ?? []).sorted()
        let count = changed.reduce(0) { $0 + $1.runningCount } + (unfinished.map { $0.caseCount - $0.doneCount } ?? 0)
        // What was allowed for a matter that has not changed again still is.
        let earlier = (unfinished?.earlierMatters ?? []).subtracting(changed.map(\.matter)).union(
            allowsEarlier ? changed.map(\.matter) : [])
        return RecalculationJob(
            version: version, earlierMatters: earlier, isForRules: true, isForZones: unfinished?.isForZones ?? false, caseCount: count,
            matters: matters)
    }

    /// The reply, with what would become of the clocks and of who decides where that was looked up.
    ///
    /// - Parameters:
    ///   - further: why it cannot be applied, besides what the plan itself finds.
    ///   - toAgreeAgain: the day of the catalogue that waits for it, and to which nobody has agreed with this change.
    func result(
        _ clocks: ClockImpact? = nil, _ stranded: StrandedCases? = nil, further: WireError? = nil, toAgreeAgain: Instant? = nil
    ) -> [UInt8] {
        let refusal = obstacle ?? further
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("version", version)
                writer.key("changes")
                writer.changes(comparison.entries(changes, showsUsers: true))
                writer.member("keeps_users", orNull: keepsUsers ? catalog.register.users.count : nil)
                writer.key("impact")
                writer.array(of: impact) { writer, impact in
                    writer.object {
                        $0.member("matter", impact.matter.raw)
                        $0.member("open", impact.openCount)
                        $0.member("running", impact.runningCount)
                        $0.member("rerouted", impact.isRerouted)
                        $0.member("orphaned", impact.isOrphaned)
                        $0.member("reprojected", impact.isRecalculated)
                    }
                }
                writer.member("effective", catalog.register.effectiveAt)
                writer.key("reorganisation")
                write(reorganisation, to: &writer)
                writer.key("waiting")
                writer.array(of: waiting) { $1.write(to: &$0) }
                writer.key("leavers")
                writer.array(of: leavers) { writer, leaver in
                    writer.object {
                        $0.member("person", leaver.person.raw)
                        $0.member("office", leaver.office.raw)
                        $0.member("cases", leaver.openCount)
                        $0.member("deliveries", leaver.deliveryCount)
                    }
                }
                writer.key("abandoned")
                writer.array(of: abandoned) { writer, left in
                    writer.object {
                        $0.member("entry", left.entry)
                        $0.member("cases", left.closedCount)
                    }
                }
                writer.member("warnings", catalog.warnings.lines)
                writer.member("training", context.catalogs.isTraining)
                writer.member("second_words", Set(inForce.secondWords).intersection(catalog.register.secondWords).map(\.raw).sorted())
                writer.member("agree_again", toAgreeAgain)
                writer.member("refused", refusal?.message)
                writer.member("hint", refusal?.hint)
                if let clocks {
                    writer.key("clocks")
                    clocks.write(to: &writer)
                }
                if let stranded {
                    writer.key("stranded")
                    stranded.write(to: &writer)
                }
            }
        }
    }

    private func write(_ change: Reorganisation, to writer: inout JSONWriter) {
        func write(_ establishment: Establishment, to writer: inout JSONWriter) {
            writer.object { writer in
                writer.member("offices", establishment.officeCount)
                writer.member("average_staff_tenths", establishment.averageStaffTenths)
                writer.member("staff", establishment.staffCount)
                writer.member("leading_posts", establishment.leadingCount)
                writer.key("ranks")
                writer.object { writer in
                    for (rank, count) in establishment.ranks.sorted(by: { $0.key < $1.key }) {
                        writer.key(rank)
                        writer.integer(count)
                    }
                }
            }
        }
        writer.object { writer in
            writer.key("before")
            write(change.before, to: &writer)
            writer.key("after")
            write(change.after, to: &writer)
            writer.member("abolished", change.abolished.map(\.raw))
            writer.member("created", change.created.map(\.raw))
            writer.key("duties")
            writer.array(of: change.duties) { writer, duty in
                writer.object {
                    $0.member("duty", duty.duty)
                    $0.member("from", duty.from?.raw)
                    $0.member("to", duty.to?.raw)
                }
            }
        }
    }

    private static func impact(from old: Register, to new: Register, _ counts: [MatterID: RunningCount]) -> [Impact] {
        old.matters.values.sorted { $0.id < $1.id }.compactMap { matter in
            let successor = new.matters[matter.id]
            let isRecalculated = !haveSameRules(matter.id, old, new)
            guard successor != matter || isRecalculated, let count = counts[matter.id] else { return nil }
            return Impact(
                matter: matter.id, openCount: count.open, runningCount: count.running,
                isOrphaned: successor == nil && count.running > 0,
                isRerouted: successor.map { $0.assignment != matter.assignment } ?? false,
                isRecalculated: isRecalculated && successor != nil)
        }
    }

    private static func haveSameRules(_ matter: MatterID, _ old: Register, _ new: Register) -> Bool {
        guard let before = Terms(matter: matter, pinned: old, newest: old), let after = Terms(matter: matter, pinned: new, newest: new)
        else { return true }
        return before.hasRules(of: after)
    }
}
