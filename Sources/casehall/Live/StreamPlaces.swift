import Synchronization

/// How many event streams are open, of each person and in all.
final class StreamPlaces: Sendable {
    private let perPerson: Int
    private let all: Int
    private let taken = Mutex<[String: Int]>([:])

    init(perPerson: Int, all: Int) {
        (self.perPerson, self.all) = (perPerson, all)
    }

    /// Takes a place for as long as the value lives; nil where there is none left.
    func take(_ person: String) -> Place? {
        taken.withLock { taken in
            guard taken[person, default: 0] < perPerson, taken.values.reduce(0, +) < all else { return nil }
            taken[person, default: 0] += 1
            return Place(self, person)
        }
    }

    private func giveBack(_ person: String) {
        taken.withLock { taken in
            taken[person] = taken[person].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
    }

    final class Place: Sendable {
        private let places: StreamPlaces
        private let person: String

        fileprivate init(_ places: StreamPlaces, _ person: String) {
            (self.places, self.person) = (places, person)
        }

        deinit {
            places.giveBack(person)
        }
    }
}
