import CaseCore
import CaseEngine
import CaseServer
import CaseStore
import CaseTesting
import CaseWire
import Logging
import Synchronization
import WorkingTime

/// A life of the daemon in one thread, from a list of steps: machine, store, clients with keys, clocks, catalogues, ends of the process.
/// After each step it is compared with a model that knows only the journal.
package struct Simulation {
    /// What a life has shown to be untrue.
    package struct Failure: Error, CustomStringConvertible {
        /// The place of the step after which it showed.
        package let step: Int
        package let what: String

        package var description: String {
            "after step \(step): \(what)"
        }
    }

    /// What a client asked for, and the first answer that it had.
    struct Effect: Equatable {
        let key: IdempotencyKey
        let at: Instant
    }

    struct Request {
        let command: any ClientCommand.Type
        let params: [JSONValue.Member]
        let uid: UInt32
        /// What the machine tells it from others by, once it was sent.
        var digest: [UInt8] = []
        var answer: [UInt8]?
        /// When it had its effect, and as whose.
        var effect: Effect?
        /// Answers that are out for the last time it was asked.
        var sentCount = 0
        var answerCount = 0

        var key: String? {
            params.first { $0.name == "idempotency_key" }?.value.string
        }

        var caseID: CaseID? {
            params.first { $0.name == "case" }?.value.string.flatMap { CaseID($0) }
                ?? params.first { $0.name == "order" }?.value.string.flatMap { OrderID($0)?.file }
        }
    }

    package internal(set) var coverage = SimulationCoverage()
    let store: SimulatedStore
    private let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)
    /// The daemons, of which one works in each step.
    private var machines: [EngineMachine] = []
    private var place = 0
    var machine: EngineMachine { machines[place] }
    var model = SimulationModel()
    var requests: [Request] = []
    private var watches: [SimulatedWatch] = []
    /// Whether somebody can have been nobody for a part of this turn.
    private var isChangingCatalog = false
    /// The requests that were sent in this turn.
    var asked: Set<Int> = []
    /// Those that had an effect, by their key.
    private var sharing: [IdempotencyKey: Set<Int>] = [:]
    /// Whose keys those of a unix user were when this turn began.
    private var scopes: [UInt32: String] = [:]
    /// What was done under keys before this turn.
    private var done: [IdempotencyKey: (at: Instant, digest: [UInt8])] = [:]
    /// When a commit last failed: what was to pass then is tried again in a minute.
    private var failedAt = Instant.first
    var waiting: [WriteRequest] = []
    var connections: [Int: SimulatedConnection] = [:]
    /// The connection over which each unix user asks.
    var asking: [UInt32: Int] = [:]
    var connectionCount = 0
    /// What the machine has said in this turn: the request, and the outcome.
    let heard = Heard()

    final class Heard: Sendable {
        let replies = Mutex<[(request: Int, connection: Int, ticket: Ticket, outcome: Outcome)]>([])
        /// Of admins.
        let refusals = Mutex<Set<String>>([])
    }

    private init(nodes: Int, on durable: (any CaseStore)?, beside other: (any CaseStore)?) throws {
        store = SimulatedStore(on: durable ?? MemoryStore(isShared: nodes > 1), beside: other)
        for _ in 0..<nodes { machines.append(try Simulation.open(store, time)) }
    }

    private static func open(_ store: SimulatedStore, _ time: SettableTime) throws -> EngineMachine {
        var log = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        log.logLevel = .critical
        let machine = try EngineMachine(
            store: store, time: time, log: log, receiptKey: String(repeating: "ab", count: 32),
            sealKeys: SealKeys([SimulatedOffice.sealKey]), newSecret: { "\(time.now.milliseconds)" },
            newSalt: { [UInt8](repeating: 7, count: 16) }, drawPage: 3)
        machine.compareZones()
        return machine
    }

    /// Lives through the steps.
    ///
    /// - Parameters:
    ///   - nodes: how many daemons there are on one store.
    ///   - durable: an empty store for it, which several can share where there are several; by default one in memory.
    ///   - other: an empty store that gets what becomes durable as well.
    /// - Returns: what was met on the way.
    package static func run(
        _ steps: [SimulationStep], nodes: Int = 1, on durable: (any CaseStore)? = nil, beside other: (any CaseStore)? = nil
    ) throws(Failure) -> SimulationCoverage {
        var place = -1
        do {
            var life = try Simulation(nodes: nodes, on: durable, beside: other)
            try life.administrate(.catalogApply, SmallOffice.parameter(SimulatedOffice.variants[0]))
            try life.turn(nil)
            for (number, step) in steps.enumerated() {
                place = number
                life.choose(number)
                try life.live(step)
            }
            place = steps.count
            try life.finish()
            return life.coverage
        } catch {
            throw Failure(step: place, what: "\(error)")
        }
    }

    /// The fewest steps that this finds among some that fail, which fail as well.
    package static func shortened(_ steps: [SimulationStep], nodes: Int = 1) -> [SimulationStep] {
        func fails(_ steps: [SimulationStep]) -> Bool {
            do throws(Failure) {
                _ = try run(steps, nodes: nodes)
                return false
            } catch {
                return true
            }
        }
        var shortest = steps
        var size = max(1, steps.count / 2)
        while true {
            var start = 0
            var isShorter = false
            while start < shortest.count {
                var candidate = shortest
                candidate.removeSubrange(start..<min(start + size, shortest.count))
                if fails(candidate) {
                    (shortest, isShorter) = (candidate, true)
                } else {
                    start += size
                }
            }
            if size == 1, !isShorter { return shortest }
            size = max(1, size / 2)
        }
    }

    /// Which of the daemons works in a step. It knows what it knew when it worked last: what others did meanwhile it finds out by itself.
    private mutating func choose(_ number: Int) {
        place = Int(UInt64(number) &* 0x9E37_79B9_7F4A_7C15 >> 33) % machines.count
    }

    private mutating func live(_ step: SimulationStep) throws {
        switch step {
        case .ask(let asking): try ask(asking)
        case .askAgain(let number):
            if !requests.isEmpty { try send(number % requests.count) }
        case .reuseKey(let number): try reuseKey(of: number)
        case .client(let habit, let number):
            let there = connections.keys.sorted()
            if !there.isEmpty { try follow(habit, there[number % there.count]) }
        case .turn(let fault): try turn(fault)
        case .rollOut(let fault):
            store.plan(fault)
            machine.plannedAgain { _ = machine.recalculate() }
            store.plan(nil)
            if fault != nil { failedAt = machine.present }
            try look()
        case .watch(let number):
            machine.catchUp()
            // Few follow, and some read seldom.
            if watches.count < 4 {
                let conditions = SimulatedWatch.conditions
                watches.append(
                    try SimulatedWatch(conditions[number % conditions.count], after: machine.state.lastSeq, machine.context))
            } else {
                try watches[number % watches.count].readOn(machine.context)
            }
        case .readList(let choice): try readList(choice)
        case .pass(let milliseconds): time.pass(milliseconds: milliseconds)
        case .setClock(let step): time.set(byMilliseconds: step)
        case .confirmClock: try administrate(.clockConfirm, .object([]))
        case .apply(let variant, let allowsEarlier, let days):
            let variants = SimulatedOffice.variants
            var files = variants[variant % variants.count]
            if days > 0 {
                let effective = time.now.advanced(byMilliseconds: Int64(days) * 86_400_000)
                files["later.toml"] = "[reorganisation.later]\nname = \"Later\"\neffective = \"\(effective)\"\n"
            }
            try administrate(
                .catalogApply, .object(SmallOffice.parameter(files).members! + [.init("allow_earlier", .bool(allowsEarlier))]),
                by: variant / variants.count)
        case .confirmCatalog(let choice): try administrate(.catalogConfirm, .object([]), by: choice)
        case .cancelCatalog: try administrate(.catalogCancel, .object([]))
        case .restart: try restart()
        case .reboot(let gap, let isSynchronised):
            time.reboot(after: gap, isSynchronised: isSynchronised)
            // All of them: they are on one machine here.
            for place in machines.indices {
                self.place = place
                try restart()
            }
        }
    }

    /// - Parameter choice: of the admins, which one.
    private mutating func administrate(_ administration: Method.Administration, _ params: JSONValue, by choice: Int = 0) throws {
        let parameters = try Parameters(params, of: .administration(administration))
        let (heard, admins) = (heard, SimulatedOffice.admins)
        waiting.append(
            WriteRequest(peer: admins[choice % admins.count], .administration(administration, parameters)) { outcome in
                if case .failure(let error) = outcome { heard.refusals.withLock { _ = $0.insert(error.kind) } }
            })
    }

    // MARK: Turns

    mutating func turn(_ fault: CommitFault?) throws {
        let foretold = fault == nil && requests.count % 3 == 0 ? try foretell() : nil
        let commands = waiting
        waiting = []
        for number in asked {
            let request = requests[number]
            guard let id = request.caseID, let file = model.files[id] else { continue }
            coverage.met(request.command.name, in: file.state)
        }
        scopes = [:]
        done = asked.reduce(into: [:]) { done, number in
            let uid = requests[number].uid
            scopes[uid] = scope(of: uid)
            let key = requests[number].key.map { IdempotencyKey(principal: scopes[uid]!, key: $0) }
            if let key, let effect = model.effects[key] { done[key] = effect }
        }
        isChangingCatalog = commands.contains { if case .administration = $0.work { true } else { false } }
        store.plan(fault)
        var left = commands
        repeat { left = machine.turn(left) } while !left.isEmpty
        store.plan(nil)
        machine.catchUp()
        model.believe(machine.present)
        if fault != nil { failedAt = machine.present }
        try look()
        if let foretold { try compare(foretold) }
        // Where it is due, the engine comes again at once.
        if !machine.isDue, let next = model.nextDeadline, machine.present - next > 1000,
            abs(machine.present - failedAt) > 70_000
        {
            throw SimulationModel.Broken(description: "a deadline of \(next) has not passed at \(machine.present)")
        }
        for number in asked {
            let (sent, answered) = (requests[number].sentCount, requests[number].answerCount)
            guard sent == answered else {
                throw SimulationModel.Broken(description: "request \(number) was sent \(sent) times and answered \(answered) times")
            }
            (requests[number].sentCount, requests[number].answerCount) = (0, 0)
        }
        asked = []
        for place in connections.keys.sorted() { try proceed(place) }
    }

    /// Takes in what the turn has done, and looks whether all is as it has to be.
    mutating func look() throws {
        let isEnding = store.isEnding
        let (faults, batches) = store.take()
        for fault in faults { coverage.met(fault) }
        try model.learn(batches, &coverage)
        let replies = heard.replies.withLock { replies in
            defer { replies = [] }
            return replies
        }
        for kind in heard.refusals.withLock({ $0 }) { coverage.met(refusal: kind) }
        for (number, place, ticket, outcome) in replies {
            try hear(outcome, number)
            connections[place]?.answer(ticket, outcome)
        }
        if isEnding || machine.exitCode != nil { try restart() }
        let broken = try machine.checkUp()
        _ = store.take()
        guard broken.isEmpty else { throw SimulationModel.Broken(description: broken.joined(separator: "; ")) }
        let context = machine.context
        try store.read(for: .engine) { try model.check($0, context) }
    }

    private mutating func hear(_ outcome: Outcome, _ number: Int) throws {
        requests[number].answerCount += 1
        switch outcome {
        case .success(let bytes):
            // A key that was forgotten means something new: the model knows whether it may.
            let request = requests[number]
            // Whoever became somebody else in this turn asked as one of the two.
            guard let key = key(of: request) else { break }
            let effect = model.effects[key].map { Effect(key: key, at: $0.at) }
            if let first = request.answer, first != bytes, effect == request.effect {
                throw SimulationModel.Broken(
                    description:
                        "request \(number) got another answer: \(String(decoding: bytes, as: UTF8.self)) after \(String(decoding: first, as: UTF8.self))"
                )
            }
            let others = sharing[key] ?? []
            sharing[key, default: []].insert(number)
            if let other = others.first(where: { $0 != number && requests[$0].effect != nil && requests[$0].effect == effect }) {
                throw SimulationModel.Broken(description: "requests \(number) and \(other) both had the effect of one key")
            }
            (requests[number].answer, requests[number].effect) = (bytes, effect)
            let answer = try JSONReader.read(bytes)
            guard let id = answer["case"]?.string.flatMap({ CaseID($0) }), let revision = answer["revision"]?.integer,
                let file = model.files[id], file.revision >= Int(revision)
            else { throw SimulationModel.Broken(description: "request \(number) was acknowledged and is not durable") }
        case .failure(let error):
            coverage.met(refusal: error.kind)
            let request = requests[number]
            // Once it is done, and as long as its key is kept, it gets its answer: also who has never heard it.
            let key = key(of: request)
            let isDone = key.flatMap { done[$0] }.map { $0.digest == request.digest && model.isKept($0.at) }
            // But whoever is nobody any more is told nothing.
            let isKnown = !isChangingCatalog && machine.context.catalogs.newest.users[Identifier("\(request.uid)")] != nil
            guard isDone != true || error.kind == "store.full" || !isKnown && error.code == .permissionDenied else {
                throw SimulationModel.Broken(description: "request \(number) was done and is refused now: \(error.message)")
            }
            if error.code == .keyReused, let key, model.effects[key] == nil {
                throw SimulationModel.Broken(description: "request \(number) is refused for a key that stands for nothing")
            }
            guard error.code != .internalError else { throw SimulationModel.Broken(description: "request \(number): \(error.message)") }
        }
    }

    /// The key of a request; nil where its unix user has become somebody else in this turn.
    private func key(of request: Request) -> IdempotencyKey? {
        let scope = scope(of: request.uid)
        guard scopes[request.uid].map({ $0 == scope }) ?? true else { return nil }
        return request.key.map { IdempotencyKey(principal: scope, key: $0) }
    }

    private func scope(of uid: UInt32) -> String {
        machine.context.keyScope(of: SimulatedOffice.admins.first { $0.uid == uid } ?? Peer(uid: uid))
    }

    /// The process is gone, and with it what waited for it; its clients ask again when they like.
    private mutating func restart() throws {
        waiting = []
        for place in connections.keys { leave(place) }
        asking = [:]
        for number in asked { (requests[number].sentCount, requests[number].answerCount) = (0, 0) }
        asked = []
        machines[place] = try Simulation.open(store, time)
        try model.learn(store.take().batches, &coverage)
    }

    /// Lets everything come to its end: all clients have an answer, changed rules have come everywhere, and the figures agree.
    private mutating func finish() throws {
        try administrate(.clockConfirm, .object([]))
        try turn(nil)
        while machine.state.recalculation != nil {
            guard machine.recalculate() || machine.state.recalculation == nil else {
                throw SimulationModel.Broken(description: "changed rules do not come to their end")
            }
        }
        try look()
        for place in connections.keys.sorted() { try follow(.takesAgain, place) }
        for number in requests.indices { try send(number) }
        for place in connections.keys.sorted() { try follow(.endsInput, place) }
        repeat { try turn(nil) } while !waiting.isEmpty
        for connection in connections.values { try connection.finish() }
        let context = machine.context
        try store.read(for: .engine) {
            try model.check(ofAll: true, $0, context)
            try model.checkFigures($0, context)
        }
        for place in watches.indices { try watches[place].finish(context, model, last: machine.state.lastSeq) }
    }
}
