import CaseTesting
import Foundation
import Testing

@testable import CaseStore

@Suite("Texts by which cases are found")
struct CaseTextsTests {
    @Test(
        "Forms of one text are one: capital and small letters, letters that have several forms, and both compositions",
        arguments: [
            ["straße", "STRASSE", "STRAẞE", "strasse"], ["ὀδός", "ὈΔΌΣ", "ὀδόσ"], ["ı", "i", "I"], ["ﬁsh", "FISH", "fish"],
            ["é", "e\u{301}", "É", "E\u{301}"], ["가", "\u{1100}\u{1161}"], ["Å", "\u{212B}", "a\u{30A}"],
        ])
    func one(forms: [String]) {
        let folded = Set(forms.map { CaseTexts.folded($0) })
        #expect(folded.count == 1, "\(forms)")
    }

    @Test("The quick way to a text's form is the way that is written down, for each letter that has one, alone and beside others")
    func quick() {
        let scalars = (0...0x10FFFF).compactMap { Unicode.Scalar($0 as UInt32) }
        let known = scalars.filter { CaseTexts.kind(of: $0) != .any }
        #expect(known.count > 20_000)
        var random = SeededRandom(seed: 1)
        for scalar in known + (0..<5_000).map({ _ in scalars.randomElement(using: &random)! }) {
            let text = String(String.UnicodeScalarView([scalar, known.randomElement(using: &random)!, scalar]))
            let form = text.lowercased().uppercased().lowercased().precomposedStringWithCanonicalMapping
            #expect(CaseTexts.folded(text) == Array(form.utf8), "\(scalar) in \(text)")
        }
    }
}
