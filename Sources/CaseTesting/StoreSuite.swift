import CaseCore
import CaseStore
import CaseWire
import Evidence
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

    init(_ description: String, _ check: @escaping @Sendable (any CaseStore) throws -> Void) {
        self.description = description
        self.check = check
    }

    static func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
        if !condition { throw Broken(description: what()) }
    }

    package static let checks = keeping + finding

    /// What is written, what is refused, and what is forgotten.
    private static let keeping: [StoreSuite] = [
        StoreSuite("texts are kept and found to their last byte, also behind U+0000") { store in
            let odd = "A\0B"
            var batch = Batch()
            batch.cases = [odd, "A", "A\0C"].enumerated().map { number, applicant in
                var row = Sample.row(Int64(number + 1), due: 10)
                row[.applicant] = .text(applicant)
                return row
            }
            batch.notices = [odd, "A"].map {
                NoticeRow(
                    id: CaseID(1), revision: 1, at: Sample.instant(1), event: $0, notice: Notice(addressee: .applicant, recipient: $0))
            }
            batch.settings = [odd: odd]
            batch.catalog = StoredCatalog(version: 1, at: Sample.instant(1), by: odd, zones: odd, files: [odd: odd, "A": "a"])
            try store.commit(batch)
            try store.read { snapshot in
                for (number, applicant) in [odd, "A"].enumerated() {
                    let filter = CaseFilter(.isAny(.applicant, [.text(applicant)]), now: Sample.instant(1))
                    try expect(snapshot.ids(filter, after: nil, limit: 9) == [CaseID(Int64(number + 1))], "another case is found")
                    let notices = try snapshot.notices(recipient: applicant, readScope: nil, after: 0, limit: 9).map(\.row)
                    try expect(notices == [batch.notices[number]], "the notices differ")
                }
                try expect(snapshot.notice(1)?.row == batch.notices[0], "the notice differs")
                try expect(snapshot.setting(odd) == odd && snapshot.setting("A") == nil, "the setting differs")
                try expect(snapshot.catalog(version: nil) == batch.catalog, "the catalogue differs")
            }
        },
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
                try expect(snapshot.journal(of: row.id).map(\.event) == batch.journal.map(\.whole), "the journal differs")
                try expect(
                    snapshot.notices(recipient: nil, readScope: nil, after: 0, limit: 10).map(\.row) == batch.notices, "the notices differ")
                try expect(snapshot.notices(recipient: "x", readScope: nil, after: 0, limit: 10).isEmpty, "notices of somebody else")
                try expect(snapshot.setting("name") == "value", "the setting differs")
                try expect(snapshot.lastCaseNumber() == 1 && snapshot.openCount() == 1, "the counts differ")
            }
        },
        StoreSuite("places up to a floor are left out of the journal and of the notices, and the places after it go on") { store in
            func commit(_ revision: Int, journalFloor: Int64 = 0, noticeFloor: Int64 = 0) throws {
                var batch = Batch()
                let row = Sample.row(1, due: 10)
                batch.cases = [row]
                (batch.journalFloor, batch.noticeFloor) = (journalFloor, noticeFloor)
                batch.journal = (0...1).map {
                    JournalRow(id: row.id, revision: revision + $0, at: Sample.instant(1), event: Array("{}".utf8))
                }
                batch.notices = (0...1).map {
                    NoticeRow(
                        id: row.id, revision: revision + $0, at: Sample.instant(1), event: "noted",
                        notice: Notice(addressee: .leader, recipient: "r"))
                }
                try store.commit(batch)
            }
            try store.read { try expect($0.lastNoticeSeq() == 0 && $0.lastSeq() == 0, "there is something in a new store") }
            try commit(1)
            try commit(3, journalFloor: 1000, noticeFloor: 500)
            try commit(5, noticeFloor: 500)
            // A floor that has been passed leaves nothing out.
            try commit(7, journalFloor: 3, noticeFloor: 3)
            try store.read { snapshot in
                let events: [Int64] = [1, 2, 1001, 1002, 1003, 1004, 1005, 1006]
                try expect(snapshot.journal(of: CaseID(1)).map(\.seq) == events, "the places of a case's events differ")
                try expect(snapshot.journal(after: 2, limit: 3).map(\.seq) == [1001, 1002, 1003], "the places after a gap differ")
                try expect(snapshot.journal(after: 500, limit: 1).map(\.seq) == [1001], "a place in a gap is not before what follows")
                try expect(snapshot.lastSeq() == 1006 && snapshot.lastNoticeSeq() == 506, "the last places differ")
                try expect(
                    snapshot.notices(recipient: nil, readScope: nil, after: 0, limit: 99).map(\.seq) == [
                        1, 2, 501, 502, 503, 504, 505, 506,
                    ],
                    "the places of notices differ")
            }
        },
        StoreSuite("an erasure takes openings, older keys and the applicant's notices of one case, in rows of the same batch as well") {
            store in
            let rows = (1...2).map { Sample.opening($0, title: "Secret") }
            func batch(_ revision: Int) -> Batch {
                var batch = Batch()
                batch.cases = (1...2).map { Sample.row($0, due: nil) }
                batch.answers = (1...2).map {
                    AnswerRow(
                        key: IdempotencyKey(principal: "service:hall", key: "\($0) \(revision)"), at: Sample.instant(1),
                        answer: StoredAnswer(digest: [1], id: CaseID($0), revision: revision))
                }
                batch.notices = (1...2).flatMap { number in
                    [(Addressee.applicant, "A"), (.leader, "lena")].map {
                        NoticeRow(
                            id: CaseID(number), revision: revision, at: Sample.instant(1), event: "noted",
                            notice: Notice(addressee: $0.0, recipient: $0.1))
                    }
                }
                return batch
            }
            var first = batch(1)
            first.journal = rows
            try store.commit(first)
            let erased = Opening(salt: nil, pieces: rows[0].event.opening!.pieces.map { Opening.Piece(place: $0.place, bytes: [0x20]) })
            var second = batch(2)
            second.erasures = [PersonalErasure(id: CaseID(1), revision: 2, openings: [1: erased])]
            try store.commit(second)
            try store.read { snapshot in
                let entries = try snapshot.recorded(after: 0, PageLimit(rows: 9, bytes: .max))
                try expect(snapshot.leaves(after: 0) == rows.map(\.leaf), "the leaves differ")
                try expect(snapshot.leaves(after: 1) == [rows[1].leaf] && snapshot.leaves(after: 2) == [], "the last leaves differ")
                try expect(entries.map(\.event.opening) == [erased, rows[1].event.opening], "the openings differ")
                try expect(entries.map(\.event.text) == rows.map(\.event.text), "the texts differ")
                let recipients = try snapshot.notices(recipient: nil, readScope: nil, after: 0, limit: 99).map(\.row.notice.recipient)
                try expect(
                    recipients == ["erased", "lena", "A", "lena", "erased", "lena", "A", "lena"], "the notices differ: \(recipients)")
                let keys = try ["1 1", "1 2", "2 1", "2 2"].map {
                    try snapshot.answer(IdempotencyKey(principal: "service:hall", key: $0)) != nil
                }
                try expect(keys == [false, true, true, true], "the keys differ: \(keys)")
            }
        },
        StoreSuite("the oldest answers are forgotten, at most as many as is said, and no younger ones") { store in
            func answers(_ numbers: ClosedRange<Int64>, _ forgetting: Batch.Forgetting? = nil) throws {
                var batch = Batch()
                batch.answers = numbers.map {
                    AnswerRow(
                        key: IdempotencyKey(principal: "service:hall", key: "\($0)"), at: Sample.instant($0),
                        answer: StoredAnswer(digest: [1], id: CaseID(1), revision: 1))
                }
                batch.forgottenAnswers = forgetting
                try store.commit(batch)
            }
            func kept() throws -> [Int64] {
                try store.read { snapshot in
                    try (1...9).filter { number in try snapshot.answer(IdempotencyKey(principal: "service:hall", key: "\(number)")) != nil }
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
            // Every store has four lanes at least: they are taken now, and others wait for them or have one of their own.
            for _ in 0..<4 { begun.wait() }
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
                try expect(files == [batch.journal[0].whole, batch.journal[1].whole, batch.cases[2].file!], "files differ")
                try expect(snapshot.file(CaseID(1)) == batch.journal[0].whole, "the file differs")
            }
            var second = Batch()
            second.journal = [JournalRow(id: CaseID(2), revision: 2, at: Sample.instant(3), event: [2])]
            try store.commit(second)
            try store.read { snapshot in
                try expect(snapshot.file(CaseID(1)) == batch.journal[0].whole, "another case is lost")
                do {
                    _ = try snapshot.file(CaseID(2))
                    throw Broken(description: "a lost file is not missed")
                } catch let lost as DamagedRecord {
                    try expect(lost.id == CaseID(2), "another case is said to be lost")
                }
            }
        },
        StoreSuite("the first answer to a key stays, and is forgotten when it may be") { store in
            let key = IdempotencyKey(principal: "service:hall", key: "k")
            let answer = StoredAnswer(digest: [1, 2], id: CaseID(3), revision: 4)
            var batch = Batch()
            batch.answers = [AnswerRow(key: key, at: Sample.instant(5), answer: answer)]
            try store.commit(batch)
            try store.read { snapshot in
                try expect(snapshot.answer(key) == answer, "the answer differs")
                try expect(snapshot.answer(IdempotencyKey(principal: "person:hall", key: "k")) == nil, "keys of users are mixed")
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
                try store.read { try $0.notices(recipient: nil, readScope: nil, after: 0, limit: 99).map(\.seq) }
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
        StoreSuite("a notice is taken once, and those that were taken go in the order of that, never the last one of all") { store in
            func commit(_ change: (inout Batch) -> Void) throws {
                var batch = Batch()
                change(&batch)
                try store.commit(batch)
            }
            func taking(_ seqs: Int64..., at number: Int64, by name: String) throws {
                let taken = TakenNotice(at: Sample.instant(number), by: name)
                try commit { $0.takenNotices = Dictionary(uniqueKeysWithValues: seqs.map { ($0, taken) }) }
            }
            func seqs(_ change: (inout NoticeFilter) -> Void = { _ in }, newestFirst: Bool = false, after: Int64? = nil, limit: Int = 99)
                throws -> [Int64]
            {
                var filter = NoticeFilter()
                change(&filter)
                let size = PageLimit(rows: limit, bytes: .max)
                return try store.read { try $0.notices(filter, newestFirst: newestFirst, after: after, size).map(\.seq) }
            }
            try commit { batch in
                batch.cases = [Sample.row(1, due: 10)]
                batch.notices = (1...6 as ClosedRange<Int64>).map { number in
                    let notice =
                        number.isMultiple(of: 3)
                        ? Notice(addressee: .applicant, recipient: "a") : Notice(addressee: .leader, recipient: "a")
                    return NoticeRow(id: CaseID(1), revision: 1, at: Sample.instant(number), event: "noted", notice: notice)
                }
            }
            try expect(seqs(newestFirst: true) == [6, 5, 4, 3, 2, 1], "the newest do not come first")
            try expect(seqs(newestFirst: true, after: 5, limit: 2) == [4, 3], "it goes on elsewhere where the newest come first")
            try expect(seqs { $0.since = Sample.instant(4) } == [4, 5, 6], "others than those since an instant")
            for (own, meant) in [
                (OwnNotices(), []), (OwnNotices(names: ["a", "b"]), [1, 2, 4, 5]), (OwnNotices(applicants: ["a"]), [3, 6]),
                (OwnNotices(applicants: ["b"]), []), (OwnNotices(coversAllApplicants: true), [3, 6]),
                (OwnNotices(names: ["a"], applicants: ["a"]), [1, 2, 3, 4, 5, 6]),
                (OwnNotices(names: ["b"], coversAllApplicants: true), [3, 6]),
            ] as [(OwnNotices, [Int64])] {
                try expect(seqs { $0.own = own } == meant, "others than those of \(own)")
            }
            try taking(2, 1, at: 20, by: "x")
            try taking(1, 4, 6, 77, at: 10, by: "y")
            try expect(seqs { $0.isTaken = true } == [1, 2, 4, 6] && seqs { $0.isTaken = false } == [3, 5], "others are taken")
            try store.read { snapshot in
                try expect(snapshot.notice(1)?.taken == TakenNotice(at: Sample.instant(20), by: "x"), "who took it first is not kept")
                try expect(snapshot.notice(4)?.taken?.by == "y" && snapshot.notice(3)?.taken == nil, "who took it differs")
                try expect(snapshot.notice(77) == nil && snapshot.notice(2)?.row.notice.recipient == "a", "the notices differ")
            }
            try commit { $0.forgottenTakenNotices = Batch.Forgetting(before: Sample.instant(20), limit: 1) }
            try expect(seqs() == [1, 2, 3, 5, 6], "another one went than what was taken first")
            try commit { $0.forgottenTakenNotices = Batch.Forgetting(before: Sample.instant(20), limit: 9) }
            try expect(seqs() == [1, 2, 3, 5, 6], "the last one went, or what was taken later")
            try commit { $0.forgottenTakenNotices = Batch.Forgetting(before: Sample.instant(21), limit: 9) }
            try expect(seqs() == [3, 5, 6], "what was taken stays")
            // One that is taken late stays for its time from then on, and holds up none behind it.
            try commit { batch in
                batch.takenNotices = [3: TakenNotice(at: Sample.instant(90), by: "x")]
                batch.forgottenNotices = Batch.Forgetting(before: Sample.instant(60), limit: 1)
            }
            try expect(seqs() == [3, 6], "what was taken late goes as if nobody had taken it, or holds up what is behind it")
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
        StoreSuite("readings are beside the revisions of a case: in the journal of all cases, and not in its own") { store in
            for (number, revision) in [1, -1, 2, -2, -3].enumerated() {
                var batch = Batch()
                batch.journal = [JournalRow(id: CaseID(1), revision: revision, at: Sample.instant(1), event: [UInt8(number)])]
                // The first event is the file as long as only readings follow it.
                if revision == 1 { batch.cases = [Sample.row(1, due: 10, isOpening: true)] }
                try store.commit(batch)
                try store.read { snapshot in
                    if number < 2 { try expect(snapshot.file(CaseID(1)) == [0], "the first event is not the file") }
                    try expect(snapshot.readingCount(of: CaseID(1)) == [0, 1, 1, 2, 3][number], "readings are miscounted")
                }
            }
            try store.read { snapshot in
                try expect(snapshot.journal(of: CaseID(1)).map(\.event) == [[0], [2]], "the events differ")
                try expect(snapshot.readings(of: CaseID(1)).map(\.event) == [[1], [3], [4]], "the readings differ")
                try expect(snapshot.journal(after: 0, limit: 9).map(\.revision) == [1, -1, 2, -2, -3], "the journal of all differs")
                try expect(snapshot.lastRevision(of: CaseID(1)) == 2, "the last revision is another")
                try expect(snapshot.lastRevision(of: CaseID(1), before: Sample.instant(2)) == 2, "the last revision before is another")
                try expect(snapshot.lastRevision(of: CaseID(1), before: Sample.instant(1)) == 0, "there is one before the first")
                let (few, small) = (PageLimit(rows: 2, bytes: .max), PageLimit(rows: 9, bytes: 1))
                try expect(snapshot.readings(of: CaseID(1), after: 1, few).map(\.revision) == [-2, -3], "readings go on elsewhere")
                try expect(snapshot.readings(of: CaseID(1), after: 0, small).map(\.revision) == [-1], "a byte holds more than one reading")
                try expect(snapshot.journal(of: CaseID(1), after: 1, few).map(\.revision) == [2], "events go on elsewhere")
                try expect(snapshot.journal(of: CaseID(1), after: 0, small).map(\.revision) == [1], "a byte holds more than one event")
                try expect(
                    snapshot.journal(after: 0, PageLimit(rows: 9, bytes: 3)).map(\.revision) == [1, -1, 2], "three bytes hold others")
                var heard: [Int] = []
                try snapshot.eachEvent(of: CaseID(1)) { heard.append($0.revision) }
                try snapshot.eachReading(of: CaseID(1)) { heard.append($0.revision) }
                try expect(heard == [1, 2, -1, -2, -3], "gone through it is another history")
                try expect(snapshot.readings(of: CaseID(2)).isEmpty && snapshot.readingCount(of: CaseID(2)) == 0, "somebody read nothing")
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
                try expect(all.count == 12 && all.allSatisfy { $0.id != CaseID.server }, "\(all.count) events")
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
        StoreSuite("the journal's head is known for each instant that has passed") { store in
            let day: Int64 = 86_400
            for (number, second) in [(Int64(1), day), (2, day + 5), (3, 4 * day)] {
                var batch = Batch()
                batch.journal = [JournalRow(id: CaseID(number), revision: 1, at: Sample.instant(second), event: [UInt8(number)])]
                try store.commit(batch)
            }
            try store.read { snapshot in
                let expected: [(Int64, UInt8?)] = [
                    (0, nil), (day, nil), (day + 1, 1), (day + 5, 1), (day + 6, 2), (4 * day, 2), (4 * day + 1, 3), (9 * day, 3),
                ]
                for (second, expected) in expected {
                    let head = try snapshot.journalHead(before: Sample.instant(second))
                    try expect(
                        head?.event.first == expected && head?.seq == expected.map(Int64.init), "\(second) is preceded by \(head as Any)")
                }
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
}

extension Identifier: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self.init(value)
    }
}
