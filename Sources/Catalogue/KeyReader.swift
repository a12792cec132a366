import CaseCore
import Evidence

/// Reads what a seal and a signer have in common: the key, without its comment, and when it counts.
///
/// - Parameter isHardwareTaken: whether the key may be of any kind that can be verified; a seal's is Ed25519, since the server signs with it.
/// - Returns: nil where something is wrong with it, which is noted.
func signingKey(_ entry: inout EntryReader, isHardwareTaken: Bool) -> (key: String, validity: KeyValidity)? {
    let mend = "write what ssh-keygen -t ed25519 puts into the .pub file: key = \"ssh-ed25519 AAAA…\""
    let line = entry.text("key", mend: mend)
    let from = entry.moment("from")
    if entry.value("from") == nil {
        entry.find(nil, .form, "\(entry.name) does not say from when on it counts", mend: "add from = 2026-03-01", missing: "from")
    }
    let until = entry.moment("until")
    guard !line.isEmpty else { return nil }
    let key: SSHPublicKey
    do throws(SSHFault) {
        key = try SSHPublicKey(line: line)
    } catch {
        let what = if case .unsupported(let kind) = error { "of a kind that is not taken, \(kind)" } else { "that cannot be read" }
        entry.find("key", .form, "\(entry.name) has a key \(what)", mend: mend)
        return nil
    }
    if !isHardwareTaken, key.name != "ssh-ed25519" {
        entry.find("key", .form, "\(entry.name) has a key of a kind that is not taken, \(key.name)", mend: mend)
        return nil
    }
    return from.map { (key.description, KeyValidity(from: $0, until: until)) }
}
