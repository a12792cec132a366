import CaseCore
import CaseTesting
import CaseWire
import Evidence
import Testing
import WorkingTime

/// What the tree covers of an event, and what is kept apart from it.
@Suite("Recorded events")
struct RecordedEventTests {
    static let salt = [UInt8](0..<16)
    static let names = Commands.all.map { $0.recorded.name }

    /// An event of a kind, as its members describe it.
    ///
    /// - Parameter isWhole: whether members that may be missing are there.
    private func event(_ name: String, isWhole: Bool) throws -> Event {
        let kind = try #require(Commands.change(named: name))
        return Event(
            file: CaseID(17), revision: 4, at: Instant("2026-02-12T01:00:00.250Z")!, by: "otto", via: "hall",
            change: try kind.init(from: kind.shape.example(isWhole: isWhole)), clocks: [])
    }

    private func shapes(_ shape: Shape) -> [Shape.Member] {
        switch shape {
        case .object(let members): members + members.flatMap { shapes($0.shape) }
        case .named(_, let shape), .orNull(let shape), .list(let shape), .map(let shape): shapes(shape)
        case .either(let all): all.flatMap(shapes)
        case .text, .integer, .boolean, .instant, .dayOrInstant, .day, .length, .caseID, .orderID, .word, .any: []
        }
    }

    @Test("Each kind of event comes back whole, and its text holds nothing of what is kept apart", arguments: names, [true, false])
    func parted(name: String, isWhole: Bool) throws {
        let event = try event(name, isWhole: isWhole)
        let recorded = RecordedEvent(event, salt: { Self.salt })
        #expect(try Event(canonicalBytes: recorded.whole()) == event)
        let apart = Set(shapes(type(of: event.change).shape).filter(\.isApart).map(\.name))
        let text = try JSONReader.read(recorded.text)
        func names(_ value: JSONValue) -> [String] {
            (value.members ?? []).flatMap { [$0.name] + names($0.value) } + (value.array ?? []).flatMap(names)
        }
        #expect(apart.isDisjoint(with: names(text["data"]!)))
        guard recorded.opening != nil else {
            #expect(recorded.text == event.canonicalBytes)
            return
        }
        #expect(text["commitment"]?.string?.count == 64)
        // Without the commitment and with what was apart it is the canonical text, member for member.
        let whole = try JSONReader.read(recorded.whole())
        #expect(JSONValue.object(whole.members!.dropLast()) == (try JSONReader.read(event.canonicalBytes)))
        #expect(try recorded.whole().count == recorded.byteCount)
    }

    @Test(
        "What was erased leaves the text and its leaf as they were, and says so of each member that was apart", arguments: names,
        [true, false])
    func erased(name: String, isWhole: Bool) throws {
        let event = try event(name, isWhole: isWhole)
        let recorded = RecordedEvent(event, salt: { Self.salt })
        let erased = try recorded.erased(event)
        #expect(erased.text == recorded.text && erased.leaf == recorded.leaf)
        guard let opening = recorded.opening else {
            #expect(erased == recorded)
            return
        }
        #expect(erased.isErased && !recorded.isErased)
        let left = try Event(canonicalBytes: erased.whole())
        #expect(RecordedEvent(left, salt: { Self.salt }).text != recorded.text || left == event, "another commitment")
        for piece in opening.pieces {
            let said = String(decoding: piece.bytes, as: UTF8.self)
            if said.contains("said") { #expect(!String(decoding: try erased.whole(), as: UTF8.self).contains(said)) }
        }
        let again = try #require(Opening(bytes: erased.opening!.bytes))
        #expect(again == erased.opening && again.isErased)
        // Nothing commits to an opening that was erased: it can say nothing else.
        for place in opening.pieces.indices {
            var pieces = erased.opening!.pieces
            pieces[place] = Opening.Piece(place: pieces[place].place, bytes: Array(#""title":"Another","#.utf8))
            let forged = RecordedEvent(text: recorded.text, opening: Opening(salt: nil, pieces: pieces))
            #expect(throws: RecordedEvent.Damage.opening) { try forged.whole() }
        }
        let whole = RecordedEvent(text: recorded.text, opening: Opening(salt: nil, pieces: opening.pieces))
        if opening.pieces != erased.opening!.pieces { #expect(throws: RecordedEvent.Damage.opening) { try whole.whole() } }
    }

    @Test("An opening that is not the one that the text commits to is found, bit by bit", arguments: names)
    func damaged(name: String) throws {
        let recorded = RecordedEvent(try event(name, isWhole: true), salt: { Self.salt })
        guard let opening = recorded.opening else { return }
        #expect(throws: RecordedEvent.Damage.opening) { try RecordedEvent(text: recorded.text).whole() }
        let bytes = opening.bytes
        #expect(Opening(bytes: bytes) == opening)
        for place in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[place] ^= 1 << bit
                guard let other = Opening(bytes: flipped) else { continue }
                #expect(throws: RecordedEvent.Damage.opening) { try RecordedEvent(text: recorded.text, opening: other).whole() }
            }
        }
    }

    @Test("Two events that say the same do not show it where each has a salt of its own")
    func salts() throws {
        let event = try event("noted", isWhole: true)
        let texts = (0..<2).map { _ in RecordedEvent(event, salt: { (0..<Opening.saltLength).map { _ in .random(in: 0...255) } }).text }
        #expect(texts[0] != texts[1])
    }

    @Test("Whatever a client writes in prose is kept apart", arguments: Commands.ofClients.map { $0.name })
    func prose(name: CommandName) throws {
        let command = Commands.ofClient(name)
        let change = try #require(Commands.all.first { $0.name == name }).recorded
        let recorded = shapes(change.shape)
        for member in shapes(command.shape) where member.byteLimit >= ByteLimit.prose {
            // Lists of materials and persons are names of the catalogue.
            guard case .text = member.shape else { continue }
            for same in recorded where same.name == member.name { #expect(same.isApart, "\(name).\(member.name)") }
            #expect(recorded.contains { $0.isApart }, "\(name) says something of its own")
        }
    }
}
