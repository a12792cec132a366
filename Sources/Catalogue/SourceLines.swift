/// On which line of a TOML text each table and key stands, since the parsed values do not tell.
struct SourceLines {
    private var lines: [[String]: Int] = [:]

    init(_ text: String) {
        var table: [String] = []
        var counts: [[String]: Int] = [:]
        // Only LF ends a line of TOML; Swift takes CR LF for one character, and more for ends of lines.
        for (number, line) in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = Substring(line).drop { $0 == " " || $0 == "\t" }
            if line.first == "[" {
                let isList = line.hasPrefix("[[")
                table = SourceLines.keys(line.dropFirst(isList ? 2 : 1), until: "]")
                if isList {
                    let place = counts[table, default: 0]
                    counts[table] = place + 1
                    table.append(String(place))
                }
                put(table, number + 1)
            } else if line.first != "#", line.contains("=") {
                put(table + SourceLines.keys(line, until: "="), number + 1)
            }
        }
    }

    /// The line of an entry, or of the nearest table around it; 1 where there is none.
    func line(of path: [String]) -> Int {
        var path = path
        while !path.isEmpty {
            if let line = lines[path] { return line }
            path.removeLast()
        }
        return 1
    }

    func contains(_ path: [String]) -> Bool {
        lines[path] != nil
    }

    private mutating func put(_ path: [String], _ line: Int) {
        for length in 1...max(1, path.count) where lines[Array(path.prefix(length))] == nil {
            lines[Array(path.prefix(length))] = line
        }
    }

    /// No entry has longer paths; what a longer one has beyond them is left out.
    private static let partLimit = 40

    /// Bare and quoted keys between dots.
    static func keys(_ text: Substring, until end: Unicode.Scalar) -> [String] {
        var keys = [""]
        var quote: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let open = quote {
                if scalar == open { quote = nil } else { keys[keys.count - 1].unicodeScalars.append(scalar) }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            } else if scalar == end {
                break
            } else if scalar == "." {
                guard keys.count < SourceLines.partLimit else { break }
                keys.append("")
            } else if scalar != " " && scalar != "\t" {
                keys[keys.count - 1].unicodeScalars.append(scalar)
            }
        }
        return keys
    }
}
