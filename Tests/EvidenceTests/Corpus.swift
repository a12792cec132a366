import CaseTesting
import Foundation

/// Inputs that others made, or that are like theirs; the fuzzer starts from the same ones.
enum Corpus {
    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(SharedData.project)/Tests/Corpora/\(name)")))
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }
}
