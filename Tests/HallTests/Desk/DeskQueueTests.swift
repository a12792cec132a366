import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import casehall

@Suite("Queues and files at a desk")
struct DeskQueueTests {
    @Test("A queue has what waits for a person, by the same order and words as casectl queue")
    func queue() throws {
        let desk = try TestDesk()
        let (first, second) = (try desk.submit("Old <shed>"), try desk.submit("New shed"))
        for step in ActionPageTests.atLeader { try desk.give(step.method, step.person, [("case", .string(second))] + step.members) }
        let otto = try desk.browser("otto").get("/desk")
        #expect(otto.status == 200 && otto.text.contains("Old &lt;shed&gt;") && !otto.text.contains("New shed"))
        for said in ["Green", "Submitted", "Intake", "5 working days", "31 March 2026, end of day", "You act as: Officer"] {
            #expect(otto.text.contains(said), "\(said)")
        }
        let lena = try desk.browser("lena", language: "zh").get("/desk")
        for said in ["New shed", "绿灯", "待决定", "决定人", "您的身份：Leader", "2026年"] { #expect(lena.text.contains(said), "\(said)") }
        let text = try Program("casectl", ["queue", "--as", "otto"], environment: ["CASED_SOCKET": desk.test.daemon.socket])
        #expect(text.output.contains(first) && !text.output.contains(second))
        #expect(try desk.browser("cora").get("/desk").text.contains("Nothing waits for you."))
    }

    @Test("Cases stand in a queue in the order of casectl queue, those without a deadline behind the others; further ones are a link away")
    func order() throws {
        let desk = try TestDesk()
        let ids = try (1...55).map { try desk.submit("Shed \($0)") }
        for step in ActionPageTests.suspended { try desk.give(step.method, step.person, [("case", .string(ids[0]))] + step.members) }
        let text = try Program(
            "casectl", ["queue", "--as", "otto", "-o", "jsonl"], environment: ["CASED_SOCKET": desk.test.daemon.socket])
        let wanted = text.output.matches(of: /"case":"(C-[0-9]+)"/).map { String($0.1) }
        let otto = desk.browser("otto")
        let page = try otto.get("/desk")
        let next = try #require(page.text.firstMatch(of: /<a href="([^"]*page=1[^"]*)">/)?.1)
        let found = [page, try otto.get(HTTPReply.unescaped(String(next)))].flatMap { reply in
            reply.text.matches(of: /<a href="\/desk\/cases\/(C-[0-9]+)">/).map { String($0.1) }
        }
        #expect(Set(found) == Set(ids) && found.count == 55)
        var seen: Set<String> = []
        #expect(found == wanted.filter { seen.insert($0).inserted })
    }

    @Test("Filters are links with how many cases they leave")
    func filters() throws {
        let desk = try TestDesk()
        _ = try desk.submit("One")
        let late = try desk.submit("Two")
        try desk.give("case.accept", "otto", [("case", .string(late))])
        _ = try desk.client.call("clock.advance", .of(["to": .string("2026-03-31T02:00:00Z")])).get()
        let otto = desk.browser("otto")
        let page = try otto.get("/desk")
        let link = try #require(page.text.firstMatch(of: /<a href="([^"]*state=in-review[^"]*)">In review 1<\/a>/)?.1)
        let filtered = try otto.get(HTTPReply.unescaped(String(link)))
        #expect(filtered.text.contains("Two") && !filtered.text.contains("One"))
        #expect(page.text.contains("Yellow 1"))
        #expect(try otto.get("/desk/cases?q=Tw").text.contains("Two"))
        #expect(try otto.get("/desk/cases?q=%3Cb%3E").text.contains("There are no such cases."))
        #expect(try otto.get("/desk?state=no-state").status == 400)
    }

    @Test("A substitute sees whose place they take, in the queue and on the file; the holder does not act")
    func substitute() throws {
        var files = TestDesk.files
        files["leave.toml"] = "[substitution.leave]\npost = \"leader\"\nby = \"bureau-head\"\nfrom = 2026-03-23\nto = 2026-03-27\n"
        let desk = try TestDesk(files: files)
        let id = try desk.submit()
        for step in ActionPageTests.accepted + [ActionPageTests.atLeader[1]] {
            try desk.give(step.method, step.person, [("case", .string(id))] + step.members)
        }
        let bela = desk.browser("bela")
        #expect(try bela.get("/desk").text.contains("Leader, in place of Lena"))
        #expect(try bela.get("/desk/cases/\(id)").text.contains("Leader, in place of Lena"))
        #expect(try bela.act("/desk/cases/\(id)/grant").status == 303)
        #expect(try bela.get("/desk/cases/\(id)").text.contains("Bela, in place of Lena"))
        #expect(try desk.browser("lena").get("/desk").text.contains("you have no post today"))
    }

    @Test("A file has its facts, one line of time, clocks in words, what may be done, and what may not with the reason")
    func file() throws {
        let desk = try TestDesk()
        let id = try desk.submit(materials: [])
        try desk.give("case.note", "otto", [("case", .string(id)), ("text", .string("between us"))])
        let otto = try desk.browser("otto").get("/desk/cases/\(id)").text
        for said in [
            "<h1>\(id) Warehouse 7</h1>", "Harbin Graphene Park (91230100MA)", "Permit office", "Leader (Lena)", "Commissioner (Cora)",
            "Ask for what is missing", "<summary>Not now</summary>", "5 working days of 5 working days left",
            "Intake: 5 working-days. Due 31 March 2026, end of day.", "<li class=\"ordinary\"><p><b>Submitted</b>", "between us",
        ] {
            #expect(otto.contains(said), "\(said)")
        }
        #expect(otto.firstMatch(of: /<dt>Accept the case<\/dt><dd>Required materials are missing: form/) != nil)
        // Newest first.
        let noted = try #require(otto.range(of: "between us")?.lowerBound),
            submitted = try #require(otto.range(of: "<p><b>Submitted</b>")?.lowerBound)
        #expect(noted < submitted)
        let chinese = try desk.browser("otto", language: "zh").get("/desk/cases/\(id)").text
        for said in ["一次性告知补正", "受理", "现在不能办理", "提交", "2026年3月31日当日截止"] { #expect(chinese.contains(said), "\(said)") }
    }

    @Test("What was handed in is downloaded by whoever may read the case, and shown only where it cannot run")
    func materials() throws {
        let folder = TemporaryDirectory()
        let kept = "\(folder.path)/materials"
        let desk = try TestDesk(["--materials", kept])
        func keep(_ bytes: [UInt8]) throws -> String {
            let digest = sha256(bytes)
            try FileManager.default.createDirectory(atPath: "\(kept)/\(digest.prefix(2))", withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: "\(kept)/\(digest.prefix(2))/\(digest)"))
            return digest
        }
        let page = Array("<html><script>alert(1)</script></html>".utf8)
        let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 7, count: 100_000)
        let materials: [JSONValue] = try [("form", page), ("plan", picture)].map {
            .of(["id": .string($0.0), "sha256": .string(try keep($0.1)), "uri": .string("javascript:alert(1)")])
        }
        let members = (SmallOffice.submission().members ?? []).filter { $0.name != "materials" }
        let id = try #require(
            try desk.client.call("case.submit", .object(members + [.init("materials", .array(materials))])).get()["case"]?.string)
        let otto = desk.browser("otto")
        let file = try otto.get("/desk/cases/\(id)").text
        #expect(file.contains("&lt;script&gt;alert(1)") && !file.contains("<script>alert") && !file.contains("href=\"javascript"))
        #expect(
            file.contains("<img src=\"/desk/cases/\(id)/materials/plan\"")
                && !file.contains("<img src=\"/desk/cases/\(id)/materials/form\""))
        #expect(file.contains("SHA-256 \(sha256(page))") && file.contains("97 KiB"))
        let form = try otto.get("/desk/cases/\(id)/materials/form")
        #expect(form.body == page && form["content-type"] == "application/octet-stream")
        #expect(form["content-disposition"]?.hasPrefix("attachment;") == true && form["x-content-type-options"] == "nosniff")
        let plan = try otto.get("/desk/cases/\(id)/materials/plan")
        #expect(
            plan.body == picture && plan["content-type"] == "image/png" && plan["content-disposition"]?.hasPrefix("attachment;") == true)
        #expect(try otto.get("/desk/cases/\(id)/materials/..%2F..%2Fetc").status == 404)
        #expect(try desk.browser("finn").get("/desk/cases/\(id)/materials/form").status == 403)
    }

    @Test("Files are told apart by their first bytes, and only pictures are sent as what they are")
    func kinds() {
        #expect(MaterialKind([0xFF, 0xD8, 0xFF, 0xE0]).contentType == "image/jpeg")
        #expect(MaterialKind(Array("%PDF-1.7".utf8)).contentType == "application/octet-stream")
        #expect(MaterialKind(Array("<svg onload=alert(1)>".utf8)) == .text)
        #expect(MaterialKind(Array("材料".utf8.dropLast())) == .text)
        #expect(MaterialKind([0xC3, 0x28, 0x41, 0x42, 0x43, 0x44]) == .other)
        #expect(MaterialKind([]) == .other && MaterialKind([0]) == .other)
    }
}
