import CaseCore
import CaseStore
import CaseWire
import Foundation
import WorkingTime

/// What every store has to do. A test runs each check on a new store of its kind.
package struct StoreSuite: Sendable, CustomStringConvertible {
    package let description: String
    package let check: @Sendable (any CaseStore) throws -> Void

    /// A check found something else than the contract says.
    package struct Broken: Error, CustomStringConvertible {
        package let description: String
    }

    private init(_ description: String, _ check: @escaping @Sendable (any CaseStore) throws -> Void) {
        self.description = description
        self.check = check
    }

    private static func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
        if !condition { throw Broken(description: what()) }
    }

    package static let checks: [StoreSuite] = [
        StoreSuite("what is committed can be read back, to the byte") { store in
            let row = Sample.row(1, due: 10)
            var batch = Batch()
            batch.journal = [JournalRow(id: row.id, revision: 1, at: Sample.instant(1), event: Array("{\"é\":1}".utf8))]
            batch.cases = [row]
            batch.notices = [
                NoticeRow(
                    id: row.id, revision: 1, at: Sample.instant(1), event: "submitted",
                    notice: Notice(addressee: .leader, recipient: "张敏"))
            ]
            batch.settings = ["name": "value"]
            try store.commit(batch)
            try store.read { snapshot in
                try expect(snapshot.file(row.id) == row.file, "the file differs")
                try expect(snapshot.file(CaseID(2)) == nil, "there is a case that nobody wrote")
                try expect(snapshot.journal(of: row.id).map(\.event) == batch.journal.map(\.event), "the journal differs")
                try expect(
                    snapshot.notices(recipient: nil, sight: nil, after: 0, limit: 10).map(\.row) == batch.notices, "the notices differ")
                try expect(snapshot.notices(recipient: "x", sight: nil, after: 0, limit: 10).isEmpty, "notices of somebody else")
                try expect(snapshot.setting("name") == "value", "the setting differs")
                try expect(snapshot.lastCaseNumber() == 1 && snapshot.openCount() == 1, "the counts differ")
            }
        },
        StoreSuite("the oldest answers are forgotten, at most as many as is said, and no younger ones") { store in
            func answers(_ numbers: ClosedRange<Int64>, _ forgetting: Batch.Forgetting? = nil) throws {
                var batch = Batch()
                batch.answers = numbers.map {
                    AnswerRow(
                        key: IdempotencyKey(uid: 7, key: "\($0)"), at: Sample.instant($0),
                        answer: StoredAnswer(digest: [1], id: CaseID(1), revision: 1))
                }
                batch.forgottenAnswers = forgetting
                try store.commit(batch)
            }
            func kept() throws -> [Int64] {
                try store.read { snapshot in
                    try (1...9).filter { number in try snapshot.answer(IdempotencyKey(uid: 7, key: "\(number)")) != nil }
                }
            }
            try answers(1...6)
            try answers(7...7, Batch.Forgetting(before: Sample.instant(5), limit: 2))
            try expect(try kept() == [3, 4, 5, 6, 7], "two of the four old ones go")
            try answers(8...8, Batch.Forgetting(before: Sample.instant(5), limit: 9))
            try expect(try kept() == [5, 6, 7, 8], "those that are old go, and no others")
        },
        StoreSuite("the engine reads and commits while as many clients read as can, and more wait") { store in
            let clientCount = 12
            let (begun, end, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchGroup())
            for _ in 0..<clientCount {
                let thread = Thread {
                    _ = try? store.read { snapshot in
                        _ = try snapshot.lastSeq()
                        begun.signal()
                        end.wait()
                    }
                    ended.leave()
                }
                ended.enter()
                thread.start()
            }
            begun.wait()
            for number in 1...50 {
                var batch = Batch()
                batch.journal = [JournalRow(id: CaseID(1), revision: number, at: Sample.instant(1), event: [1])]
                try store.commit(batch)
                try store.read(for: .engine) { try expect($0.lastRevision(of: CaseID(1)) == number, "an own commit is not seen") }
            }
            for _ in 0..<clientCount { end.signal() }
            ended.wait()
        },
        StoreSuite("a batch that conflicts leaves nothing behind") { store in
            var first = Batch()
            first.journal = [JournalRow(id: CaseID(1), revision: 1, at: Sample.instant(1), event: [1])]
            first.cases = [Sample.row(1, due: 10)]
            try store.commit(first)
            var second = Batch()
            second.cases = [Sample.row(2, due: 10)]
            second.journal = [
                JournalRow(id: CaseID(2), revision: 1, at: Sample.instant(1), event: [2]),
                JournalRow(id: CaseID(1), revision: 1, at: Sample.instant(1), event: [3]),
            ]
            do {
                try store.commit(second)
                throw Broken(description: "a revision was written twice")
            } catch StoreFault.conflict {}
            try store.read { snapshot in
                try expect(snapshot.file(CaseID(2)) == nil, "half a batch is there")
                try expect(snapshot.journal(of: CaseID(2)).isEmpty, "half a journal is there")
                try expect(snapshot.journal(of: CaseID(1)).map(\.event) == [[1]], "the first event was replaced")
            }
        },
        StoreSuite("a case is replaced by its newer form") { store in
            var batch = Batch()
            batch.cases = [Sample.row(1, due: 10)]
            try store.commit(batch)
            batch.cases = [Sample.row(1, state: .granted, due: nil)]
            try store.commit(batch)
            try store.read { snapshot in
                try expect(snapshot.file(CaseID(1)) == batch.cases[0].file, "the file is old")
                try expect(snapshot.openCount() == 0, "a closed case counts as open")
                try expect(snapshot.nextDeadline() == nil, "a closed case still waits")
            }
        },
        StoreSuite("a case is its first event where that is all, and a case whose file is gone is a fault, never an older form of it") {
            store in
            var batch = Batch()
            batch.cases = [Sample.row(1, due: 10, isOpening: true), Sample.row(2, due: 10, isOpening: true), Sample.row(3, due: 10)]
            batch.journal = [Sample.opening(1), Sample.opening(2), Sample.opening(3)]
            try store.commit(batch)
            let filter = CaseFilter(now: Sample.instant(5))
            try store.read { snapshot in
                let files = try snapshot.files(filter, sort: .number, after: nil, limit: 9).map(\.file)
                try expect(files == [batch.journal[0].event, batch.journal[1].event, batch.cases[2].file!], "files differ")
                try expect(snapshot.file(CaseID(1)) == batch.journal[0].event, "the file differs")
            }
            var second = Batch()
            second.journal = [JournalRow(id: CaseID(2), revision: 2, at: Sample.instant(3), event: [2])]
            try store.commit(second)
            try store.read { snapshot in
                try expect(snapshot.file(CaseID(1)) == batch.journal[0].event, "another case is lost")
                do {
                    _ = try snapshot.file(CaseID(2))
                    throw Broken(description: "a lost file is not missed")
                } catch let lost as LostFile {
                    try expect(lost.id == CaseID(2), "another case is said to be lost")
                }
            }
        },
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
                        handler: some([nil, "h0", "h1"]), applicant: some(["A", "%"]), inspected: .random(using: &random)))
            }
            try store.commit(batch)
            let rows = batch.cases.map { ($0, try? CaseFile(storedBytes: $0.file!)) }
            // One change for each member, in the order of their declaration.
            struct Change { let body: (inout CaseFilter) -> Void }
            var changes: [String: Change] = [:]
            changes["id"] = Change { $0.id = CaseID(some([1, 30, 61])) }
            changes["state"] = Change { $0.state = some(State.allCases) }
            changes["matter"] = Change { $0.matter = some(["m0", "none"]) }
            changes["office"] = Change { $0.office = some(["o0", "none"]) }
            changes["leader"] = Change { $0.leader = some(["l0", "none"]) }
            changes["commissioner"] = Change { $0.commissioner = some(["c0", "none"]) }
            changes["handler"] = Change { $0.handler = some(["h0", "none"]) }
            changes["applicant"] = Change { $0.applicant = some(["A", "%", "none"]) }
            changes["light"] = Change { $0.light = some(Light.allCases) }
            changes["isOverdue"] = Change { $0.isOverdue = some([true, false]) }
            changes["isSuspended"] = Change { $0.isSuspended = some([true, false]) }
            changes["isProvisional"] = Change { $0.isProvisional = some([true, false]) }
            changes["hasOpenOrder"] = Change { $0.hasOpenOrder = some([true, false]) }
            changes["dueBefore"] = Change { $0.dueBefore = instant() }
            changes["submittedAfter"] = Change { $0.submittedAfter = instant() }
            changes["submittedBefore"] = Change { $0.submittedBefore = instant() }
            changes["closedAfter"] = Change { $0.closedAfter = instant() }
            changes["closedBefore"] = Change { $0.closedBefore = instant() }
            changes["isDecided"] = Change { $0.isDecided = some([true, false]) }
            changes["isInspected"] = Change { $0.isInspected = some([true, false]) }
            changes["sight"] = Change { filter in
                var sight = Sight()
                sight.own.submitters = some([["s0"], ["v"], []])
                sight.own.offices = some([["o1"], []])
                filter.sight = sight
            }
            changes["text"] = Change { $0.text = some(["strasse", "straße", "Ämter", "ä", "审", "%", "'", "_", "name"]) }
            changes["now"] = Change { $0.now = instant() }
            let members = Mirror(reflecting: CaseFilter(now: Sample.instant(0))).children.compactMap(\.label)
            try expect(Set(members) == Set(changes.keys), "the members are others: \(Set(members).symmetricDifference(changes.keys))")
            for round in 0..<10 * members.count {
                var filter = CaseFilter(now: instant())
                changes[members[round % members.count]]!.body(&filter)
                for member in members where Int.random(in: 0..<16, using: &random) == 0 { changes[member]!.body(&filter) }
                let meant = rows.filter { filter.matches($0.0, $0.1) }.map(\.0)
                try store.read { snapshot in
                    try expect(snapshot.count(filter) == meant.count, "the count differs for \(filter)")
                    try expect(
                        snapshot.ids(filter, after: CaseID(20), limit: 100) == meant.map(\.id).filter { $0.number > 20 },
                        "others: \(filter)")
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
        StoreSuite("the first answer to a key stays, and is forgotten when it may be") { store in
            let key = IdempotencyKey(uid: 7, key: "k")
            let answer = StoredAnswer(digest: [1, 2], id: CaseID(3), revision: 4)
            var batch = Batch()
            batch.answers = [AnswerRow(key: key, at: Sample.instant(5), answer: answer)]
            try store.commit(batch)
            try store.read { snapshot in
                try expect(snapshot.answer(key) == answer, "the answer differs")
                try expect(snapshot.answer(IdempotencyKey(uid: 8, key: "k")) == nil, "keys of users are mixed")
            }
            do {
                try store.commit(batch)
                throw Broken(description: "a key was answered twice")
            } catch StoreFault.conflict {}
            var forgetting = Batch()
            forgetting.forgottenAnswers = Batch.Forgetting(before: Sample.instant(5), limit: 10)
            try store.commit(forgetting)
            try store.read { try expect($0.answer(key) == answer, "an answer was forgotten early") }
            forgetting.forgottenAnswers = Batch.Forgetting(before: Sample.instant(6), limit: 10)
            try store.commit(forgetting)
            try store.read { try expect($0.answer(key) == nil, "an answer was kept") }
        },
        StoreSuite("the oldest notices are forgotten, never the last one, and no place is given out again") { store in
            func commit(_ numbers: ClosedRange<Int64>?, _ forgetting: Batch.Forgetting? = nil) throws {
                var batch = Batch()
                batch.notices = (numbers.map(Array.init) ?? []).map {
                    NoticeRow(
                        id: CaseID($0), revision: 1, at: Sample.instant($0), event: "submitted",
                        notice: Notice(addressee: .leader, recipient: "r"))
                }
                batch.cases = (numbers.map(Array.init) ?? []).map { Sample.row($0, due: 10) }
                batch.forgottenNotices = forgetting
                try store.commit(batch)
            }
            func places() throws -> [Int64] {
                try store.read { try $0.notices(recipient: nil, sight: nil, after: 0, limit: 99).map(\.seq) }
            }
            try commit(1...6)
            try commit(nil, Batch.Forgetting(before: Sample.instant(5), limit: 2))
            try expect(places() == [3, 4, 5, 6], "others are forgotten than the two oldest")
            try commit(nil, Batch.Forgetting(before: Sample.instant(5), limit: 9))
            try expect(places() == [5, 6], "younger ones are forgotten")
            try commit(nil, Batch.Forgetting(before: Sample.instant(99), limit: 9))
            try expect(places() == [6], "the last one is forgotten")
            try commit(7...7)
            try expect(places() == [6, 7], "a place is given out again")
        },
        StoreSuite("a reader sees one state, whatever is committed meanwhile") { store in
            var batch = Batch()
            batch.cases = [Sample.row(1, due: 10)]
            try store.commit(batch)
            try store.read { snapshot in
                try expect(snapshot.openCount() == 1, "one case is open")
                batch.cases = [Sample.row(2, due: 10)]
                try store.commit(batch)
                try expect(snapshot.openCount() == 1, "the state changed under a reader")
            }
            try store.read { try expect($0.openCount() == 2, "a new reader sees an old state") }
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
                _ sort: CaseSort = .number, after: CaseCursor? = nil, limit: Int = 10, _ change: (inout CaseFilter) -> Void = { _ in }
            ) throws -> [Int64] {
                var filter = CaseFilter(now: Sample.instant(10))
                change(&filter)
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
            try expect(list { $0.state = .granted } == [2], "by state")
            try expect(list { $0.id = CaseID(4) } == [4], "by number")
            try expect(list { $0.matter = "other" } == [3], "by matter")
            try expect(list { $0.isOverdue = true } == [3], "overdue")
            try expect(list { $0.isOverdue = false } == [1, 2, 4, 5], "not overdue")
            try expect(list { $0.light = .red } == [3], "red")
            try expect(list { $0.light = .yellow } == [4], "yellow")
            try expect(list { $0.light = .green } == [1, 5], "green")
            try expect(list { $0.light = Light.none } == [2], "closed")
            try expect(list { $0.isSuspended = true } == [5], "suspended")
            try expect(list { $0.dueBefore = Sample.instant(30) } == [3, 4], "due before")
            try expect(list { $0.text = "STRAßE" } == [5], "by text")
            try expect(list { $0.text = "' OR 1=1 --" } == [], "by text that looks like SQL")
            try expect(list { $0.applicant = "%" } == [], "by an applicant that looks like a pattern")
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
        StoreSuite("figures add up over commits, by key and by days, of which the last is not included") { store in
            func key(_ day: Int, _ matter: MatterID) -> RollupKey {
                RollupKey(day: Day(number: day), matter: matter, assignment: Assignment(office: "o", leader: "l", commissioner: "c"))
            }
            for round in 1...3 {
                var batch = Batch()
                for day in 1...4 {
                    var rollup = Rollup()
                    for _ in 0..<day { rollup.count([.received]) }
                    rollup.count([.granted, .late], handlingDays: round)
                    batch.rollups[key(day, day % 2 == 0 ? "even" : "odd")] = rollup
                }
                try store.commit(batch)
            }
            try store.read { snapshot in
                let all = try snapshot.rollups(by: .office, ReportFilter(), from: nil, to: nil)
                try expect(all.keys.sorted() == ["o"] && all["o"]![.received] == 30 && all["o"]![.late] == 12, "\(all)")
                try expect(all["o"]!.handling == [1: 4, 2: 4, 3: 4], "\(all["o"]!.handling)")
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
            var filter = CaseFilter(now: Sample.instant(5))
            filter.isProvisional = true
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
            var filter = CaseFilter(now: Sample.instant(5))
            filter.hasOpenOrder = true
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
                var sight = Sight()
                func some(_ names: [String]) -> [String] { names.filter { _ in Int.random(in: 0..<4, using: &random) == 0 } }
                sight.own.submitters = Set(some(["s0", "s1", "s2", "v", "' OR 1"]))
                sight.own.offices = Set(some(["o0", "o1"]).map { OfficeID($0) })
                sight.own.leaders = Set(some(["leader", "nobody"]).map { PostID($0) })
                sight.own.commissioners = Set(some(["commissioner", "nobody"]).map { PostID($0) })
                sight.own.matters = Set(some(["m0", "m2"]).map { MatterID($0) })
                sight.isEverything = Int.random(in: 0..<8, using: &random) == 0
                if Bool.random(using: &random) { sight.limit = Set(some(["m0", "m1", "m2"]).map { MatterID($0) }) }
                var filter = CaseFilter(now: Sample.instant(5))
                filter.sight = sight
                let expected = try batch.cases.filter { sight.covers(try CaseFile(storedBytes: $0.file!)) }.map(\.id)
                try store.read { snapshot in
                    try expect(snapshot.ids(filter, after: nil, limit: 100) == expected, "others are found for \(sight)")
                    try expect(snapshot.count(filter) == expected.count, "the count differs for \(sight)")
                }
            }
        },
        StoreSuite("the journal of all cases is read on from any place, without gap or repetition, and without the server's own events") {
            store in
            for number in 1...7 {
                var batch = Batch()
                batch.journal = [Int64(number % 3), Int64(9)].map {
                    JournalRow(id: CaseID($0), revision: number, at: Sample.instant(1), event: [UInt8(number)])
                }
                try store.commit(batch)
            }
            try store.read { snapshot in
                let all = try snapshot.journal(after: 0, limit: 100)
                try expect(all.count == 12 && all.allSatisfy { $0.id != CaseID(0) }, "\(all.count) events")
                try expect(all.map(\.seq) == all.map(\.seq).sorted() && Set(all.map(\.seq)).count == 12, "they are out of order")
                var (pieces, place) = ([JournalEntry](), Int64(0))
                while case let piece = try snapshot.journal(after: place, limit: 5), let last = piece.last {
                    pieces += piece
                    place = last.seq
                }
                try expect(pieces == all && place == snapshot.lastSeq(), "read in pieces it differs")
            }
        },
        StoreSuite("parts are one transaction: all of them or none") { store in
            struct Stop: Error {}
            func part(_ number: Int64) -> Batch {
                var batch = Batch()
                let row = Sample.row(number, due: 10)
                batch.cases = [row]
                batch.journal = [JournalRow(id: row.id, revision: 1, at: Sample.instant(number), event: [1])]
                return batch
            }
            do {
                try store.commit { write in
                    try write(part(1))
                    try write(part(2))
                    throw Stop()
                }
                try expect(false, "a transaction that was given up ended well")
            } catch is Stop {}
            try store.read { try expect($0.lastCaseNumber() == 0 && $0.lastRevision(of: CaseID(1)) == 0, "a part of it is there") }
            try store.commit { write in
                try write(part(1))
                try write(part(2))
            }
            try store.read { try expect($0.lastCaseNumber() == 2 && $0.lastRevision(of: CaseID(2)) == 1, "a part is missing") }
        },
        StoreSuite("the journal's head is known for each day that has passed") { store in
            let day: Int64 = 86_400
            for (number, second) in [(Int64(1), day), (2, day + 5), (3, 4 * day)] {
                var batch = Batch()
                batch.journal = [JournalRow(id: CaseID(number), revision: 1, at: Sample.instant(second), event: [UInt8(number)])]
                try store.commit(batch)
            }
            try store.read { snapshot in
                for (number, expected) in [(0, nil), (1, 2), (3, 2), (4, 3), (9, 3)] as [(Int, UInt8?)] {
                    let head = try snapshot.journalHead(through: Day(number: number))
                    try expect(
                        head?.event.first == expected && head?.seq == expected.map(Int64.init), "day \(number) ends with \(head as Any)")
                }
                try expect(snapshot.journalHead(through: Day(number: 3))?.day == Day(number: 1), "the day is another")
            }
        },
        StoreSuite("versions of the catalogue are kept") { store in
            for version in [1, 2] {
                var batch = Batch()
                batch.catalog = StoredCatalog(
                    version: version, at: Sample.instant(1), by: "root", zones: "2025b", files: ["a.toml": "# \(version)"])
                try store.commit(batch)
            }
            try store.read { snapshot in
                try expect(snapshot.catalog(version: nil)?.version == 2, "the newest is another")
                try expect(snapshot.catalog(version: 1)?.files == ["a.toml": "# 1"], "the first has changed")
                try expect(snapshot.catalog(version: 1)?.zones == "2025b", "the release of the time zones is lost")
                try expect(snapshot.catalog(version: 3) == nil, "there is a version that nobody wrote")
            }
        },
    ]

    private enum Sample {
        static func instant(_ number: Int64) -> Instant {
            Instant(seconds: number)
        }

        /// The first event of a case.
        static func opening(_ number: Int64, title: String = "Title") -> JournalRow {
            let submission = Submission(matter: "permit", title: title, applicant: Applicant(id: "A", name: "Name"))
            let assignment = Assignment(office: "office", leader: "leader", commissioner: "commissioner")
            let event = Event(
                file: CaseID(number), revision: 1, at: instant(number), by: "hall", via: nil, instead: nil,
                change: .submitted(submission, receipt: "R", assignment, catalogVersion: 1), clocks: [])
            return JournalRow(id: event.file, revision: 1, at: event.at, event: event.canonicalBytes)
        }

        /// A case of the given number, submitted at the second of its number.
        static func row(
            _ number: Int64, state: State = .inReview, matter: MatterID = "permit", due: Int64?, warned: Bool = false,
            title: String = "Title", suspended: Bool = false, running: Bool = true, provisional: Bool = false, ordered: Bool = false,
            timeliness: Timeliness? = nil, office: OfficeID = "office", submitter: String = "hall", via: ServiceID? = nil,
            leader: PostID = "leader", commissioner: PostID = "commissioner", handler: PersonID? = nil, applicant: String = "A",
            inspected: Bool = false, isOpening: Bool = false
        ) -> CaseRow {
            let assignment = Assignment(office: office, leader: leader, commissioner: commissioner)
            let file = CaseFile(
                id: CaseID(number), receipt: "R", matter: matter, title: title, applicant: Applicant(id: applicant, name: "Name"),
                channel: "online", fields: [], submittedBy: submitter, submittedVia: via, submittedAt: instant(number),
                catalogVersion: 1, revision: 1, state: state, assignment: assignment, handler: handler, materials: [],
                noticedItems: nil, receivedAt: instant(number), suspensions: [], recommendation: nil, escalation: 0, orders: [],
                clocks: [], clockVersion: 1, extension: nil, closedAt: nil, deliveredAt: nil)
            return CaseRow(
                id: file.id, file: isOpening ? nil : file.storedBytes, state: state, matter: matter, office: assignment.office,
                leader: assignment.leader, commissioner: assignment.commissioner, handler: handler, applicant: applicant,
                submittedBy: file.submittedBy, submittedVia: file.submittedVia, submittedAt: instant(number),
                closedAt: state.isOpen ? nil : instant(number + 1), isSuspended: suspended,
                isRunning: running, isProvisional: provisional, hasOpenOrder: ordered, isInspected: inspected, hasWarning: warned,
                timeliness: timeliness,
                nextDeadline: due.map(instant),
                due: due.map(instant))
        }
    }
}

extension Identifier: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self.init(value)
    }
}
