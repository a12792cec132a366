import CaseTesting
import Testing

@testable import CaseServer

@Suite("Places that users share")
struct PlacesTests {
    @Test(
        "P12: Whoever comes gets a place however many others have taken, until all have as many as they want or as everybody else",
        arguments: 0..<40)
    func shares(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let total = Int.random(in: 3...40, using: &random)
        // How many each wants.
        let wanted = (0..<UInt32(Int.random(in: 1...6, using: &random))).map { ($0, Int.random(in: 1...2 * total, using: &random)) }
        var places = Places()
        var refusals = 0
        func come(_ user: UInt32) throws {
            if wanted.reduce(0, { $0 + places.count(of: $1.0) }) >= total {
                guard let giver = places.giver(to: user) else { return refusals += 1 }
                try #require(giver != user)
                places.add(-1, for: giver)
            }
            places.add(1, for: user)
        }
        // One comes after the other, each with all it wants; whoever lost a place comes again.
        for _ in 0..<20 {
            for (user, count) in wanted {
                while places.count(of: user) < count,
                    refusals == 0 || places.giver(to: user) != nil || wanted.reduce(0, { $0 + places.count(of: $1.0) }) < total
                { try come(user) }
            }
        }
        let counts = wanted.map { places.count(of: $0.0) }
        #expect(counts.reduce(0, +) <= total)
        let most = counts.max()!
        for ((_, count), own) in zip(wanted, counts) { #expect(own == count || own >= most - 1, "\(wanted): \(counts)") }
    }

    @Test("Who has as many as everybody else loses none, and a place that is left is free")
    func equal() {
        var places = Places()
        for user in UInt32(1)...3 { places.add(2, for: user) }
        #expect((UInt32(1)...3).allSatisfy { places.giver(to: $0) == nil })
        #expect(places.giver(to: 9) != nil)
        places.add(-2, for: 3)
        #expect(places.count(of: 3) == 0 && places.giver(to: 3) != nil)
    }
}
