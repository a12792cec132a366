/// Options that are given twice, of which the parser would forget the first.
enum Repetition {
    /// Those that can be given more than once.
    private static let repeatable: Set = ["--material", "--missing", "--field", "--set", "--with", "--worked-word", "--off", "--worked"]

    /// Other names of the same option.
    private static let sameAs = ["-o": "--output", "--format": "--output", "--iso": "--utc"]

    /// What is wrong with a command line; nil where each option stands once.
    ///
    /// - Parameter words: as `DashedText` gives them.
    static func fault(in words: [String]) -> String? {
        var seen: Set<String> = []
        for word in words.prefix(while: { $0 != "--" }) where DashedText.isOption(word) {
            let name = String(word.prefix { $0 != "=" })
            let option = sameAs[name] ?? name
            guard !repeatable.contains(option), !DashedText.flags.contains(option) else { continue }
            guard seen.insert(option).inserted else { return "Error: \(name) is given twice, and only one value can be meant." }
        }
        return nil
    }
}
