import Evidence
import Foundation
import Glibc

/// The key that signs what the tree over the journal is: a credential of the service, or where none is given a file beside the store, which is
/// made at the first start. Beside a store in a database there is no place for one.
struct LogKey {
    let key: SSHPrivateKey
    /// Where it lies; nil for one that goes with the process.
    let place: String?

    private static let name = "cased.log-key"

    private init(_ key: SSHPrivateKey, _ place: String?) {
        (self.key, self.place) = (key, place)
    }

    /// The one of a store in a database.
    ///
    /// - Parameter isTraining: whether it needs to last no longer than the process.
    init(ofDatabaseWhere isTraining: Bool) throws(Unusable) {
        if let credential = try LogKey.credential() {
            self = credential
        } else if isTraining {
            self.init(SSHPrivateKey(comment: "cased"), nil)
        } else {
            throw Unusable(
                "there is no credential \(LogKey.name), and a store in a database has no folder for a key: make one with ssh-keygen -t ed25519 -N '' -C cased -f \(LogKey.name), and hand the same one to every node (LoadCredential=\(LogKey.name))"
            )
        }
    }

    /// Nil where the service has none.
    private static func credential() throws(Unusable) -> LogKey? {
        guard let data = try Credential.bytes(name) else { return nil }
        return LogKey(try key(data, "the credential \(name)"), "the credential \(name)")
    }

    /// - Parameter folder: the state directory.
    init(in folder: String) throws(Unusable) {
        if let credential = try LogKey.credential() {
            self = credential
            return
        }
        let place = "\(folder)/\(LogKey.name)"
        self.place = place
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
