import CaseCore
import CaseStore
import CaseWire
import Evidence

// What others need to check the journal by themselves: checkpoints, hashes, entries and proofs.

extension Reader {
    /// What was signed of the tree last, or the first that is kept of so many entries or more.
    func checkpoint(_ parameters: Parameters, for principal: Principal) throws -> [UInt8] {
        try requireKnown(principal)
        let size = parameters.integer("size")
        guard let row = try store.read({ try $0.checkpoint(atLeast: size) }) else {
            throw WireError.unsigned("checkpoint of \(size.map { "\($0) entries" } ?? "the journal")")
        }
        return JSONWriter.bytes { writer in
            writer.object {
                $0.member("size", row.size)
                $0.member("at", row.at)
                $0.member("origin", context.checkpoints.origin)
                $0.member("key", context.checkpoints.verifier.description)
                $0.member("note", String(decoding: row.note, as: UTF8.self))
            }
        }
    }

    private func requireKnown(_ principal: Principal) throws {
        guard principal.isKnown || principal.isAdmin else {
            throw WireError(.permissionDenied, "the catalogue does not know \(principal.name)", hint: "whoever has a part in it may ask")
        }
    }

    /// Hashes of the tree, as a tile has them.
    func hashes(_ parameters: Parameters, for principal: Principal) throws -> [UInt8] {
        try requireKnown(principal)
        let (level, index) = (parameters.integer("level")!, parameters.integer("index")!)
        let width = parameters.integer("width") ?? Int64(Tile.span)
        guard (0...7).contains(level) else { throw WireError.parameter("level", "is \(level)", hint: "0 to 7") }
        guard (0...Int64(Int32.max)).contains(index) else { throw WireError.parameter("index", "is \(index)", hint: "from 0 on") }
        guard (1...Int64(Tile.span)).contains(width) else { throw WireError.parameter("width", "is \(width)", hint: "1 to \(Tile.span)") }
        let hashes = try store.read { snapshot in
            let hashes = try snapshot.hashes(level: Int(level), index: index, width: Int(width))
            // A full tile is known on the level above.
            if hashes.count == Tile.span {
                let (tile, place) = index.quotientAndRemainder(dividingBy: Int64(Tile.span))
                let above = try snapshot.hashes(level: Int(level) + 1, index: tile, width: Int(place) + 1)
                guard above.count <= Int(place) || above[Int(place)] == .root(hashes) else {
                    throw DamagedRecord(.server, "tile \(index) of level \(level) is not that of the journal")
                }
            }
            return hashes
        }
        return JSONWriter.bytes { writer in
            writer.object { $0.member("hashes", Base64.text(Tile.bytes(Array(hashes.prefix(Int(width)))))) }
        }
    }

