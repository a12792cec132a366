import CaseCore

/// Options that are given twice, of which the parser would forget the first.
enum Repetition {
    /// Those that can be given more than once.
    private static let repeatable: Set = [
        "--material", "--missing", "--field", "--set", "--with", "--worked-word", "--off", "--worked", "--since", "--witness-key",
    ]

    /// Those that a filter takes several words for.
    private static let severalWords = Set(
        FilterMember.all.map(\.shape).filter { $0.shape.wordsOfSeveral != nil }.map { "--" + $0.name.replacing("_", with: "-") })

    /// Other names of the same option.
    private static let sameAs = ["-o": "--output", "--format": "--output", "--iso": "--utc"]

    /// What is wrong with a command line; nil where each option stands once.
    ///
    /// - Parameter words: as `DashedText` gives them.
    static func fault(in words: [String]) -> String? {
        let isFilter = !Commands.ofClients.contains { $0.terminalName == words.first }
        var seen: Set<String> = []
        for word in words.prefix(while: { $0 != "--" }) where DashedText.isOption(word) {
            let name = String(word.prefix { $0 != "=" })
            let option = sameAs[name] ?? name
            guard !repeatable.contains(option), !DashedText.flags.contains(option), !(isFilter && severalWords.contains(option)),
                !(words.first == "export" && option == "--case")
            else {
                continue
            }
            guard seen.insert(option).inserted else { return "Error: \(name) is given twice, and only one value can be meant." }
        }
        return nil
    }
}
