import CaseCore
import CaseStore
import CaseTesting
import CaseWire
import Logging
import Testing
import WorkingTime

@testable import CaseEngine

@Suite("How much one may bring in")
struct IntakeTests {
    private static let text = String(repeating: "word ", count: 10_000)

    @Test(
        "P11: Who gives commands brings in so much a day and no more, over restarts; the next day begins anew"
    )
    func perDay() async throws {
        let store = try Harness.store(TemporaryDirectory())
        var limits = IntakeLimits()
        limits.bytesPerDay = 40 << 20
        limits.caseBytesPerDay = 1 << 40
        var harness = try await Harness(store, intakeLimits: limits)
        let file = try await harness.submit()
        var refusal: WireError?
        var noted = 0
        while refusal == nil, noted < 2000 {
            switch try await harness.on(file, "case.note", ["text": .string(Self.text)]) {
            case .success: noted += 1
            case .failure(let error): refusal = error
            }
            if noted == 100 {
                await harness.engine.stop()
                harness = try await Harness(store, now: "2026-02-06T02:00:00Z", withCatalog: false, intakeLimits: limits)
            }
        }
        #expect(refusal?.kind == "intake.exceeded" && refusal?.isRetryable == true)
        // What was written ahead at the restart may be counted, and nothing else.
        #expect(noted * Self.text.utf8.count > 40 << 20 - 2 << 20 && noted * Self.text.utf8.count < 40 << 20)
        let wait = try #require(refusal?.details["retry_after_ms"]?.integer)
        #expect(harness.time.now.advanced(byMilliseconds: wait) == Instant("2026-02-07T00:00:00Z")!)
        harness.time.advance(to: harness.time.now.advanced(byMilliseconds: wait))
        _ = try await harness.on(file, "case.note", ["text": .string(Self.text)]).get()
    }

    @Test(
        "P11: Each brings in so much a day for a case and no more, after a restart as well; nobody else is kept back, and the next day goes on"
    )
    func perCase() async throws {
        let store = try Harness.store(TemporaryDirectory())
        var harness = try await Harness(store)
        let (file, other) = (try await harness.submit(), try await harness.submit())
        func note(_ file: JSONValue) async throws -> WireError? {
            if case .failure(let error) = try await harness.on(file, "case.note", ["text": .string(Self.text)]) { error } else { nil }
        }
        var count = 0
        while try await note(file) == nil { count += 1 }
        #expect(count * Self.text.utf8.count > 7 << 20 && count * Self.text.utf8.count < 8 << 20)
        #expect(try await note(file)?.kind == "intake.exceeded")
        await harness.engine.stop()
        harness = try await Harness(store, withCatalog: false)
        // Nobody has looked up yet what came in for the case: whoever asks first pays for what is their own.
        _ = try await harness.on(file, "case.note", ["text": .string(Self.text)], as: "hana").get()
        #expect(try await note(file)?.kind == "intake.exceeded")
        #expect(try await note(other) == nil)
        // Whoever examines, decides and supervises goes on.
        let commands: [(Method, KeyValuePairs<String, JSONValue>, String)] = [
            ("case.accept", [:], "otto"), ("case.note", ["text": .string(Self.text)], "hana"),
            ("order.open", ["reason": "x", "due": "2 working-days"], "cora"),
            ("case.recommend", ["recommendation": "grant", "opinion": "x"], "otto"), ("case.grant", ["reasons": "x"], "lena"),
        ]
        for (method, members, person) in commands {
            let outcome = try await harness.on(file, method, members, as: person)
            if case .failure(let error) = outcome { Issue.record("\(person) is kept back: \(error.message)") }
        }
        // The order ended with its case, by time, which comes before whatever comes with a later instant.
        try await harness.advance(to: "2026-02-06T02:00:00Z")
        #expect(try await harness.on(file, "case.get").get()["revision"] == .integer(count + 8))
        harness.time.advance(to: Instant("2026-02-07T00:00:00Z")!)
        #expect(try await note(file) == nil)
    }

    @Test("P11: Who submits has so many open cases and no more, after a restart as well, until some are closed")
    func openCases() async throws {
        let store = try Harness.store(TemporaryDirectory())
        var limits = IntakeLimits()
        limits.openCases = 3
        var harness = try await Harness(store, intakeLimits: limits)
        let first = try await harness.submit()
        for _ in 0..<2 { _ = try await harness.submit() }
        #expect(try await harness.call("case.submit", SmallOffice.submission()).kind == "cases.too_many_open")
        await harness.engine.stop()
        harness = try await Harness(store, withCatalog: false, intakeLimits: limits)
        #expect(try await harness.call("case.submit", SmallOffice.submission()).kind == "cases.too_many_open")
        _ = try await harness.on(first, "case.withdraw").get()
        _ = try await harness.submit()
        #expect(try harness.engine.checkUp() == [])
    }

    @Test("What is written of the intake is read as it was, and is never less than what came in")
    func setting() {
        var intake = Intake()
        for (name, count) in [("hall", 5), ("审批", 1 << 25), ("hall", 1 << 24)] {
            intake.add(Int64(count), of: name, on: 3, isShared: false)
        }
        #expect(Intake(setting: intake.setting) == intake)
        for (name, count) in intake.bytes { #expect(intake.reserved[name]! >= count) }
        #expect(intake.bytes(of: "hall", on: 3) == 5 + 1 << 24 && intake.bytes(of: "hall", on: 4) == 0)
        for damaged in ["", "{}", #"{"day":1}"#, #"{"day":1,"bytes":{"a":-1}}"#, #"{"day":1,"bytes":{"a":"x"}}"#] {
            #expect(Intake(setting: damaged) == nil, "\(damaged)")
        }
    }
}
