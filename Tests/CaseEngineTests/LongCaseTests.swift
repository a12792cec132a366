import CaseCore
import CaseEngine
import CaseStore
import CaseTesting
import CaseWire
import Testing
import WorkingTime

/// Cases that have grown long, or that are from before there were limits.
@Suite("Long cases")
struct LongCaseTests {
    /// A case with a title of so many bytes, as a version without limits took it, and one like it that is short. Its number is far behind
    /// those that are given out.
    private func older(_ harness: Harness, titleBytes: Int) async throws -> JSONValue {
        let pattern = try await harness.submit("PATTERN")
        let (id, next) = (pattern["case"]!.string!, CaseID(CaseID(pattern["case"]!.string!)!.number + 1000))
        let bytes = try harness.store.read { try $0.journal(of: CaseID(id)!)[0].event }
        let text = String(decoding: bytes, as: UTF8.self).replacing("PATTERN", with: String(repeating: "面 ", count: titleBytes / 4))
            .replacing("\"\(id)\"", with: "\"\(next)\"")
        let event = try Event(canonicalBytes: Array(text.utf8))
        let file = try #require(CaseFile(event))
        var batch = Batch()
        batch.journal = [JournalRow(id: next, revision: 1, at: harness.time.now, event: event.canonicalBytes)]
        var row = CaseRow(file, under: try harness.engine.context.catalogs.terms(of: file))
        row.texts = CaseTexts(file)
        batch.cases = [row]
        try harness.store.commit(batch)
        return .object([.init("case", .string("\(next)"))])
    }

    /// All pages of a method, and how long the longest was.
    private func pages(
        _ harness: Harness, _ method: Method, _ params: JSONValue, member: String, acting: String? = nil, uid: UInt32 = Harness.hall
    ) async throws -> (all: [JSONValue], longest: Int) {
        var (all, longest, after): ([JSONValue], Int, String?) = ([], 0, nil)
        while true {
            let place = after.map { [JSONValue.Member("after", .string($0))] } ?? []
            let page = try await harness.call(method, .object((params.members ?? []) + place), uid: uid, acting: acting).get()
            all += page[member]!.array!
            longest = max(longest, JSONWriter.bytes { $0.value(page) }.count)
            guard let next = page["next"]?.string else { return (all, longest) }
            try #require(next != after)
            after = next
        }
    }

    @Test("P10: A case with a title of 100 kB is listed, ordered and followed cut and says so, and its history is whole")
    func olderCase() async throws {
        let harness = try await Harness()
        let fat = try await older(harness, titleBytes: 100_000)
        let found = try await pages(harness, "case.list", .object([]), member: "cases")
        let cut = try #require(found.all.first { $0["case"] == fat["case"] })
        #expect(cut["truncated"] == ["title"] && cut["title"]!.string!.utf8.count <= 1024 && found.longest < 1 << 17)
        #expect(found.all.count == 2 && found.all[0]["truncated"] == nil)
        let whole = try await harness.on(fat, "case.get").get()
        #expect(whole["title"]!.string!.utf8.count == 100_000 && whole["truncated"] == nil)
        let history = try await harness.on(fat, "case.history").get()
        #expect(history["events"]!.array![0]["data"]?["title"] == whole["title"] && history["next"] == nil)
        // It can be worked on, and found.
        _ = try await harness.on(fat, "case.accept", as: "otto").get()
        #expect(try await harness.call("case.count", .of(["filter": .of(["text": "面 面"])])).get()["count"] == 1)
    }

    @Test("P9: A page of a list is as full as what is shown allows, however long the cases are in the store, and none is missing")
    func olderCases() async throws {
        let harness = try await Harness()
        for _ in 0..<3 { _ = try await older(harness, titleBytes: 600_000) }
        let all = [1, 2, 3, 1001, 1002, 1003].map { "C-\($0)" }
        for (limit, pageCount) in [(1000, 1), (4, 2), (1, 7)] {
            var (found, after, count): ([String], JSONValue?, Int) = ([], nil, 0)
            repeat {
                let place = after.map { [JSONValue.Member("after", $0)] } ?? []
                let page = try await harness.call("case.list", .object([.init("limit", .integer(limit))] + place)).get()
                found += page["cases"]!.array!.compactMap { $0["case"]?.string }
                (after, count) = (page["next"] == .null ? nil : page["next"], count + 1)
            } while after != nil
            #expect(found == all && count == pageCount, "by \(limit)")
        }
    }

