import CaseCore

/// A row holds what no commit wrote.
package struct DamagedRow: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}

extension Int {
    /// A number of something that there is a number of: what somebody wrote into a store ends in no overflow.
    package init(kept number: Int64, _ what: String) throws(DamagedRow) {
        guard (0...Int.countLimit).contains(number) else { throw DamagedRow(description: "\(what) in the store are damaged: \(number)") }
        self = Int(number)
    }
}
