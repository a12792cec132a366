import CaseCore
import CasePages
import CaseWire
import Evidence
import FoundationEssentials
import Glibc

/// The tree over the journal, as the server has it.
struct TreeServer: TileSource {
    private let server: Server

    init(_ server: Server) {
        self.server = server
    }

    /// Asks until what was just recorded is signed; for five seconds.
    func waiting(_ ask: () throws -> JSONValue) throws -> JSONValue {
        for _ in 0..<10 {
            do {
                return try ask()
            } catch let failure as Failure where failure.kind == "evidence.unsigned" {
                usleep(500_000)
            }
        }
        return try ask()
    }

    func checkpoint(size: Int? = nil) throws -> JSONValue {
        try waiting { try server.call(.checkpoint, size.map { [.init("size", .integer($0))] } ?? []) }
    }

    /// The newest checkpoint, and the key by which the server says that it is signed.
    func newest() throws -> (note: SignedNote, key: NoteVerifier, checkpoint: Checkpoint) {
        let result = try checkpoint()
        guard let key = result.cell("key").flatMap({ NoteVerifier($0) }),
            let note = try? SignedNote(Array((result.cell("note") ?? "").utf8)),
            let checkpoint = try? Checkpoint(text: note.text)
        else { throw TreeServer.garbled }
        return (note, key, checkpoint)
    }

    func hashes(level: Int, index: Int64, width: Int) throws -> [MerkleHash] {
        let result = try server.call(
            .hashes, [.init("level", .integer(level)), .init("index", .integer(index)), .init("width", .integer(width))])
        guard let bytes = result.cell("hashes").flatMap({ Data(base64Encoded: $0) }), let hashes = Tile.hashes(Array(bytes)) else {
            throw TreeServer.garbled
        }
        return hashes
    }

    /// The texts of entries from a place on, and their cases and revisions; as many as come at once.
    func entries(from index: Int64) throws -> [(text: [UInt8], file: String, revision: Int64)] {
        let result = try server.call(.entries, [.init("from", .integer(index)), .init("limit", .integer(1000))])
        return try (result["entries"]?.array ?? []).enumerated().map { place, row in
            guard row["index"]?.integer == index + Int64(place), let text = row.cell("text").flatMap({ Data(base64Encoded: $0) }),
                let file = row.cell("case"), let revision = row["revision"]?.integer
            else { throw TreeServer.garbled }
            return (Array(text), file, revision)
        }
    }

    /// What was sealed and signed on a case; nil where the case is not shown, or nothing was decided.
    func decision(on file: String) throws -> JSONValue? {
        do {
            return try server.call(.decision, [.init("case", .string(file))])
        } catch let failure as Failure where failure.kind == "decision.not_found" {
            return nil
        }
    }

    func signers() throws -> String {
        try server.call(.signers).cell("allowed_signers") ?? ""
    }

    static var garbled: Failure {
        Failure(
            code: .unavailable, message: "the server's answer has not the form that it has to have", hint: "is it a cased of this version?")
    }
}
