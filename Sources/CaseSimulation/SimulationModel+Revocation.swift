import CaseCore

/// What is true of cases and their revocations.
extension SimulationModel {
    /// What a case hears of its revocation is so.
    func requireRevocation(_ id: CaseID, of event: Event, isSo: (State) -> Bool) throws {
        let revocation = files[id]
        guard event.by == id.description, revocation?.origin.submission.refersTo == event.file, revocation.map({ isSo($0.state) }) ?? false
        else {
            throw Broken(description: "\(event.file) hears \(event.change.name) of \(id), which is \(revocation?.state.rawValue ?? "none")")
        }
    }

    /// A case that was granted knows of its revocation as it stands, and of no other.
    func requireHeard(_ revocation: CaseFile) throws {
        guard let original = revocation.origin.submission.refersTo else { return }
        let validity = files[original]?.validity
        let (running, revoked) = (validity?.revocation?.file == revocation.id, validity?.revoked?.file == revocation.id)
        guard running == revocation.state.isOpen, revoked == (revocation.state == .granted), revocation.matter == "revocation" else {
            throw Broken(description: "\(original) does not know that \(revocation.id), its revocation, is \(revocation.state)")
        }
    }
}
