import Foundation

/// What takes a disk of its own, root, or minutes.
package enum Drills {
    package static let areAsked = ProcessInfo.processInfo.environment["CASED_DRILLS"] != nil && geteuid() == 0
    package static let how = "make drills, as root, does it"
}
