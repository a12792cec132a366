/// Names that look alike, for "did you mean".
package enum Likeness {
    /// The name that differs least, where it differs by few letters only.
    package static func nearest(_ name: String, among names: [String]) -> String? {
        // What is longer than any name is no slip of the pen.
        guard name.utf8.count <= 200 else { return nil }
        let best = names.map { (distance(name, $0), $0) }.min { $0.0 < $1.0 }
        guard let (distance, nearest) = best, distance <= max(1, name.count / 3) else { return nil }
        return nearest
    }

    /// How many letters have to be added, left out, changed, or swapped with their neighbour.
    private static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one), Array(other))
        var rows = [Array(0...other.count)]
        for (place, letter) in one.enumerated() {
            var row = [place + 1]
            for column in other.indices {
                var least = min(rows[place][column + 1] + 1, row[column] + 1, rows[place][column] + (other[column] == letter ? 0 : 1))
                if place > 0, column > 0, letter == other[column - 1], one[place - 1] == other[column] {
                    least = min(least, rows[place - 1][column - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
