import CaseCore
import CaseWire
import Crypto
import WorkingTime

/// What the engine knows of draws: for which day each was made last, and the secrets of those for which the word was given.
package struct DrawBook: Sendable, Equatable {
    /// One draw, by the name that the catalogue gives it.
    struct Entry: Described {
        let name: String
        /// The day for which it was made last, or on which it was announced: the next one is made for a later day.
        var last: Day
        /// Nil between two draws.
        var word: Word?
        /// How often it is made; nil in a store from before that was kept.
        var period: InspectionDraw.Period?
        /// Whether it is announced no longer.
        var isGone = false

        static let members = Members<Entry>(
            Member("name", \.name, "its name"), Member("last", \.last, "for which day it was made, or when it was announced"),
            Member("word", \.word, unless: nil, "the word that was given"), Member("every", \.period, unless: nil, "how often it is made"),
            Member("gone", \.isGone, unless: false, "whether it is announced no longer"),
            make: { Entry(name: $0, last: $1, word: $2, period: $3, isGone: $4) })
    }

    /// The word for one draw, with the secret behind it.
    struct Word: Described {
        let committed: DrawCommitment
        let at: Instant
        let secret: String

        var rule: DrawRule { committed.rule }

        static let members = Members<Word>(
            Member("committed", \.committed, "what was said"), Member("at", \.at, "when"), Member("secret", \.secret, "and kept"),
            make: { Word(committed: $0, at: $1, secret: $2) })
    }

    /// In the order of their names.
    private(set) var entries: [Entry] = []
    /// The draw that was made last.
    private(set) var newest: DrawName?

    init() {}

    subscript(_ name: String) -> Entry? {
        entries.first { $0.name == name }
    }

    /// Takes in what is announced. What is not any more is made once more where the word was given, and remembered for some days: who
    /// announces it again does not get a second draw of a day.
    mutating func follow(_ announced: [(draw: InspectionDraw, zone: Zone)], at now: Instant) {
        let names = Set(announced.map(\.draw.id.raw))
        let today = Zone.utc.day(of: now)
        entries.removeAll { !names.contains($0.name) && $0.word == nil && $0.last < today.advanced(by: -DrawBook.memory) }
        for (draw, zone) in announced {
            let today = zone.day(of: now)
            guard let place = entries.firstIndex(where: { $0.name == draw.id.raw }) else {
                if entries.count < DrawBook.limit { entries.append(Entry(name: draw.id.raw, last: today, word: nil, period: draw.period)) }
                continue
            }
            // What is announced anew, or made more or less often, is made from the next period on.
            let isAnew = entries[place].isGone || entries[place].period.map { $0 != draw.period } ?? false
            if isAnew { entries[place].last = max(entries[place].last, today) }
            (entries[place].period, entries[place].isGone) = (draw.period, false)
        }
        for place in entries.indices where !names.contains(entries[place].name) { entries[place].isGone = true }
        entries.sort { $0.name < $1.name }
    }

    /// Names that are announced and given up again within some days wait beyond it.
    private static let limit = 1000
    /// Days of different zones lie no further apart.
    private static let memory = 3

    /// - Precondition: its draw is followed.
    mutating func give(_ word: Word) {
        entries[place(word.rule.draw)].word = word
    }

    /// - Precondition: the word for it was given.
    mutating func made(_ draw: DrawName) {
        entries[place(draw)].last = draw.day
        entries[place(draw)].word = nil
        newest = draw
    }

    /// As a restored copy goes on: whoever had the copy knows the secrets in it, so that new words are given for the draws that were to come.
    var withoutWords: DrawBook {
        var book = self
        for place in entries.indices { book.entries[place].word = nil }
        return book
    }

    private func place(_ draw: DrawName) -> Int {
        guard let place = entries.firstIndex(where: { $0.name == draw.name }) else { preconditionFailure("\(draw) is not followed") }
        return place
    }

    /// The word whose draw is to be made first.
    var first: Word? {
        entries.compactMap(\.word).min { ($0.rule.at, $0.rule.draw.name) < ($1.rule.at, $1.rule.draw.name) }
    }

    /// When a word is to be given, or a draw made.
    func next(_ announced: [(draw: InspectionDraw, zone: Zone)], at now: Instant) -> Instant? {
        let words = announced.compactMap { draw, zone -> Instant? in
            guard let entry = self[draw.id.raw] else { return entries.count < DrawBook.limit ? .first : nil }
            return entry.word == nil ? draw.turn(after: entry.last, at: now, in: zone).opensAt : nil
        }
        return (words + [first?.rule.at].compactMap { $0 }).min()
    }

    // MARK: As the store keeps it

    static let settingName = "draws"

    /// Under which the store keeps a draw that was made.
    static func settingName(of draw: DrawName) -> String {
        "draw \(draw)"
    }

    var setting: String {
        String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    writer.member("newest", newest?.description)
                    writer.key("entries")
                    writer.value(entries)
                }
            }, as: UTF8.self)
    }

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let value = try? JSONReader.read(Array(setting.utf8)), let list = value["entries"],
            let entries = try? [Entry](from: list), let newest = value["newest"]
        else { return nil }
        self.entries = entries
        self.newest = newest.string.flatMap { DrawName($0) }
    }

    /// 32 bytes of chance, in hexadecimal digits.
    package static func newSecret() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { DrawReckoning.hexadecimal($0) }
    }
}

extension DrawReckoning {
    package static let own = DrawReckoning { hexadecimal(SHA256.hash(data: Array($0.utf8))) }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    package static func hash(_ bytes: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: bytes))
    }
}
