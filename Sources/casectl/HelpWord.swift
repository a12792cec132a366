/// The words that open the help, where they are the value of an option: `--title -h`. As an argument they open it, and stand for
/// themselves behind `--`: `note C-1 -- -h`.
struct HelpWord {
    static let all: Set = ["-h", "--help", "--version"]

    /// How many words name the command.
    private let nameCount: Int
    /// Options that have a value: the word after one is it.
    private let valued: Set<String>

    /// - Parameters:
    ///   - path: the names of the command, without that of the program.
    ///   - help: its help, which says what has a value.
    init(path: [String], help: String) {
        nameCount = path.count
        valued = Set(
            help.matches(of: /(--?[A-Za-z][A-Za-z-]*)(?:, --?[A-Za-z][A-Za-z-]*)* </).flatMap { match in
                match.output.0.split(separator: " ").map { String($0.prefix { $0 != "," }) }.filter { $0.hasPrefix("-") }
            })
    }

    /// The words of a command line, where such a word is joined to the option whose value it is.
    func told(_ words: [String]) -> [String] {
        var (told, option): ([String], String?) = (Array(words.prefix(nameCount)), nil)
        for (number, word) in words.enumerated().dropFirst(nameCount) {
            guard word != "--" else { return told + words[number...] }
            defer { option = option == nil && valued.contains(word) ? word : nil }
            if let option, HelpWord.all.contains(word) { told[told.count - 1] = "\(option)=\(word)" } else { told.append(word) }
        }
        return told
    }
}
