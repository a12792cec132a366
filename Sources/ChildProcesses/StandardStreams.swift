import FoundationEssentials
import Glibc

/// The three descriptors that every program is given.
package enum StandardStreams {
    /// Takes the places of those that were closed by whoever started this program, before anything else gets them: what is written there
    /// would go to a client or into a file. Reading and writing them fails, as it should.
    package static func occupy() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is the one that is missing.
            _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
    }
}
