import CasePages
import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import casehall

@Suite("The hall in a browser", .enabled(if: Browser.isThere, Comment(rawValue: Browser.whereFrom)), .serialized)
struct BrowserPageTests {
    /// A page on which all is well, but for what is put in.
    private static func page(_ body: String, head: String = #"<meta name="viewport" content="width=device-width, initial-scale=1">"#)
        -> String
    {
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\(head)<title>A page</title></head>"
            + "<body><main><h1>A page</h1>\(body)</main></body></html>"
    }

    @Test(
        "The judges have nothing against a page on which all is well, and say what is wrong with another one",
        arguments: [
            (page("<p>Text</p>"), nil),
            (page("<p style=\"color: #999; background: #fff\">Text</p>"), "color-contrast"),
            (page("<form><input type=\"text\" name=\"a\"></form>"), "label"),
            (page("<div style=\"width: 900px\">Text</div>"), "wider than the screen"),
            (page("<p>Text</p>", head: ""), "wider than the screen"),
            (page("<ul><p>Text</p></ul>"), "not allowed as child of element"),
            (
                page("<style>@media (prefers-color-scheme: dark) { p { background: #444; color: #555 } }</style><p>Text</p>"),
                "color-contrast"
            ),
            (page("<style>@media print { p { width: 900px } }</style><p>Text</p>"), "wider than the screen"),
        ] as [(String, String?)])
    func judges(page: String, sign: String?) throws {
        let folder = TemporaryDirectory()
        let path = "\(folder.path)/page.html"
        try page.write(toFile: path, atomically: true, encoding: .utf8)
        let program = try Browser.run("pages.py", ["files", "en", path])
        guard let sign else {
            #expect(program.status == 0 && program.output == "\(path)\n", "\(program.errors)")
            return
        }
        #expect(program.status != 0 && program.errors.contains(sign), "\(program.output)\(program.errors)")
    }

    @Test("Reports, the duty list and guides, as they are published, are for everybody on every screen", arguments: Language.allCases)
    func publications(language: Language) throws {
        let test = try TestHall()
        _ = try test.daemon.client().call("case.submit", SmallOffice.submission()).get()
        let folder = TemporaryDirectory()
        for (name, command) in [
            ("report", ["sla", "report", "-o", "html", "--by", "matter"]), ("duties", ["catalog", "duty-list", "--format", "html"]),
            ("guide", ["catalog", "guide", "survey", "--format", "html"]),
        ] {
            let program = try Program(
                "casectl", command + ["--language", language.rawValue], environment: ["CASED_SOCKET": test.daemon.socket])
            #expect(program.status == 0, "\(program.errors)")
            try program.output.write(toFile: "\(folder.path)/\(name).html", atomically: true, encoding: .utf8)
        }
        let files = ["report", "duties", "guide"].map { "\(folder.path)/\($0).html" }
        let program = try Browser.run("pages.py", ["files", language.rawValue] + files)
        #expect(program.status == 0 && program.output == files.map { "\($0)\n" }.joined(), "\(program.output)\(program.errors)")
    }

    @Test(
        "Each page that links lead to is for everybody: valid, on three screens, on paper, in the dark, guarded",
        arguments: Language.allCases)
    func pages(language: Language) throws {
        let test = try TestHall()
        _ = try test.daemon.client().call("case.submit", SmallOffice.submission()).get()
        let program = try Browser.run("pages.py", ["hall", "http://\(test.hall.place)", language.rawValue])
        #expect(program.status == 0, "\(program.output)\(program.errors)")
        let seen = Set(program.output.split(separator: "\n").map { String($0.prefix { $0 != "?" }) })
        let known = Set(TestHall.pages.map { String($0.prefix { $0 != "?" }) })
        #expect(known.subtracting(seen).isEmpty, "no link leads to \(known.subtracting(seen))")
    }

    @Test(
        "On a phone, with the keyboard alone and without scripts, somebody finds out where their case is, and what is wrong with a receipt",
        arguments: Language.allCases)
    func receipt(language: Language) throws {
        let test = try TestHall()
        let submitted = try test.daemon.client().call("case.submit", SmallOffice.submission()).get()
        let receipt = try #require(submitted["receipt"]?.string)
        let words = language.hallWords
        let program = try Browser.run(
            "receipt.py",
            [
                "http://\(test.hall.place)", language.rawValue, receipt, words.status, words.receipt, words.lookUp, words.receiptMissing,
                words.another,
            ])
        #expect(program.status == 0, "\(program.output)\(program.errors)")
    }
}
