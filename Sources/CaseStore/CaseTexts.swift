import CaseCore
import Foundation

/// The texts by which a case is found, in the form in which they are compared.
package struct CaseTexts: Sendable, Equatable {
    package let title: [UInt8]
    package let applicant: [UInt8]

    package init(_ file: CaseFile) {
        title = CaseTexts.folded(file.title)
        applicant = CaseTexts.folded(file.applicant.name)
    }

    /// Whether a folded text is part of one of them.
    package func say(_ text: [UInt8]) -> Bool {
        title.contains(text) || applicant.contains(text)
    }

    /// The form in which texts are compared, byte by byte: the small letters of the capital letters of its small letters, in the
    /// composition NFC. So `ẞ`, `ß` and `ss` are one, and so are all sigmas, `ı` and `i`, `ﬁ` and `fi`.
    package static func folded(_ text: String) -> [UInt8] {
        var folded = String.UnicodeScalarView()
        var isComposed = true
        for scalar in text.unicodeScalars {
            switch kind(of: scalar) {
            case .ascii: folded.append(Unicode.Scalar(ascii(scalar)))
            case .ideograph: folded.append(scalar)
            case let other:
                folded.append(contentsOf: scalar.properties.lowercaseMapping.uppercased().lowercased().unicodeScalars)
                if other == .any { isComposed = false }
            }
        }
        let whole = String(folded)
        return Array((isComposed ? whole : whole.precomposedStringWithCanonicalMapping).utf8)
    }

    /// What has to be done about a scalar: most texts need little, and to look is much quicker than to compose.
    enum Kind {
        case ascii
        /// Neither capital nor small, and what it is in NFC whatever comes before it; so is the punctuation of ideographs.
        case ideograph
        /// The same, with a case.
        case latin
        case any
    }

    static func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case ..<0x80: .ascii
        case ..<0x1F0: .latin
        case 0x3000..<0x302A, 0x4E00...0x9FFF, 0xFF01...0xFF0F: .ideograph
        default: .any
        }
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> UInt8 {
        let byte = UInt8(scalar.value)
        return byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}
