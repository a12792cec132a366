import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import casehall

@Suite("Following one's own cases in the hall")
struct OwnCaseTests {
    private static func correction(_ test: ApplicantHall, _ id: String, _ missing: [String] = ["form", "photo"]) throws {
        try test.office(
            "case.request_correction", id, "otto", [.init("missing", .array(missing.map { .string($0) })), .init("note", "signed, please")])
    }

    /// Every page of an applicant's, of a case and a draft that there are.
    private static func paths(_ id: String, _ draft: String) -> [String] {
        ["/my", "/my/notices", "/my/apply/stall"]
            + ["", "/check", "/remove", "/files/form"].map { "/my/drafts/\(draft)\($0)" }
            + ["", "/submitted", "/correct", "/withdraw", "/files/form", "/decision", "/decision/0/statement"].map {
                "/my/cases/\(id)\($0)"
            }
    }

    @Test("A list says of each case where it is, who has to act and until when; of an empty one, that it is empty")
    func list() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        #expect(try person.open("/my").text.contains("You have no cases yet."))
        let id = try person.submit()
        var page = try person.open("/my").text
        for said in ["\(id) · Stall 7", "Street stall 占道", "in time", "office", "31 March 2026, end of day"] {
            #expect(page.contains(said), "\(said)")
        }
        try Self.correction(test, id)
        page = try person.open("/my").text
        for said in ["something is missing", ">you<", "23 April 2026, end of day", "Notices that you have not taken: 1"] {
            #expect(page.contains(said), "\(said)")
        }
    }

    @Test("More cases than a page has are on the next one, each once")
    func pages() throws {
        let test = try ApplicantHall()
        for number in 1...23 { _ = try test.client.call("case.submit", SmallOffice.submission("Stall \(number).")).get() }
        let person = try test.person()
        let first = try person.open("/my").text
        let next = try #require(first.firstMatch(of: /href="(\/my\?after=[^"]*)"/)?.1)
        let second = try person.open(String(next)).text
        for number in 1...23 {
            #expect([first, second].filter { $0.contains("Stall \(number).") }.count == 1, "\(number)")
        }
        #expect(try person.open("/my?after=nonsense").status < 500)
    }

    @Test("A case says what was handed in, how its time stands in words, and what happened; nothing of what the office says among itself")
    func file() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        let id = try person.submit(["field-remarks": "loud"])
        try test.office("case.accept", id)
        try test.office("case.note", id, "otto", [.init("text", "between us")])
        try test.office("case.escalate", id, "cora", [.init("reason", "an order of ours")])
        let page = try person.open("/my/cases/\(id)").text
        for said in [
            "Signed form", "Site plan", "/my/cases/\(id)/files/plan", "By law: 0 of 20 working days have passed, 20 left, to 22 April 2026",
            "Submitted", "Accepted", "Officer (Otto)", "1200.5", "Remarks", "loud", "/my/cases/\(id)/withdraw",
        ] {
            #expect(page.contains(said), "\(said)")
        }
        #expect(!page.contains("between us") && !page.contains("an order of ours") && !page.contains("Cora"))
    }

    @Test("What the office asks for, and only that, is handed in; pressed twice it is handed in once, and files stay chosen meanwhile")
    func correct() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        let id = try person.submit()
        #expect(try person.open("/my/cases/\(id)/correct").text.contains("What happened"), "nothing is asked: the case is shown")
        try Self.correction(test, id)
        let file = try person.open("/my/cases/\(id)").text
        for said in ["The office asks you for", "Photo", "until 23 April 2026, end of day", "signed, please"] {
            #expect(file.contains(said), "\(said)")
        }
        let form = try person.open("/my/cases/\(id)/correct").text
        #expect(form.contains("file-form") && form.contains("file-photo") && !form.contains("file-plan"))
        try person.send(
            [("note", "here <it> is")],
            files: [
                (field: "file-form", name: "signed.pdf", bytes: HallVisitor.pdf + [3]),
                (field: "file-plan", name: "never asked.pdf", bytes: HallVisitor.pdf + [4]),
            ])
        #expect(person.page?.status == 422 && person.page?.text.contains("href=\"#file-photo\"") == true)
        #expect(person.page?.text.contains("signed.pdf") == true && person.page?.text.contains("here &lt;it&gt; is") == true)
        #expect(try person.open("/my").text.contains("What is asked for on \(id)"), "it is kept as a draft")
        try person.open("/my/cases/\(id)/correct")
        let hidden = person.hidden + [("note", "here <it> is"), ("paper-photo", "yes")]
        let first = try person.post("/my/cases/\(id)/correct", hidden)
        #expect(first["location"] == "/my/cases/\(id)?done=corrected")
        #expect(try person.post("/my/cases/\(id)/correct", hidden)["location"] == "/my/cases/\(id)")
        let corrected = try test.client.call("case.get", .of(["case": .string(id)])).get()
        let ids = (corrected["materials"]?.array ?? []).map { $0.string ?? $0.cell("id") ?? "" }
        #expect(corrected.cell("state") == "submitted" && Set(ids) == ["form", "plan", "photo"])
        #expect(corrected["materials"]?.array?.contains("photo") == true)
        let events = try test.client.call("case.history", .of(["case": .string(id)])).get()["events"]?.array ?? []
        let corrections = events.filter { $0.cell("event") == "corrected" }
        #expect(corrections.count == 1 && corrections.first?["data"]?.cell("note") == "here <it> is")
        #expect(corrections.first?["data"]?["materials"]?.array?.count == 2)
        #expect(try !person.open("/my").text.contains("What is asked for"))
    }

    @Test("A case is withdrawn after a question, with its reason; then there is nothing more to withdraw")
    func withdraw() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        let id = try person.submit()
        let question = try person.open("/my/cases/\(id)/withdraw").text
        #expect(question.contains("Do you want to withdraw this case?") && question.contains("Stall 7"))
        #expect(try test.client.call("case.get", .of(["case": .string(id)])).get().cell("state") == "submitted")
        try person.send([("reason", "moved away")])
        #expect(person.path == "/my/cases/\(id)?done=withdrawn" && person.page?.text.contains("moved away") == true)
        #expect(try test.client.call("case.get", .of(["case": .string(id)])).get().cell("state") == "withdrawn")
        try person.open("/my/cases/\(id)/withdraw")
        #expect(person.path == "/my/cases/\(id)" && person.page?.text.contains("/withdraw") == false)
    }

    @Test("Notices are those of the applicant; each is taken by whom it is for, and stays taken")
    func notices() throws {
        let test = try ApplicantHall()
        let (person, other) = (try test.person(), try test.person("other", "Other"))
        let (id, foreign) = (try person.submit(), try other.submit())
        for id in [id, foreign] { try Self.correction(test, id) }
        let page = try person.open("/my/notices").text
        for said in ["Something is missing", id, "Photo", "signed, please", "until 23 April 2026, end of day", "I have seen this"] {
            #expect(page.contains(said), "\(said)")
        }
        #expect(!page.contains("\(foreign) ·"))
        let all = try test.client.call("notice.list", .of(["addressee": "applicant"])).get()["notices"]?.array ?? []
        let theirs = try #require(all.first { $0.cell("case") == foreign }?.cell("seq"))
        let mine = try #require(all.first { $0.cell("case") == id }?.cell("seq"))
        try person.send([("take", theirs)])
        try person.send([("take", mine)])
        #expect(person.page?.text.contains("seen 24 March 2026, 10:00") == true && person.page?.text.contains("I have seen") == false)
        let left = try test.client.call("notice.list", .of(["addressee": "applicant", "taken": false])).get()["notices"]?.array ?? []
        #expect(left.map { $0.cell("case") } == [foreign])
    }

    @Test("A file comes back to whoever sent it as it was, to be kept and never to be shown")
    func files() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        try person.fill(materials: [
            (field: "file-form", name: "申请 \"1\"\r\n.html", bytes: HallVisitor.pdf),
            (field: "file-plan", name: "p.png", bytes: HallVisitor.pdf),
        ])
        let draft = String(person.path.dropLast("/check".count))
        let check = person.path
        for path in ["\(draft)/files/form"] {
            let reply = try person.open(path)
            #expect(reply.body == HallVisitor.pdf && reply["content-disposition"] == "attachment; filename=\"form.pdf\"")
            #expect(reply["x-content-type-options"] == "nosniff" && reply["cache-control"] == "no-store")
        }
        #expect(try person.open("\(draft)/files/photo").status == 404)
        try person.open(check)
        try person.send()
        let reply = try person.open("/my/cases/C-1/files/form")
        #expect(reply.body == HallVisitor.pdf && reply["content-type"] == "application/pdf")
        #expect(reply["content-disposition"] == "attachment; filename=\"C-1-form.pdf\"")
        for path in ["photo", "..%2f..%2fkeys.json", "%2e%2e", "form%00"] {
            #expect(try person.open("/my/cases/C-1/files/\(path)").status == 404, "\(path)")
        }
    }

    @Test("A decision is there once it was made, with three files by which ssh-keygen finds it good, and finds what was changed")
    func decision() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen") else { return }
        let test = try ApplicantHall(isSealed: true)
        let person = try test.person()
        let id = try person.submit()
        #expect(try person.open("/my/cases/\(id)/decision").status == 404)
        try test.office("case.accept", id)
        try test.office("case.recommend", id, "otto", [.init("recommendation", "grant"), .init("opinion", "fine")])
        try test.office("case.grant", id, "lena", [.init("reasons", "it fits")])
        #expect(try person.open("/my/cases/\(id)").text.contains("/my/cases/\(id)/decision"))
        let page = try person.open("/my/cases/\(id)/decision").text
        let command = try #require(page.firstMatch(of: /<pre>(ssh-keygen -Y verify[^<]*)<\/pre>/)?.1)
            .replacing("&lt;", with: "<").replacing("&amp;", with: "&")
        let folder = TemporaryDirectory()
        for file in ["statement", "statement.sig", "allowed_signers"] {
            let reply = try person.open("/my/cases/\(id)/decision/0/\(file)")
            #expect(reply.status == 200 && reply["content-disposition"] == "attachment; filename=\"\(file)\"")
            try Data(reply.body).write(to: URL(fileURLWithPath: "\(folder.path)/\(file)"))
        }
        let good = try Program("/bin/sh", ["-c", "cd '\(folder.path)' && \(command)"])
        #expect(good.status == 0 && good.output.contains("Good"), "\(good.output) \(good.errors)")
        let bad = try Program("/bin/sh", ["-c", "cd '\(folder.path)' && sed -i s/granted/refused/ statement && \(command)"])
        #expect(bad.status != 0)
        for wrong in ["1/statement", "0/passwd", "-1/statement", "x/statement"] {
            #expect(try person.open("/my/cases/\(id)/decision/\(wrong)").status == 404, "\(wrong)")
        }
    }

    // MARK: Whose it is

    @Test(
        "Nobody finds out whether there is a case or a draft of somebody else, nor does anything to it; an id that looks alike is another")
    func foreign() throws {
        let test = try ApplicantHall()
        let person = try test.person("caf\u{E9}", "Mine")
        let id = try person.submit()
        try Self.correction(test, id)
        try person.begin()
        let draft = String(person.path.split(separator: "/")[2])
        let files = test.draftFiles
        for other in [try test.person("other", "Other"), try test.person("cafe\u{301}", "Mine")] {
            #expect(try !other.open("/my").text.contains("Stall 7"))
            #expect(try !other.open("/my/notices").text.contains("Stall 7"))
            for path in Self.paths(id, draft).dropFirst(3) {
                let reply = try other.open(path)
                #expect(reply.status == 404 && !reply.text.contains("Stall 7"), "\(path)")
                let token = try other.open("/my/apply/stall").formToken
                let sent = try other.post(path, [("token", token), ("revision", "2"), ("reason", "mine now"), ("paper-form", "yes")])
                #expect([404, 405, 303].contains(sent.status), "\(path): \(sent.status)")
            }
        }
        for path in [
            "/my/cases/C-99", "/my/cases/c-1", "/my/cases/C-01", "/my/cases/1", "/my/cases/C-1%00", "/my/drafts/..",
            "/my/drafts/%2e%2e%2fx",
        ] {
            #expect(try person.open(path).status == 404, "\(path)")
        }
        #expect(try test.client.call("case.get", .of(["case": .string(id)])).get().cell("state") == "correction")
        #expect(test.draftFiles == files)
    }

    @Test("Whoever is nobody, or a person of the office, is told to log in, and finds nothing")
    func nobody() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        let id = try person.submit()
        try person.begin()
        let draft = String(person.path.split(separator: "/")[2])
        let nobody = HallVisitor(test.hall, token: nil, language: "en")
        for path in Self.paths(id, draft) {
            let reply = try nobody.open(path)
            #expect(reply.status == 403 && reply.text.contains("Log in first") && !reply.text.contains("Stall 7"), "\(path)")
        }
        #expect(try !nobody.open("/").text.contains("/my"))
    }

    @Test("A form without its token has no effect, whatever it asks for, and none of its files is kept")
    func token() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        let id = try person.submit()
        try Self.correction(test, id)
        try person.fill()
        let draft = String(person.path.split(separator: "/")[2])
        let (check, shown) = (person.path, person.hidden.first { $0.0 == "shown" }?.1 ?? "")
        let (files, drafts) = (test.keptFiles, test.draftFiles)
        let before = try drafts.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        for token in ["", "AAAA", shown] {
            for path in Self.paths(id, draft) + [check] {
                let reply = try person.post(
                    path,
                    [
                        ("token", token), ("shown", shown), ("revision", "2"), ("reason", "typed"), ("title", "typed"), ("take", "all"),
                        ("paper-form", "yes"), ("paper-photo", "yes"), ("do", "continue"),
                    ])
                #expect([403, 405].contains(reply.status), "\(path): \(reply.status)")
            }
        }
        try person.open("/my/drafts/\(draft)")
        let unsent = HallVisitor(test.hall, token: try test.token("91230100MA", "Harbin Graphene Park"), language: "en")
        try unsent.send(
            [("title", "typed")], files: [(field: "file-form", name: "x.pdf", bytes: HallVisitor.pdf + [9])], to: "/my/drafts/\(draft)")
        #expect(unsent.page?.status == 403 && unsent.page?.text.contains("value=\"typed\"") == true)
        #expect(test.keptFiles == files && test.draftFiles == drafts)
        #expect(try drafts.map { try Data(contentsOf: URL(fileURLWithPath: $0)) } == before)
        #expect(try test.count() == 1)
        #expect(try test.client.call("case.get", .of(["case": .string(id)])).get().cell("state") == "correction")
    }

    @Test("All of it is in Chinese for whoever prefers that")
    func chinese() throws {
        let test = try ApplicantHall(isSealed: false)
        let person = try test.person(language: "zh-CN")
        try person.begin()
        try person.send([("do", "continue")], files: [])
        for said in ["<html lang=\"zh\">", "<title>错误：", "请填写标题", "请选择区域", "Signed form：请选择文件，或注明提交纸质材料"] {
            #expect(person.page?.text.contains(said) == true, "\(said)")
        }
        try person.send(HallVisitor.answers, files: HallVisitor.both)
        #expect(person.page?.text.contains("核对填写内容") == true)
        try person.send()
        #expect(person.page?.text.contains("2026年4月8日当日截止") == true)
        try Self.correction(test, "C-1")
        for said in ["机构要求您提交", "2026年4月23日当日截止", "已用 0，共 30 日", "补正告知"] {
            #expect(try person.open("/my/cases/C-1").text.contains(said), "\(said)")
        }
        for path in ["/my", "/my/notices", "/my/cases/C-1/correct", "/my/cases/C-1/withdraw"] {
            let page = try person.open(path)
            #expect(page.status == 200 && page.text.contains("<html lang=\"zh\">"), "\(path)")
        }
    }
}
