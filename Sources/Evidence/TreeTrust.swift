/// Whom somebody believes about one tree (a log, as the C2SP pages call it): its name, its keys, and witnesses.
package struct TreeTrust: Sendable {
    package let origin: String
    /// Keys of the log; a checkpoint has to be signed by one of them. Keys of the past may be among them.
    package let keys: [NoteVerifier]
    /// Keys that others have, who saw the log grow.
    package let witnesses: [NoteVerifier]
    /// How many of the witnesses have to have signed.
    package let witnessesNeeded: Int

    package init(origin: String, keys: [NoteVerifier], witnesses: [NoteVerifier] = [], witnessesNeeded: Int = 0) {
        precondition((0...witnesses.count).contains(witnessesNeeded), "\(witnessesNeeded) of \(witnesses.count) witnesses cannot sign")
        (self.origin, self.keys, self.witnesses, self.witnessesNeeded) = (origin, keys, witnesses, witnessesNeeded)
    }

    /// The checkpoint that a note holds, once its signatures are good.
    ///
    /// - Throws: `NoteFault`: `unsigned` also where only witnesses have signed.
    package func checkpoint(in note: SignedNote) throws(NoteFault) -> TrustedCheckpoint {
        let verified = try note.verified(by: keys + witnesses)
        guard verified.contains(where: { keys.contains($0.verifier) }) else { throw .unsigned }
        let checkpoint = try Checkpoint(text: note.text)
        // By bytes: texts that look alike are equal otherwise.
        guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else { throw .foreign(origin: checkpoint.origin) }
        let cosignatures = verified.filter { witnesses.contains($0.verifier) }
        // One key under two names is one witness.
        let count = Set(cosignatures.map(\.verifier.publicKey)).count
        guard count >= witnessesNeeded else { throw .unwitnessed(found: count, needed: witnessesNeeded) }
        return TrustedCheckpoint(checkpoint: checkpoint, cosignatures: cosignatures)
    }
}

/// A checkpoint whose signatures were checked, and which witnesses are among them.
package struct TrustedCheckpoint: Equatable, Sendable {
    package let checkpoint: Checkpoint
    package let cosignatures: [VerifiedSignature]
}
