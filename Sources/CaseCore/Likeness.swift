/// Names that look alike, for "did you mean".
package enum Likeness {
    /// The name that differs least, where it differs by few letters only.
    package static func nearest(_ name: String, among names: [String]) -> String? {
        let best = names.map { (distance(name, $0), $0) }.min { $0.0 < $1.0 }
        guard let (distance, nearest) = best, distance <= max(1, name.count / 3) else { return nil }
        return nearest
    }

    /// How many letters have to be added, left out or changed.
    private static func distance(_ one: String, _ other: String) -> Int {
        let letters = Array(other)
        var row = Array(0...letters.count)
        for (place, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = place + 1
            for column in letters.indices {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (letters[column] == letter ? 0 : 1))
                diagonal = above
            }
        }
        return row[letters.count]
    }
}
