import CaseCore
import Crypto

/// By what a catalogue is known, whoever wrote it down.
enum CatalogDigest {
    /// The SHA-256 of its files as canonical JSON, `{"file name": "text", …}` in the order of their names, in hexadecimal digits.
    static func of(_ files: [String: String]) -> String {
        let bytes = JSONWriter.bytes { writer in
            writer.object { writer in
                for (name, text) in files.sorted(by: { $0.key < $1.key }) {
                    writer.key(name)
                    writer.string(text)
                }
            }
        }
        return Digest.of(bytes)
    }
}

/// The SHA-256 of bytes, in hexadecimal digits.
enum Digest {
    static func of(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
