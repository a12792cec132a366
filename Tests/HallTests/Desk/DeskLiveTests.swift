import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import casehall

@Suite("Live pages of a desk")
struct DeskLiveTests {
    /// The stream of a page that was shown.
    private func stream(_ page: HTTPReply) throws -> String {
        HTTPReply.unescaped(String(try #require(page.text.firstMatch(of: /data-stream="([^"]*)"/)?.1)))
    }

    private func open(_ path: String, _ browser: TestDesk.Browser, of desk: TestDesk) throws -> HTTPConnection {
        let connection = try desk.test.hall.connection()
        let head =
            "GET \(path) HTTP/1.1\r\nHost: \(HallProcess.host)\r\n" + browser.headers.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
        connection.send(Array(head.utf8))
        return connection
    }

    @Test("A file says that something has happened on it, also what happened before the stream was opened, and nothing of other cases")
    func file() throws {
        let desk = try TestDesk(["--heartbeat", "1"])
        let (id, other) = (try desk.submit(), try desk.submit())
        let otto = desk.browser("otto")
        let page = try otto.get("/desk/cases/\(id)")
        try desk.give("case.accept", "otto", [("case", .string(id))])
        let connection = try open(try stream(page), otto, of: desk)
        #expect(connection.read(until: "event: changed").contains("text/event-stream"))
        let quiet = try open(try stream(otto.get("/desk/cases/\(id)")), otto, of: desk)
        try desk.give("case.accept", "otto", [("case", .string(other))])
        #expect(!quiet.read(until: ": beat").contains("changed"))
        try desk.give("case.note", "otto", [("case", .string(id)), ("text", .string("x"))])
        #expect(quiet.read(until: "event: changed").contains("changed"))
    }

    @Test("A queue says that something has come or gone")
    func queue() throws {
        let desk = try TestDesk()
        let otto = desk.browser("otto")
        let connection = try open(try stream(otto.get("/desk")), otto, of: desk)
        #expect(connection.read(until: ": begin").contains("200 OK"))
        _ = try desk.submit()
        #expect(connection.read(until: "event: changed").contains("changed"))
    }

    @Test("Colleagues who look at a file see each other; whoever supervises is seen by nobody")
    func present() throws {
        let desk = try TestDesk(["--heartbeat", "1"])
        let id = try desk.submit()
        let (otto, hana, cora) = (desk.browser("otto"), desk.browser("hana"), desk.browser("cora"))
        let connection = try open(try stream(otto.get("/desk/cases/\(id)")), otto, of: desk)
        #expect(connection.read(until: "event: present\n").contains("200 OK"))
        #expect(try cora.get("/desk/cases/\(id)").text.contains("<span class=\"people\">Otto</span>"))
        #expect(try hana.get("/desk/cases/\(id)").text.contains("<span class=\"people\">Otto</span>"))
        #expect(connection.read(until: "data: Hana\n").contains("event: present"))
        #expect(!(try otto.get("/desk/cases/\(id)").text.contains("Cora</span>")))
    }

    @Test("A stream needs a session and a case that its person may read; one person has some, and all of them no more than the hall takes")
    func bounds() throws {
        let desk = try TestDesk(["--streams", "4"])
        let id = try desk.submit()
        let (otto, hana) = (desk.browser("otto"), desk.browser("hana"))
        #expect(try otto.get("/desk/events").status == 403)
        _ = try otto.get("/desk")
        _ = try hana.get("/desk")
        let finn = desk.browser("finn")
        _ = try finn.get("/desk")
        #expect(try finn.get("/desk/events?case=\(id)").status == 403)
        let open = try (0..<3).map { _ in try self.open("/desk/events", otto, of: desk) }
        for connection in open { #expect(connection.read(until: ": begin").contains("200 OK")) }
        #expect(try otto.get("/desk/events").status == 429)
        let last = try self.open("/desk/events", hana, of: desk)
        #expect(last.read(until: ": begin").contains("200 OK"))
        #expect(try hana.get("/desk/events").status == 429)
    }

    @Test("A place is free again when its stream has ended")
    func places() throws {
        let places = StreamPlaces(perPerson: 1, all: 2)
        var first = places.take("otto")
        #expect(first != nil && places.take("otto") == nil)
        let second = places.take("hana")
        #expect(second != nil && places.take("lena") == nil)
        first = nil
        #expect(first == nil && places.take("otto") != nil)
        withExtendedLifetime(second) {}
    }

    @Test("Streams end when the hall stops, and it stops at once")
    func stop() throws {
        let desk = try TestDesk()
        let otto = desk.browser("otto")
        let connection = try open(try stream(otto.get("/desk")), otto, of: desk)
        #expect(connection.read(until: ": begin").contains("200 OK"))
        #expect(desk.test.hall.terminate() == 0)
        #expect(String(decoding: connection.rest(), as: UTF8.self).contains("0\r\n\r\n"))
    }

    @Test("A stream ends with the daemon's watch, so that the browser comes again")
    func daemonStops() throws {
        let desk = try TestDesk()
        let otto = desk.browser("otto")
        let connection = try open(try stream(otto.get("/desk")), otto, of: desk)
        #expect(connection.read(until: ": begin").contains("200 OK"))
        desk.test.daemon.terminate()
        #expect(connection.read(until: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
    }

    @Test("Who looks at a case is forgotten after a while, and so are cases")
    func forgetting() {
        let presence = Presence()
        presence.note("otto", at: "C-1", now: 0)
        #expect(presence.others(than: "hana", at: "C-1", now: 44) == ["otto"])
        #expect(presence.others(than: "otto", at: "C-1", now: 44).isEmpty)
        #expect(presence.others(than: "hana", at: "C-1", now: 45).isEmpty)
        for number in 0..<20_000 { presence.note("otto", at: "C-\(number)", now: Int64(number)) }
        #expect(presence.count <= 5000)
    }
}
