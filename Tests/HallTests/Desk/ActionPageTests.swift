import CaseCore
import CasePages
import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import casehall

@Suite("Acts at a desk")
struct ActionPageTests {
    /// How a case comes to where a command is taken, by whom, and what is typed.
    struct Scene: Sendable {
        var matter = "permit"
        var materials = ["form"]
        /// Commands before it, by the daemon's own socket: the person, the method, and further parameters.
        var before: [Step] = []
        let person: String
        var typed: [(String, String)] = []
        let event: String
    }

    struct Step: Sendable {
        let person: String?
        let method: String
        var members: [(String, JSONValue)] = []
    }

    static let accepted = [Step(person: "otto", method: "case.accept")]
    static let atLeader =
        accepted + [
            Step(
                person: "otto", method: "case.recommend", members: [("recommendation", .string("grant")), ("opinion", .string("in order"))])
        ]
    static let granted = atLeader + [Step(person: "lena", method: "case.grant", members: [("reasons", .string("in order"))])]
    static let ordered =
        accepted + [
            Step(
                person: "cora", method: "order.open",
                members: [("reason", .string("why so long?")), ("due", .string("3 working-days")), ("to", .string("office-head"))])
        ]
    static let asked =
        accepted + [
            Step(person: "otto", method: "case.ask_opinion", members: [("office", .string("fire")), ("question", .string("safe?"))])
        ]
    static let suspended =
        accepted + [
            Step(
                person: "otto", method: "case.suspend",
                members: [("kind", .string("hearing")), ("basis", .string("Art. 45")), ("expected", .string("5 working-days"))])
        ]

    /// For each command that somebody of the office can give on a case.
    static let scenes: [CommandName: Scene] = [
        Accept.name: Scene(person: "otto", event: "accepted"),
        RequestCorrection.name: Scene(
            materials: [], person: "otto", typed: [("missing", "form"), ("missing", "plan"), ("note", "signed, please")],
            event: "correction-requested"),
        Correct.name: Scene(
            before: [
                Step(person: "otto", method: "case.request_correction", members: [("missing", .array([.string("form")]))])
            ], person: "wim", typed: [("materials", "form"), ("note", "")], event: "corrected"),
        Decline.name: Scene(person: "otto", typed: [("ground", "not ours"), ("competent", "Bureau of trees")], event: "declined"),
        Assign.name: Scene(before: accepted, person: "otto", typed: [("handler", "hana")], event: "assigned"),
        Suspend.name: Scene(
            before: accepted, person: "otto",
            typed: [("kind", "hearing"), ("basis", "Art. 45"), ("expected", "5"), ("expected-unit", "working-days"), ("note", "")],
            event: "suspended"),
        Resume.name: Scene(before: suspended, person: "otto", typed: [("kind", "hearing")], event: "resumed"),
        Extend.name: Scene(
            before: accepted, person: "bela",
            typed: [("clock", "decision"), ("by", "5"), ("by-unit", "working-days"), ("reason", "complex")],
            event: "extended"),
        Examine.name: Scene(
            matter: "survey", before: accepted, person: "otto",
            typed: [("step", "papers"), ("outcome", "in-order"), ("finding", "complete")],
            event: "examined"),
        Recommend.name: Scene(
            before: accepted, person: "otto", typed: [("recommendation", "grant"), ("opinion", "all\r\nin order")], event: "recommended"),
        Return.name: Scene(before: atLeader, person: "lena", typed: [("reason", "look at the roof")], event: "returned"),
        Grant.name: Scene(before: atLeader, person: "lena", typed: [("reasons", "")], event: "granted"),
        Refuse.name: Scene(before: atLeader, person: "lena", typed: [("reasons", "no second exit")], event: "refused"),
        Withdraw.name: Scene(person: "wim", typed: [("reason", "not needed any more")], event: "withdrawn"),
        Deliver.name: Scene(before: granted, person: "otto", typed: [("how", "by post")], event: "delivered"),
        SettleFee.name: Scene(
            matter: "survey", person: "otto", typed: [("material", "charge"), ("state", "paid"), ("reference", "R-1"), ("reason", "")],
            event: "fee-settled"),
        Note.name: Scene(person: "otto", typed: [("text", "the neighbours were heard")], event: "noted"),
        Escalate.name: Scene(before: accepted, person: "cora", typed: [("reason", "it stands still")], event: "escalated"),
        AskOpinion.name: Scene(
            before: accepted, person: "otto", typed: [("office", "fire"), ("question", "safe?")], event: "opinion-asked"),
        GiveOpinion.name: Scene(
            before: asked, person: "finn", typed: [("office", "fire"), ("opinion", "for"), ("text", "safe")], event: "opinion-given"),
        WithdrawOpinion.name: Scene(
            before: asked, person: "otto", typed: [("office", "fire"), ("reason", "not needed")], event: "opinion-withdrawn"),
        OpenOrder.name: Scene(
            before: accepted, person: "cora",
            typed: [("reason", "why so long?"), ("due", "3"), ("due-unit", "working-days"), ("to", "office-head")], event: "order-opened"),
        AnswerOrder.name: Scene(
            before: ordered, person: "hana", typed: [("order", "O-1-1"), ("answer", "by Friday")], event: "order-answered"),
        CloseOrder.name: Scene(
            before: ordered + [
                Step(person: "hana", method: "order.answer", members: [("order", .string("O-1-1")), ("answer", .string("by Friday"))])
            ], person: "cora", typed: [("order", "O-1-1"), ("finding", "good")], event: "order-closed"),
        Recuse.name: Scene(before: accepted, person: "otto", typed: [("reason", "my brother's house")], event: "recused"),
        Inspect.name: Scene(
            before: granted, person: "cora", typed: [("outcome", "in-order"), ("finding", "complete")], event: "inspected"),
        ErasePersonal.name: Scene(
            before: granted + [Step(person: "otto", method: "case.deliver", members: [("how", .string("by post"))])], person: "ada",
            typed: [("reason", "kept long enough")], event: "erasure-agreed"),
    ]

