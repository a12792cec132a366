import CaseCore
import CasePages
import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import casehall

@Suite("Desks in a browser", .enabled(if: Browser.isThere, Comment(rawValue: Browser.whereFrom)), .serialized)
struct DeskWalkTests {
    @Test(
        "Officers and a leader decide several cases, two officers meet on one, a commissioner has an order answered; every page is for everybody",
        arguments: Language.allCases)
    func walk(language: Language) throws {
        let test = try TestHall(
            [
                "--proxy-user", "\(getuid())", "--proxy-address", "127.0.0.1", "--person-header", "X-Person", "--client-header", "X-Client",
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
