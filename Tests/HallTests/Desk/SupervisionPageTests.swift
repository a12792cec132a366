import CaseTesting
import CaseWire
import Foundation
import Testing

@Suite("Supervision in the hall")
struct SupervisionPageTests {
    @Test("A commissioner sees the lights of all cases, opens an order, has it answered and closes it")
    func order() throws {
        let desk = try TestDesk()
        let id = try desk.submit("Slow <shed>")
        try desk.give("case.accept", "otto", [("case", .string(id))])
        _ = try desk.client.call("clock.advance", .of(["to": .string("2026-05-30T02:00:00Z")])).get()
        let cora = desk.browser("cora")
        let lights = try cora.get("/desk/supervision").text
        #expect(lights.contains("/desk/cases?commissioner=commissioner&amp;light=red") && lights.contains("Commissioner"))
        #expect(try cora.get("/desk/cases?commissioner=commissioner&light=red").text.contains("Slow &lt;shed&gt;"))
        #expect(
            try cora.act(
                "/desk/cases/\(id)/open-order",
                [("reason", "why?"), ("due", "3"), ("due-unit", "working-days"), ("to", "office-head")]
            ).status == 303)
        let orders = try cora.get("/desk/orders").text
        #expect(orders.contains("why?") && orders.contains("Office head"))
        #expect(try desk.browser("hana").get("/desk").text.contains("Slow &lt;shed&gt;"))
        let order = try #require(try desk.file(id)["orders"]?.array?.last?["order"]?.string)
        #expect(try desk.browser("hana").act("/desk/cases/\(id)/answer-order", [("order", order), ("answer", "soon")]).status == 303)
        #expect(try cora.act("/desk/cases/\(id)/close-order", [("order", order), ("finding", "good")]).status == 303)
        #expect(try desk.file(id)["orders"]?.array?.last?["state"]?.string == "closed")
    }

    @Test("Figures have the signs of clocks that are played with, and the clock's history what was done to it")
    func signs() throws {
        let desk = try TestDesk()
        let id = try desk.submit()
        for step in ActionPageTests.suspended { try desk.give(step.method, step.person, [("case", .string(id))] + step.members) }
        try desk.give("case.resume", "otto", [("case", .string(id))])
        let cora = desk.browser("cora")
        let figures = try cora.get("/desk/supervision/figures")
        #expect(figures.status == 200 && figures.text.contains("Permit office"))
        let clock = try cora.get("/desk/supervision/clock")
        #expect(clock.status == 200 && clock.text.contains("Catalog applied"))
        #expect(try cora.get("/desk/cases?suspended=1").status == 200)
    }

    @Test("Draws are shown as they were announced and made, with the cases that they took")
    func draws() throws {
        let desk = try TestDesk()
        let id = try desk.submit()
        for step in ActionPageTests.granted { try desk.give(step.method, step.person, [("case", .string(id))] + step.members) }
        let cora = desk.browser("cora")
        #expect(try cora.get("/desk/draws").text.contains("monthly"))
        _ = try desk.client.call("clock.advance", .of(["to": .string("2026-04-02T02:00:00Z")])).get()
        let made = try cora.get("/desk/draws").text
        #expect(made.contains("<a href=\"/desk/cases/\(id)\">\(id)</a>"))
        let link = String(try #require(made.firstMatch(of: /href="(\/desk\/draws\/monthly\/[^"]*)"/)?.1))
        let draw = try cora.get(link)
        let name = String(link.dropFirst("/desk/draws/".count))
        #expect(draw.status == 200 && draw.text.contains("casectl inspect redo"))
        #expect(try cora.get("/desk/draws/monthly/2020-01-01").status == 404)
        #expect(try cora.get("/desk").text.contains(id))
        #expect(
            try cora.act(
                "/desk/cases/\(id)/inspect", [("outcome", "in-order"), ("finding", "complete"), ("draw", name)]
            ).status == 303)
        #expect(try cora.get("/desk/cases/\(id)").text.contains("Inspected"))
    }

    @Test("A hall speaks for one side of a matter only, and says which other hall there is")
    func otherSide() throws {
        var files = TestDesk.files
        files["office.toml"] = files["office.toml"]?.replacing("acts-for = [\"anyone\"]", with: "acts-for = [\"wim\"]")
        files["window.toml"] = "[person.wim]\nname = \"Wim\"\n"
        let desk = try TestDesk(["--other-hall", "https://supervision.example.org/desk"], files: files)
        #expect(try desk.browser("wim").get("/desk").status == 200)
        let cora = try desk.browser("cora").get("/desk")
        #expect(cora.status == 403 && cora.text.contains("<a href=\"https://supervision.example.org/desk\">"))
        #expect(cora.text.contains("may not act for cora"))
        // A case that somebody may not read is not to be read there either.
        let id = try desk.submit()
        let foreign = try desk.browser("wim").get("/desk/cases/\(id)")
        #expect(foreign.status == 403 && !foreign.text.contains("supervision.example.org"))
    }

    @Test("Whoever supervises nothing is told so")
    func nothing() throws {
        let desk = try TestDesk()
        #expect(try desk.browser("otto").get("/desk/supervision").text.contains("You act for no post that supervises."))
        #expect(try desk.browser("ada").get("/desk/supervision").text.contains("Auditor"))
    }
}
