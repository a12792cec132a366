import CaseCore
import CaseEngine
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import Evidence
import Foundation
import GRDB
import Testing
import WorkingTime

/// The tree over the journal: what is signed of it, and what is noticed where the store is not what was recorded.
@Suite("The tree over the journal")
struct TreeTests {
    private static let key = SSHPrivateKey(seed: [UInt8](repeating: 9, count: 32))!

    private func directory() throws -> StateDirectory {
        let folder = TemporaryDirectory()
        folder.keepUntilExit()
        return try StateDirectory(folder.path)
    }

    /// Changes a store behind the back of whoever has it open.
    private func change(_ state: StateDirectory, _ sql: String) throws {
        try change(state.databasePath, sql)
    }

    private func change(_ path: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// Adds an entry to the journal of an engine that nobody talks to.
    private func commitSomething(_ engine: Engine) async throws {
        let work = try WriteRequest.Work("catalog.apply", SmallOffice.parameter(SmallOffice.files(user: Harness.hall)))
        let apply = try #require(work)
        await withCheckedContinuation { continuation in
            engine.submit(WriteRequest(peer: Peer(uid: Harness.admin), apply) { _ in continuation.resume() })
        }
    }

    private func newest(_ harness: Harness) async throws -> Checkpoint {
        let shown = try await harness.call("evidence.checkpoint").get()
        let key = try #require(NoteVerifier(shown["key"]!.string!))
        let note = try SignedNote(Array(shown["note"]!.string!.utf8))
        return try TreeTrust(origin: shown["origin"]!.string!, keys: [key]).checkpoint(in: note).checkpoint
    }

    @Test("Each row of the journal is a leaf, and its hash is that of the text that is served with what is apart")
    func leaves() async throws {
        let harness = try await Harness()
        for number in 0..<3 { _ = try await harness.submit("Case \(number)") }
        try harness.store.read { snapshot in
            let entries = try snapshot.recorded(after: 0, PageLimit(rows: 1000, bytes: .max))
            let tree = harness.engine.view.state.tree
            #expect(tree.edge.size == Int64(entries.count))
            #expect(try TreeRows(entries.map { $0.event.leaf }).root(ofSize: tree.edge.size) == tree.edge.root)
            let submitted = entries.filter { $0.id != .server }
            #expect(submitted.count == 3 && submitted.allSatisfy { $0.event.opening != nil })
            for entry in submitted {
                let text = String(decoding: entry.event.text, as: UTF8.self)
                #expect(!text.contains("Case ") && !text.contains("91X"), "\(text)")
            }
        }
    }

    @Test("A checkpoint is signed with the first commit and a second later with the next; at a stop with whatever came after")
    func checkpoints() async throws {
        let state = try directory()
        let store = try SQLiteStore(state)
        let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)
        let heard = LogCollector()
        let harness = try await Harness(store, time: time, heard: heard)
        let first = try await newest(harness)
        _ = try await harness.submit()
        #expect(try await newest(harness) == first, "not within the second")
        time.pass(milliseconds: 1000)
        _ = try await harness.submit()
        let second = try await newest(harness)
        #expect(second.size > first.size)
        try store.read { snapshot in
            let proof = try snapshot.consistencyProof(from: first.size, to: second.size)
            #expect(
                MerkleProof.verifyConsistency(from: first.size, root: first.root, to: second.size, root: second.root, proof: proof))
        }
        for _ in 1...3 {
            _ = try await harness.submit()
            #expect(try await newest(harness) == second, "nor within the next")
        }
        await harness.engine.stop()
        #expect(heard.lines.count { $0.contains("the tree over the journal") } == 3, "the log has each")
        let size = harness.engine.view.state.tree.edge.size
        #expect(try store.read { try $0.checkpoint(atLeast: nil)?.size } == size)
        try store.close()
    }

    @Test("With another key the same tree is signed once more, before anything else is committed")
    func changedKey() async throws {
        let state = try directory()
        var (checkpoints, verifiers): ([Checkpoint], [NoteVerifier]) = ([], [])
        // More than a note has room for.
        for seed in [9, 10, 10] + Array(11...90) as [UInt8] {
            let store = try SQLiteStore(state)
            let engine = try Engine(
                store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: .init(label: "test"),
                logKey: SSHPrivateKey(seed: [UInt8](repeating: seed, count: 32))!)
            await engine.start()
            if checkpoints.isEmpty {
                try await commitSomething(engine)
            }
            await engine.stop()
            let note = try SignedNote(try #require(try store.read { try $0.checkpoint(atLeast: nil) }).note)
            let trust = TreeTrust(origin: engine.context.checkpoints.origin, keys: [engine.context.checkpoints.verifier])
            checkpoints.append(try trust.checkpoint(in: note).checkpoint)
            verifiers.append(engine.context.checkpoints.verifier)
            // With the key from before as well.
            if checkpoints.count == 3 { #expect(try note.verified(by: verifiers).count == 2) }
            try store.close()
        }
        #expect(checkpoints[0].size > 0 && Set(checkpoints.map(\.size)).count == 1 && Set(checkpoints.map(\.root)).count == 1)
    }

    @Test("Of old checkpoints the last of each hour stays")
    func thinned() throws {
        let store = try SQLiteStore(try directory())
        for second in 0..<10_000 where second.isMultiple(of: 600) {
            var batch = Batch()
            batch.checkpoint = CheckpointRow(size: Int64(second) + 1, at: Instant(seconds: Int64(second)), note: [1])
            try store.commit(batch)
        }
        var batch = Batch()
        batch.thinnedCheckpoints = Instant(seconds: 7200)
        try store.commit(batch)
        var (sizes, next): ([Int64], Int64) = ([], 0)
        while let row = try store.read({ try $0.checkpoint(atLeast: next) }) {
            sizes.append(row.size)
            next = row.size + 1
        }
        #expect(sizes == [3001, 6601] + stride(from: 7201, to: 10_001, by: 600))
    }

    @Test(
        "A store is not opened whose tree, or whose newest checkpoint, is not of its journal",
        arguments: [
            "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
            "UPDATE journal SET leaf = zeroblob(32) WHERE seq = 1",
            "UPDATE checkpoints SET note = CAST(replace(CAST(note AS TEXT), char(10, 10), char(10) || 'x' || char(10, 10)) AS BLOB)",
            "UPDATE checkpoints SET note = zeroblob(9)",
            "UPDATE checkpoints SET size = size + 1",
            "UPDATE settings SET value = 'AAAA' WHERE name = 'tree'",
            "DELETE FROM journal WHERE seq = 1",
        ])
    func unfit(sql: String) async throws {
        let state = try directory()
        var store = try SQLiteStore(state)
        _ = try EngineMachine(store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: .init(label: "test"), logKey: Self.key)
        let engine = try Engine(
            store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: .init(label: "test"), logKey: Self.key)
        await engine.start()
        try await commitSomething(engine)
        await engine.stop()
        try store.close()
        // The same again is opened.
        store = try SQLiteStore(state)
        _ = try EngineMachine(store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: .init(label: "test"), logKey: Self.key)
        try store.close()
        try change(state, sql)
        #expect(throws: (any Error).self) {
            let store = try SQLiteStore(state)
            defer { try? store.close() }
            _ = try EngineMachine(
                store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: .init(label: "test"), logKey: Self.key)
        }
    }

    /// By somebody who knows SQLite, and gives each page the sum that it should have.
    private static let changes = [
        "UPDATE journal SET event = CAST(replace(CAST(event AS TEXT), 'otto', 'lena') AS BLOB) WHERE case_id = 1 AND revision = 2",
        "UPDATE journal SET leaf = zeroblob(32) WHERE case_id = 1 AND revision = 2",
        "UPDATE openings SET opening = zeroblob(length(opening)) WHERE seq = (SELECT seq FROM journal WHERE case_id = 1 AND revision = 1)",
        "DELETE FROM openings WHERE seq = (SELECT seq FROM journal WHERE case_id = 1 AND revision = 1)",
        "UPDATE openings SET opening = x'63617365642d6572617365642d76310a' WHERE seq = (SELECT seq FROM journal WHERE case_id = 1 AND revision = 1)",
        "UPDATE files SET file = CAST(replace(CAST(file AS TEXT), 'Warehouse', 'Warehorse') AS BLOB) WHERE case_id = 1",
        "UPDATE files SET sum = NULL WHERE case_id = 1",
        "DELETE FROM files WHERE case_id = 1",
    ]

    /// One bit of a tile that is full, in the middle of it.
    private static let anotherTile =
        "UPDATE tiles SET hashes = CAST(substr(hashes, 1, 999) || x'5A' || substr(hashes, 1001) AS BLOB) WHERE level = 0 AND place = 0"

    @Test(
        "A copy in which a record is not what was recorded is not restored",
        arguments: [nil] + changes + ["DELETE FROM tiles", anotherTile])
    func restored(sql: String?) async throws {
        let (state, other) = (try directory(), try directory())
        let harness = try await Harness(try SQLiteStore(state))
        for number in 0..<300 {
            let file = try await harness.submit("Warehouse \(number)")
            if number < 3 { _ = try await harness.on(file, "case.accept", as: "otto").get() }
        }
        let copy = try harness.store.backup().path
        await harness.engine.stop()
        if let sql { try change(copy, sql) }
        guard sql != nil else {
            _ = try BackupFile.restore(copy, to: other) { try Restoration($0) }
            return
        }
        #expect { try BackupFile.restore(copy, to: other) { try Restoration($0) } } throws: { "\($0)".contains("backup") }
        #expect(!FileManager.default.fileExists(atPath: other.databasePath))
    }

    @Test(
        "Whatever of a case is changed in the store, it is said that it is damaged, nothing of it is shown, and the others are as they were",
        arguments: changes)
    func damaged(sql: String) async throws {
        let state = try directory()
        let heard = LogCollector()
        let harness = try await Harness(try SQLiteStore(state), heard: heard)
        let files = [try await harness.submit(), try await harness.submit()]
        for file in files { _ = try await harness.on(file, "case.accept", as: "otto").get() }
        let other = try await harness.on(files[1], "case.history").get()
        #expect(try await harness.call("server.status").get()["evidence"]?["damages"] == 0)
        try change(state, sql)
        var kinds: Set<String?> = []
        for method: Method in ["case.get", "case.history", "case.explain", "evidence.proof"] {
            let said = try await harness.on(files[0], method, as: method == "evidence.proof" ? "otto" : nil)
            kinds.insert(said.kind)
            #expect(said.kind == nil || said.kind == "evidence.damaged", "\(method.rawValue)")
            if case .success(let value) = said {
                #expect(!String(decoding: JSONWriter.bytes { $0.value(value) }, as: UTF8.self).contains("Warehorse"))
            }
        }
        #expect(kinds.contains("evidence.damaged"))
        #expect(try await harness.on(files[1], "case.history").get() == other)
        let evidence = try await harness.call("server.status").get()["evidence"]
        #expect(evidence?["damages"]?.integer ?? 0 > 0 && evidence?["last_damage"]?["what"]?.string?.contains("C-1") == true)
        #expect(heard.lines.contains { $0.contains("the store is not what was recorded") })
        // What has to be written of it is refused as well.
        if !sql.contains("openings"), sql.contains("files") {
            #expect(
                try await harness.on(files[0], "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").kind
                    == "evidence.damaged")
        }
        _ = try await harness.on(files[1], "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
    }

    @Test(
        "A look through the store finds what nobody has read, and says of all else that it is right; it goes on where it was",
        arguments: [
            nil, "UPDATE journal SET event = CAST(replace(CAST(event AS TEXT), 'otto', 'lena') AS BLOB) WHERE case_id = 1 AND revision = 2",
            "DELETE FROM openings WHERE seq = (SELECT seq FROM journal WHERE case_id = 1 AND revision = 1)",
            "UPDATE files SET sum = NULL WHERE case_id = 1", "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", anotherTile,
            "UPDATE openings SET opening = x'63617365642d6572617365642d76310a' WHERE seq = (SELECT seq FROM journal WHERE case_id = 1 AND revision = 1)",
        ] as [String?])
    func looked(sql: String?) async throws {
        let state = try directory()
        let harness = try await Harness(try SQLiteStore(state))
        for number in 0..<300 {
            let file = try await harness.submit("\(number)")
            if number < 3 { _ = try await harness.on(file, "case.accept", as: "otto").get() }
        }
        if let sql { try change(state, sql) }
        var (damages, counts, next, calls): ([String], [String: Int64], JSONValue?, Int) = ([], [:], nil, 0)
        repeat {
            let place = next.map { [JSONValue.Member("after", $0)] } ?? []
            let part = try await harness.call("evidence.scrub", .object(place), uid: Harness.admin).get()
            damages += part["damages"]!.array!.compactMap(\.string)
            for name in ["pages", "entries", "cases"] { counts[name, default: 0] += part[name]!.integer! }
            next = part["next"]?.isNull == true ? nil : part["next"]
            calls += 1
        } while next != nil && calls < 100
        #expect(next == nil && damages.isEmpty == (sql == nil), "\(damages)")
        #expect(counts["cases"] == 300 && counts["entries"]! >= harness.engine.view.state.tree.edge.size - 1)
        #expect(try await harness.call("evidence.scrub").kind == "permission.denied")
        for wrong in [
            "pages.0", "pages.-1", "cases", "entries.5", "entries.5.AAAA", "end", "x.1", "pages.4611686018427387904",
            "pages.9223372036854775807",
        ] {
            let said = try await harness.call("evidence.scrub", .of(["after": .string(wrong)]), uid: Harness.admin)
            #expect(said.kind == "params.invalid", "\(wrong)")
        }
    }

    @Test("Behind an entry that cannot be read the look goes on, and finds what else is damaged")
    func several() async throws {
        let state = try directory()
        let harness = try await Harness(try SQLiteStore(state))
        for number in 0..<300 {
            let file = try await harness.submit("\(number)")
            if number < 3 { _ = try await harness.on(file, "case.accept", as: "otto").get() }
        }
        try change(
            state,
            """
            UPDATE openings SET opening = x'00' WHERE seq = (SELECT seq FROM journal WHERE case_id = 1 AND revision = 1);
            UPDATE journal SET event = CAST(replace(CAST(event AS TEXT), 'otto', 'lena') AS BLOB) WHERE case_id = 2 AND revision = 2;
            UPDATE files SET sum = NULL WHERE case_id = 3
            """)
        var (damages, counts, next): (Set<String>, [String: Int64], JSONValue?) = ([], [:], nil)
        repeat {
            let place = next.map { [JSONValue.Member("after", $0)] } ?? []
            let part = try await harness.call("evidence.scrub", .object(place), uid: Harness.admin).get()
            damages.formUnion(part["damages"]!.array!.compactMap(\.string).map { String($0.prefix { $0 != ":" }) })
            for name in ["entries", "cases"] { counts[name, default: 0] += part[name]!.integer! }
            next = part["next"]?.isNull == true ? nil : part["next"]
        } while next != nil
        #expect(damages == ["C-1", "C-2", "C-3"])
        // What is asked goes on record, so that there is an entry more.
        #expect(counts["cases"] == 300 && counts["entries"]! >= harness.engine.view.state.tree.edge.size - 1)
    }

    @Test("Entries are for whoever reads all cases, and proofs for whoever sees the case whole")
    func readers() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        #expect(try await harness.call("evidence.entries", acting: "otto").kind == "permission.denied")
        let entries = try await harness.call("evidence.entries", uid: Harness.admin).get()["entries"]!.array!
        #expect(entries.count == Int(harness.engine.view.state.tree.edge.size))
        for far in [-1, 1 << 40, .max] as [Int64] {
            #expect(try await harness.call("evidence.entries", .of(["from": .integer(far)]), uid: Harness.admin).kind == "params.invalid")
        }
        #expect(try await harness.call("evidence.entries", .of(["from": 9999]), uid: Harness.admin).get()["next"]?.isNull == true)
        for person in ["otto", "lena", "cora"] {
            let shown = try await harness.call("evidence.proof", .of(["case": file["case"]!, "revision": 1]), acting: person).get()
            let proof = try TlogProof(Array(shown["proof"]!.string!.utf8))
            let text = Array(try #require(Data(base64Encoded: shown["text"]!.string!)))
            let key = try #require(NoteVerifier(shown["key"]!.string!))
            #expect(throws: Never.self) {
                try proof.verify(leaf: TreeEntry(of: text).leaf, trusting: TreeTrust(origin: key.name, keys: [key]))
            }
            let apart = try #require(Data(base64Encoded: shown["opening"]!.string!))
            let opening = try #require(Opening(bytes: apart))
            #expect(throws: Never.self) { try RecordedEvent(text: text, opening: opening).whole() }
        }
        #expect(try await harness.on(file, "evidence.proof").kind == "permission.denied", "whoever submitted it stands outside")
        let strange = try await harness.call("evidence.checkpoint", uid: 9999)
        #expect(strange.kind != nil)
    }
}
