import Testing

@testable import casehall

@Suite("Language")
struct LanguageTests {
    @Test("The language is that which the browser likes best, and Chinese where it names none")
    func preferred() {
        #expect(Language.preferred("") == .zh)
        #expect(Language.preferred("en-GB,en;q=0.9,zh;q=0.8") == .en)
    }
}
