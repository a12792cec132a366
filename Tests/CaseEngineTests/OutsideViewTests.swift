import CaseCore
import CaseEngine
import CaseStore
import CaseTesting
import CaseWire
import Testing

@Suite("What whoever submitted a case does not see of it")
struct OutsideViewTests {
    /// Words that those who examine and supervise write to each other, none of them for an applicant.
    private static let secrets = [
        "order-reason", "order-answer", "order-finding", "officers-note", "escalation-reason", "second-order",
    ]

    private func text(_ value: JSONValue) -> String {
        String(decoding: JSONWriter.bytes { $0.value(value) }, as: UTF8.self)
    }

    /// A case about which all of them were written, and what the hall was answered to a note of its own.
    private func file(_ harness: Harness) async throws -> (file: JSONValue, answer: JSONValue) {
        let file = try await harness.submit()
        let number = file["case"]!.string!.dropFirst(2)
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        let order: KeyValuePairs<String, JSONValue> = ["to": "handler", "reason": "order-reason", "due": "2 working-days"]
        _ = try await harness.on(file, "order.open", order, as: "cora").get()
        let name = JSONValue.string("O-\(number)-1")
        _ = try await harness.call("order.answer", .of(["order": name, "answer": "order-answer"]), acting: "otto").get()
        _ = try await harness.call("order.close", .of(["order": name, "finding": "order-finding"]), acting: "cora").get()
        _ = try await harness.on(file, "order.open", ["to": "leader", "reason": "second-order", "due": "2 working-days"], as: "cora").get()
        _ = try await harness.on(file, "case.note", ["text": "officers-note"], as: "otto").get()
        _ = try await harness.on(file, "case.escalate", ["reason": "escalation-reason"], as: "cora").get()
        let answer = try await harness.on(file, "case.note", ["text": "halls-note", "idempotency_key": "n"]).get()
        return (file, answer)
    }

    @Test("A hall finds none of it, wherever it looks, and its own notes; whoever has a part finds all of it")
    func hall() async throws {
        let harness = try await Harness()
        let (file, answer) = try await file(harness)
        let one = JSONValue.of(["case": file["case"]!])
        let again = try await harness.on(file, "case.note", ["text": "halls-note", "idempotency_key": "n"]).get()
        #expect(again == answer, "the first answer stays what it was")
        let looks: [(Method, JSONValue)] = [
            ("case.get", one), ("case.list", .object([])), ("case.history", one), ("order.list", one), ("order.list", .object([])),
            ("notice.list", .object([])), ("case.explain", one),
        ]
        var (outside, inside) = (text(answer), "")
        for (method, parameters) in looks {
            outside += text(try await harness.call(method, parameters).get())
            for person in ["otto", "cora"] { inside += text(try await harness.call(method, parameters, acting: person).get()) }
        }
        let feed = harness.reader.feed
        for parameters in [JSONValue.of(["from": "start"]), .of(["snapshot": true])] {
            let opening = await withCheckedContinuation { continuation in
                harness.reader.openWatch(
                    try! Parameters(parameters, of: "case.watch"), peer: Peer(uid: Harness.hall), name: "w-1", heartbeat: 60_000
                ) { continuation.resume(returning: $0) }
            }
            var watch = try opening.get().watch
            for _ in 0..<3 { for line in try feed.advance(&watch) { outside += String(decoding: line, as: UTF8.self) } }
        }
        #expect(outside.contains("halls-note") && outside.contains("\"accepted\""), "what it may see is there")
        // Nor that there is an order, and until when.
        for secret in Self.secrets + [#""clock":"order""#, "\"O-\(file["case"]!.string!.dropFirst(2))-"] {
            #expect(!outside.contains(secret), "\(secret)")
            #expect(inside.contains(secret), "\(secret)")
        }
    }

    @Test("Every event that carries words of supervision is internal, and none that the applicant is told of")
    func kinds() {
        #expect(
            Event.internalNames == [
                "order-opened", "order-answered", "order-closed", "order-ended", "inspected", "drawn", "noted", "escalated", "read",
                "read-by-admin",
            ])
    }
}
