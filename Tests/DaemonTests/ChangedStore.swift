import CaseTesting
import Foundation
import Testing

@testable import CaseStoreSQLite

/// A store that somebody changes who knows its form.
enum ChangedStore {
    /// Runs a program of Python on a store that nobody has open, and sums its pages up as cased does.
    static func run(_ program: String, on path: String, _ arguments: String...) throws {
        let changed = try Program("/usr/bin/python3", ["-c", program, path] + arguments)
        #expect(changed.status == 0, "\(changed.errors)")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes.withUnsafeMutableBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: PageSum.pageSize) {
                let page = bytes.baseAddress! + start
                PageSum.put(PageSum.of(page, Int64(start / PageSum.pageSize + 1)), in: page)
            }
        }
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}
