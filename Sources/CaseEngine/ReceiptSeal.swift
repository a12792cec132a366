import CaseCore
import Crypto
import FoundationEssentials
import Glibc

/// Makes the receipt of a case from its number, and finds the number again, with a key that only this store has.
///
/// A receipt is 60 bits: a tag of 26, the keyed digest of the number, and the 34 bits of the number, masked with the keyed
/// digest of the tag. To guess one is as hard as if it were drawn at random and kept in an index; but it needs none, and
/// a random index would halve the speed of submissions.
package struct ReceiptSeal: Sendable {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let numberMask: UInt64 = 1 << 34 - 1
    /// The last number of a case that a receipt can hold.
    static let lastNumber = Int64(numberMask)
    private static let tagMask: UInt64 = 1 << 26 - 1

    /// The hash of the key, which fills one block; what is digested follows it and always has the same length.
    private let keyed: SHA256

    /// - Parameter key: 64 hexadecimal digits.
    init?(hexadecimal key: String) {
        let digits = Array(key)
        guard digits.count == 64 else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        guard bytes.count == 32 else { return nil }
        var keyed = SHA256()
        keyed.update(data: bytes + [UInt8](repeating: 0, count: 32))
        self.keyed = keyed
    }

    /// The key that a store keeps, or the one that it refers to.
    ///
    /// - Throws: `UnfitStore` where that is not to be had.
    init(stored key: String, credential: String?) throws {
        guard ReceiptSeal.isReference(key) else {
            guard let seal = ReceiptSeal(hexadecimal: key) else {
                throw UnfitStore(description: "the store's receipt key is damaged: restore the store from a backup")
            }
            self = seal
            return
        }
        guard let credential else {
            throw UnfitStore(
                description: "this store was made with a receipt key of its own outside: give it back as the credential cased.receipt-key")
        }
        guard ReceiptSeal.reference(credential) == key, let seal = ReceiptSeal(hexadecimal: credential) else {
            throw UnfitStore(description: "the credential cased.receipt-key is not the one with which this store was made: give that one")
        }
        self = seal
    }

    private static let referenceMark = "credential:"

    /// What a store keeps of a key that is kept outside it: enough to tell another one.
    static func reference(_ key: String) -> String {
        referenceMark + SHA256.hash(data: Array(key.utf8)).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func isReference(_ key: String) -> Bool {
        key.hasPrefix(referenceMark)
    }

    /// Whether a text can be a key.
    package static func isKey(_ text: String) -> Bool {
        ReceiptSeal(hexadecimal: text) != nil
    }

    static func newKey() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// Three groups of four in Crockford's base 32, such as `7QK2-M9XD-4RTA`.
    func receipt(for id: CaseID) -> String {
        let number = UInt64(id.number)
        precondition(number <= ReceiptSeal.numberMask, "\(id) is beyond the numbers a receipt can hold")
        let tag = digest(number, 1) & ReceiptSeal.tagMask
        let sealed = tag << 34 | (number ^ digest(tag, 2) & ReceiptSeal.numberMask)
        return String(unsafeUninitializedCapacity: 14) { room in
            var end = 0
            for place in 0..<12 {
                if place == 4 || place == 8 {
                    room[end] = UInt8(ascii: "-")
                    end += 1
                }
                room[end] = ReceiptSeal.alphabet[Int(sealed >> UInt64(55 - place * 5) & 31)]
                end += 1
            }
            return end
        }
    }

    /// Nil for a text that is the receipt of no case of this store. Letters may be small, dashes may be left out, O reads as 0, I and L as 1.
    func caseID(of receipt: String) -> CaseID? {
        var sealed: UInt64 = 0
        var count = 0
        for byte in receipt.uppercased().utf8 where byte != UInt8(ascii: "-") {
            let plain: UInt8 =
                switch byte {
                case UInt8(ascii: "O"): UInt8(ascii: "0")
                case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
                default: byte
                }
            guard count < 12, let digit = ReceiptSeal.alphabet.firstIndex(of: plain) else { return nil }
            sealed = sealed << 5 | UInt64(digit)
            count += 1
        }
        let tag = sealed >> 34
        let number = (sealed ^ digest(tag, 2)) & ReceiptSeal.numberMask
        guard count == 12, number > 0, digest(number, 1) & ReceiptSeal.tagMask == tag else { return nil }
        return CaseID(Int64(number))
    }

    /// 32 bytes for another purpose, which is longer than what receipts are made of.
    func secret(for purpose: String) -> [UInt8] {
        precondition(purpose.utf8.count > 16, "\(purpose) could be the number of a receipt")
        var hash = keyed
        hash.update(data: Array(purpose.utf8))
        return Array(hash.finalize())
    }

    private func digest(_ value: UInt64, _ purpose: UInt64) -> UInt64 {
        var hash = keyed
        withUnsafeBytes(of: (value.littleEndian, purpose.littleEndian)) { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    }
}
