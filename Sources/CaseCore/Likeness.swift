/// Names that look alike, for "did you mean".
package enum Likeness {
    /// The name that differs least, where it differs by few letters only.
    package static func nearest(_ name: String, among names: [String]) -> String? {
        let letters = Array(name)
        let limit = max(1, letters.count / 3)
        var best: (distance: Int, name: String)?
        // Names much longer or shorter are not looked at: whoever gives a long name finds out no later.
        for other in names where abs(other.count - letters.count) <= limit {
            let distance = distance(letters, Array(other))
            if distance <= limit, best.map({ (distance, other) < ($0.distance, $0.name) }) ?? true { best = (distance, other) }
        }
        return best?.name
    }

    /// What helps who gave a name that there is not: the nearest one, or the first ones; nil where there are none.
    package static func hint(_ name: String, among names: [String]) -> String? {
        let names = Set(names).sorted()
        if let nearest = nearest(name, among: names) { return "did you mean \(nearest)?" }
        guard !names.isEmpty else { return nil }
        return "one of " + names.prefix(shown).joined(separator: ", ") + (names.count > shown ? " and \(names.count - shown) more" : "")
    }

    private static let shown = 20

    /// How many letters have to be added, left out, changed, or swapped with their neighbour.
    private static func distance(_ one: [Character], _ other: [Character]) -> Int {
        var (above, row) = ([Int](), Array(0...other.count))
        for (place, letter) in one.enumerated() {
            var next = [place + 1]
            for column in other.indices {
                var least = min(row[column + 1] + 1, next[column] + 1, row[column] + (other[column] == letter ? 0 : 1))
                if place > 0, column > 0, letter == other[column - 1], one[place - 1] == other[column] {
                    least = min(least, above[column - 1] + 1)
                }
                next.append(least)
            }
            (above, row) = (row, next)
        }
        return row[other.count]
    }
}
