import CaseTesting

/// Makes inputs of those that there are: bytes are changed, left out, repeated, moved, and words put in.
struct Mutator {
    private(set) var corpus: [[UInt8]]
    private let words: [[UInt8]]
    private var random: SeededRandom
    /// Inputs of late, so that changes add up.
    private var recent: [[UInt8]] = []

    private static let recentLimit = 64
    private static let lengthLimit = 1 << 16
    /// Of all formats: ends of ranges, what is escaped, what is no text.
    private static let common: [String] = [
        "", "\n", "\r\n", "\0", " ", "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", ":", ",", "=", ".", "-", "0", "-1", "1e9",
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551616", "null", "true", "C-1", "C-0",
        "C-9223372036854775807", "9999-12-31T23:59:59Z", "0000-01-01", "0001-01-01T00:00:00Z", "2026-02-30", "2024-02-29", "24:00",
        "审批", "\u{301}", "\u{1F468}\u{200D}\u{1F469}", "\u{2028}", "\u{202E}", "\u{FEFF}", "%s%n", "'; DROP TABLE cases; --",
    ]

    init(_ corpus: [[UInt8]], words: [String], seed: UInt64) {
        self.corpus = corpus
        self.words = (Mutator.common + words).map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]
        random = SeededRandom(seed: seed)
    }

    mutating func next() -> [UInt8] {
        let pool = !recent.isEmpty && Bool.random(using: &random) ? recent : corpus
        var input = pool.randomElement(using: &random)!
        for _ in 0..<Int.random(in: 1...6, using: &random) { change(&input) }
        if input.count > Mutator.lengthLimit { input.removeLast(input.count - Mutator.lengthLimit) }
        if recent.count == Mutator.recentLimit { recent.remove(at: Int.random(in: 0..<recent.count, using: &random)) }
        recent.append(input)
        return input
    }

    private mutating func change(_ input: inout [UInt8]) {
        let place = Int.random(in: 0...input.count, using: &random)
        let end = min(input.count, place + Int.random(in: 1...(Bool.random(using: &random) ? 4 : 64), using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: if place < input.count { input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 1: if place < input.count { input[place] = .random(in: .min ... .max, using: &random) }
        case 2: input.removeSubrange(place..<end)
        case 3: input.insert(contentsOf: input[place..<end], at: place)
        case 4:
            let piece = input[place..<end]
            input.removeSubrange(place..<end)
            input.insert(contentsOf: piece, at: Int.random(in: 0...input.count, using: &random))
        case 5:
            // Many times the same: depth, length.
            let word = words.randomElement(using: &random)!
            let count = Int.random(in: 1...(Bool.random(using: &random) ? 8 : 2000), using: &random)
            input.insert(contentsOf: Array(repeating: word, count: count).joined(), at: place)
        case 6:
            let other = corpus.randomElement(using: &random)!
            let start = Int.random(in: 0...other.count, using: &random)
            input.replaceSubrange(place..<end, with: other[start..<min(other.count, start + 64)])
        default: input.replaceSubrange(place..<end, with: words.randomElement(using: &random)!)
        }
    }
}
