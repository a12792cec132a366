import CaseTesting
import Foundation
import Testing

/// A short look with random and damaged inputs; `make fuzz` looks for an hour.
@Suite("Random and damaged inputs")
struct FuzzTests {
    private static let targets: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(SharedData.project)/Tests/Corpora")) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }()

    @Test("Nothing that comes from outside ends, fills or holds up whoever reads it", arguments: targets)
    func short(target: String) throws {
        let folder = TemporaryDirectory()
        let seed = UInt64.random(in: 1...1 << 40)
        let run = try Program(
            "casefuzz",
            [
                "--target", target, "--seconds", "10", "--seed", "\(seed)", "--corpus", "\(SharedData.project)/Tests/Corpora", "--keep",
                folder.path,
            ])
        let kept = FileManager.default.contents(atPath: "\(folder.path)/fuzz-\(target)")?.base64EncodedString() ?? ""
        #expect(
            run.status == 0,
            "\(target), seed \(seed): \(run.output.suffix(2000)) \(run.errors.suffix(2000)) the input: \(kept.prefix(4000))")
    }

    @Test("Each target has inputs that are kept")
    func corpora() throws {
        let help = try Program("casefuzz", ["--help"])
        let listed = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").firstMatch(of: /values: ([a-z, ]+)\)/)
        let names = try #require(listed).1.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(Set(names) == Set(Self.targets))
    }
}
