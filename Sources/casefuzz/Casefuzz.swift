import ArgumentParser
import CaseTesting
import Foundation

/// Random and damaged inputs, for whoever reads what comes from outside.
@main
struct Casefuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "casefuzz",
        abstract: "Hand random and damaged inputs to everything that reads what comes from outside.",
        discussion: """
            What ends the process, takes longer than a few seconds, takes the machine's memory, or is read otherwise than it is written, is \
            found. The input that was on its way is kept in --keep. Inputs are made from a seed, of the files of --corpus/TARGET, of words \
            that matter to the target, and of each other.

            Targets: \(FuzzTarget.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: ", ")).

            Exit codes: 0 nothing was found; 1 something was; 64 wrong usage; another one where an input ended the process.
            """)

    @Option(help: "Which target; by default all, one after the other.") var target: FuzzTarget?
    @Option(help: "For so many seconds each.") var seconds = 10.0
    @Option(help: "What the inputs are made from.") var seed: UInt64 = 1
    @Option(help: "A folder with a folder of inputs for each target.") var corpus = "Tests/Corpora"
    @Option(help: "Where the input that is on its way is kept.") var keep = ".build"
    @Option(help: "Only this input, from a file.") var input: String?

    func validate() throws {
        guard seconds > 0 else { throw ValidationError("--seconds is more than 0") }
        guard input == nil || target != nil else { throw ValidationError("--input goes with --target") }
    }

    func run() throws {
        // What fills the memory is to end this process and not the machine.
        var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        for target in target.map({ [$0] }) ?? FuzzTarget.allCases {
            let body = try target.prepared()
            if let input {
                try body(Array(try Data(contentsOf: URL(fileURLWithPath: input))), SeededRandom(seed: seed))
                print("\(target.rawValue): nothing was found in \(input)")
                continue
            }
            try fuzz(target, body)
        }
    }

    private func fuzz(_ target: FuzzTarget, _ body: FuzzTarget.Body) throws {
        var mutator = Mutator(try kept(target), words: target.words, seed: seed)
        let path = "\(keep)/fuzz-\(target.rawValue)"
        guard FileManager.default.createFile(atPath: path, contents: nil), let last = FileHandle(forWritingAtPath: path) else {
            throw ValidationError("\(path) cannot be written: name another folder with --keep")
        }
        let clock = Stopwatch(limit: 10)
        let end = Date(timeIntervalSinceNow: seconds)
        var count = 0
        // Each file of the corpus first, as it is.
        for input in mutator.corpus { try one(input) }
        while Date() < end { try one(mutator.next()) }
        clock.stop()
        try last.close()
        try? FileManager.default.removeItem(atPath: path)
        print("\(target.rawValue): \(count) inputs, nothing was found")

        func one(_ input: [UInt8]) throws {
            try last.truncate(atOffset: 0)
            try last.write(contentsOf: Data(input))
            clock.begin()
            count += 1
            do {
                try body(input, SeededRandom(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(count)))
            } catch {
                print("\(target.rawValue): input \(count) of seed \(seed), kept in \(path): \(error)")
                throw ExitCode(1)
            }
        }
    }

    private func kept(_ target: FuzzTarget) throws -> [[UInt8]] {
        let folder = "\(corpus)/\(target.rawValue)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard !names.isEmpty else { throw ValidationError("\(folder) has no files: name the folder of the project's inputs with --corpus") }
        return try names.sorted().map { Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))) }
    }
}

/// Ends the process where one input takes too long.
private final class Stopwatch: @unchecked Sendable {
    private let lock = NSLock()
    private var begun: Date? = Date()

    init(limit: TimeInterval) {
        Thread.detachNewThread { [self] in
            while let begun = lock.withLock({ begun }) {
                if Date().timeIntervalSince(begun) > limit {
                    print("an input takes longer than \(limit) s")
                    fflush(nil)
                    abort()
                }
                usleep(100_000)
            }
        }
    }

    func begin() {
        lock.withLock { begun = Date() }
    }

    func stop() {
        lock.withLock { begun = nil }
    }
}
