import Evidence
import Foundation

/// Whoever reads what is to convince others: whatever is taken is written again as it was.
extension FuzzTarget {
    static func note(_ input: [UInt8]) throws {
        if let note = try? SignedNote(input) {
            try same(note.bytes, input, "a note")
            if let checkpoint = try? Checkpoint(text: note.text) { try same(Array(checkpoint.text.utf8), note.text, "a checkpoint") }
        }
        if let proof = try? TlogProof(input) { try same(proof.bytes, input, "a proof") }
        if let entries = EntryBundle.entries(input) {
            try same(EntryBundle.bytes(entries), input, "a bundle")
            _ = entries.map(\.longEvent)
        }
        if let edge = TreeEdge(bytes: input) {
            try same(edge.bytes, input, "an edge")
            _ = edge.root
        }
        if let hashes = Tile.hashes(input) { try same(Tile.bytes(hashes), input, "a tile") }
        _ = TreeEntry(bytes: input)?.longEvent
        guard let text = String(validating: input, as: UTF8.self) else { return }
        if let tile = Tile(path: text) { try same(Array(tile.path.utf8), input, "the path of a tile") }
        if let key = NoteVerifier(text) { try same(Array(key.description.utf8), input, "a verifier key") }
    }

    static func ssh(_ input: [UInt8]) throws {
        // As they come, and as what lies within their armor.
        for (title, read) in [("SSH SIGNATURE", signature), ("OPENSSH PRIVATE KEY", privateKey)] {
            try read(input)
            try read(Array("-----BEGIN \(title)-----\n\(Data(input).base64EncodedString())\n-----END \(title)-----\n".utf8))
        }
        if let key = try? SSHPublicKey(blob: input) { try same(key.blob, input, "a public key") }
        guard let text = String(validating: input, as: UTF8.self) else { return }
        if let key = try? SSHPublicKey(line: text) {
            guard try SSHPublicKey(line: key.description) == key else { throw Wrong("a key's line is read otherwise than it is written") }
        }
        if let signers = AllowedSigners(text: text) {
            guard AllowedSigners(text: signers.text) == signers else {
                throw Wrong("allowed signers are read otherwise than they are written")
            }
        }
    }

    private static func signature(_ input: [UInt8]) throws {
        guard let signature = try? SSHSignature(armored: input) else { return }
        guard try SSHSignature(armored: Array(signature.armored.utf8)) == signature else {
            throw Wrong("a signature is read otherwise than it is written")
        }
        _ = try? signature.verify([], namespace: signature.namespace)
    }

    private static func privateKey(_ input: [UInt8]) throws {
        guard let key = try? SSHPrivateKey(file: input) else { return }
        let again = try SSHPrivateKey(file: Array(key.file.utf8))
        guard again.seed == key.seed, again.comment == key.comment else {
            throw Wrong("a private key is read otherwise than it is written")
        }
    }

    private static func same(_ written: [UInt8], _ read: [UInt8], _ what: String) throws {
        guard written == read else {
            throw Wrong("\(what) is written as \(String(decoding: written.prefix(200), as: UTF8.self)), otherwise than it was read")
        }
    }
}
