import ArgumentParser
import CaseCore
import CaseWire

/// The words that open the help, where they are what somebody writes: `--title -h`, `note C-1 --help`.
struct HelpWord {
    static let all: Set = ["-h", "--help", "--version"]

    /// How many words name the command.
    private let nameCount: Int
    /// Options that have a value: the word after one is it.
    private let valued: Set<String>
    /// Which arguments are texts that somebody writes, by their places.
    private let texts: Set<Int>

    /// - Parameters:
    ///   - path: the names of the command, without that of the program.
    ///   - help: its help, which says what has a value.
    init(path: [String], help: String) {
        nameCount = path.count
        valued = Set(
            help.matches(of: /(--?[A-Za-z][A-Za-z-]*)(?:, --?[A-Za-z][A-Za-z-]*)* </).flatMap { match in
                match.output.0.split(separator: " ").map { String($0.prefix { $0 != "," }) }.filter { $0.hasPrefix("-") }
            })
        let given = Commands.ofClients.first { $0.terminalPath == path.joined(separator: " ") }
        let form = given.map { TerminalForm.of($0.name) } ?? TerminalForm()
        let arguments = (given.map { Method($0).parameters } ?? []).filter { !ParameterOption.common.contains($0.name) }
            .filter { ParameterOption([$0.name], $0, form).isPositional }
        texts = Set(arguments.indices.filter { arguments[$0].byteLimit > ByteLimit.name })
    }

    /// The words of a command line, where such a word is marked that is somebody's text.
    func told(_ words: [String]) -> [String] {
        var (told, place, option): ([String], Int, String?) = (Array(words.prefix(nameCount)), 0, nil)
        for (number, word) in words.enumerated().dropFirst(nameCount) {
            guard word != "--" else { return told + words[number...] }
            defer { option = option == nil && valued.contains(word) ? word : nil }
            if let option {
                if HelpWord.all.contains(word) { told[told.count - 1] = "\(option)=\(word)" } else { told.append(word) }
            } else if HelpWord.all.contains(word), !valued.contains(word), texts.contains(place) {
                told.append(DashedText.marked(word))
                place += 1
            } else {
                told.append(word)
                if !DashedText.isOption(word) { place += 1 }
            }
        }
        return told
    }
}
