import CaseCore
import Evidence
import WorkingTime

/// The private halves of seals that were given to the server, by their public halves.
package struct SealKeys: Sendable {
    private let keys: [String: SSHPrivateKey]

    package init(_ keys: [SSHPrivateKey] = []) {
        self.keys = Dictionary(keys.map { ($0.publicKey.description, $0) }) { $1 }
    }

    /// - Parameter files: private keys as `ssh-keygen` writes them, without a password.
    /// - Returns: nil where one of them is none, or is of a kind that cannot seal.
    package init?(files: [[UInt8]]) {
        let keys = files.map { try? SSHPrivateKey(file: $0) }
        guard !keys.contains(where: { $0 == nil }) else { return nil }
        self.init(keys.compactMap { $0 })
    }

    func key(for seal: Seal) -> SSHPrivateKey? {
        keys[seal.key]
    }
}

extension ReceiptSeal {
    /// The key with which a store for training seals what an office decides, where it was given none: made of the store's own secret.
    func trainingKey(of office: OfficeID) -> SSHPrivateKey {
        // A digest has 32 bytes.
        SSHPrivateKey(seed: secret(for: "cased-training-seal \(office)"), comment: "TRAINING \(office)")!
    }
}

extension Engine.Context {
    /// The approval offices that can decide nothing at an instant, since no seal of theirs can be set.
    func unsealedOffices(at instant: Instant) -> [OfficeID] {
        let register = catalogs.newest
        guard register.sealsDecisions else { return [] }
        return register.offices.values.filter { $0.kind == .approval && officeSeal(of: $0.id, in: register, at: instant) == nil }
            .map(\.id).sorted()
    }

    /// The key that is set to an office's decisions at an instant, and its name in the catalogue; nil where none counts, or the server has none that
    /// does.
    func officeSeal(of office: OfficeID, in register: Register, at instant: Instant) -> (name: String, key: SSHPrivateKey)? {
        let found = register.seals(of: office, at: instant).lazy.compactMap { declared in
            sealKeys.key(for: declared).map { (name: declared.id.raw, key: $0) }
        }.first
        return found ?? (catalogs.isTraining ? (name: "training", key: seal.trainingKey(of: office)) : nil)
    }
}
