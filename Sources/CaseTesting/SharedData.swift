import Foundation

/// Data that lies beside the project and is not part of it. Tests that need it say so and are skipped where it is missing.
package enum SharedData {
    /// The top of the project.
    package static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    package static func path(_ name: String) -> String {
        "\(project)/../shared/data/\(name)"
    }

    package static func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path(name))
    }

    package static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }
}
