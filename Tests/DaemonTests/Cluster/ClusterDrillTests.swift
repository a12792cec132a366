import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

/// Several nodes on a database among several, while one thing after the other goes wrong.
@Suite(
    "Several nodes", .serialized, Drills.asked,
    .enabled(if: DatabaseCluster.isThere && OffsetClock.isThere, Comment(rawValue: DatabaseCluster.whereFrom)))
struct ClusterDrillTests {
    private static let machines = ["n1", "n2", "n3"]
    private static let clientCount = 8
    /// In seconds, once the database commits again.
    private static let returnLimit = 30

    private static func setting(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    @Test(
        "Whatever is killed, paused, cut off, full or wrong about the time: nothing acknowledged is lost or doubled, and work goes on"
    )
    func faults() throws {
        let seed = Self.setting("CLUSTER_SEED") ?? UInt64(Date().timeIntervalSince1970)
        let count = Self.setting("CLUSTER_FAULTS").map { Int($0) } ?? Fault.Kind.allCases.count
        var random = SeededRandom(seed: seed)
        print("seed \(seed), \(count) faults")
        let namespaces = try Namespaces(DatabaseCluster.machines + Self.machines, megabytes: 512)
        let clock = try OffsetClock(in: namespaces.folder)
        let cluster = try NodeCluster(Self.machines, on: DatabaseCluster(namespaces, clock: clock), clock: clock)
        let first = try Client(path: cluster.socket(Self.machines[0]))
        _ = try first.call("catalog.apply", SmallOffice.parameter(Self.files)).get()
        let watchers = Self.machines.map { ClusterWatcher(cluster.socket($0)) }
        defer { for watcher in watchers { watcher.end() } }

        print(Row.heading)
        var rows: [Row] = []
        var kinds: [Fault.Kind] = []
        for number in 1...count {
            // Each kind once before one comes again.
            if kinds.isEmpty { kinds = Fault.Kind.allCases.shuffled(using: &random) }
            let round = Round(number: number, cluster: cluster, watchers: watchers)
            let row = try round.live(kinds.removeLast(), using: &random)
            print(row)
            fflush(nil)
            rows.append(row)
            #expect(row.found.isEmpty, "seed \(seed): \(row): \(row.found)")
        }
        let sums = rows.reduce(into: [0, 0, 0]) {
            $0 = [$0[0] + $1.acknowledged, $0[1] + $1.refused, $0[2] + $1.unheard]
        }
        print("seed \(seed): \(rows.count) faults, \(sums[0]) acknowledged, \(sums[1]) refused, \(sums[2]) times no answer")
        #expect(sums[0] > 100 * count)
        try checkWhole(cluster, watchers)
    }

    /// The office has ten minutes to take a case in, and is reminded soon.
    private static let files: [String: String] = {
        var files = SmallOffice.files()
        files["sla.toml"] = files["sla.toml"]!.replacing(
            "budget = \"5 working-days\"\nladder = [{ at = \"80%\", level = 1, notify = [\"office-head\"] }]",
            with: """
                budget = "10 minutes"
                ladder = [
                  { at = "1%", level = 1, notify = ["office-head"] },
                  { at = "4%", level = 2, notify = ["office-head"] },
                  { at = "10%", level = 3, notify = ["office-head"] },
                ]
                """)
        return files
    }()

    /// The journal from its beginning, read once more, is what each has heard who followed it.
    private func checkWhole(_ cluster: NodeCluster, _ watchers: [ClusterWatcher]) throws {
        let last = watchers.compactMap { $0.heard.last?.place }.max() ?? 0
        for (machine, watcher) in zip(Self.machines, watchers) {
            let again = ClusterWatcher(cluster.socket(machine))
            defer { again.end() }
            try wait(seconds: 120, for: "the journal by \(machine)") { again.heard.last.map { $0.place >= last } ?? false }
            try wait(seconds: 60, for: "all by \(machine)") { watcher.heard.last.map { $0.place >= last } ?? false }
            let places = again.heard.map(\.place).filter { $0 <= last }
            #expect(places == watcher.heard.map(\.place).filter { $0 <= last }, "\(machine)")
            #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    // MARK: One fault

    /// A line of what is printed.
    private struct Row: CustomStringConvertible {
        let fault: String
        let outage: Double
        let acknowledged, refused, unheard: Int
        let found: [String]

        static let heading = columns("fault", "outage", "acknowledged", "refused", "no answer", "found")

        var description: String {
            let seconds = String(format: "%.1f s", outage)
            return Row.columns(fault, seconds, "\(acknowledged)", "\(refused)", "\(unheard)", found.isEmpty ? "–" : "\(found.count)")
        }

        private static func columns(_ fault: String, _ others: String...) -> String {
            others.reduce(fault.padding(toLength: 28, withPad: " ", startingAt: 0)) { line, cell in
                line + String(repeating: " ", count: max(1, 14 - cell.count)) + cell
            }
        }
    }

    private struct Round {
        let number: Int
        let cluster: NodeCluster
        let watchers: [ClusterWatcher]

        func live(_ kind: Fault.Kind, using random: inout SeededRandom) throws -> Row {
            try cluster.databases.waitUntilWhole()
            let sockets = machines.map(cluster.socket)
            let machine = kind.isOfNode ? machines.randomElement(using: &random)! : try #require(cluster.databases.primary)
            let fault = Fault(kind: kind, machine: machine)
            let load = ClusterLoad("r\(number)", clientCount: clientCount, sockets: sockets, using: &random)
            func waitForMore(_ count: Int) throws {
                let wanted = load.acknowledgedCount + count
                try wait(seconds: 60, for: "\(count) more acknowledged") { load.acknowledgedCount >= wanted }
            }
            var found: [String] = []
            var pause = 0.0
            do {
                try waitForMore(100)
                let struck = ClusterLoad.now
                try fault.strike(cluster)
                Foundation.sleep(kind.length)
                try fault.heal(cluster)
                try cluster.databases.waitForWrites()
                try waitForAll()
                try waitForMore(100)
                pause = load.longestPause(since: struck)
            } catch {
                found.append("\(error)")
            }
            var (heard, files) = load.end()
            found += try settle(&heard.operations, using: &random)
            found += try check(heard.operations, files, using: &random)
            if !found.isEmpty {
                print("refused: \(heard.refusals)")
                for machine in machines { print("\(machine):\n\(cluster.log(machine))") }
            }
            return Row(
                fault: "\(kind.rawValue) (\(machine))", outage: pause,
                acknowledged: heard.operations.count {
                    if case .acknowledged = $0.outcome { !$0.isReading } else { false }
                },
                refused: heard.refusals.values.reduce(0, +), unheard: heard.unheardCount, found: found)
        }

        /// Each node takes a command soon after the database does.
        private func waitForAll() throws {
            for machine in machines {
                try wait(seconds: returnLimit, for: "\(machine) at work, \(returnLimit) s after the database is back") {
                    guard let client = try? Client(path: cluster.socket(machine)) else { return false }
                    client.setTimeout(milliseconds: 5000)
                    let params = SmallOffice.submission("probe", key: "probe-\(number)-\(machine)")
                    guard case .success(.success) = Result(catching: { try client.call("case.submit", params) }) else { return false }
                    return true
                }
            }
        }

        /// Asks again, through any node, under the same keys: what became of what nobody has heard of, and whether the first answers stand.
        private func settle(_ operations: inout [HistoryCheck.Operation], using random: inout SeededRandom) throws -> [String] {
            var found: [String] = []
            let changes = operations.indices.filter { !operations[$0].isReading && operations[$0].outcome != .refused }
            let open = changes.filter { operations[$0].outcome == .unknown }
            for index in open + changes.shuffled(using: &random).prefix(30) {
                let (method, params) = ClusterClient.request(operations[index])
                var answer: Result<JSONValue, RemoteError>?
                try wait(seconds: 60, for: "an answer about \(operations[index].id)") {
                    let client = try Client(path: cluster.socket(machines.randomElement(using: &random)!))
                    client.setTimeout(milliseconds: 20_000)
                    answer = try? client.call(method, params)
                    if case .failure(let error)? = answer, error.isRetryable { answer = nil }
                    return answer != nil
                }
                switch (answer!, operations[index].outcome) {
                case (.failure, .refused): break
                case (.success(let shown), .unknown):
                    operations[index].file = shown["case"]!.string!
                    operations[index].outcome = .acknowledged(revision: shown["revision"]!.integer!)
                    operations[index].ended = ClusterLoad.now
                case (.failure, .unknown): operations[index].outcome = .refused
                case (let answer, let outcome):
                    if case .success(let shown) = answer, outcome == .acknowledged(revision: shown["revision"]!.integer!) { continue }
                    found.append("\(operations[index].id) was answered \(outcome), and now \(answer)")
                }
            }
            return found
        }

        private func check(_ operations: [HistoryCheck.Operation], _ files: [String], using random: inout SeededRandom) throws -> [String] {
            let files = Set(files + operations.compactMap(\.file)).sorted()
            // Rungs pass while one case after the other is read: what comes behind this place is looked at in the end.
            var (told, found): ([JSONValue], [String]) = ([], [])
            for file in files {
                do {
                    try waitForReminders(file)
                } catch {
                    found.append("\(error)")
                }
            }
            let last = watchers.compactMap { $0.heard.last?.place }.max() ?? 0
            for file in files {
                let machine = machines.randomElement(using: &random)!
                let client = try Client(path: cluster.socket(machine))
                client.setTimeout(milliseconds: DaemonProcess.patience)
                told += try client.call("case.history", .of(["case": .string(file), "acting": "otto"])).get()["events"]!.array!
                found += try sameEverywhere(file)
            }
            let places = told.map { $0["seq"]!.integer! }.filter { $0 <= last }.sorted()
            for (machine, watcher) in zip(machines, watchers) {
                do {
                    try wait(seconds: 90, for: "what \(machine) tells who follows it") { (watcher.heard.last?.place ?? 0) >= last }
                } catch {
                    found.append("\(error)")
                }
                let own = watcher.heard.filter { $0.place <= last && files.contains($0.file) }.map(\.place)
                if own != places {
                    let missing = Set(places).subtracting(own).sorted()
                    found.append("\(machine) has told \(own.count) events of \(places.count); not \(missing.prefix(10))")
                }
            }
            let seen = watchers.reduce(into: [:]) { seen, watcher in
                seen.merge(watcher.heard.map { ($0.place, $0.at) }, uniquingKeysWith: min)
            }
            let events = told.map { event($0, seen) }.sorted { $0.place < $1.place }
            return found + HistoryCheck(operations: operations, events: events).findings.map { "\($0)" }
        }

        /// The office is reminded twice in the first half minute of a case, whatever went wrong in it.
        private func waitForReminders(_ file: String) throws {
            let client = try Client(path: cluster.socket(machines[0]))
            client.setTimeout(milliseconds: DaemonProcess.patience)
            try wait(seconds: 60, for: "two reminders about \(file)") {
                let shown = try client.call("case.get", .of(["case": .string(file), "acting": "otto"])).get()
                return shown["escalation"]!.integer! >= 2
            }
        }

        /// - Parameter seen: when somebody who follows has heard of a place.
        private func event(_ told: JSONValue, _ seen: [Int64: Int64]) -> HistoryCheck.Event {
            let data = told["data"]
            let (place, kind) = (told["seq"]!.integer!, told["event"]!.string!)
            var deadline: HistoryCheck.Deadline?
            if kind == "rung-passed", let due = data?["due"]?.string.flatMap({ Instant($0) }) {
                let name = "\(data!["clock"]!.string!) \(data!["generation"]!.integer!) \(data!["rung"]!.integer!)"
                deadline = .init(name: name, due: due.milliseconds, seen: seen[place] ?? .max)
            }
            return .init(
                place: place, file: told["case"]!.string!, revision: told["revision"]!.integer!,
                operation: kind == "noted" ? data?["text"]?.string : kind == "submitted" ? data?["title"]?.string : nil, deadline: deadline)
        }

        /// Each node shows a case at the same office, the same leader.
        private func sameEverywhere(_ file: String) throws -> [String] {
            let shown = try machines.map { machine in
                let client = try Client(path: cluster.socket(machine))
                client.setTimeout(milliseconds: DaemonProcess.patience)
                let shown = try client.call("case.get", .of(["case": .string(file), "acting": "otto"])).get()
                return [shown["office"]?.string, shown["leader"]?.string]
            }
            return Set(shown) == [["permits", "leader"]] ? [] : ["\(file) has \(shown)"]
        }
    }
}
