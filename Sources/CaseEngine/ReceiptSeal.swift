import CaseCore
import Crypto
import Foundation

/// Makes the receipt of a case from its number, and finds the number again, with a key that only this store has.
///
/// A receipt is a block of 60 bits, the number and 26 zero bits, encrypted by eight Feistel rounds of HMAC-SHA-256. To
/// guess one is as hard as if it were drawn at random and kept in an index; but it needs none, and a random index would
/// halve the speed of submissions.
struct ReceiptSeal: Sendable {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let halfMask: UInt64 = 1 << 30 - 1
    private static let roundCount: UInt8 = 8
    /// Numbers below 2^34.
    private static let zeroBitCount: UInt64 = 26

    private let key: SymmetricKey

    /// - Parameter key: 64 hexadecimal digits.
    init?(hexadecimal key: String) {
        let digits = Array(key)
        guard digits.count == 64 else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        guard bytes.count == 32 else { return nil }
        self.key = SymmetricKey(data: bytes)
    }

    static func newKey() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// `XXXX-XXXX-XXXX` in Crockford's base 32.
    func receipt(for id: CaseID) -> String {
        precondition(id.number < 1 << 34, "\(id) is beyond the numbers a receipt can hold")
        let block = UInt64(id.number) << ReceiptSeal.zeroBitCount
        var (left, right) = (block >> 30, block & ReceiptSeal.halfMask)
        for round in 0..<ReceiptSeal.roundCount { (left, right) = (right, left ^ mix(right, round)) }
        let sealed = left << 30 | right
        var text: [UInt8] = []
        for place in 0..<12 {
            if place == 4 || place == 8 { text.append(UInt8(ascii: "-")) }
            text.append(ReceiptSeal.alphabet[Int(sealed >> UInt64(55 - place * 5) & 31)])
        }
        return String(decoding: text, as: UTF8.self)
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
        var (left, right) = (sealed >> 30, sealed & ReceiptSeal.halfMask)
        for round in (0..<ReceiptSeal.roundCount).reversed() { (left, right) = (right ^ mix(left, round), left) }
        let block = left << 30 | right
        guard count == 12, block & (1 << ReceiptSeal.zeroBitCount - 1) == 0, block != 0 else { return nil }
        return CaseID(Int64(block >> ReceiptSeal.zeroBitCount))
    }

    private func mix(_ half: UInt64, _ round: UInt8) -> UInt64 {
        var mac = HMAC<SHA256>(key: key)
        let input = (UInt64(round) << 32 | half).littleEndian
        withUnsafeBytes(of: input) { mac.update(data: $0) }
        return mac.finalize().prefix(4).reduce(0) { $0 << 8 | UInt64($1) } & ReceiptSeal.halfMask
    }
}
