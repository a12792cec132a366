/// The name of a catalogue entry, of a kind that the compiler keeps apart from all other kinds.
package struct Identifier<Kind>: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let raw: String

    package init(_ raw: String) {
        self.raw = raw
    }

    package var description: String {
        raw
    }

    package static func < (a: Identifier, b: Identifier) -> Bool {
        a.raw < b.raw
    }
}

package typealias DepartmentID = Identifier<Department>
package typealias OfficeID = Identifier<Office>
package typealias PostID = Identifier<Post>
package typealias PersonID = Identifier<Person>
package typealias ServiceID = Identifier<Service>
package typealias MatterID = Identifier<Matter>
package typealias MaterialID = Identifier<Material>

/// The number of a case, written `C-17`. Numbers are given in rising order from 1.
package struct CaseID: Hashable, Comparable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    package let number: Int64

    /// What is the server's own, and no case's, in the journal and among notices.
    package static let server = CaseID(0)

    package init(_ number: Int64) {
        self.number = number
    }

    package init?(_ text: String) {
        guard text.hasPrefix("C-"), let number = Int64(text.dropFirst(2)), number > 0, text == "C-\(number)" else { return nil }
        self.number = number
    }

    package var description: String {
        "C-\(number)"
    }

    package static func < (a: CaseID, b: CaseID) -> Bool {
        a.number < b.number
    }
}
