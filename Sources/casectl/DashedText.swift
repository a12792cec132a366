/// Texts that begin with a dash, told apart from options before the parser sees them: `--opinion "- complete"`, `note C-1 "-5 degrees"`,
/// `--sort -case`, `--from -7d`.
enum DashedText {
    /// Stands in front of a text so that it is not taken for an option. It is no character, so that no text has it.
    private static let mark = Unicode.Scalar(UInt32(0xFDD0))!

    /// Options that have no value, in the commands that take texts or days.
    static let flags: Set = [
        "--json", "--utc", "--iso", "--no-pager", "--raw", "--bom", "--mine", "--overdue", "--provisional", "--suspended", "--inspected",
        "--revoked", "--undelivered", "--nobody", "--unassigned", "--stale-ok", "--dry-run", "--help", "--version",
    ]

    /// The words of a command line as the parser is to see them: a text after an option is its value, any other stands for itself.
    ///
    /// - Parameter takesTexts: whether the command takes texts that stand for themselves, and hands them to `text(_:)`.
    static func guarded(_ words: [String], takesTexts: Bool) -> [String] {
        var guarded: [String] = []
        for (place, word) in words.enumerated() {
            guard word != "--" else { return guarded + words[place...] }
            guard word.unicodeScalars.first == "-", word != "-", !isOption(word) else {
                guarded.append(word)
                continue
            }
            if let last = guarded.last, isOption(last), !last.unicodeScalars.contains("="), !flags.contains(last) {
                guarded[guarded.count - 1] = last + "=" + word
            } else {
                guarded.append(takesTexts ? marked(word) : word)
            }
        }
        return guarded
    }

    /// A text that stands for itself, as the parser does not take it for an option.
    static func marked(_ text: String) -> String {
        String(mark) + text
    }

    /// The text that was meant.
    static func text(_ argument: String) -> String {
        argument.unicodeScalars.first == mark ? String(argument.unicodeScalars.dropFirst()) : argument
    }

    /// The same in a sentence that repeats it.
    static func plain(_ sentence: String) -> String {
        sentence.replacing(String(mark), with: "")
    }

    /// Whether a word looks like an option: `-o`, `-o=csv`, `--columns`, `--columns=case`.
    static func isOption(_ word: String) -> Bool {
        let name = word.unicodeScalars.prefix { $0 != "=" }
        guard name.first == "-", let second = name.dropFirst().first else { return false }
        guard second == "-" else { return name.count == 2 && isLetter(second) }
        let rest = name.dropFirst(2)
        return rest.first.map(isLetter) == true && rest.allSatisfy { isLetter($0) || $0 == "-" || ("0"..."9").contains($0) }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
}