    /// Entries of the tree, with the texts that they stand for. They say all of a case but what is kept apart of persons.
    func entries(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        guard viewer.readScope.isEverything else {
            throw WireError(.permissionDenied, "the entries of the journal are for whoever reads all cases", hint: "auditors and admins do")
        }
        let from = parameters.integer("from") ?? 0
        guard (0..<Reader.farthestEntry).contains(from) else {
            throw WireError.parameter("from", "is \(from)", hint: "from 0 on; no journal is so long")
        }
        let limit = PageLimit(rows: try limit(parameters, byDefault: 1000), bytes: ReplyLimit.page)
        let page = try store.read { snapshot in
            let gaps = try snapshot.journalGaps()
            return try snapshot.recorded(after: gaps.seq(ofLeaf: from) - 1, limit).map { (index: gaps.leaf(of: $0.seq), entry: $0) }
        }
        for (_, entry) in page where entry.event.leaf != entry.leaf {
            throw DamagedRecord(entry.id, "revision \(entry.revision) is not the text that was recorded")
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("entries")
                writer.array(of: page) { writer, row in
                    writer.object {
                        $0.member("index", row.index)
                        $0.member("seq", row.entry.seq)
                        $0.member("case", row.entry.id.description)
                        $0.member("revision", row.entry.revision)
                        $0.member("text", Base64.text(row.entry.event.text))
                    }
                }
                writer.key("next")
                if let last = page.last { writer.integer(last.index + 1) } else { writer.null() }
            }
        }
    }

    /// No journal has so many entries; what is reckoned with less does not overflow.
    private static let farthestEntry: Int64 = 1 << 40

    /// So much of the store is looked at in one call.
    private static let scrubSteps = 16

    /// A look at a part of the store.
    func scrub(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        guard viewer.readScope.isEverything else {
            throw WireError(.permissionDenied, "the store is looked through for whoever reads all cases", hint: "auditors and admins do")
        }
        var scrub = Scrub()
        if let text = parameters.text("after") {
            guard let place = Scrub(text) else {
                throw WireError.parameter("after", "is no place in a store", hint: "give the `next` of the call before")
            }
            scrub = place
        }
        var damages: [String] = []
        for _ in 0..<Reader.scrubSteps where !scrub.isOver {
            try scrub.step(context.store) { damage in
                context.damages.note(damage)
                damages.append(damage.description)
            }
        }
        return JSONWriter.bytes { writer in
            writer.object {
                $0.member("pages", scrub.counts.pages)
                $0.member("entries", scrub.counts.entries)
                $0.member("cases", scrub.counts.cases)
                $0.member("damages", damages)
                $0.member("next", scrub.isOver ? nil : scrub.description)
            }
        }
    }

    /// That an event of a case is in the journal: its last one by default.
    func eventProof(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let file = try load(parameters.caseID()!, for: viewer)
        guard !file.isOutside(viewer.principal) else {
            throw WireError(
                .permissionDenied, "the entry of an event says more than whoever submitted the case sees",
                hint: "the office can hand it over")
        }
        let revision = parameters.integer("revision").map { Int(clamping: $0) } ?? file.revision
        let found = try store.read {
            snapshot -> (index: Int64, entry: RecordedEntry, hashes: [MerkleHash], checkpoint: CheckpointRow)? in
            let one = PageLimit(rows: 1, bytes: 1)
            guard revision > 0, let event = try snapshot.journal(of: file.id, after: revision - 1, one).first, event.revision == revision
            else { throw WireError.notFound("evidence", "event \(revision) of \(file.id)", hint: "casectl history \(file.id) has them") }
            let index = try snapshot.journalGaps().leaf(of: event.seq)
            guard let entry = try snapshot.recorded(after: event.seq - 1, one).first,
                let checkpoint = try snapshot.checkpoint(atLeast: index + 1)
            else { return nil }
            return (index, entry, try snapshot.inclusionProof(ofLeaf: index, inSize: checkpoint.size), checkpoint)
        }
        guard let found else {
            throw WireError.unsigned("checkpoint with that event")
        }
        let entry = TreeEntry(of: found.entry.event.text)
        guard let note = try? SignedNote(found.checkpoint.note), let checkpoint = try? Checkpoint(text: note.text) else {
            throw DamagedRecord(.server, "checkpoint \(found.checkpoint.size) is damaged")
        }
        let leads = MerkleProof.verifyInclusion(
            of: entry.leaf, at: found.index, inSize: checkpoint.size, root: checkpoint.root, proof: found.hashes)
        guard leads else { throw DamagedRecord(.server, "the tree over the journal is not what was signed") }
        let proof = TlogProof(extra: entry.bytes, index: found.index, hashes: found.hashes, checkpoint: note)
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("case", file.id.description)
                writer.member("revision", revision)
                writer.member("index", found.index)
                writer.member("size", found.checkpoint.size)
                writer.member("key", context.checkpoints.verifier.description)
                writer.member("proof", String(decoding: proof.bytes, as: UTF8.self))
                writer.member("text", Base64.text(found.entry.event.text))
                writer.member("opening", found.entry.event.opening.map { Base64.text($0.bytes) })
            }
        }
    }
}

extension WireError {
    fileprivate static func unsigned(_ what: String) -> WireError {
        WireError(.notFound, kind: "evidence.unsigned", "there is no \(what) yet", hint: "one is signed within a second of each commit")
    }
}
