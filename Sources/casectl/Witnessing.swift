import ArgumentParser
import CaseWire
import ChildProcesses
import Evidence
import FoundationEssentials
import Glibc

/// One hand-over of the newest checkpoint to a witness. Nothing is handed over of which the last one that was is not the beginning.
struct Witnessing {
    /// Who is handed it by a command.
    struct Program {
        /// For sh.
        let command: String
        /// How long it may take, in seconds.
        let patience: Int
        /// Whether it reads what `add-checkpoint` of a witness takes (C2SP `tlog-witness`) rather than the checkpoint alone.
        let isAddCheckpoint: Bool
    }

    /// What is handed over.
    let tree: Checkpoint
    /// Where what was handed over last is kept.
    private let file: String
    private let source: TreeServer
    private let keys: [NoteVerifier]
    private let allowsOtherLog: Bool
    private let last: (note: SignedNote, checkpoint: Checkpoint)?
    private var note: SignedNote

    /// No answer of a witness is longer, in bytes.
    private static let answerLimit = 1 << 16

    /// - Parameters:
    ///   - key: of the log; nil takes the server's word for it.
    ///   - keys: of witnesses, each of which has to sign.
    ///   - allowsOtherLog: whether what was handed over last may be of another log.
    /// - Throws: a `Failure` where the newest checkpoint is not what it says, or not what was handed over last goes on to.
    init(
        _ source: TreeServer, key: NoteVerifier?, file: String, signedBy keys: [NoteVerifier], allowsOtherLog: Bool
    ) throws {
        (self.source, self.file, self.keys, self.allowsOtherLog) = (source, file, keys, allowsOtherLog)
        let newest = try source.newest()
        let key = key ?? newest.key
        do { tree = try TreeTrust(origin: key.name, keys: [key]).checkpoint(in: newest.note).checkpoint } catch {
            throw Failure(
                code: .refused, message: "the server's checkpoint is not believed: \(error)",
                hint: "is --key that of this log, and the one of now? casectl evidence checkpoint --key prints that")
        }
        if access(file, F_OK) == 0 {
            let note = try TreeFolder.note(file)
            last = (note, try TreeFolder.checkpoint(file))
            self.note = note.text == newest.note.text ? note : newest.note
        } else {
            (last, note) = (nil, newest.note)
        }
        if let last { try require(last.checkpoint, of: file) }
    }

    /// - Returns: how many entries were handed over that nobody was handed before; nil where there was nothing new.
    mutating func run(_ program: Program?, _ folder: String?) throws -> Int64? {
        let folder = try folder.map { try WitnessFolder($0, origin: tree.origin) }
        if let kept = try folder?.newest() { try require(kept.checkpoint, of: kept.file) }
        let isNew = last?.note.text != note.text
        if let program, isNew || !unsigned(note).isEmpty { try ask(program) }
        if let other = try folder?.keep(note, tree) { try require(other.checkpoint, of: other.file) }
        guard last?.note != note else { return nil }
        try WholeFile.write(String(decoding: note.bytes, as: UTF8.self), to: file)
        return tree.size - (last.map { $0.checkpoint.origin == tree.origin ? $0.checkpoint.size : 0 } ?? 0)
    }

    /// That what somebody has is the beginning of what the server has.
    private func require(_ seen: Checkpoint, of place: String) throws {
        let isSameLog = seen.origin == tree.origin
        guard isSameLog || !allowsOtherLog else { return }
        if seen.size <= tree.size {
            let proof = try source.consistencyProof(from: seen.size, to: tree.size)
            guard
                !MerkleProof.verifyConsistency(from: seen.size, root: seen.root, to: tree.size, root: tree.root, proof: proof)
            else { return }
        }
        guard isSameLog else {
            throw Failure(
                code: .forked, message: "\(place) is of \(seen.origin), and \(tree.origin) has not the same \(seen.size) entries",
                hint: "a restored store has lost what came after its backup: once that is known to be why, say --new-log; keep \(place)")
        }
        guard seen.size <= tree.size else {
            throw Failure(
                code: .forked, message: "\(place) has \(seen.size) entries, and the server's journal has \(tree.size)",
                hint: "an older store was put in its place: keep \(place) as evidence, and look who did it")
        }
        throw Failure(
            code: .forked, message: "the first \(seen.size) entries of the server's journal are not those of \(place)",
            hint: "there are two histories: keep \(place) as evidence, and look who made the other one")
    }

    // MARK: The command

    /// The keys that have not signed yet.
    private func unsigned(_ note: SignedNote) -> [NoteVerifier] {
        let signed = (try? note.verified(by: keys).map(\.verifier)) ?? []
        return keys.filter { !signed.contains($0) }
    }

    private mutating func ask(_ program: Program) throws {
        // What the witness has seen is what it signed last.
        var oldSize: Int64 = 0
        if let last, last.checkpoint.origin == tree.origin, !keys.isEmpty, unsigned(last.note).isEmpty { oldSize = last.checkpoint.size }
        var answer = try answer(program, oldSize)
        if program.isAddCheckpoint, let size = WitnessRequest.conflict(answer) {
            guard size <= tree.size else {
                throw Failure(
                    code: .forked, message: "the witness has seen \(size) entries, and the server's journal has \(tree.size)",
                    hint: "an older store was put in its place: look who did it")
            }
            answer = try self.answer(program, size)
        }
        guard !keys.isEmpty else { return }
        do { try note.add(answer, of: keys) } catch {
            throw Failure(
                code: .refused, message: "what the witness answered is not believed: \(error)",
                hint: "it has to be lines of signatures, by the key of --witness-key and under this checkpoint")
        }
        if let key = unsigned(note).first {
            throw Failure(
                code: .refused, message: "\(key.name) has not signed", hint: "each key of --witness-key has to be among the signatures")
        }
    }

    private func answer(_ program: Program, _ oldSize: Int64) throws -> [UInt8] {
        let proof = program.isAddCheckpoint ? try source.consistencyProof(from: oldSize, to: tree.size) : []
        let request = WitnessRequest(oldSize: oldSize, proof: proof, checkpoint: note)
        let (end, output): (Child.End, [UInt8]?)
        do throws(ChildProcess.Failed) {
            (end, output) = try Child.answer(
                program.command, input: program.isAddCheckpoint ? request.bytes : note.bytes, patience: program.patience,
                limit: Witnessing.answerLimit)
        } catch {
            throw Failure(code: .unavailable, message: "the command cannot be run: \(error)", hint: nil)
        }
        guard let output else {
            throw Failure(
                code: .refused, message: "the command said more than \(Witnessing.answerLimit) bytes",
                hint: "what it prints has to be what the witness answered, or nothing")
        }
        switch end {
        case .ended(0): return output
        case .ended(let code):
            throw Failure(code: .tryAgain, message: "the command ended with \(code)", hint: "nothing counts as witnessed: try again later")
        case .late:
            throw Failure(
                code: .tryAgain, message: "the command did not end within \(program.patience) s",
                hint: "nothing counts as witnessed: try again later")
        case .stopped(let number): throw ExitCode(128 + number)
        }
    }
}
