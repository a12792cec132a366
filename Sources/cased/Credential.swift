import CLinux
import Foundation
import Glibc

/// What systemd hands over to the service (systemd.exec(5), `LoadCredential=`).
enum Credential {
    /// The folder in which it is; nil where there is none.
    static var folder: String? {
        ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"]
    }

    /// Nil where the service has none of that name.
    static func bytes(_ name: String) throws(Unusable) -> Data? {
        guard let folder else { return nil }
        return try SmallFile.bytes(of: "\(folder)/\(name)")
    }

    /// A file of passwords for a database, of which libpq knows that nobody else reads it: that of systemd can have a list of who may, and
    /// libpq passes over such a one. It is in memory, and there as long as the process. Nil where the service has no such credential.
    static func passfile() throws(Unusable) -> String? {
        guard let data = try bytes("cased.pgpass") else { return nil }
        let descriptor = memfd_create("cased.pgpass", MFD_CLOEXEC)
        let count = data.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard descriptor >= 0, count == data.count, fchmod(descriptor, 0o600) == 0 else {
            throw Unusable("the credential cased.pgpass cannot be handed on: \(String(cString: strerror(errno)))", mayPass: true)
        }
        return "/proc/self/fd/\(descriptor)"
    }
}
