import CaseCore
import CasePages
import CaseTesting
import CaseWire
import Crypto
import Foundation
import Testing

@testable import casehall

@Suite("Applying in the hall")
struct ApplicationTests {
    @Test("From the guide to a case: it has what was said, in the form that the catalogue asks for, and the draft is gone")
    func whole() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        try person.open("/matters/stall")
        #expect(person.page?.text.contains("href=\"/my/apply/stall\"") == true)
        let needed = try person.open("/my/apply/stall").text
        for said in ["Area in square metres", "Phone (optional)", "Signed form", "Photo (optional)", "The street is wide enough", "20 MB"] {
            #expect(needed.contains(said), "\(said)")
        }
        try person.fill(["field-phone": "０451 8888", "field-remarks": "one\r\ntwo"])
        #expect(person.path.hasSuffix("/check"))
        let check = try #require(person.page?.text)
        for said in [
            "Check your answers", "1200.5", "7 April 2026", "north", "form.pdf", "plan.pdf", "Harbin Graphene Park", "#field-from",
        ] {
            #expect(check.contains(said), "\(said)")
        }
        try person.send()
        #expect(person.path == "/my/cases/C-1/submitted")
        let confirmation = try #require(person.page?.text)
        let file = try test.client.call("case.get", .of(["case": "C-1"])).get()
        for said in ["C-1", file.cell("receipt") ?? "?", "31 March 2026, end of day", "8 April 2026, end of day"] {
            #expect(confirmation.contains(said), "\(said)")
        }
        #expect(
            file["fields"]
                == .of([
                    "area_m2": "1200.5", "from": "2026-04-07", "use": "books", "phone": "０451 8888", "remarks": "one\ntwo",
                ]))
        #expect(file.cell("title") == "Stall 7" && file.cell("area") == "north" && file.cell("channel") == "online")
        #expect(file["applicant"] == .of(["id": "91230100MA", "name": "Harbin Graphene Park"]))
        let digest = SHA256.hash(data: HallVisitor.pdf)
        let hex = Hex.text(digest)
        #expect(file["materials"]?.array?.first?.cell("sha256") == hex)
        #expect(file["materials"]?.array?.first?.cell("uri") == "ni:///sha-256;\(Base64URL.text(digest))")
        #expect(test.keptFiles.contains("\(hex.prefix(2))/\(hex)"))
        let mine = try person.open("/my").text
        #expect(mine.contains("C-1 · Stall 7") && !mine.contains("Drafts"))
    }

    @Test("All that is missing is said at once, beside the fields and above the heading; nothing typed is lost, and files stay chosen")
    func errors() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        try person.begin()
        try person.send(
            [
                ("title", " "), ("field-area_m2", "many"), ("field-from", "30 February"),
                ("field-phone", String(repeating: "7", count: 21)),
                ("field-remarks", "kept <b>"), ("do", "continue"),
            ],
            files: [(field: "file-form", name: "form.pdf", bytes: HallVisitor.pdf), (field: "file-plan", name: "", bytes: [])])
        let page = try #require(person.page)
        #expect(page.status == 422 && page.text.contains("<title>Error: "))
        for field in ["title", "area", "field-area_m2", "field-from", "field-use", "field-phone", "file-plan"] {
            #expect(page.text.contains("<a href=\"#\(field)\">"), "\(field) in the summary")
            #expect(page.text.contains("id=\"\(field)\""), "\(field) is there")
            #expect(page.text.contains("id=\"\(field)-error\""), "\(field) beside itself")
        }
        #expect(!page.text.contains("href=\"#file-form\"") && !page.text.contains("href=\"#file-photo\""))
        for typed in ["many", "30 February", "kept &lt;b&gt;", "form.pdf"] { #expect(page.text.contains(typed), "\(typed)") }
        #expect(try test.count() == 0)
        // The file is not sent again, and the rest is right now.
        try person.send(
            HallVisitor.answers + [("field-phone", ""), ("field-remarks", "")],
            files: [(field: "file-plan", name: "plan.pdf", bytes: HallVisitor.pdf)])
        #expect(person.path.hasSuffix("/check") && person.page?.text.contains("form.pdf") == true)
    }

    @Test("Paper counts where the matter is taken at a window, and nowhere else; a file that is there is replaced or taken away")
    func paper() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        try person.begin()
        #expect(person.page?.text.contains("I hand it in on paper: Window A ground floor") == true)
        try person.send(
            HallVisitor.answers + [("paper-form", "yes")], files: [(field: "file-plan", name: "plan.pdf", bytes: HallVisitor.pdf)])
        #expect(person.path.hasSuffix("/check") && person.page?.text.contains("on paper") == true)
        let form = String(person.path.dropLast("/check".count))
        try person.open(form)
        try person.send(HallVisitor.answers + [("paper-form", "yes"), ("remove-plan", "yes")], files: [])
        #expect(person.page?.status == 422 && person.page?.text.contains("href=\"#file-plan\"") == true)
        try person.send(
            HallVisitor.answers + [("paper-form", "yes")], files: [(field: "file-plan", name: "other.pdf", bytes: HallVisitor.pdf + [2])])
        #expect(person.page?.text.contains("other.pdf") == true)
        try person.send()
        #expect(person.page?.text.contains("Hand in on paper: Signed form") == true)
        #expect(try test.client.call("case.get", .of(["case": "C-1"])).get()["materials"]?.array?.first == "form")
        // Nobody takes paper for this one, whatever is ticked.
        try person.begin("no-paper")
        #expect(person.page?.text.contains("paper-form") == false)
        try person.send([("title", "t"), ("paper-form", "yes"), ("do", "continue")], files: [])
        #expect(person.page?.status == 422 && person.page?.text.contains("href=\"#file-form\"") == true)
    }

    @Test("What cannot be applied for online says where it can, and begins nothing")
    func window() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        #expect(try !person.open("/matters/window-only").text.contains("/my/apply"))
        let page = try person.open("/my/apply/window-only")
        #expect(page.text.contains("cannot be applied for online") && !page.text.contains("<form"))
        let token = try person.open("/my/apply/stall").formToken
        #expect(try person.post("/my/apply/window-only", [("token", token)]).status == 422)
        #expect(test.draftFiles.isEmpty)
        #expect(try person.open("/my/apply/nothing").status == 404)
    }

    @Test("However often the button is pressed, at once and later, one case comes of it")
    func double() async throws {
        let test = try ApplicantHall()
        let person = try test.person()
        try person.fill()
        let (path, hidden) = (person.path, person.hidden)
        let pressed = try await withThrowingTaskGroup(of: String?.self) { tasks in
            nonisolated(unsafe) let person = person
            for _ in 0..<6 { tasks.addTask { try person.post(path, hidden)["location"] } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(pressed) == ["/my/cases/C-1/submitted"])
        #expect(try person.post(path, hidden)["location"] == "/my/cases/C-1/submitted")
        try person.open(path)
        #expect(person.path == "/my/cases/C-1/submitted")
        #expect(try test.count() == 1)
    }

    @Test("An application whose answer was lost comes to the same case; changed since, it says so, and makes no second one")
    func lostAnswer() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        try person.fill()
        let (check, draft) = (person.path, try #require(test.draftFiles.first))
        let before = try Data(contentsOf: URL(fileURLWithPath: draft))
        try person.send()
        // As if the hall had ended before it had kept what came of it.
        try before.write(to: URL(fileURLWithPath: draft))
        try person.open(check)
        try person.send()
        #expect(person.path == "/my/cases/C-1/submitted")
        try before.write(to: URL(fileURLWithPath: draft))
        try person.open(String(check.dropLast("/check".count)))
        try person.send(HallVisitor.answers.map { $0.0 == "title" ? ($0.0, "Other") : $0 }, files: [])
        try person.send()
        #expect(person.page?.status == 422 && person.page?.text.contains("submitted before") == true)
        #expect(try test.count() == 1)
    }

    @Test("What was changed in another window is looked at again before it is submitted")
    func changed() throws {
        let test = try ApplicantHall()
        let (person, other) = (try test.person(), try test.person())
        try person.fill()
        try other.open(String(person.path.dropLast("/check".count)))
        try other.send(HallVisitor.answers.map { $0.0 == "title" ? ($0.0, "Other") : $0 }, files: [])
        try person.send()
        #expect(person.page?.status == 422 && person.page?.text.contains("Other") == true)
        #expect(try test.count() == 0)
        try person.send()
        #expect(try test.client.call("case.get", .of(["case": "C-1"])).get().cell("title") == "Other")
    }

    @Test("A case whose answers are not all there is not checked, whoever knows the address")
    func unfinished() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        try person.begin()
        let form = person.path
        try person.open("\(form)/check")
        #expect(person.path == form)
        _ = try person.post("\(form)/check", [("token", person.page?.formToken ?? ""), ("shown", "")])
        #expect(try test.count() == 0)
    }

    @Test("What the daemon refuses stands beside its field, with what was typed")
    func refused() throws {
        let test = try ApplicantHall()
        let person = try test.person()
        try person.begin()
        // The daemon does not take it, though the hall would: it has another catalogue by now.
        var files = ApplicantHall.files
        files["stall.toml"]?.replace("longest = 20", with: "longest = 2")
        _ = try test.client.call("catalog.apply", SmallOffice.parameter(files)).get()
        try person.send(HallVisitor.answers + [("field-phone", "0451")], files: HallVisitor.both)
        #expect(person.page?.status == 422 && person.page?.text.contains("href=\"#field-phone\"") == true)
        #expect(person.page?.text.contains("value=\"0451\"") == true)
    }

    @Test("While the daemon is away or stopped, forms come back with what was typed, and go through once it is there")
    func away() throws {
        let test = try ApplicantHall(["--patience", "1"])
        let person = try test.person()
        try person.begin()
        let form = person.path
        test.daemon.send(SIGSTOP)
        try person.send(HallVisitor.answers, files: HallVisitor.both)
        #expect(person.page?.status == 503 && person.page?["retry-after"] != nil)
        for typed in ["Stall 7", "1 200.5", "form.pdf"] { #expect(person.page?.text.contains(typed) == true, "\(typed)") }
        test.daemon.send(SIGCONT)
        try person.send(HallVisitor.answers, files: [])
        #expect(person.path == "\(form)/check")
        test.daemon.kill()
        try person.send()
        #expect(person.page?.status == 503 && person.page?.text.contains("Stall 7") == true)
        try test.restart()
        try person.send()
        #expect(person.path == "/my/cases/C-1/submitted")
    }

    @Test("Files are taken by what they are: another type, or too much, is said beside its field, and all else is kept")
    func files() throws {
        let test = try ApplicantHall(["--file-limit", "4096"])
        let person = try test.person()
        try person.begin()
        try person.send(
            HallVisitor.answers,
            files: [
                (field: "file-form", name: "form.pdf", bytes: Array("<html><script>".utf8)),
                (field: "file-plan", name: "plan.pdf", bytes: HallVisitor.pdf + Array(repeating: 0, count: 5000)),
                (field: "file-photo", name: "photo.jpg", bytes: [0xFF, 0xD8, 0xFF, 0xE0]),
            ])
        let page = try #require(person.page)
        #expect(page.status == 422)
        for said in ["href=\"#file-form\"", "href=\"#file-plan\"", "plan.pdf: A file may have at most 4096 B.", "photo.jpg", "Stall 7"] {
            #expect(page.text.contains(said), "\(said)")
        }
        #expect(test.keptFiles.count == 1)
    }

    @Test("Every text comes back as it is, escaped, through form, check, case and history", .enabled(if: HostileTexts.areThere))
    func hostile() throws {
        let test = try ApplicantHall()
        for text in try HostileTexts.all() {
            let name = text.unicodeScalars.contains { $0.value < 0x20 } ? "n" : "n\(text)"
            let person = try test.person("91230100MA", name)
            let (title, reason) = (Form.trimmed("t\(text)"), Form.trimmed("w\(text)"))
            func isWhole(_ expected: String) throws {
                let page = try #require(person.page?.text)
                #expect(HostileTexts.contains(page, Escaped.html(expected)), "\(person.path): \(expected.debugDescription)")
                guard !Escaped.html(expected).isSame(as: expected) else { return }
                #expect(!HostileTexts.contains(page, expected), "\(person.path): \(expected.debugDescription)")
            }
            try person.fill(
                ["title": title, "field-remarks": "r\(text)"],
                materials: [
                    (field: "file-form", name: "f\(text)", bytes: HallVisitor.pdf), (field: "file-plan", name: "p", bytes: HallVisitor.pdf),
                ])
            try #require(person.path.hasSuffix("/check"), "\(text.debugDescription): \(person.page?.text ?? "")")
            try isWhole(title)
            try isWhole("f\(text) (14 B)")
            try person.send()
            let id = String(person.path.split(separator: "/")[2])
            let file = try test.client.call("case.get", .of(["case": .string(id)])).get()
            #expect(file.cell("title")?.isSame(as: title) == true, "\(text.debugDescription)")
            #expect(file["fields"]?.cell("remarks")?.isSame(as: FieldValue.canonical("r\(text)", .text)) == true)
            #expect(file["applicant"]?.cell("name")?.isSame(as: name) == true)
            try person.open("/my/cases/\(id)")
            try isWhole(title)
            try person.open("/my")
            try isWhole(title)
            try person.open("/my/cases/\(id)/withdraw")
            try person.send([("reason", reason)])
            try isWhole(reason)
        }
    }

    @Test(
        "A text that comes back in its field after an error is the same when it is sent again, with marks that nobody sees",
        arguments: ["می\u{200C}خواهم", "a\u{202E}b", "\u{FEFF}x\u{2060}", "a\u{2028}b", "\"\u{301}<b>&amp;'"])
    func typed(text: String) throws {
        let test = try ApplicantHall()
        let person = try test.person()
        try person.fill(["title": "t\(text)", "field-remarks": "r\(text)", "field-use": "none"])
        #expect(person.page?.status == 422)
        let page = try #require(person.page?.text)
        let title = try #require(HostileTexts.attribute("value", of: "<input id=\"title\"", in: page))
        #expect(title.isSame(as: "t\(text)"))
        #expect(
            HostileTexts.contains(page, "<textarea id=\"field-remarks\"")
                && HostileTexts.contains(page, ">\(Escaped.value("r\(text)"))</textarea>"))
        try person.send(
            HallVisitor.answers.map { $0.0 == "title" ? ($0.0, title) : $0 } + [("field-remarks", "r\(text)")], files: [])
        try person.send()
        #expect(try test.client.call("case.get", .of(["case": "C-1"])).get().cell("title")?.isSame(as: "t\(text)") == true)
    }

    @Test("Numbers and dates are taken in any usual writing, and what is none stays as it was typed")
    func values() {
        for (typed, kind, value) in [
            ("1200", MatterField.Kind.number, "1200"), (" 1 200,5 ", .number, "1 200,5"), ("1,200.50", .number, "1200.50"),
            ("１２００．５", .number, "1200.5"), ("1\u{00A0}200", .number, "1200"), ("1'200", .number, "1200"), ("−3", .number, "-3"),
            ("12 months", .number, "12 months"), ("1,2,3", .number, "1,2,3"), ("2026-3-7", .date, "2026-03-07"),
            ("2026年3月7日", .date, "2026-03-07"), ("２０２６／３／７", .date, "2026-03-07"), ("20260307", .date, "2026-03-07"),
            ("2026-02-30", .date, "2026-02-30"), ("7.3.2026", .date, "7.3.2026"), ("\u{3000}a b\u{3000}", .line, "a b"),
            ("a\r\nb", .text, "a\nb"),
        ] {
            #expect(FieldValue.canonical(typed, kind) == value, "\(typed)")
        }
    }

    @Test("A file is what it begins as, and is handed out under a name that fits that")
    func types() {
        #expect(FileType(Array("%PDF-1.4".utf8)) == .pdf && FileType([0xFF, 0xD8, 0xFF, 0]) == .jpeg)
        for bytes in [[], [0x25], Array("<!DOCTYPE".utf8), Array("<svg xml".utf8), Array("GIF89a".utf8), [0x4D, 0x5A, 0x90, 0x00]] {
            #expect(FileType(bytes) == nil)
        }
        #expect(FileType.pdf.named("form", once: "evil.html") == "form.pdf" && FileType.zip.named("form", once: "申请.OFD") == "form.ofd")
        for type in FileType.allCases { #expect(type.endings.allSatisfy { type.named("a", once: "x.\($0)") == "a.\($0)" }) }
    }
}
