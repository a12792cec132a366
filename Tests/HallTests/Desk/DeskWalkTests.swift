import CaseCore
import CasePages
import CaseTesting
import CaseWire
import Crypto
import Foundation
import Testing

@testable import casehall

@Suite("Desks in a browser", .enabled(if: Browser.isThere, Comment(rawValue: Browser.whereFrom)), .serialized)
struct DeskWalkTests {
    @Test(
        "Officers and a leader decide several cases, two officers meet on one, a commissioner has an order answered; every page is for everybody",
        arguments: Language.allCases)
    func walk(language: Language) throws {
        // The browser comes over TCP, so that a token says who sits there.
        let (key, folder) = (Curve25519.Signing.PrivateKey(), TemporaryDirectory())
        let keys = JSONValue.of([
            "keys": .array([
                .of([
                    "kty": .string("OKP"), "crv": .string("Ed25519"), "kid": .string("desk"),
                    "x": .string(Base64URL.text(key.publicKey.rawRepresentation)),
                ])
            ])
        ])
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try Data(JSONWriter.bytes { $0.value(keys) }).write(to: URL(fileURLWithPath: "\(folder.path)/keys.json"))
        func token(_ person: String) throws -> JSONValue {
            let now = Int64(Date().timeIntervalSince1970)
            let claims =
                #"{"iss":"https://id.example","aud":"hall","exp":\#(now + 3000),"iat":\#(now),"case_person":"\#(person)"}"#
            let text = Base64URL.text(#"{"alg":"EdDSA","kid":"desk"}"#.utf8) + "." + Base64URL.text(claims.utf8)
            return .string(text + "." + Base64URL.text(try key.signature(for: Data(text.utf8))))
        }
        let test = try TestHall(
            [
                "--token-keys", "\(folder.path)/keys.json", "--token-issuer", "https://id.example", "--token-audience", "hall",
                "--heartbeat", "1",
            ], files: TestDesk.files)
        let client = try test.daemon.client()
        let cases = try ["Warehouse 7", "Sign at the service area", "仓库加建二层", "Kiosk \"North\" & <South>"].map { title in
            try #require(try client.call("case.submit", SmallOffice.submission(title, text: "1200 m²")).get()["case"]?.string)
        }
        let words: DeskWords = language == .zh ? .chinese : .english
        func button(_ command: CommandName) -> JSONValue { .string(words.act(command).button) }
        func label(_ parameter: String, _ command: CommandName) -> JSONValue { .string(words.label(parameter, of: command)) }
        let said = JSONValue.of([
            "accept": button(Accept.name), "recommend": button(Recommend.name), "grant": button(Grant.name), "refuse": button(Refuse.name),
            "note": button(Note.name), "openOrder": button(OpenOrder.name), "answerOrder": button(AnswerOrder.name),
            "opinion": label("opinion", Recommend.name), "reasons": label("reasons", Refuse.name), "text": label("text", Note.name),
            "orderReason": label("reason", OpenOrder.name), "due": label("due", OpenOrder.name),
            "answer": label("answer", AnswerOrder.name),
            "grantWord": .string(words.word("grant", "recommendation", of: Recommend.name, language)),
            "officeHead": .string(words.word("office-head", "to", of: OpenOrder.name, language)),
            "tokens": .object(try ["otto", "hana", "lena", "cora"].map { .init($0, try token($0)) }),
            "changed": .string(words.fileChanged), "meanwhile": .string(words.meanwhile),
        ])
        let program = try Browser.run(
            "desks.py",
            ["http://\(test.hall.place)", language.rawValue, String(decoding: JSONWriter.bytes { $0.value(said) }, as: UTF8.self)] + cases)
        #expect(program.status == 0, "\(program.output)\(program.errors)")
        #expect(program.output.contains("meanwhile") && program.output.contains("refused"))
        let states = try cases.map { try client.call("case.get", .of(["case": .string($0)])).get()["state"]?.string }
        #expect(states == ["granted", "refused", "granted", "with-leader"])
    }
}