    @Test("P9: The orders of one case come in pages by count and by bytes, each once, from the first to the last")
    func ordersOfACase() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let id = file["case"]!.string!
        let reason = JSONValue.string(String(repeating: "r", count: 60_000))
        for number in 1...24 {
            _ = try await harness.on(file, "order.open", ["reason": reason, "due": "2 working-days"], as: "cora").get()
            if number == 24 { break }
            let order = JSONValue.string("O-\(id.dropFirst(2))-\(number)")
            _ = try await harness.call("order.close", .of(["order": order, "finding": "x"]), acting: "cora").get()
        }
        for limit in [1, 5, 1000] {
            let found = try await pages(
                harness, "order.list", .of(["case": .string(id), "limit": .integer(limit)]), member: "orders", acting: "cora")
            #expect(found.all.compactMap { $0["order"]?.string } == (1...24).map { "O-\(id.dropFirst(2))-\($0)" }, "by \(limit)")
            #expect(found.longest < ReplyLimit.page + ReplyLimit.record + 100)
        }
        let other = JSONValue.of(["case": .string(id), "after": "O-999-1"])
        #expect(try await harness.call("order.list", other, acting: "cora").kind == "params.invalid")
        #expect(try await harness.call("order.list", .object([]), acting: "cora").get()["orders"]!.array!.count == 1, "one is open")
    }

    @Test("P10: However long the reasons of its pauses are and however many there are, a case is explained")
    func explained() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        for _ in 0..<40 {
            let basis = JSONValue.string(String(repeating: "b", count: 60_000))
            _ = try await harness.on(
                file, "case.suspend", ["kind": "hearing", "basis": basis, "expected": "2 working-days"], as: "otto"
            ).get()
            harness.time.advance(to: harness.time.now.advanced(byMilliseconds: 3_600_000))
            _ = try await harness.on(file, "case.resume", as: "otto").get()
        }
        let found = try await harness.on(file, "case.explain").get()
        #expect(JSONWriter.bytes { $0.value(found) }.count <= ReplyLimit.whole)
        let steps = found["clocks"]!.array!.first { $0["clock"] == "decision" }!["steps"]!.array!
        #expect(steps.count { $0["basis"]?.string == String(repeating: "b", count: 1024) } == 40, "each pause is there, with its beginning")
    }

    @Test("P9: Where cases are shown longer than they are stored, a page that is full goes on where it ends: each case once, in order")
    func fullPages() async throws {
        let harness = try await Harness()
        let count = 700
        for number in 0..<count { _ = try await harness.submit("\(number) " + String(repeating: "t", count: 900)) }
        let stored = try harness.store.read { snapshot in
            try (1...count).reduce(0) { $0 + (try snapshot.file(CaseID(Int64($1)))?.count ?? 0) }
        }
        for sort in ["case", "due"] {
            var (names, pages, after): ([String], Int, JSONValue?) = ([], 0, nil)
            repeat {
                let more = after.map { [JSONValue.Member("after", $0)] } ?? []
                let page = try await harness.call(
                    "case.list", .object([.init("limit", 1000), .init("sort", .string(sort))] + more), uid: Harness.admin
                ).get()
                names += page["cases"]!.array!.map { $0["case"]!.string! }
                pages += 1
                after = page["next"]!.isNull ? Optional.none : page["next"]
            } while after != nil && names.count <= count
            #expect(names == (1...count).map { "C-\($0)" } && pages > 1, "\(sort): \(names.count) on \(pages), \(stored) bytes")
        }
    }

    @Test("P9: A long history comes in pages by bytes and by count, readings in their places, each event once")
    func longHistory() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let text = String(repeating: "word ", count: 10_000)
        for number in 0..<60 {
            _ = try await harness.on(file, "case.note", ["text": .string("\(number) \(text)")]).get()
            if number % 20 == 0 {
                // An auditor's look goes on record.
                harness.time.advance(to: harness.time.now.advanced(byMilliseconds: 7_200_000))
                _ = try await harness.on(file, "case.get", as: "ada").get()
            }
        }
        let id = CaseID(file["case"]!.string!)!
        for limit in [1, 7, 1000] as [Int64] {
            let (all, longest) = try await pages(
                harness, "case.history", .of(["case": file["case"]!, "limit": .integer(limit)]), member: "events")
            let journal = try harness.store.read { try $0.journal(of: id) }
            #expect(all.map { $0["seq"]?.integer } == journal.map(\.seq), "\(limit)")
            #expect(longest < (1 << 20) + text.utf8.count + 4096)
        }
        let seen = try await pages(
            harness, "case.history", .of(["case": file["case"]!, "limit": .integer(9)]), member: "events", acting: "ada")
        let seqs = seen.all.compactMap { $0["seq"]?.integer }
        let rows = try harness.store.read { (try $0.journal(of: id) + $0.readings(of: id)).map(\.seq).sorted() }
        #expect(Array(rows.prefix(seqs.count)) == seqs && seqs.count >= 64)
        #expect(try await harness.on(file, "case.history", ["after": "1.x"]).kind == "params.invalid")
    }

    @Test(
        "P10: A case of several megabytes is answered cut by each command and by itself, listed and followed, and names that begin alike are one"
    )
    func hugeCase() async throws {
        let harness = try await Harness()
        let text = String(repeating: "\u{1}", count: 4000)
        var params = SmallOffice.submission().members!
        params.append(
            .init(
                "fields",
                .object((0..<60).map { .init(String(repeating: "n", count: 1100) + "\($0)", .string(text.prefix(900) + "\($0)")) })))
        let file = try await harness.call("case.submit", .object(params)).get()
        for _ in 0..<6 {
            _ = try await harness.on(
                file, "order.open", ["reason": .string(String(repeating: "r", count: 65_000)), "due": "2 working-days"], as: "cora"
            ).get()
            let order = JSONValue.string(
                "O-\(file["case"]!.string!.dropFirst(2))-\(try await harness.on(file, "case.get", as: "cora").get()["orders"]!.array!.count)"
            )
            _ = try await harness.call(
                "order.answer", .of(["order": order, "answer": .string(String(repeating: "a", count: 65_000))]), acting: "otto"
            ).get()
            let closed = try await harness.call("order.close", .of(["order": order, "finding": "x"]), acting: "cora").get()
            #expect(JSONWriter.bytes { $0.value(closed) }.count <= ReplyLimit.answer)
        }
        let found = try await harness.on(file, "case.note", ["text": "x"]).get()
        #expect(JSONWriter.bytes { $0.value(found) }.count <= ReplyLimit.answer && found["truncated"] != nil)
        let listed = try await harness.call("case.list").get()["cases"]!.array![0]
        let bytes = JSONWriter.bytes { $0.value(listed) }
        #expect(bytes.count <= ReplyLimit.record && listed["truncated"] != nil && (try? JSONReader.read(bytes)) == listed)
        let whole = try await harness.on(file, "case.get").get()
        #expect(JSONWriter.bytes { $0.value(whole) }.count <= ReplyLimit.whole)
        #expect(try await harness.history(file)[0]["data"]?["fields"]?.members?.count == 60)
    }

    @Test("P9: The server's own history comes in pages, each event once")
    func serverHistory() async throws {
        let harness = try await Harness()
        for name in ["A", "B", "C"] {
            var files = SmallOffice.files(user: Harness.hall)
            files["matters.toml"] = files["matters.toml"]?.replacing("name = \"Permit\"", with: "name = \"\(name)\"")
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        }
        let whole = try await harness.call("server.history", uid: Harness.admin).get()["events"]!.array!
        let found = try await pages(harness, "server.history", .of(["limit": .integer(1)]), member: "events", uid: Harness.admin)
        #expect(found.all == whole && whole.count >= 3)
    }
}