    static let names: [String] = Possibilities.commands.map { $0.name.rawValue }

    /// A person who submits at the window, beside everybody else; what is drawn is not erased before it is inspected.
    private static let files: [String: String] = {
        var files = TestDesk.files
        files["draws.toml"] = nil
        files["window.toml"] = "[person.wim]\nname = \"Wim\"\n"
        return files
    }()

    private func desk(_ scene: Scene) throws -> (TestDesk, String) {
        let desk = try TestDesk(files: ActionPageTests.files)
        let client = try desk.client
        let submission = SmallOffice.submission(
            matter: scene.matter, materials: scene.materials, area: scene.matter == "survey" ? "north" : nil)
        let acting: [JSONValue.Member] = scene.person == "wim" ? [.init("acting", .string("wim"))] : []
        let file = try client.call("case.submit", .object((submission.members ?? []) + acting)).get()
        let id = try #require(file["case"]?.string)
        for step in scene.before {
            let subject: [(String, JSONValue)] = step.method == "order.answer" ? [] : [("case", .string(id))]
            try desk.give(step.method, step.person, subject + step.members)
        }
        return (desk, id)
    }

    @Test("Every command has words, a scene of its own here, and labels for all it asks")
    func whole() {
        for command in Possibilities.commands {
            #expect(ActionPageTests.scenes[command.name] != nil, "\(command.name)")
            #expect(DeskWords.acts[command.name] != nil, "\(command.name)")
            for parameter in ActionForm.parameters(of: command) {
                #expect(DeskWords.english.label(parameter.name, of: command.name) != parameter.name, "\(command.name).\(parameter.name)")
            }
        }
        #expect(Set(DeskWords.acts.keys) == Set(Possibilities.commands.map { $0.name }))
    }

