import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension Reader {
    /// What the catalogue announces, and what was made of it. Draws are for everybody who is known: they say nothing of a case but its id.
    func draws(_ parameters: Parameters) throws -> [UInt8] {
        let limit = try limit(parameters)
        let (register, book, now) = (context.catalogs.newest, engine.view.state.draws, context.time.now)
        var next = try parameters.text("after").map { try name($0, "after") } ?? book.newest
        // Without their populations, which can be long.
        var made: [(at: Instant, rule: DrawRule, result: DrawResult)] = []
        try store.read { snapshot in
            while let draw = next, made.count < limit {
                let value = try JSONReader.read(try published(draw, in: snapshot))
                made.append(
                    (
                        try Instant(from: value["made_at"] ?? .null), try DrawCommitment(from: value["committed"] ?? .null).rule,
                        try DrawResult(from: value["made"] ?? .null)
                    ))
                next = try DrawName?(from: value["former"] ?? .null)
            }
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("draws")
                writer.array(of: register.announcedDraws) { writer, announced in
                    let (draw, zone) = announced
                    // Once the word is given for one, that is the next, whatever the catalogue says by now.
                    let entry = book[draw.id.raw]
                    let rule = entry?.word?.rule
                    let turn = draw.turn(after: entry?.last ?? zone.day(of: now), at: now, in: zone)
                    writer.object {
                        $0.member("name", draw.id.raw)
                        $0.member("post", (rule?.post ?? draw.post).raw)
                        $0.member("every", draw.period.rawValue)
                        $0.member("size", rule?.size ?? draw.size)
                        $0.member("matters", (rule?.matters ?? draw.matters?.sorted() ?? []).map(\.raw))
                        $0.member("next", (rule?.draw.day ?? turn.day).description)
                        $0.member("at", rule?.at)
                        $0.member("commitment", entry?.word?.committed.commitment)
                    }
                }
                writer.key("made")
                writer.array(of: made) { writer, draw in
                    writer.object {
                        $0.member("draw", draw.result.draw.description)
                        $0.member("post", draw.rule.post.raw)
                        $0.member("made_at", draw.at)
                        $0.member("population", draw.result.populationCount)
                        $0.member("missed", draw.rule.missed)
                        $0.member("drawn", draw.result.drawn.map(\.description))
                    }
                }
                writer.member("next", next?.description)
            }
        }
    }

    func draw(_ parameters: Parameters) throws -> [UInt8] {
        let draw = try name(parameters.text("draw")!, "draw")
        return try store.read { try published(draw, in: $0) }
    }

    private func name(_ text: String, _ parameter: String) throws(WireError) -> DrawName {
        guard let draw = DrawName(text) else {
            throw .parameter(parameter, "is no draw", hint: "a name and a day, such as monthly/2026-03-01")
        }
        return draw
    }

    /// A draw as it was published, which stays to the byte what it was.
    private func published(_ draw: DrawName, in snapshot: any StoreSnapshot) throws -> [UInt8] {
        guard let text = try snapshot.setting(DrawBook.settingName(of: draw)) else {
            throw WireError.notFound("draw", "draw \(draw)", hint: "casectl inspect draws lists those that were made")
        }
        return Array(text.utf8)
    }
}
