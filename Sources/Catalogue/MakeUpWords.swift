/// The words by which an event of an iCalendar file is a make-up working day: RFC 5545 has no property that says so.
package struct MakeUpWords: Equatable, Sendable {
    /// What texts say of their days.
    package enum Sense: Equatable, Sendable {
        /// No word of the list stands in them.
        case none
        /// The letters of one do, within a longer word, such as "working day" within "Non-working day".
        case within(word: String)
        /// One does, as a whole word.
        case worked(by: String)
        /// One does, and so does what can mean the contrary, such as "no" or "不".
        case unclear(word: String, contrary: String)
    }

    /// Those that every import knows.
    package static let usual = ["补班", "上班", "班", "工作日", "make-up", "makeup", "working day", "workday"]

    /// What can turn one of them into its contrary.
    private static let contraries = [
        "no", "not", "non", "never", "without", "off", "free", "make-up holiday", "makeup holiday", "不", "无", "非", "免", "停", "休息", "放假",
    ]

    /// What does so where it stands directly before a word of Chinese.
    private static let chinesePrefixes: Set<Unicode.Scalar> = ["不", "无", "非", "免", "停"]

    private let words: [String]

    package init(_ words: [String] = MakeUpWords.usual) {
        self.words = words
    }

    /// Whether a text can be such a word: it has a letter or a digit.
    package static func isWord(_ text: String) -> Bool {
        text.unicodeScalars.contains(where: isLetter)
    }

    /// What texts that belong together say, such as the name of an event and its categories.
    package func sense(of texts: [String]) -> Sense {
        var (inner, whole): (String?, String?)
        for word in words {
            let plain = MakeUpWords.plain(word)
            for text in texts.map(MakeUpWords.plain) {
                switch MakeUpWords.place(of: plain, in: text) {
                case .whole:
                    if let contrary = MakeUpWords.contrary(to: plain, in: text) { return .unclear(word: word, contrary: contrary) }
                    whole = whole ?? word
                case .within: inner = inner ?? word
                case nil: continue
                }
            }
        }
        return whole.map { .worked(by: $0) } ?? inner.map { .within(word: $0) } ?? .none
    }

    /// What a text says besides a word that speaks against it.
    private static func contrary(to word: String, in text: String) -> String? {
        let rest = text.replacing(word, with: " ").replacing("-", with: " ")
        return contraries.first { place(of: $0, in: $0.contains(word) ? text : rest) == .whole }
    }

    private enum Place {
        case whole, within
    }

    /// Where a word stands in a text: whole, where no letter, no digit and no hyphen joins it to more. Chinese sets no words apart: there one of
    /// several characters is whole wherever it stands but after a "no", and one of a single character only by itself.
    private static func place(of word: String, in text: String) -> Place? {
        let isContrary = contraries.contains(word)
        let (word, text) = (Array(word.unicodeScalars), Array(text.unicodeScalars))
        guard let first = word.first, let last = word.last, word.count <= text.count else { return nil }
        func joins(_ neighbour: Unicode.Scalar, _ end: Unicode.Scalar) -> Bool {
            guard isHan(end) else { return neighbour == "-" || isLetter(neighbour) && !isHan(neighbour) }
            return word.count == 1 && !isContrary && isHan(neighbour)
        }
        var place: Place?
        for start in 0...text.count - word.count where text[start..<start + word.count].elementsEqual(word) {
            let end = start + word.count
            let isDenied = start > 0 && isHan(first) && !isContrary && chinesePrefixes.contains(text[start - 1])
            if !isDenied, start == 0 || !joins(text[start - 1], first), end == text.count || !joins(text[end], last) { return .whole }
            place = .within
        }
        return place
    }

    /// In small letters, with one kind of hyphen, and one space where there is white space.
    private static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.lowercased().unicodeScalars {
            switch scalar {
            case "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2212}", "\u{FF0D}": plain.unicodeScalars.append("-")
            case _ where scalar.properties.isWhitespace: if !plain.isEmpty, plain.last != " " { plain += " " }
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain.last == " " ? String(plain.dropLast()) : plain
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isIdeographic
    }
}
