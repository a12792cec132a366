import CaseTesting
import CaseWire
import Foundation
import Testing

@Suite("What everybody may see in the hall")
struct PublicPageTests {
    private let english = [("Accept-Language", "en")]

    @Test("Departments lead to their matters, and each matter to its guide with who answers for it")
    func ways() throws {
        let test = try TestHall()
        let start = try test.hall.get("/", english)
        #expect(start.status == 200)
        let department = try #require(start.text.firstMatch(of: /href="(\/matters\?department=[^"]*)"/)?.1)
        let matters = try test.hall.get(String(department), english)
        for matter in ["permit", "notice", "survey"] { #expect(matters.text.contains("href=\"/matters/\(matter)\"")) }
        let guide = try test.hall.get("/matters/survey", english)
        for said in [
            "Survey charge: 120.00 CNY", "Examination of the papers", "Permit office", "Leader (Lena)", "Commissioner (Cora)",
            "north (Officer)",
        ] {
            #expect(guide.text.contains(said), "\(said)")
        }
    }

    @Test("A guide says when it would be decided if a complete application came in now, by the promise and by law")
    func due() throws {
        let test = try TestHall()
        // Ten and twenty working days from 24 March 2026, with the holiday of 4 to 6 April between.
        let guide = try test.hall.get("/matters/permit", english).text
        #expect(guide.contains("8 April 2026, end of day"))
        #expect(guide.contains("22 April 2026, end of day"))
        #expect(try test.hall.get("/matters/permit", [("Accept-Language", "zh-CN")]).text.contains("2026年4月8日当日截止"))
        #expect(guide.contains("plan (optional)"))
    }

    @Test("A search finds matters by any word that is said of them, and says where it finds none")
    func search() throws {
        let test = try TestHall()
        let found = try test.hall.get("/matters?q=SURVEY+act", english).text
        #expect(found.contains("/matters/survey") && !found.contains("/matters/permit"))
        let none = try test.hall.get("/matters?q=survey+unicorn", english)
        #expect(none.status == 200 && none.text.contains("No matter has all of these words"))
    }

    @Test("The duty list and the figures by month are those of the daemon")
    func published() throws {
        let test = try TestHall()
        _ = try test.daemon.client().call("case.submit", SmallOffice.submission()).get()
        let list = try test.hall.get("/duty-list", english).text
        for said in ["Supervises the time limits", "Lena", "Permit Act, § 7"] { #expect(list.contains(said), "\(said)") }
        let figures = try test.hall.get("/figures", english).text
        #expect(figures.contains("Mar 2026") && figures.contains("Permit office"))
        #expect(figures.contains("<b>1</b><span>received, cases</span>"))
    }

    @Test("What has changed in the catalogue shows at once")
    func change() throws {
        let test = try TestHall()
        #expect(try test.hall.get("/matters/notice", english).status == 200)
        var files = SmallOffice.files()
        files["matters.toml"] = files["matters.toml"]?.replacing("name = \"Notice\"", with: "name = \"Announcement\"")
        _ = try test.daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        #expect(try test.hall.get("/matters/notice", english).text.contains("<h1>Announcement</h1>"))
    }

    @Test("The language is the browser's, until somebody chooses one; then each page is in that one")
    func language() throws {
        let test = try TestHall()
        #expect(try test.hall.get("/").text.contains("<html lang=\"zh\">"))
        #expect(try test.hall.get("/", [("Accept-Language", "fr, en;q=0.8, zh;q=0.1")]).text.contains("<html lang=\"en\">"))
        let chosen = try test.hall.get("/language/en?back=/matters?q%3Dpermit")
        #expect(chosen.status == 303 && chosen["location"] == "/matters?q=permit")
        #expect(try test.hall.get("/", [("Cookie", chosen.cookies), ("Accept-Language", "zh")]).text.contains("<html lang=\"en\">"))
    }

    @Test(
        "Whoever chooses a language stays in the hall, whatever the address says",
        arguments: ["//evil.example/", "https://evil.example/", "/%5Cevil.example", "/%0D%0ASet-Cookie:%20a=b", "javascript:alert(1)", ""])
    func back(place: String) throws {
        let test = try TestHall()
        let reply = try test.hall.get("/language/en?back=\(place)")
        #expect(reply.status == 303 && reply["location"] == "/")
        #expect(reply.headers.filter { $0.name == "set-cookie" }.count == 1)
    }

    // MARK: By receipt

    @Test("Whoever has a receipt sees the state, what is missing and until when, in their language")
    func status() throws {
        let test = try TestHall()
        let client = try test.daemon.client()
        let file = try client.call("case.submit", SmallOffice.submission(materials: [])).get()
        let (receipt, id) = (try #require(file["receipt"]?.string), try #require(file["case"]?.string))
        _ = try client.call(
            "case.request_correction",
            .of(["case": .string(id), "missing": .array([.string("form")]), "note": .string("The form, signed"), "acting": .string("otto")])
        ).get()
        let shown = try test.form("/status", english)
        let typed = " \(receipt.lowercased().replacing("-", with: " ")) "
        let reply = try test.hall.post("/status", [("token", shown.token), ("receipt", typed)], english + [("Cookie", shown.cookies)])
        #expect(reply.status == 200)
        for said in ["something is missing", "form", "23 April 2026, end of day", "The form, signed", receipt] {
            #expect(reply.text.contains(said), "\(said)")
        }
        #expect(!reply.text.contains("Harbin") && !reply.text.contains("Warehouse"))
        #expect(reply["cache-control"] == "no-store")
    }

    @Test("Whoever has the receipt of a decision can check its seal with ssh-keygen and what the page shows, without the names in it")
    func seal() throws {
        // A store for training seals with a key of its own where the catalogue names seals and it has none of their keys.
        let folder = TemporaryDirectory()
        #expect(try Program("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder.path)/seal"]).status == 0)
        let key = try String(contentsOfFile: "\(folder.path)/seal.pub", encoding: .utf8).split(separator: " ").prefix(2).joined(
            separator: " ")
        var files = SmallOffice.files()
        files["keys.toml"] = "[seal.permits]\noffice = \"permits\"\nkey = \"\(key) seal\"\nfrom = 2026-01-01\n"
        let test = try TestHall(files: files)
        let client = try test.daemon.client()
        let file = try client.call("case.submit", SmallOffice.submission()).get()
        let (receipt, id) = (try #require(file["receipt"]?.string), JSONValue.string(try #require(file["case"]?.string)))
        _ = try client.call("case.accept", .of(["case": id, "acting": "otto"])).get()
        _ = try client.call("case.recommend", .of(["case": id, "recommendation": "grant", "opinion": "fine", "acting": "otto"])).get()
        _ = try client.call("case.grant", .of(["case": id, "reasons": "All is there", "acting": "lena"])).get()
        let shown = try test.form("/status", english)
        let page = try test.hall.post("/status", [("token", shown.token), ("receipt", receipt)], english + [("Cookie", shown.cookies)]).text
        #expect(page.contains("All is there") && !page.contains("Harbin"))
        let texts = page.matches(of: /<pre>([^<]*)<\/pre>/).map {
            String($0.1).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&#39;", with: "'").replacing(
                "&quot;", with: "\""
            ).replacing("&amp;", with: "&")
        }
        try #require(texts.count == 3)
        let keys = try test.hall.get("/keys")
        #expect(keys["content-disposition"]?.hasPrefix("attachment") == true)
        for (name, text) in [("statement", texts[0]), ("statement.sig", texts[1]), ("allowed_signers", keys.text)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
        }
        #expect(try Program("/bin/sh", ["-c", "cd \(folder.path) && \(texts[2])"]).status == 0)
        try Data((texts[0] + " ").utf8).write(to: URL(fileURLWithPath: "\(folder.path)/statement"))
        #expect(try Program("/bin/sh", ["-c", "cd \(folder.path) && \(texts[2])"]).status != 0)
    }

    @Test("A receipt that there is not is an error beside its field, and what was typed is still there")
    func unknownReceipt() throws {
        let test = try TestHall()
        let shown = try test.form("/status", english)
        for typed in ["7QK2-M9XD-4RTA", "", String(repeating: "7", count: 5000), "<b>", "\u{0}", "七"] {
            let reply = try test.hall.post("/status", [("token", shown.token), ("receipt", typed)], english + [("Cookie", shown.cookies)])
            #expect(reply.status == 422, "\(typed.prefix(20))")
            #expect(reply.text.contains("<title>Error: ") && reply.text.contains("href=\"#receipt\""))
            #expect(reply.text.contains("id=\"receipt-error\"") && !reply.text.contains("<b>"))
        }
    }

    @Test("Whoever looks up many receipts has to wait, and others do not")
    func guessing() throws {
        let test = try TestHall(["--lookups-per-minute", "3", "--proxy-address", "127.0.0.1"])
        let shown = try test.form("/status", english)
        func look(from address: String) throws -> HTTPReply {
            try test.hall.post(
                "/status", [("token", shown.token), ("receipt", "7QK2-M9XD-4RTA")],
                english + [("Cookie", shown.cookies), ("X-Forwarded-For", "203.0.113.9, \(address)")])
        }
        #expect(try (0..<3).map { _ in try look(from: "198.51.100.1").status } == [422, 422, 422])
        let late = try look(from: "198.51.100.1")
        #expect(late.status == 429 && late["retry-after"] != nil && late.text.contains("7QK2-M9XD-4RTA"))
        #expect(try look(from: "198.51.100.2").status == 422)
    }
}
