import CaseSimulation
import Testing

/// Lives of the daemon from seeds; `casesim` lives through more of them.
@Suite("Simulated lives")
struct SimulationTests {
    private static let chunk = 100

    @Test("Lives with faults, clocks that are set and catalogues that change keep every promise, and meet everything there is")
    func lives() async throws {
        let coverage = try await withThrowingTaskGroup(of: SimulationCoverage.self) { group in
            for first in stride(from: 0, to: 2000, by: Self.chunk) {
                group.addTask {
                    var coverage = SimulationCoverage()
                    for seed in first..<first + Self.chunk {
                        // Some are long: what follows from a decision comes late.
                        let count = seed == first ? 240 : 80
                        do throws(Simulation.Failure) {
                            coverage.add(try Simulation.run(SimulationStep.life(UInt64(seed), count: count)))
                        } catch {
                            Issue.record("seed \(seed), \(error): casesim --from \(seed) --seeds 1 --steps \(count) shortens it")
                        }
                    }
                    return coverage
                }
            }
            return try await group.reduce(into: SimulationCoverage()) { $0.add($1) }
        }
        #expect(coverage.missing.isEmpty)
    }

    @Test("Several daemons on one store keep the same promises, whichever of them works in a step", arguments: 2...4)
    func shared(nodes: Int) async throws {
        await withTaskGroup { group in
            for first in stride(from: 0, to: 80, by: 20) {
                group.addTask {
                    for seed in first..<first + 20 {
                        do throws(Simulation.Failure) {
                            _ = try Simulation.run(SimulationStep.life(UInt64(seed * 10 + nodes), count: 100), nodes: nodes)
                        } catch {
                            Issue.record(
                                "seed \(seed * 10 + nodes), \(error): casesim --from \(seed * 10 + nodes) --seeds 1 --steps 100 --nodes \(nodes)"
                            )
                        }
                    }
                }
            }
        }
    }
}
