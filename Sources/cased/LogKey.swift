import Evidence
import Foundation
import Glibc

/// The key that signs what the tree over the journal is: a credential of the service, or where none is given a file beside the store, which is
/// made at the first start.
struct LogKey {
    let key: SSHPrivateKey
    /// Where it lies.
    let place: String

    private static let name = "cased.log-key"

    /// - Parameter folder: the state directory.
    init(in folder: String) throws(Unusable) {
        if let credentials = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"],
            let data = try SmallFile.bytes(of: "\(credentials)/\(LogKey.name)")
        {
            (key, place) = (try LogKey.key(data, "the credential \(LogKey.name)"), "the credential \(LogKey.name)")
            return
        }
        place = "\(folder)/\(LogKey.name)"
        if let data = try SmallFile.bytes(of: place) {
            key = try LogKey.key(data, place)
            return
        }
        key = SSHPrivateKey(comment: "cased")
        do {
            // Whole or not there: half a key would be in the way of every start.
            try Data(key.file.utf8).write(to: URL(fileURLWithPath: place), options: .atomic)
            guard chmod(place, 0o600) == 0 else { throw CocoaError(.fileWriteNoPermission) }
        } catch {
            throw Unusable("\(place) cannot be written: make room, and let the folder be written")
        }
    }

    private static func key(_ data: Data, _ place: String) throws(Unusable) -> SSHPrivateKey {
        do {
            return try SSHPrivateKey(file: Array(data))
        } catch {
            throw Unusable(
                "\(place) is no key of kind ssh-ed25519 without a password (\(error)): make one with ssh-keygen -t ed25519 -N '' -f \(LogKey.name)"
            )
        }
    }
}