    @Test(
        "Each act appears on the file of whoever may do it, has a form of its own, and is done by it",
        arguments: ActionPageTests.names)
    func act(name: String) throws {
        let command = try #require(Possibilities.commands.first { $0.name.rawValue == name })
        let scene = try #require(ActionPageTests.scenes[command.name])
        let (desk, id) = try desk(scene)
        if command.name == ErasePersonal.name {
            _ = try desk.client.call("clock.advance", .of(["to": .string("2027-11-30T02:00:00Z")])).get()
        }
        for language in ["en", "zh"] {
            let browser = desk.browser(scene.person, language: language)
            let button = (language == "zh" ? DeskWords.chinese : .english).act(command.name).button
            let file = try browser.get("/desk/cases/\(id)")
            #expect(file.text.contains("<a href=\"/desk/cases/\(id)/\(name)\">\(button)</a>"), "\(language)")
            let form = try browser.get("/desk/cases/\(id)/\(name)")
            #expect(form.status == 200 && form.text.contains("<h1>\(button)</h1>"))
            #expect(form.fields.isSuperset(of: scene.typed.map(\.0)), "\(form.fields)")
            #expect(form.hidden.map(\.0).contains("if-revision") && form.hidden.map(\.0).contains("key"))
        }
        let before = try desk.events(id)
        let path = "/desk/cases/\(id)/\(name)"
        let browser = desk.browser(scene.person)
        let page = try browser.get(path)
        let done = try browser.send(page, scene.typed, to: path)
        #expect(done.status == 303, "\(done.text)")
        #expect(Array(try desk.events(id).dropFirst(before.count)) == [scene.event])
        // Sent twice, it is done once.
        #expect(try browser.send(page, scene.typed, to: path).status == 303)
        #expect(try desk.events(id).count == before.count + 1)
        let shown = try browser.get(try #require(done["location"]))
        #expect(shown.status == 200 && shown.text.contains("class=\"done\""))
    }

    @Test("Without the token of its form nothing is done", arguments: ActionPageTests.names)
    func withoutToken(name: String) throws {
        let command = try #require(Possibilities.commands.first { $0.name.rawValue == name })
        let scene = try #require(ActionPageTests.scenes[command.name])
        let (desk, id) = try desk(scene)
        let browser = desk.browser(scene.person)
        let path = "/desk/cases/\(id)/\(name)"
        let page = try browser.get(path)
        let before = try desk.events(id)
        let hidden = page.hidden.filter { $0.0 != "token" }
        let foreign = try desk.browser("hana").get("/status").formToken
        for token in [nil, "", "AAAA", foreign] {
            #expect(try browser.post(path, (token.map { [("token", $0)] } ?? []) + hidden + scene.typed).status == 403)
        }
        #expect(try desk.events(id) == before)
    }

    @Test("What is missing in a form is said beside its field, and nothing typed is lost")
    func missing() throws {
        let (desk, id) = try desk(try #require(ActionPageTests.scenes[Suspend.name]))
        let browser = desk.browser("otto")
        let reply = try browser.act("/desk/cases/\(id)/suspend", [("basis", "Art. \"45\" <b>"), ("expected", "")])
        #expect(reply.status == 422 && reply.text.contains("<title>Error: "))
        for field in ["kind", "expected"] {
            #expect(reply.text.contains("href=\"#\(field)\"") && reply.text.contains("id=\"\(field)-error\""), "\(field)")
        }
        #expect(reply.text.contains("Art. &quot;45&quot; &lt;b&gt;"))
        let wrong = try browser.act(
            "/desk/cases/\(id)/suspend", [("basis", "x"), ("expected", "many"), ("expected-unit", "working-days"), ("kind", "hearing")])
        #expect(wrong.status == 422 && wrong.text.contains("id=\"expected-error\""))
        #expect(try desk.events(id).last == "accepted")
    }

    @Test("The second of two people is told what happened meanwhile, loses no text, and can send it again")
    func twoPeople() throws {
        let (desk, id) = try desk(Scene(before: ActionPageTests.accepted, person: "otto", event: ""))
        let (otto, hana) = (desk.browser("otto"), desk.browser("hana"))
        let path = "/desk/cases/\(id)/recommend"
        let typed = [("recommendation", "grant"), ("opinion", "Otto's <long> opinion")]
        let page = try otto.get(path)
        #expect(try hana.act("/desk/cases/\(id)/note", [("text", "the roof leaks")]).status == 303)
        let late = try otto.send(page, typed, to: path)
        #expect(late.status == 409)
        for said in ["Otto&#39;s &lt;long&gt; opinion", "the roof leaks", "Noted", "Hana", "value=\"grant\" checked"] {
            #expect(late.text.contains(said), "\(said)")
        }
        #expect(try desk.file(id)["state"]?.string == "in-review")
        #expect(try otto.send(late, typed, to: path).status == 303)
        #expect(try desk.file(id)["state"]?.string == "with-leader")
    }

    @Test("While the daemon is away, what was typed stays on the page and can be sent again under the same key")
    func daemonAway() throws {
        let (desk, id) = try desk(Scene(before: ActionPageTests.accepted, person: "otto", event: ""))
        let (otto, path) = (desk.browser("otto"), "/desk/cases/\(id)/recommend")
        let page = try otto.get(path)
        desk.test.daemon.terminate()
        let typed = [("recommendation", "grant"), ("opinion", "a <long> opinion")]
        let away = try otto.send(page, typed, to: path)
        #expect(away.status == 503 && away["retry-after"] != nil && away.text.contains("a &lt;long&gt; opinion"))
        let again = away.hidden.filter { $0.0 != "token" }
        for (name, value) in page.hidden.filter({ $0.0 != "token" }) + typed {
            #expect(again.contains { $0.0 == name && $0.1 == value }, "\(name)")
        }
    }

    @Test("Numbers in addresses that are none, or too large, are no fault", arguments: ["9223372036854775807", "-1", "x", "１"])
    func numbers(text: String) throws {
        let (desk, id) = try desk(Scene(before: ActionPageTests.accepted, person: "otto", event: ""))
        let otto = desk.browser("otto")
        let number = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        #expect(try otto.get("/desk?page=\(number)").status == 200)
        #expect(try otto.get("/desk/cases/\(id)?done=\(number)").status == 200)
        let reply = try otto.act("/desk/cases/\(id)/note", [("text", "x"), ("insert-text", text)])
        #expect([200, 303].contains(reply.status))
    }

    @Test("A text to begin with goes behind what was typed, and nothing is done by it")
    func texts() throws {
        let (desk, id) = try desk(try #require(ActionPageTests.scenes[Grant.name]))
        let browser = desk.browser("lena")
        let reply = try browser.act("/desk/cases/\(id)/grant", [("reasons", "First."), ("insert-text", "1")])
        #expect(reply.status == 200)
        #expect(reply.text.contains("First.") && reply.text.contains("the conditions of Permit Act, § 7 are met"))
        #expect(try desk.file(id)["state"]?.string == "with-leader")
    }

    @Test("Whoever may not do it is told why, not shown a form, and refused when they send one all the same")
    func refused() throws {
        let (desk, id) = try desk(try #require(ActionPageTests.scenes[Grant.name]))
        for (person, others) in [
            ("otto", ["grant", "refuse", "return"]), ("cora", ["grant", "refuse", "recommend", "accept", "deliver"]),
        ] {
            let browser = desk.browser(person)
            let file = try browser.get("/desk/cases/\(id)")
            let token = try browser.get("/desk/cases/\(id)/note").formToken
            for name in others {
                let path = "/desk/cases/\(id)/\(name)"
                #expect(!file.text.contains("href=\"\(path)\""), "\(person) \(name)")
                #expect(try browser.get(path).status == 403, "\(person) \(name)")
                let forced = try browser.post(
                    path,
                    [
                        ("token", token), ("reasons", "mine"), ("reason", "mine"), ("recommendation", "grant"), ("opinion", "x"),
                        ("how", "x"),
                    ])
                #expect(forced.status == 422 && forced.text.contains("<title>Error: "), "\(person) \(name)")
            }
        }
        #expect(try desk.file(id)["state"]?.string == "with-leader")
    }

    @Test("Hostile texts in every field come back as text, on the form, on the file and in its history")
    func hostile() throws {
        let hostile = "\"><script>alert(1)</script>'\u{301}\u{202E}{{x}}</textarea>\u{7F}&amp;"
        for command in Possibilities.commands {
            let scene = try #require(ActionPageTests.scenes[command.name])
            let (desk, id) = try desk(scene)
            if command.name == ErasePersonal.name {
                _ = try desk.client.call("clock.advance", .of(["to": .string("2027-11-30T02:00:00Z")])).get()
            }
            let browser = desk.browser(scene.person)
            let path = "/desk/cases/\(id)/\(command.name)"
            let parameters = ActionForm.parameters(of: command).map(\.name)
            let all = try browser.act(path, (parameters + parameters.map { "\($0)-unit" }).map { ($0, hostile) })
            #expect(![500, 200].contains(all.status), "\(command.name)")
            // Free texts alone, so that it is done.
            let free = Set([
                "note", "ground", "competent", "basis", "reason", "finding", "opinion", "text", "reasons", "how", "question", "answer",
            ])
            let typed = scene.typed.map { field in
                free.contains(field.0) && !(command.name == GiveOpinion.name && field.0 == "opinion") ? (field.0, hostile) : field
            }
            // What is free text alone was done by that.
            if all.status != 303 { #expect(try browser.act(path, typed).status == 303, "\(command.name)") }
            for reply in [
                all, try browser.get("/desk/cases/\(id)"), try browser.get("/desk/cases/\(id)/history"), try browser.get("/desk"),
            ] {
                #expect(!reply.text.contains("<script>") && !reply.text.contains("\u{7F}"), "\(command.name)")
                // What stands in a field is sent again as it was typed.
                let shown = reply.text.replacing(/value="[^"]*"|<textarea[^>]*>[^<]*<\/textarea>/, with: "")
                #expect(!shown.contains("\u{202E}"), "\(command.name)")
                #expect(!reply.text.unicodeScalars.elementsEqual(hostile.unicodeScalars))
            }
        }
    }

    @Test("A case of somebody else is refused as the daemon refuses it, whatever page is asked for")
    func foreign() throws {
        let (desk, id) = try desk(Scene(before: ActionPageTests.accepted, person: "otto", event: ""))
        let finn = desk.browser("finn")
        for path in ["/desk/cases/\(id)", "/desk/cases/\(id)/history", "/desk/cases/\(id)/note", "/desk/cases/\(id)/materials/form"] {
            let reply = try finn.get(path)
            #expect(reply.status == 403 && !reply.text.contains("Warehouse"), "\(path)")
        }
        #expect(try finn.get("/desk/cases/C-99").status == 404)
        #expect(try finn.get("/desk/cases/nonsense").status == 400)
        #expect(try desk.browser(nil).get("/desk/cases/\(id)").status == 403)
        #expect(try desk.browser("nobody-at-all").get("/desk").status == 404)
    }
}
