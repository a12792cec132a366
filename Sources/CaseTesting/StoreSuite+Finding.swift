import CaseCore
import CaseStore
import CaseWire
import Foundation
import WorkingTime

extension StoreSuite {
    /// What is found: lists, counts, deadlines and sums, compared with what the core says.
    static let finding: [StoreSuite] = [
        StoreSuite("every member of a filter finds what the core says, alone and together, and so do all pages in each order") { store in
            var random = SeededRandom(seed: 12)
            func some<Element>(_ values: [Element]) -> Element { values.randomElement(using: &random)! }
            func instant() -> Instant { Sample.instant(.random(in: 0...40, using: &random)) }
            let titles = ["Straße 7", "ÄMTERHAUS", "a\u{0308}mter", "审批处", "100 % 'off'", "x"]
            var batch = Batch()
            for number in Int64(1)...60 {
                let state = some(State.allCases)
                let title = some(titles)
                batch.journal.append(Sample.opening(number, title: title))
                batch.cases.append(
                    Sample.row(
                        number, state: state, matter: some(["m0", "m1"]),
                        due: state.isOpen && .random(using: &random) ? .random(in: 0...40, using: &random) : nil,
                        warned: .random(using: &random), title: title, suspended: .random(using: &random), running: .random(using: &random),
                        provisional: .random(using: &random), ordered: .random(using: &random), office: some(["o0", "o1"]),
                        submitter: some(["s0", "s1"]), via: some([nil, "v"]), leader: some(["l0", "l1"]), commissioner: some(["c0", "c1"]),
                        handler: some([nil, "h0", "h1"]), applicant: some(["A", "%", "\u{e9}", "e\u{301}"]),
                        inspected: .random(using: &random),
                        revoked: .random(using: &random), asked: some([[], ["o1"], ["m0", "A"]])))
            }
            try store.commit(batch)
            let rows = batch.cases.map { ($0, try? CaseFile(storedBytes: $0.file!)) }
            /// Values of which some mean cases and some none, for each member of a filter.
            func example(_ member: FilterMember) -> JSONValue {
                switch member.shape.shape {
                case .boolean: .bool(.random(using: &random))
                case let shape where shape.wordsOfSeveral != nil:
                    .random(using: &random)
                        ? .string(some(shape.wordsOfSeveral!))
                        : .array(shape.wordsOfSeveral!.filter { _ in .random(using: &random) }.map(JSONValue.string))
                case .instant: .string(instant().description)
                case .caseID: .string(some(["C-1", "C-30", "C-61"]))
                default:
                    .string(
                        member.shape.name == "text"
                            ? some(["strasse", "straße", "Ämter", "ä", "审", "%", "'", "_", "name"])
                            : some(["m0", "o0", "l0", "c0", "h0", "A", "%", "\u{e9}", "none", "m0|A", "|"]))
                }
            }
            func readScope() -> ReadScope {
                var readScope = ReadScope()
                readScope.own.submitters = some([["s0"], ["v"], []])
                readScope.own.offices = some([["o1"], []])
                return readScope
            }
            let members = FilterMember.all
            for round in 0..<10 * members.count {
                let further = members.filter { _ in Int.random(in: 0..<16, using: &random) == 0 }
                let conditions = ([members[round % members.count]] + further).map { $0.condition(example($0)) }
                let filter = CaseFilter(
                    conditions, readScope: Int.random(in: 0..<4, using: &random) == 0 ? readScope() : nil, now: instant())
                let meant = rows.filter { filter.matches($0.0, $0.1) }.map(\.0)
                if let marks = CaseCondition.all(conditions).marks {
                    try expect(
                        meant.allSatisfy { row in !marks.isDisjoint(with: CaseMark.marks(of: row.id) { row[$0] }) },
                        "a case that is meant has none of the marks of \(filter)")
                }
                try store.read { snapshot in
                    try expect(snapshot.count(filter) == meant.count, "the count differs for \(filter)")
                    try expect(
                        snapshot.ids(filter, after: CaseID(20), limit: 100) == meant.map(\.id).filter { $0.number > 20 },
                        "others: \(filter)")
                    try expect(
                        snapshot.ids(filter, after: CaseID(20), through: CaseID(40), limit: 100)
                            == meant.map(\.id).filter { (21...40).contains($0.number) },
                        "others between two numbers: \(filter)")
                    for sort in CaseSort.allCases {
                        let expected =
                            switch sort {
                            case .number: meant
                            case .numberDescending: Array(meant.reversed())
                            case .due: meant.filter { $0.due != nil }.sorted { ($0.due!, $0.id) < ($1.due!, $1.id) }
                            }
                        var (found, after): ([CaseID], CaseCursor?) = ([], nil)
                        repeat {
                            let page = try snapshot.files(filter, sort: sort, after: after, limit: 7)
                            found += page.map(\.cursor.id)
                            after = page.count == 7 ? page.last?.cursor : nil
                        } while after != nil
                        try expect(found == expected.map(\.id), "others in the order \(sort): \(filter)")
                    }
                }
            }
        },
        StoreSuite("deadlines come earliest first, and of equal ones by number") { store in
            var batch = Batch()
            batch.cases = [
                Sample.row(1, due: 30), Sample.row(2, due: 10), Sample.row(3, due: 20), Sample.row(4, due: 10), Sample.row(5, due: nil),
            ]
            try store.commit(batch)
            try store.read { snapshot in
                try expect(snapshot.nextDeadline() == Sample.instant(10), "the earliest deadline is another")
                try expect(snapshot.due(at: Sample.instant(20), limit: 10).map(\.number) == [2, 4, 3], "the order is another")
                try expect(snapshot.due(at: Sample.instant(20), limit: 2).map(\.number) == [2, 4], "the limit does not hold")
                try expect(snapshot.due(at: Sample.instant(9), limit: 10).isEmpty, "something is due early")
            }
        },
        StoreSuite("lists are filtered, ordered and paged") { store in
            var batch = Batch()
            batch.cases = [
                Sample.row(1, due: 30), Sample.row(2, state: .granted, due: nil), Sample.row(3, matter: "other", due: 10),
                Sample.row(4, due: 20, warned: true), Sample.row(5, due: 40, title: "Straße 7", suspended: true),
            ]
            batch.journal = (1...5).map { Sample.opening($0, title: $0 == 5 ? "Straße 7" : "Title") }
            try store.commit(batch)
            func list(
                _ sort: CaseSort = .number, after: CaseCursor? = nil, limit: Int = 10, where condition: CaseCondition = .all([])
            ) throws -> [Int64] {
                let filter = CaseFilter(condition, now: Sample.instant(10))
                return try store.read {
                    let numbers = try $0.files(filter, sort: sort, after: after, limit: limit).map(\.cursor.id.number)
                    if sort != .due, after == nil, limit == 10 { try expect($0.count(filter) == numbers.count, "count and list differ") }
                    return numbers
                }
            }
            try expect(list() == [1, 2, 3, 4, 5], "all")
            try expect(list(.numberDescending) == [5, 4, 3, 2, 1], "all, the newest first")
            try expect(list(.due) == [3, 4, 1, 5], "by due")
            try expect(list(limit: 2) == [1, 2], "a page")
            try expect(list(after: CaseCursor(id: CaseID(2), due: nil), limit: 2) == [3, 4], "the next page")
            try expect(list(.due, after: CaseCursor(id: CaseID(4), due: Sample.instant(20))) == [1, 5], "the next page by due")
            try expect(list(where: .equal(.state, "granted")) == [2], "by state")
            try expect(list(where: .isCase(CaseID(4))) == [4], "by number")
            try expect(list(where: .equal(.matter, "other")) == [3], "by matter")
            try expect(list(where: .isOverdue) == [3], "overdue")
            try expect(list(where: .waits) == [] && list(where: .not(.waits)) == [1, 2, 3, 4, 5], "whose it is was not looked up")
            try expect(list(where: .not(.isOverdue)) == [1, 2, 4, 5], "not overdue")
            try expect(list(where: .shows(.red)) == [3], "red")
            try expect(list(where: .shows(.yellow)) == [4], "yellow")
            try expect(list(where: .shows(.green)) == [1, 5], "green")
            try expect(list(where: .shows(.none)) == [2], "closed")
            try expect(list(where: .isSet(.suspended)) == [5], "suspended")
            try expect(list(where: .before(.due, .at(Sample.instant(30)))) == [3, 4], "due before")
            try expect(list(where: .says("STRAßE")) == [5], "by text")
            try expect(list(where: .says("straSSe 7")) == [5], "by text in another form")
            try expect(list(where: .says("NAME")) == [1, 2, 3, 4, 5], "by the applicant's name")
            try expect(list(where: .says("' OR 1=1 --")) == [], "by text that looks like SQL")
            try expect(list(where: .equal(.applicant, "%")) == [], "by an applicant that looks like a pattern")
        },
        StoreSuite("open cases are summed as they stand") { store in
            var batch = Batch()
            batch.cases = [
                Sample.row(1, due: 50, warned: true), Sample.row(2, due: 5, warned: true), Sample.row(3, state: .granted, due: nil),
                Sample.row(4, matter: "other", due: 50, provisional: true),
            ]
            try store.commit(batch)
            let sums = try store.read { try $0.openSums(by: .matter, ReportFilter(), now: Sample.instant(10)) }
            try expect(
                sums == [
                    "permit": OpenSum(
                        queues: [.inReview: 2], overdue: 1, warned: 1, provisional: 0, oldest: CaseID(1),
                        oldestSubmittedAt: Sample.instant(1)),
                    "other": OpenSum(
                        queues: [.inReview: 1], overdue: 0, warned: 0, provisional: 1, oldest: CaseID(4),
                        oldestSubmittedAt: Sample.instant(4)),
                ], "the sums differ: \(sums)")
            var filter = ReportFilter()
            filter.matter = "other"
            try expect(
                store.read { try $0.openSums(by: .office, filter, now: Sample.instant(10)).values.map(\.count) } == [1], "of one matter")
        },
        StoreSuite("sums of open cases are those of the rows, whatever changed about these, at each instant, by each key and filter") {
            store in
            var random = SeededRandom(seed: 21)
            func some<Element>(_ values: [Element]) -> Element { values.randomElement(using: &random)! }
            let hour: Int64 = 3600
            let (matters, offices): ([MatterID], [OfficeID]) = (["m0", "m1"], ["o0", "o1"])
            let plain = MemoryStore()
            for round in Int64(0)..<12 {
                var batch = Batch()
                // Once everything that only repeats the journal is written anew, as a restore does.
                batch.forgetsDerived = round == 8
                let known = 12 * round
                let changed = round == 8 ? Array(1...known) : (1...max(1, known)).filter { _ in known > 0 && Bool.random(using: &random) }
                for number in changed + (known + 1...known + 12) {
                    if number > known { batch.journal.append(Sample.opening(number)) }
                    batch.cases.append(
                        Sample.row(
                            number, state: some(State.allCases), matter: some(matters),
                            due: some([nil, .random(in: 0...5 * hour, using: &random), .random(in: 0...5, using: &random) * hour]),
                            warned: .random(using: &random), running: Int.random(in: 0..<8, using: &random) > 0,
                            provisional: .random(using: &random), office: some(offices), submitter: "s\(number % 2)",
                            via: number % 3 == 0 ? "v" : nil, leader: some(["l0", "l1"]), commissioner: some(["c0", "c1"])))
                }
                try store.commit(batch)
                try plain.commit(batch)
                let instants = [0, 1, hour - 1, hour, hour + 1, 3 * hour, 3 * hour + 1800, 9 * hour]
                for (now, key) in instants.flatMap({ now in ReportKey.allCases.map { (Sample.instant(now), $0) } }) {
                    var filter = ReportFilter()
                    if .random(using: &random) { filter.matter = some(matters) }
                    if .random(using: &random) { filter.office = some(offices) }
                    let (sums, own) = (
                        try store.read { try $0.openSums(by: key, filter, now: now) },
                        try plain.read { try $0.openSums(by: key, filter, now: now) }
                    )
                    try expect(sums == own, "round \(round), \(key) at \(now): \(sums) instead of \(own)")
                }
                try store.read { snapshot in
                    let (found, count) = (try snapshot.openCounts(), try snapshot.openCount())
                    let own = try plain.read { try $0.openCounts() }
                    try expect(found == own, "open by submitter: \(found) instead of \(own)")
                    try expect(count == own.values.reduce(0, +), "open: \(count)")
                }
            }
        },
        StoreSuite("figures add up over commits, by key and by days, of which the last is not included") { store in
            func key(_ day: Int, _ matter: MatterID) -> RollupKey {
                RollupKey(day: Day(number: day), matter: matter, assignment: Assignment(office: "o", leader: "l", commissioner: "c"))
            }
            for round in 1...3 {
                var batch = Batch()
                for day in 1...4 {
                    var rollup = Rollup()
                    for _ in 0..<day { rollup.count([.received]) }
                    rollup.count([.granted, .late], handled: HandlingTime(days: round, netDays: 1))
                    batch.rollups[key(day, day % 2 == 0 ? "even" : "odd")] = rollup
                }
                try store.commit(batch)
            }
            try store.read { snapshot in
                let all = try snapshot.rollups(by: .office, ReportFilter(), from: nil, to: nil)
                try expect(all.keys.sorted() == ["o"] && all["o"]![.received] == 30 && all["o"]![.late] == 12, "\(all)")
                try expect(all["o"]!.handling == [1: 4, 2: 4, 3: 4], "\(all["o"]!.handling)")
                try expect(all["o"]!.netHandling == [1: 12], "\(all["o"]!.netHandling)")
                let some = try snapshot.rollups(by: .matter, ReportFilter(), from: Day(number: 2), to: Day(number: 4))
                try expect(some["even"]![.received] == 6 && some["odd"]![.received] == 9 && some.count == 2, "\(some)")
                var filter = ReportFilter()
                filter.matter = "odd"
                let odd = try snapshot.rollups(by: .office, filter, from: nil, to: nil)
                try expect(odd["o"]![.received] == 12 && odd["o"]!.handling == [1: 2, 2: 2, 3: 2], "\(odd)")
                filter.leader = "other"
                try expect(snapshot.rollups(by: .office, filter, from: nil, to: nil).isEmpty, "figures of another leader")
            }
        },
        StoreSuite("cases whose clocks run are found by their matter, in pages, whether they are open or only undelivered") { store in
            var batch = Batch()
            batch.cases = [
                Sample.row(1, due: 10), Sample.row(2, state: .granted, due: nil), Sample.row(3, state: .granted, due: nil, running: false),
                Sample.row(4, matter: "notice", due: 10), Sample.row(5, due: 10),
            ]
            try store.commit(batch)
            try store.read { snapshot in
                try expect(snapshot.runningCases(of: "permit", after: nil, limit: 10).map(\.number) == [1, 2, 5], "others are found")
                try expect(snapshot.runningCases(of: "permit", after: CaseID(1), limit: 1).map(\.number) == [2], "the page is another")
                let counts = try snapshot.runningCounts()
                try expect(counts["permit"] == RunningCount(running: 3, open: 2) && counts["none"] == nil, "the counts differ: \(counts)")
                try expect(snapshot.openCount() == 3, "an undelivered case counts as open")
            }
        },
        StoreSuite("provisional deadlines are found") { store in
            var batch = Batch()
            batch.cases = [Sample.row(1, due: 10, provisional: true), Sample.row(2, due: 10)]
            try store.commit(batch)
            let filter = CaseFilter(.isSet(.provisional), now: Sample.instant(5))
            try store.read { snapshot in
                try expect(snapshot.files(filter, sort: .number, after: nil, limit: 9).map(\.cursor.id.number) == [1], "others are found")
            }
        },
        StoreSuite("cases with an open order are found") { store in
            var batch = Batch()
            batch.cases = [
                Sample.row(1, due: 10), Sample.row(2, due: 10, ordered: true), Sample.row(3, state: .granted, due: nil, ordered: true),
            ]
            try store.commit(batch)
            let filter = CaseFilter(.isSet(.ordered), now: Sample.instant(5))
            try store.read { snapshot in
                try expect(
                    snapshot.files(filter, sort: .number, after: nil, limit: 9).map(\.cursor.id.number) == [2, 3], "others are found")
            }
        },
        StoreSuite("what somebody may read is found and counted as the core says") { store in
            var random = SeededRandom(seed: 7)
            var batch = Batch()
            batch.cases = (1...40).map { number in
                Sample.row(
                    number, matter: MatterID("m\(number % 3)"), due: 10, office: OfficeID("o\(number % 4)"), submitter: "s\(number % 5)",
                    via: number % 2 == 0 ? "v" : nil)
            }
            try store.commit(batch)
            for _ in 0..<50 {
                var readScope = ReadScope()
                func some(_ names: [String]) -> [String] { names.filter { _ in Int.random(in: 0..<4, using: &random) == 0 } }
                readScope.own.submitters = Set(some(["s0", "s1", "s2", "v", "' OR 1"]))
                readScope.own.offices = Set(some(["o0", "o1"]).map { OfficeID($0) })
                readScope.own.leaders = Set(some(["leader", "nobody"]).map { PostID($0) })
                readScope.own.commissioners = Set(some(["commissioner", "nobody"]).map { PostID($0) })
                readScope.own.matters = Set(some(["m0", "m2"]).map { MatterID($0) })
                readScope.isEverything = Int.random(in: 0..<8, using: &random) == 0
                if Bool.random(using: &random) { readScope.limit = Set(some(["m0", "m1", "m2"]).map { MatterID($0) }) }
                var filter = CaseFilter(now: Sample.instant(5))
                filter.readScope = readScope
                let expected = try batch.cases.filter { readScope.covers(try CaseFile(storedBytes: $0.file!)) }.map(\.id)
                try store.read { snapshot in
                    try expect(snapshot.ids(filter, after: nil, limit: 100) == expected, "others are found for \(readScope)")
                    try expect(snapshot.count(filter) == expected.count, "the count differs for \(readScope)")
                }
            }
        },
    ]
}
