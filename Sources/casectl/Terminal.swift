import CasePages
import CaseWire
import FoundationEssentials
import Glibc

/// What may be sent to a terminal.
enum Terminal {
    /// Text from outside, with everything escaped that a terminal could take for a command or that could reorder a line.
    static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: Escaped.isUnsafe) else { return text }
        return text.unicodeScalars.map { Escaped.isUnsafe($0) ? Escaped.named($0) : String($0) }.joined()
    }

    /// The same of a text of several lines, whose ends and tabs stay.
    static func plainLines(_ text: String) -> String {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map { plain(String($0.last == "\r" ? $0.dropLast() : $0)) }
                .joined(separator: "\t")
        }.joined(separator: "\n")
    }

    /// Columns that a text takes on a terminal (UAX #11): East Asian wide characters and emoji take two, marks none.
    static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + width($1) }
    }

    private static func width(_ character: Character) -> Int {
        character.unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: return 0
            default: break
            }
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
                0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
                return 2
            default: return scalar.properties.isEmojiPresentation ? 2 : 1
            }
        }.max() ?? 0
    }

    static var isTerminal: Bool {
        !StandardOutput.isFile && isatty(1) == 1
    }

    static let hasColour = isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

    /// A text in the colour of a light; by default the light's own name.
    static func light(_ text: String, as light: String? = nil) -> String {
        guard hasColour else { return text }
        switch light ?? text {
        case "red": return "\u{1B}[31m\(text)\u{1B}[0m"
        case "yellow": return "\u{1B}[33m\(text)\u{1B}[0m"
        case "green": return "\u{1B}[32m\(text)\u{1B}[0m"
        default: return text
        }
    }

    /// Lines and columns of the terminal.
    static var size: (lines: Int, columns: Int) {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// Prints a text; on a terminal that it does not fit on, through a pager.
    ///
    /// - Parameter isTable: whether lines are better cut by the pager than broken.
    static func page(_ text: String, isAllowed: Bool = true, isTable: Bool = false) {
        let pager = ProcessInfo.processInfo.environment["PAGER"] ?? (isTable ? "less -FRSX" : "less -FRX")
        guard isAllowed, isTerminal, !pager.isEmpty, rowCount(text, columns: size.columns) >= size.lines else {
            return StandardOutput.print(text)
        }
        let status = try? Child.run(pager, input: Array((text + "\n").utf8))
        // A shell that finds no such pager says so, and the text is still to be seen.
        if status == nil || status == 126 || status == 127 { StandardOutput.print(text) }
    }

    /// How many rows of a terminal a text takes: a line that is wider than it takes several.
    static func rowCount(_ text: String, columns: Int) -> Int {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).reduce(0) { count, line in
            let width = width(withoutColour(String(line)))
            return count + max(1, (width + columns - 1) / max(1, columns))
        }
    }

    /// A line as it is without colours.
    static func withoutColour(_ line: String) -> String {
        line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    }

    /// A text cut to so many columns.
    static func cut(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        var (result, taken) = ("", 0)
        for character in text {
            taken += width(character)
            if taken > columns - 1 { break }
            result.append(character)
        }
        return result + "…"
    }

    /// A line in pieces of at most so many columns, broken at spaces where there are any; what follows the first one is set in by four more.
    static func wrapped(_ line: String, to columns: Int) -> [String] {
        let margin = String(repeating: " ", count: min(columns / 2, line.prefix { $0 == " " }.count + 4))
        var (pieces, piece, taken, space): ([String], String, Int, String.Index?) = ([], "", 0, nil)
        for character in line {
            if taken + width(character) > columns {
                let next = space.map { margin + piece[piece.index(after: $0)...] } ?? margin
                if let space, width(next) + width(character) <= columns {
                    pieces.append(String(piece[..<space]))
                    piece = next
                } else {
                    pieces.append(piece)
                    piece = margin
                }
                (taken, space) = (width(piece), nil)
            }
            if character == " ", piece.contains(where: { $0 != " " }) { space = piece.endIndex }
            piece.append(character)
            taken += width(character)
        }
        return pieces + [piece]
    }

    static func reversed(_ text: String) -> String {
        hasColour ? "\u{1B}[7m\(text)\u{1B}[0m" : text
    }
}
