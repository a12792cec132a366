import ArgumentParser
import CaseSimulation
import FoundationEssentials
import Glibc

/// Lives of the daemon from seeds, in one thread, each compared with a model after every step.
@main
struct Casesim: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Live through random lives of the daemon, with faults, and look for what must not be.",
        discussion: """
            Each seed is a life: clients with keys, a clock that is set, catalogues that change, commits that fail, processes that end. A \
            life that shows something untrue is printed with its seed and the fewest steps found that show it too.

            Exit codes: 0 nothing was found; 1 something was, or something was never met; 64 wrong usage.
            """)
    @Option(help: "How many lives.") var seeds = 2000
    @Option(help: "The first seed.") var from: UInt64 = 0
    @Option(help: "Steps of a life.") var steps = 120
    @Option(help: "How many daemons share the store.") var nodes = 1
    @Option(help: "Go on with further seeds for so many seconds.") var seconds = 0
    @Flag(help: "Print how often everything was met.") var counters = false
    @Flag(help: "Few lives do not meet everything: look for failures alone.") var anyCoverage = false

    func validate() throws {
        guard seeds > 0, steps > 0, nodes > 0, seconds >= 0 else {
            throw ValidationError("--seeds, --steps and --nodes are at least 1, --seconds at least 0")
        }
    }

    func run() throws {
        var coverage = SimulationCoverage()
        let end = Date(timeIntervalSinceNow: Double(seconds))
        var seed = from
        var failureCount = 0
        while seed - from < UInt64(seeds) || Date() < end {
            let life = SimulationStep.life(seed, count: steps)
            do throws(Simulation.Failure) {
                coverage.add(try Simulation.run(life, nodes: nodes))
            } catch {
                failureCount += 1
                print("seed \(seed), \(error)")
                let shortest = Simulation.shortened(Array(life.prefix(error.step + 1)), nodes: nodes)
                for step in shortest { print("    \(step)") }
                do throws(Simulation.Failure) { _ = try Simulation.run(shortest, nodes: nodes) } catch { print("  \(error)") }
                if failureCount == 5 { break }
            }
            seed += 1
        }
        print("\(seed - from) lives of \(steps) steps, \(failureCount) of which failed")
        if counters { print(coverage.table) }
        let missing = anyCoverage ? [] : coverage.missing
        for one in missing { print("never met, \(one)") }
        if failureCount == 0, !missing.isEmpty { print("nothing failed, but so few lives do not meet everything: take more") }
        if failureCount > 0 || !missing.isEmpty { throw ExitCode(1) }
    }
}
