import CaseCore
import CasePages
import CaseWire

/// What somebody looks at on the live screen, and what keys do to it.
struct TopView {
    /// By what cases are ordered; the key goes through them.
    enum Order: String, CaseIterable {
        case due, left, `case`, state, matter, handler
    }

    enum Mode: Equatable {
        case looking, help
        /// What is typed so far.
        case filtering(String)
    }

    enum Key: Equatable {
        case character(Character)
        case up, down, pageUp, pageDown, enter, escape, erase, other
    }

    private(set) var order = Order.due
    private(set) var isReversed = false
    private(set) var isPaused = false
    private(set) var mode = Mode.looking
    /// Words that a case has to have all of.
    private(set) var filter = ""
    private(set) var hasEnded = false
    /// The case that is marked, counted from the first that is meant.
    private(set) var place = 0

    /// - Parameter pageSize: so many cases are on the screen.
    mutating func press(_ key: Key, pageSize: Int) {
        switch (mode, key) {
        case (.help, .character("q")): hasEnded = true
        case (.help, _): mode = .looking
        case (.filtering(let text), .enter): (mode, filter, place) = (.looking, text, 0)
        case (.filtering, .escape): mode = .looking
        case (.filtering(let text), .erase): mode = .filtering(String(text.dropLast()))
        case (.filtering(let text), .character(let character)) where text.count < TopView.filterLimit:
            mode = .filtering(text + String(character))
        case (.filtering, _): break
        case (.looking, .character("q")): hasEnded = true
        case (.looking, .character("j")), (.looking, .down): place += 1
        case (.looking, .character("k")), (.looking, .up): place = max(0, place - 1)
        case (.looking, .pageDown): place += pageSize
        case (.looking, .pageUp): place = max(0, place - pageSize)
        case (.looking, .character("s")):
            order = Order.allCases[(Order.allCases.firstIndex(of: order)! + 1) % Order.allCases.count]
        case (.looking, .character("r")): isReversed.toggle()
        case (.looking, .character("/")), (.looking, .character("f")): mode = .filtering(filter)
        case (.looking, .character(" ")): isPaused.toggle()
        case (.looking, .character("?")): mode = .help
        case (.looking, .escape): (filter, place) = ("", 0)
        case (.looking, _): break
        }
    }

    private static let filterLimit = 60

    /// No case behind the last one is marked.
    mutating func bound(to count: Int) {
        place = max(0, min(place, count - 1))
    }

    // MARK: The cases that are meant

    /// What of the filter the server knows: whose turn it is, what is overdue, states.
    var parameters: [JSONValue.Member] {
        let states = words.filter { State(rawValue: $0) != nil }
        return ["mine", "overdue"].filter(words.contains).map { .init($0, .bool(true)) }
            + (states.isEmpty ? [] : [.init("state", .array(states.map(JSONValue.string)))])
    }

    private var words: [String] {
        filter.split(separator: " ").map { $0.lowercased() }
    }

    /// Those that have the other words, in the order that was asked for.
    func meant(_ cases: [JSONValue]) -> [JSONValue] {
        let words = words.filter { !["mine", "overdue"].contains($0) && State(rawValue: $0) == nil }
        let found = cases.filter { file in
            let texts = ["case", "matter", "office", "handler", "leader", "title"].compactMap { file.cell($0)?.lowercased() }
            return words.allSatisfy { word in texts.contains { $0.contains(word) } }
        }
        guard order != .due || isReversed else { return found }
        let column =
            switch order {
            case .due: Column("due", List.earliestDue)
            case .left: List.left
            case .case: List.id
            case .state, .matter, .handler: Column(order.rawValue)
            }
        guard let ordering = try? Ordering([(isReversed ? "-" : "") + column.name], among: [column], identity: [List.id]) else {
            return found
        }
        return ordering.sorted(found)
    }
}

extension TopView.Key {
    /// The keys that bytes of a terminal stand for.
    static func keys(_ bytes: [UInt8]) -> [TopView.Key] {
        var (keys, rest): ([TopView.Key], ArraySlice<UInt8>) = ([], bytes[...])
        while let first = rest.first {
            let sequences: [([UInt8], TopView.Key)] = [
                (Array("\u{1B}[A".utf8), .up), (Array("\u{1B}[B".utf8), .down), (Array("\u{1B}OA".utf8), .up),
                (Array("\u{1B}OB".utf8), .down), (Array("\u{1B}[5~".utf8), .pageUp), (Array("\u{1B}[6~".utf8), .pageDown),
            ]
            if let (sequence, key) = sequences.first(where: { rest.starts(with: $0.0) }) {
                keys.append(key)
                rest = rest.dropFirst(sequence.count)
                continue
            }
            switch first {
            case 0x1B:
                // A sequence that is not known is no key; the key alone is.
                keys.append(rest.count == 1 ? .escape : .other)
                rest =
                    rest.count == 1
                    ? [] : rest.dropFirst().drop { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "O") || $0 < 0x40 }.dropFirst()
            case 10, 13:
                keys.append(.enter)
                rest = rest.dropFirst()
            case 8, 127:
                keys.append(.erase)
                rest = rest.dropFirst()
            case 4:
                keys.append(.character("q"))
                rest = rest.dropFirst()
            case 0..<32:
                keys.append(.other)
                rest = rest.dropFirst()
            default:
                let text = String(decoding: rest.prefix { $0 >= 32 && $0 != 127 }, as: UTF8.self)
                keys += text.map { .character($0) }
                rest = rest.drop { $0 >= 32 && $0 != 127 }
            }
        }
        return keys
    }
}
